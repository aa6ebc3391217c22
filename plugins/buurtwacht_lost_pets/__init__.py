"""Lost pets: tell the neighbours who want to know, bring what they saw to the owner, and say how it ended."""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from buurtwacht import (
    Answer,
    Attachment,
    Audience,
    Choice,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    Message,
    NeighbourhoodId,
    PersonId,
    Proof,
    Record,
    RecordId,
    Severity,
    Text,
    UnderWay,
    answer,
    fold,
    hookimpl,
    timer,
)


class Settings(BaseModel):
    """The table [plugins.lost_pets] of plugins.toml. Every key has a default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: how many days a search stays open
    days: int = Field(default=3, ge=1, le=28)


manifest = Manifest(
    id="lost_pets",
    name="Vermiste dieren",
    version="1.0",
    settings=Settings,
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members"}),
    opt_in=True,
    templates=frozenset({"pet.lost", "pet.seen", "pet.over"}),
)


class State(StrEnum):
    """How far a search is."""

    DRAFT = "draft"
    OPEN = "open"
    OVER = "over"


class Pet(Record):
    """One search; `message` is the one it was asked for with, and `photo` what came with that."""

    owner: PersonId
    neighbourhood: NeighbourhoodId
    description: str
    message: str
    state: State = State.DRAFT
    photo: int | None = None


#: Telephone numbers and mail addresses: neighbours answer below the message, and need none.
_CONTACT = re.compile(r"\+?\d[\d ().-]{6,}\d|\S+@\S+")
_FOUND = re.compile(r"(?:(?:hij|ze|zij|het|he|she|it) (?:is|was) )?(?:weer )?(?:gevonden|terecht|found)")
#: How long a draft waits for a yes, and how long what is over is remembered.
_PATIENCE, _KEPT = timedelta(days=1), timedelta(days=30)


def lost(ctx: Context, description: str) -> None:
    """Show somebody what the neighbours will read, and ask whether to send it."""
    mine = {"owner": ctx.person.id, "neighbourhood": ctx.here.id}
    if known := ctx.records.first(Pet, state=State.OPEN, **mine):
        ctx.reply(Text("one_at_a_time", description=known.description))
        return
    for draft in ctx.records.find(Pet, state=State.DRAFT, **mine):
        ctx.close_questions(thread=draft)
    pet = ctx.records.add(Pet(description=_CONTACT.sub("…", description), message=ctx.source, **mine))
    ctx.later(_PATIENCE, expire, pet.id, key=f"expire:{pet.id}")
    preview = Message(
        Text("preview", description=pet.description), (Choice("yes", Text("yes")), Choice("no", Text("no")))
    )
    ctx.ask(ctx.person, preview, "send", thread=pet, expires=_PATIENCE)


@answer("send")
def send(ctx: Context, given: Answer) -> None:
    """Tell everyone who opted in, or nobody."""
    pet = _pet(ctx, given)
    if pet is None or given.value != "yes":
        ctx.reply(Text("not_sent"))
        return
    pet.state, days = State.OPEN, ctx.settings(Settings).days
    wanted = Text("pet.lost", place=ctx.here.name, description=pet.description)
    told = ctx.audience.opted_in().without(pet.owner)
    seen = Choice("seen", Text("choice.seen"))
    ctx.broadcast(told, Message(wanted, (seen,), "seen", attachments=_photo(pet)), Severity.INFO, thread=pet)
    ctx.later(timedelta(days=days), expire, pet.id, key=f"expire:{pet.id}")
    ctx.reply(Message(Text("sent", count=days), (Choice("found", Text("choice.found")),), "found"), thread=pet)


@answer("seen")
def saw(ctx: Context, given: Answer) -> None:
    """Bring what a neighbour saw to the owner, and nothing of who he is."""
    pet = _pet(ctx, given)
    if pet is None or pet.state is not State.OPEN:
        ctx.reply(Text("is_over"))
        return
    where = _CONTACT.sub("…", given.text) if given.text else Text("where.asked")
    ctx.send(pet.owner, Text("pet.seen", description=pet.description, where=where), thread=pet)
    if given.text:
        ctx.reply(Text("passed_on"))
    else:
        ctx.ask(ctx.person, Message(Text("where.question")), "seen", free="any", thread=pet)


@answer("found")
def found(ctx: Context, said: Answer | str = "") -> None:
    """End the search of whoever says so, and tell those who were told: by a tap, a command, or in his own words."""
    pet = ctx.records.first(Pet, owner=ctx.person.id, neighbourhood=ctx.here.id, state=State.OPEN)
    if pet is None:
        ctx.reply(Text("no_search"))
        return
    _end(ctx, pet, "over.found", ctx.audience.reached_by(pet).without(pet.owner))
    ctx.reply(Text("glad"))


@timer("expire")
def expire(ctx: Context, pet: RecordId) -> None:
    """Close a search that goes on for too long; forget what was never sent, and what was over long ago."""
    known = ctx.records.get(Pet, pet)
    if known is not None and known.state is State.OPEN:
        _end(ctx, known, "over.expired", ctx.audience.reached_by(known))
    elif known is not None:
        ctx.records.remove(known)


def _end(ctx: Context, pet: Pet, how: str, told: Audience) -> None:
    pet.state = State.OVER
    ctx.withdraw(thread=pet)  # who was not told yet is not told any more
    ctx.broadcast(told, Text("pet.over", description=pet.description, how=Text(how)), Severity.INFO, thread=pet)
    ctx.later(_KEPT, expire, pet.id, key=f"expire:{pet.id}")


def _pet(ctx: Context, given: Answer) -> Pet | None:
    return ctx.records.get(Pet, given.thread.record) if given.thread is not None else None


def _photo(pet: Pet) -> tuple[Attachment, ...]:
    return (Attachment(pet.photo, "dier.jpg", "image/jpeg", "photo"),) if pet.photo is not None else ()


@hookimpl
def commands() -> list[Command]:
    """The words are in the catalogues: command.lost.words, command.found.words."""
    return [Command("lost", lost), Command("found", found, menu=False)]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """ "Gevonden" alone is enough, from somebody who is looking."""
    if _FOUND.fullmatch(fold(hearing.text)) is None:
        return None
    looking = hearing.ctx.records.first(Pet, owner=hearing.person.id, state=State.OPEN)
    return Guess(found, 0.9) if looking is not None else None


@hookimpl
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str) -> None:
    """The photo that came with somebody's words goes with them; it comes a moment later than they."""
    pet = ctx.records.first(Pet, owner=person, message=message, state=State.DRAFT)
    if pet is not None and mime.startswith("image/"):
        pet.photo = media
        ctx.extend_media(media, ctx.now + _KEPT)


@hookimpl
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Nobody here can be told any more by whoever left."""
    for pet in ctx.records.find(Pet, owner=person, neighbourhood=neighbourhood, state=State.OPEN):
        _end(ctx, pet, "over.expired", ctx.audience.reached_by(pet).without(person))


@hookimpl
def under_way(ctx: Context) -> Collection[Proof]:
    """Every search that is kept waits for its end."""
    return [UnderWay(Pet, [], ["expire:{id}"], "under_way.pet")]


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what somebody was looking for."""
    found = ctx.records.find(Pet, owner=person)
    return {"searches": [{"description": one.description, "at": one.created.isoformat()} for one in found]}


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Take away somebody's searches, and what was said about them."""
    for pet in ctx.records.find(Pet, owner=person):
        ctx.cancel(f"expire:{pet.id}")
        ctx.forget(pet)
        ctx.records.remove(pet)
