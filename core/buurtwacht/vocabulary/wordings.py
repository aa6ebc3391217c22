"""The words of short answers, in Dutch and English, and how a typed text is brought down to them."""

from __future__ import annotations

import re
import unicodedata


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


SAFE = _set("ok oke okay okee okey okie oki k kk prima goed best fine good well alright great veilig safe orde top")
HEARD = _set(
    "ja j jaa jaja jawel jazeker zeker jep jup yep yes y yeah yup sure akkoord aanwezig present ontvangen received"
    " gezien seen begrepen understood duidelijk check gedaan done bevestigd confirmed natuurlijk tuurlijk uiteraard"
    " klopt juist correct 1"
)
FRIENDLY = SAFE | HEARD
READ = _set(
    "ok oke okay okee okey okie oki k kk ontvangen received gezien seen begrepen understood duidelijk check"
    " dank je u wel bedankt dankjewel dankuwel hoor thanks thank you"
)
YES_HEADS = _set("ja jawel jazeker jep yes yep yeah")
NO_HEADS = _set("nee neen neej nope no nah n")
NEGATIONS = _set("niet nie neit geen nooit niemand not never cannot can't cant isn't isnt don't dont aren't won't")
CONTRASTS = _set("maar alleen behalve echter hoewel but except only though however")
FILLERS = _set(
    "ik ben we wij zijn is het er alles allemaal allebei iedereen hier thuis binnen dan hoor nu weer ook heel helemaal"
    " gaat met mij me ons mijn man vrouw kinderen gezin partner en dank je jullie u wel bedankt dankjewel dankuwel"
    " graag fijn super doen doe dat die is't lijkt komt voor in dag lief mooi zo gelukkig"
    " i am i'm we're are all both here home everything everyone everybody us my wife husband kids family and thanks"
    " thank you please it's its going with very very that is now again too nog steeds still"
)
COURTESIES = _set(
    "graag hoor dan bedankt dank dankjewel dankuwel je u wel thanks thank you please aub alsjeblieft alstublieft svp"
    " ik ben het is de doe kies neem i am i'm the"
)
#: Says that something is right: an answer to a question, not a sign of having read.
CONFIRMS = _set("klopt juist correct")
STOPS = frozenset(("stop", "stoppen", "stop ermee", "stop hiermee", "unsubscribe", "uitschrijven", "opzeggen"))
_GREETINGS = _set(
    "hoi hallo hey hee hi hello dag goedemorgen goedemiddag goedenavond goedenmorgen goedendag beste buren buurt"
    " allen morning morgen evening dear neighbours"
)
NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        ("een eentje one", "twee two", "drie three", "vier four", "vijf five", "zes six", "zeven seven", "acht eight"),
        start=1,
    )
    for word in words.split()
}

_KEPT = re.compile(r"(?<=\d)[.:,](?=\d)|(?<=[^\W_])['-](?=[^\W_])|[^\W_]+")
SIGNATURE = re.compile(
    r"\s(?:met (?:vriendelijke|hartelijke) groet\w*|vriendelijke groet\w*|groet\w*|grtjs|grt|gr|mvg|liefs|kus(?:jes)?"
    r"|x{1,3}|(?:kind |best )?regards|cheers|greetings)(?=\s|$).*$"
)
_STRETCHED = re.compile(r"(\w)\1{2,}")
_LONG_WORDS = tuple(
    sorted(
        {word for word in FRIENDLY | FILLERS if len(word) >= 5}
        | _set("fallen stuck onveilig unsafe noodgeval emergency ambulance gevallen gevaar nodig stoppen")
    )
)
_KNOWN = FRIENDLY | NO_HEADS | NEGATIONS | CONTRASTS | FILLERS | _GREETINGS | frozenset(_LONG_WORDS)


def fold(text: str) -> str:
    """Return `text` in lower case without accents, with punctuation and white space squeezed to single spaces.

    A hyphen or apostrophe within a word and the point or colon within a number stay ("TB-0001", "22:30").
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("`", "'")).lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in plain if not unicodedata.category(sign).startswith("M"))
    parts: list[str] = []
    end = -1
    for match in _KEPT.finditer(plain):
        if parts and match.start() != end:
            parts.append(" ")
        parts.append(match.group())
        end = match.end()
    return "".join(parts)


def within_one_letter(word: str, other: str) -> bool:
    """Say whether one letter added, dropped, changed, or two neighbours swapped, makes `word` into `other`."""
    if word == other:
        return True
    if abs(len(word) - len(other)) > 1:
        return False
    start = 0
    shortest = min(len(word), len(other))
    while start < shortest and word[start] == other[start]:
        start += 1
    rest, wanted = word[start:], other[start:]
    if len(rest) == len(wanted):
        return rest[1:] == wanted[1:] or (rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:])
    return rest[1:] == wanted if len(rest) > len(wanted) else rest == wanted[1:]


def is_nearly(word: str, wanted: str) -> bool:
    """Say whether `word` is `wanted`, but for a slip of one letter; in words under five letters none is forgiven."""
    return word == wanted or (len(wanted) >= 5 and within_one_letter(word, wanted))


def answer_words(text: str) -> list[str]:
    """Return the words that carry the answer: without greeting and signature, stretched and mistyped words mended."""
    folded = SIGNATURE.sub("", fold(text[:2000]))
    words = [_mended(word) for word in folded.split()]
    first = 0
    while first < len(words) and words[first] in _GREETINGS:
        first += 1
    return words[first:]


def _mended(word: str) -> str:
    if word in _KNOWN:
        return word
    word = _STRETCHED.sub(r"\1", word) if not word.isdigit() else word
    if len(word) < 4 or word in _KNOWN:
        return word
    near = [known for known in _LONG_WORDS if within_one_letter(word, known)]
    return near[0] if len(near) == 1 else word
