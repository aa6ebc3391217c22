"""What the plugin keeps of NL-Alert: what was said, until when, and what was made of it here."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import NeighbourhoodId, Record


class Warning(Record, plugin="nl_alert", unique=(("key",),)):
    """One NL-Alert, as the feed had it last. `key` is the feed's own; `stop` is None while no end was said."""

    key: str
    words: str
    start: datetime
    stop: datetime | None
    #: "latitude,longitude latitude,longitude …", one for each polygon
    area: list[str]
    #: the neighbourhoods that were told; in older rows a dict with their ids, as text, for its keys
    told: list[NeighbourhoodId]
    ended: bool = False

    def is_told(self, neighbourhood: NeighbourhoodId) -> bool:
        """Return whether this neighbourhood was told of it."""
        return neighbourhood in self._told()

    def tell(self, neighbourhood: NeighbourhoodId) -> None:
        """Write down that this neighbourhood was told."""
        self.told = sorted({*self._told(), neighbourhood})

    def _told(self) -> set[NeighbourhoodId]:
        return {NeighbourhoodId(int(one)) for one in self.told}
