"""What is held for one question before neighbours read it: descent without features, insults, calls to violence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from buurtwacht_alerts.words import bag, flat, split

#: So many neutral features make a description; descent alone is none.
FEATURES_NEEDED = 2


class ProblemKind(StrEnum):
    """Why a text is held."""

    DESCENT = "descent"
    INSULT = "insult"
    VIOLENCE = "violence"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to hold a text, and the words in it that are meant."""

    kind: ProblemKind
    words: tuple[str, ...]


_FEATURES = bag(
    "jas jack jasje regenjas bodywarmer broek spijkerbroek joggingbroek jeans rok jurk pet petje muts hoed capuchon"
    " hoodie trui vest shirt overhemd schoenen sneakers laarzen sportschoenen tas rugzak koffer handschoenen bril"
    " zonnebril baard snor sjaal helm trainingspak joggingpak hesje werkkleding uniform tattoo tatoeage litteken"
    " kaal paardenstaart staartje krullen krukken manktmank mank masker bivakmuts ketting oorbel piercing paraplu"
    " fiets scooter bolderkar hond jacket coat trousers pants shorts skirt dress cap beanie hat hood sweater jumper"
    " shoes trainers boots bag backpack gloves glasses sunglasses beard moustache scarf helmet tracksuit vest"
    " uniform tattoo scar bald ponytail curls limp crutches mask necklace earring umbrella"
)
_HEIGHT = re.compile(
    r"\b1[.,][4-9]\d\b|\b1 ?m(?:eter)? ?\d{2}\b|\b1\d{2} ?cm\b|\b(?:erg|heel|very) (?:lang|klein|groot|tall|short)\b"
)

_PERSON = (
    r"(?:man|mannen|vrouw|vrouwen|jongen|jongens|meisje|meisjes|jongeren|gast|gasten|kerel|kerels|vent|gozer|gozers"
    r"|types?|figuur|figuren|persoon|personen|mensen|lui|dude|dudes|guys?|m[ae]n|wom[ae]n|males?|females?|boys?"
    r"|girls?|kids?|people|persons?|youths?|teenagers?|lads?|individuals?|couple|stel|familie|family|inbrekers?|dief"
    r"|dieven|thief|thieves)"
)
_ADJECTIVES = (
    r"marokkaanse?|turkse?|antilliaanse?|surinaamse?|poolse?|roemeense?|bulgaarse?|syrische?|somalische?|eritrese?"
    r"|oost-?europese?|noord-?afrikaanse?|zuid-?amerikaanse?|afrikaanse?|arabische?|aziatische?|chinese?"
    r"|islamitische?|joodse?|hindoestaanse?|buitenlandse?|allochtone?|niet-?westerse?|negroide|(?:licht ?"
    r"|donker ?)?getinte?|moroccan|turkish|antillean|romanian|bulgarian|syrian|somali|eastern[- ]european"
    r"|north[- ]african|african|arab|arabic|asian|hispanic|latino|muslim|islamic|jewish|foreign|gypsy|gipsy"
    r"|dark[- ]skinned|brown[- ]skinned|coloured|immigrant"
)
_NOUNS = (
    r"marokkaan|turk|antilliaan|surinamer|roemeen|bulgaar|syrier|somalier|oost-?europeaan|noord-?afrikaan|afrikaan"
    r"|arabier|aziaat|chinees|moslim|jood|zigeuner|buitenlander|allochtoon|asielzoeker|vluchteling|neger"
    r"|marokkaantje|foreigner|immigrant|refugee|asylum seeker|jew"
)
_PLURALS = (
    r"marokkanen|marokkaantjes|turken|antillianen|surinamers|roemenen|bulgaren|syriers|somaliers|oost-?europeanen"
    r"|noord-?afrikanen|afrikanen|arabieren|aziaten|chinezen|moslims|joden|zigeuners|buitenlanders|allochtonen"
    r"|asielzoekers|vluchtelingen|negers|moroccans|turks|romanians|bulgarians|arabs|asians|africans|muslims|jews"
    r"|gypsies|gipsies|foreigners|immigrants|refugees|asylum seekers"
)
_SKIN = (
    r"(?:,? ?(?:met |with )?(?:een |a |an )?(?:donkere|zwarte|getinte|bruine|lichte|blanke|dark|black|brown"
    r"|white) (?:huid|huidskleur|huidkleur|skin|complexion)(?: colou?r)?|(?:met |with )?(?:een |a "
    r"|an )?(?:buitenlands|getint|noord-?afrikaans|oost-?europees|foreign) (?:uiterlijk|looks?)|van (?:buitenlandse"
    r"|marokkaanse|turkse|poolse|afrikaanse|noord-?afrikaanse|oost-?europese) (?:afkomst|komaf))"
)
_DESCENT = re.compile(
    rf"\b(?:(?P<skin>{_SKIN})|(?P<colour>zwarte?|donkere?|blanke?|bruine|black|white|brown)(?= (?:\w+ )?{_PERSON}\b)"
    rf"|(?P<plural>{_PLURALS})|(?P<noun>{_NOUNS})|(?P<adjective>{_ADJECTIVES}))(?![\w-])"
)
#: Descent only with a capital; otherwise a pond, poles, and what one does to shoes.
_CAPITALS = re.compile(
    r"\b(?:(?P<noun>Pool)|(?P<plural>Polen|Poles)|(?P<adjective>Polish|Pools))\b(?! (?:table|party))"
)
_ABOUT_A_THING = re.compile(
    r"[ -](?:kenteken\w*|nummerplaat|platen?|plates?|numberplates?|license|licence|winkel\w*|supermarkt|restaurant"
    r"|bakker\w*|slager\w*|moskee|kerk|school|shop|store|church|mosque|synagogue|food|vrachtwagen\w*|auto|autos"
    r"|auto's|bus|busje|bestelbus\w*|wagen|stationwagen|vlag|car|van|truck|lorry|vehicle|registered|accent|taal"
    r"|language|speaking|sprekend|sprekende|embassy|ambassade)\b"
)
_SPOKEN = re.compile(
    r"\b(?:spreekt|spreken|spraken|sprak|praat|praten|taal|accent|speaks?|speaking|spoke|language"
    r"|gesproken)(?: \w+){0,2} ?$"
)

