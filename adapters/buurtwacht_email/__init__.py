"""E-mail for Buurtwacht: what it can do and how an account is opened; the channel itself is loaded when opened."""

from __future__ import annotations

from collections.abc import Sequence

from buurtwacht import AccountSettings, Capabilities, Channel, ConfigurationError, Fault, Pace
from buurtwacht_email import settings as table

#: A mail may be long and hold many choices; what limits them is the link that carries them. Nothing says that a mail
#: was read, none can be changed, and people answer on our page: words and choices.
CAPABILITIES = Capabilities(
    text=20_000,
    interactive_text=20_000,
    caption=20_000,
    buttons=20,
    button_title=80,
    photos=True,
    documents=True,
    answers_only=True,
    rate=table.RATE,
    recipient_pace=Pace(2.0, 10),
    handle_kind="email",
)


class Email:
    """The adapter: judges an account's settings and opens its channel."""

    name = "email"
    capabilities = CAPABILITIES
    stand_in = "buurtwacht_email.stand_in:MailServer"

    def faults(self, settings: AccountSettings) -> Sequence[Fault]:
        """Return everything wrong with [channels.<account>], all at once."""
        return table.faults(settings.options)

    def open(self, settings: AccountSettings) -> Channel:
        """Make the channel; no network yet. Raises `ConfigurationError` when the table has faults.

        Besides the keys of the table, `connect` (a coroutine that returns a connected socket) takes the place of the
        network, `tls` (an `ssl.SSLContext`) that of the usual trust, and `clock` (something with `now()`) that of the
        machine's clock.
        """
        if faults := self.faults(settings):
            raise ConfigurationError(faults)
        from buurtwacht_email.channel import EmailChannel  # what speaks SMTP is no business of who only asks for help

        return EmailChannel(settings, table.read(settings.options))


adapter = Email()
