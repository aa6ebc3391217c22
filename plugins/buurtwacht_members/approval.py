"""Approval: a request to join goes to those who look after the neighbourhood, and the first of them to tap decides."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import (
    CARETAKERS,
    Answer,
    Choice,
    Context,
    Fact,
    Message,
    Person,
    PersonId,
    Severity,
    Text,
    answer,
    timer,
)
from buurtwacht_members import arriving
from buurtwacht_members.records import Application, Removal
from buurtwacht_members.settings import Settings
from buurtwacht_members.words import Home


def apply(ctx: Context, home: Home, agreed: datetime) -> None:
    """Write down the request of whoever set this off, and ask those who decide."""
    settings = ctx.settings(Settings)
    who = ctx.person
    ctx.directory.request(who.id, ctx.here.id, street=home.street, postcode=home.postcode)
    application = ctx.records.first(Application, person=who.id, neighbourhood=ctx.here.id)
    if application is None:
        fresh = Application(person=who.id, neighbourhood=ctx.here.id, rules=settings.rules_version, consented=agreed)
        application = ctx.records.add(fresh)
    else:  # one person, one request: what was left over from before is taken up again
        application.rules, application.consented = settings.rules_version, agreed
    ctx.later(settings.request_open, "request_lapses", key=f"request:{application.id}", application=application.id)
    ctx.reply(Text("join.sent", neighbourhood=ctx.here.name, days=settings.request_days))
    for caretaker in ctx.members(*CARETAKERS):
        _ask(ctx, caretaker.id, application, who.id, home)


def _ask(ctx: Context, caretaker: PersonId, application: Application, who: PersonId, home: Home) -> None:
    place = " ".join(filter(None, (home.street, home.postcode)))
    facts: dict[str, Fact] = {"who": ctx.name_of(who), "street": place, "neighbourhood": ctx.here.name}
    before = ctx.records.first(Removal, person=who, neighbourhood=ctx.here.id)
    text = Text("request.ask", domain="", **facts)
    if before is not None:
        text = Text("request.ask.removed", domain="", removed=before.at, **facts)
    ctx.ask(
        caretaker,
        Message(text, choices=(Choice("yes", Text("yes")), Choice("no", Text("no")))),
        "request.decide",
        payload={"application": application.id},
        expires=ctx.settings(Settings).request_open,
        thread=application,
    )


@answer("request.decide")
def decide(ctx: Context, said: Answer) -> None:
    """A co-ordinator lets somebody in, or not. The others hear it, and can decide no more."""
    application = ctx.records.get(Application, int(said.payload["application"]))
    if application is None:
        ctx.reply(Text("request.gone"))
        return
    if not ctx.has(*CARETAKERS):
        ctx.reply(Text("request.not_yours"))
        return
    who = ctx.people([application.person]).get(application.person)
    yes = said.value == "yes"
    outcome = "accepted" if yes else "refused"
    name = ctx.name_of(PersonId(application.person))
    ctx.reply(Text(f"request.{outcome}", who=name))
    others = [one.id for one in ctx.members(*CARETAKERS) if one.id != ctx.person.id]
    if others:
        ctx.send(others, Text(f"request.{outcome}.others", who=name, by=ctx.name_of(ctx.person)))
    if who is not None and yes:
        _let_in(ctx, application, who.id)
    elif who is not None:
        _turn_away(ctx, application, who, "join.refused")
    _settle(ctx, application)


def let_in(ctx: Context, who: PersonId) -> None:
    """Let somebody in who asked to join here: whoever runs it decided, because nobody else can."""
    application = ctx.records.first(Application, person=who, neighbourhood=ctx.here.id)
    if application is None:
        raise LookupError("nobody asked to join here")
    _let_in(ctx, application, who)
    _settle(ctx, application)


def _let_in(ctx: Context, application: Application, who: PersonId) -> None:
    ctx.directory.activate(who, ctx.here.id, consent=application.rules, consented_at=application.consented)
    arriving.welcome(ctx, who)


def _turn_away(ctx: Context, application: Application, who: Person, key: str) -> None:
    """Tell him kindly; of somebody who is a member nowhere nothing is kept, unless he was removed here lately."""
    said = ctx.send(who.id, Text(key, neighbourhood=ctx.here.name))
    ctx.directory.leave(who.id, ctx.here.id)
    if ctx.records.first(Removal, person=who.id, neighbourhood=ctx.here.id) is None:
        arriving.forget_unless_known(ctx, who, said, besides=application.neighbourhood)


def _settle(ctx: Context, application: Application) -> None:
    ctx.close_questions(thread=application)
    ctx.cancel(f"request:{application.id}")
    ctx.records.remove(application)


@timer("request_lapses")
def request_lapses(ctx: Context, application: int) -> None:
    """Nobody decided: he hears it, and what he told us goes."""
    found = ctx.records.get(Application, application)
    if found is None:
        return
    who = ctx.people([found.person]).get(found.person)
    if who is not None:
        _turn_away(ctx, found, who, "join.lapsed")
    _settle(ctx, found)


def withdraw(ctx: Context, who: PersonId, neighbourhood: int = 0) -> None:
    """Take back the requests of somebody who leaves or is erased; with a neighbourhood, only the one there."""
    for application in ctx.records.find(Application, person=who):
        if neighbourhood in (0, application.neighbourhood):
            _settle(ctx, application)


def requests(ctx: Context) -> None:
    """Show the requests that wait here, each with its question again."""
    waiting = ctx.records.find(Application, neighbourhood=ctx.here.id)
    people = ctx.people([one.person for one in waiting])
    ctx.reply(Text("requests", count=len(waiting)), severity=Severity.NOTICE)
    for application in waiting:
        who = people.get(application.person)
        place = who.membership(ctx.here.id) if who is not None else None
        if who is not None and place is not None:
            _ask(ctx, ctx.person.id, application, who.id, Home(place.street, place.postcode))
