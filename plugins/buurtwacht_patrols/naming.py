"""Which shift and which walkers a co-ordinator names: "12 mei Henk Riet", "di 12 mei 21:30 Jan de Vries door Riet"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from buurtwacht import Context, Lines, Person, Refusal, Role, Text, fold
from buurtwacht_patrols import rosters
from buurtwacht_patrols.days import Clock, NoSuchDay, Span, Word, WrongWeekday, read
from buurtwacht_patrols.records import Assignment, Shift
from buurtwacht_patrols.wording import shift_line

#: More words than this name no day.
_LONGEST_DAY = 7
_BETWEEN = frozenset(("door", "voor", "met", "en", "naar", "by", "for", "with", "and", "to", "->", "→", "/", ","))


@dataclass(frozen=True, slots=True)
class Moment:
    """The day of a shift, its time where that was named, and the words that follow."""

    day: date
    wall: time | None
    rest: str


def read_moment(text: str, today: date) -> Moment | None:
    """Return the day that a text begins with, or None. Raises `Refusal` for a day that does not exist."""
    words = text.replace(",", " , ").split()
    for count in range(min(len(words), _LONGEST_DAY), 0, -1):
        try:
            items = [one for one in read(" ".join(words[:count]), today) if not _is_small(one)]
        except NoSuchDay as error:
            if count > 1:
                continue
            raise Refusal(Text("sentence.no_such_day", day=str(error))) from error
        except WrongWeekday as error:
            raise Refusal(Text("sentence.wrong_weekday", day=error.day)) from error
        days = [one for one in items if isinstance(one, Span) and not one.named]
        times = [one.wall for one in items if isinstance(one, Clock)]
        if len(days) == 1 and len(times) <= 1 and len(items) == len(days) + len(times):
            return Moment(days[0].first, times[0] if times else None, " ".join(words[count:]))
    _check_exists(words, today)
    return None


def _is_small(one: object) -> bool:
    return isinstance(one, Word) and one.text in ("op", "om", "on", "at", "de", "van", "of", "the")


def _check_exists(words: Sequence[str], today: date) -> None:
    """Raise `Refusal` when a text begins with a day that no calendar has."""
    try:
        read(" ".join(words[:3]), today)
    except NoSuchDay as error:
        raise Refusal(Text("sentence.no_such_day", day=str(error))) from error


@dataclass(frozen=True, slots=True)
class Named:
    """A shift that was named, how everybody stands to it, and the words that follow."""

    shift: Shift
    group: list[Assignment]
    rest: str


def named_shifts(ctx: Context, text: str) -> list[Named]:
    """Return the shifts to come on the day that a text begins with. Raises `Refusal` when there is none."""
    moment = read_moment(text, ctx.now.date())
    if moment is None:
        raise Refusal(Text("change.which_day"))
    planned = rosters.in_planning(ctx)
    found = [*rosters.published(ctx), *([planned] if planned is not None else [])]
    shifts = [
        one
        for one in rosters.shifts_of(ctx, found)
        if one.local_day == moment.day and one.starts > ctx.now and moment.wall in (None, one.local_time)
    ]
    if not shifts:
        raise Refusal(Text("change.no_shift", day=moment.day))
    groups = rosters.assignments_of(ctx, shifts)
    return [Named(one, groups[one.id], moment.rest) for one in shifts]


def only(ctx: Context, found: Sequence[Named]) -> Named:
    """Return the one shift that is meant. Raises `Refusal` when there are several on that day."""
    if len(found) != 1:
        raise Refusal(Text("change.which_shift", lines=Lines(*(shift_line(ctx, one.shift) for one in found))))
    return found[0]


def walkers(ctx: Context, found: Iterable[Named]) -> list[Person]:
    """Return whom a co-ordinator can name: the patrollers here, and who stands on these shifts."""
    known = {one.id: one for one in ctx.members(Role.PATROLLER)}
    others = {own.person for one in found for own in one.group} - known.keys()
    return [*known.values(), *ctx.people(others).values()]


def one_of(people: Sequence[Person], text: str) -> Person:
    """Return the one walker that a text names. Raises `Refusal` when nobody or more than one has that name."""
    fitting = called(people, text)
    if not fitting:
        raise Refusal(Text("change.who", name=text.strip()[:40] or "?"))
    if len(fitting) > 1:
        raise Refusal(Text("change.two_of_that_name", name=text.strip()[:40], names=_choice(fitting)))
    return fitting[0]


def two_of(people: Sequence[Person], text: str) -> tuple[Person, Person]:
    """Return the two walkers that a text names, in its order. Raises `Refusal` when that is not clear."""
    words = [word for word in text.replace(",", " ").split() if fold(word) not in _BETWEEN and word not in _BETWEEN]
    if len(words) < 2:
        raise Refusal(Text("change.two_names"))
    splits = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    fits = [(called(people, one), called(people, other)) for one, other in splits]
    clear = [(one[0], other[0]) for one, other in fits if len(one) == len(other) == 1]
    if len(clear) == 1 and clear[0][0].id != clear[0][1].id:
        return clear[0]
    for (one, other), (first, second) in zip(splits, fits, strict=True):
        if first and second:
            return one_of(people, one), one_of(people, other)
    one, other = splits[0]
    one_of(people, one)
    one_of(people, other)
    raise Refusal(Text("change.two_names"))


def called(people: Sequence[Person], text: str) -> list[Person]:
    """Return who has this name: the whole one first, else who begins with it."""
    wanted = fold(text)
    if not wanted:
        return []
    whole = [one for one in people if fold(one.name) == wanted]
    return whole or [one for one in people if f"{fold(one.name)} ".startswith(f"{wanted} ")]


def _choice(people: Sequence[Person]) -> str:
    return ", ".join(sorted(one.name for one in people))
