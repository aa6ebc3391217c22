"""Who and what a report speaks of: vehicles, how many people, which way they go and how."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from buurtwacht_alerts.lexicon import PERSONS
from buurtwacht_alerts.places import LANDMARKS, Span, Street
from buurtwacht_alerts.words import Word, bag, flat

COLOURS = bag(
    "wit witte zwart zwarte grijs grijze rood rode blauw blauwe groen groene geel gele oranje bruin bruine paars"
    " paarse roze beige zilver zilveren zilverkleurige zilvergrijze donkergrijze lichtgrijze donkerblauwe"
    " lichtblauwe donkergroene antraciet goudkleurige bordeauxrode white black grey gray red blue green yellow"
    " orange brown purple silver dark light darkblue"
)
_LOOKS = COLOURS | bag(
    "donker donkere licht lichte oud oude nieuw nieuwe klein kleine groot grote gedeukte gehuurde buitenlandse"
    " duitse belgische poolse roemeense franse engelse bulgaarse litouwse old new small big large battered dented"
    " german belgian polish romanian french ongemarkeerde blinderende geblindeerde"
)
KINDS = bag(
    "auto autootje wagen stationwagen stationcar personenauto personenwagen bestelbus bestelbusje bestelauto"
    " bestelwagen bus busje caravan camper vrachtwagen vrachtauto scooter brommer bromfiets motor motorfiets fatbike"
    " taxi suv cabrio pick-up pickup terreinwagen hatchback sedan leaseauto huurauto aanhanger oplegger car vehicle"
    " voertuig truck lorry motorbike motorcycle moped minivan minibus estate stationwagon van"
)
_MAKES = bag(
    "vw volkswagen opel ford audi bmw mercedes renault peugeot citroen toyota kia hyundai skoda seat fiat volvo mazda"
    " nissan tesla mini dacia suzuki porsche iveco vespa piaggio jeep honda mitsubishi lexus cupra landrover"
)
_ALSO_WORDS = bag("seat mini ford jeep")
_MODELS = bag(
    "golf polo passat caddy transporter transit astra corsa vivaro vito sprinter clio megane kangoo focus fiesta"
    " octavia berlingo yaris aygo touran tiguan civic zafira insignia trafic crafter ducato leon ibiza fabia punto"
    " panda corolla picanto i10 i20 c1 c3 a3 a4 a6 benz combi variant 206 207 208 308"
)
#: Models that are no other word: they need no make before them.
_MODELS_ALONE = bag("transporter transit vito sprinter vivaro crafter berlingo kangoo corsa astra passat clio touran")
_MINE = bag("mijn onze ons m'n uw jullie my our your zijn haar draaiende parked geparkeerde")
_BEFORE_VAN = COLOURS | bag("a the suspicious strange unknown old new small big large this that delivery transit same")

_NUMBERS = {
    word: count
    for count, words in enumerate(
        ("een one a an", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight"),
        start=1,
    )
    for word in words.split()
}
_PLURALS = PERSONS & bag(
    "mannen vrouwen jongens jongeren personen mensen gasten types figuren kerels lui daders guys men women people"
    " persons individuals youths teenagers tieners inzittenden boys girls kids males inbrekers kinderen meisjes"
)
_SINGLES = (PERSONS - _PLURALS) - bag(
    "groep group stel couple koppel duo lui youth bewoner bewoonster schoonmoeder schoonvader dementie persoon"
    " person driver bestuurder"
)


class Movement(StrEnum):
    """How somebody goes."""

    FOOT = "foot"
    BIKE = "bike"
    SCOOTER = "scooter"
    CAR = "car"


_MOVEMENTS = tuple(
    (movement, re.compile(rf"\b(?:{words})\b"))
    for movement, words in (
        (Movement.SCOOTER, r"(?:op|met|by|on)(?: \w+)? (?:scooter|brommer|motor|fatbike|moped|motorbike)"),
        (Movement.BIKE, r"(?:op|met|by|on)(?: \w+)? (?:fiets|fietsen|bike|bikes|bicycle)|fietst|fietsen weg"),
        (
            Movement.FOOT,
            "te voet|lopend|rennend|loopt|lopen|rent|rennen|wandelt|on foot|walking|running|walked|ran|walks|runs",
        ),
        (
            Movement.CAR,
            "(?:met de|met een|in een) auto|by car|rijdt|rijden|reed|weggereden|drove|drives|driving|scheurt",
        ),
    )
)
_TOWARDS = re.compile(
    r"\b(?:(?:in de |in )?richting(?: van)?|in the direction of|direction(?: of)?|towards?|(?:heading|headed|going"
    r"|gone)(?: off)? (?:to|for|towards?))\b:?\s+(?:de |het |the )?(?P<what>[^\W_][\w'-]*)"
)
_TO = re.compile(
    r"\b(?<!next )(?<!close )(?:naar|to|into|op naar|door naar)\s+(?:de |het |the )?(?P<what>[^\W_][\w'-]*)"
)
_COMPASS = bag(
    "noord oost zuid west noorden oosten zuiden westen noordoost zuidoost noordwest zuidwest north east south west"
    " centrum snelweg a58 stad town centre"
)
_NAMED = re.compile(r" (?:van |aan |de |den |der |of )*[A-Z][\w'-]*")


@dataclass(frozen=True, slots=True)
class Thing:
    """Something found in a text, as it was typed, and where."""

    text: str
    start: int
    end: int


def find_vehicle(text: str, words: Sequence[Word]) -> Thing | None:
    """Return the vehicle that is described best: colour, kind, make, as typed. Somebody's own car is none."""
    best: Thing | None = None
    most = 0
    at = 0
    while at < len(words):
        found = _vehicle_at(text, words, at)
        if found is None:
            at += 1
            continue
        first, last = found
        if last - first + 1 > most:
            most = last - first + 1
            best = Thing(text[words[first].start : words[last].end], words[first].start, words[last].end)
        at = last + 1
    return best


