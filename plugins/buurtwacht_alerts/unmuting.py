"""Who ends his mute while an alert is open is shown it then, in its newest state."""

from __future__ import annotations

from buurtwacht import CARETAKERS, Context, Person, PersonId
from buurtwacht_alerts.alert import Alert, Copy, Relay, Status, home
from buurtwacht_alerts.muting import BY_MUTE, PassedOver
from buurtwacht_alerts.wording import for_caretakers, for_members


def show(ctx: Context, person: PersonId) -> None:
    """Show somebody the open alerts that his mute kept from him, each once."""
    spared = ctx.records.find(PassedOver, PassedOver.__table__.c.why.in_(BY_MUTE), person=person)
    who = ctx.people([person]).get(person)
    if not spared or who is None:
        return
    # It stays on record that he was spared it, for whoever asks why.
    ids = {one.alert for one in spared}
    for alert in ctx.records.find(Alert, Alert.__table__.c.id.in_(ids), status=Status.ACTIVE):
        if not any(one.arrived or one.state in ("queued", "sending") for one in ctx.deliveries(alert, person)):
            _show(ctx, alert, who)


def _show(ctx: Context, alert: Alert, who: Person) -> None:
    own = home(ctx, alert)
    where = _where(own, alert, who)
    if where is None:
        return
    place = who.membership(where.here.id)
    next_door = where.here.id if where.here.id != alert.neighbourhood else None
    full = next_door is None and place is not None and place.has(*CARETAKERS)
    content = for_caretakers(alert) if full else for_members(own, alert, relayed=next_door is not None, late=True)
    message = where.broadcast(where.audience.people([who.id]), content, alert.severity, thread=alert)
    alert.sent(message)
    own.records.add(Copy(alert=alert.id, message=message, people=[int(who.id)], neighbourhood=next_door, full=full))


def _where(own: Context, alert: Alert, who: Person) -> Context | None:
    """Return where he is shown it: its own neighbourhood, else one it was relayed to; None once he left."""
    here = {one.neighbourhood_id for one in who.active}
    if alert.neighbourhood in here:
        return own
    relayed = (one.neighbourhood for one in own.records.find(Relay, alert=alert.id) if one.message is not None)
    found = next((one for one in relayed if one in here), None)
    return own.within(own.neighbourhood_of(found)) if found is not None else None
