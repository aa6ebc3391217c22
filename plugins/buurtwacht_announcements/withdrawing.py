"""`mededeling intrekken`: it holds no more. Nobody is shown it from here on, and who was hears so."""

from __future__ import annotations

import re

from buurtwacht import Answer, Audience, Context, Message, MessageId, PersonId, Refusal, Role, Text, answer, fold
from buurtwacht_announcements import previews, wording
from buurtwacht_announcements.asking import thread_of
from buurtwacht_announcements.records import Announcement, Passing, PassingState, State, get
from buurtwacht_announcements.senders import may_still

#: M1, TB-M1, and how people type them.
_ID = re.compile(r"(?:([a-z0-9]{1,6})[ -])?m ?(\d{1,6})")
#: What can still be taken back.
_OPEN = (State.SENT, State.APPROVAL)


def withdraw(ctx: Context, text: str = "") -> None:
    """`mededeling intrekken [id]`: ask once whether it is to be taken back; without an id his own last one."""
    found = _named(ctx, text) if text.strip() else _last(ctx)
    key = "withdraw.question.unsent" if found.state is State.APPROVAL else "withdraw.question"
    question = Message(Text(key, short=found.short, title=wording.title(found)), choices=wording.YES_NO)
    ctx.ask(ctx.person, question, "withdraw", payload={"announcement": found.id}, expires=previews.PATIENCE)


@answer("withdraw")
def decided(ctx: Context, given: Answer) -> None:
    """He read what it means."""
    announcement = get(ctx, int(given.payload["announcement"]))
    if given.value != "yes":
        ctx.reply(Text("withdraw.left", title=wording.title(announcement)))
        return
    _look(ctx, announcement)
    if announcement.state is State.APPROVAL:
        _stop(ctx, announcement)
        ctx.reply(Text("withdraw.unsent", title=wording.title(announcement)))
    else:
        _take_back(ctx, announcement)


# --- which, and by whom ----------------------------------------------------------------------------------------------


def _named(ctx: Context, text: str) -> Announcement:
    """Return the announcement with this id. Raises `Refusal` when it is none, or not his to take back."""
    read = _ID.fullmatch(fold(text))
    if read is None:
        raise Refusal(Text("withdraw.which"))
    place, number = read.groups()
    short = f"M{int(number)}" if place is None else f"{place.upper()}-M{int(number)}"
    table = Announcement.__table__.c
    found = ctx.records.first(Announcement, table.corrects.is_(None), short=short)
    if found is None:
        raise Refusal(Text("withdraw.unknown", short=short))
    _look(ctx, found)
    return found


def _last(ctx: Context) -> Announcement:
    """Return what he wrote last; of a correction that was sent, what it corrects."""
    table = Announcement.__table__.c
    last = ctx.records.first(
        Announcement, table.state.in_(_OPEN), sender=ctx.person.id, order=(table.created.desc(), table.id.desc())
    )
    if last is None:
        raise Refusal(Text("withdraw.none"))
    found = get(ctx, last.root) if last.state is State.SENT else last
    _look(ctx, found)
    return found


def _look(ctx: Context, announcement: Announcement) -> None:
    """Raise `Refusal` for what cannot be taken back, or not by whoever set this off."""
    if not _may(ctx, announcement):
        ctx.note("announcement_refused", announcement.short, why="withdraw")
        raise Refusal(Text("withdraw.refused"))
    if announcement.state is State.WITHDRAWN:
        raise Refusal(Text("withdraw.already", short=announcement.short, at=announcement.valid_until))
    if announcement.state not in _OPEN:
        raise Refusal(Text("withdraw.none"))


def _may(ctx: Context, announcement: Announcement) -> bool:
    """Its sender, as long as he is what he was; who approved it; an admin of all the neighbourhoods it is for."""
    me = ctx.person.id
    if announcement.sender == me:
        return may_still(ctx, announcement)
    if announcement.decided_by == me and announcement.state is not State.APPROVAL:
        return any(one.verified and one.is_of(announcement.municipality) for one in ctx.offices)
    mine = {one.neighbourhood_id for one in ctx.person.active if one.has(Role.ADMIN)}
    if not mine or announcement.state is State.APPROVAL:
        return False
    if announcement.neighbourhood is not None:
        return announcement.neighbourhood in mine
    elsewhere = Passing.__table__.c.neighbourhood.not_in(mine)
    return announcement.complete and ctx.records.first(Passing, elsewhere, announcement=announcement.id) is None


# --- what comes of it ------------------------------------------------------------------------------------------------


def _stop(ctx: Context, announcement: Announcement) -> None:
    """Ask nobody any more whether it may go."""
    announcement.state = State.REFUSED
    ctx.cancel(f"approval:{announcement.id}")
    for one in announcement.asking:
        ctx.withdraw(MessageId(one))
    ctx.note("announcement_withdrawn", announcement.short, sent=False)


def _take_back(ctx: Context, root: Announcement) -> None:
    """Nobody is sent or asked it any more; who was shown it reads one line, and the report follows."""
    about, title = thread_of(root), wording.title(root)
    for one in ctx.records.find(Announcement, corrects=root.id):
        if one.state is State.APPROVAL:
            _stop(ctx, one)
        else:
            one.state = State.WITHDRAWN if one.state is State.SENT else State.REFUSED
    root.state, root.complete = State.WITHDRAWN, True
    # It ends here for all that looks at its end: votes, the welcome, reminders, the report.
    root.valid_until = min(root.valid_until, ctx.now)
    table = Passing.__table__.c
    asked = (table.announcement == root.id) & (table.state == PassingState.ASKED)
    ctx.records.change_all(Passing, asked, state=PassingState.WITHDRAWN)
    ctx.withdraw(thread=about)
    line = Message(wording.withdrawn(ctx, root, title))
    ctx.broadcast(ctx.audience.reached_by(about).without(ctx.person.id), line, root.severity, thread=about)
    if root.neighbourhood is not None:
        ctx.broadcast(Audience((root.neighbourhood,), people=(), groups=True), line, root.severity, thread=about)
    others = {PersonId(one) for one in (root.sender, root.decided_by) if one is not None} - {ctx.person.id}
    if others:
        told = Text("withdraw.told", short=root.short, title=title, name=ctx.name_of(ctx.person))
        ctx.send(sorted(others), told)
    ctx.note("announcement_withdrawn", root.short, sent=True)
    ctx.tell("announcement_settled", announcement=root.id)
    ctx.reply(Text("withdraw.done", short=root.short))
