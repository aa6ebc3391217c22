"""Bulletins as they are kept: one CAP message for each event of an alert or a drill."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import Context, NeighbourhoodId, Record
from buurtwacht_alerts.alert import Alert
from buurtwacht_alerts.cap import Kind
from buurtwacht_alerts.categories import Route


class Bulletin(Record, plugin="alerts", unique=(("identifier",),), index=(("alert",), ("neighbourhood", "short"))):
    """One CAP message that was issued. It is never altered; a later one refers to it by its `reference`.

    `alert` is the id of the alert, or of the drill, that it is about.
    """

    alert: int
    neighbourhood: NeighbourhoodId
    short: str
    #: its place among the bulletins about the same, from 1
    number: int
    at: datetime
    kind: Kind
    identifier: str
    #: sender, identifier and moment, as CAP refers to a message
    reference: str
    headline: str
    document: str

    @property
    def file_name(self) -> str:
        """The name of its file."""
        return f"{self.short}.{self.number}.cap.xml"


def bulletins_of(ctx: Context, short: str) -> list[Bulletin]:
    """Return the bulletins about an alert or a drill of this neighbourhood, the oldest first."""
    table = Bulletin.__table__.c
    return ctx.records.find(Bulletin, neighbourhood=ctx.here.id, short=short, order=[table.at, table.id])


def public_bulletins(ctx: Context, short: str = "", limit: int | None = None) -> list[Bulletin]:
    """Return the bulletins here about what every member may read, all or those about one, the newest first.

    What is for one official alone is not among them, nor what went to the municipality.
    """
    table, alerts = Bulletin.__table__.c, Alert.__table__
    apart = alerts.select().with_only_columns(alerts.c.id)
    apart = apart.where(alerts.c.neighbourhood == ctx.here.id, alerts.c.route == Route.MUNICIPALITY)
    public = [table.kind != Kind.ACK, table.alert.not_in(apart)]
    if short:
        public.append(table.short == short)
    newest = [table.at.desc(), table.id.desc()]
    return ctx.records.find(Bulletin, *public, neighbourhood=ctx.here.id, order=newest, limit=limit)


def forget_bulletins(ctx: Context, alert: int) -> None:
    """Take away the bulletins about an alert or a drill."""
    ctx.records.remove_all(Bulletin, Bulletin.__table__.c.alert == alert)
