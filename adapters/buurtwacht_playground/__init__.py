"""The playground: telephones in the browser that behave like Telegram and WhatsApp, for `buurtwacht demo`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from buurtwacht import AccountSettings, Channel, ConfigurationError, Fault
from buurtwacht_playground.styles import CAPABILITIES, Style

if TYPE_CHECKING:
    from buurtwacht import Capabilities

__all__ = ["adapter"]

_STAND_INS = {
    Style.BROWSER: "BrowserTelephones",
    Style.TELEGRAM: "TelegramTelephones",
    Style.WHATSAPP: "WhatsAppTelephones",
}
_KEYS = ("adapter", "style", "rate", "bench")


class PlaygroundAdapter:
    """Opens accounts whose telephones stand on a page; an account's `style` says which messenger they imitate.

    The adapter itself speaks of `style`: that of an account which says nothing, and of the stand-in.
    """

    name = "playground"

    def __init__(self, style: Style = Style.BROWSER) -> None:
        self.capabilities: Capabilities = CAPABILITIES[style]
        self.stand_in = f"buurtwacht_playground.stand_in:{_STAND_INS[style]}"

    def faults(self, settings: AccountSettings) -> Sequence[Fault]:
        """Return what is wrong in the account's table; without a bench this is not the demo, which is a fault."""
        options = settings.options
        found = [
            Fault(key, "is not a setting of the playground", "remove it; adapter, style and rate can be set")
            for key in options
            if key not in _KEYS
        ]
        style = options.get("style", Style.BROWSER)
        if style not in tuple(Style):
            found.append(Fault("style", "is not a messenger the playground knows", f"choose {', '.join(Style)}"))
        rate = options.get("rate")
        if rate is not None and (isinstance(rate, bool) or not isinstance(rate, int | float) or rate <= 0):
            found.append(Fault("rate", "is not a number of messages a second", "write a number above 0"))
        if options.get("bench") is None:
            found.append(Fault("adapter", "the playground exists in the demo only", "start it with `buurtwacht demo`"))
        return found

    def open(self, settings: AccountSettings) -> Channel:
        """Make the channel on the board that all accounts of this bench share. Raises `ConfigurationError`."""
        if faults := self.faults(settings):
            raise ConfigurationError(faults)
        from buurtwacht_playground.channel import PlaygroundChannel

        return PlaygroundChannel(settings)


adapter = PlaygroundAdapter()
