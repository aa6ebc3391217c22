"""Key holders: a member names who may look when he does not answer, and that neighbour agrees. Both can end it."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Context, Lines, Message, PersonId, Refusal, Text, answer, fold
from buurtwacht_rollcalls import wording
from buurtwacht_rollcalls.names import fitting
from buurtwacht_rollcalls.records import KeyHolder

#: Nobody needs a longer ladder.
_MOST = 4
_OPEN = timedelta(days=3)
_OFF = frozenset({"uit", "stop", "geen", "weg", "off", "none", "remove"})


def key_holder(ctx: Context, text: str = "") -> None:
    """`sleutelhouder Anna`: name one; `sleutelhouder uit [Anna]`: end it; alone: who they are."""
    mine = _mine(ctx)
    first, _, rest = text.strip().partition(" ")
    if not first:
        _show(ctx, mine)
    elif fold(first) in _OFF:
        _end(ctx, mine, rest.strip())
    else:
        _name(ctx, mine, text.strip())


def give_back(ctx: Context) -> None:
    """`sleutel terug`: he holds nobody's key any more, and they hear of it."""
    held = ctx.records.find(KeyHolder, neighbourhood=ctx.here.id, holder=ctx.person.id)
    for one in held:
        ctx.records.remove(one)
    agreed = [one.person for one in held if one.agreed]
    if agreed:
        ctx.send(agreed, Text("holder.gave_back", holder=ctx.name_of(ctx.person)))
    ctx.reply(Text("holder.given_back" if held else "holder.none_held"))


def _mine(ctx: Context) -> list[KeyHolder]:
    table = KeyHolder.__table__.c
    return ctx.records.find(KeyHolder, neighbourhood=ctx.here.id, person=ctx.person.id, order=[table.place])


def _show(ctx: Context, mine: list[KeyHolder]) -> None:
    if not mine:
        ctx.reply(Text("holder.nobody"))
        return
    lines = [
        Text("holder.line" if one.agreed else "holder.line.waiting", number=number, who=ctx.name_of(one.holder))
        for number, one in enumerate(mine, start=1)
    ]
    ctx.reply(Text("holder.list", lines=Lines(*lines)))


def _name(ctx: Context, mine: list[KeyHolder], typed: str) -> None:
    """Ask a neighbour whether he will. Names of members are not shown: only what was typed is said back."""
    others = [one for one in ctx.members() if one.id != ctx.person.id]
    found = fitting(typed, others)
    if len(found) != 1:
        raise Refusal(Text("holder.unknown" if not found else "holder.which", name=typed[:60]))
    holder = found[0]
    if any(one.holder == holder.id for one in mine):
        raise Refusal(Text("holder.already", name=typed[:60]))
    if len(mine) >= _MOST:
        raise Refusal(Text("holder.too_many", most=_MOST))
    place = max((one.place for one in mine), default=0) + 1
    kept = KeyHolder(neighbourhood=ctx.here.id, person=ctx.person.id, holder=holder.id, place=place)
    ctx.records.add(kept)
    ctx.note("key_holder_asked")
    asked = Text("holder.asked", who=ctx.name_of(ctx.person), neighbourhood=ctx.here.name)
    ctx.ask(holder, Message(asked, choices=wording.YES_NO), "holder", payload={"kept": kept.id}, expires=_OPEN)
    ctx.reply(Text("holder.asking", name=typed[:60]))


@answer("holder")
def agreed(ctx: Context, given: Answer) -> None:
    """The neighbour says whether he will."""
    kept = ctx.records.get(KeyHolder, int(given.payload["kept"]))
    if kept is None or kept.holder != ctx.person.id:
        ctx.reply(Text("holder.withdrawn"))
        return
    who, holder = ctx.name_of(kept.person), ctx.name_of(ctx.person)
    if given.value == "yes":
        kept.agreed = True
        ctx.note("key_holder_agreed")
        ctx.reply(Text("holder.thanks", who=who))
        ctx.send(kept.person, Text("holder.agreed", holder=holder))
    else:
        person = kept.person
        ctx.records.remove(kept)
        ctx.reply(Text("holder.refused.thanks"))
        ctx.send(person, Text("holder.refused", holder=holder))


def _end(ctx: Context, mine: list[KeyHolder], typed: str) -> None:
    people = ctx.people([one.holder for one in mine])
    wanted = {one.id for one in fitting(typed, list(people.values()))} if typed else {one.holder for one in mine}
    gone = [one for one in mine if one.holder in wanted]
    if not gone:
        raise Refusal(Text("holder.nobody" if not typed else "holder.unknown", name=typed[:60]))
    for one in gone:
        ctx.records.remove(one)
    told = [PersonId(one.holder) for one in gone if one.agreed]
    if told:
        ctx.send(told, Text("holder.ended", who=ctx.name_of(ctx.person)))
    ctx.reply(Text("holder.end.done"))


def left(ctx: Context, person: PersonId, neighbourhood: int | None = None) -> None:
    """Take somebody out who left a neighbourhood, or all of them; who counted on him is told."""
    table = KeyHolder.__table__.c
    here = {} if neighbourhood is None else {"neighbourhood": neighbourhood}
    counted_on = ctx.records.find(KeyHolder, holder=person, agreed=True, **here)
    told = list(dict.fromkeys(one.person for one in counted_on))
    if told:
        ctx.send(told, Text("holder.left"))
    where = () if neighbourhood is None else (table.neighbourhood == neighbourhood,)
    for column in (table.holder, table.person):
        ctx.records.remove_all(KeyHolder, column == person, *where)
