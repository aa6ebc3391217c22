"""What each kind of roll call asks, how it reminds, and in which groups its answers are counted (domain §2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from buurtwacht import Choice, Severity, Text
from buurtwacht_rollcalls.records import Kind, Value

#: No roll call is open longer.
LONGEST = timedelta(hours=48)
SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """How one kind of roll call goes. `choices` are what can be tapped, by the key of its label.

    `reminders` are fractions of the window. `reads_words`: the plugin reads what is typed, so that nothing is taken for
    an answer that is none; elsewhere the labels decide. `told`: members read the counts at the end.
    """

    choices: tuple[tuple[Value, str], ...]
    #: what is counted together, by the key of its label; whoever said nothing of it is counted beside them
    groups: Mapping[str, frozenset[Value]]
    severity: Severity = Severity.NOTICE
    reminders: tuple[float, ...] = ()
    #: None: as the settings say
    window: timedelta | None = None
    reads_words: bool = False
    told: bool = True

    @property
    def buttons(self) -> tuple[Choice, ...]:
        """The choices as they are shown."""
        return tuple(Choice(value, Text(f"choice.{label}")) for value, label in self.choices)

    @property
    def held(self) -> bool:
        """Whether it waits for the end of quiet hours (R27, R53)."""
        return not self.severity.presses


def _each(**groups: Value) -> Mapping[str, frozenset[Value]]:
    return MappingProxyType({key: frozenset({value}) for key, value in groups.items()})


_TROUBLE = frozenset({Value.HELP, Value.QUESTION})
_SAFETY = MappingProxyType({"safe": frozenset({Value.SAFE, Value.AWAY}), "trouble": _TROUBLE})

PATTERNS: Mapping[Kind, Pattern] = MappingProxyType(
    {
        Kind.SAFETY: Pattern(
            choices=((Value.SAFE, "safe"), (Value.HELP, "help"), (Value.AWAY, "away")),
            groups=_SAFETY,
            severity=Severity.URGENT,
            reminders=(0.5, 0.8),
            reads_words=True,
        ),
        Kind.DAILY: Pattern(
            choices=((Value.SAFE, "well"), (Value.HELP, "help")),
            groups=_SAFETY,
            severity=Severity.URGENT,
            reminders=(0.5,),
            reads_words=True,
            told=False,
        ),
        Kind.VULNERABLE: Pattern(
            choices=((Value.SAFE, "well"), (Value.HELP, "help")),
            groups=_SAFETY,
            severity=Severity.URGENT,
            window=timedelta(hours=1),
            reads_words=True,
            told=False,
        ),
        Kind.ATTENDANCE: Pattern(
            choices=((Value.PRESENT, "present"), (Value.LATER, "later"), (Value.ILL, "ill")),
            groups=_each(present=Value.PRESENT, later=Value.LATER, ill=Value.ILL),
            severity=Severity.URGENT,
            told=False,
        ),
        Kind.READINESS: Pattern(
            choices=((Value.COMING, "coming"), (Value.NOT_COMING, "not_coming")),
            groups=_each(coming=Value.COMING, not_coming=Value.NOT_COMING),
            severity=Severity.URGENT,
            window=timedelta(minutes=15),
        ),
        Kind.MEETING: Pattern(
            choices=((Value.YES, "yes"), (Value.NO, "no"), (Value.MAYBE, "maybe")),
            groups=_each(yes=Value.YES, no=Value.NO, maybe=Value.MAYBE),
            reminders=(0.5,),
        ),
        Kind.TEST: Pattern(choices=((Value.OK, "ok"),), groups=_each(ok=Value.OK)),
    }
)
