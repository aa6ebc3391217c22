"""The groups of a roll call: whatever happens, they add up to its audience (R29)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from buurtwacht import Lines, PersonId, PersonName, Text
from buurtwacht_rollcalls.kinds import PATTERNS
from buurtwacht_rollcalls.records import Entry, Kind, RollCall, Value

#: Of those who did not answer: who was reached, and who was not. Never one for the other (design §9.6).
NO_WORD = "no_word"
NOT_REACHED = "not_reached"
#: So many names are written out; of more, the list is asked for.
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class Counts:
    """Everybody on the list, in groups: each in exactly one."""

    call: RollCall
    groups: Mapping[str, Sequence[Entry]]

    @property
    def total(self) -> int:
        """How many were asked."""
        return sum(len(group) for group in self.groups.values())

    @property
    def numbers(self) -> list[int]:
        """How many are in each group."""
        return [len(group) for group in self.groups.values()]

    def line(self) -> Lines:
        """Return the counts, a line for each group."""
        return Lines(*(self._group("group.count", name) for name in self.groups))

    def names(self) -> Lines:
        """Return the counts with the names of each group, for those who look after the neighbourhood."""
        return Lines(
            *(
                self._group("group.names" if self.groups[name] else "group.count", name, names=self._names(name))
                for name in self.groups
            )
        )

    def _group(self, key: str, name: str, names: Text | str | None = None) -> Text:
        label = "safe_or_away" if name == "safe" and self._has_away else name
        if name == "safe" and self.call.kind is Kind.DAILY:
            label = "well"
        return Text(key, label=Text(f"counted.{label}"), number=len(self.groups[name]), names=names)

    @property
    def _has_away(self) -> bool:
        return any(one.value is Value.AWAY for one in self.groups.get("safe", ()))

    def _names(self, name: str) -> Text | str:
        group = self.groups[name]
        joined: Text | str = ""
        if len(group) > _MOST_NAMES:
            joined = Text("group.more", number=len(group) - _MOST_NAMES, short=self.call.short)
        for one in reversed(group[:_MOST_NAMES]):
            joined = Text("group.and", who=_named(one), others=joined) if joined else _named(one)
        return joined


def count(call: RollCall, listed: Sequence[Entry], arrived: Collection[PersonId]) -> Counts:
    """Put everybody into a group. `arrived` are those to whom the question got; who answered was reached."""
    groups: dict[str, list[Entry]] = {name: [] for name in (*PATTERNS[call.kind].groups, NO_WORD, NOT_REACHED)}
    place = {value: name for name, values in PATTERNS[call.kind].groups.items() for value in values}
    for one in listed:
        if one.value is not None and one.value in place:
            groups[place[one.value]].append(one)
        else:
            groups[NO_WORD if one.person in arrived else NOT_REACHED].append(one)
    return Counts(call, groups)


def _named(one: Entry) -> Text:
    """Return somebody's name, with what has to be known beside it."""
    who = Text("person", who=PersonName(one.person)) if one.person is not None else Text("person.gone")
    if one.value is Value.AWAY:
        who = Text("person.away", who=who)
    if one.via:
        return Text("person.via", who=who, via=one.via)
    if one.recorded_by is not None:
        return Text("person.via", who=who, via=PersonName(one.recorded_by))
    return who
