"""For whom a broadcast is: a description that the database can expand, in chunks, to people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from buurtwacht.records.database import AnyRow
from buurtwacht.records.officials import is_official
from buurtwacht.records.schema import delivery, membership, message, person
from buurtwacht.vocabulary.messages import Severity, Thread
from buurtwacht.vocabulary.mutes import Mute
from buurtwacht.vocabulary.roles import Role

#: Delivery states in which somebody counts as shown (rules: "only `sent delivered read` count as arrived").
ARRIVED = ("sent", "delivered", "read")

#: Of more neighbourhoods than these, people are looked at one by one.
_SOME = 100


@dataclass(frozen=True, slots=True)
class Audience:
    """Members of a neighbourhood, narrowed down; or who was reached by an earlier message about a thread.

    It is a description, not a list: `ctx.broadcast` stores it, and people are looked up while it is sent.
    """

    neighbourhoods: tuple[int, ...] = ()
    #: any of these roles; empty: every member
    roles: tuple[str, ...] = ()
    #: none of these roles
    without_roles: tuple[str, ...] = ()
    without_people: tuple[int, ...] = ()
    #: only these people
    people: tuple[int, ...] | None = None
    #: only those who asked to hear from this plugin
    opted_in: str = ""
    #: only those who were shown, or are still to be shown, something about this record
    reached_by: tuple[str, int] | None = None
    #: leave out who refuses this kind of sender
    sender_kind: str = ""
    #: also post it in the groups bound to the neighbourhoods
    groups: bool = False
    #: also to those who muted: whoever speaks decides about them himself
    muted: bool = False

    def with_roles(self, *roles: Role) -> Audience:
        """Return only those who have one of the roles."""
        return replace(self, roles=tuple(roles))

    def without(self, *people: int, roles: Collection[Role] = ()) -> Audience:
        """Return the same without these people, and without those who have one of the roles."""
        return replace(
            self,
            without_people=(*self.without_people, *people),
            without_roles=(*self.without_roles, *roles),
        )

    def only_reached_by(self, thread: Thread) -> Audience:
        """Return only those who were shown something about the thread."""
        return replace(self, reached_by=(thread.plugin, thread.record))

    def and_groups(self) -> Audience:
        """Return the same, and post it once in each bound group as well (R57)."""
        return replace(self, groups=True)

    def even_muted(self) -> Audience:
        """Return the same with those who muted in it: for whoever decides about each of them himself."""
        return replace(self, muted=True)

    def dump(self) -> dict[str, Any]:
        """Return it as JSON values; what is empty is left out."""
        dumped = {
            name: value
            for name in self.__dataclass_fields__
            if (value := getattr(self, name)) not in ((), "", None, False)
        }
        # Nobody is not everybody: an empty list of people must stay one.
        return dumped if self.people is None else {**dumped, "people": self.people}

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> Audience:
        """Return the audience that `dump` wrote."""
        fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in dumped.items()}
        return cls(**fields)

    def people_after(self, cursor: int, limit: int) -> Select[Any]:
        """Return a query for the next people: id, own quiet hours, mute, and what `wants` asks for; rising by id."""
        query: Select[Any] = select(person.c.id, person.c.quiet_hours, person.c.mutes, person.c.muted_until).where(
            person.c.id > cursor, person.c.erased_at.is_(None)
        )
        if self.sender_kind:
            query = query.add_columns(person.c.refuses)
        if self.opted_in:
            query = query.add_columns(person.c.opted_in)
        query = self._members_of(query, cursor) if self.neighbourhoods else query.where(_has_not_left())
        if self.people is not None:
            query = query.where(person.c.id.in_(self.people))
        if self.without_people:
            query = query.where(person.c.id.not_in(self.without_people))
        if self.reached_by is not None:
            query = query.where(person.c.id.in_(reached_by(*self.reached_by)))
        alone = len(self.neighbourhoods) == 1
        return query.order_by(membership.c.person_id if alone else person.c.id).limit(limit)

    def _members_of(self, query: Select[Any], cursor: int) -> Select[Any]:
        mine = membership.c.person_id == person.c.id
        of = [membership.c.state == "active"]
        if self.roles:
            of.append(or_(*(membership.c.roles.contains(f" {role} ") for role in self.roles)))
        of += [~membership.c.roles.contains(f" {role} ") for role in self.without_roles]
        if len(self.neighbourhoods) == 1:
            # Nobody is a member of one twice, and its index has them in order: no more are read than asked for.
            here = membership.c.neighbourhood_id == self.neighbourhoods[0]
            return query.join(membership, mine).where(here, membership.c.person_id > cursor, *of)
        if len(self.neighbourhoods) <= _SOME:
            here = membership.c.neighbourhood_id.in_(self.neighbourhoods)
            others = select(membership.c.person_id).where(here, membership.c.person_id > cursor, *of)
            return query.where(person.c.id.in_(others))
        # Of nearly everybody: one after another is looked at, and not all of them before each chunk. "+ 0": otherwise
        # SQLite looks for each person in each of the neighbourhoods.
        here = (membership.c.neighbourhood_id + 0).in_(self.neighbourhoods)
        return query.where(select(membership.c.id).where(mine, here, *of).exists())

    def wants(self, one: AnyRow) -> bool:
        """Return whether somebody, a row of `people_after`, is in by what he refuses and asked for."""
        if self.sender_kind and self.sender_kind in one.refuses:
            return False
        return not self.opted_in or self.opted_in in one.opted_in

    def passes_over(self, severity: Severity, mutes: str, until: datetime | None, now: datetime) -> bool:
        """Return whether somebody with this mute is left out of something new.

        Who is named, and who was shown what it is about, is never left out (R15). What is critical passes a mute of
        most things: how near he lives is not known here, and the unknown counts as near.
        """
        if self.muted or self.people is not None or self.reached_by is not None:
            return False
        if not mutes or (until is not None and until <= now):
            return False
        return mutes == Mute.ALL or severity is not Severity.CRITICAL


def _has_not_left() -> ColumnElement[bool]:
    """Return the condition that somebody is a member or an official, or never was a member: who left gets nothing more
    (R50).
    """
    mine = membership.c.person_id == person.c.id
    active = select(membership.c.id).where(mine, membership.c.state == "active")
    return or_(active.exists(), ~select(membership.c.id).where(mine).exists(), is_official())


def reached_by(plugin: str, record: int) -> Select[Any]:
    """Return a query for the people who were shown something about a record, or have it under way.

    What was taken back before it left is not under way any more (R19). Who left the neighbourhood through which he was
    shown it hears no more of it, unless it was told where he still is a member as well (R20).
    """
    left = select(membership.c.id).where(
        membership.c.person_id == delivery.c.person_id,
        membership.c.neighbourhood_id == delivery.c.neighbourhood_id,
        membership.c.state == "left",
    )
    told, here = message.alias(), membership.alias()
    elsewhere = (
        select(told.c.id)
        .join(here, here.c.neighbourhood_id == told.c.neighbourhood_id)
        .where(told.c.thread_plugin == plugin, told.c.thread_id == record)
        .where(here.c.person_id == delivery.c.person_id, here.c.state == "active")
    )
    return (
        select(delivery.c.person_id)
        .join(message, message.c.id == delivery.c.message_id)
        .where(
            and_(message.c.thread_plugin == plugin, message.c.thread_id == record),
            delivery.c.person_id.is_not(None),
            or_(~left.exists(), elsewhere.exists()),
            or_(
                delivery.c.state.in_((*ARRIVED, "sending", "unknown")),
                and_(delivery.c.state == "queued", message.c.withdrawn.is_(False)),
            ),
        )
        .distinct()
    )
