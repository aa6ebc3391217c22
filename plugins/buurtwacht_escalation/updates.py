"""What changes in an alert while officials have it: one short line for them, at most one a minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from buurtwacht import Context, Lines, PersonId, Text, timer
from buurtwacht_escalation import photos, telling
from buurtwacht_escalation.changes import Change
from buurtwacht_escalation.package import called, photos_of
from buurtwacht_escalation.records import HELD, Escalation, Incident, Reply, State, asked_in, running_of
from buurtwacht_escalation.sharing import offices

#: At most one line about an alert in so long.
_APART = timedelta(minutes=1)
#: What one message of a neighbour changes (a direction, its addition, a photo) is told one after the other.
_PATIENCE = timedelta(seconds=2)
_CONCERNED = frozenset({Reply.ASKED, Reply.CONFIRMED, Reply.TAKEN})
#: Where somebody has it, or is thinking about it.
_CURRENT = HELD | {State.ASKING}


def changed(ctx: Context, incident: Incident, what: str, text: str) -> None:
    """Tell the officials who have it, or were asked, what changed; what comes within a minute goes as one line.

    `incident` has the new facts already. A direction is told in full when it comes as an addition too, so once.
    """
    if what not in ("called_112", "addition", "direction", "photo", "plate"):
        return
    change = Change(incident=incident.id, what=what, text=" ".join(text.split()))
    ctx.records.add(change)
    if not _open_ones(ctx, incident):
        change.told_at = ctx.now  # it stands in the package of whoever is asked later
        return
    table = Change.__table__.c
    before = ctx.records.first(Change, table.told_at.is_not(None), incident=incident.id, order=[table.told_at.desc()])
    since = ctx.now - before.told_at if before is not None and before.told_at is not None else _APART
    ctx.later(max(_APART - since, _PATIENCE), tell, incident.id, key=f"changes:{incident.id}")


@timer("changes")
def tell(ctx: Context, incident: int) -> None:
    """Say all that changed since the last line in one."""
    known = ctx.records.get(Incident, incident)
    waiting = ctx.records.find(Change, incident=incident, told_at=None)
    if known is None or not waiting or not known.is_open:
        return
    said = Lines(*_lines(known, waiting))
    has_photos = any(one.what == "photo" for one in waiting)
    for one in waiting:
        one.told_at = ctx.now
    told: set[PersonId] = set()
    for escalation in _open_ones(ctx, known):
        asked = [one for one in asked_in(ctx, escalation) if one.state in _CONCERNED and one.message]
        officials = offices(ctx, asked)
        to = [one for one in officials if one not in told]
        told.update(to)
        if not to:
            continue
        if said.texts:
            text = Text("told.asked", short=known.short, news=Text("news.update", said=said))
            ctx.send(to, text, thread=telling.about(escalation))
        if has_photos:
            photos.offer(ctx, escalation, known, to)


def _lines(incident: Incident, changes: Iterable[Change]) -> Iterable[Text]:
    kinds = {one.what for one in changes}
    additions = [one.text for one in changes if one.what == "addition" and one.text]
    if "called_112" in kinds:
        yield Text("update.called", called=called(incident))
    direction = str(incident.facts.get("direction") or "")
    if "direction" in kinds and direction and not any(direction in text for text in additions):
        yield Text("detail.direction", said=direction)
    for text in dict.fromkeys(additions):
        yield Text("update.addition", said=text)
    if plates := [one.text for one in changes if one.what == "plate"]:
        yield Text("detail.plate", said=", ".join(plates))
    if "photo" in kinds and (count := len(photos_of(incident))):
        yield Text("detail.photos", count=count)


def _open_ones(ctx: Context, incident: Incident) -> list[Escalation]:
    return [one for one in running_of(ctx, incident) if one.state in _CURRENT]