_SWEARING = (
    r"kut|kanker|tering|tyfus|tyfes|klote|godver\w*|verdomde|verrekte|fucking|fuckin|bloody|goddamn|vieze"
    r"|vuile|smerige|filthy"
)
_INSULT_NOUNS = (
    r"klootzak(?:ken)?|hoer(?:en)?|hoerenzo(?:on|nen)|lul(?:len)?|eikels?|mongool|mongolen|tuig|gajes|schorem"
    r"|gespuis|uitschot|schoft(?:en)?|rotzak(?:ken)?|smeerlap(?:pen)?|debiel(?:en)?|idioot|idioten|flikkers?"
    r"|mietjes?|teringlijers?|kankerlijers?|tyfuslijers?|mafkees|mafkezen|sukkels?|trut(?:ten)?|teef|teven"
    r"|kutwij(?:f|ven)|assholes?|bastards?|scum|bitch(?:es)?|fuckers?|motherfuckers?|retards?|idiots?|thugs?"
    r"|wankers?|cunts?|pricks?|dickheads?|morons?|scumbags?|lowlifes?|niggers?|kutmarok\w*|kankermarok\w*|wijf|wijven"
)
_INSULT = re.compile(
    rf"\b(?:(?P<swearing>(?:{_SWEARING})(?= ?(?:{_INSULT_NOUNS}|{_PERSON}|{_NOUNS}|{_PLURALS}|{_ADJECTIVES})\b)"
    rf"|(?:kut|kanker|tering|tyfus|klote|fucking|godver\w*|verdomde)(?=\s|$|[.,!?]))|(?P<slur>{_INSULT_NOUNS})"
    rf"|(?P<fused>(?:kut|kanker|tering|tyfus)(?:{_PERSON}|{_NOUNS}|{_PLURALS}))|(?P<bare>fuck\w*))\b"
)
_SEVERAL = re.compile(r"\w*[^aeiou]en|\w+[^s]s|tuig|gajes|schorem|gespuis|uitschot|scum")
_ENGLISH = bag("the is are on at and with of a an he she they in by from this that there was")
_DUTCH = bag("de het een is op en met van er hij zij ze bij in door uit die dat was zijn staat loopt rijdt")

_THEM = (
    r"(?:hem|haar|ze|hen|hun|die (?:\w+ )?(?:gast|gasten|vent|gozer|gozers|kerel|kerels|dief|dieven|lui|mannen"
    r"|jongens|man|inbrekers?|types?)|dat tuig|het tuig|him|her|them|that (?:guy|man|bastard)|those (?:guys|men|kids"
    r"|people|bastards))"
)
_LET_US = (
    r"(?:laten we|zullen we|kom op|kom|jullie|iedereen|(?:we|wij) (?:moeten|gaan|zullen)|erop af|erheen"
    r"|let's|lets|let us|we should|we must|we'll|everyone|go|please)"
)
#: What is only ever said as a call, and what may as well describe what somebody is doing to another.
_CATCH = r"(?:pakken|grijpen|opwachten|afmaken|vermoorden|lynchen|klemrijden|aftuigen|afrossen|uitroken)"
_HURT = rf"(?:{_CATCH}|slaan|schoppen|trappen|rammen|neerslaan|klappen geven)"
_VIOLENCE = re.compile(
    rf"\b(?:opsporen en \w+|(?:pak|grijp|sla|schop|ram|trap) {_THEM}\b|{_LET_US},? (?:\w+ ){{0,4}}{_HURT}\b"
    rf"|{_CATCH} (?:{_THEM}\b|die handel)|en {_CATCH}(?=\s*(?:[.!?]|$))|{_CATCH}\s*!|(?:moeten|moet|zullen"
    rf"|mogen) {_THEM} (?:\w+ ){{0,2}}{_HURT}\b|klappen geven|een lesje leren|afrekenen met {_THEM}\b"
    rf"|teach {_THEM} a lesson|hunt(?: him| her| them)? down|manhunt|klopjacht|knuppels? mee"
    r"|neem (?:een )?(?:knuppel|honkbalknuppel)|bring (?:a |your )?bats?\b)"
    rf"|(?:^|[.!?,;:]\s*|\band |\bor |\b{_LET_US} )(?:all )?(?:go )?(?:get|catch|grab|beat|hit|smash|kill|kick"
    rf"|lynch|punch)(?: down| up)? {_THEM}\b(?: up| down)?"
)
_CLAUSES = re.compile(r"([,.!?;:\n]+\s*)")
_DOUBLE = re.compile(r"[ \t]{2,}")
_LOOSE = re.compile(r"\s+([,.!?;:])")
_AN = re.compile(r"\b([Aa])n (?=[bcdfgjklmnpqrstvwxyz])")


