"""A help desk: a small plugin that asks officials and hears them, with which the tests of the core play."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    OFFICIALS,
    Answer,
    Choice,
    Command,
    Context,
    Guess,
    Manifest,
    Message,
    OfficialKind,
    PersonId,
    Record,
    Role,
    Text,
    Thread,
    answer,
    hookimpl,
)

manifest = Manifest(
    id="desk",
    name="Balie",
    version="1.0",
    permissions=frozenset({"store", "timers", "send:members", "read:names"}),
    templates=frozenset({"request", "came", "dismissed"}),
)

_POLICE = frozenset({OfficialKind.POLICE})


class Case(Record):
    asker: int
    what: str
    short: str = ""


def request(ctx: Context, what: str) -> None:
    """Ask every official here."""
    case = ctx.records.add(Case(asker=ctx.person.id, what=what))
    case.short = f"{ctx.here.code}-B{ctx.number('B')}"
    choices = [Choice("yes", Text("yes")), Choice("no", Text("no"))]
    asked = [one.person for one in ctx.officials()]
    letter = Message(Text("request", what=what, short=case.short), choices=choices)
    ctx.ask_all(asked, letter, "came", thread=case, expires=timedelta(days=1))


@answer("came")
def came(ctx: Context, said: Answer) -> None:
    """He answered: the co-ordinators hear it, where it was asked."""
    here = ctx.members(Role.COORDINATOR)
    words = Text("came", who=ctx.name_of(ctx.person), value=said.value, where=ctx.here.name)
    ctx.send([one.id for one in here], words)
    ctx.reply(Text("thanks"))


def desk(ctx: Context, what: str = "") -> None:
    """Say where and as what he is here."""
    where = ctx.neighbourhood.name if ctx.neighbourhood else "-"
    ctx.reply(Text("desk", where=where, kinds=", ".join(one.kind for one in ctx.offices) or "-"))


def beat(ctx: Context) -> None:
    """For the police only, and co-ordinators."""
    ctx.reply(Text("beat"))


def heard(ctx: Context, text: str) -> None:
    """Thank an official for what he said."""
    ctx.reply(Text("heard", text=text, where=ctx.neighbourhood.name if ctx.neighbourhood else "-"))


@hookimpl
def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """Whatever he quotes of us, and what mentions the desk."""
    mine = about is not None and about.plugin == "desk"
    return Guess(heard, 0.9) if mine or "balie" in text else None


@hookimpl
def official_dismissed(ctx: Context, person: PersonId, kind: str, municipality: str) -> None:
    """Tell him."""
    ctx.send(person, Text("dismissed", kind=kind, municipality=municipality))


@hookimpl
def commands() -> list[Command]:
    return [
        Command("request", request, roles=frozenset({Role.COORDINATOR})),
        Command("desk", desk, officials=OFFICIALS),
        Command("beat", beat, roles=frozenset({Role.COORDINATOR}), officials=_POLICE),
    ]
