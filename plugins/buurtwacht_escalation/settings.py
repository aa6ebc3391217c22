"""What a neighbourhood may want otherwise about escalation: its ladders, its rules, and when it asks again."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from buurtwacht import OfficialKind, Severity, fold
from buurtwacht_escalation.callees import callee_of, is_emergency

_CONFIRMATIONS = re.compile(r"\b(\d{1,2})\s*(?:x|maal|keer|times)(?![a-z])", re.IGNORECASE)
_MINUTES = re.compile(r"\b(\d{1,6})\s*(?:min(?:uten|utes|uut|ute|s)?\b|m\b|')\.?", re.IGNORECASE)
#: A dash glued to a number is no dash between words.
_NEGATIVE = re.compile(r"(?<!\S)[-\u2212\u2013]\d")
_REPEATS = re.compile(
    r"\b(?:herhaal|herhalen|herhalingen|repeats?)\s*:?\s*(\d)\b|\b(\d)\s*(?:herhalingen|repeats)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:[,+&/]|\ben\b|\band\b|\bof\b|\bor\b)\s*", re.IGNORECASE)

MOST_RULES = 20
#: The categories of alerts, as their tells name them; those of a drill or an end are no reason to escalate.
CATEGORIES = (
    "accident",
    "burglary_found",
    "burglary_now",
    "doorstep_scam",
    "fire",
    "flooding",
    "gas",
    "lost_pet",
    "medical",
    "missing_child",
    "missing_person",
    "nuisance",
    "other",
    "power_cut",
    "street_defect",
    "suspicious_person",
    "suspicious_vehicle",
    "violence",
)


class Step(BaseModel):
    """Who is asked at once, how many of them must confirm within so many minutes, and how often they are reminded.

    Also written in short: "wijkagent, boa 2x 15 min".
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: roles, kinds of officials, or names; in the words of either language
    who: tuple[str, ...] = Field(min_length=1, max_length=12)
    confirmations: int = Field(default=1, ge=1, le=12)
    minutes: int = Field(default=10, ge=1, le=1440)
    repeats: int = Field(default=1, ge=0, le=5)

    @model_validator(mode="before")
    @classmethod
    def _in_short(cls, value: object) -> object:
        return read_step(value) if isinstance(value, str) else value

    @field_validator("who", mode="before")
    @classmethod
    def _one_is_enough(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("who")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        found: list[str] = []
        for word in value:
            meant = callee_of(word)
            if is_emergency(word):
                raise ValueError(f"{word} is called by people, never by a ladder")
            if meant is OfficialKind.MAYOR:
                raise ValueError("the mayor announces only and is on no ladder")
            if not word.strip():
                raise ValueError("a step names a role, a kind of official or a person")
            found.append(meant.value if meant is not None else word.strip())
        return tuple(dict.fromkeys(found))


def read_step(text: str) -> dict[str, object]:
    """Read a step in short, "wijkagent, boa 2x 15 min"; what it does not say has its default."""
    if _NEGATIVE.search(text) is not None:
        raise ValueError("a number of minutes is not less than one")
    values: dict[str, object] = {}
    for name, pattern in (("repeats", _REPEATS), ("confirmations", _CONFIRMATIONS), ("minutes", _MINUTES)):
        found = pattern.search(text)
        if found is not None:
            values[name] = int(next(one for one in found.groups() if one is not None))
            text = f"{text[: found.start()]} {text[found.end() :]}"
    who = tuple(word for word in (part.strip(" .;:()-") for part in _BETWEEN.split(text)) if word)
    return {"who": who, **values}


Ladder = Annotated[tuple[Step, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)]


class Rule(BaseModel):
    """When an alert is proposed for escalation by itself; a co-ordinator's yes is still needed (R43)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: a category of alerts; empty: every one
    category: str = ""
    #: the least severity
    severity: Severity = Severity.URGENT
    #: so long nobody answered under it; 0: at once
    minutes: int = Field(default=10, ge=0, le=1440)
    #: whom it is for, in words as after `opschalen`: a kind of official or a named ladder; empty: the ladder
    target: str = ""

    @field_validator("category")
    @classmethod
    def _is_one(cls, value: str) -> str:
        if value and value not in CATEGORIES:
            raise ValueError(f"there is no category {value!r}; there are {', '.join(CATEGORIES)}")
        return value

    def goes_to(self, ladder: str) -> bool:
        """Return whether it is for the ladder of this name."""
        return callee_of(self.target) is None and fold(self.target) == fold(ladder)


class EscalationSettings(BaseModel):
    """`[plugins.escalation]`, and `settings.escalation` of a neighbourhood."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: who is asked, one step after the other
    ladder: Ladder = Field(
        default=(
            Step(who=("coordinator",)),
            Step(who=("deputy_coordinator",)),
            Step(who=("police",)),
            Step(who=("municipality", "boa")),
        ),
        min_length=1,
        max_length=12,
    )
    #: further ladders by name: `opschalen TB-0001 nacht`
    ladders: dict[str, Ladder] = Field(default_factory=dict, max_length=20)
    rules: tuple[Rule, ...] = Field(default=(), max_length=MOST_RULES)
    #: who confirmed is asked whether it is done when the alert is still open after so many minutes
    follow_up_minutes: int = Field(default=60, ge=5, le=1440)

    @field_validator("ladders")
    @classmethod
    def _named(cls, value: dict[str, tuple[Step, ...]]) -> dict[str, tuple[Step, ...]]:
        for name, steps in value.items():
            if not steps:
                raise ValueError(f"the ladder {name} has no step")
            if not name.strip() or len(name) > 30 or callee_of(name) is not None or is_emergency(name):
                raise ValueError(f"{name!r} cannot be the name of a ladder")
        return value

    @field_validator("rules")
    @classmethod
    def _for_somebody(cls, value: tuple[Rule, ...], known: ValidationInfo) -> tuple[Rule, ...]:
        ladders = known.data.get("ladders")
        if ladders is None:
            return value  # they are refused themselves
        for number, rule in enumerate(value, 1):
            meant = callee_of(rule.target)
            if rule.target and meant is None and not any(rule.goes_to(name) for name in ladders):
                raise ValueError(
                    f"rule {number} is for {rule.target!r}; it can be for police, boa, municipality, controlroom or a"
                    f" ladder ({', '.join(ladders) or 'there is none by name'})"
                )
            if meant is OfficialKind.MAYOR:
                raise ValueError(f"rule {number} is for the mayor, who announces only")
        return value