def problems(text: str) -> tuple[Problem, ...]:
    """Return why `text` should be held before members see it (§2.6 of the rules on texts); empty when it is fine."""
    plain = flat(text)
    found: list[Problem] = []
    descent = _descent(text, plain)
    if descent and _count_features(plain) < FEATURES_NEEDED:
        found.append(Problem(ProblemKind.DESCENT, _words(text, [match.span() for match in descent])))
    for kind, pattern in ((ProblemKind.INSULT, _INSULT), (ProblemKind.VIOLENCE, _VIOLENCE)):
        spans = [match.span() for match in pattern.finditer(plain)]
        if spans:
            found.append(Problem(kind, _words(text, spans)))
    return tuple(found)


def neutral(text: str) -> str:
    """Return a proposal that says the same without what `problems` found; "" when nothing would be left."""
    for _ in range(3):
        kinds = {problem.kind for problem in problems(text)}
        if ProblemKind.VIOLENCE in kinds:
            text = _without(text, _VIOLENCE)
        if ProblemKind.INSULT in kinds:
            text = _rewritten(text, list(_INSULT.finditer(flat(text))))
        if ProblemKind.DESCENT in kinds:
            text = _rewritten(text, _descent(text, flat(text)))
    return text if not problems(text) else ""


def _descent(text: str, plain: str) -> list[re.Match[str]]:
    """Return the terms of descent or religion that are said of people; a language heard or a number plate is not."""
    matches = [*_DESCENT.finditer(plain), *_CAPITALS.finditer(text)]
    said = [match for match in matches if not _of_a_thing(plain, match)]
    return sorted(said, key=lambda match: match.start())


def _of_a_thing(plain: str, match: re.Match[str]) -> bool:
    before = max(0, match.start() - 40)
    return bool(_ABOUT_A_THING.match(plain, match.end()) or _SPOKEN.search(plain, before, match.start()))


def _count_features(plain: str) -> int:
    words = {word.plain for word in split(plain)}
    return len(_FEATURES & words) + bool(_HEIGHT.search(plain))


def _words(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[start:end].strip() for start, end in spans))


def _rewritten(text: str, matches: Sequence[re.Match[str]]) -> str:
    english = len(_ENGLISH & _plain_words(text)) > len(_DUTCH & _plain_words(text))
    parts: list[str] = []
    end = 0
    for match in matches:
        if match.start() >= end:
            parts += (text[end : match.start()], _otherwise(match, english))
            end = match.end()
    return _tidied("".join(parts) + text[end:], text)


def _otherwise(match: re.Match[str], english: bool) -> str:
    """Return a plain word for a noun; an adjective is left out."""
    groups = match.groupdict()
    slur = groups.get("slur")
    if groups.get("plural") or (slur and _SEVERAL.fullmatch(slur)):
        return "people" if english else "personen"
    if groups.get("noun") or groups.get("fused") or slur:
        return "person" if english else "persoon"
    return ""


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """Leave out the clauses in which `pattern` is found."""
    parts = _CLAUSES.split(text)
    kept = [
        parts[at] + (parts[at + 1] if at + 1 < len(parts) else "")
        for at in range(0, len(parts), 2)
        if not pattern.search(flat(parts[at] + (parts[at + 1][:1] if at + 1 < len(parts) else "")))
    ]
    return _tidied("".join(kept).rstrip(" ,;:"), text)


def _tidied(text: str, before: str) -> str:
    text = _LOOSE.sub(r"\1", _DOUBLE.sub(" ", text)).strip(" ,;:")
    text = _AN.sub(r"\1 ", text)
    if text and before.lstrip()[:1].isupper():
        text = text[0].upper() + text[1:]
    return text if any(map(str.isalnum, text)) else ""


def _plain_words(text: str) -> set[str]:
    return {word.plain for word in split(flat(text))}
