"""Own data: all that the core keeps about a person, given to himself and erased, for the plugin that may (`people`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, select, update

from buurtwacht.records import officials
from buurtwacht.records.people import Person, find_people
from buurtwacht.records.schema import (
    address,
    audit,
    delivery,
    feed,
    handle,
    inbox,
    media,
    media_link,
    membership,
    message,
    official,
    person,
    question,
    timer,
)
from buurtwacht.vocabulary.ids import MessageId, PersonId
from buurtwacht.vocabulary.mutes import Mute

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit

#: How long the address of somebody erased is kept, so that the one confirmation can still be sent.
_LAST_WORD = timedelta(minutes=10)


class OwnData(ABC):
    """The part of the directory by which somebody sees what is kept about him, and has it taken away."""

    _core: Core
    _unit: Unit
    _now: datetime

    def export(self, who: PersonId) -> dict[str, Any]:
        """Return all that the core keeps about a person, as JSON values: for himself, and nobody else."""
        found = find_people(self._unit, [who]).get(who)
        if found is None:
            return {}
        return {
            "name": found.name,
            "language": found.language,
            "formal": found.formal,
            "quiet_hours": found.quiet_hours,
            "refuses": list(found.refuses),
            "opted_in": list(found.opted_in),
            "mutes": found.mutes.value,
            "muted_until": found.muted_until.isoformat() if found.muted_until else None,
            "memberships": self._memberships(found),
            "offices": self._offices(who),
            "consents": self._consents(who),
            "addresses": self._addresses(who),
            "history": self._history(who),
        }

    def erase(self, who: PersonId, last_word: MessageId | None = None) -> None:
        """Erase a person: everything of the core that leads to him goes with this commit.

        `last_word` is the one message he still gets; his addresses stay nameless for it, for ten minutes. Plugins are
        told (`erase_person`) by whoever calls this.
        """
        self._take_back(who, last_word or MessageId(0))
        lanes = [
            row[0]
            for row in self._unit.read(
                select(handle.c.lookup)
                .join(address, address.c.id == handle.c.address_id)
                .where(address.c.person_id == who)
            )
        ]
        self._unit.write(update(inbox).where(inbox.c.lane.in_(lanes), inbox.c.state != "new").values(payload=None))
        for table in (question, membership, official, feed, media_link, media, timer):
            self._unit.write(delete(table).where(table.c.person_id == who))
        later = self._now + _LAST_WORD
        self._unit.write(
            update(address).where(address.c.person_id == who).values(person_id=None, title="", erase_at=later)
        )
        values: dict[str, Any] = {
            "name": "",
            "refuses": [],
            "opted_in": [],
            "quiet_hours": None,
            "mutes": Mute.NOTHING,
            "muted_until": None,
            "reference": None,
            "erased_at": self._now,
        }
        self._unit.write(update(person).where(person.c.id == who).values(values), expect=1)
        self._note("person_erased", who)

    def _take_back(self, who: PersonId, last_word: MessageId) -> None:
        """Send nothing more to somebody but his last word, and blank what only he was told."""
        gone = (delivery.c.person_id == who, delivery.c.message_id != last_word)
        self._unit.write(
            update(delivery)
            .where(*gone, delivery.c.state.in_(("queued", "sending")))
            .values(state="withdrawn", reason="erased")
        )
        only_his = (
            select(delivery.c.message_id)
            .group_by(delivery.c.message_id)
            .having(func.min(delivery.c.person_id) == who, func.max(delivery.c.person_id) == who)
        )
        self._unit.write(
            update(message)
            .where(message.c.id.in_(only_his), message.c.id != last_word, message.c.audience.is_(None))
            .values(content={"text": {"t": "erased", "d": "core"}})
        )
        self._unit.write(update(delivery).where(*gone).values(provider_id=None, reply_to=None))

    def _memberships(self, who: Person) -> list[dict[str, Any]]:
        return [
            {
                "neighbourhood": self._core.neighbourhoods.get(one.neighbourhood_id).code,
                "roles": sorted(one.roles),
                "street": one.street,
                "postcode": one.postcode,
                "state": one.state,
            }
            for one in who.memberships
        ]

    def _offices(self, who: PersonId) -> list[dict[str, Any]]:
        return [
            {
                "kind": str(one.kind),
                "title": one.title,
                "municipality": one.municipality,
                "neighbourhoods": [self._core.neighbourhoods.get(place).code for place in one.neighbourhoods],
                "verified": one.verified,
            }
            for one in officials.offices_of(self._unit, [who]).get(who, ())
        ]

    def _consents(self, who: PersonId) -> list[dict[str, Any]]:
        query = select(membership.c.consent_version, membership.c.consented_at).where(membership.c.person_id == who)
        return [
            {"house_rules": version, "at": at.isoformat() if at else None}
            for version, at in map(tuple, self._unit.read(query))
        ]

    def _addresses(self, who: PersonId) -> list[dict[str, Any]]:
        query = select(handle.c.account, handle.c.kind, handle.c.secret).join(
            address, and_(address.c.id == handle.c.address_id, address.c.person_id == who)
        )
        return [
            {"messenger": account, "kind": kind, "value": self._core.keyring.unseal(secret).decode()}
            for account, kind, secret in map(tuple, self._unit.read(query))
        ]

    def _history(self, who: PersonId) -> list[dict[str, Any]]:
        query = select(audit.c.at, audit.c.event).where(audit.c.subject == f"person:{who}").order_by(audit.c.at)
        return [{"at": at.isoformat(), "event": event} for at, event in map(tuple, self._unit.read(query))]

    @abstractmethod
    def _note(self, event: str, who: PersonId | None, **detail: object) -> None:
        """Write a line in the audit log."""
