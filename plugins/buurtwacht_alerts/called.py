"""Whether the emergency number was called, as people say it. Only a person's own words count, never a guess."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from buurtwacht_alerts.words import flat, shortened

_SELF = r"(?:ik|wij|we|zelf|i|we've|i've|ive|i'm|myself)"
_SOMEONE = (
    r"(?:(?:mijn|m'n|de|een|onze|my|the|our|a) (?:\w+ )?(?:buurman|buurvrouw|buren|buur|vrouw|man|zoon|dochter"
    r"|moeder|vader|partner|vriend|vriendin|bewoner|bewoners|eigenaar|neighbour|neighbours|neighbor|neighbors|wife"
    r"|husband|son|daughter|mother|father|friend|owner|passer-by|voorbijganger|collega|colleague|winkelier)|buurman"
    r"|buurvrouw|buren|iemand(?: anders)?|someone(?: else)?|somebody(?: else)?|anderen|others|hij|zij|he|she|they"
    r"|neighbour|neighbours)"
)
_ADVERBS = r"(?:(?:al|net|zojuist|meteen|direct|ook|wel|inmiddels|already|just|now|also|have|has|heeft|heb|hebben) )*"


class Called112(StrEnum):
    """The 112 status of an alert, as its reporter states it."""

    REPORTER = "reporter"
    SOMEONE_ELSE = "someone_else"
    NOT_YET = "not_yet"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"


def _patterns(number: str) -> tuple[tuple[Called112, re.Pattern[str]], ...]:
    """Return what each status looks like, in the order in which they are tried: what denies comes first."""
    table = (
        (
            Called112.NOT_NEEDED,
            rf"\b{number}\b,? (?:is |was )?(?:echt )?(?:niet nodig|hoeft niet|niet bellen|not needed|not necessary)"
            rf"|\b(?:geen|hoeft geen) {number} nodig|\bno need (?:to call|for) {number}\b|\bdon't need {number}\b",
        ),
        (
            Called112.NOT_YET,
            rf"\b{number}\b[,:]? (?:is |was |heb ik |has )?(?:nog )?(?:niet|not|n't)(?: yet)?(?: been)? ?(?:gebeld"
            rf"|called|bereikt)?\b|\bnog (?:niemand|geen|niet) {number}(?: gebeld)?\b|\b(?:heb|hebben"
            rf"|heeft) (?:nog )?(?:niet|geen) {number}\b|\b(?:not|\w+n't|never|nobody has|no one has"
            rf"|yet to)(?: yet)? call(?:ed)? {number}\b|\b(?:ik |i |i'm |i am )?(?:bel|calling|will call"
            rf"|going to call|am calling|am going to call) (?:nu |zo |even |meteen |now )*{number}\b(?: (?:nu|now))*"
            rf"|\b(?:ik )?(?:ga|gaan|zal|moet) (?:nu |zo |even |meteen )*{number} (?:nu )?bellen\b|\b(?:kan|wil|moet"
            rf"|can|could|should) (?:iemand|ik|anyone|someone|somebody|i) (?:call )?{number}\b(?: bellen)?"
            rf"|\biemand moet {number} bellen\b|\bsomeone (?:should|please|must) call {number}\b",
        ),
        (
            Called112.SOMEONE_ELSE,
            # "Man heeft 112 gebeld": the third person is not who writes.
            rf"\bheeft {_ADVERBS}{number} {_ADVERBS}gebeld\b"
            rf"|\b{_SOMEONE} {_ADVERBS}(?:{number} {_ADVERBS}(?:gebeld|belt|aan het bellen|aan de lijn)|(?:called"
            rf"|calls|phoned|rang|belt|belde|calling|is calling) {number})\b|\b{number}\b (?:is |was |has been "
            rf"|been )?{_ADVERBS}(?:gebeld door|called by) (?!mij\b|me\b|ons\b|us\b|melder)\w+(?: \w+)?"
            rf"|\b{number}\b (?:is |has been )?{_ADVERBS}(?:gebeld|called) door iemand anders",
        ),
        (
            Called112.REPORTER,
            rf"\b(?:{_SELF} )?{_ADVERBS}{number}\b[,:]? (?:is |was |heb ik |has been |been |door mij )?{_ADVERBS}"
            r"(?:gebeld|ingelicht|gewaarschuwd|verwittigd|called|phoned|informed|gemeld)(?: door (?:mij|ons"
            r"|mezelf)| by (?:me|us))?"
            rf"|\b(?:{_SELF} )?{_ADVERBS}(?:called|phoned|rang|rung|dialled|belde|gebeld met|gebeld naar"
            rf"|gebeld) {number}\b|\b{number}\b (?:aan de lijn|on the line|on the phone)|\bik (?:bel"
            rf"|belde) al(?: met)? {number}\b|\bmet {number} gebeld\b|\bik heb {_ADVERBS}met {number}\b",
        ),
    )
    return tuple((status, re.compile(pattern)) for status, pattern in table)


@lru_cache(maxsize=32)
def _for_numbers(numbers: tuple[str, ...]) -> tuple[tuple[Called112, re.Pattern[str]], ...]:
    return _patterns("(?:" + "|".join(re.escape(number) for number in numbers) + ")")


_ANSWERS: tuple[tuple[Called112, re.Pattern[str]], ...] = (
    (Called112.NOT_NEEDED, re.compile(r"(?:is |dat is )?(?:niet nodig|not needed|not necessary|no need|hoeft niet)\b")),
    (
        Called112.NOT_YET,
        re.compile(
            r"(?:nog niet|not yet|nee|neen|nope|no)\b|.*\b(?:niet|not|\w+n't|niemand|nobody)\b.*\b(?:gebeld|called"
            r"|bellen)\b|.*\b(?:nog niet|not yet)\b|(?:ik |i )?(?:ga (?:nu )?bellen|bel nu|bel zo|will call"
            r"|am calling|zal bellen)\b|(?:i'm|i'll) call(?:ing)?\b|calling now"
        ),
    ),
    (
        Called112.SOMEONE_ELSE,
        re.compile(
            rf"(?:ja |yes |al )*(?:{_SOMEONE}) {_ADVERBS}(?:gebeld|belt|called|calling|is calling|did|has|heeft)\b"
            r"|(?:ja |yes )?(?:door |by )?(?:iemand anders|een ander|someone else|somebody else)\b"
            rf"|(?:ja |yes )?(?:door |by )(?:{_SOMEONE})\b"
        ),
    ),
    (
        Called112.REPORTER,
        re.compile(
            rf"(?:ja |yes |jep |yep )*(?:{_SELF} )?{_ADVERBS}(?:gebeld|called|gedaan|done)\b(?! door (?!mij|ons)"
            rf"| by (?!me|us))"
            r"|(?:ja |yes )?(?:door mij|by me|ikzelf|myself|ik zelf|ik wel|i did|i have)\b|(?:ja|yes) (?:ik|i)$"
            r"|(?:ja |yes )?(?:dat )?heb ik(?: al| net)?(?: gedaan| gebeld)?$|(?:ja |yes )?is (?:al )?gebeld$"
        ),
    ),
)
_SPACES = re.compile(r"[\s,.!;:]+")


def find_called(text: str, numbers: Sequence[str] = ("112",)) -> tuple[Called112, tuple[tuple[int, int], ...]]:
    """Return the status that a report states, and where it states it. `numbers` are the country's emergency numbers."""
    plain = flat(shortened(text))
    if not any(number in plain for number in numbers):
        return Called112.UNKNOWN, ()
    for status, pattern in _for_numbers(tuple(numbers)):
        match = pattern.search(plain)
        if match is not None:
            return status, (match.span(),)
    return Called112.UNKNOWN, ()


def read_called(text: str, numbers: Sequence[str] = ("112",)) -> Called112:
    """Return what a free answer to "has 112 been called?" says: "gebeld", "I called", "nog niet", "mijn man belt".

    A bare "ja" is UNKNOWN: it does not say who called (R7).
    """
    stated, _ = find_called(text, numbers)
    if stated is not Called112.UNKNOWN:
        return stated
    plain = _SPACES.sub(" ", flat(text[:200])).strip()
    for status, pattern in _ANSWERS:
        if pattern.match(plain):
            return status
    return Called112.UNKNOWN
