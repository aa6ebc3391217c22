"""What Meta refuses for its form: lengths, counts and what must be there. Figures: platforms.md section 3."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht_whatsapp.stand_in.refusals import Refused


def inside(holder: object, key: str) -> Mapping[str, object]:
    """Return an object inside another. Raises `Refused` (131008) when it is not there."""
    value = holder.get(key) if isinstance(holder, dict) else None
    if not isinstance(value, dict):
        raise Refused(131008, f"{key} is required")
    return value


def listed(holder: Mapping[str, object], key: str, most: int) -> list[object]:
    """Return a list of 1 to `most`. Raises `Refused` (131009) for another length."""
    value = holder.get(key)
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise Refused(131009, f"{key}: 1 to {most} are allowed")
    return value


def worded(holder: Mapping[str, object], key: str, most: int) -> str:
    """Return a text of 1 to `most` characters. Raises `Refused` (131009) for another length."""
    value = holder.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise Refused(131009, f"{key}: 1 to {most} characters are allowed")
    return value


def interactive_options(content: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the choices of an interactive message as (id, title). Raises `Refused` for what Meta refuses."""
    worded(inside(content, "body"), "text", 1024)
    action = inside(content, "action")
    if content.get("type") == "button":
        found = [_reply(each) for each in listed(action, "buttons", 3)]
        if len({title for _, title in found}) < len(found):
            raise Refused(131009, "titles of buttons must differ")
    elif content.get("type") == "list":
        worded(action, "button", 20)
        found = _rows(action)
        if "header" in content and inside(content, "header").get("type") != "text":
            raise Refused(131009, "the header of a list is text")
    else:
        raise Refused(131009, "interactive.type")
    if len({ident for ident, _ in found}) < len(found):
        raise Refused(131009, "ids must differ")
    return found


def _reply(button: object) -> tuple[str, str]:
    reply = inside(button, "reply")
    return worded(reply, "id", 256), worded(reply, "title", 20)


def _rows(action: Mapping[str, object]) -> list[tuple[str, str]]:
    sections = listed(action, "sections", 10)
    found: list[tuple[str, str]] = []
    for section in sections:
        if not isinstance(section, dict):
            raise Refused(131009, "section")
        if len(sections) > 1:
            worded(section, "title", 24)
        for row in listed(section, "rows", 10):
            if not isinstance(row, dict):
                raise Refused(131009, "row")
            found.append((worded(row, "id", 200), worded(row, "title", 24)))
    if len(found) > 10:
        raise Refused(131009, "rows: 10 over all sections are allowed")
    return found


def template_values(content: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Return the body's parameters and the buttons' payloads, in order. Raises `Refused` for another form."""
    values: list[str] = []
    payloads: list[str] = []
    components = content.get("components", [])
    for component in components if isinstance(components, list) else []:
        parameters = component.get("parameters") if isinstance(component, dict) else None
        if not isinstance(component, dict) or not isinstance(parameters, list):
            raise Refused(132012, "component")
        for parameter in parameters:
            if str(component.get("type")).lower() == "body":
                values.append(_single_line(parameter))
            elif component.get("sub_type") == "quick_reply":
                payloads.append(worded(parameter, "payload", 256))
            else:
                raise Refused(132012, "component.type")
    return values, payloads


def _single_line(parameter: object) -> str:
    text = parameter.get("text") if isinstance(parameter, dict) else None
    if not isinstance(text, str) or not text:
        raise Refused(131008, "the text of a parameter is required")
    if "\n" in text or "\t" in text or " " * 5 in text:
        raise Refused(132018, "a parameter has no line breaks, tabs or more than four spaces in a row")
    return text
