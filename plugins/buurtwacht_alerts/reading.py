"""One sentence as people type it, read as a report: what, where, when, who, and whether 112 was called."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from buurtwacht import Severity
from buurtwacht_alerts.called import Called112, find_called, read_called
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.contacts import opened, sealed
from buurtwacht_alerts.lexicon import PERSONS, SUSPICIOUS
from buurtwacht_alerts.moments import Moment, find_moment
from buurtwacht_alerts.places import Place, Span, find_place, find_streets, house_numbers
from buurtwacht_alerts.plates import Plate, find_plates, named_from
from buurtwacht_alerts.scoring import LIKELY, Evidence, Judgement, judge
from buurtwacht_alerts.things import (
    COLOURS,
    Movement,
    Thing,
    count_persons,
    find_direction,
    find_movement,
    find_vehicle,
    overlaps,
)
from buurtwacht_alerts.words import MOST_WORDS, Word, bag, cut, flat, shortened, split

__all__ = ["LIKELY", "Called112", "Movement", "Reading", "read", "read_called"]

_PREFIX = re.compile(
    r"\s*/?(?:(?:nieuwe |new )?(?:melding|meld|report|alarm|alert)\b(?! (?:me|mij|je|aan|af|card|gaat|ging|is|was"
    r"|van|in|bij|at|going|going off|went)\b)[\s:!,.-]*|(?:ik wil|ik wou|wil|i want to|i'd like to"
    r"|i would like to)(?: graag| even)? (?:iets |something )?(?:melden|report)\b[\s:!,.-]*)"
)
_GREETING = re.compile(
    r"\s*(?:(?:hoi|hallo|hey|hi|hello|dag|goedemorgen|goedemiddag|goedenavond|good (?:morning|evening|afternoon)|beste"
    r"|let op|attentie|help|attention)(?: (?:allemaal|buren|buurt|all|everyone|neighbours|mensen))?[\s,!.:]+)+"
)
_UNSURE = re.compile(
    r"\b(?:denk ik|ik denk|volgens mij|misschien|mogelijk|lijkt|geloof ik|niet zeker|waarschijnlijk|zou kunnen"
    r"|i think|maybe|perhaps|possibly|might|seems|looks like|not sure|not certain|probably|could be)\b"
)
_HEARD = re.compile(
    r"\b(?:volgens (?:de|mijn|een) (?:buurman|buurvrouw|buren|man|vrouw)|ik hoorde (?:van|dat)|van horen zeggen"
    r"|i heard (?:from|that)|my neighbour says|according to)\b"
)
_STARTS = (
    r"(?:er (?:is|loopt|staat|rijdt|zijn|lopen|staan|rijden|was) |there(?:'s| is| are) |ik zie |i see "
    r"|zie )?(?:nu |net )?"
)
_ADJECTIVES = "|".join(
    sorted(
        (
            word
            for word in SUSPICIOUS
            if word.startswith(("verdacht", "suspicious", "ongur", "onguur", "rare", "vreemd", "strange", "weird"))
            or word in ("shady", "sketchy", "dodgy", "onbekende", "unknown")
        ),
        key=len,
        reverse=True,
    )
)
_HEAD = re.compile(rf"(?:{_STARTS}(?:(?:een|a|an) )?)?(?:{_ADJECTIVES})\s+")
_SITUATION = re.compile(r"(?:situatie|situation|gedrag|behaviou?r|activiteit|activity)\b")
_PIECES = re.compile(r"[,;\n|•]|[.!?:](?=\s|$)|\s-\s")
_EMPTY_WORDS = bag(
    "en in op de het bij van er is een aan staat zijn dus ook hier nu net om over door te uit met langs naar daar ze"
    " hij die dat the on in at and a an there is are near from with of by to here now it its that this just also"
    " richting toe af again weer gezien seen zie ik i zag saw yet nog al already have heb we wij"
)
_DANGLING = bag(
    "in op de het bij van en aan om the on at near and from with een a an door langs richting of towards"
    " achter voor tegenover behind opposite outside since sinds vanaf rond om last laatst by to"
)
_DESCRIBING = (
    PERSONS
    | COLOURS
    | bag(
        "jas jack broek pet muts hoodie trui capuchon schoenen tas rugzak handschoenen bril baard sjaal helm petje"
        " vest spijkerbroek jeans kleding gekleed jacket coat cap hat hood backpack shoes trousers beard glasses"
        " gloves scarf helmet clothes clothing dressed tracksuit trainingspak joggingpak lang lange klein kleine"
        " donker donkere lichte blond blonde haar hair tall short slim slank ongeveer circa about jaar years old oud"
        " jong jonge young kaal bald draagt wearing wears droeg grote sportschoenen tattoo snor moustache mask"
        " masker mondkapje verdacht verdachte twee drie vier two three four m cm meter"
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one text says.

    `certainty` (0 to 1) is how sure it is that this is a report; `LIKELY` and more is likely one, 1 is said to be one.
    `place` is as it may be shown and never holds a house number; `street` is the listed street, if it is one.
    `happened_at` is aware, in the zone of the `now` it was read with; None when the text does not say,
    `vague` when it says no more than the part of the day.
    `behaviour` is what happens, in the reporter's words without place, time and 112; not yet masked for members.
    `continues` says that it speaks of something known already rather than of something new.
    """

    category: str
    severity: Severity
    certainty: float
    behaviour: str = ""
    description: str = ""
    place: str = ""
    street: str | None = None
    house_number: str = ""
    happened_at: datetime | None = None
    vague: bool = False
    acting_now: bool = True
    direction: str = ""
    direction_street: str | None = None
    movement: Movement | None = None
    vehicle: str = ""
    plate: str = ""
    persons: int | None = None
    called_112: Called112 = Called112.UNKNOWN
    cues: tuple[str, ...] = ()
    uncertain: bool = False
    hearsay: bool = False
    explicit: bool = False
    continues: bool = False

    @property
    def likely(self) -> bool:
        """Whether the text is likely a report."""
        return self.certainty >= LIKELY


