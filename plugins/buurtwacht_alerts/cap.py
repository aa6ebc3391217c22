"""CAP 1.2 (OASIS Common Alerting Protocol): a message as data, and written down in the order of its schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from xml.etree import ElementTree

from buurtwacht import fold
from buurtwacht_alerts.cap_faults import NAMESPACE, faults
from buurtwacht_alerts.positions import Position

__all__ = ["MIME", "Area", "Document", "Info", "Kind", "Scope", "Status", "faults", "fit", "moment", "token", "write"]

MIME = "application/cap+xml"


class Kind(StrEnum):
    """What a message does (`msgType`)."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"


class Scope(StrEnum):
    """For whom it is. What neighbours tell one another is never public."""

    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class Status(StrEnum):
    """Whether it is about something that happens."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"


@dataclass(frozen=True, slots=True)
class Area:
    """Where; the circle has its radius in kilometres, the plus code is that of a block."""

    description: str
    center: Position | None = None
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class Info:
    """What is the matter, in one language."""

    language: str
    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    expires: datetime
    sender_name: str
    headline: str
    description: str
    instruction: str
    area: Area
    responses: tuple[str, ...] = ()
    onset: datetime | None = None
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One message. `restriction` says who may read it, `addresses` for whom it is when it is private."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    kind: Kind
    incident: str
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    note: str = ""
    #: `reference` of each earlier message that this one is about
    references: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()

    @property
    def scope(self) -> Scope:
        """For whom it is."""
        return Scope.PRIVATE if self.addresses else Scope.RESTRICTED

    @property
    def reference(self) -> str:
        """How a later message names this one."""
        return f"{self.sender},{self.identifier},{moment(self.sent)}"


def moment(at: datetime) -> str:
    """Return an aware moment as CAP wants it: whole seconds, an offset and never "Z"; UTC is -00:00 (§3.2.1)."""
    written = at.replace(microsecond=0).isoformat()
    return f"{written[:-6]}-00:00" if at.utcoffset() == timedelta() else written


def token(text: str) -> str:
    """Return a text fit for an identifier or sender: no space, comma, < or & (§3.2.1), and nothing else unusual."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")


def write(document: Document) -> str:
    """Return a message as XML. The declaration names no encoding, as the text is not encoded yet."""
    root = ElementTree.Element("alert", {"xmlns": NAMESPACE})
    _add(root, "identifier", document.identifier)
    _add(root, "sender", document.sender)
    _add(root, "sent", moment(document.sent))
    _add(root, "status", document.status)
    _add(root, "msgType", document.kind)
    _add(root, "scope", document.scope)
    if document.scope is Scope.RESTRICTED:
        _add(root, "restriction", document.restriction)
    _add(root, "addresses", " ".join(document.addresses))
    _add(root, "note", document.note)
    _add(root, "references", " ".join(document.references))
    _add(root, "incidents", document.incident)
    for info in document.infos:
        _add_info(root, info)
    ElementTree.indent(root)
    return '<?xml version="1.0"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _add_info(root: ElementTree.Element, info: Info) -> None:
    element = ElementTree.SubElement(root, "info")
    _add(element, "language", info.language)
    _add_all(element, "category", info.categories)
    _add(element, "event", info.event)
    _add_all(element, "responseType", info.responses)
    _add(element, "urgency", info.urgency)
    _add(element, "severity", info.severity)
    _add(element, "certainty", info.certainty)
    if info.onset is not None:
        _add(element, "onset", moment(info.onset))
    _add(element, "expires", moment(info.expires))
    _add(element, "senderName", info.sender_name)
    _add(element, "headline", info.headline)
    _add(element, "description", info.description)
    _add(element, "instruction", info.instruction)
    for name, value in info.parameters:
        _add_named(element, "parameter", name, value)
    area = ElementTree.SubElement(element, "area")
    _add(area, "areaDesc", info.area.description)
    if info.area.center is not None:
        _add(area, "circle", f"{info.area.center.cap} {info.area.radius}")
        _add_named(area, "geocode", "pluscode", info.area.center.plus_code)


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    """Add an element, unless there is nothing to say in it."""
    shown = fit(text).strip()
    if shown:
        ElementTree.SubElement(parent, name).text = shown


def _add_all(parent: ElementTree.Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _add(parent, name, text)


def _add_named(parent: ElementTree.Element, name: str, value_name: str, value: str) -> None:
    element = ElementTree.SubElement(parent, name)
    _add(element, "valueName", value_name)
    _add(element, "value", value)


_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = str.maketrans("<>", "‹›")


def fit(text: str) -> str:
    """Return what somebody typed without signs that XML 1.0 cannot hold, or that a reader could take for HTML."""
    return re.sub(r"&(?=#?\w+;)", "& ", _NOT_XML.sub("", text).translate(_MARKUP))
