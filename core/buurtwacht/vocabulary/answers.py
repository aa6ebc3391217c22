"""What ordinary people mean by a short answer, in Dutch and English: yes, no, help, a number, one of the choices.

Nothing here guesses: what fits two things fits none, and a negation always wins over a friendly word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import lru_cache

from buurtwacht.vocabulary.chores import is_about_somebody, is_chore, presses
from buurtwacht.vocabulary.wordings import (
    CONFIRMS,
    CONTRASTS,
    COURTESIES,
    FILLERS,
    FRIENDLY,
    NEGATIONS,
    NO_HEADS,
    NUMBER_WORDS,
    READ,
    SAFE,
    SIGNATURE,
    STOPS,
    YES_HEADS,
    answer_words,
    fold,
    is_nearly,
)

__all__ = [
    "AnswerClass",
    "classify",
    "fold",
    "is_bare_help",
    "is_call_for_help",
    "is_nearly",
    "leading_number",
    "match_choice",
    "only_heard",
]


class AnswerClass(StrEnum):
    """What kind of answer a text is. UNCLEAR is an answer that needs one more question ("ok maar oma niet")."""

    OK = "ok"
    NO = "no"
    HELP = "help"
    UNCLEAR = "unclear"
    STOP = "stop"
    NONE = "none"


_EMOJI = {
    **dict.fromkeys("👍👌✅🙏🆗✔☑", AnswerClass.OK),
    **dict.fromkeys("👎❌🚫✖", AnswerClass.NO),
    "🆘": AnswerClass.HELP,
}

#: Words of which a yes or no consists that says nothing else: "nee hoor", "ja graag, dank je".
_ANSWERS = FRIENDLY | YES_HEADS | NO_HEADS | NEGATIONS | COURTESIES | FILLERS
_EASY = re.compile(r"\b(?:geen|no) (?:probleem|punt|bezwaar|problem|worries|objection)\b")
_GO_ON = re.compile(r"^graag\b|^(?:doe|stuur|verstuur|zet) (?:het |dat |hem )?maar\b(?! niet\b)")
_LET_BE = re.compile(r"^(?:doe|stuur|verstuur|zet) (?:het |dat |hem )?maar niet\b")
_NO_HELP = re.compile(
    r"\b(?:geen|niet|zonder|no|not|never|don't|dont)(?: \w+)?(?: \w+)? (?:hulp|help|nood|sos|ambulance)\b"
    r"(?: nodig| needed| required)?"
)
_HELP = re.compile(
    r"\b(?:hulp|help|sos|nood|noodgeval|mayday|emergency|onveilig|unsafe|ambulance|in gevaar|in danger"
    r"|kom(?:en)? (?:heel |nu |aub )?(?:snel|gauw|vlug)|come (?:quick|quickly|fast|now)|er niet uit|can't get out"
    r"|cant get out|cannot get out|(?:zit|sta) vast|stuck|(?:ben|is|was) gevallen|(?:have|has) fallen|i've fallen"
    r"|i fell|gaat (?:\w+ )?(?:niet (?:zo )?(?:goed|best|lekker)|slecht)|not (?:doing )?(?:well|good))\b"
)
_CRY = re.compile(
    r"(?:(?:o|oh|snel|nu|dringend|aub|please|urgent|ik|wij|we|i|heb|wil|hebben|need|want|het|is|hier) )*"
    r"(?:hulp|help(?: me| mij| ons| us)|help(?= help)|help|sos|nood|noodgeval|mayday|emergency|niet veilig|not safe"
    r"|kom (?:nu |heel |alsjeblieft |aub )?snel|come (?:quick|quickly|fast)|ik kan er niet uit|can't get out)"
    r"(?: (?:nodig|nu|snel|direct|aub|alsjeblieft|alstublieft|please|now|quick|quickly|fast|hulp|help|sos|hier|here))*"
)
_CRY_INSIDE = re.compile(
    r"\bhelp (?:me|mij|ons|us)\b(?! (?:met|mee|even|om|bij|aan|herinneren|with|to|find|understand|remember"
    r"|move|carry|lift|clean|paint|fix|choose)\b)"
    r"|\b(?:ik|wij|we|i) (?:heb|hebben|need|want)(?: nu| snel| dringend| direct| urgent| urgently)? "
    r"(?:hulp(?: nodig)?+|help)\b(?! (?:met|bij|voor|om|with|to|for"
    r"|moving|carrying|lifting|cleaning|painting|fixing|finding|organi[sz]ing)\b)"
    r"|\b(?:ik ben|wij zijn|we zijn|ik voel me|i am|i'm|we are|we're|i feel)(?: hier| echt| really)? "
    r"(?:niet veilig|onveilig|not safe|unsafe|in gevaar|in danger|gevallen en)\b"
    r"|\b(?:kan|kunnen|kom) er niet (?:meer )?uit\b|\b(?:can't|cant|cannot) get out\b"
)
#: A cry that goes on: "hulp nodig bij beukenlaan 5", "help ik ben gevallen".
_CRY_WITH_MORE = re.compile(
    r"(?:(?:o|oh|snel|nu|dringend|aub|please|urgent) )*"
    r"(?:(?P<needs>(?:ik|wij|we|i) (?:heb|hebben|need|want) (?:(?:nu|snel|dringend|direct|urgent|urgently) )?)?"
    r"(?:hulp|help)(?: (?:me|mij|ons|us))?|(?P<alarm>sos|mayday|noodgeval|emergency(?! (?:exit|number|contact|kit)\b)))"
    r"(?P<adds>(?: (?:nodig|gevraagd|needed|required|nu|snel|direct|aub|alsjeblieft|please|now|quick|quickly|fast"
    r"|hulp|help|sos))*)"
    r" (?P<more>.+)"
)
#: A cry that is cried out: what follows is no word of a command, but why.
_CRIED_OUT = re.compile(r"\W*(?:hulp+|help+)(?:\s+(?:hulp|help|me|mij|ons|us))*\s*[!,;]", re.IGNORECASE)
#: Who cries, or for whom.
_FOR_SOMEBODY = re.compile(
    r"(?:ik|wij|we|er|hij|zij|ze|iemand|oma|opa|mama|papa|mijn|m'n|onze|i|i'm|there|there's|he|he's|she|she's|they|we're"
    r"|someone|somebody|mum|mom|dad|grandma|grandpa|my|our) (?!\w+ (?:met|bij|om|with|to)\b).+"
)
_AT_A_PLACE = re.compile(
    r"(?:(?:bij|in|op|aan|voor|at|in|on|near|de|het|the) )*"
    r"(?:(?:[\w'-]+ )?(?!\w*day\b|\w*dag\b|ongeveer|about|minstens|uiterlijk)[\w'-]{4,}"
    r" \d{1,4}[a-z]?(?= (?:nu|snel|aub|now|please)\b|$)"
    r"|(?!onderweg)[\w-]+(?:straat|laan|weg|plein|hof|dreef|singel|kade|dijk)\b|[\w-]+ (?:street|road|lane)\b)"
    r"(?! (?:met|voor|om|with|for|to)\b)"
)
_ASKS_A_FAVOUR = re.compile(r"(?:kan|kun|kunt|kunnen|wie|wil|zou|can|could|who|would|will|does) ")

_NUMBERED = re.compile(
    r"\s*(?:(?:optie|keuze|nummer|nr|antwoord|option|choice|number|no)\b[.:]?\s*|#\s*|\(\s*)?"
    r"(\d{1,2})(?![\d:.,/-]\d)(?:\ufe0f?\u20e3)?(?:[.):,;=-]+(?=\s|$)\s*|[.):,;=]\s*|\s+|$)(.*)",
    re.IGNORECASE | re.DOTALL,
)


def classify(text: str) -> AnswerClass:
    """Say what kind of answer `text` is (typos of one letter in words of five or more are forgiven)."""
    emoji = _emoji_class(text)
    words = answer_words(text)
    if not words or emoji is AnswerClass.HELP:
        return emoji
    said = _classify_words(words, asks=text.rstrip().endswith("?"))
    if said is AnswerClass.NONE:
        turned = emoji is AnswerClass.OK and not (CONTRASTS | NEGATIONS).isdisjoint(words)
        return AnswerClass.UNCLEAR if turned else emoji
    if emoji is not AnswerClass.NONE and emoji is not said and said is not AnswerClass.HELP:
        return AnswerClass.UNCLEAR
    return said


def only_heard(text: str) -> bool:
    """Say whether a text may say no more than that something was read: "ok", "gezien, dank je", a thumb."""
    words = answer_words(text)
    return classify(text) is AnswerClass.OK and all(word in READ for word in words)


def is_bare_help(text: str) -> bool:
    """Say whether this only opens the menu: "help", "/help", "hulp?" (R55). "hulp" and "help!" are calls for help."""
    folded = fold(text)
    if folded not in ("help", "hulp") or "!" in text or "🆘" in text:
        return False
    return folded == "help" or "?" in text or text.lstrip().startswith("/")


@lru_cache(2048)
def is_call_for_help(text: str) -> bool:
    """Say whether somebody clearly cries for help: "hulp", "help!", "help me", "sos", "niet veilig", 🆘 (R55)."""
    if "🆘" in text:
        return True
    if is_bare_help(text):
        return False
    said = " ".join(answer_words(text))
    if text.rstrip().endswith("?") and (_ASKS_A_FAVOUR.match(said) or "veilig" in said or "safe" in said):
        return False
    return bool(_CRY.fullmatch(said) or _CRY_INSIDE.search(said)) or _cries_with_more(
        said, cried_out=_CRIED_OUT.match(text) is not None
    )


def _cries_with_more(said: str, *, cried_out: bool) -> bool:
    """Say whether a text that begins with a cry goes on like one, and not like "hulp nodig bij de verhuizing".

    "Help" and a word or two may ask what those words are for, as "help patrouille" does.
    """
    found = _CRY_WITH_MORE.fullmatch(said)
    if found is None:
        return False
    more = found["more"]
    urges = bool(found["needs"] or found["alarm"] or found["adds"])
    if is_chore(more, urges=urges):
        return False
    if urges or cried_out or presses(more) or is_about_somebody(more) or more.count(" ") >= 2:
        return True
    return bool(_FOR_SOMEBODY.fullmatch(more) or _AT_A_PLACE.match(more))


def leading_number(text: str) -> tuple[int, str] | None:
    """Return the printed number (0-99) a text begins with and what follows: "3 rode jas" is (3, "rode jas").

    None for times, ids, ordinals and longer numbers.
    """
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in text[:80]) + text[80:]
    match = _NUMBERED.match(plain)
    if match is None:
        return None
    return int(match.group(1)), match.group(2).strip()


def match_choice(text: str, labels: Sequence[str], numbers: Sequence[int], *, free: bool = False) -> int | None:
    """Return the position of the choice that a typed answer means, or None when none or more than one fits.

    `numbers[i]` is the number printed before `labels[i]`. Accepted are the number, the label, its beginning or its
    telling words, and a yes or no when exactly one label begins with it. Where any text is an answer too (`free`) a yes
    or no must be all that is said: below "why?", "geen" is the choice "geen reden", and "geen markt hier" is a reason.
    """
    numbered = leading_number(text)
    if numbered is None and (word := fold(text)) in NUMBER_WORDS:
        numbered = (NUMBER_WORDS[word], "")
    if numbered is not None:
        number, rest = numbered
        fits = [place for place, printed in enumerate(numbers[: len(labels)]) if printed == number]
        if len(fits) == 1 and (not rest or _is_courtesy(rest) or _by_words(rest, labels, free=free) == fits[0]):
            return fits[0]
        if not rest:
            return None
    return _by_words(text, labels, free=free)


def _emoji_class(text: str) -> AnswerClass:
    found = {_EMOJI[sign] for sign in text if sign in _EMOJI}
    if AnswerClass.HELP in found:
        return AnswerClass.HELP
    if len(found) > 1:
        return AnswerClass.UNCLEAR
    return found.pop() if found else AnswerClass.NONE


def _classify_words(words: list[str], *, asks: bool) -> AnswerClass:
    said = _LET_BE.sub("nee", _GO_ON.sub("ok", _EASY.sub("ok", " ".join(words))))
    if said in STOPS:
        return AnswerClass.STOP
    calm = _NO_HELP.sub("ok", said)
    if _HELP.search(calm):
        return AnswerClass.HELP
    words = calm.split()
    cut = next((place for place, word in enumerate(words) if word in CONTRASTS), None)
    if cut is not None:
        head = _plain_class(words[:cut])
        if head is AnswerClass.HELP:
            return head
        return AnswerClass.NONE if head is AnswerClass.NONE else AnswerClass.UNCLEAR
    plain = _plain_class(words)
    if asks and plain in (AnswerClass.OK, AnswerClass.NO):
        return AnswerClass.UNCLEAR
    return plain


def _plain_class(words: list[str]) -> AnswerClass:
    """Classify words without a cry for help and without a contrast."""
    friendly = [place for place, word in enumerate(words) if word in FRIENDLY]
    negations = [place for place, word in enumerate(words) if word in NEGATIONS]
    refuses = bool(words) and words[0] in NO_HEADS
    if any(words[place] in SAFE and 0 < place - no <= 3 for place in friendly for no in negations):
        return AnswerClass.HELP
    if refuses or negations:
        heard = any(0 < place - no <= 3 for place in friendly for no in negations)
        if friendly and not heard:
            return AnswerClass.UNCLEAR
        return AnswerClass.NO if refuses or len(words) <= 5 else AnswerClass.NONE
    if not friendly:
        return AnswerClass.NONE
    unknown = sum(1 for word in words if word not in FRIENDLY and word not in FILLERS)
    if not unknown or (friendly[0] == 0 and unknown <= 3):
        return AnswerClass.OK
    return AnswerClass.UNCLEAR if friendly[0] == 0 or len(words) <= 6 else AnswerClass.NONE


def _is_courtesy(rest: str) -> bool:
    return all(word in COURTESIES for word in SIGNATURE.sub("", " " + fold(rest)).split())


def _by_words(text: str, labels: Sequence[str], *, free: bool) -> int | None:
    said = [word for word in answer_words(text) if word]
    if not said:
        return _by_class(text, labels)
    whole = fold(text).split()
    for fits in (_same, _mistyped, _begins, _tells):
        found = [place for place, label in enumerate(labels) if _either(fits, said, whole, fold(label).split())]
        if found:
            return found[0] if len(found) == 1 else None
    return None if free and not _ANSWERS.issuperset(said) else _by_class(text, labels)


def _either(fits: Callable[[list[str], list[str]], bool], said: list[str], whole: list[str], label: list[str]) -> bool:
    return bool(label) and (fits(said, label) or (whole != said and fits(whole, label)))


def _same(said: list[str], label: list[str]) -> bool:
    return said == label


def _mistyped(said: list[str], label: list[str]) -> bool:
    if len(said) != len(label):
        return False
    pairs = zip(said, label, strict=True)
    return all(is_nearly(word, wanted) for word, wanted in pairs)


def _begins(said: list[str], label: list[str]) -> bool:
    """Say whether the words are the beginning of the label, nothing that turns its meaning being left out."""
    if len(said) > len(label) or said[:-1] != label[: len(said) - 1] or _turned(said, label):
        return False
    last, wanted = said[-1], label[len(said) - 1]
    if last != wanted and not (len(last) >= 3 and wanted.startswith(last)):
        return False
    return any(word not in COURTESIES for word in said)


def _tells(said: list[str], label: list[str]) -> bool:
    """Say whether the telling words of the answer are all in the label."""
    spare = NO_HEADS if _negative(label) else YES_HEADS
    if said[0] in spare and label[0] not in spare:
        said = said[1:]
    telling = {word for word in said if word not in COURTESIES}
    if not telling or _turned(said, label):
        return False
    return all(any(is_nearly(word, wanted) for wanted in label) for word in telling)


def _turned(said: list[str], label: list[str]) -> bool:
    return bool(NEGATIONS.intersection(said)) != bool(NEGATIONS.intersection(label))


def _negative(label: list[str]) -> bool:
    return label[0] in NO_HEADS or bool(NEGATIONS.intersection(label))


def _by_class(text: str, labels: Sequence[str]) -> int | None:
    meant = classify(text)
    if meant not in (AnswerClass.OK, AnswerClass.NO, AnswerClass.HELP):
        return None
    heads = {AnswerClass.OK: YES_HEADS, AnswerClass.NO: NO_HEADS}.get(meant, frozenset())
    found = [place for place, label in enumerate(labels) if fold(label).split()[:1] and fold(label).split()[0] in heads]
    if not found and not CONFIRMS.intersection(answer_words(text)):
        found = [place for place, label in enumerate(labels) if classify(label) is meant]
    return found[0] if len(found) == 1 else None
