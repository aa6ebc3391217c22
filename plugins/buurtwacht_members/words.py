"""Words of people: names, streets and postcodes as they type them, roles, languages and kinds of sender."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from buurtwacht import AnswerClass, Neighbourhood, OfficialKind, Role, classify, fold

LONGEST_NAME = 60
LONGEST_STREET = 80

_INTRODUCTION = re.compile(r"^(?:ik ben|ik heet|mijn naam is|i am|i'm|my name is|naam|name)\b[:\s]*", re.IGNORECASE)
_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?([A-Za-z]{2})?\b")
_HOUSE_NUMBER = re.compile(r"\s+\d+\s?[\w/-]{0,6}$")
_NOT_A_NAME = re.compile(r"\d{4}|@|https?:|www\.|[<>{}\\/]")


def clean_name(text: str) -> str | None:
    """Return the display name in what somebody typed, or None when it cannot be one."""
    printable = "".join(sign for sign in text if unicodedata.category(sign)[0] != "C" or sign.isspace())
    name = _INTRODUCTION.sub("", " ".join(printable.split())).strip(" .,;:!?\"'")
    letters = sum(sign.isalpha() for sign in name)
    if letters < 2 or len(name) > LONGEST_NAME or _NOT_A_NAME.search(name):
        return None
    return name[0].upper() + name[1:]


@dataclass(frozen=True, slots=True)
class Home:
    """Where somebody lives, as far as we keep it: street without number, postcode."""

    street: str
    postcode: str


def read_home(text: str, where: Neighbourhood) -> Home | None:
    """Return street and postcode in what somebody typed; the house number is left out, we need none.

    A street the neighbourhood lists gets its spelling. None when there is neither.
    """
    rest = " ".join(text.split())
    postcode = ""
    if found := _POSTCODE.search(rest):
        postcode = found[1] + (found[2] or "").upper()
        rest = " ".join((rest[: found.start()] + " " + rest[found.end() :]).split())
    rest = rest.strip(" ,.;:")
    known = known_street(rest, where)
    street = known or _HOUSE_NUMBER.sub("", rest.split(",")[0]).strip(" ,.;:")
    if sum(sign.isalpha() for sign in street) < 3:
        street = ""
    if len(street) > LONGEST_STREET or not (street or postcode):
        return None
    return Home(street, postcode)


def known_street(text: str, where: Neighbourhood) -> str:
    """Return the neighbourhood's street that a text names, in its spelling, the longest one; else nothing."""
    written = re.sub(r"str\.?(?=\s|,|$)", "straat", text, flags=re.IGNORECASE)
    folded = f" {fold(written)} "
    named = [one.name for one in where.streets if f" {fold(one.name)} " in folded]
    return max(named, key=len, default="")


def split_invited(text: str, where: Neighbourhood) -> tuple[str, str]:
    """Return name and street in "Anna de Vries Meidoornstraat 3": the street begins at a known one, or a comma."""
    whole = " ".join(text.split())
    street = known_street(whole, where)
    if street:
        at = fold_index(whole, street)
        if at > 0:
            return whole[:at].strip(" ,"), street
    name, _, rest = whole.partition(",")
    return name.strip(), _HOUSE_NUMBER.sub("", rest.strip())


def fold_index(text: str, part: str) -> int:
    """Return where a part begins in a text, in any case of letters; -1 when it is written otherwise."""
    return text.casefold().find(part.casefold())


def is_stop(text: str) -> bool:
    """Whether somebody wants to break off what he is being asked."""
    return classify(text) is AnswerClass.STOP or fold(text) in ("annuleren", "annuleer", "cancel", "laat maar")


# --- what can be chosen --------------------------------------------------------------------------------------------


