"""Every error Buurtwacht raises on purpose, as one tree.

BuurtwachtError
├── ConfigurationError      settings, credentials or key are wrong; carries every fault found
├── PluginError             a plugin cannot be used; carries the culprit's id
│   └── PermissionRefused   it did what its manifest does not ask for; carries the line that does
├── Quit                    code of a plugin raised what would have ended a thread of ours, or the process
├── StoreUnavailable        the database cannot keep what we were given; say 503 and let the sender repeat
├── Replay                  somebody else wrote first; the handler is run again in a fresh session
├── Refusal                 a person asked for what cannot be done; carries the sentence he reads
└── DeliveryError           why a message did not leave; all retry policy rests on these
    ├── Throttled           too fast; wait, for one recipient or for the whole account
    ├── Unavailable         nothing was accepted; try again
    ├── Ambiguous           it may have been accepted; nobody can know
    ├── WindowClosed        only a template may be sent now
    ├── Unreachable         this address does not work until its owner writes again
    ├── Rejected            this message will never be accepted
    ├── Needless            it says nothing new where it would be read; nobody asks a provider
    └── Misconfigured       the account itself is refused; stop it and tell somebody
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from buurtwacht.vocabulary.messages import Text


class BuurtwachtError(Exception):
    """The root: whatever is raised on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the configuration: where it stands, what it is, how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} ({self.mend})"


class ConfigurationError(BuurtwachtError):
    """Settings that cannot be used. All faults are found before this is raised."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class PluginError(BuurtwachtError):
    """A plugin that cannot be loaded or used; `plugin` is its id."""

    def __init__(self, plugin: str, message: str) -> None:
        self.plugin = plugin
        super().__init__(f"plugin {plugin}: {message}")


class PermissionRefused(PluginError):
    """A plugin did what its manifest asks no permission for; `line` is the line of the manifest that would."""

    def __init__(self, plugin: str, permission: str, line: str) -> None:
        self.permission = permission
        self.line = line
        super().__init__(plugin, f"has no permission {permission!r}; its manifest asks for it with {line}")


class Quit(BuurtwachtError):
    """Code that is not ours raised what no `except Exception` stops, such as `SystemExit`; that is the cause."""

    def __init__(self, cause: BaseException) -> None:
        self.kind = type(cause).__name__
        super().__init__(str(cause))


class StoreUnavailable(BuurtwachtError):
    """The database is gone, full or locked: nothing was kept, so nothing may be acknowledged."""


class Replay(BuurtwachtError):
    """A row changed since it was read. The event is handled again from the start, at most five times."""


class Refusal(BuurtwachtError):
    """A request that cannot be granted. Raised by a handler; nothing it queued is kept, and `text` is the reply."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.key)


class DeliveryError(BuurtwachtError):
    """Why a channel could not send. `reason` is a short code for the record, without personal data."""

    def __init__(self, reason: str = "") -> None:
        self.reason = reason or type(self).__name__.lower()
        super().__init__(self.reason)


class Throttled(DeliveryError):
    """Refused for speed. `retry_after` in seconds; `scope` says whether one recipient or the account must wait."""

    def __init__(self, retry_after: float, scope: Literal["recipient", "account"], reason: str = "throttled") -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.scope = scope


class Unavailable(DeliveryError):
    """The provider surely did not accept it (connection refused, 5xx): trying again cannot double it."""


class Ambiguous(DeliveryError):
    """The request left and no answer came: it may have been delivered."""


class WindowClosed(DeliveryError):
    """The person has been silent too long for a free message; only an approved template may go."""


class Unreachable(DeliveryError):
    """Blocked, left, or not on this messenger: the address is switched off until it is heard from."""


class Rejected(DeliveryError):
    """The provider will never accept this message, whoever repeats it."""


class Needless(DeliveryError):
    """A message that only makes sense as an edit, for a messenger that cannot edit: it stays with what was shown."""


class Misconfigured(DeliveryError):
    """The account's credentials or rights are refused: it stops, the other accounts go on."""
