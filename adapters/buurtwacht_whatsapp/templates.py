"""Templates: what Meta thinks of ours, and submitting those it does not have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from buurtwacht import ConfigurationError, Fault, Rejected, TemplateState, TemplateText, Unavailable
from buurtwacht_whatsapp.graph import Graph
from buurtwacht_whatsapp.settings import Settings

#: Meta's status of a template to ours; whatever is not here cannot be sent and counts as refused.
_STATES: Final[Mapping[str, str]] = {
    "APPROVED": "approved",
    "PENDING": "pending",
    "IN_APPEAL": "pending",
    "PAUSED": "paused",
    "LIMIT_EXCEEDED": "paused",
    "REJECTED": "rejected",
    "DISABLED": "rejected",
    "DELETED": "missing",
    "PENDING_DELETION": "missing",
}


class Templates:
    """The templates of one WhatsApp business account that carry our prefix."""

    def __init__(self, graph: Graph, settings: Settings, account: str) -> None:
        self._graph = graph
        self._waba_id = settings.waba_id
        self._prefix = f"{settings.templates}_"
        self._account = account

    async def states(self) -> list[TemplateState]:
        """Return the state of each, by name and language."""
        return sorted(map(_state, await self._ours()), key=lambda each: (each.name, each.language))

    async def submit(self, wanted: Sequence[TemplateText]) -> list[TemplateState]:
        """Create what is missing, change what reads otherwise, leave the rest; return the state of each wanted one.

        What Meta refuses for its form keeps no other template from being submitted.
        """
        existing = {(str(each.get("name")), str(each.get("language"))): each for each in await self._ours()}
        found: list[TemplateState] = []
        for text in wanted:
            try:
                found.append(await self._settle(text, existing.get((text.name, text.language))))
            except Rejected as error:
                found.append(TemplateState(text.name, text.language, "rejected", error.reason))
        return found

    async def _ours(self) -> list[Mapping[str, object]]:
        if not self._waba_id:
            what, mend = "is missing", "WhatsApp > API setup > WhatsApp Business Account ID; templates need it"
            raise ConfigurationError([Fault(f"channels.{self._account}.waba_id", what, mend)])
        return await self._graph.templates(self._prefix)

    async def _settle(self, text: TemplateText, present: Mapping[str, object] | None) -> TemplateState:
        state = _state(present) if present is not None else None
        if present is None or state is None or state.state == "missing":
            answer = await self._graph.create_template(
                {
                    "name": text.name,
                    "language": text.language,
                    "category": "UTILITY",
                    "components": components(text),
                }
            )
            return _state({"name": text.name, "language": text.language, **answer})
        # One that is being judged cannot be changed (Meta: only approved, rejected and paused ones).
        if state.state == "pending" or _words(present) == (text.body, text.buttons):
            return state
        ident = present.get("id")
        if not isinstance(ident, str):
            raise Unavailable("a template without an id")
        await self._graph.change_template(ident, components(text))
        return TemplateState(text.name, text.language, "pending", "changed")


def components(text: TemplateText) -> list[dict[str, object]]:
    """Return a template in Meta's parts: its body with an example of each parameter, and its quick replies."""
    body: dict[str, object] = {"type": "BODY", "text": text.body}
    if text.examples:
        body["example"] = {"body_text": [list(text.examples)]}
    found = [body]
    if text.buttons:
        labels = [{"type": "QUICK_REPLY", "text": label} for label in text.buttons]
        found.append({"type": "BUTTONS", "buttons": labels})
    return found


def _state(told: Mapping[str, object]) -> TemplateState:
    status = str(told.get("status") or "PENDING")
    reason = str(told.get("rejected_reason") or "")
    state = _STATES.get(status, "rejected")
    if reason in ("", "NONE"):
        reason = "" if state in ("approved", "pending") else status.lower()
    return TemplateState(str(told.get("name")), str(told.get("language")), state, reason)


def _words(told: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    """Return the body and the labels of the buttons of a template as Meta has it."""
    body, labels = "", []
    parts = told.get("components")
    for part in parts if isinstance(parts, list) else []:
        if not isinstance(part, dict):
            continue
        if part.get("type") == "BODY":
            body = str(part.get("text"))
        buttons = part.get("buttons")
        labels += [str(each.get("text")) for each in buttons or [] if isinstance(each, dict)]
    return body, tuple(labels)
