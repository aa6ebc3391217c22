"""What WhatsApp can do, and how one of its accounts is opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from buurtwacht import AccountSettings, Capabilities, ConfigurationError, Fault, Pace
from buurtwacht_whatsapp import settings as table

if TYPE_CHECKING:
    from buurtwacht_whatsapp.channel import WhatsAppChannel

#: Sources of the figures: platforms.md, section 3. Text beside choices is 1024 whatever the form of the choices.
CAPABILITIES = Capabilities(
    text=4096,
    interactive_text=1024,
    caption=1024,
    buttons=3,
    button_title=20,
    list_rows=10,
    list_row_title=24,
    list_title=20,
    edit=False,
    reactions=True,
    receipts=True,
    photos=True,
    documents=True,
    location=True,
    templates=True,
    window=timedelta(hours=24),
    needs_start=False,
    groups=False,
    rate=table.RATE,
    recipient_pace=Pace(6.0, 45),
    handle_kind="phone",
)


class WhatsAppAdapter:
    """Opens WhatsApp accounts."""

    name = "whatsapp"
    capabilities = CAPABILITIES
    stand_in = "buurtwacht_whatsapp.stand_in:CloudApi"

    def faults(self, settings: AccountSettings) -> Sequence[Fault]:
        """Return everything that is wrong or missing in the account's table."""
        return table.faults(settings.options)

    def open(self, settings: AccountSettings) -> WhatsAppChannel:
        """Make the channel; no network yet. Raises `ConfigurationError` when the table has faults.

        Besides the keys of the table, `transport` (an `httpx.AsyncBaseTransport`) takes the place of the network and
        `clock` (something with `now()`) that of the machine's clock.
        """
        faults = self.faults(settings)
        if faults:
            raise ConfigurationError(faults)
        from buurtwacht_whatsapp.channel import WhatsAppChannel  # pywa costs 0.3 s, which `--help` must not pay

        return WhatsAppChannel(settings.account, table.read(settings.options), settings.options)


adapter = WhatsAppAdapter()
