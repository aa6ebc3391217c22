"""The template library of a stand-in: what is known, what is approved, and the calls that change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from buurtwacht_whatsapp.stand_in.limits import template_values, worded
from buurtwacht_whatsapp.stand_in.refusals import Refused

#: Meta: a body of 1024 characters, 250 templates without a verified business.
BODY = 1024
TEMPLATES = 250


@dataclass(slots=True)
class KnownTemplate:
    """One template in one language; `status` as Meta writes it."""

    ident: str
    name: str
    language: str
    body: str
    buttons: tuple[str, ...] = ()
    status: str = "APPROVED"

    @property
    def parameters(self) -> int:
        """How many parameters its body has."""
        return len(set(re.findall(r"\{\{(\d+)\}\}", self.body)))

    def filled(self, values: list[str]) -> str:
        """Return the body with the values in their places."""
        return re.sub(r"\{\{(\d+)\}\}", lambda found: values[int(found[1]) - 1], self.body)

    def told(self) -> dict[str, object]:
        """Return what Meta tells of it."""
        parts: list[dict[str, object]] = [{"type": "BODY", "text": self.body}]
        if self.buttons:
            labels = [{"type": "QUICK_REPLY", "text": label} for label in self.buttons]
            parts.append({"type": "BUTTONS", "buttons": labels})
        reason = "INVALID_FORMAT" if self.status == "REJECTED" else "NONE"
        return {
            "id": self.ident,
            "name": self.name,
            "language": self.language,
            "status": self.status,
            "category": "UTILITY",
            "rejected_reason": reason,
            "components": parts,
        }


@dataclass(frozen=True, slots=True)
class Filled:
    """A template as its reader sees it."""

    text: str
    options: tuple[tuple[str, str], ...]


class Library:
    """All templates of the account. `knows_all`: whatever begins with the prefix counts as approved."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.knows_all = True
        self._known: dict[tuple[str, str], KnownTemplate] = {}

    def put(self, name: str, language: str, body: str, buttons: tuple[str, ...], status: str) -> KnownTemplate:
        """Write a template down; its id stays when it was there."""
        present = self._known.get((name, language))
        ident = present.ident if present else f"77{len(self._known) + 1:06d}"
        template = KnownTemplate(ident, name, language, body, buttons, status)
        self._known[name, language] = template
        return template

    def listed(self, name: str) -> list[dict[str, object]]:
        """Return what Meta tells of all whose name holds `name`."""
        return [each.told() for each in self._known.values() if name in each.name]

    def by_id(self, ident: str) -> KnownTemplate | None:
        """Return the template with this id."""
        return next((each for each in self._known.values() if each.ident == ident), None)

    def create(self, payload: Mapping[str, object]) -> KnownTemplate:
        """Take a submission; it is pending. Raises `Refused` for its form, or when it is there already."""
        name, language = worded(payload, "name", 512), worded(payload, "language", 16)
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise Refused(100, "name: a-z, 0-9 and _ only")
        if payload.get("category") not in ("UTILITY", "MARKETING", "AUTHENTICATION"):
            raise Refused(100, "category")
        if (name, language) in self._known:
            raise Refused(100, "content in this language already exists")
        if len({each for each, _ in self._known} | {name}) > TEMPLATES:
            raise Refused(100, f"{TEMPLATES} templates are allowed")
        body, buttons = _judged(payload)
        return self.put(name, language, body, buttons, "PENDING")

    def change(self, template: KnownTemplate, payload: Mapping[str, object]) -> None:
        """Give a template another body. Raises `Refused` while it is being judged."""
        if template.status == "PENDING":
            raise Refused(100, "a pending template cannot be changed")
        template.body, template.buttons = _judged(payload)
        template.status = "PENDING"

    def delete(self, name: str) -> bool:
        """Take a template out in all its languages; False when there was none."""
        gone = [key for key in self._known if key[0] == name]
        for key in gone:
            del self._known[key]
        return bool(gone)

    def fill(self, content: Mapping[str, object]) -> Filled:
        """Return what a template message reads. Raises `Refused` with the codes of the 132 range."""
        name = worded(content, "name", 512)
        language_object = content.get("language")
        language = worded(language_object, "code", 16) if isinstance(language_object, dict) else ""
        values, payloads = template_values(content)
        template = self._known.get((name, language))
        if template is None:
            if self.knows_all and name.startswith(f"{self.prefix}_"):
                return Filled(" · ".join(values), tuple((each, each) for each in payloads))
            raise Refused(132001, "no such template in this language", is_complaint=False)
        trouble = {"APPROVED": 0, "PAUSED": 132015, "DISABLED": 132016}.get(template.status, 132001)
        if trouble:
            raise Refused(trouble, template.status, is_complaint=False)
        if len(values) != template.parameters:
            raise Refused(132000, f"{len(values)} parameters, the template has {template.parameters}")
        if len(payloads) > len(template.buttons):
            raise Refused(132018, f"{len(payloads)} buttons, the template {name} has {len(template.buttons)}")
        text = template.filled(values)
        if len(text) > BODY:
            raise Refused(132005, "the filled text is too long")
        return Filled(text, tuple(zip(payloads, template.buttons, strict=False)))


def _judged(payload: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """Return body and buttons of a submission, as far as Meta refuses by machine."""
    body = ""
    buttons: tuple[str, ...] = ()
    parts = payload.get("components")
    for part in parts if isinstance(parts, list) else []:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "BODY":
            body = worded(part, "text", BODY)
            _check_examples(part, body)
        if part.get("type") == "BUTTONS":
            buttons = tuple(worded(each, "text", 25) for each in part.get("buttons", []))
    if not body:
        raise Refused(100, "a body is required")
    return body, buttons


def _check_examples(part: Mapping[str, object], body: str) -> None:
    numbers = sorted({int(each) for each in re.findall(r"\{\{(\d+)\}\}", body)})
    if numbers != list(range(1, len(numbers) + 1)):
        raise Refused(100, "parameters are numbered from 1")
    if body.startswith("{{") or body.endswith("}}"):
        raise Refused(100, "a body neither begins nor ends with a parameter")
    example = part.get("example")
    rows = example.get("body_text") if isinstance(example, dict) else None
    if numbers and (not isinstance(rows, list) or not rows or len(rows[0]) != len(numbers)):
        raise Refused(100, "one example for each parameter")
