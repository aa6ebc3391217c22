"""Where something happens: streets, landmarks, codes for points on the map, and the house numbers beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from buurtwacht_alerts.contacts import Contact, find_contacts
from buurtwacht_alerts.lexicon import PERSONS
from buurtwacht_alerts.street_list import NOT_STREETS, in_full, street_index
from buurtwacht_alerts.words import Word, bag, cut, flat

Span = tuple[int, int]

#: So many times a text is compared letter by letter with a street; most need none, and a page of near misses no more.
_TRIES = 24
_ENDINGS = (
    "straat", "straatje", "str", "laan", "laantje", "dreef", "singel", "plein", "plantsoen", "gracht", "kade", "steeg",
    "weg", "hof", "pad", "dijk", "lei",
)  # fmt: skip
_ENDING = re.compile(rf"[^\W\d_][^\W\d_'-]{{2,}}(?:{'|'.join(_ENDINGS)})")
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
_NUMBER_BEFORE = re.compile(r"(?:\b(?P<link>[^\W\d_]+)\b[.,]?\s+|^\s*|[,.;:(]\s*)(?P<number>\d{1,4}[a-h]?),?\s+$")
_NUMBER_LINKS = bag("at nr nummer number no op outside near from by bij voor on in")
_GLUED_NUMBER = re.compile(r"([^\W\d_][^\W\d_'-]{4,})\d{1,4}[a-h]?")
_CLOCK_WORDS = bag("om rond omstreeks around since sinds tegen richting called gebeld")
_EMERGENCY = bag("112 101 110 144")
_NUMBER_ALONE = re.compile(
    r"\b(?:(?:op|bij|van|at|t\.?\s?h\.?\s?v\.?|ter hoogte van) )?(?:(?:huis ?)?(?:nr|nummer|number|house number)"
    r"(?:\b\.?\s?|(?=\d))|no\.\s?)"
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


def find_streets(text: str, words: Sequence[Word], streets: Sequence[str]) -> list[Street]:
    """Return every street that `text` names, in order, with the house number beside it; `words` are its words."""
    index = street_index(tuple(streets))
    plain = flat(text)
    words = [_without_number(word) for word in words]
    full = [in_full(word.plain) for word in words]
    found: list[Street] = []
    tries = iter(range(_TRIES))
    at = 0
    while at < len(words):
        listed = index.find(words, full, at, tries)
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


def _without_number(word: Word) -> Word:
    """Return a word without the house number that is glued to it ("lindestraat12")."""
    if not word.plain[0].isalpha() or not any(map(str.isdigit, word.plain[-2:])):
        return word
    glued = _GLUED_NUMBER.fullmatch(word.plain)
    return Word(glued[1], word.start, word.start + len(glued[1])) if glued is not None else word


def find_place(text: str, streets: Sequence[Street], words: Sequence[Word]) -> Place:
    """Return the place that the first of `streets` gives (with the landmark beside it), else a landmark alone."""
    plain = flat(text)
    codes = _codes(text)
    if not streets:
        place = _landmark(text, plain, words)
        code = text[codes[0][0] : codes[0][1]] if codes and not place.text else ""
        return replace(place, text=place.text or code, spans=(*place.spans, *codes))
    street = streets[0]
    name, spans = street.name, [_with_preposition(plain, (street.start, street.end)), *codes]
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
    return Place(cut(name, 120), street.name if street.listed else None, street.number, tuple(spans), street.listed)


def house_numbers(text: str, streets: Sequence[Street]) -> list[Span]:
    """Return where house numbers stand: beside a street, or said to be one ("op nummer 12")."""
    spans = [street.number_span for street in streets if street.number_span is not None]
    for match in _NUMBER_ALONE.finditer(flat(text)):
        if not any(start < match.end() and match.start() < end for start, end in spans):
            spans.append(match.span())
    return spans


def _unlisted(text: str, words: Sequence[Word], at: int) -> int:
    """Return of how many words the street-looking name at `at` is; 0 when there is none."""
    reach = at
    while reach < len(words) - 1 and reach < at + 2 and words[reach].plain in _TITLES:
        reach += 1
    word = words[reach].plain
    if word.endswith(_ENDINGS) and _ENDING.fullmatch(word) and word not in NOT_STREETS:
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


def _codes(text: str) -> list[Span]:
    """Return where plus codes and three words of what3words stand: places as good as any, exact to a few metres."""
    if "+" not in text and "//" not in text:
        return []
    return [(found.start, found.end) for found in find_contacts(text) if found.kind is Contact.POINT]


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
