"""The watch over accounts: who is refused, unreachable or silent is told to the co-ordinators, over another one."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import datetime

import structlog

from buurtwacht.edge.receiving import RunInThread
from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.records import audit, selfaudit
from buurtwacht.records.audience import Audience
from buurtwacht.records.database import Unit
from buurtwacht.records.dropped import dropped, is_waited_for
from buurtwacht.vocabulary.channels import Channel
from buurtwacht.vocabulary.errors import DeliveryError
from buurtwacht.vocabulary.messages import Lines, Severity, Text
from buurtwacht.vocabulary.roles import CARETAKERS

#: What the trouble of an account is in words, first come first served; each is a text `account_why.<key>`. Whoever runs
#: it finds the provider's own code in /readyz and in the log.
_WHY = tuple(
    (key, re.compile(signs))
    for key, signs in (
        ("wait", r"told to wait"),
        (
            "refused",
            r"token|login|permission|access|right to|locked|blocked|payment|registered|display name|refused",
        ),
        ("connection", r"connect"),
        ("deaf", r"webhook|polling|conflict|waiting"),
    )
)

log = structlog.get_logger("buurtwacht.accounts")


class Watch:
    """Knows how each account does, keeps it in the database, and tells co-ordinators over the others."""

    def __init__(self, core: Core, run_in_thread: RunInThread) -> None:
        self._core = core
        self._run = run_in_thread
        self._one_at_a_time = threading.Lock()
        #: what was told last of each account; nothing is told of one that is ok from the beginning
        self._told: dict[str, str] = {}
        #: since when an account has been of no use
        self._since: dict[str, datetime] = {}
        #: accounts that said themselves that they hear nothing
        self._deaf: set[str] = set()

    async def account(self, name: str, state: str, reason: str) -> None:
        """Write down how an account does: ok, down or stopped; a change for the worse, and its end, is told."""
        await self._run(self._set, name, state, reason)

    async def step(self, channels: Mapping[str, Channel]) -> None:
        """Ask each account whether it still hears anything; done once a minute."""
        states: Mapping[str, selfaudit.AccountState] = await self._run(selfaudit.account_states, self._core.database)
        for name, channel in channels.items():
            known = states.get(name)
            if known is None:
                continue
            if known.state != self._told.get(name, "ok"):
                await self.account(name, known.state, known.reason)  # the database was gone when it was to be told
            if known.state == "stopped" or (known.state == "down" and name not in self._deaf):
                await self._run(self._say_dropped, name)
                continue  # nothing can be sent: that it hears is no news, and no proof of the contrary
            try:
                trouble = await channel.condition()
            except DeliveryError as error:
                trouble = error.reason
            (self._deaf.add if trouble else self._deaf.discard)(name)
            await self.account(name, "down" if trouble else "ok", trouble)

    def _set(self, name: str, state: str, reason: str) -> None:
        with self._one_at_a_time:
            now = self._core.clock.now()
            with self._core.database.writing() as connection:
                selfaudit.set_account(connection, name, state, reason, now)
            # Whoever sends for the account writes its state down too: that it stands there does not say it was told.
            if self._told.get(name, "ok") != state:
                self._tell(name, state, reason, now)
                self._told[name] = state

    def _tell(self, name: str, state: str, reason: str, now: datetime) -> None:
        log.warning("account changed", account=name, state=state, reason=reason)
        unit = self._core.database.unit()
        audit.note(unit, now, "system", f"account_{state}", f"account:{name}", {"reason": reason})
        everywhere = tuple(one.id for one in self._core.neighbourhoods.all())
        if everywhere:
            ctx = Context(self._core, "core", unit)
            caretakers = Audience(everywhere).with_roles(*sorted(CARETAKERS)).even_muted()
            if state == "ok":
                ctx.broadcast(caretakers, Text("account_well", account=name), Severity.URGENT)
                self._tell_dropped(ctx, unit, name, self._since.pop(name, now), now)
            else:
                self._since.setdefault(name, now)
                ctx.broadcast(caretakers, Text("account_trouble", account=name, reason=_why(reason)), Severity.URGENT)
        unit.commit()

    def _say_dropped(self, name: str) -> None:
        """Tell what is over once nothing is left to be sent over a failing account: no success will end its trouble."""
        with self._one_at_a_time:
            now, unit = self._core.clock.now(), self._core.database.unit()
            if name in self._since and not is_waited_for(unit, name):
                self._tell_dropped(Context(self._core, "core", unit), unit, name, self._since[name], now)
                unit.commit()
                self._since[name] = now

    def _tell_dropped(self, ctx: Context, unit: Unit, name: str, since: datetime, now: datetime) -> None:
        """Tell each neighbourhood of whose messages nothing was sent any more, because they were over (R19)."""
        for place, counts in dropped(unit, name, since, now).items():
            own = ctx.within(self._core.neighbourhoods.get(place))
            lines = Lines(*(Text("account_dropped.line", short=short, count=count) for short, count in counts.items()))
            audience = Audience((place,)).with_roles(*sorted(CARETAKERS)).even_muted()
            own.broadcast(audience, Text("account_dropped", account=name, lines=lines), Severity.NOTICE)


def _why(reason: str) -> Text:
    """Return the trouble of an account in words."""
    plain = reason.lower().replace("_", " ")
    return Text(f"account_why.{next((key for key, signs in _WHY if signs.search(plain)), 'provider')}")
