"""Noting what a round finds: a line for the municipality or the police, with a place or a photo; or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from buurtwacht import Answer, Attachment, Choice, Context, Lines, Location, Message, PersonId, Refusal, Text, answer
from buurtwacht_patrols import company, distress, findings, rosters, rounds, summing_up
from buurtwacht_patrols.records import Addressee, Assignment, LogEntry, Result, Shift, ShiftState
from buurtwacht_patrols.wording import local

#: Domain §2.6: so long a photo is kept.
KEPT = timedelta(hours=72)
#: A place or photo that comes so soon after a line belongs to it.
SOON = timedelta(minutes=10)
#: Findings are taken until so long after the round.
_AFTER = timedelta(hours=24)
_LONGEST = 600
_CHOICES = {
    Addressee.MUNICIPALITY: Choice("municipality", Text("log.for.municipality")),
    Addressee.POLICE: Choice("police", Text("log.for.police")),
    Addressee.NOBODY: Choice("nobody", Text("log.for.nobody")),
}


@dataclass(frozen=True, slots=True)
class Round:
    """The round to which a finding belongs, in its own neighbourhood."""

    ctx: Context
    shift: Shift
    group: list[Assignment]


def round_of(ctx: Context) -> Round:
    """Return the round that somebody walks or has just walked. Raises `Refusal` when there is none."""
    found = rounds.current(ctx, ctx.person.id)
    if found is None or ctx.now - found[0].ends > _AFTER:
        raise Refusal(Text("log.no_round"))
    # Who set out before the planned start walks already.
    if found[0].starts > ctx.now and ctx.person.id not in rounds.check_ins(ctx, found[0]):
        raise Refusal(Text("log.no_round"))
    return Round(rosters.home(ctx, found[0].neighbourhood), *found)


def log(ctx: Context, text: str) -> None:
    """Write down a finding and say for whom it is taken to be; one that fits nobody is asked about."""
    walked = round_of(ctx)
    if findings.is_incident(text):
        walked.shift.result = Result.INCIDENT
    elif walked.shift.result is not Result.INCIDENT:
        walked.shift.result = Result.PARTICULARS
    entry = _keep(walked, findings.without_addressee(text)[:_LONGEST], findings.addressee(text))
    others = [choice for one, choice in _CHOICES.items() if one is not entry.addressee]
    if entry.addressee is Addressee.NOBODY:
        content = Message(Text("log.for_whom", text=entry.text), choices=list(_CHOICES.values()))
    else:
        content = Message(Text(f"log.noted.{entry.addressee.value}", text=entry.text), choices=others)
    walked.ctx.ask(ctx.person, content, "addressee", payload={"entry": entry.id}, repeatable=True, thread=walked.shift)
    _add_later(walked, entry)


def _keep(walked: Round, text: str, addressee: Addressee, *, media: int | None = None, mime: str = "") -> LogEntry:
    ctx = walked.ctx
    return ctx.records.add(
        LogEntry(
            neighbourhood=walked.shift.neighbourhood,
            shift=walked.shift.id,
            person=ctx.person.id,
            at=ctx.now,
            text=distress.without_numbers(text),
            addressee=addressee,
            point=_point(ctx.location),
            message=ctx.source,
            media=media,
            mime=mime,
        )
    )


def _point(location: Location | None) -> str:
    return f"{location.latitude:.5f},{location.longitude:.5f}" if location is not None else ""


def _add_later(walked: Round, entry: LogEntry) -> None:
    """What comes after the summary goes to who plans as well."""
    if walked.shift.state is not ShiftState.WALKED:
        return
    letter = Text("summary.later", short=walked.shift.short, findings=Lines(*summing_up.by_addressee([entry])))
    company.tell(walked.ctx, company.planners(walked.ctx), letter, walked.shift, held=True)


@answer("addressee")
def addressed(ctx: Context, said: Answer) -> None:
    """The walker says for whom his finding is."""
    entry = ctx.records.get(LogEntry, int(said.payload["entry"]))
    if entry is None or entry.person != ctx.person.id:
        raise Refusal(Text("log.gone"))
    entry.addressee = Addressee(said.value)
    ctx.reply(Text(f"log.moved.{said.value}"))


def nothing(ctx: Context) -> None:
    """Nothing to report: that too is a result."""
    walked = round_of(ctx)
    if walked.shift.result not in (Result.PARTICULARS, Result.INCIDENT):
        walked.shift.result = Result.NOTHING
    walked.ctx.reply(Text("log.nothing"), thread=walked.shift)


def reported(ctx: Context) -> None:
    """The walkers told the officer on duty that they walk (domain §2.8)."""
    walked = round_of(ctx)
    walked.shift.reported_at = ctx.now
    walked.ctx.reply(Text("log.reported", at=local(walked.ctx, ctx.now)), thread=walked.shift)


# --- places and photos -----------------------------------------------------------------------------------------------


def newest(ctx: Context, who: PersonId) -> LogEntry | None:
    """Return what somebody noted last, if that was a moment ago."""
    columns = LogEntry.__table__.c
    return ctx.records.first(
        LogEntry, columns.at > ctx.now - SOON, person=who, event="", order=[columns.at.desc(), columns.id.desc()]
    )


def located(ctx: Context, text: str) -> None:
    """A place that comes after a finding is where it was found."""
    entry = newest(ctx, ctx.person.id)
    assert entry is not None
    entry.point = _point(ctx.location)
    ctx.reply(Text("log.located"))


def pictured(ctx: Context, text: str) -> None:
    """A photo that comes after a finding belongs to it: the file follows, and finds it by its message."""
    entry = newest(ctx, ctx.person.id)
    assert entry is not None
    entry.message = ctx.source


def arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str) -> None:
    """The file of a photo came: keep it, encrypted, for 72 hours, and show it to who plans; never to members."""
    if not message or not mime.startswith("image/"):
        return
    entry = ctx.records.first(LogEntry, message=message, person=person, event="")
    if entry is None:
        return
    entry.media, entry.mime = media, mime
    ctx.extend_media(media, ctx.now + KEPT)
    here = rosters.home(ctx, entry.neighbourhood)
    ctx.send(person, Text("log.photo_kept"))
    photo = Attachment(media, "foto.jpg", mime, "photo")
    letter = Message(Text("log.photo", line=summing_up.line_of(entry)), attachments=(photo,))
    here.send_each(dict.fromkeys(company.planners(here, person), letter), held=True)
