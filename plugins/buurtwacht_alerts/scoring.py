"""How sure it is that a text is a report, and of what: weighing words against chatter, questions and negations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from buurtwacht import Severity
from buurtwacht_alerts import missing
from buurtwacht_alerts.categories import CATEGORIES, UNKNOWN
from buurtwacht_alerts.denials import is_over
from buurtwacht_alerts.lexicon import (
    BURGLARY,
    BURGLARY_INSIDE,
    BURGLARY_NOW,
    BURGLARY_PAST,
    CHAT,
    CHAT_PHRASES,
    FLEEING,
    MISSING,
    NEGATIONS,
    PERSONS,
    QUESTION_WORDS,
    SUSPICIOUS,
    TALK,
    WORDS,
)
from buurtwacht_alerts.pets import LOST_PET, weighed
from buurtwacht_alerts.scenes import KNOWN, find_scenes
from buurtwacht_alerts.words import Word, bag, distance

#: From here on a text is likely to be a report.
LIKELY = 0.5

_SUSPICIOUS, _BURGLARY, _MISSING, _CHAT, _TALK = "suspicious", "burglary", "missing", "chat", "talk"


def _table() -> dict[str, tuple[tuple[str, float], ...]]:
    table: dict[str, list[tuple[str, float]]] = {}
    sources: dict[str, Mapping[str, float]] = {
        _SUSPICIOUS: SUSPICIOUS,
        _BURGLARY: BURGLARY,
        _MISSING: MISSING,
        _CHAT: CHAT_PHRASES,
        _TALK: TALK,
        **WORDS,
    }
    for category, phrases in sources.items():
        for phrase, weight in phrases.items():
            table.setdefault(phrase, []).append((category, weight))
    return {phrase: tuple(meanings) for phrase, meanings in table.items()}


_PHRASES = _table()
#: Of how many words the longest phrase is that begins with a word.
_LONGEST_FROM: dict[str, int] = {}
for _phrase in _PHRASES:
    _first, *_more = _phrase.split()
    _LONGEST_FROM[_first] = max(_LONGEST_FROM.get(_first, 0), 1 + len(_more))
#: Only words that no ordinary word comes near are forgiven a wrong letter ("overal" is no "overval").
_MISTYPED = bag(
    "verdacht verdachte suspicious inbraak inbreker inbrekers ingebroken burglary vermist vermiste stapvoets babbeltruc"
    " gaslucht steekpartij stroomstoring bewusteloos reanimatie vechtpartij nepagent stroomuitval overlast mishandeling"
    " aanrijding ongeluk bivakmuts koevoet breekijzer deurklinken autodeuren woningbrand lantaarnpaal vandalisme"
    " wateroverlast gluurder hangjongeren suspiciously violence unconscious accident stabbing collapsed"
)
#: Short words come near too many others: only two letters that changed places are forgiven ("brnad").
_SWAPPED = {"".join(sorted(word)): word for word in ("brand", "fire", "mes", "gas", "dief", "overval", "vlammen")}
_FORGIVEN = {
    first: tuple(sorted(word for word in _MISTYPED if word[0] == first)) for first in {w[0] for w in _MISTYPED}
}
_ORDINARY = bag(
    "verwacht verwachte vernist vermest verzacht inspraak gedacht bedacht vergist vergiste vergissen vergissing"
    " verlist verkist verpest vergast veracht verrast"
)
#: What a word that was only forgiven is worth at most, with nothing beside it that speaks for a report.
_GUESSED = 0.45
#: How people write what they say.
_SPOKEN = {
    "t": "het", "'t": "het", "mn": "mijn", "m'n": "mijn", "zn": "zijn", "z'n": "zijn", "ie": "hij", "autos": "auto's",
    "vd": "van", "effe": "even", "ff": "even", "word": "wordt", "rijd": "rijdt", "loop": "loopt",
}  # fmt: skip
_PARTICLES = bag("aan in kapot lastig leeg neer om onder open over thuis vol weg")
_APART = {
    word
    for word in (*_PHRASES, *BURGLARY_PAST, *BURGLARY_NOW, *KNOWN)
    if any(word.startswith(particle) and len(word) > len(particle) + 4 for particle in _PARTICLES)
}
_ARTICLES = bag("een de het a an the enige enkele any echt really sprake van meer in sprake")
_REFERS = re.compile(
    r"(?:nu )?(?:hij|zij|ze|die|deze|he|she|they|it|dezelfde|the same|that|those)\b|(?:de|het"
    r"|the) (?:verdachte |suspicious )?"
    r"(?:auto|man|mannen|vrouw|busje|bus|scooter|jongens|jongen|car|van|men|guys|guy|woman|wagen|dader"
    r"|daders|melding)\b"
    r"|.{0,40}\b[a-z]{2}-\d{4}\b"
)
#: "They" is as often how a first report begins.
_THEY = re.compile(r"(?:ze|zij|they)\b")
_STOP = re.compile(r"[.!?;]\s|\n")
_SENTENCE = re.compile(r"([^.!?\n]+)([.!?\n]*)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else was found in the text, and counts."""

    listed_street: bool = False
    place: bool = False
    vehicle_at: int | None = None
    person: bool = False
    called: bool = False
    moment: bool = False
    plate: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of which category a text is, how sure it is that it reports something, and the words that alarm.

    `continues` says that it speaks of something known already ("die auto staat nu …").
    """

    category: str = UNKNOWN
    certainty: float = 0.0
    cues: tuple[str, ...] = ()
    continues: bool = False


@dataclass(slots=True)
class _Tally:
    best: dict[str, float] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)
    #: how many of them were written right
    written: dict[str, int] = field(default_factory=dict)
    cues: dict[str, list[str]] = field(default_factory=dict)
    missing_at: int = 0
    #: whether somebody is asked after ("heeft iemand mijn kat gezien?")
    sought: bool = False
    spoken: set[str] = field(default_factory=set)
    #: in which sentences there is something to report, and in which there is chatter
    reports: set[int] = field(default_factory=set)
    chats: set[int] = field(default_factory=set)

    def add(self, category: str, weight: float, phrase: str, *, forgiven: bool, sentence: int) -> None:
        (self.chats if category == _CHAT else self.reports).add(sentence)
        self.best[category] = max(self.best.get(category, 0.0), weight)
        self.count[category] = self.count.get(category, 0) + 1
        self.written[category] = self.written.get(category, 0) + (not forgiven)
        self.cues.setdefault(category, []).append(phrase)

    def score(self, category: str) -> float:
        return self.best[category] + 0.1 * min(self.count[category] - 1, 3)


def judge(plain: str, words: Sequence[Word], evidence: Evidence) -> Judgement:
    """Weigh the flat text `plain` of these words. Certainty is 0 to 1; `LIKELY` and more is likely a report."""
    tally = _tally(plain, words, evidence.vehicle_at)
    spoken = {word.plain for word in words}
    chat = tally.best.pop(_CHAT, 0.0)
    if tally.reports - tally.chats:
        # "Anyone know whose van that is? They are looking into houses": the second sentence reports.
        chat /= 2
    talk = tally.best.pop(_TALK, 0.0)
    category, score = _choose(tally, plain, words, evidence)
    family = _family(category)
    sought = tally.sought and family == _MISSING
    chat = 0.25 * min(len(CHAT & spoken), 2) + (0.0 if sought else chat)
    if score and is_over(plain, family):
        return Judgement(UNKNOWN, 0.3, (), continues=True)
    critical = CATEGORIES[category].severity is Severity.CRITICAL
    continues = bool(_REFERS.match(plain.lstrip()))
    bonus = (
        0.15 * evidence.listed_street
        + 0.1 * (evidence.place and not evidence.listed_street)
        + 0.1 * (evidence.vehicle_at is not None or evidence.person)
        + 0.2 * evidence.called
        + 0.05 * evidence.moment
        + 0.15 * evidence.plate
    )
    if category == UNKNOWN and not score:
        return Judgement(category, round(min(max(bonus - chat, 0.0), 0.4), 2), (), continues)
    penalty = talk + (chat / 2 if critical else chat)
    if _asks(plain, words) and not sought:
        penalty += 0.15 if critical else 0.4
    if continues and not critical:
        penalty += 0.1 if _THEY.match(plain.lstrip()) else 0.45
    certainty = min(max(score + bonus - penalty, 0.0), 0.99)
    if critical and not tally.written.get(family) and not (evidence.place or evidence.listed_street or evidence.called):
        # Nobody is woken by a word that was only taken for another one.
        certainty = min(certainty, _GUESSED)
    cues = tally.cues.get(family, ()) if critical else ()
    return Judgement(category, round(certainty, 2), tuple(cues), continues)


def _tally(plain: str, words: Sequence[Word], vehicle_at: int | None) -> _Tally:
    tally = _Tally()
    typed = _together([_SPOKEN.get(word.plain, word.plain) for word in words])
    spoken = [_forgiven(word) for word in typed]
    tally.spoken = set(spoken)
    sentences = _sentences(plain, words)
    at = 0
    while at < len(spoken):
        for count in range(min(_LONGEST_FROM.get(spoken[at], 0), len(spoken) - at), 0, -1):
            phrase = " ".join(spoken[at : at + count])
            meanings = _PHRASES.get(phrase)
            if meanings is None:
                continue
            for category, weight in meanings:
                # "Geen loos alarm" is no chatter; other chatter has its "niet" within.
                chats = category in (_CHAT, _TALK) and not phrase.endswith("alarm")
                if chats or not _denied(plain, words, at):
                    forgiven = typed[at : at + count] != spoken[at : at + count]
                    tally.add(category, weight, phrase, forgiven=forgiven, sentence=sentences[at])
                    if category == _MISSING:
                        tally.missing_at = at
            at += count
            break
        else:
            at += 1
    if (whom := missing.sought(plain, words)) is not None:
        tally.add(_MISSING, missing.SOUGHT, spoken[whom], forgiven=False, sentence=sentences[whom])
        tally.missing_at, tally.sought = whom, True
    vehicle = next((at for at, word in enumerate(words) if word.start == vehicle_at), None)
    for scene, at in find_scenes(spoken, sentences, vehicle):
        if not _denied(plain, words, at):
            tally.add(scene.family, scene.weight, spoken[at], forgiven=False, sentence=sentences[at])
            if scene.family == _MISSING:
                tally.missing_at = at
    return tally


def _together(words: list[str]) -> list[str]:
    """Put verbs together that people write apart ("open gebroken"); in the place of the second part stands nothing."""
    for at in range(len(words) - 1):
        if words[at] in _PARTICLES and (whole := words[at] + words[at + 1]) in _APART:
            words[at], words[at + 1] = whole, ""
    return words


def _sentences(plain: str, words: Sequence[Word]) -> list[int]:
    """Return in which sentence each word stands."""
    numbers = [0] * len(words)
    for at in range(1, len(words)):
        between = plain[words[at - 1].end : words[at].start]
        numbers[at] = numbers[at - 1] + (between != " " and _STOP.search(between) is not None)
    return numbers


@lru_cache(maxsize=4096)
def _forgiven(word: str) -> str:
    if len(word) < 8 and word not in _PHRASES and (swapped := _SWAPPED.get("".join(sorted(word)))) is not None:
        return swapped if distance(word, swapped, 1) <= 1 else word
    if len(word) < 6 or word in _PHRASES or word in _ORDINARY:
        return word
    alike = (known for known in _FORGIVEN.get(word[0], ()) if abs(len(known) - len(word)) <= 1)
    return next((known for known in alike if sorted(known) == sorted(word) or distance(word, known, 1) <= 1), word)


def _denied(plain: str, words: Sequence[Word], at: int) -> bool:
    """Say whether "geen", "not a" and the like stand before the words that begin at `at`, with nothing between."""
    for before in range(at - 1, max(at - 4, -1), -1):
        if not plain[words[before].end : words[before + 1].start].isspace():
            return False
        if words[before].plain in NEGATIONS:
            return True
        if words[before].plain not in _ARTICLES and words[before].plain not in ("verdachte", "suspicious"):
            return False
    return False


def _choose(tally: _Tally, plain: str, words: Sequence[Word], evidence: Evidence) -> tuple[str, float]:
    """Return the category with the most weight; one that is life-threatening goes first when it is said outright."""
    candidates: dict[str, float] = {}
    for family in tally.best:
        category, extra = family, 0.0
        if family == _SUSPICIOUS:
            category = _suspicious(words, evidence)
        elif family == _BURGLARY:
            category = _burglary(plain, tally.spoken, evidence)
        elif family == _MISSING:
            category, extra = _missing(plain, words, tally)
            if not category:
                continue
        candidates[category] = max(candidates.get(category, 0.0), tally.score(family) + extra)
    if words and words[0].plain in ("oefening", "exercise", "drill"):
        return "drill", max(candidates.values(), default=LIKELY)
    if not candidates:
        return UNKNOWN, 0.0

    def rank(category: str) -> tuple[bool, float]:
        outright = CATEGORIES[category].severity is Severity.CRITICAL and candidates[category] >= 0.6
        return outright or category == "burglary_found", candidates[category]

    chosen = max(candidates, key=rank)
    if chosen == LOST_PET:
        told = evidence.called or evidence.plate
        vehicle = evidence.vehicle_at is not None
        owners = missing.owners(words)
        cues = tally.cues.get(_SUSPICIOUS, ())
        return weighed(plain, words, candidates, cues, vehicle=vehicle, told=told, owners=owners)
    return chosen, candidates[chosen]


def _suspicious(words: Sequence[Word], evidence: Evidence) -> str:
    """Tell a vehicle from a person by which is named first."""
    if evidence.vehicle_at is None:
        return "suspicious_person"
    person = next((word.start for word in words if word.plain in PERSONS), None)
    first = person is None or evidence.vehicle_at < person
    return "suspicious_vehicle" if first else "suspicious_person"


def _burglary(plain: str, spoken: set[str], evidence: Evidence) -> str:
    """Tell a burglary that goes on from one that was found. Without a word about it, it goes on: the safe side."""
    if evidence.over:
        return "burglary_found"
    if BURGLARY_NOW & spoken or BURGLARY_INSIDE.search(plain) or FLEEING & spoken:
        return "burglary_now"
    return "burglary_found" if BURGLARY_PAST & spoken else "burglary_now"


def _missing(plain: str, words: Sequence[Word], tally: _Tally) -> tuple[str, float]:
    """Return who is missing, and what that adds; "" when it is a thing (keys, a bicycle)."""
    named = missing.who(plain, words, tally.missing_at)
    if named:
        return named, 0.15
    return ("missing_person", 0.0) if tally.best[_MISSING] >= 0.6 else ("", 0.0)


def _asks(plain: str, words: Sequence[Word]) -> bool:
    """Say whether the text as a whole is a question; one that is asked beside a statement does not count."""
    if "?" not in plain:
        return bool(words) and words[0].plain in QUESTION_WORDS
    sentences = [match for match in _SENTENCE.finditer(plain) if match.group(1).strip()]
    return all("?" in sentence.group(2) for sentence in sentences)


def _family(category: str) -> str:
    if category.startswith("suspicious"):
        return _SUSPICIOUS
    if category.startswith("burglary"):
        return _BURGLARY
    return _MISSING if category.startswith(("missing", "lost")) else category
