"""The package: all that an official reads of an alert, in one message, and what he can answer (domain §2.9)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

from buurtwacht import Choice, Context, Fact, Lines, Message, Severity, Text, Thread
from buurtwacht_escalation.changes import additions
from buurtwacht_escalation.records import Escalation, Incident, Reply
from buurtwacht_escalation.spots import map_link, plus_code

#: For whom it is put into words: preview is what a co-ordinator sees of it before he says yes.
Reader: TypeAlias = Literal["official", "caretaker", "preview"]

#: What can be answered, in the order of the buttons; their values are those of `Reply`.
ANSWERS = tuple(Choice(str(one), Text(f"answer.{one}")) for one in (Reply.CONFIRMED, Reply.TAKEN, Reply.DECLINED))

_PLACE, _WHAT, _DETAIL, _REASON = 80, 300, 120, 300
_CALLED = frozenset({"reporter", "someone_else", "not_yet", "not_needed"})


def package(ctx: Context, escalation: Escalation, incident: Incident, reader: Reader = "official") -> Message:
    """Return the package, with its answers unless it is a preview; everything in it but who reported (domain §2.9).

    The first line carries the sense on a lock screen. It says what people stated about the emergency number, and
    promises nothing.
    """
    facts = incident.facts
    whole: dict[str, Fact] = {
        "label": _heading(escalation, incident),
        "place": place(incident),
        "at": moment(ctx, _moment(facts.get("happened_at")) or incident.opened_at),
        "called": called(incident),
        "details": _details(ctx, escalation, incident),
        "question": Text(f"question.{escalation.question or 'info'}"),
        "asker": asker(ctx, escalation),
        "short": incident.short,
    }
    if reader == "preview":
        return Message(Text("package.preview", package=Text("package", **whole)))  # type: ignore[arg-type] # no domain
    key = "package" if reader == "official" else "package.caretaker"
    return Message(Text(key, **whole), choices=ANSWERS)  # type: ignore[arg-type] # none of them is called domain


def label(incident: Incident) -> Text:
    """Return the name of the alert's category, as alerts show it."""
    return Text(f"category.{incident.facts.get('category') or 'other'}", domain="alerts")


def place(incident: Incident) -> Text | str:
    """Return where it is, in one short line."""
    found = _said(incident, "place", _PLACE) or _said(incident, "street", _PLACE)
    return found or Text("place.point" if _point(incident) else "place.unknown")


def called(incident: Incident) -> Text:
    """Return what somebody said about the emergency number, with its time, as alerts show it."""
    status, at = str(incident.facts.get("called_112")), _moment(incident.facts.get("called_at"))
    if status not in _CALLED or at is None:
        return Text("called.unknown", domain="alerts")
    return Text(f"called.{status}", domain="alerts", at=at)


def moment(ctx: Context, at: datetime) -> Text:
    """Return a moment as it is read today: by the clock, with its day when it was another."""
    same = at.astimezone(ctx.now.tzinfo).date() == ctx.now.date()
    return Text("moment.time" if same else "moment.day", at=at)


def asker(ctx: Context, escalation: Escalation) -> Text:
    """Return who asks. A neighbour is never named: a co-ordinator answers for what leaves the neighbourhood (R43)."""
    where = ctx.neighbourhood_of(escalation.neighbourhood).name
    approved, requested = escalation.approved_by, escalation.requested_by
    if approved is None:
        return Text("asker.rule" if requested is None else "asker.neighbour", neighbourhood=where)
    key = (
        "asker.caretaker" if requested == approved else "asker.rule.approved" if requested is None else "asker.approved"
    )
    return Text(key, who=ctx.name_of(approved), neighbourhood=where)


def _heading(escalation: Escalation, incident: Incident) -> Text:
    if escalation.severity is Severity.CRITICAL:
        return Text("label.critical", label=label(incident))
    return label(incident)


def _details(ctx: Context, escalation: Escalation, incident: Incident) -> Lines:
    facts = incident.facts
    lines: list[Text | None] = [_line("behaviour", _said(incident, "behaviour", _WHAT))]
    lines += [_line(name, _said(incident, name, _DETAIL)) for name in ("description", "vehicle")]
    lines.append(_line("plate", _clipped(", ".join(plates_of(incident)), _DETAIL)))
    lines.append(_line("direction", _said(incident, "direction", _DETAIL)))
    added = [one for one in additions(ctx, incident) if one != facts.get("direction")]
    return Lines(
        *lines,
        *(Text("update.addition", said=_clipped(one, _DETAIL)) for one in added),
        _where(ctx, escalation, incident),
        _seen(ctx, incident),
        _counted("witnesses", facts.get("witnesses")),
        _counted("photos", len(photos_of(incident))),
        _counted("neighbours", _warned(ctx, incident)),
        _line("reason", " ".join(escalation.reason.split())[:_REASON]),
    )


def photos_of(incident: Incident) -> list[int]:
    """Return the ids of the photos that are kept of an alert."""
    found = incident.facts.get("media")
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []


def _where(ctx: Context, escalation: Escalation, incident: Incident) -> Text | None:
    """Return where it is on the map: the place that was shared, else that of its street."""
    if point := _point(incident):
        return Text("detail.where", code=plus_code(point), link=map_link(point))
    street = str(incident.facts.get("street") or "").casefold()
    listed = ctx.neighbourhood_of(escalation.neighbourhood).streets
    for one in listed if street else ():
        if one.name.casefold() == street and one.latitude is not None and one.longitude is not None:
            spot = (one.latitude, one.longitude)
            return Text("detail.where.street", code=plus_code(spot), link=map_link(spot))
    return None


def plates_of(incident: Incident) -> list[str]:
    """Return every number plate that was named, in full: for officials only (domain §2.6)."""
    found = incident.facts.get("plates")
    if isinstance(found, list):
        return [str(one) for one in found]
    return [plate] if (plate := _said(incident, "plate", _DETAIL)) else []


def _seen(ctx: Context, incident: Incident) -> Text | None:
    first = _moment(incident.facts.get("happened_at"))
    last = _moment(incident.facts.get("last_seen_at"))
    if first is None or last is None or last <= first:
        return None
    return Text("detail.seen", first=moment(ctx, first), last=moment(ctx, last))


def _warned(ctx: Context, incident: Incident) -> int:
    """Return how many neighbours were shown the alert by now; its reporter is none of them."""
    reached = ctx.reached(Thread("alerts", incident.alert, incident.short))
    return sum(one.arrived and one.person != incident.reporter for one in reached)


def _line(name: str, said: str) -> Text | None:
    return Text(f"detail.{name}", said=said) if said else None


def _counted(name: str, count: object) -> Text | None:
    return Text(f"detail.{name}", count=count) if isinstance(count, int) and count > 0 else None


def _said(incident: Incident, name: str, longest: int) -> str:
    return _clipped(" ".join(str(incident.facts.get(name) or "").split()), longest)


def _clipped(said: str, longest: int) -> str:
    return said if len(said) <= longest else said[: longest - 1].rstrip() + "…"


def _point(incident: Incident) -> tuple[float, float] | None:
    found = incident.facts.get("point")
    if isinstance(found, list | tuple) and len(found) == 2:
        return float(found[0]), float(found[1])
    return None


def _moment(told: object) -> datetime | None:
    return datetime.fromisoformat(told) if isinstance(told, str) and told else None
