"""Appointing: offices begin, are verified and end, for the plugin that may (`people`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import update

from buurtwacht.host.telling import tell
from buurtwacht.records import media_links, officials
from buurtwacht.records.officials import Official
from buurtwacht.records.people import find_people
from buurtwacht.records.schema import delivery, question
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.roles import OfficialKind

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit


class Appointing(ABC):
    """The part of the directory that keeps the offices. Each change stands in the audit log."""

    _core: Core
    _unit: Unit
    _now: datetime

    def appoint(
        self,
        who: PersonId,
        kind: OfficialKind,
        municipality: str,
        neighbourhoods: Iterable[int] = (),
        title: str = "",
        verified_by: PersonId | None = None,
    ) -> None:
        """Write down that somebody is an official of a municipality, for some neighbourhoods or for all of it.

        Until he is verified he can do nothing as one. What he holds already gets this title and these neighbourhoods.
        Raises `ValueError` for an office without a municipality and without neighbourhoods: it would cover nothing.
        """
        places = tuple(dict.fromkeys(neighbourhoods))
        if not municipality and not places:
            raise ValueError("an office needs a municipality or neighbourhoods")
        title = " ".join(title.split())[:120]
        fresh = Official(who, kind, title, municipality, places, verified_by is not None)
        officials.appoint(self._unit, self._now, fresh)
        self._note("official_appointed", who, kind=str(kind), neighbourhoods=list(places))
        if verified_by is not None:
            self._note("official_verified", who, kind=str(kind), by=int(verified_by))

    def verify(self, who: PersonId, kind: OfficialKind, municipality: str, by: PersonId) -> bool:
        """Write down that an admin knows him; False when no such office waits for it."""
        if not officials.verify(self._unit, self._now, who, kind, municipality):
            return False
        self._note("official_verified", who, kind=str(kind), by=int(by))
        return True

    def dismiss(self, who: PersonId, kind: OfficialKind, municipality: str) -> bool:
        """End an office, at once; False when he does not hold it. Plugins are told (`official_dismissed`).

        Who is nothing more to us gets no more of what waits for him, and can answer no question: tell him after this.
        """
        held = officials.offices_of(self._unit, [who]).get(who, ())
        ended = [one for one in held if one.kind == kind and one.is_of(municipality)]
        self._end(who, ended, held)
        return bool(ended)

    def resign(self, who: PersonId) -> tuple[Official, ...]:
        """End every office of somebody, as `dismiss` does, and return them."""
        held = officials.offices_of(self._unit, [who]).get(who, ())
        self._end(who, held, held)
        return held

    def _end(self, who: PersonId, ended: Sequence[Official], held: Sequence[Official]) -> None:
        for one in ended:
            officials.dismiss(self._unit, one)
            self._note("official_dismissed", who, kind=str(one.kind))
            facts = {"person": who, "kind": str(one.kind), "municipality": one.municipality}
            tell(self._core, self._unit, self._now, "official_dismissed", facts)
        if ended:
            # What he was shown as the official he was is behind these; who may still see it is given new ones.
            media_links.revoke(self._unit, who)
        known = find_people(self._unit, [who]).get(who)
        if ended and len(ended) == len(held) and not (known is not None and known.active):
            queued = (delivery.c.person_id == who, delivery.c.state == "queued")
            self._unit.write(update(delivery).where(*queued).values(state="withdrawn", reason="dismissed"))
            asked = (question.c.person_id == who, question.c.state == "open")
            self._unit.write(update(question).where(*asked).values(state="withdrawn", payload={}))

    @abstractmethod
    def _note(self, event: str, who: PersonId | None, **detail: object) -> None:
        """Write a line in the audit log."""
