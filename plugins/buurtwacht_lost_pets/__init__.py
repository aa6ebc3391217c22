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
    Refusal,
    Severity,
    Text,
    UnderWay,
    answer,
    fold,
    hookimpl,
    timer,
)
from buurtwacht_lost_pets.sightings import Sighting, is_known, may_say_more


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
    begin(ctx, ctx.person.id, description, ctx.source)


def begin(ctx: Context, owner: PersonId, description: str, message: str | None) -> None:
    """Ask somebody whether this is to be sent, whether he typed it to us or another plugin told of it."""
    mine = {"owner": owner, "neighbourhood": ctx.here.id}
    if known := ctx.records.first(Pet, state=State.OPEN, **mine):
        one = Text("one_at_a_time", description=known.description)
        ctx.reply(one) if ctx.can_reply else ctx.send(owner, one)
        return
    for draft in ctx.records.find(Pet, state=State.DRAFT, **mine):
        ctx.close_questions(thread=draft)
    words = CONTACT.sub("…", description)
    pet = ctx.records.add(Pet(owner=owner, neighbourhood=ctx.here.id, description=words, message=message))
    ctx.later(PATIENCE, expire, pet.id, key=f"expire:{pet.id}")
    yes_no = [Choice("yes", Text("yes")), Choice("no", Text("no"))]
    preview = Message(Text("preview", description=pet.description), choices=yes_no)
    ctx.ask(owner, preview, "send", expires=PATIENCE, thread=pet)


@answer("send")
def send(ctx: Context, given: Answer) -> None:
    """Tell everyone who opted in, or nobody."""
    pet = ctx.records.get(Pet, given.thread)
    if pet is None or given.value != "yes":
        ctx.reply(Text("not_sent"))
        return
    pet.state, days = State.OPEN, ctx.settings(Settings).days
    wanted = Text("pet.lost", place=ctx.here.name, description=pet.description)
    asking = Message(wanted, choices=[Choice("seen", Text("choice.seen"))], answer="seen", attachments=photo_of(pet))
    ctx.broadcast(ctx.audience.opted_in().without(pet.owner), asking, Severity.INFO, thread=pet)
    ctx.later(timedelta(days=days), expire, pet.id, key=f"expire:{pet.id}")
    ctx.reply(Message(Text("sent", count=days), choices=[Choice("found", Text("choice.found"))], answer="found"))


def photo_of(pet: Pet) -> list[Attachment]:
    """Return the photo of a pet, if there is one."""
    return [] if pet.photo is None else [Attachment(pet.photo, "dier.jpg", "image/jpeg", "photo")]


@answer("seen")
def seen(ctx: Context, given: Answer) -> None:
    """Bring what a neighbour saw to the owner, and nothing of who he is."""
    pet = ctx.records.get(Pet, given.thread)
    if pet is None or pet.state is not State.OPEN:
        raise Refusal(Text("is_over"))
    if not may_say_more(ctx, pet.id):
        ctx.reply(Text("enough"))
        return
    known = is_known(ctx, pet.id)
    if given.text or not known:
        where = CONTACT.sub("…", given.text) if given.text else Text("where.asked")
        ctx.send(pet.owner, Text("pet.seen", description=pet.description, where=where), thread=pet)
        ctx.records.add(Sighting(pet=pet.id, person=ctx.person.id))
    if given.text:
        ctx.reply(Text("passed_on"))
    else:
        question = Text("where.again" if known else "where.question")
        ctx.ask(ctx.person, Message(question), "seen", free="any", thread=pet)


@answer("found")
def found(ctx: Context, said: Answer | str = "") -> None:
    """End the search of whoever says so, by a tap, a command or in his own words, and tell those who were told."""
    pet = ctx.records.first(Pet, owner=ctx.person.id, neighbourhood=ctx.here.id, state=State.OPEN)
    if pet is None:
        raise Refusal(Text("no_search"))
    end(ctx, pet, "over.found", ctx.audience.reached_by(pet).without(pet.owner))
    ctx.reply(Text("glad"))


@timer("expire")
def expire(ctx: Context, pet: RecordId) -> None:
    """Close a search that goes on for too long; forget what was never sent, and what was over long ago."""
    known = ctx.records.get(Pet, pet)
    if known is not None and known.state is State.OPEN:
        end(ctx, known, "over.expired", ctx.audience.reached_by(known))
    elif known is not None:
        forget(ctx, known)


def forget(ctx: Context, pet: Pet) -> None:
    """Take a search away, with who saw the pet."""
    ctx.records.remove_all(Sighting, Sighting.__table__.c.pet == pet.id)
    ctx.records.remove(pet)


def end(ctx: Context, pet: Pet, how: str, told: Audience) -> None:
    """Tell an audience how a search ended; who was not told of it yet is not told any more."""
    pet.state = State.OVER
    ctx.withdraw(thread=pet)
    ctx.broadcast(told, Text("pet.over", description=pet.description, how=Text(how)), Severity.INFO, thread=pet)
    ctx.later(KEPT, expire, pet.id, key=f"expire:{pet.id}")


@hookimpl
def commands() -> list[Command]:
    """The words that people type are in the catalogues: command.lost.words, command.found.words."""
    return [Command("lost", lost, takes=".+"), Command("found", found, menu=False)]


@hookimpl
def under_way(ctx: Context) -> list[UnderWay]:
    """Every search that is kept waits for its end; the core looks once a minute whether that timer is set."""
    return [UnderWay(Pet, [], ["expire:{id}"], "under_way")]


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what somebody was looking for, and how often he said that he saw a pet, for when he asks for his data."""
    searches = [one.description for one in ctx.records.find(Pet, owner=person)]
    return {"searches": searches, "sightings": len(ctx.records.find(Sighting, person=person))}


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Take away somebody's searches, and what was said about them."""
    for pet in ctx.records.find(Pet, owner=person):
        ctx.cancel(f"expire:{pet.id}")
        ctx.forget(pet)
        forget(ctx, pet)
    ctx.records.remove_all(Sighting, Sighting.__table__.c.person == person)


@hookimpl
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str) -> None:
    """Keep the photo that came with somebody's words; when it comes after the yes, send it after them."""
    pet = ctx.records.first(Pet, owner=person, message=message)
    if pet is None or pet.state is State.OVER or not mime.startswith("image/"):
        return
    pet.photo = media
    ctx.extend_media(media, ctx.now + KEPT)
    if pet.state is State.OPEN:
        photo = Message(Text("photo", description=pet.description), attachments=photo_of(pet))
        ctx.broadcast(ctx.audience.reached_by(pet).without(person), photo, Severity.INFO, thread=pet)
        ctx.send(person, Text("photo.sent"), severity=Severity.INFO, thread=pet)


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


@hookimpl(optionalhook=True)
def pet_reported(ctx: Context, person: PersonId, words: str, street: str, message: str) -> None:
    """Ask somebody who reported it in his own words whether this is to be sent; alerts make none of a lost pet."""
    named = not street or fold(street) in fold(words)
    begin(ctx, person, words if named else f"{words} ({street})", message)
