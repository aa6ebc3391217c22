"""Numbers and addresses by which people are reached or known, in free text: phone, bank account, mail, links.

Each is found as people write it: with spaces, dots, words for signs, glued to another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from buurtwacht_alerts.words import flat


class Contact(StrEnum):
    """What was found."""

    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    BSN = "bsn"
    LINK = "link"
    #: a code for a point on the map, exact to a few metres (plus code, what3words)
    POINT = "point"


@dataclass(frozen=True, slots=True)
class Found:
    """One of them in a text; `rounded` is what of it says no more than the neighbourhood of a place."""

    kind: Contact
    start: int
    end: int
    rounded: str = ""


#: Signs for private use (Unicode), from here on so many: no keyboard has them.
_SEAL, _SEALS = 0xE100, 64
#: Lengths of account numbers (ISO 13616) of the countries that neighbours bank in.
_IBAN_LENGTHS = {
    15: "no", 16: "be", 18: "dk fi nl", 19: "si", 20: "at ee lt lu", 21: "ch hr lv", 22: "bg de gb ie",
    24: "cz es ro se sk", 25: "pt", 26: "tr", 27: "fr gr it", 28: "cy hu ma pl", 31: "mt",
}  # fmt: skip
_IBAN = "|".join(
    rf"(?:{countries.replace(' ', '|')}) ?\d\d(?:[ .-]?[a-z0-9]){{{length - 4}}}"
    for length, countries in _IBAN_LENGTHS.items()
)
_KEPT = (
    r"(?P<kept>(?<![a-z0-9])(?!tel|mob|gsm|fax|nr)[a-z]{2,3}-(?:r\d{1,3}|\d{4})(?![.-]?\d)"  # TB-0001, TB-R2
    r"|(?<!\d)0[89]00[ -]?\d{4}(?:\d{3})?(?!\d)"  # 0900-8844
    r"|(?<!\d)\d{1,2}-\d{1,2}-(?:19|20)\d{2}(?!\d)"  # 16-01-2026
    r"|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d))"  # 01:42
)
_SEP = r"[ .\-/()_\u00a0]{0,3}"
#: After "06" people put whatever comes to hand.
_AFTER_06 = r"[ .,:*~=\-/()_\u00a0]{0,4}"
_SAID_DIGIT = (
    r"(?:nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen|zero|one|two|three|four|five|six|seven|eight|nine|dubbel\w*"
    r"|double)"
)
_SAID_PHONE = (
    rf"(?:\b(?:nul|zero|oh)|\b[0o])[ ,.-]{{0,2}}(?:zes|six|6)(?:[ ,.-]{{0,2}}(?:{_SAID_DIGIT}(?![a-z])|\d)){{8,10}}"
)
#: The alphabet of plus codes (Open Location Code): no vowels, so that they spell nothing.
_OLC = "23456789cfghjmpqrvwx"
_MAIL = (
    r"(?P<email>(?<![\w.+-])(?:[\w.+-]+@[\w-]+(?:\.[\w-]+)*|[\w.+-]+ @ ?[\w-]+(?: ?\. ?[a-z]{2,})+"
    r"|[\w.+-]+ ?[(\[{] ?(?:at|a|apenstaartje) ?[)\]}] ?[\w-]+(?: ?(?:\.|[(\[{] ?(?:dot|punt) ?[)\]}]|\bdot\b"
    r"|\bpunt\b) ?[\w-]+)*"
    r"|[\w.+-]+ (?:at|apenstaartje) [\w-]+ (?:dot|punt) [a-z]{2,}|[\w.+-]+ apenstaartje [\w.-]+))"
)
_NUMBERS = (
    f"{_KEPT}"
    rf"|(?P<iban>(?:(?<=iban)|(?<=rek)|(?<![a-z0-9]))(?:{_IBAN}|[a-z]{{2}}\d{{2}}[a-z0-9]{{11,30}})(?![a-z0-9]))"
    rf"|(?P<point>(?<![\w/])///? ?[^\W\d_]+\.[^\W\d_]+\.[^\W\d_]+"
    rf"|(?<![\w+])(?:[{_OLC}]{{4}}|[{_OLC}]{{6}}|[{_OLC}]{{8}})\+[{_OLC}]{{2,3}}(?!\w)"
    rf"|(?<![\w+])(?=[\d+]*[c-x])[{_OLC}]{{2}}\+[{_OLC}]{{2,3}}(?!\w))"
    r"|(?P<link>(?:https?://|www\.)\S+|\b(?:facebook|fb|instagram|linkedin|tiktok|snapchat|twitter|x|t|youtube|vm"
    r"|marktplaats|bit|tinyurl)\.(?:com|me|nl|ly|be|tiktok\.com)/\S+|(?<![\w.])@[a-z][\w.]{2,30}"
    r"|(?<=insta )[\w.]*[\d_][\w.]*|(?<=instagram )[\w.]*[\d_][\w.]*"
    r"|(?<=\bsnap: )[\w.]{3,}|(?<=snapchat: )[\w.]{3,}|(?<=insta: )[\w.]{3,}|(?<=instagram: )[\w.]{3,}"
    r"|(?<=facebook: )[\w.]{3,}|(?<=tiktok: )[\w.]{3,}|(?<=telegram: )[\w.]{3,})"
    rf"|(?P<phone>(?<![\d+])[0o]6{_AFTER_06}\d(?:{_SEP}\d){{7,12}}(?!\d)"
    rf"|(?<![a-z0-9+])\(?(?:\+|00){_SEP}\d(?:{_SEP}\d){{7,14}}(?!\d)"
    rf"|(?<![a-z0-9+])\(?0{_SEP}\d(?:{_SEP}\d){{7,11}}(?!\d)"
    rf"|(?<![a-z0-9+])(?:31{_SEP}6(?:{_SEP}\d){{8}}|6(?:{_SEP}\d){{8}})(?!\d)|{_SAID_PHONE})"
    r"|(?P<bsn>(?<!\d)(?:\d{9}|\d{3}[ .-]\d{3}[ .-]\d{3}|\d{4}[ .-]\d{2}[ .-]\d{3})(?!\d))"
)
_PATTERN = re.compile(_NUMBERS)
_WITH_MAIL = re.compile(f"{_MAIL}|{_NUMBERS}")
_MAIL_SIGN = re.compile(r"@|apenstaart|[(\[{] ?(?:at|a) ?[)\]}]| at .* (?:dot|punt) ")
#: Without one of these there is no contact, and most sentences have none.
_HINT = re.compile(
    r"\d(?:\D{0,4}\d){6}|[@+]|//|www\.|\.(?:com|me|nl|ly|be)/|apenstaart|\((?:at|a)\)|\[(?:at|a)\]|\{(?:at|a)\}"
    r"| at .* dot|\b(?:nul|zero|oh|[o0]6)\b|snap|insta|facebook|tiktok|telegram"
)


def find_contacts(text: str) -> Iterator[Found]:
    """Yield what is found in `text`, in order. Ids, service numbers, dates and times are none."""
    plain = flat(text)
    if _HINT.search(plain) is None:
        return
    pattern = _WITH_MAIL if _MAIL_SIGN.search(plain) else _PATTERN
    for match in pattern.finditer(plain):
        kind = match.lastgroup
        if kind in (None, "kept") or (kind == "bsn" and not _is_bsn(match.group())):
            continue
        contact = Contact(str(kind))
        yield Found(contact, match.start(), match.end(), _rounded(text[match.start() : match.end()], contact))


def sealed(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` with one sign in the place of each contact, so that nothing is read into its digits; and what it
    was. Places are not contacts here.
    """
    parts: list[str] = []
    contacts: list[str] = []
    end = 0
    for found in find_contacts(text):
        if found.kind is not Contact.POINT and len(contacts) < _SEALS:
            parts += (text[end : found.start], chr(_SEAL + len(contacts)))
            contacts.append(text[found.start : found.end])
            end = found.end
    return ("".join(parts) + text[end:] if contacts else text), tuple(contacts)


def opened(text: str, contacts: Sequence[str]) -> str:
    """Return a part of a sealed text as it was typed."""
    for at, contact in enumerate(contacts):
        text = text.replace(chr(_SEAL + at), contact)
    return text


def _rounded(typed: str, kind: Contact) -> str:
    """Return a full plus code cut to 8 digits, a block of some 275 metres (domain §3.5); of anything else nothing."""
    before, sign, _ = typed.partition("+")
    return f"{before}+" if kind is Contact.POINT and sign and len(before) == 8 else ""


def _is_bsn(typed: str) -> bool:
    """Say whether nine digits pass the 11-test of the Dutch citizen service number."""
    digits = [int(sign) for sign in typed if sign.isdecimal()]
    weighed = sum(weight * digit for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), digits, strict=True))
    return weighed % 11 == 0 and any(digits)
