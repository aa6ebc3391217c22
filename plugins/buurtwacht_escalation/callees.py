"""The words for whom a ladder holds: kinds of officials, roles of those who look after a neighbourhood, or a name."""

from __future__ import annotations

from buurtwacht import OfficialKind, Role, fold, is_nearly

#: Whom people mean by what they type, without accents, in either language.
_KINDS = {
    OfficialKind.POLICE: (
        "wijkagent",
        "wijkagenten",
        "politie",
        "agent",
        "police",
        "police officer",
        "community officer",
        "community police officer",
        "officer",
    ),
    OfficialKind.CONTROLROOM: ("meldkamer", "control room", "controlroom"),
    OfficialKind.MUNICIPALITY: ("gemeente", "municipality", "council", "town hall"),
    OfficialKind.BOA: ("boa", "boas", "handhaving", "handhaver", "enforcement", "enforcement officer", "warden"),
    OfficialKind.MAYOR: ("burgemeester", "mayor"),
}
_ROLES = {
    Role.COORDINATOR: ("coordinator", "co ordinator", "coordinatoren", "co-ordinator"),
    Role.DEPUTY_COORDINATOR: (
        "plaatsvervanger",
        "plaatsvervangend coordinator",
        "deputy",
        "deputy coordinator",
        "deputy_coordinator",
        "deputy co ordinator",
        "deputy co-ordinator",
    ),
    Role.ADMIN: ("beheerder", "beheerders", "admin", "admins"),
}
_CALLEES: dict[str, OfficialKind | Role] = {
    word: meant for table in (_KINDS, _ROLES) for meant, words in table.items() for word in words
}
#: The longest first: "deputy coordinator" is no deputy named coordinator.
_BY_LENGTH = sorted(_CALLEES, key=len, reverse=True)

#: Emergency numbers are called by people, never by us (domain §2.9).
_EMERGENCY = frozenset({"112", "911", "101", "110", "alarmnummer", "alarmcentrale", "brandweer", "ambulance"})


def callee_of(word: str) -> OfficialKind | Role | None:
    """Return the kind or role that a word means, or None for what may be a name."""
    return _CALLEES.get(fold(word))


def begins_with_callee(text: str) -> tuple[OfficialKind | Role, str] | None:
    """Return the kind or role that a text begins with, and the rest of the text."""
    said = text.split()
    for word in _BY_LENGTH:
        length = len(word.split())
        if fold(" ".join(said[:length])) == word:
            return _CALLEES[word], " ".join(said[length:])
    return None


def nearly_begins_with_callee(text: str) -> tuple[OfficialKind | Role, str] | None:
    """Return the kind or role that a text begins with but for a slip of one letter, and the rest; None: it is unclear.

    For what is neither a word nor a name: "wijkagnt" (domain §5.3).
    """
    first, _, rest = " ".join(text.split()).partition(" ")
    near = {meant for word, meant in _CALLEES.items() if is_nearly(fold(first), word)}
    return (near.pop(), rest) if len(near) == 1 else None


def is_emergency(word: str) -> bool:
    """Whether a word is an emergency number or a service that is only reached through it."""
    return fold(word) in _EMERGENCY