def _by_word(words: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({fold(word): meaning for meaning, listed in words.items() for word in listed.split(", ")})


ROLES = _by_word(
    {
        Role.MEMBER: "lid, deelnemer, member",
        Role.PATROLLER: "loper, buurtpreventist, wandelaar, patroller, walker",
        Role.COORDINATOR: "coördinator, coordinator, co-ordinator",
        Role.DEPUTY_COORDINATOR: "plaatsvervangend coördinator, tweede coördinator, vicecoördinator,"
        " deputy coordinator, deputy co-ordinator, deputy_coordinator",
        Role.ADMIN: "beheerder, medebeheerder, admin, administrator",
        Role.REPRESENTATIVE: "vertegenwoordiger, contactpersoon, representative",
        Role.DEPUTY_REPRESENTATIVE: "plaatsvervangend vertegenwoordiger, tweede vertegenwoordiger,"
        " deputy representative, deputy_representative",
    }
)
LANGUAGES = _by_word({"nl": "nl, nederlands, dutch", "en": "en, engels, english"})
FORMS = _by_word({"formal": "u, formeel, formal", "plain": "je, jij, jou, informeel, informal"})
#: The neighbourhoods next door, beside the kinds of official (R48).
NEIGHBOURHOODS = "neighbourhoods"
SENDERS = _by_word(
    {
        OfficialKind.POLICE: "politie, de politie, wijkagent, de wijkagent, police, the police",
        OfficialKind.CONTROLROOM: "meldkamer, de meldkamer, control room, the control room, controlroom",
        OfficialKind.MUNICIPALITY: "gemeente, de gemeente, municipality, the municipality, town hall",
        OfficialKind.BOA: "boa, de boa, handhaving, handhavers, enforcement",
        OfficialKind.MAYOR: "burgemeester, de burgemeester, mayor, the mayor",
        NEIGHBOURHOODS: "andere buurten, buurten, andere groepen, other neighbourhoods, neighbourhoods, other groups",
    }
)


#: What an official is called by whoever names him.
KINDS = _by_word(
    {
        OfficialKind.POLICE: "politie, wijkagent, police, community police officer, police officer",
        OfficialKind.CONTROLROOM: "meldkamer, control room, controlroom",
        OfficialKind.MUNICIPALITY: "gemeente, veiligheidsmanager, municipality, safety officer, town hall",
        OfficialKind.BOA: "boa, handhaving, handhaver, enforcement",
        OfficialKind.MAYOR: "burgemeester, mayor",
    }
)
#: Those words that are somebody's function already.
_FUNCTIONS = frozenset(
    {"wijkagent", "community police officer", "police officer", "veiligheidsmanager", "safety officer", "handhaver"}
)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who is named as an official: his name as typed, the kind, and his function as people are to read it."""

    name: str
    kind: OfficialKind
    title: str


def read_official(text: str) -> Named | None:
    """Read "Anja de Vries politie", "Anja de Vries wijkagent Tolberg": the kind, and behind it the title."""
    words = text.split()
    for start in range(1, len(words)):
        for end in range(min(start + 3, len(words)), start, -1):
            said = " ".join(words[start:end])
            kind = KINDS.get(fold(said))
            name = clean_name(" ".join(words[:start]))
            if kind is not None and name is not None:
                title = words[start:] if fold(said) in _FUNCTIONS else words[end:]
                return Named(name, OfficialKind(kind), " ".join(title)[:LONGEST_NAME])
    return None


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Whose role is to change: his name as typed, the role, and whether it is given or taken."""

    name: str
    role: Role
    given: bool


def read_role(text: str) -> RoleChange | None:
    """Read "Henk de Wit loper" and "Henk de Wit geen loper": the role stands at the end."""
    words = text.split()
    for start in range(1, len(words)):
        role = ROLES.get(fold(" ".join(words[start:])))
        if role is None:
            continue
        name = words[:start]
        given = fold(name[-1]) not in ("geen", "niet", "no", "not")
        name = name if given else name[:-1]
        return RoleChange(" ".join(name), Role(role), given) if name else None
    return None


def same_name(typed: str, names: Sequence[str]) -> list[int]:
    """Return the places of the names that are meant: those that fit wholly, else those that begin with it."""
    wanted = fold(typed)
    whole = [place for place, name in enumerate(names) if fold(name) == wanted]
    return whole or [place for place, name in enumerate(names) if f"{fold(name)} ".startswith(f"{wanted} ")]


def digits_of(postcode: str) -> str:
    """Return the digits of a postcode ("4707 AB" is 4707; or five digits); empty for anything else."""
    found = re.fullmatch(r"([1-9]\d{3})\s?(?:[A-Za-z]{2})?|(\d{5})", postcode.strip())
    return (found[1] or found[2]) if found else ""
