"""Recognising: what plugins think that a text without a command word means, and which of their guesses is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import select

from buurtwacht.host.declarations import Guess, Hearing, Rank
from buurtwacht.host.in_time import Question
from buurtwacht.host.offices import offices_of
from buurtwacht.host.scene import Plan, Scene, context_of
from buurtwacht.records.database import Unit
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.events import Inbound, Said
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.host.core import Core

#: A plugin's function of a hook, with its arguments by name.
Recognise: TypeAlias = Callable[..., object]
#: Seconds that a plugin has to say what a text means, and those of one that is known to be a report or a call for help.
#: Design §4: who hangs delays no critical alert by two.
PATIENCE, PRESSED = 1.5, 1.0


def is_small_talk(core: Core, unit: Unit, account: str, inbound: Inbound) -> bool:
    """Return whether it was said in a group, and not to us: no quote of ours, no command. Nothing of it is kept."""
    said = inbound.event
    if inbound.group is None or not isinstance(said, Said):
        return False
    if said.reply_to is not None:
        ours = select(delivery.c.id).where(delivery.c.account == account, delivery.c.provider_id == said.reply_to)
        if unit.read(ours).first() is not None:
            return False
    phrases, _ = core.plugins.phrases.of(said.text)
    slash = said.text.lstrip().startswith("/")
    return not any(slash or phrase.command.in_group for phrase in phrases)


def guesses(core: Core, scene: Scene, about: Thread | None) -> list[tuple[str, Guess]]:
    """Return what each plugin takes a member's text for, with its id; `about` is the thread he quoted."""
    person, where = scene.caller.person, scene.neighbourhood
    if person is None or where is None or not (scene.text or scene.location or scene.media):
        return []

    def heard(plugin: str, recognise: Recognise, unit: Unit) -> object:
        ctx = context_of(core, replace(scene, unit=unit), plugin)
        return recognise(hearing=Hearing(scene.text, person, where, ctx, about, scene.location, scene.media))

    return _asked(core, "recognise", core.plugins.implementations("recognise"), heard, where, scene.unit)


def _asked(
    core: Core,
    hook: str,
    implementations: Sequence[tuple[str, Recognise]],
    heard: Callable[[str, Recognise, Unit], object],
    where: Neighbourhood | None,
    unit: Unit,
) -> list[tuple[str, Guess]]:
    """Return the guesses that came in time. The vital plugins are asked first, and here: what they take for a report or
    a call for help waits for nobody who does not answer, and is not lost because a machine is slow.
    """
    order = {plugin: place for place, (plugin, _) in enumerate(implementations)}
    questions = [
        Question(plugin, hook, partial(heard, plugin, recognise))
        for plugin, recognise in implementations
        if core.is_on(plugin, where)
    ]
    vital = [one for one in questions if core.plugins.get(one.plugin).manifest.vital]
    answers = [(one.plugin, core.in_time.answer(one, unit)) for one in vital]
    pressing = any(_presses(answer) for _, answer in answers)
    others = [one for one in questions if one not in vital]
    answers += core.in_time.ask(
        others,
        PRESSED if pressing else PATIENCE,
        lambda found: pressing or any(_presses(answer) for _, answer in found),
    )
    answers.sort(key=lambda one: order[one[0]])
    return [(plugin, guess) for plugin, guess in answers if isinstance(guess, Guess)]


def _presses(answer: object) -> bool:
    return isinstance(answer, Guess) and answer.rank >= Rank.REPORT


def best(found: Sequence[tuple[str, Guess]], rank: Rank) -> tuple[str, Guess] | None:
    """Return the surest guess of a rank."""
    fitting = [one for one in found if one[1].rank is rank]
    return max(fitting, key=lambda one: one[1].certainty) if fitting else None


def as_official(core: Core, scene: Scene, about: Thread | None, *, only_quoted: bool = False) -> Plan | None:
    """What a verified official's text is taken for, if a plugin knows; `only_quoted`: the one whose thread he quoted.

    Offices are looked up only when there is a plugin to ask.
    """
    asked = core.plugins.implementations("recognise_official")
    if only_quoted:
        asked = [one for one in asked if about is not None and one[0] == about.plugin]
    if not scene.text or not asked or not any(one.verified for one in offices_of(scene.unit, scene.caller)):
        return None

    def heard(plugin: str, recognise: Recognise, unit: Unit) -> object:
        return recognise(ctx=context_of(core, replace(scene, unit=unit), plugin), text=scene.text, about=about)

    found = _asked(core, "recognise_official", asked, heard, scene.neighbourhood, scene.unit)
    if not found:
        return None
    surest = max(found, key=lambda one: (one[1].rank, one[1].certainty))
    return recognised(core, scene, *surest)


def recognised(core: Core, scene: Scene, plugin: str, guess: Guess, *, presses: bool = False) -> Plan:
    """Return the plan of a guess that is taken."""
    ctx = context_of(core, scene, plugin)
    name = getattr(guess.handler, "__name__", "handler")
    return Plan(plugin, f"recognised {name}", lambda: guess.handler(ctx, scene.text), presses, ctx)
