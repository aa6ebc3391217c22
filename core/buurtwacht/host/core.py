"""Core: everything the synchronous half of the house works with, put together once by the app."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Any

from buurtwacht.host.health import PluginHealth
from buurtwacht.host.in_time import InTime
from buurtwacht.host.plugins import Plugins
from buurtwacht.host.settings import PluginSettings
from buurtwacht.host.tracing import Trace
from buurtwacht.records.database import Database
from buurtwacht.records.inbox import Inbox
from buurtwacht.records.keys import Keyring
from buurtwacht.records.neighbourhoods import Neighbourhood, Neighbourhoods
from buurtwacht.vocabulary.channels import Glimpse
from buurtwacht.vocabulary.clock import Clock
from buurtwacht.vocabulary.messages import PRESSING, Severity
from buurtwacht.vocabulary.texts import Catalogues


def _no_link(account: str, payload: str, text: str) -> str:
    return ""


@dataclass(slots=True)
class Core:
    """The parts that handlers, the conversation and the worker share. Nothing here touches a network."""

    database: Database
    keyring: Keyring
    clock: Clock
    neighbourhoods: Neighbourhoods
    catalogues: Catalogues
    plugins: Plugins
    settings: PluginSettings
    inbox: Inbox
    health: PluginHealth
    country: str = "NL"
    language: str = "nl"
    #: what is said again when nobody knows whether it arrived
    repeats: frozenset[Severity] = PRESSING
    #: the clock that holds where no neighbourhood's does
    zone: tzinfo = UTC
    #: accounts that are configured, in the order of the file
    accounts: Sequence[str] = ()
    #: where links to us begin, without a slash at the end
    url: str = ""
    #: makes a link with which somebody starts a conversation (account, payload, text); set by the edge
    invite: Callable[[str, str, str], str] = _no_link
    #: shows what happens inside to whoever looks on; set in `demo` only
    look: Callable[[Glimpse], None] | None = None
    #: where code of plugins is called, so that it can be shown
    trace: Trace = field(default_factory=Trace)
    #: the kind of handle that each account's addresses go by (phone, chat)
    handle_kinds: Mapping[str, str] = field(default_factory=dict)
    #: asks plugins what others must not wait long for
    in_time: InTime = field(init=False)

    def __post_init__(self) -> None:
        """Put together what only needs the other parts."""
        self.in_time = InTime(self.database, self.health)

    def is_on(self, plugin: str, where: Neighbourhood | None) -> bool:
        """Return whether a plugin can be used in a neighbourhood: it is not off there, nor paused."""
        return (where is None or plugin not in where.plugins_off) and not self.health.is_paused(plugin)

    def lacks_vital(self, where: Neighbourhood | None) -> bool:
        """Return whether a vital plugin cannot be used in a neighbourhood; without one: whether it is paused."""
        return any(one.manifest.vital and not self.is_on(one.id, where) for one in self.plugins)

    def sealed(self, note: Mapping[str, Any]) -> dict[str, str]:
        """Return a note as a payload that nobody can read who lacks the key: what people typed stands nowhere open."""
        return {"sealed": self.keyring.seal(json.dumps(dict(note)).encode()).decode()}

    def opened(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Return the note that `sealed` put away; nothing when it was blanked since."""
        kept = payload.get("sealed")
        note: dict[str, Any] = json.loads(self.keyring.unseal(str(kept).encode())) if kept else {}
        return note
