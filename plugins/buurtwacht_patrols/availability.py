"""When a walker says that he can: "2 4", "alleen dinsdag", "niet 12 mei", "kan altijd behalve 18-22 mei".

What is not clear is never guessed: the answer then says why, so that he can be asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from buurtwacht_patrols.days import NoSuchDay, WrongWeekday, normal, read
from buurtwacht_patrols.phrases import Break, Mark, Named, Offer, Stop, Token, Tokens, Unclear, Why

__all__ = ["Able", "Offer", "Unclear", "Why", "read_answer"]


@dataclass(frozen=True, slots=True)
class Able:
    """The printed numbers of the shifts that somebody can walk. `named` are those he named one by one or by day."""

    places: frozenset[int]
    named: frozenset[int] = frozenset()


_GREETING = re.compile(
    r"^(?:hoi|hallo|hey|hee|hi|hello|dear|beste|dag|goede(?:morgen|middag|navond|n?dag)|good (?:morning|evening))"
    r"(?: [a-z']+){0,2} ?[,!\n]"
)
_SIGNATURE = re.compile(
    r"[\s,.!]*\b(?:met (?:vriendelijke|hartelijke) groet\w*|vriendelijke groet\w*|groet(?:jes|en)?|grtjs|gr|mvg|liefs"
    r"|(?:kind |best )?regards|cheers|greetings|xx?x?)\b[ ,.!\n]*(?:[a-z']+[ .!]*){0,4}$"
)


def read_answer(text: str, offers: Sequence[Offer], today: date) -> Able | Unclear:
    """Return which of the offered shifts an answer means, or why that is not clear."""
    plain = _SIGNATURE.sub("", _GREETING.sub("", normal(text)))
    if "?" in plain:
        return Unclear(Why.NOTHING)
    window = (min(one.day for one in offers), max(one.day for one in offers))
    try:
        items = read(plain, today, window)
        return _Meaning(offers).of(Tokens(offers, items).all())
    except NoSuchDay as error:
        return Unclear(Why.NO_SUCH_DAY, str(error))
    except WrongWeekday as error:
        return Unclear(Why.WRONG_WEEKDAY, error.day.isoformat())
    except Stop as stop:
        return stop.unclear


@dataclass(slots=True)
class _Run:
    """Shifts named one after the other: what is said of one is said of all."""

    parts: list[Named]
    #: after how many parts the last comma stands, if no "en" follows it
    comma: int | None = None


class _Meaning:
    """Finds what is said of which shifts."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        self._all = frozenset(one.place for one in offers)
        self._can: list[Named] = []
        self._cannot: list[Named] = []
        #: "ik kan niet", and nothing else in that part of the answer
        self._flatly_not = False
        self._only = False

    def of(self, tokens: list[Token]) -> Able | Unclear:
        """Return what the tokens mean together. Raises `Stop` when that is not clear."""
        sentences = _sentences(tokens)
        if all(one is Mark.NO for sentence in sentences for one in sentence) or not sentences:
            raise Stop(Why.NOTHING)
        for sentence in sentences:
            self._sentence([one for one in sentence if one is not Mark.NO])
        return self._together()

    def _sentence(self, parts: list[Mark | _Run]) -> None:
        marks = [one for one in parts if isinstance(one, Mark)]
        if not any(isinstance(one, _Run) for one in parts):
            self._bare(marks)
            return
        while parts:
            one = parts.pop(0)
            after = parts[0] if parts else None
            if isinstance(one, Mark):
                if isinstance(after, Mark):
                    parts[0] = _both(one, after)
                elif after is None:
                    raise Stop(Why.TWO_WAYS)
                else:
                    self._before(one, after, parts)
            elif isinstance(after, Mark) and after in (Mark.NOT, Mark.CAN):
                if len(parts) > 1 and isinstance(parts[1], _Run) and not isinstance(parts[-1], Mark):
                    raise Stop(Why.TWO_WAYS)
                if after is Mark.NOT and one.comma is not None:
                    raise Stop(Why.TWO_WAYS)
                self._say(after, one.parts)
                parts.pop(0)
            else:
                self._say(Mark.CAN, one.parts)

    def _bare(self, marks: Sequence[Mark]) -> None:
        if Mark.EXCEPT in marks or Mark.ONLY in marks:
            raise Stop(Why.TWO_WAYS)
        self._flatly_not = self._flatly_not or Mark.NOT in marks

    def _before(self, mark: Mark, run: _Run, parts: list[Mark | _Run]) -> None:
        """A word before a run of shifts; where another one follows it, the run is cut at its last comma."""
        follows = parts[1] if len(parts) > 1 else None
        if isinstance(follows, Mark) and follows in (Mark.NOT, Mark.CAN) and not self._leads(parts[1:]):
            if run.comma is None:
                raise Stop(Why.TWO_WAYS)
            self._say(mark, run.parts[: run.comma])
            run.parts, run.comma = run.parts[run.comma :], None
            return
        self._say(mark, run.parts)
        parts.pop(0)

    @staticmethod
    def _leads(parts: Sequence[Mark | _Run]) -> bool:
        """Whether a word stands before shifts of its own: "niet dinsdag wel vrijdag"."""
        return len(parts) > 1 and isinstance(parts[1], _Run)

    def _say(self, mark: Mark, parts: Sequence[Named]) -> None:
        if mark in (Mark.NOT, Mark.EXCEPT):
            if any(one.whole for one in parts):
                raise Stop(Why.TWO_WAYS)
            self._cannot += parts
            return
        self._only = self._only or mark is Mark.ONLY
        for one in parts:
            if not one.places and not one.rest:
                raise Stop(Why.NO_SHIFT_THEN, one.said)
        self._can += parts

    def _together(self) -> Able | Unclear:
        mentioned = frozenset[int]().union(
            *(one.places for one in (*self._can, *self._cannot) if not one.whole and not one.rest)
        )
        rest = self._all - mentioned
        can = frozenset[int]().union(*(one.places for one in self._can if not one.whole and not one.rest))
        cannot = frozenset[int]().union(*(rest if one.rest else one.places for one in self._cannot))
        whole = any(one.whole for one in self._can) and not any(one.rest for one in self._can)
        rest_too = any(one.rest for one in self._can)
        if whole and self._flatly_not:
            return Unclear(Why.TWO_WAYS)
        if self._flatly_not and not can:
            return Able(frozenset())
        if whole and self._only:
            return Unclear(Why.TWO_WAYS)
        if whole or rest_too:
            base = self._all if whole else rest
            return self._joined(base, can, cannot)
        if can:
            return Able(can - cannot, can - cannot) if not can & cannot or cannot < can else Unclear(Why.TWO_WAYS)
        if not self._cannot:
            return Unclear(Why.NOTHING)
        return Able(self._all - cannot)

    @staticmethod
    def _joined(base: frozenset[int], can: frozenset[int], cannot: frozenset[int]) -> Able | Unclear:
        if can & cannot and not can < cannot and not cannot < can:
            return Unclear(Why.TWO_WAYS)
        if cannot and can and cannot < can:
            return Able((base | can) - cannot, can - cannot)
        return Able((base - cannot) | can, can)


