"""A representative or his deputy decides: pass it on, with a line of his own below it, or not; the first one wins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Lines,
    Message,
    Person,
    PersonId,
    Refusal,
    Text,
    answer,
    fold,
    speaks_for_officials,
)
from buurtwacht_announcements.asking import thread_of
from buurtwacht_announcements.deciding_words import COURTESIES, Wish, read_wish
from buurtwacht_announcements.private_words import holds_private
from buurtwacht_announcements.records import Announcement, Passing, PassingState, State, asked_in, asked_of, get, newest
from buurtwacht_announcements.targets import PASSING_ON
from buurtwacht_announcements.wording import title

#: A line of a representative, in signs.
LONGEST_LINE = 200
#: How long a line or a reason is waited for.
_WAITS = timedelta(hours=1)
#: What is still to be decided: who was silent, or could not be reached, may decide as long as it is valid.
UNDECIDED = (PassingState.ASKED, PassingState.SILENT, PassingState.UNREACHABLE)
#: So many announcements are offered when it is not clear which one he means.
_OFFERED = 9
_NO_LINE = (Choice("plain", Text("passing.line.none")),)
_NO_REASON = (Choice("skip", Text("passing.reason.none")),)


def of(ctx: Context, announcement: int, who: PersonId) -> list[Passing]:
    """Return the neighbourhoods about which somebody was asked."""
    return ctx.records.find(Passing, asked_of(who), announcement=announcement)


def waiting(ctx: Context, who: Person, *, about: int | None = None, short: str = "") -> int | None:
    """Return the announcement about which somebody was asked: the quoted one, the one he names, else the newest.

    What is undecided goes before what he decided already.
    """
    table, columns = Passing.__table__.c, Announcement.__table__.c
    which = () if about is None else (table.announcement == about,)
    if short:
        named = ctx.records.find(Announcement, columns.corrects.is_(None), short=short)
        which = (*which, table.announcement.in_([one.id for one in named]))
    order = (table.state.not_in(UNDECIDED), table.asked_at.desc())
    found = ctx.records.first(Passing, asked_of(who.id), table.asked_at <= ctx.now, *which, order=order)
    return None if found is None else found.announcement


def open_to(ctx: Context, who: Person) -> list[Announcement]:
    """Return the announcements about which somebody may decide now, the newest first, each by its newest words."""
    table, columns = Passing.__table__.c, Announcement.__table__.c
    asked = ctx.records.find(Passing, asked_of(who.id), table.asked_at <= ctx.now, table.state.in_(UNDECIDED))
    ids = {one.announcement for one in asked if _represents(who, one.neighbourhood)}
    roots = ctx.records.find(Announcement, columns.id.in_(ids), order=columns.id.desc())
    return [latest for one in roots if not (latest := newest(ctx, one)).is_over(ctx.now)]


def undecided(ctx: Context, announcement: Announcement) -> list[Passing]:
    """Return the neighbourhoods about which whoever set this off may decide now.

    Empty when there are none; then he was told why: he has the role no more, it is over, or somebody decided already.
    """
    asked = of(ctx, announcement.root, ctx.person.id)
    mine = [one for one in asked if _represents(ctx.person, one.neighbourhood)]
    short = announcement.short
    if not mine:
        ctx.note("announcement_refused", short, why="role")
        ctx.reply(Text("passing.no_role", short=short))
        return []
    still = [one for one in mine if one.state in UNDECIDED]
    if not still and mine[0].decided_at is not None:
        _say_what_was_decided(ctx, announcement, mine[0])
        return []
    latest = newest(ctx, announcement)
    if latest.state is State.WITHDRAWN:
        ctx.reply(Text("passing.withdrawn", short=short))
        return []
    if still and latest.is_over(ctx.now):
        ctx.reply(Text("passing.over", short=short, until=latest.valid_until))
        return []
    if not still:
        ctx.reply(Text("passing.nothing"))
    return still


def _represents(person: Person, neighbourhood: int) -> bool:
    place = person.membership(neighbourhood)
    return place is not None and place.state == "active" and place.has(*PASSING_ON)


def _say_what_was_decided(ctx: Context, announcement: Announcement, passing: Passing) -> None:
    by = "me" if passing.decided_by == ctx.person.id else "other"
    key = f"passing.already.{passing.state.value}.{by}"
    ctx.reply(Text(key, short=announcement.short, at=passing.decided_at))


# --- what is tapped and typed --------------------------------------------------------------------------------------


@answer("passing")
def decided(ctx: Context, given: Answer) -> None:
    """Take a tap or a typed choice below the question."""
    _carry_out(ctx, get(ctx, int(given.payload["announcement"])), Wish(given.value, given.text))


def forward(ctx: Context, text: str = "") -> None:
    """`doorzetten`, `doorzetten M1`: pass on what he was asked about; of several he is asked which."""
    short = " ".join(word for word in fold(text).split() if word not in COURTESIES).upper()
    wanted = waiting(ctx, ctx.person, short=short)
    if wanted is None:
        raise Refusal(Text("passing.nothing"))
    if short or not _ask_which(ctx, Wish("forward")):
        _carry_out(ctx, get(ctx, wanted), Wish("forward"))


def typed(ctx: Context, text: str, announcement: int, quoted: bool) -> None:
    """Take a wish in words: "doorzetten", "niet voor ons, wij hebben geen hond"; without a quote it may need asking."""
    wish = read_wish(text)
    assert wish is not None
    if quoted or not _ask_which(ctx, wish):
        _carry_out(ctx, get(ctx, announcement), wish)


def _ask_which(ctx: Context, wish: Wish) -> bool:
    """Ask which one he means, where he may decide about several (design §4); return whether it was asked."""
    waits = open_to(ctx, ctx.person)[:_OFFERED]
    if len(waits) < 2:
        return False
    lines = Lines(*(Text("passing.which.line", short=one.short, title=title(one)) for one in waits))
    choices = [Choice(str(one.root), Text("passing.which.one", short=one.short)) for one in waits]
    payload = {"wish": wish.value, "text": wish.text}
    ctx.ask(ctx.person, Message(Text("passing.which", lines=lines), choices=choices), "passing_which", payload=payload)
    return True


@answer("passing_which")
def which_given(ctx: Context, given: Answer) -> None:
    """Do with the one he chose what he wanted."""
    _carry_out(ctx, get(ctx, int(given.value)), Wish(str(given.payload["wish"]), str(given.payload["text"])))


def _carry_out(ctx: Context, announcement: Announcement, wish: Wish) -> None:
    passings = undecided(ctx, announcement)
    if not passings:
        return
    if wish.value == "forward":
        _forward(ctx, announcement, passings)
    elif wish.value == "decline":
        _decline(ctx, announcement, passings, wish.text)
    elif wish.text:
        _with_line(ctx, announcement, passings, wish.text)
    else:
        _ask_line(ctx, announcement, Text("passing.line.ask", most=LONGEST_LINE))


def _ask_line(ctx: Context, announcement: Announcement, why: Text) -> None:
    payload = {"announcement": announcement.root}
    ctx.ask(ctx.person, Message(why, choices=_NO_LINE), "passing_line", payload=payload, free="any", expires=_WAITS)


@answer("passing_line")
def line_given(ctx: Context, given: Answer) -> None:
    """Take the line that is to stand below the sender's words, or none after all."""
    announcement = get(ctx, int(given.payload["announcement"]))
    passings = undecided(ctx, announcement)
    if not passings:
        return
    wish = read_wish(given.text) if given.value == "" else Wish("forward")
    if wish is not None and not (wish.value == "line" and wish.text):
        _carry_out(ctx, announcement, wish)
    else:
        _with_line(ctx, announcement, passings, given.text if wish is None else wish.text)


