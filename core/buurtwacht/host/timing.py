"""Timing: what a handler has done later, one thing or many, and the moments it reckons with."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from buurtwacht.host.asking import Asking
from buurtwacht.host.declarations import Mark, Parameters
from buurtwacht.host.declared import registered
from buurtwacht.records import timers
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.vocabulary.clock import after, at_wall_time

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


class Timing(Asking):
    """The part of a context that does things later."""

    _core: Core

    @property
    @abstractmethod
    def here(self) -> Neighbourhood:
        """The neighbourhood this is about. Raises `LookupError` where there is none."""

    def later(
        self,
        when: timedelta | datetime,
        handler: str | Callable[..., None],
        *arguments: Any,
        key: str = "",
        **payload: Any,
    ) -> None:
        """Have a `@timer` handler, given by its name or itself, called at a moment or after a while.

        It gets the arguments as they stand here, which must be JSON values; one that takes timers together gets them by
        name. A `key` is unique within the plugin: a new timer with the same key replaces the old one.
        """
        self._allow("timers")
        mine = self._core.plugins.get(self.plugin).timers
        name = registered(self.plugin, "timer", handler, mine)
        mark = Mark.of(mine[name])
        names = () if mark is not None and mark.together else Parameters.of(mine[name]).names
        if len(arguments) > len(names):
            raise TypeError(f"{name} takes {len(names)} arguments after the context, not {len(arguments)}")
        timers.set_timer(
            self._unit,
            self.after(when) if isinstance(when, timedelta) else when,
            self.plugin,
            name,
            {**dict(zip(names, arguments, strict=False)), **payload},
            key=f"{self.plugin}:{key}" if key else None,
            neighbourhood_id=self.neighbourhood.id if self.neighbourhood else None,
        )

    def later_all(
        self, handler: str | Callable[..., None], moments: Mapping[str, tuple[datetime, Mapping[str, Any]]]
    ) -> None:
        """Have a `@timer` handler called at many moments: (when, payload) by key. As `later` does, in bulk."""
        self._allow("timers")
        name = registered(self.plugin, "timer", handler, self._core.plugins.get(self.plugin).timers)
        keyed = {f"{self.plugin}:{key}": one for key, one in moments.items()}
        here = self.neighbourhood.id if self.neighbourhood else None
        timers.set_timers(self._unit, self.plugin, name, keyed, neighbourhood_id=here)

    def cancel(self, key: str) -> None:
        """Take away the timer with this key, if it has not gone off."""
        timers.cancel_timer(self._unit, f"{self.plugin}:{key}")

    def cancel_all(self, keys: Iterable[str]) -> None:
        """Take away the timers with these keys, as far as they have not gone off, in one statement."""
        timers.cancel_timers(self._unit, [f"{self.plugin}:{key}" for key in keys])

    def after(self, span: timedelta) -> datetime:
        """Return the moment so long from now, in real time: `ctx.now + span` goes by the clock on the wall, and is an
        hour off across a change of summer time.
        """
        return after(self.now, span)

    def wall_time(self, day: datetime, text: str) -> datetime:
        """Return "HH:MM" of this neighbourhood's clocks on a local day, as an aware moment."""
        wall = datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 # a wall time has no zone of its own
        return at_wall_time(day, wall, self.here.zone).astimezone(self.here.zone)
