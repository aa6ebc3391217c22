"""What the sender is asked before an announcement leaves: its source, its class, and whether it may go as it stands."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Lines,
    Message,
    MessageId,
    Text,
    Thread,
    answer,
    speaks_for_officials,
    timer,
)
from buurtwacht_announcements import approving, sending, targets, wording
from buurtwacht_announcements.forwarding import BROUGHT
from buurtwacht_announcements.records import Announcement, Class, Passing, PassingState, State, get
from buurtwacht_announcements.senders import may_still, refuse

#: So long one has for each question before it is to be written anew.
PATIENCE = timedelta(hours=1)
#: Without an answer an announcement is a cold one (R46).
_COLD_AFTER = timedelta(minutes=10)
_CLASSES = (Choice(Class.COLD, Text("class.cold")), Choice(Class.WARM, Text("class.warm")))


def go_on(home: Context, draft: Announcement, *, ask_class: bool = False) -> None:
    """Ask the next thing about a draft: whose words they are (R14), which class, else whether to send it."""
    if draft.neighbourhood is not None:
        if speaks_for_officials(draft.body):
            _ask(home, draft, Message(Text("source.question"), choices=wording.YES_NO), "source")
        else:
            preview(home, draft)
    elif ask_class and draft.corrects is None:
        asked = _ask(home, draft, Message(Text("class.question"), choices=_CLASSES), "class")
        home.later(_COLD_AFTER, class_unanswered, draft.id, int(asked), key=f"class:{draft.id}")
    else:
        preview(home, draft)


def preview(home: Context, draft: Announcement) -> None:
    """Show what will be read, by how many, and ask whether to send it."""
    if draft.corrects is not None:
        text = _of_correction(home, draft)
    elif draft.neighbourhood is not None:
        text = _at_home(home, draft)
    else:
        text = _of_official(home, draft)
    _ask(home, draft, Message(text, choices=wording.YES_NO), "preview")


# --- answers ---------------------------------------------------------------------------------------------------------


@answer("source")
def source(ctx: Context, given: Answer) -> None:
    """He was asked whether these words are the police's, or another official's."""
    draft = _draft_of(ctx, given)
    if draft is None:
        return
    if given.value == "yes":
        ctx.note("announcement_source", "officials")
        preview(ctx, draft)
    else:
        draft.state = State.REFUSED
        ctx.reply(Text("source.no"))


@answer("class")
def classified(ctx: Context, given: Answer) -> None:
    """He chose the class."""
    draft = _draft_of(ctx, given)
    if draft is not None:
        ctx.cancel(f"class:{draft.id}")
        draft.urgency = Class(given.value)
        preview(ctx, draft)


@timer("class_unanswered")
def class_unanswered(ctx: Context, announcement: int, question: int) -> None:
    """He did not: it is a cold one, and the preview says so."""
    draft = ctx.records.get(Announcement, announcement)
    if draft is None or draft.state is not State.DRAFT:
        return
    ctx.close_questions(message_id=MessageId(question))
    if may_still(ctx, draft):
        preview(ctx, draft)


@answer("preview")
def decided(ctx: Context, given: Answer) -> None:
    """He saw it, and sends it or leaves it."""
    draft = _draft_of(ctx, given)
    if draft is None:
        return
    if given.value != "yes":
        draft.state = State.REFUSED
        ctx.reply(Text("preview.left"))
    elif not may_still(ctx, draft):
        draft.state = State.REFUSED
        refuse(ctx, Text("refused.sender"))
    elif draft.is_over(ctx.now):
        draft.state = State.EXPIRED
        refuse(ctx, Text("refused.over", until=draft.valid_until))
    elif draft.is_warm:
        approving.ask(ctx, draft, _reach(ctx, draft))
    else:
        sending.release(ctx, draft)


def _draft_of(ctx: Context, given: Answer) -> Announcement | None:
    """Return the draft a question was about; None, and it is said, when it is none any more."""
    draft = ctx.records.get(Announcement, int(given.payload["announcement"]))
    if draft is None or draft.state is not State.DRAFT:
        ctx.reply(Text("preview.gone"))
        return None
    return draft


# --- what they show --------------------------------------------------------------------------------------------------


def _ask(home: Context, draft: Announcement, question: Message, handler: str) -> MessageId:
    assert draft.sender is not None
    return home.ask(draft.sender, question, handler, payload={"announcement": draft.id}, expires=PATIENCE)


def _of_official(home: Context, draft: Announcement) -> Text:
    return Text(
        "preview.warm" if draft.is_warm else "preview.cold",
        shown=wording.for_members(home, draft).text,
        replies=wording.replies(draft),
        reach=_reach(home, draft),
        asleep=_asleep(home, draft),
    )


def _at_home(home: Context, draft: Announcement) -> Text:
    others = [one for one in home.members() if one.id != draft.sender]
    shown = wording.for_members(home, draft).text
    asleep = _asleep(home, draft)
    return Text("preview.home", shown=shown, members=len(others), place=home.here.name, asleep=asleep)


def _asleep(home: Context, draft: Announcement) -> Text | None:
    """Warn of a cold one that is over before people wake up: they would never read it."""
    until = None if draft.is_warm else home.here.quiet_until(None, home.now)
    return Text("preview.asleep", until=until) if until is not None and draft.is_over(until) else None


def _reach(home: Context, draft: Announcement) -> Lines:
    """Say in numbers whom a draft of an official reaches."""
    if draft.corrects is None:
        return wording.reach(targets.reach(home, draft, list(targets.neighbourhoods(home, draft))))
    short, members, waiting = _got_the_first(home, draft)
    return Lines(Text("reach.got", short=short, members=members), Text("reach.waiting", waiting=waiting))


def _of_correction(home: Context, draft: Announcement) -> Text:
    """Say who got what it corrects, and where it is still to be decided; they read the new words too."""
    short, members, waiting = _got_the_first(home, draft)
    return Text(
        "preview.correction.warm" if draft.is_warm else "preview.correction",
        short=short,
        shown=wording.corrected(home, draft).text,
        members=members,
        waiting=waiting,
    )


def _got_the_first(home: Context, draft: Announcement) -> tuple[str, int, int]:
    """Return the id of what a draft corrects, how many members got it, and how many neighbourhoods still decide."""
    first = get(home, draft.root)
    if draft.neighbourhood is not None:
        places, waiting = [draft.neighbourhood], 0
    else:
        passings = home.records.find(Passing, announcement=first.id)
        places = [one.neighbourhood for one in passings if one.state in BROUGHT]
        waiting = sum(one.state is PassingState.ASKED for one in passings)
    fared = home.fared(Thread("announcements", first.id), places, refusing=draft.kind)
    return first.short, fared.delivered + fared.under_way, waiting
