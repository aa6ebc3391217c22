"""The photos of an alert: for officials only, behind links that work once; kept while an official may need them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Lines, Message, PersonId, Severity, Text, answer, timer
from buurtwacht_escalation.package import photos_of
from buurtwacht_escalation.records import Asked, Escalation, Incident, get, incident_of, log
from buurtwacht_escalation.sharing import office
from buurtwacht_escalation.telling import about

#: A link is good for so long (domain §4.4.8).
LASTS = timedelta(minutes=15)
#: Domain §2.6: 72 hours, longer once an official asked; looked after anew before they are over.
KEPT, AGAIN = timedelta(hours=72), timedelta(hours=48)
#: The offer stands as long as an escalation is kept; whether the photos are still there is seen at the tap.
_OFFERED = timedelta(days=14)

_SEE = (Choice("see", Text("photos.see")),)


def offer(ctx: Context, escalation: Escalation, incident: Incident, people: Collection[PersonId]) -> None:
    """Offer the photos that are kept, in a message of its own: the package keeps three buttons, one tap each."""
    count = len(photos_of(incident))
    if not count or not people:
        return
    ctx.ask_all(
        people,
        Message(Text("photos.offer", short=incident.short, number=count), choices=_SEE),
        "photos",
        payload={"escalation": escalation.id},
        repeatable=True,
        expires=_OFFERED,
        severity=Severity.INFO,
        thread=about(escalation),
    )


@answer("photos")
def wanted(ctx: Context, given: Answer) -> None:
    """Give new links, each good for 15 minutes and once; only to an official who was asked."""
    escalation = get(ctx, int(given.payload.get("escalation", 0)))
    asked = ctx.records.first(Asked, escalation=escalation.id, person=ctx.person.id) if escalation else None
    if escalation is None or asked is None:
        ctx.reply(Text("photos.gone"))
        return
    own = ctx.within(ctx.neighbourhood_of(escalation.neighbourhood))
    if office(own, asked) is None:
        own.reply(Text("photos.refused"), thread=about(escalation))
        own.note("escalation_photos_refused", escalation.short)
        return
    media = photos_of(incident_of(own, escalation))
    if not media:
        own.reply(Text("photos.gone"), thread=about(escalation))
        return
    links = Lines(*(own.media_link(one, lasts=LASTS, about=asked.person) for one in media))
    until = own.after(LASTS)
    own.reply(Text("photos.links", short=escalation.short, links=links, until=until), thread=about(escalation))
    log(own, escalation, "photos", person=asked.person, audit={"photos": len(media)})
    if escalation.is_running:
        _keep(own, escalation, media)


@timer("photos")
def still_needed(ctx: Context, escalation: int) -> None:
    """Keep the photos on as long as the escalation runs; afterwards they go when their time is over."""
    known = get(ctx, escalation)
    if known is not None and known.is_running:
        _keep(ctx, known, photos_of(incident_of(ctx, known)))


def _keep(ctx: Context, escalation: Escalation, media: list[int]) -> None:
    for one in media:
        ctx.extend_media(one, ctx.after(KEPT))
    ctx.later(AGAIN, still_needed, escalation.id, key=f"photos:{escalation.id}")
