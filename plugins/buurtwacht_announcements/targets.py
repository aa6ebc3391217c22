"""For which neighbourhoods an announcement is, and who passes it on there; counted for the preview."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from buurtwacht import Context, Neighbourhood, OfficialKind, Role, RoleHolder, fold
from buurtwacht_announcements.records import Announcement
from buurtwacht_announcements.settings import AnnouncementSettings

#: Who passes announcements on: the representative, and his deputy after him.
PASSING_ON = (Role.REPRESENTATIVE, Role.DEPUTY_REPRESENTATIVE)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom an announcement would reach: numbers, and the neighbourhoods where nobody can pass it on."""

    neighbourhoods: int
    representatives: int
    #: different people; those who refuse this kind of sender are left out (R48)
    members: int
    absent: Sequence[Neighbourhood]
    unreachable: Sequence[Neighbourhood]
    #: whose members get it without a representative
    direct: Sequence[Neighbourhood]


def neighbourhoods(ctx: Context, announcement: Announcement, after: int = 0) -> Iterator[Neighbourhood]:
    """Return the neighbourhoods an official's announcement is for, with an id beyond `after`, by id."""
    kind, area = OfficialKind(announcement.kind), frozenset(announcement.area)
    wanted = fold(announcement.municipality)
    known: dict[str, bool] = {}
    for one in sorted((one for one in ctx.neighbourhoods() if one.id > after), key=lambda one: one.id):
        if ctx.plugin in one.plugins_off:
            continue
        if one.municipality not in known:
            known[one.municipality] = fold(one.municipality) == wanted
        covered = one.id in area if area else bool(wanted) and known[one.municipality]
        if covered and kind in ctx.settings(AnnouncementSettings, one).senders:
            yield one


def goes_straight(ctx: Context, announcement: Announcement, where: Neighbourhood) -> bool:
    """Return whether a neighbourhood wants announcements of this kind without its representative."""
    return announcement.kind in ctx.settings(AnnouncementSettings, where).direct


def pick(ctx: Context, seated: Iterable[RoleHolder]) -> RoleHolder | None:
    """Return the first of these who can be reached; who muted all, as on holiday, only where there is nobody else."""
    reachable = [one for one in seated if one.reachable]
    return next((one for one in reachable if not one.is_away(ctx.now)), next(iter(reachable), None))


def home(ctx: Context, announcement: Announcement) -> Context:
    """Return the context in whose local time the sender is spoken to: his own neighbourhood, or the first he writes to.

    Raises `LookupError` when there is none any more.
    """
    if announcement.neighbourhood is not None:
        return ctx.within(ctx.neighbourhood_of(announcement.neighbourhood))
    first = next(neighbourhoods(ctx, announcement), None)
    if first is None:
        raise LookupError("no neighbourhood takes this announcement")
    return ctx.within(first)


def reach(ctx: Context, announcement: Announcement, where: Collection[Neighbourhood]) -> Reach:
    """Count whom an official's announcement would reach in these neighbourhoods: two queries, however many they are."""
    ids = [one.id for one in where]
    _, members = ctx.count_members(ids, refusing=announcement.kind)
    direct = [one for one in where if goes_straight(ctx, announcement, one)]
    asked = {one.id: one for one in where if one not in direct}
    seated: dict[int, list[RoleHolder]] = {}
    holders = ctx.role_holders(*PASSING_ON, neighbourhoods=list(asked))
    for one in sorted(holders, key=lambda one: one.role is not Role.REPRESENTATIVE):
        seated.setdefault(one.neighbourhood, []).append(one)
    first = {place: held.person for place, holders in seated.items() if (held := pick(ctx, holders)) is not None}
    return Reach(
        neighbourhoods=len(where),
        representatives=len(set(first.values())),
        members=members,
        absent=[one for ident, one in asked.items() if ident not in seated],
        unreachable=[one for ident, one in asked.items() if ident in seated and ident not in first],
        direct=direct,
    )