@dataclass(frozen=True, slots=True)
class _Findings:
    """All that was found, with where it stands."""

    place: Place
    moment: Moment
    direction: Thing | None
    direction_street: str | None
    vehicle: Thing | None
    plates: tuple[Plate, ...]
    called: Called112
    called_spans: tuple[Span, ...]
    numbers: tuple[Span, ...]


def read(text: str, streets: Sequence[str], now: datetime, emergency_numbers: Sequence[str] = ("112",)) -> Reading:
    """Read `text` as a report from a neighbourhood with these `streets`; `now` is aware, local. Raises nothing."""
    text, contacts = sealed(shortened(text))
    plain = flat(text)
    body, explicit = _body_start(plain)
    words = split(plain, MOST_WORDS)
    spoken = [word for word in words if word.start >= body] if body else words
    found = _find(text, spoken, streets, now, emergency_numbers)
    over = found.moment.is_over(now)
    judgement = judge(plain[body:], _from(spoken, body), Evidence(
        listed_street=found.place.known or found.direction_street is not None,
        place=bool(found.place.text),
        vehicle_at=found.vehicle.start - body if found.vehicle is not None else None,
        person=any(word.plain in PERSONS for word in spoken),
        called=found.called is not Called112.UNKNOWN,
        moment=found.moment.at is not None,
        plate=bool(found.plates),
        over=over,
    ))  # fmt: skip
    pieces = _pieces(text, body, found, vehicle=judgement.category == "suspicious_vehicle")
    looks = [_describes(piece) for piece in pieces]
    behaviour, description = (
        cut(", ".join(piece for piece, look in zip(pieces, looks, strict=True) if look is wanted), 300)
        for wanted in (False, True)
    )
    return Reading(
        category=judgement.category,
        severity=_severity(judgement, over),
        certainty=1.0 if explicit else judgement.certainty,
        behaviour=opened(behaviour, contacts),
        description=opened(description, contacts),
        place=opened(found.place.text, contacts),
        street=found.place.street,
        house_number=found.place.house_number,
        happened_at=found.moment.at,
        vague=found.moment.vague,
        acting_now=not over and judgement.category != "burglary_found",
        direction=opened(found.direction.text, contacts) if found.direction is not None else "",
        direction_street=found.direction_street,
        movement=find_movement(plain, found.vehicle),
        vehicle=found.vehicle.text if found.vehicle is not None else "",
        plate=found.plates[0].text if found.plates else "",
        persons=count_persons(spoken),
        called_112=found.called,
        cues=judgement.cues,
        uncertain=bool(_UNSURE.search(plain)),
        hearsay=bool(_HEARD.search(plain)),
        explicit=explicit,
        continues=judgement.continues and not explicit,
    )


