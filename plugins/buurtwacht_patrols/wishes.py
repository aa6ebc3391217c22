"""What walkers wish: days on which they are away, and preferences that hold for every roster."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from buurtwacht import Context, Lines, PersonId, Refusal, Role, Text
from buurtwacht_patrols import cancelling, naming
from buurtwacht_patrols.days import Item, NoSuchDay, Span, Weekdays, WrongWeekday, normal, read
from buurtwacht_patrols.records import Absence, Preference
from buurtwacht_patrols.wording import names, shift_line

_MOST = re.compile(
    r"\b(?:max\.?|maximaal|hooguit|hoogstens|at most|no more than)\s+(?P<count>\d{1,2}|een|twee|drie|vier|one|two"
    r"|three|four)\s*(?:x|keer|maal|diensten|dienst|rondes|times|shifts)?\s*(?:per|in de|a|each|every)\s*"
    r"(?:maand|month)\b"
)
_COUNTS = {"een": 1, "one": 1, "twee": 2, "two": 2, "drie": 3, "three": 3, "vier": 4, "four": 4}
_NONE = frozenset(("geen", "niets", "none", "geen voorkeur", "wis", "clear", "no preference", "reset"))
_NOT_WITH = re.compile(r"^(?:liever |rather )?(?:niet met|not with)\s+(?P<who>.+)$")
_WITH = re.compile(r"^(?:liefst met|graag met|liever met|met|preferably with|rather with|with)\s+(?P<who>.+)$")
#: Longer than this nobody is away without leaving.
_LONGEST = 400


# --- away ------------------------------------------------------------------------------------------------------------


def away(ctx: Context, when: str = "") -> None:
    """Write down when a walker is away, or show it: "18-22 mei". Shifts of his in those days are called off."""
    if not when:
        _show_absences(ctx)
        return
    spans = _spans(ctx, when)
    for span in spans:
        ctx.records.add(
            Absence(
                neighbourhood=ctx.here.id,
                person=ctx.person.id,
                first=span.first.isoformat(),
                last=span.last.isoformat(),
            )
        )
    gone = cancelling.away(ctx, [(one.first, one.last) for one in spans])
    lines = Lines(*(shift_line(ctx, one) for one in gone))
    shifts = Text("away.released", lines=lines) if gone else None
    ctx.reply(Text("away.noted", days=days_of(spans), shifts=shifts))


def back(ctx: Context, when: str) -> None:
    """Take back an absence, by any of its days."""
    spans = _spans(ctx, when)
    found = [
        one
        for one in ctx.records.find(Absence, person=ctx.person.id, neighbourhood=ctx.here.id)
        if any(one.first <= span.last.isoformat() and one.last >= span.first.isoformat() for span in spans)
    ]
    if not found:
        raise Refusal(Text("away.unknown"))
    for one in found:
        ctx.records.remove(one)
    ctx.reply(Text("away.taken_back", days=days_of([_span(one) for one in found])))


def _span(one: Absence) -> Span:
    return Span(date.fromisoformat(one.first), date.fromisoformat(one.last))


def days_of(spans: Sequence[Span]) -> Lines:
    """Return days as they are shown, a line for each row of them."""
    return Lines(
        *(
            Text("day", day=one.first) if one.first == one.last else Text("days", first=one.first, last=one.last)
            for one in spans
        )
    )


def _show_absences(ctx: Context) -> None:
    today = ctx.now.date().isoformat()
    found = ctx.records.find(
        Absence, Absence.__table__.c.last >= today, person=ctx.person.id, neighbourhood=ctx.here.id
    )
    if not found:
        ctx.reply(Text("away.none"))
        return
    ctx.reply(Text("away.shown", days=days_of([_span(one) for one in found])))


def _spans(ctx: Context, text: str) -> list[Span]:
    """Return the days in a text. Raises `Refusal` for one without days, or with days that cannot be."""
    found = read_spans(ctx, text)
    if not found:
        raise Refusal(Text("away.when"))
    return found


def read_spans(ctx: Context, text: str) -> list[Span]:
    """Return the days in a text, maybe none. Raises `Refusal` for days that cannot be, and for what is over."""
    today = ctx.now.date()
    try:
        found = [one for one in read(text, today) if isinstance(one, Span)]
    except NoSuchDay as error:
        raise Refusal(Text("sentence.no_such_day", day=str(error))) from error
    except WrongWeekday as error:
        raise Refusal(Text("sentence.wrong_weekday", day=error.day)) from error
    for one in found:
        if one.last < one.first:
            raise Refusal(Text("sentence.end_before_start", first=one.first, last=one.last))
        if one.last < today:
            raise Refusal(Text("sentence.past", day=one.last))
        if (one.last - one.first).days > _LONGEST:
            raise Refusal(Text("away.too_long", days=_LONGEST))
    return found


# --- preferences -----------------------------------------------------------------------------------------------------


def preference(ctx: Context, what: str = "") -> None:
    """Write down what a walker wishes of every roster, or show it: "max 2 per maand", "alleen di", "niet met Jan"."""
    mine = ctx.records.first(Preference, neighbourhood=ctx.here.id, person=ctx.person.id)
    if what:
        if mine is None:
            mine = ctx.records.add(Preference(neighbourhood=ctx.here.id, person=ctx.person.id))
        _wish(ctx, mine, what)
    lines = _lines(mine) if mine is not None else []
    ctx.reply(Text("preference.shown", lines=Lines(*lines)) if lines else Text("preference.none"))


def _wish(ctx: Context, mine: Preference, what: str) -> None:
    plain = normal(what).strip(" .!")
    if plain in _NONE:
        mine.most_a_month, mine.weekdays, mine.rather_with, mine.not_with = None, [], [], []
        return
    most, apart, along = _MOST.search(plain), _NOT_WITH.match(plain), _WITH.match(plain)
    if most is not None:
        count = most["count"]
        mine.most_a_month = _COUNTS.get(count) or int(count)
    elif (named := apart or along) is not None:
        other = _other(ctx, named["who"])
        mine.not_with = [one for one in mine.not_with if one != other]
        mine.rather_with = [one for one in mine.rather_with if one != other]
        if apart is not None:
            mine.not_with = [*mine.not_with, other]
        else:
            mine.rather_with = [*mine.rather_with, other]
    else:
        days = [one.days for one in _read(plain, ctx) if isinstance(one, Weekdays)]
        if not days:
            raise Refusal(Text("preference.unclear"))
        picked = frozenset[int]().union(*days)
        refused = re.match(r"^(?:liever )?(?:niet|geen|not|no)\b", plain) is not None
        mine.weekdays = sorted(frozenset(range(7)) - picked if refused else picked)


def _read(text: str, ctx: Context) -> list[Item]:
    try:
        return read(text, ctx.now.date())
    except (NoSuchDay, WrongWeekday) as error:
        raise Refusal(Text("preference.unclear")) from error


def _other(ctx: Context, name: str) -> PersonId:
    """Return the walker that a name means. Members are told no names of others, so neither are those who fit."""
    others = [one for one in ctx.members(Role.PATROLLER) if one.id != ctx.person.id]
    found = naming.called(others, name)
    if len(found) != 1:
        raise Refusal(Text("preference.two" if found else "preference.who", name=name[:40]))
    return found[0].id


def _lines(mine: Preference) -> list[Text]:
    """Return what somebody wishes, a line each; only he himself ever reads it."""
    found: list[Text] = []
    if mine.most_a_month is not None:
        found.append(Text("preference.most", count=mine.most_a_month))
    if mine.weekdays:
        row: Text | None = None
        for one in reversed(mine.weekdays):
            day = Text(f"weekday.{one}")
            row = day if row is None else Text("comma", one=day, rest=row)
        found.append(Text("preference.weekdays", days=row))
    if mine.rather_with:
        found.append(Text("preference.with", who=names([PersonId(one) for one in mine.rather_with], first=True)))
    if mine.not_with:
        found.append(Text("preference.not_with", who=names([PersonId(one) for one in mine.not_with], first=True)))
    return found
