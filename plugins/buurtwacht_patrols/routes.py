"""Routes: the ways to walk that a neighbourhood knows, for rosters that rotate or draw them."""

from __future__ import annotations

import re

from buurtwacht import CARETAKERS, Context, Lines, Refusal, Text, fold
from buurtwacht_patrols.records import Route
from buurtwacht_patrols.sentence import LONGEST_PLACE

_LONGEST = 60
_START = re.compile(r"[,;]?\s*\b(?:startpunt|start ?point|start)\b[ :]+(?P<place>.+)$", re.IGNORECASE)


def routes(ctx: Context, what: str = "") -> None:
    """List the routes, or add one: "Noord, startpunt De Wal". The same name again changes its start point."""
    if not what:
        found = ctx.records.find(Route, neighbourhood=ctx.here.id, gone=False, order=[Route.__table__.c.name])
        lines = [
            Text("route.at", name=one.name, place=one.start_point)
            if one.start_point
            else Text("route.name", name=one.name)
            for one in found
        ]
        ctx.reply(Text("route.list", lines=Lines(*lines)) if lines else Text("route.none"))
        return
    if not ctx.has(*CARETAKERS):
        raise Refusal(Text("refused.role"))
    start = _START.search(what)
    name = (what[: start.start()] if start is not None else what).strip(" ,.;:")
    if not fold(name) or len(name) > _LONGEST:
        raise Refusal(Text("route.unclear"))
    route = ctx.records.first(Route, neighbourhood=ctx.here.id, folded=fold(name))
    if route is None:
        route = ctx.records.add(Route(neighbourhood=ctx.here.id, name=name, folded=fold(name)))
    route.gone = False
    if start is not None:
        place = start["place"].strip(" .")
        if len(place) > LONGEST_PLACE:
            raise Refusal(Text("sentence.long_place", most=LONGEST_PLACE))
        route.start_point = place
    ctx.reply(Text("route.kept", name=route.name))


def drop(ctx: Context, name: str) -> None:
    """Take a route away; shifts that have it keep it."""
    route = ctx.records.first(Route, neighbourhood=ctx.here.id, folded=fold(name), gone=False)
    if route is None:
        raise Refusal(Text("route.unknown", name=name[:_LONGEST]))
    route.gone = True
    ctx.reply(Text("route.dropped", name=route.name))