def _from(words: Sequence[Word], body: int) -> Sequence[Word]:
    return [Word(word.plain, word.start - body, word.end - body) for word in words] if body else words


def _body_start(plain: str) -> tuple[int, bool]:
    """Return where the report itself begins, after a greeting and a word such as "melding","
    " and whether that was said."""
    greeting = _GREETING.match(plain)
    start = greeting.end() if greeting is not None else 0
    prefix = _PREFIX.match(plain, start)
    return (start, False) if prefix is None else (prefix.end(), True)


def _find(text: str, words: Sequence[Word], streets: Sequence[str], now: datetime, numbers: Sequence[str]) -> _Findings:
    named = find_streets(text, words, streets)
    towards = find_direction(text, named)
    direction, heading = towards if towards is not None else (None, None)
    here = [street for street in named if street is not heading]
    called, called_spans = find_called(text, numbers)
    vehicle = find_vehicle(text, words)
    return _Findings(
        place=find_place(text, here, words) if here or direction is None else _beside(text, direction, words),
        moment=find_moment(text, now),
        direction=direction,
        direction_street=heading.name if heading is not None and heading.listed else None,
        vehicle=vehicle,
        plates=tuple(find_plates(text)),
        called=called,
        called_spans=called_spans,
        numbers=tuple(house_numbers(text, named)),
    )


def _beside(text: str, direction: Thing, words: Sequence[Word]) -> Place:
    """Return a landmark that is not merely where somebody is going."""
    place = find_place(text, (), words)
    return Place() if overlaps((direction.start, direction.end), place.spans) else place


def _severity(judgement: Judgement, over: bool) -> Severity:
    category = CATEGORIES[judgement.category]
    if over and category.fades and category.severity.presses:
        return Severity.NOTICE
    return category.severity


def _pieces(text: str, body: int, found: _Findings, *, vehicle: bool) -> list[str]:
    """Return what remains of the text, piece by piece, once all that stands elsewhere in an alert is taken out."""
    spans = [*found.place.spans, *found.moment.spans, *found.called_spans, *found.numbers]
    if found.direction is not None:
        spans.append((found.direction.start, found.direction.end))
    spans += [(named_from(text, plate), plate.end) for plate in found.plates]
    shown = list(text)
    for start, end in spans:
        shown[start:end] = "\0" * (end - start)
    rest = "".join(shown)[body:]
    pieces: list[str] = []
    for piece in _PIECES.split(rest):
        whole = _without_head(piece.strip("\0 "), found.vehicle if vehicle else None)
        trimmed = _trimmed(whole.replace("\0", " "), cut=piece.rstrip().endswith("\0"))
        if trimmed:
            pieces.append(trimmed)
    return pieces


def _without_head(piece: str, vehicle: Thing | None) -> str:
    """Drop "verdachte auto" and the like from the front of a piece: the category and the vehicle say it already."""
    plain = flat(piece)
    head = _HEAD.match(plain)
    start = head.end() if head is not None else 0
    if start:
        situation = _SITUATION.match(plain, start)
        start = situation.end() if situation is not None else start
    if vehicle is not None:
        article = re.compile(rf"{_STARTS}(?:(?:een|a|an|de|the) )?").match(plain, start)
        after = article.end() if article is not None else start
        described = flat(vehicle.text)
        for part in (described, described.split()[-1]):
            if plain.startswith(part, after) and not plain[after + len(part) : after + len(part) + 1].isalnum():
                return piece[after + len(part) :]
    return piece[start:]


def _trimmed(piece: str, *, cut: bool) -> str:
    """Drop what hangs loose at the edges; a preposition at the end only where something was cut off behind it."""
    words = piece.split()
    while cut and words and flat(words[-1]).strip(".,!?:;-()") in _DANGLING:
        words.pop()
    while words and flat(words[0]) in ("en", "and", "op", "in", "bij", "on", "at", "-", "is", "die", "dat"):
        words.pop(0)
    if all(flat(word).strip(".,!?:;-()'\"") in _EMPTY_WORDS or not any(map(str.isalnum, word)) for word in words):
        return ""
    return " ".join(words).strip(" ,;:-")


def _describes(piece: str) -> bool:
    """Say whether a piece only says how somebody looks, and not what he does."""
    words = [word.plain for word in split(flat(piece))]
    return all(word in _DESCRIBING or word in _EMPTY_WORDS or word.isdigit() for word in words)