def count_persons(words: Sequence[Word]) -> int | None:
    """Return how many people a text speaks of, or None when it does not say."""
    singles = 0
    for at, word in enumerate(words):
        if word.plain in _PLURALS:
            for before in range(at - 1, max(at - 4, -1), -1):
                plain = words[before].plain
                if plain.isdigit() and len(plain) <= 2 and not plain.startswith("0"):
                    return int(plain)
                if plain in _NUMBERS and plain not in ("een", "a", "an", "one"):
                    return _NUMBERS[plain]
            return None
        singles += word.plain in _SINGLES
    return 1 if singles else None


def find_direction(text: str, streets: Sequence[Street]) -> tuple[Thing, Street | None] | None:
    """Return where somebody is going ("Esdoornlaan", "het centrum"), and the street if it is one."""
    plain = flat(text)
    for pattern, any_word in ((_TOWARDS, True), (_TO, False)):
        for match in pattern.finditer(plain):
            start, end = match.span("what")
            street = next((street for street in streets if street.start <= start < street.end), None)
            if street is not None:
                stop = street.number_span[1] if street.number_span is not None else street.end
                return Thing(street.name, match.start(), max(stop, street.end)), street
            what = match["what"]
            if any_word or what in _COMPASS or what in LANDMARKS:
                more = _NAMED.match(text, end)
                end = more.end() if more is not None else end
                return Thing(text[start:end], match.start(), end), None
    return None


def find_movement(plain: str, vehicle: Thing | None) -> Movement | None:
    """Return how they go, if the (flat) text says so."""
    for movement, pattern in _MOVEMENTS:
        if pattern.search(plain):
            return movement
    if vehicle is None:
        return None
    two_wheels = ("scooter", "brommer", "bromfiets", "motor", "fatbike", "moped", "vespa")
    return Movement.SCOOTER if any(word in flat(vehicle.text) for word in two_wheels) else None


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Say whether a part of the text overlaps one of the others."""
    return any(span[0] < end and start < span[1] for start, end in others)


def _vehicle_at(text: str, words: Sequence[Word], at: int) -> tuple[int, int] | None:
    """Return the first and last word of the vehicle whose kind or make is word `at`."""
    plain = words[at].plain
    before = words[at - 1].plain if at else ""
    model = plain in _MODELS_ALONE or (plain in _MODELS and before in COLOURS)
    if not (model or plain in KINDS or _is_make(text, words[at])):
        return None
    if plain == "van" and before not in _BEFORE_VAN:
        return None
    first = at
    while first > 0 and at - first < 4 and words[first - 1].plain in _LOOKS and _adjacent(text, words, first - 1):
        first -= 1
    if first > 0 and words[first - 1].plain in _MINE:
        return None
    last = at
    while last + 1 < len(words) and last - at < 3 and _adjacent(text, words, last) and _goes_on(text, words, last + 1):
        last += 1
    return first, last


def _goes_on(text: str, words: Sequence[Word], at: int) -> bool:
    word = words[at]
    if word.plain in _MODELS or _is_make(text, word):
        return True
    after_make = words[at - 1].plain in _MAKES
    return after_make and (word.plain in KINDS - {"van"} or (text[word.start].isupper() and word.plain.isalpha()))


def _is_make(text: str, word: Word) -> bool:
    return word.plain in _MAKES and (word.plain not in _ALSO_WORDS or text[word.start].isupper())


def _adjacent(text: str, words: Sequence[Word], at: int) -> bool:
    return text[words[at].end : words[at + 1].start].isspace()
