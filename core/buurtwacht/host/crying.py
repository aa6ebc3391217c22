"""A cry for help that is no answer: to the plugin that knows cries, else to the co-ordinators as it is (R55)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from buurtwacht.host import courtesy, courtesy_officials
from buurtwacht.host.declarations import Rank
from buurtwacht.host.recognising import best, guesses, recognised
from buurtwacht.host.scene import Plan, Scene, context_of
from buurtwacht.vocabulary.answers import AnswerClass, classify, is_call_for_help

if TYPE_CHECKING:
    from buurtwacht.host.answering import Candidate
    from buurtwacht.host.core import Core

#: What everybody who knows cries takes for one.
_CRY = "hulp"


def cried(core: Core, scene: Scene, words: str, *, typed: str = "") -> Plan | None:
    """Return who hears a cry in somebody's `words`; None where no plugin knows cries, though all that must be are here.

    `typed`: what co-ordinators read, where that is more.
    """
    if not scene.is_member:
        return courtesy_officials.emergency(context_of(core, scene, "core"))
    known = guesses(core, replace(scene, text=words if is_call_for_help(words) else _CRY), None)
    if guess := best(known, Rank.HELP):
        return recognised(core, replace(scene, text=words), *guess, presses=True)
    # Nobody is left alone with a cry because whoever takes it is off.
    lacking = core.lacks_vital(scene.neighbourhood)
    return courtesy.pass_on(context_of(core, scene, "core"), typed or words, raw=True) if lacking else None


def unheard(core: Core, scene: Scene, candidate: Candidate) -> Plan | None:
    """Return what becomes of an answer whose plugin cannot take it: who says that he is in danger is heard as one who
    cries (R22); None for any other answer.
    """
    if not candidate.cries:
        return None
    said = candidate.answer.text or candidate.label
    words = said if classify(said) is AnswerClass.HELP else _CRY
    return cried(core, scene, words) or courtesy.pass_on(context_of(core, scene, "core"), words, raw=True)
