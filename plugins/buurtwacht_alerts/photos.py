"""Photos that come with a report or after it: kept, and shown as far as the policy goes (§2.6); never in the alert."""

from __future__ import annotations

from buurtwacht import Attachment, Choice, Context, Message, PersonId, Text
from buurtwacht_alerts import additions, caretakers
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, Status, log
from buurtwacht_alerts.categories import CATEGORIES, Photos
from buurtwacht_alerts.facts import tell_updated
from buurtwacht_alerts.settings import PHOTOS_KEPT, AlertSettings, PhotoPolicy

#: Without an entry it waits for the next update.
_STATES = {
    PhotoPolicy.OFFICIALS_ONLY: AdditionState.KEPT_BACK,
    PhotoPolicy.MODERATED: AdditionState.OFFERED,
}


def arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str, taken_by: str) -> None:
    """Do with a photo what the neighbourhood decided, and tell who sent it."""
    alert = _belongs_to(ctx, person, message)
    if alert is None and taken_by in ("", "core", ctx.plugin):
        alert = _newest_open(ctx, person)
    if alert is None or not mime.startswith("image/"):
        return
    policy = _policy(ctx, alert)
    if policy is PhotoPolicy.OFF:
        ctx.extend_media(media, ctx.now)
        ctx.send(person, Text("photo.off"), thread=alert)
        return
    ctx.extend_media(media, ctx.now + PHOTOS_KEPT)
    addition = Addition(
        alert=alert.id,
        person=person,
        text="",
        message=message,
        at=ctx.now,
        state=_STATES.get(policy, AdditionState.WAITING),
        media=media,
        mime=mime,
    )
    ctx.records.add(addition)
    log(ctx, alert, "photo", new=policy)
    if alert.is_open:
        tell_updated(ctx, alert, "photo", fresh=[addition])
    ctx.send(person, Text(f"photo.{policy}"), thread=alert)
    if policy is PhotoPolicy.MODERATED:
        _ask(ctx, alert, addition)
    elif policy is PhotoPolicy.MEMBERS:
        additions.share_photo(ctx, alert, addition)


def _belongs_to(ctx: Context, person: PersonId, message: str) -> Alert | None:
    """Return the alert whose report, or whose addition, a photo came with."""
    alert = ctx.records.first(Alert, message=message, reporter=person)
    if alert is not None and alert.status is Status.CLOSED and alert.similar_to is not None:
        return ctx.records.get(Alert, alert.similar_to)
    if alert is not None:
        return alert
    addition = ctx.records.first(Addition, message=message, person=person)
    if addition is not None:
        return ctx.records.get(Alert, addition.alert)
    return None


def _newest_open(ctx: Context, person: PersonId) -> Alert | None:
    """Return somebody's newest report that is open: what came without words, or with words nobody else took, is its."""
    table = Alert.__table__.c
    return ctx.records.first(Alert, table.status != Status.CLOSED, reporter=person, order=table.reported_at.desc())


def _policy(ctx: Context, alert: Alert) -> PhotoPolicy:
    """Return the neighbourhood's policy, as far as the category allows it: a missing child needs consent first."""
    policy = ctx.settings(AlertSettings).photos
    narrow = CATEGORIES[alert.category].photos in (Photos.NONE, Photos.CONSENT, Photos.HELD)
    return PhotoPolicy.OFFICIALS_ONLY if narrow and policy is not PhotoPolicy.OFF else policy


def _ask(ctx: Context, alert: Alert, addition: Addition) -> None:
    assert addition.media is not None
    choices = (
        Choice(f"pass:{addition.id}", Text("addition.pass")),
        Choice(f"keep:{addition.id}", Text("addition.keep")),
    )
    photo = Attachment(addition.media, "foto.jpg", addition.mime, "photo")
    content = Message(Text("photo.caretaker", short=alert.short), choices, "pass_on", attachments=(photo,))
    caretakers.tell(ctx, alert, content, alert.severity)