def _both(one: Mark, other: Mark) -> Mark:
    """Two words that say whether, one after the other: "alleen niet" is except, "kan wel alleen" is only."""
    pair = {one, other}
    if pair == {Mark.ONLY, Mark.NOT}:
        if one is Mark.NOT:
            raise Stop(Why.TWO_WAYS)
        return Mark.EXCEPT
    if Mark.CAN in pair:
        return other if one is Mark.CAN else one
    if one is other or Mark.EXCEPT in pair:
        return Mark.EXCEPT if Mark.EXCEPT in pair else one
    raise Stop(Why.TWO_WAYS)


def _sentences(tokens: Sequence[Token]) -> list[list[Mark | _Run]]:
    """Cut an answer where it was cut by its writer, and join what is named in a row."""
    found: list[list[Mark | _Run]] = [[]]
    between: Break | None = None
    for token in tokens:
        if isinstance(token, Break):
            between = token if between is None or token is Break.END else between
            continue
        last = found[-1][-1] if found[-1] else None
        if isinstance(token, Named):
            cut = between is Break.COMMA and isinstance(last, _Run) and (token.is_general or last.parts[-1].is_general)
            if isinstance(last, _Run) and between is not Break.END and not cut:
                if between is Break.COMMA:
                    last.comma = len(last.parts)
                elif between is Break.AND:
                    last.comma = None
                last.parts.append(token)
            elif between is None or not found[-1] or (isinstance(last, Mark) and between is None):
                found[-1].append(_Run([token]))
            else:
                found.append([_Run([token])])
        elif between is not None and found[-1]:
            found.append([token])
        else:
            found[-1].append(token)
        between = None
    return [one for one in found if one]
