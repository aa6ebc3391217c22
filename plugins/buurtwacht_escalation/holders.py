"""Who stands on a step of a ladder here, and who of them is passed over, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from buurtwacht import CARETAKERS, Context, Official, OfficialKind, Person, PersonId, Role, Severity, fold
from buurtwacht_escalation.duty import Presence, duties_of, next_duty, presence
from buurtwacht_escalation.records import Duty
from buurtwacht_escalation.settings import Step

#: A target or an entry that means one person.
PERSON = "person:"

_KINDS = frozenset(str(one) for one in OfficialKind)


class Why(StrEnum):
    """Why somebody on a step is not asked."""

    #: there is nobody of that role, kind or name here
    NOBODY = "nobody"
    #: he asked for it, or said yes to it
    REQUESTER = "requester"
    #: in an earlier step
    ASKED = "asked"
    #: in another escalation of the same alert that still runs: his one answer is enough
    ELSEWHERE = "elsewhere"
    OFF_DUTY = "off_duty"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody on a step, and as what he stands there: a kind of official or a role."""

    person: PersonId
    role: str

    @property
    def is_official(self) -> bool:
        """Whether he stands there by his office."""
        return self.role in _KINDS


@dataclass(frozen=True, slots=True)
class Passed:
    """An entry of a step that is passed over: whom or what it is about, why, and until when."""

    why: Why
    role: str
    person: PersonId | None = None
    until: datetime | None = None


class Holders:
    """Everybody here who can stand on a ladder, read once for a walk up it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._officials = [one for one in ctx.officials() if one.kind is not OfficialKind.MAYOR]
        self._caretakers = ctx.members(*CARETAKERS)
        ids = {one.person for one in self._officials}
        self._people: Mapping[int, Person] = ctx.people(ids) if ids else {}
        self._duties = duties_of(ctx, ids | {one.id for one in self._caretakers})

    @property
    def officials(self) -> list[Official]:
        """The verified officials who can be asked here."""
        return self._officials

    @property
    def caretakers(self) -> list[PersonId]:
        """Those who look after the neighbourhood."""
        return [one.id for one in self._caretakers]

    def named(self, entry: str) -> list[Holder]:
        """Return everybody an entry of a step means: a kind, a role, one person by id, or by name or function."""
        if entry.startswith(PERSON):
            who = PersonId(int(entry.removeprefix(PERSON)))
            return self._once(one for one in self._all() if one.person == who)
        everybody = self._once(one for one in self._all() if one.role == entry)
        return everybody or self._once(one for one in self._all() if self._is_called(one, entry))

    def begins_with_name(self, text: str) -> tuple[list[Holder], str]:
        """Return whom a text begins to name, by the longest name or function that fits, and the rest of the text."""
        said = text.split()
        for length in range(min(len(said), 6), 0, -1):
            found = self.named(" ".join(said[:length]))
            if found:
                return found, " ".join(said[length:])
        return [], text

    def on(
        self,
        step: Step,
        severity: Severity,
        asked: Collection[int],
        without: Collection[int],
        elsewhere: Collection[int] = (),
    ) -> tuple[list[Holder], list[Passed]]:
        """Return whom a step asks now, each once, and who is passed over.

        `asked` were, in this walk or `elsewhere` about the same alert; `without` need not be.
        """
        people: dict[PersonId, Holder] = {}
        passed: dict[tuple[str, PersonId | None], Passed] = {}
        for entry in step.who:
            found = self.named(entry)
            if not found:
                passed[entry, None] = Passed(Why.NOBODY, entry)
            for one in found:
                why = self._why_not(one, severity, asked, without, elsewhere)
                if why is None:
                    people.setdefault(one.person, one)
                elif one.person not in people:
                    passed.setdefault(("", one.person), why)
        return list(people.values()), list(passed.values())

    def next_duty(self, who: PersonId) -> datetime | None:
        """Return when somebody can be asked again; None: never."""
        return next_duty(self._ctx, self._duties.get(who))

    def duty(self, who: PersonId) -> Duty | None:
        """Return somebody's hours, if he wrote any down."""
        return self._duties.get(who)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _why_not(
        self,
        one: Holder,
        severity: Severity,
        asked: Collection[int],
        without: Collection[int],
        elsewhere: Collection[int],
    ) -> Passed | None:
        if one.person in asked:
            return Passed(Why.ASKED, one.role, one.person)
        if one.person in elsewhere:
            return Passed(Why.ELSEWHERE, one.role, one.person)
        if one.person in without:
            return Passed(Why.REQUESTER, one.role, one.person)
        duty = self._duties.get(one.person)
        there = presence(duty, severity, self._ctx.now)
        if there is Presence.HERE:
            return None
        if there is Presence.LEAVE and duty is not None:
            return Passed(Why.LEAVE, one.role, one.person, duty.leave_until)
        return Passed(Why.OFF_DUTY, one.role, one.person, next_duty(self._ctx, duty))

    def _all(self) -> list[Holder]:
        roles = (Role.COORDINATOR, Role.DEPUTY_COORDINATOR, Role.ADMIN)
        here = self._ctx.here.id
        held = [
            Holder(one.id, role.value)
            for role in roles
            for one in self._caretakers
            if (place := one.membership(here)) is not None and place.has(role)
        ]
        return [*(Holder(one.person, one.kind.value) for one in self._officials), *held]

    @staticmethod
    def _once(found: Iterable[Holder]) -> list[Holder]:
        first: dict[PersonId, Holder] = {}
        for one in found:
            first.setdefault(one.person, one)
        return list(first.values())

    def _is_called(self, one: Holder, words: str) -> bool:
        """Whether words are somebody's display name, his first name, or his function."""
        said = fold(words)
        person = self._people.get(one.person) or next(
            (each for each in self._caretakers if each.id == one.person), None
        )
        if person is None or not said:
            return False
        name = fold(person.name)
        titles = (fold(each.title) for each in self._officials if each.person == one.person and each.title)
        return said == name or said == name.partition(" ")[0] or said in titles
