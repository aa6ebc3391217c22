"""An announcement as it is typed: by whom, as what, and kept until its sender has seen the preview."""

from __future__ import annotations

from datetime import datetime, timedelta

from buurtwacht import Answer, Choice, Context, Message, Refusal, Text, answer, timer
from buurtwacht_announcements import previews, targets
from buurtwacht_announcements.reading import read
from buurtwacht_announcements.records import Announcement, Class, Replies, State
from buurtwacht_announcements.senders import Hat, hats, label, may_still, refuse
from buurtwacht_announcements.settings import AnnouncementSettings

#: A draft that was not sent by then is thrown away; what was refused or came too late can be looked at for longer.
_KEPT, _REFUSED_KEPT = timedelta(days=1), timedelta(days=30)


# --- commands --------------------------------------------------------------------------------------------------------


def announce(ctx: Context, text: str = "") -> None:
    """`mededeling: <text>`: an official to neighbourhoods, a co-ordinator to his own."""
    mine = hats(ctx)
    if not mine:
        unverified = any(not one.verified for one in ctx.offices)
        refuse(ctx, Text("refused.unverified" if unverified else "refused.sender"))
    elif len(mine) == 1:
        _draft(ctx, mine[0], text)
    else:
        choices = [Choice(str(place), label(ctx, hat)) for place, hat in enumerate(mine)]
        question = Message(Text("hat.question"), choices=choices)
        ctx.ask(ctx.person, question, "hat", payload={"text": text}, expires=previews.PATIENCE)


@answer("hat")
def chosen_hat(ctx: Context, given: Answer) -> None:
    """He wears several, and said as what he writes this."""
    mine = hats(ctx)
    if int(given.value) < len(mine):
        _draft(ctx, mine[int(given.value)], str(given.payload["text"]))
    else:
        refuse(ctx, Text("refused.sender"))


def correct(ctx: Context, text: str = "") -> None:
    """`correctie: <text>`: takes the place of the last one of the same sender, for exactly those who got it (R49)."""
    table = Announcement.__table__.c
    order = (table.sent_at.desc(), table.id.desc())
    last = ctx.records.first(Announcement, sender=ctx.person.id, state=State.SENT, order=order)
    if last is None:
        refuse(ctx, Text("refused.nothing_sent"))
        return
    if not may_still(ctx, last):
        refuse(ctx, Text("refused.sender"))
        return
    home = targets.home(ctx, last)
    try:
        words = read(text, home.now)
        if words.urgency is not None or words.replies is not None:
            raise Refusal(Text("refused.correction_lines"))
    except Refusal as refused:
        refuse(home, refused.text)
        return
    until = words.valid_until or (last.valid_until if not last.is_over(home.now) else _until(home))
    correction = _add(
        home,
        Announcement(
            sender=ctx.person.id,
            kind=last.kind,
            function=last.function,
            municipality=last.municipality,
            area=last.area,
            neighbourhood=last.neighbourhood,
            body=words.body,
            title=words.title,
            urgency=last.urgency,
            valid_until=until,
            replies=last.replies,
            options=last.options,
            corrects=last.root,
            short=last.short,
        ),
    )
    previews.go_on(home, correction)


def _draft(ctx: Context, hat: Hat, text: str) -> None:
    """Keep what was typed, and go on to the first question about it."""
    draft = Announcement(
        sender=ctx.person.id,
        kind=hat.kind,
        function=hat.function,
        municipality=hat.municipality,
        area=list(hat.area),
        neighbourhood=hat.neighbourhood,
        body="",
        title="",
        urgency=Class.COLD,
        valid_until=ctx.now,
    )
    try:
        home = targets.home(ctx, draft)
        words = read(text, home.now)
        if hat.neighbourhood is not None and (words.replies is not None or words.urgency is Class.WARM):
            raise Refusal(Text("refused.coordinator_lines"))
    except LookupError:
        refuse(ctx, Text("refused.nowhere", municipality=hat.municipality))
        return
    except Refusal as refused:
        refuse(ctx, refused.text)
        return
    draft.body, draft.title = words.body, words.title
    draft.valid_until = words.valid_until or _until(home)
    draft.urgency = words.urgency or Class.COLD
    draft.replies, draft.options = words.replies or Replies.NONE, list(words.options)
    _add(home, draft)
    previews.go_on(home, draft, ask_class=words.urgency is None)


def _add(home: Context, draft: Announcement) -> Announcement:
    home.records.add(draft)
    if home.has_file:
        home.reply(Text("photo.left_out"))
    home.later(_KEPT, forget_draft, draft.id)
    return draft


def _until(home: Context) -> datetime:
    """Return until when one holds that does not say: the end of a day."""
    days = timedelta(days=home.settings(AnnouncementSettings).valid_days)
    return home.wall_time(home.now + days, "23:59")


@timer("forget_draft")
def forget_draft(ctx: Context, announcement: int) -> None:
    """Throw away what was never sent; later, if it was decided, or is being decided, that it is not."""
    draft = ctx.records.get(Announcement, announcement)
    if draft is None or draft.state in (State.SENT, State.WITHDRAWN):
        return
    if draft.state is State.DRAFT:
        ctx.records.remove(draft)
    else:
        ctx.later(_REFUSED_KEPT, forget_refused, draft.id)


@timer("forget_refused")
def forget_refused(ctx: Context, announcement: int) -> None:
    """Throw away what was refused, or expired before it was sent."""
    refused = ctx.records.get(Announcement, announcement)
    if refused is not None and refused.state not in (State.SENT, State.WITHDRAWN):
        ctx.records.remove(refused)
