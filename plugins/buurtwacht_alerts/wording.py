"""An alert in words: what members see of it, what co-ordinators see of it, and how a changed 112 status is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias

from buurtwacht import Choice, Context, Fact, Lines, Message, PersonName, Text, without_promises
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, Value, home
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.covered import said, without_contacts
from buurtwacht_alerts.masks import MARKS, mask, neutral, problems, unmarked, without_numbers
from buurtwacht_alerts.plates import find_plates, partly
from buurtwacht_alerts.settings import AlertSettings, PlatePolicy

#: What members may read of a text, with marks where something is hidden (`covered.said` puts those into words);
#: empty when nothing of it may be read.
Mask: TypeAlias = Callable[[str], str]

#: R9: which instruction belongs to which category; the others keep a safe distance.
_INSTRUCTIONS = {
    "suspicious_person": "do.inside",
    "suspicious_vehicle": "do.inside",
    "burglary_now": "do.inside",
    "burglary_found": "do.inside",
    "doorstep_scam": "do.scam",
    "fire": "do.away",
    "gas": "do.away",
}

#: So many updates of so many signs stand in an alert that is shown late: a template holds 1024 in all (Cloud API).
UPDATES = 3
UPDATE_LENGTH = 120

#: The answers under an alert; their numbers never change (R22).
ANSWERS = tuple(Choice(value, Text(f"answer.{value}")) for value in Value)


def masker(ctx: Context, *, confirmed: bool = False) -> Mask:
    """Return what makes a text fit for the members of this neighbourhood (R6, and the policy for texts).

    Unless a co-ordinator has `confirmed` its source, nothing in it may say that help is on its way.
    """
    names = ctx.names()
    plates = ctx.settings(AlertSettings).plates
    streets = [street.name for street in ctx.here.streets]

    def masked(text: str) -> str:
        fit = unmarked(text)
        fit = neutral(fit) if problems(fit) else fit
        fit = fit if confirmed else without_promises(fit)
        return mask(fit, names, plates.value, MARKS, streets=streets).text if fit else ""

    return masked


def instruction(alert: Alert) -> Text:
    """Return what to do, by category (R9)."""
    return Text(_INSTRUCTIONS.get(alert.category, "do.distance"))


def called(alert: Alert) -> Text:
    """Return the line about the emergency number; it only says what a person said."""
    if alert.called is Called112.UNKNOWN or alert.called_at is None:
        return Text("called.unknown")
    return Text(f"called.{alert.called}", at=alert.called_at)


def label(alert: Alert) -> Text:
    """Return the name of the alert's category, as it stands in a heading."""
    return Text(f"category.{alert.category}")


def when(alert: Alert) -> Text | datetime:
    """Return when it was, as far as anybody said: a catalogue shows it as a time unless it says otherwise."""
    return alert.at if alert.when is None else Text(f"when.{alert.when}", at=alert.at)


def place(alert: Alert, masked: Mask | None = None) -> Text | str:
    """Return where it is, never with a house number."""
    shown = masked(alert.place) if masked is not None else alert.place
    return said(clipped(shown, 80)) or Text("place.unknown" if alert.point is None else "place.shared")


def clipped(text: str, length: int) -> str:
    """Return a text of at most so many signs."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def for_members(
    ctx: Context,
    alert: Alert,
    *,
    relayed: bool = False,
    late: bool = False,
    brief: Text | None = None,
    fresh: Iterable[Addition] = (),
) -> Message:
    """Return the alert as members see it, in the order of lock screens: the sense first, the instruction, the id.

    Who is shown it `late` or next door did not get the updates before: the newest stand in it, those that this very
    handler shares (`fresh`) too.
    """
    own = home(ctx, alert)
    masked = masker(own)
    updates = _newest(own, alert, masked, fresh) if relayed or late else []
    origin: dict[str, Fact] = {"origin": own.here.name} if relayed else {}
    facts: dict[str, Fact] = {
        "severity": Text(f"severity.{alert.severity}"),
        "label": label(alert),
        "place": place(alert, masked),
        "at": when(alert),
        "what": said(clipped(masked(alert.behaviour), 260)) or Text("what.unknown"),
        "details": _details(
            alert,
            masked,
            _plate(alert, own.settings(AlertSettings).plates),
            *updates,
        ),
        "instruction": instruction(alert),
        "short": alert.short,
    }
    if not alert.severity.presses:
        line = {name: facts[name] for name in ("severity", "label", "place", "at", "what", "short")}
        key = "alert.digest_relayed" if relayed else "alert.digest"
        digest = Text(key, domain="", **origin, **line, updates=Lines(*updates))
        text = Text("alert.notice_relayed" if relayed else "alert.notice", domain="", **origin, **facts)
        return Message(text, brief=brief, digest=digest)
    key = "alert.relayed" if relayed else "alert"
    text = Text(key, domain="", called=called(alert), **origin, **facts)
    return Message(text, choices=ANSWERS, answer="acknowledge", standing=True, brief=brief)


def for_caretakers(alert: Alert, *, brief: Text | None = None, words: int = 280) -> Message:
    """Return the alert with everything in it, for those who look after the neighbourhood (R5).

    Of the reporter's own words so many signs are shown: a template holds 1024 in all (Cloud API).
    """
    text = Text(
        "alert.caretaker",
        severity=Text(f"severity.{alert.severity}"),
        label=label(alert),
        place=place(alert),
        at=when(alert),
        called=called(alert),
        what=without_contacts(clipped(alert.behaviour, 160)) or Text("what.unknown"),
        details=_details(alert, without_numbers, Text("detail.plate", plate=alert.plate) if alert.plate else None),
        instruction=instruction(alert),
        who=PersonName(alert.reporter) if alert.reporter is not None else None,
        words=without_contacts(clipped(alert.words, words)),
        short=alert.short,
    )
    return Message(text, choices=ANSWERS, answer="acknowledge", standing=True, brief=brief)


def called_brief(alert: Alert) -> Text:
    """Return the one short line for who cannot be shown an edit (R8)."""
    return Text("called.brief", short=alert.short, called=called(alert))


def _newest(own: Context, alert: Alert, masked: Mask, fresh: Iterable[Addition]) -> list[Text]:
    """Return the last updates that members were shown, the oldest of them first."""
    shared = own.records.find(Addition, alert=alert.id, state=AdditionState.SHARED)
    every = {one.id: one for one in (*shared, *fresh)}.values()
    lines = [clipped(masked(one.text), UPDATE_LENGTH) for one in sorted(every, key=lambda one: (one.at, one.id))]
    return [Text("detail.update", said=said(line)) for line in lines if line][-UPDATES:]


def _details(alert: Alert, masked: Mask, plate: Text | None, *more: Text) -> Lines:
    lines: list[Text | None] = []
    for name in ("vehicle", "direction", "description"):
        shown = said(clipped(masked(getattr(alert, name)), 70))
        lines.append(Text(f"detail.{name}", said=shown) if shown else None)
    return Lines(*lines, plate, *more)


def _plate(alert: Alert, policy: PlatePolicy) -> Text | None:
    """Return what members see of the plate."""
    if not alert.plate:
        return None
    if policy is PlatePolicy.MEMBERS:
        return Text("detail.plate", plate=alert.plate)
    found = find_plates(alert.plate) if policy is PlatePolicy.PARTIAL else []
    if found:
        return Text("detail.plate", plate=partly(found[0]))
    return Text("detail.plate_known")
