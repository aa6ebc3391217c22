"""People whom an operator imported: they are members already, and get the welcome with the house rules afterwards."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Message,
    NeighbourhoodId,
    Person,
    PersonId,
    Text,
    answer,
)
from buurtwacht_members import ending, house_rules
from buurtwacht_members.settings import Settings

_OPEN = timedelta(days=30)


def claim(ctx: Context, token: str) -> None:
    """Take the place that was imported without an address, from a link that was printed then."""
    who = ctx.directory.imported(token)
    if who is None or ctx.has_person:
        ctx.reply(Text("invite.over"))
        return
    ctx.directory.attach(who)
    for place in ctx.person.active:
        _greet(ctx.within(ctx.neighbourhood_of(place.neighbourhood_id)), ctx.person)
    for office in ctx.offices:
        ctx.reply(Text("official.verified.own", neighbourhood=office.municipality, function=office.function))


def welcome(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Greet somebody who was imported: a member with the house rules, an official with what he will get."""
    known = ctx.people([person]).get(person)
    if known is None:
        return
    here = ctx.within(ctx.neighbourhood_of(neighbourhood))
    if known.active:
        _greet(here, known)
    for office in ctx.offices_of([person]).get(person, ()) if not known.active else ():
        here.send(person, Text("official.imported", neighbourhood=here.here.name, function=office.function))


def _greet(here: Context, who: Person) -> None:
    text = Text(
        "imported.ask",
        neighbourhood=here.here.name,
        rules=house_rules.lines(here),
        age=here.settings(Settings).age,
    )
    choices = (Choice("yes", Text("yes")), Choice("no", Text("no")))
    here.ask(who, Message(text, choices=choices), "imported.agree", expires=_OPEN)


@answer("imported.agree")
def agree(ctx: Context, said: Answer) -> None:
    """He agrees to the house rules, or leaves."""
    place = ctx.membership
    if place is None or place.state != "active":
        ctx.reply(Text("leave.not_here"))
    elif said.value == "yes":
        ctx.directory.agree(ctx.person.id, ctx.here.id, consent=ctx.settings(Settings).rules_version)
        ctx.reply(Text("welcome", neighbourhood=ctx.here.name))
    else:
        ending.end(ctx, ctx.person.id)
        ctx.reply(Text("leave.done", neighbourhood=ctx.here.name))
