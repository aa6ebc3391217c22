"""What is wrong with a CAP 1.2 message: the order and values of its schema, and the rules that stand in prose only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import combinations, pairwise
from xml.etree import ElementTree

from buurtwacht_alerts.positions import Position

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

_ONE, _MAYBE, _SOME, _ANY = (1, 1), (0, 1), (1, None), (0, None)

#: Each element's children in their order, with how many there may be (CAP-v1.2.xsd).
_CHILDREN: Mapping[str, Mapping[str, tuple[int, int | None]]] = {
    "alert": {
        "identifier": _ONE,
        "sender": _ONE,
        "sent": _ONE,
        "status": _ONE,
        "msgType": _ONE,
        "source": _MAYBE,
        "scope": _ONE,
        "restriction": _MAYBE,
        "addresses": _MAYBE,
        "code": _ANY,
        "note": _MAYBE,
        "references": _MAYBE,
        "incidents": _MAYBE,
        "info": _ANY,
    },
    "info": {
        "language": _ONE,  # left out it would mean en-US
        "category": _SOME,
        "event": _ONE,
        "responseType": _ANY,
        "urgency": _ONE,
        "severity": _ONE,
        "certainty": _ONE,
        "audience": _MAYBE,
        "eventCode": _ANY,
        "effective": _MAYBE,
        "onset": _MAYBE,
        "expires": _MAYBE,
        "senderName": _MAYBE,
        "headline": _MAYBE,
        "description": _MAYBE,
        "instruction": _MAYBE,
        "web": _MAYBE,
        "contact": _MAYBE,
        "parameter": _ANY,
        "resource": _ANY,
        "area": _ANY,
    },
    "resource": {
        "resourceDesc": _ONE,
        "mimeType": _ONE,
        "size": _MAYBE,
        "uri": _MAYBE,
        "derefUri": _MAYBE,
        "digest": _MAYBE,
    },
    "area": {
        "areaDesc": _ONE,
        "polygon": _ANY,
        "circle": _ANY,
        "geocode": _ANY,
        "altitude": _MAYBE,
        "ceiling": _MAYBE,
    },
    **{name: {"valueName": _ONE, "value": _ONE} for name in ("parameter", "eventCode", "geocode")},
}
_VALUES: Mapping[str, frozenset[str]] = {
    name: frozenset(values.split())
    for name, values in {
        "status": "Actual Exercise System Test Draft",
        "msgType": "Alert Update Cancel Ack Error",
        "scope": "Public Restricted Private",
        "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
        "responseType": "Shelter Evacuate Prepare Execute Avoid Monitor Assess AllClear None",
        "urgency": "Immediate Expected Future Past Unknown",
        "severity": "Extreme Severe Moderate Minor Unknown",
        "certainty": "Observed Likely Possible Unlikely Unknown",
    }.items()
}
_MOMENTS = ("sent", "effective", "onset", "expires")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_BARRED = re.compile(r"[\s,<&]")
_HTML = re.compile(r"</?[a-zA-Z!][^>]*>|&#?\w+;")


def faults(document: str) -> list[str]:
    """Return every fault of a CAP 1.2 message, none when it is in order."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        return [f"is no XML: {error}"]
    if root.tag != f"{{{NAMESPACE}}}alert":
        return [f"begins with {root.tag}"]
    found = [*_structure(root), *_values(root)]
    # What follows reads what must be there.
    return found or [*_head(root), *_references(root), *_languages(root), *_places(root), *_resources(root)]


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def _text(element: ElementTree.Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _all(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return element.findall(f".//{{{NAMESPACE}}}{name}")


def _structure(element: ElementTree.Element) -> Iterator[str]:
    """Every element in its place, as often as it may be there."""
    table = _CHILDREN.get(_name(element))
    names = [_name(child) for child in element]
    if table is None:
        if names:
            yield f"{_name(element)} holds {', '.join(names)}"
        return
    yield from (f"{_name(element)} holds {name}, which it cannot" for name in names if name not in table)
    order = [list(table).index(name) for name in names if name in table]
    if order != sorted(order):
        yield f"{_name(element)} holds its elements in another order: {' '.join(names)}"
    for name, (least, most) in table.items():
        count = names.count(name)
        if count < least or (most is not None and count > most):
            yield f"{_name(element)} holds {count} {name}"
    for child in element:
        yield from _structure(child)


def _values(root: ElementTree.Element) -> Iterator[str]:
    """No empty element, no HTML; what is chosen is chosen from the list; moments have seconds and an offset."""
    for element in root.iter():
        name, text = _name(element), (element.text or "").strip()
        if not len(element) and not text:
            yield f"{name} is empty"
        if _HTML.search(text):
            yield f"{name} holds HTML"
        if name in _VALUES and text not in _VALUES[name]:
            yield f"{name} is {text}"
        if name in _MOMENTS and not _is_moment(text):
            yield f"{name} is {text}"


def _is_moment(text: str) -> bool:
    if not _MOMENT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _head(root: ElementTree.Element) -> Iterator[str]:
    """Who sent it, and for whom it is."""
    for name in ("identifier", "sender"):
        if _BARRED.search(_text(root, name)):
            yield f"{name} holds a space, a comma, < or &"
    scope = _text(root, "scope")
    for name, wanted in (("restriction", "Restricted"), ("addresses", "Private")):
        if bool(_text(root, name)) != (scope == wanted):
            yield f"scope is {scope} and {name} is {_text(root, name) or 'not there'}"
    sent = datetime.fromisoformat(_text(root, "sent"))
    for info in _all(root, "info"):
        expires = _text(info, "expires")
        if expires and datetime.fromisoformat(expires) <= sent:
            yield "expires before it is sent"


def _references(root: ElementTree.Element) -> Iterator[str]:
    """`sender,identifier,sent` of earlier messages, with spaces between; needed by all but an Alert."""
    references = _text(root, "references").split()
    if not references and _text(root, "msgType") != "Alert":
        yield f"{_text(root, 'msgType')} without references"
    sent = datetime.fromisoformat(_text(root, "sent"))
    for one in references:
        parts = one.split(",")
        if len(parts) != 3 or not all(parts) or not _is_moment(parts[2]):
            yield f"references holds {one}"
        elif parts[:2] == [_text(root, "sender"), _text(root, "identifier")]:
            yield "references itself"
        elif datetime.fromisoformat(parts[2]) > sent:
            yield f"references {parts[1]}, which is sent later"


def _languages(root: ElementTree.Element) -> Iterator[str]:
    """Two blocks are two languages, and say it in two languages."""
    for one, other in combinations(_all(root, "info"), 2):
        if _text(one, "language") == _text(other, "language"):
            yield f"{_text(one, 'language')} twice"
        for name in ("event", "description", "instruction"):
            if _text(one, name) and _text(one, name) == _text(other, name):
                yield f"{name} is the same in {_text(one, 'language')} and {_text(other, 'language')}"


def _places(root: ElementTree.Element) -> Iterator[str]:
    for area in _all(root, "area"):
        if _text(area, "ceiling") and not _text(area, "altitude"):
            yield "ceiling without altitude"
        for circle in _all(area, "circle"):
            try:
                center, radius = (circle.text or "").split()
                Position.of_cap(center)
                if float(radius) < 0:
                    raise ValueError
            except ValueError:
                yield f"circle is {circle.text}"
        for polygon in _all(area, "polygon"):
            yield from _polygon(polygon.text or "")


def _polygon(text: str) -> Iterator[str]:
    try:
        ring = [Position.of_cap(pair) for pair in text.split()]
    except ValueError:
        yield f"polygon is {text}"
        return
    if len(ring) < 4:
        yield f"polygon has {len(ring)} points"
    elif ring[0] != ring[-1]:
        yield "polygon does not end where it begins"
    elif any(_cross(*one, *other) for one, other in combinations(list(pairwise(ring)), 2)):
        yield "polygon crosses itself"


def _cross(start: Position, end: Position, other: Position, further: Position) -> bool:
    """Whether two sides meet elsewhere than at their ends."""

    def side(point: Position, first: Position, last: Position) -> float:
        return (last.longitude - first.longitude) * (point.latitude - first.latitude) - (
            last.latitude - first.latitude
        ) * (point.longitude - first.longitude)

    if {start, end} & {other, further}:
        return False
    apart = side(other, start, end) * side(further, start, end)
    across = side(start, other, further) * side(end, other, further)
    return apart < 0 and across < 0


def _resources(root: ElementTree.Element) -> Iterator[str]:
    for resource in _all(root, "resource"):
        uri = _text(resource, "uri")
        if uri and "://" not in uri and not _text(resource, "derefUri"):
            yield f"uri {uri} is relative and derefUri is not there"
