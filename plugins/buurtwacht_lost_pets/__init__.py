"""Lost pets: tell the neighbours who want to know, bring what they saw to the owner, and say how it ended."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

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


class Settings(BaseModel, extra="forbid", frozen=True):
    """The table [plugins.lost_pets] of plugins.toml: `days` is how long a search stays open."""

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
    state: State = State.DRAFT
    message: str | None = None
    photo: int | None = None


#: How long a draft waits for a yes, and how long what is over is remembered.
PATIENCE, KEPT = timedelta(days=1), timedelta(days=30)
#: Telephone numbers and mail addresses: neighbours answer below the message, and need none.
CONTACT = re.compile(r"\+?\d[\d ().-]{6,}\d|\S+@\S+")


def lost(ctx: Context, description: str) -> None:
    """Show somebody what the neighbours will read, and ask whether to send it."""
    mine = {"owner": ctx.person.id, "neighbourhood": ctx.here.id}
    if known := ctx.records.first(Pet, state=State.OPEN, **mine):
        ctx.reply(Text("one_at_a_time", description=known.description))
        return
    for draft in ctx.records.find(Pet, state=State.DRAFT, **mine):
        ctx.close_questions(thread=draft)
    words = CONTACT.sub("…", description)
    pet = Pet(owner=ctx.person.id, neighbourhood=ctx.here.id, description=words, message=ctx.source)
    ctx.records.add(pet)
    ctx.later(PATIENCE, expire, pet.id, key=f"expire:{pet.id}")
    yes_no = [Choice("yes", Text("yes")), Choice("no", Text("no"))]
    preview = Message(Text("preview", description=pet.description), choices=yes_no)
    ctx.ask(ctx.person, preview, "send", expires=PATIENCE, thread=pet)


@answer("send")
def send(ctx: Context, given: Answer) -> None:
    """Tell everyone who opted in, or nobody."""
    pet = pet_of(ctx, given)
    if pet is None or given.value != "yes":
        ctx.reply(Text("not_sent"))
        return
    pet.state, days = State.OPEN, ctx.settings(Settings).days
    wanted = Text("pet.lost", place=ctx.here.name, description=pet.description)
    photo = [] if pet.photo is None else [Attachment(pet.photo, "dier.jpg", "image/jpeg", "photo")]
    asking = Message(wanted, choices=[Choice("seen", Text("choice.seen"))], answer="seen", attachments=photo)
    ctx.broadcast(ctx.audience.opted_in().without(pet.owner), asking, Severity.INFO, thread=pet)
    ctx.later(timedelta(days=days), expire, pet.id, key=f"expire:{pet.id}")
    ctx.reply(Message(Text("sent", count=days), choices=[Choice("found", Text("choice.found"))], answer="found"))


@answer("seen")
def seen(ctx: Context, given: Answer) -> None:
    """Bring what a neighbour saw to the owner, and nothing of who he is."""
    pet = pet_of(ctx, given)
    if pet is None or pet.state is not State.OPEN:
        ctx.reply(Text("is_over"))
        return
    where = CONTACT.sub("…", given.text) if given.text else Text("where.asked")
    ctx.send(pet.owner, Text("pet.seen", description=pet.description, where=where), thread=pet)
    if given.text:
        ctx.reply(Text("passed_on"))
    else:
        ctx.ask(ctx.person, Message(Text("where.question")), "seen", free="any", thread=pet)


@answer("found")
def found(ctx: Context, said: Answer | str = "") -> None:
    """End the search of whoever says so, by a tap, a command or in his own words, and tell those who were told."""
    pet = ctx.records.first(Pet, owner=ctx.person.id, neighbourhood=ctx.here.id, state=State.OPEN)
    if pet is None:
        ctx.reply(Text("no_search"))
        return
    end(ctx, pet, "over.found", ctx.audience.reached_by(pet).without(pet.owner))
    ctx.reply(Text("glad"))


@timer("expire")
def expire(ctx: Context, pet: RecordId) -> None:
    """Close a search that goes on for too long; forget what was never sent, and what was over long ago."""
    known = ctx.records.get(Pet, pet)
    if known is not None and known.state is State.OPEN:
        end(ctx, known, "over.expired", ctx.audience.reached_by(known))
    elif known is not None:
        ctx.records.remove(known)


def end(ctx: Context, pet: Pet, how: str, told: Audience) -> None:
    """Tell an audience how a search ended; who was not told of it yet is not told any more."""
    pet.state = State.OVER
    ctx.withdraw(thread=pet)
    ctx.broadcast(told, Text("pet.over", description=pet.description, how=Text(how)), Severity.INFO, thread=pet)
    ctx.later(KEPT, expire, pet.id, key=f"expire:{pet.id}")


def pet_of(ctx: Context, given: Answer) -> Pet | None:
    """Return the search that a message was about, if it is still known."""
    return ctx.records.get(Pet, given.thread.record) if given.thread is not None else None


@hookimpl
def commands() -> list[Command]:
    """The words that people type are in the catalogues: command.lost.words, command.found.words."""
    return [Command("lost", lost), Command("found", found, menu=False)]


@hookimpl
def under_way(ctx: Context) -> list[UnderWay]:
    """Every search that is kept waits for its end; the core looks once a minute whether that timer is set."""
    return [UnderWay(Pet, [], ["expire:{id}"], "under_way")]


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what somebody was looking for, for when he asks for his data."""
    return {"searches": [one.description for one in ctx.records.find(Pet, owner=person)]}


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Take away somebody's searches, and what was said about them."""
    for pet in ctx.records.find(Pet, owner=person):
        ctx.cancel(f"expire:{pet.id}")
        ctx.forget(pet)
        ctx.records.remove(pet)


@hookimpl
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str) -> None:
    """Keep the photo that came with somebody's words; it comes a moment later than they."""
    pet = ctx.records.first(Pet, owner=person, message=message, state=State.DRAFT)
    if pet is not None and mime.startswith("image/"):
        pet.photo = media
        ctx.extend_media(media, ctx.now + KEPT)


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Take "gevonden" alone as the end of a search, from somebody who is looking."""
    if fold(hearing.text) not in ("gevonden", "hij is weer thuis", "ze is weer thuis", "found", "terecht"):
        return None
    looking = hearing.ctx.records.first(Pet, owner=hearing.person.id, state=State.OPEN)
    return Guess(found, certainty=0.9) if looking is not None else None


@hookimpl
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Close the search of somebody who left: what neighbours see cannot be brought to him any more."""
    for pet in ctx.records.find(Pet, owner=person, neighbourhood=neighbourhood, state=State.OPEN):
        end(ctx, pet, "over.expired", ctx.audience.reached_by(pet).without(person))
