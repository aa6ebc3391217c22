"""Officials of a neighbourhood: who they are, and the end of their office; for those who look after it."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import Answer, Choice, Context, Lines, Message, Official, PersonId, Role, Text, answer
from buurtwacht_members import retiring
from buurtwacht_members.records import Appointment
from buurtwacht_members.words import same_name


def officials(ctx: Context) -> None:
    """List who holds which office here, confirmed or not, and for whom a link is under way; never a number."""
    lines = [
        Text(
            "officials.line" if one.verified else "officials.line.unverified",
            who=ctx.name_of(one.person),
            function=one.function,
        )
        for one in _here(ctx)
    ]
    lines += [
        Text("officials.line.invited", name=one.name, until=one.until)
        for one in ctx.records.find(Appointment, neighbourhood=ctx.here.id, person=0)
    ]
    key = "officials" if lines else "officials.none"
    ctx.reply(Text(key, neighbourhood=ctx.here.name, lines=Lines(*lines)))


def _here(ctx: Context) -> list[Official]:
    return [*ctx.officials(), *ctx.awaiting_officials()]


def remove_official(ctx: Context, name: str) -> None:
    """End the offices here of somebody, by his name; of several with it, which is asked."""
    held = _here(ctx)
    people = ctx.people({one.person for one in held})
    ids = list(people)
    fitting = [PersonId(ids[place]) for place in same_name(name, [people[ident].name for ident in ids])]
    if not fitting:
        ctx.reply(Text("official.nobody", name=name))
    elif len(fitting) == 1:
        _end(ctx, fitting[0], held)
    else:
        first = {one.person: one for one in reversed(held)}
        choices = [
            Choice(str(who), Text("officials.choice", who=ctx.name_of(who), function=first[who].function))
            for who in fitting[:10]
        ]
        ctx.ask(ctx.person, Message(Text("official.which_one"), choices=choices), "official.remove")


@answer("official.remove")
def removal_chosen(ctx: Context, said: Answer) -> None:
    """Of several with that name, this one was meant."""
    if ctx.has(Role.ADMIN):
        _end(ctx, PersonId(int(said.value)), _here(ctx))
    else:
        ctx.reply(Text("role.admins_only"))


def _end(ctx: Context, who: PersonId, held: Sequence[Official]) -> None:
    mine = [one for one in held if one.person == who]
    retiring.dismiss(ctx, who, mine)
    ctx.reply(Text("official.removed" if mine else "unchanged", who=ctx.name_of(who)))
