"""What a person may be in a neighbourhood, and what an official may be."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A membership's roles. Everybody with a membership is a member; officials without one are not."""

    MEMBER = "member"
    PATROLLER = "patroller"
    COORDINATOR = "coordinator"
    DEPUTY_COORDINATOR = "deputy_coordinator"
    ADMIN = "admin"
    REPRESENTATIVE = "representative"
    DEPUTY_REPRESENTATIVE = "deputy_representative"


class OfficialKind(StrEnum):
    """Kinds of officials. Never claimed by the person: an admin verifies them."""

    POLICE = "police"
    CONTROLROOM = "controlroom"
    MUNICIPALITY = "municipality"
    BOA = "boa"
    MAYOR = "mayor"


#: Those who look after a neighbourhood and read an alert in full (R5).
CARETAKERS = frozenset({Role.COORDINATOR, Role.DEPUTY_COORDINATOR, Role.ADMIN})

#: Every kind of official.
OFFICIALS = frozenset(OfficialKind)