def _with_line(ctx: Context, announcement: Announcement, passings: Sequence[Passing], line: str) -> None:
    """Pass it on with the line, unless that is too long or speaks for somebody else (R14)."""
    line = " ".join(line.split())
    if len(line) > LONGEST_LINE:
        _ask_line(ctx, announcement, Text("passing.line.long", most=LONGEST_LINE, length=len(line)))
    elif holds_private(line):
        ctx.note("announcement_line_refused", announcement.short)
        _ask_line(ctx, announcement, Text("passing.line.private"))
    elif speaks_for_officials(line):
        ctx.note("announcement_line_refused", announcement.short)
        _ask_line(ctx, announcement, Text("passing.line.speaks"))
    else:
        _forward(ctx, announcement, passings, line)


# --- what comes of it ----------------------------------------------------------------------------------------------


def _forward(ctx: Context, announcement: Announcement, passings: Sequence[Passing], line: str = "") -> None:
    for one in passings:
        one.line = line
    _settle(ctx, announcement, passings, PassingState.FORWARDED)
    names = _names(ctx, passings)
    ctx.reply(Text("passing.forwarded", short=announcement.short, places=names))


def _decline(ctx: Context, announcement: Announcement, passings: Sequence[Passing], reason: str) -> None:
    """It is not for them: that counts at once, the reason may follow."""
    for one in passings:
        one.reason = reason
    _settle(ctx, announcement, passings, PassingState.DECLINED)
    if reason:
        ctx.reply(Text("passing.declined", short=announcement.short, places=_names(ctx, passings)))
        return
    payload = {"announcement": announcement.root}
    question = Message(Text("passing.reason.ask", short=announcement.short), choices=_NO_REASON)
    ctx.ask(ctx.person, question, "passing_reason", payload=payload, free="any", expires=_WAITS)


