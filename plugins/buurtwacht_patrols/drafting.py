"""Drafts: the shifts of a roster as its sentence means them, on local clocks, with their routes and start points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random

from buurtwacht import Context, Refusal, Text, fold
from buurtwacht_patrols.feasts import flag
from buurtwacht_patrols.records import Roster, Route, RouteChoice, Shift
from buurtwacht_patrols.sentence import MOST_SHIFTS, Plan

#: A random start lies at most so many minutes before or after the time in the sentence (domain §2.8).
SPREAD = 15


@dataclass(frozen=True, slots=True)
class Draft:
    """A shift that is not kept yet, and the remarks beside it."""

    shift: Shift
    notes: tuple[Text, ...]


def draft(ctx: Context, roster: Roster, plan: Plan, number: int) -> list[Draft]:
    """Return the shifts of a plan that are still to come, the earliest first. Raises `Refusal` for what cannot be.

    `number` is the roster's; the ids of its shifts are made of it: TB-D101 is the first of roster 1.
    """
    times = [at for at in plan.times() if _moment(ctx, at) > ctx.now]
    if not times:
        raise Refusal(Text("sentence.no_shifts"))
    if len(times) > MOST_SHIFTS:
        raise Refusal(Text("sentence.too_many", count=len(times), limit=MOST_SHIFTS))
    routes = _routes(ctx, plan)
    random = Random(roster.seed)
    found: list[Draft] = []
    for wanted, route in zip(times, _walked(routes, plan, len(times), random), strict=True):
        step = timedelta(minutes=random.randint(-SPREAD, SPREAD) if plan.random_start else 0)
        starts = _moment(ctx, wanted + step)
        if any(one.shift.starts == starts for one in found):
            continue  # two times that the clock change made one
        found.append(_shift(ctx, roster, plan, number, len(found) + 1, wanted + step, starts, route))
    return found


def _moment(ctx: Context, wall: datetime) -> datetime:
    """Return a local time without a zone as a moment; one that the clock change skips moves to the next."""
    noon = datetime.combine(wall.date(), time(12), tzinfo=ctx.here.zone)
    return ctx.wall_time(noon, f"{wall:%H:%M}")


def _after(starts: datetime, minutes: int) -> datetime:
    """Return when so many minutes have really passed, also in a night in which the clock changes."""
    return (starts.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(starts.tzinfo)


def _shift(
    ctx: Context, roster: Roster, plan: Plan, number: int, place: int, wall: datetime, starts: datetime, route: Route
) -> Draft:
    moved = f"{starts:%H:%M}" != f"{wall:%H:%M}"
    shift = Shift(
        neighbourhood=ctx.here.id,
        roster=roster.id,
        number=number * MOST_SHIFTS + place,
        short=f"{ctx.here.code}-D{number * MOST_SHIFTS + place}",
        place=place,
        day=starts.date().isoformat(),
        wall=f"{starts:%H:%M}",
        zone=ctx.here.timezone,
        starts=starts,
        ends=_after(starts, plan.minutes),
        moved=moved,
        fewest=plan.fewest,
        most=max(plan.most, plan.fewest),
        start_point=plan.start_point or route.start_point,
        route=route.id if route.folded else None,
        route_name=route.name,
        changed_at=ctx.now,
    )
    twice = not moved and starts.replace(fold=0).utcoffset() != starts.replace(fold=1).utcoffset()
    notes = (
        flag(starts, ctx.country, ctx.person.language),
        Text("note.moved", wall=wall.time()) if moved else None,
        Text("note.twice") if twice else None,
        Text("note.route", name=route.name) if route.name else None,
    )
    return Draft(shift, tuple(one for one in notes if one is not None))


# --- routes ----------------------------------------------------------------------------------------------------------


def _routes(ctx: Context, plan: Plan) -> list[Route]:
    """Return the routes a plan can take. Raises `Refusal` when there is none, or nobody knows where to begin."""
    nowhere = Route(neighbourhood=ctx.here.id, name=plan.route, folded="")
    found = [nowhere]
    if plan.route_choice is RouteChoice.FIXED:
        known = ctx.records.first(Route, neighbourhood=ctx.here.id, folded=fold(plan.route), gone=False)
        found = [known or nowhere]
    elif plan.route_choice is not RouteChoice.NONE:
        found = ctx.records.find(Route, neighbourhood=ctx.here.id, gone=False)
        if not found:
            raise Refusal(Text("refused.no_routes"))
    if not plan.start_point and not all(one.start_point for one in found):
        raise Refusal(Text("sentence.missing.start"))
    return found


def _walked(routes: Sequence[Route], plan: Plan, count: int, random: Random) -> list[Route]:
    """Return the route of each shift: in turn, or drawn, but not the same twice in a row."""
    if plan.route_choice is not RouteChoice.RANDOM or len(routes) == 1:
        return [routes[place % len(routes)] for place in range(count)]
    found: list[Route] = []
    while len(found) < count:
        found.append(random.choice([one for one in routes if not found or one is not found[-1]]))
    return found
