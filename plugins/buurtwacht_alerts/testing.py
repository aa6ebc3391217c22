"""What this plugin adds to the test kit: the CAP messages that were issued about an alert."""

from __future__ import annotations

from buurtwacht.testing import World
from buurtwacht_alerts.alert import begins_with_short
from buurtwacht_alerts.bulletin import bulletins_of


def cap(world: World, ident: str) -> list[str]:
    """Return the CAP documents of an alert or a drill, oldest first. Raises `LookupError` for an id of nowhere."""
    short = begins_with_short(ident)
    with world.context("alerts") as ctx:
        where = ctx.neighbourhood_by(short.code) if short is not None else None
        if short is None or where is None:
            raise LookupError(f"{ident} is no id of an alert")
        return [one.document for one in bulletins_of(ctx.within(where), f"{where.code}-{short.number:04d}")]
