"""The neighbourhoods of a world, and how people come to live in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import update

from buurtwacht.records import people
from buurtwacht.records.database import Unit
from buurtwacht.records.schema import address, membership
from buurtwacht.testing.people import Group, Member
from buurtwacht.vocabulary.ids import NeighbourhoodId, PersonId
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.testing.world import World

#: The version of the house rules that members of a world agreed to.
CONSENT = "world"


class Neighbourhood:
    """A neighbourhood; make one with `world.neighbourhood`."""

    def __init__(self, world: World, ident: NeighbourhoodId, code: str, name: str) -> None:
        self.id = ident
        self.code = code
        self.name = name
        self._world = world

    def __repr__(self) -> str:
        return f"<{self.name} ({self.code})>"

    def member(
        self,
        name: str,
        *,
        channel: str | None = None,
        channels: Sequence[str] = (),
        prefers: str | None = None,
        roles: Sequence[str] = ("member",),
        street: str | None = None,
        language: str = "nl",
        formal: bool = False,
        window_open: bool = True,
        refuses: Sequence[str] = (),
    ) -> Member:
        """Return somebody who has joined and consented; nothing is sent.

        `refuses` are kinds of sender. `window_open`: he wrote just now, so that free text may be sent.
        """
        member = known(
            self._world,
            name,
            accounts_of(channel, channels, prefers),
            home=self,
            language=language,
            window_open=window_open,
        )
        unit = self._world.unit()
        ident = write_down(unit, member, formal=formal, refuses=refuses)
        people.add_membership(
            unit, ident, self.id, self._world.now, roles=_roles(roles), street=street or "", consent=CONSENT
        )
        unit.commit()
        return member

    def join(self, member: Member, roles: Sequence[str] = ("member",)) -> None:
        """Give somebody a second membership: here."""
        unit = self._world.unit()
        people.add_membership(
            unit, self._world.person_id(member), self.id, self._world.now, roles=_roles(roles), consent=CONSENT
        )
        unit.commit()

    def newcomer(self, name: str, channel: str, *, language: str = "nl") -> Member:
        """Return somebody who is not yet a member and has never written to us."""
        member = Member(self._world, name, self._world.alias(name), [channel], self, language)
        self._world.members.append(member)
        return member

    def group(self, channel: str = "telegram") -> Group:
        """Return a group that is bound to this neighbourhood. Raises `NotImplementedError` where there are none."""
        title = f"{self.name} {len(self._world.groups) + 1}" if self._world.groups else self.name
        handle = self._world.messenger(channel).provider.group(title)
        unit = self._world.unit()
        people.add_address(
            unit,
            self._world.keyring,
            channel,
            [handle],
            self._world.now,
            is_group=True,
            title=title,
            neighbourhood_id=self.id,
        )
        unit.commit()
        group = Group(self._world, channel, title, handle)
        self._world.groups.append(group)
        return group


def known(
    world: World,
    name: str,
    accounts: Sequence[str],
    *,
    home: Neighbourhood | None = None,
    language: str = "nl",
    window_open: bool = True,
) -> Member:
    """Return somebody the messengers know, who has written to us; we have yet to write him down."""
    member = Member(world, name, world.alias(name), accounts, home, language)
    member.window_open = window_open
    _meet(world, member)
    world.members.append(member)
    return member


def write_down(unit: Unit, member: Member, *, formal: bool = False, refuses: Sequence[str] = ()) -> PersonId:
    """Write a person down with his addresses, in the order of his preference; he belongs nowhere yet."""
    world = member.world
    ident = people.add_person(unit, member.name, member.language, formal=formal, refuses=refuses)
    for position, (account, handles) in enumerate(member.handles.items()):
        people.add_address(
            unit,
            world.keyring,
            account,
            handles,
            world.now,
            person_id=ident,
            position=position,
            heard=member.window_open,
        )
    return ident


def accounts_of(channel: str | None, channels: Sequence[str], prefers: str | None) -> list[str]:
    """Return the accounts that were asked for, the preferred one first. Raises `ValueError`."""
    accounts = list(channels) or [channel or "telegram"]
    if channel is not None and channel not in accounts:
        raise ValueError(f"say channel= or channels=[…], not both: {channel} and {', '.join(accounts)}")
    if prefers is not None:
        if prefers not in accounts:
            raise ValueError(f"prefers={prefers!r} is none of the channels {', '.join(accounts)}")
        accounts.sort(key=lambda one: one != prefers)
    return accounts


def _roles(roles: Sequence[str]) -> list[Role]:
    return [Role(role) for role in roles]


def _meet(world: World, member: Member) -> None:
    """Let the messengers know him: who joined has written to us once, long ago if his window is closed."""
    for account in member.addresses:
        messenger = world.messenger(account)
        if member.window_open or messenger.capabilities.needs_start:
            messenger.provider.opens(member.alias)
        if not member.window_open:
            messenger.provider.closes(member.alias)


def begin_anew(world: World) -> None:
    """Let everybody have come just now: the clock was set after they came."""
    unit = world.unit()
    unit.write(update(address).where(address.c.last_heard_at.is_not(None)).values(last_heard_at=world.now))
    unit.write(update(address).values(created_at=world.now))
    unit.write(update(membership).values(since=world.now))
    unit.commit()
    for member in world.members:
        if member.window_open:
            _meet(world, member)


def neighbourhood_table(
    code: str,
    name: str,
    municipality: str,
    adjacent: Sequence[str],
    streets: Sequence[str] | Mapping[str, tuple[float, float]],
    borders: Mapping[str, str],
    quiet_hours: str | None,
    plugins_off: Sequence[str],
    settings: Mapping[str, object],
) -> dict[str, object]:
    """Return a neighbourhood as [[neighbourhoods]] of a file would hold it."""
    listed = {name: list(point) for name, point in streets.items()} if isinstance(streets, Mapping) else list(streets)
    return {
        "code": code,
        "name": name,
        "municipality": municipality,
        "adjacent": list(adjacent),
        "streets": listed,
        "borders": dict(borders),
        "quiet_hours": quiet_hours or "",
        "plugins_off": list(plugins_off),
        "settings": dict(settings),
    }
