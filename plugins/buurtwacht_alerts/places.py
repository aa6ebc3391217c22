"""Where something happens: listed streets despite abbreviations and typos, other streets,"
" landmarks, house numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from buurtwacht_alerts.lexicon import PERSONS
from buurtwacht_alerts.words import Word, bag, distance, flat, split

Span = tuple[int, int]

#: Only so many words are compared letter by letter with the street list.
_TYPOS_WITHIN = 20
#: A shorter word comes near too much.
_LONG_ENOUGH = 6

_SHORT_ENDINGS = (
    ("straatje", "straatje"),
    ("str", "straat"),
    ("pln", "plein"),
    ("plnts", "plantsoen"),
    ("sngl", "singel"),
    ("ln", "laan"),
)
_SHORT_WORDS = {
    "burg": "burgemeester",
    "burgem": "burgemeester",
    "dr": "dokter",
    "doctor": "dokter",
    "prof": "professor",
    "pres": "president",
    "str": "straat",
    "ln": "laan",
    "rd": "road",
    "ave": "avenue",
    "ds": "dominee",
    "past": "pastoor",
    "kon": "koningin",
    "gen": "generaal",
    "st": "sint",
}
_ENDINGS = (
    "straat", "straatje", "str", "laan", "laantje", "dreef", "singel", "plein", "plantsoen", "gracht", "kade", "steeg",
    "weg", "hof", "pad", "dijk", "lei",
)  # fmt: skip
_ENDING = re.compile(rf"[^\W\d_][^\W\d_'-]{{2,}}(?:{'|'.join(_ENDINGS)})")
_NOT_STREETS = bag(
    "onderweg snelweg autoweg rijweg fietspad voetpad wandelpad kerkhof schoolplein voorplein parkeerplein tuinpad"
    " zandpad zijstraat dwarsstraat winkelstraat halverwege gaandeweg vanwege omweg uitweg zandweg landweg hoofdweg"
    " gerechtshof bospad oprijlaan terugweg heenweg zijweg loopweg achterpad tuinpaadje hoofdstraat ventweg stoepad"
    " vluchtweg beloof behoef kleinkinderhof deurweg oprit vallei buitenweg overweg wijk eindelijk"
)
_STREET_ENDINGS = bag("straat str laan plein singel dreef weg hof pad plantsoen gracht kade steeg dijk")
_TITLES = bag(
    "burgemeester burg dokter dr professor prof prins prinses koningin koning sint st oude nieuwe lange korte grote"
    " kleine pastoor generaal president dominee ds graaf hertog jan"
)
_ENGLISH_ENDINGS = bag("street road avenue lane drive close square st rd ave")

LANDMARKS = bag(
    "speeltuin speeltuintje speelplaats park parkje school schoolplein basisschool station winkelcentrum supermarkt"
    " kerk moskee bushalte sporthal sportpark voetbalveld parkeerplaats parkeerterrein parkeergarage garageboxen"
    " garages brandgang achterpad fietspad tunnel viaduct brug rotonde kruispunt kruising bos bosje vijver sloot"
    " kanaal haven buurthuis kinderdagverblijf verzorgingshuis flat kerkhof begraafplaats tankstation pinautomaat"
    " glasbak snackbar apotheek huisartsenpost ziekenhuis bibliotheek zwembad dijk industrieterrein volkstuinen"
    " hockeyclub jumbo lidl aldi playground church mosque supermarket library bridge roundabout underpass alley"
    " alleyway crossroads pharmacy hospital cemetery pond woods garage carpark hema station"
)
_LANDMARK_PAIRS = re.compile(
    r"\b(?:albert heijn|(?:bus|tram) stop|(?:train|petrol|gas) station|car park|(?:shopping|community|sports) centre"
    r"|football (?:pitch|field)|level crossing)\b"
)
_TAIL = re.compile(
    r"[\s,]*\b(?P<link>t\.?\s?h\.?\s?v\.?|ter hoogte van|tegenover|op de hoek met|op de hoek van|hoek|naast|achter"
    r"|voor|bij|near|opposite|next to|behind|in front of|on the corner of|corner of|corner|by|at)(?=\s)\s+(?:de "
    r"|het |een |the |a )?(?P<what>[^\W\d_][\w'-]*)"
)
_ANY_LANDMARK = ("t", "ter hoogte van", "tegenover", "hoek", "op de hoek", "opposite", "corner", "on the corner")
_BEFORE = re.compile(
    r"(?:\b(?:ergens |somewhere )?(?:in|op|aan|bij|van|uit|door|langs|over|rond|t\.?\s?h\.?\s?v\.?|ter hoogte van|on"
    r"|at|along|near|from|down|by|off|around)\s+)?(?:\b(?:de|het|the|onze|our)\s+)?(?:\b(?:hele|whole)\s+)?$"
)
_NUMBER_AFTER = re.compile(
    r"\.?(?P<gap>\s{0,3},?\s{0,3})(?P<said>(?:\b(?:nr|nummer|huisnr|huisnummer|no|number|op|t\.?\s?h\.?\s?v\.?(?: nr\.?"
    r"| nummer)?)\b\.?|#)?\s*)(?P<number>\d{1,4}(?:\s?[a-h](?![^\W_])|\s?bis\b|-\d{1,4}\b)?)(?![\w%])(?![:.,-]\d)"
)
_NUMBER_BEFORE = re.compile(r"(?:\b(?P<link>[^\W\d_]+)\b[.,]?\s+|^\s*|[,.;:(]\s*)(?P<number>\d{1,4}[a-h]?)\s+$")
_NUMBER_LINKS = bag("at nr nummer number no op outside near from by bij voor on in")
_CLOCK_WORDS = bag("om rond omstreeks around since sinds tegen richting called gebeld")
_EMERGENCY = bag("112 101 110 144")
_NUMBER_ALONE = re.compile(
    r"\b(?:(?:op|bij|van|at|t\.?\s?h\.?\s?v\.?|ter hoogte van) )?(?:huis ?)?(?:nr|nummer|number|house number)\b\.?\s?"
    r"(?P<number>\d{1,4}\s?(?:[a-h]\b)?)(?![\w-])(?![:.]\d)"
)
_COUNTED = re.compile(
    r"\s+(?:[^\W\d_]+\s+)??(?:min|mins|minuten|minutes|minuut|uur|uren|hour|hours|keer|x|meter|metres|dagen|days"
    r"|weken|auto's|autos|cars|busjes|bussen|vans|scooters|fietsen|bikes|motoren|huizen|houses|honden|dogs|euro"
    r"|jarige|brandweerwagens|politieauto's|ramen|deuren|schoten|personen|mannen|vrouwen|jongens|jongeren|meisjes"
    r"|mensen|gasten|types|figuren|kerels|lui|inzittenden|tieners|men|women|people|persons|guys|youths|teenagers"
    r"|boys|girls|kids|males|inbrekers|daders|kinderen|children)\b"
)
_CALLED = re.compile(r"\s*(?:is|al|nog|niet|gebeld|bellen|called|has|not|was|already|wordt|heb)\b|\s*$|\s*[.,!]")


@dataclass(frozen=True, slots=True)
class Street:
    """A street named in a text: as it is shown, whether the neighbourhood lists it, where it stands, its number."""

    name: str
    listed: bool
    start: int
    end: int
    number: str = ""
    number_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report says something is. `text` never holds a house number; `spans` are the parts of the report."""

    text: str = ""
    street: str | None = None
    house_number: str = ""
    spans: tuple[Span, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class _Known:
    """A listed street as it is compared: in one word, which letters are in it, of how many words it is."""

    joined: str
    letters: int
    words: int


_ByLetter: TypeAlias = dict[str, dict[int, list[_Known]]]


class StreetIndex:
    """The streets of a neighbourhood, found by how people write them."""

    def __init__(self, streets: Sequence[str]) -> None:
        self._exact: dict[str, str] = {}
        self._longest = 1
        #: by their first and by their second letter, and then by length: a wrong letter spares one of the two
        self._first: _ByLetter = {}
        self._second: _ByLetter = {}
        #: the same of streets of several words: most that is typed cannot be one
        self._first_of_many: _ByLetter = {}
        self._second_of_many: _ByLetter = {}
        for street in streets:
            words = [word.plain for word in split(flat(street))]
            joined = _joined(words)
            if not joined or joined in self._exact:
                continue
            self._exact[joined] = street
            self._longest = max(self._longest, len(words))
            if len(joined) >= _LONG_ENOUGH:
                known = _Known(joined, _letters(joined), len(words))
                kept = [self._first, self._second]
                kept += [self._first_of_many, self._second_of_many] if len(words) > 1 else []
                for at, by_letter in enumerate(kept):
                    by_letter.setdefault(joined[at % 2], {}).setdefault(len(joined), []).append(known)

    def find(
        self, words: Sequence[Word], full: Sequence[str], at: int, *, typos: bool = True
    ) -> tuple[str, int] | None:
        """Return the listed street that begins at word `at`, and of how many words it is, or None.

        `full` are the words in full ("meidoornstr" is "meidoornstraat").
        """
        most = min(self._longest, len(words) - at)
        # "Meidoorn straat" is one word more than the street has.
        if at + most < len(words) and words[at + most].plain in _STREET_ENDINGS:
            most += 1
        tried: list[tuple[str, int]] = []
        for count in range(most, 0, -1):
            joined = "".join(full[at : at + count])
            if count > 1 and words[at + count - 1].plain == "st":
                joined = joined.removesuffix("sint") + "street"
            name = self._exact.get(joined)
            if name is not None:
                return name, count
            tried.append((joined, count))
        if not typos:
            return None
        for joined, count in tried:
            split_up = count > 1 and words[at + count - 1].plain in _STREET_ENDINGS
            name = self._near(joined, count - split_up)
            if name is not None:
                return name, count
        return None

    def _near(self, typed: str, words: int) -> str | None:
        """Return the one street within one letter of a short word, two of a long one; None when two are as near.

        What was typed in several words is no street of one, unless it was only split before its ending.
        """
        if len(typed) < _LONG_ENOUGH or typed in _NOT_STREETS:
            return None
        first, second = (self._first, self._second) if words == 1 else (self._first_of_many, self._second_of_many)
        letters = 0
        best, found = 3, ""
        for by_length in (first.get(typed[0]), second.get(typed[1])):
            if by_length is None:
                continue
            letters = letters or _letters(typed)
            for length in range(len(typed) - 2, len(typed) + 3):
                limit = 2 if min(length, len(typed)) >= 9 else 1
                for known in by_length.get(length, ()):
                    if known.words < words or (letters ^ known.letters).bit_count() > 2 * limit:
                        continue
                    off = distance(typed, known.joined, limit)
                    if off <= limit and off <= best and known.joined != found:
                        best, found = off, known.joined if off < best else ""
        return self._exact[found] if found else None


@lru_cache(maxsize=256)
def street_index(streets: tuple[str, ...]) -> StreetIndex:
    """Return the index of a list of streets, made once per list."""
    return StreetIndex(streets)


def find_streets(text: str, words: Sequence[Word], streets: Sequence[str]) -> list[Street]:
    """Return every street that `text` names, in order, with the house number beside it; `words` are its words."""
    index = street_index(tuple(streets))
    plain = flat(text)
    full = [_in_full(word.plain) for word in words]
    found: list[Street] = []
    at = long_words = 0
    while at < len(words):
        long_words += len(full[at]) >= _LONG_ENOUGH
        listed = index.find(words, full, at, typos=long_words <= _TYPOS_WITHIN)
        if listed is not None:
            name, count = listed
            found.append(_with_number(plain, Street(name, True, words[at].start, words[at + count - 1].end)))
        else:
            count = _unlisted(text, words, at)
            if count:
                start, end = words[at].start, words[at + count - 1].end
                name = text[start].upper() + text[start + 1 : end]
                found.append(_with_number(plain, Street(name, False, start, end)))
        at += max(count, 1)
    return found


def find_place(text: str, streets: Sequence[Street], words: Sequence[Word]) -> Place:
    """Return the place that the first of `streets` gives (with the landmark beside it), else a landmark alone."""
    plain = flat(text)
    if not streets:
        return _landmark(text, plain, words)
    street = streets[0]
    name, spans = street.name, [_with_preposition(plain, (street.start, street.end))]
    end = street.end
    if street.number_span is not None:
        spans.append(street.number_span)
        end = max(end, street.number_span[1])
    tail = _TAIL.match(plain, end)
    second = streets[1] if len(streets) > 1 else None
    if tail is not None and second is not None and second.start == tail.start("what"):
        name = f"{name} {text[tail.start('link') : tail.end('link')]} {second.name}"
        spans += [(end, second.end)] + ([second.number_span] if second.number_span else [])
    elif tail is not None and _is_landmark(tail):
        name = f"{name} {text[tail.start('link') : tail.end()]}"
        spans.append((end, tail.end()))
    return Place(name[:120], street.name if street.listed else None, street.number, tuple(spans), street.listed)


def house_numbers(text: str, streets: Sequence[Street]) -> list[Span]:
    """Return where house numbers stand: beside a street, or said to be one ("op nummer 12")."""
    spans = [street.number_span for street in streets if street.number_span is not None]
    for match in _NUMBER_ALONE.finditer(flat(text)):
        if not any(start < match.end() and match.start() < end for start, end in spans):
            spans.append(match.span())
    return spans


def _joined(words: Sequence[str]) -> str:
    name = "".join(map(_in_full, words))
    return name.removesuffix("sint") + "street" if len(words) > 1 and words[-1] == "st" else name


@lru_cache(maxsize=2048)
def _in_full(word: str) -> str:
    """Return a word with what is short for something written out."""
    if word in _SHORT_WORDS:
        return _SHORT_WORDS[word]
    for short, full in _SHORT_ENDINGS:
        if len(word) > len(short) + 2 and word.endswith(short):
            return word[: -len(short)] + full
    return word


def _letters(word: str) -> int:
    """Return which letters occur, one bit each: two words that differ in many cannot be near."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits


def _unlisted(text: str, words: Sequence[Word], at: int) -> int:
    """Return of how many words the street-looking name at `at` is; 0 when there is none."""
    reach = at
    while reach < len(words) - 1 and reach < at + 2 and words[reach].plain in _TITLES:
        reach += 1
    word = words[reach].plain
    if word.endswith(_ENDINGS) and _ENDING.fullmatch(word) and word not in _NOT_STREETS:
        return reach - at + 1
    following = words[at + 1] if at + 1 < len(words) else None
    if following is not None and following.plain in _ENGLISH_ENDINGS and following.start == words[at].end + 1:
        first, second = text[words[at].start], text[following.start]
        if first.isupper() and (second.isupper() or following.plain in ("street", "road", "avenue")):
            return 2
    return 0


def _with_number(plain: str, street: Street) -> Street:
    after = _NUMBER_AFTER.match(plain, street.end)
    if after is not None and not _counts(plain, after):
        return Street(
            street.name, street.listed, street.start, street.end, after["number"].strip(), (street.end, after.end())
        )
    before = _NUMBER_BEFORE.search(plain, max(0, street.start - 24), street.start)
    if before is not None and before["number"] not in _EMERGENCY and before["link"] not in _CLOCK_WORDS:
        link = before["link"] in _NUMBER_LINKS
        start = before.start("link") if link else before.start("number")
        return Street(street.name, street.listed, street.start, street.end, before["number"], (start, street.start))
    return street


def _counts(plain: str, number: re.Match[str]) -> bool:
    """Say whether the number after a street counts something ("4 mannen"), or is the emergency number."""
    if number["said"].strip():
        return False
    rest = plain[number.end() : number.end() + 60]
    if number["number"] in _EMERGENCY and ("," in number["gap"] or _CALLED.match(rest)):
        return bool(rest.strip(" .!,")) or "," in number["gap"]
    if _COUNTED.match(rest):
        return True
    if "," not in number["gap"]:
        return False
    following = re.match(r"\s+([^\W\d_]+)", rest)
    return following is not None and following.group(1) in PERSONS


def _with_preposition(plain: str, span: Span) -> Span:
    before = _BEFORE.search(plain, max(0, span[0] - 40), span[0])
    return (before.start() if before is not None else span[0], span[1])


def _is_landmark(tail: re.Match[str]) -> bool:
    what = tail["what"]
    if what in LANDMARKS:
        return True
    if what in PERSONS or what in ("ons", "mij", "deur", "buren", "us", "me", "nummer", "nr", "number", "elkaar"):
        return False
    return tail["link"].startswith(_ANY_LANDMARK)


def _landmark(text: str, plain: str, words: Sequence[Word]) -> Place:
    named = _LANDMARK_PAIRS.search(plain)
    if named is not None:
        start = _with_preposition(plain, named.span())[0]
        return Place(text[named.start() : named.end()], None, "", ((start, named.end()),))
    for word in words:
        if word.plain in LANDMARKS:
            start = _with_preposition(plain, (word.start, word.end))[0]
            return Place(text[word.start : word.end], None, "", ((start, word.end),))
    return Place()