@answer("passing_reason")
def reason_given(ctx: Context, given: Answer) -> None:
    """Keep why it was not for them; only the sender and whoever approved it read that."""
    announcement = get(ctx, int(given.payload["announcement"]))
    mine = [one for one in of(ctx, announcement.id, ctx.person.id) if one.decided_by == ctx.person.id]
    for one in mine:
        if one.state is PassingState.DECLINED and given.value == "":
            one.reason = given.text
    ctx.reply(Text("passing.reason.thanks" if given.value == "" else "passing.reason.none_given"))


def _settle(ctx: Context, announcement: Announcement, passings: Sequence[Passing], state: PassingState) -> None:
    """Write down what was decided, take the question from the other, and have it carried out one at a time."""
    others: set[PersonId] = set()
    for one in passings:
        one.state, one.decided_by, one.decided_at = state, ctx.person.id, ctx.now
        others |= _who_else(ctx, one)
        ctx.note(f"announcement_{state.value}", announcement.short, neighbourhood=one.neighbourhood)
        ctx.tell("announcement_passed", announcement=announcement.root, neighbourhood=one.neighbourhood)
    about = thread_of(announcement)
    ctx.close_questions(thread=about, who=ctx.person, for_good=False)
    if not others:
        return
    told = sorted(others)
    ctx.send(told, Text(f"passing.other.{state.value}", short=announcement.short, places=_names(ctx, passings)))
    for who in sorted(others - _still_asked(ctx, announcement, passings, others)):
        ctx.close_questions(thread=about, who=who, for_good=False)


def _who_else(ctx: Context, passing: Passing) -> set[PersonId]:
    """Return who was asked about this neighbourhood as well, by now."""
    seats = (
        (passing.representative, passing.asked_at),
        (passing.deputy, passing.deputy_at),
        (passing.second, passing.second_at),
    )
    asked = {PersonId(who) for who, at in seats if who is not None and at is not None and at <= ctx.now}
    return asked - {ctx.person.id}


def _still_asked(
    ctx: Context, announcement: Announcement, settled: Sequence[Passing], people: Collection[PersonId]
) -> set[PersonId]:
    """Return which of these people still have to decide about another neighbourhood."""
    table = Passing.__table__.c
    theirs = table.representative.in_(people) | table.deputy.in_(people) | table.second.in_(people)
    open_ones = ctx.records.find(Passing, theirs, table.state.in_(UNDECIDED), announcement=announcement.root)
    done = {one.id for one in settled}
    rest = [one for one in open_ones if one.id not in done]
    return {PersonId(who) for one in rest for who in asked_in(one) if who in people}


def _names(ctx: Context, passings: Sequence[Passing]) -> str:
    return ", ".join(sorted(ctx.neighbourhood_of(one.neighbourhood).name for one in passings))
