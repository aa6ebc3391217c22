"""Recognising: what plugins think that a text without a command word means, and which of their guesses is taken."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from buurtwacht.host.declarations import Guess, Hearing, Rank
from buurtwacht.host.offices import offices_of
from buurtwacht.host.scene import Plan, Scene, context_of
from buurtwacht.records.database import Unit
from buurtwacht.records.schema import delivery
from buurtwacht.vocabulary.events import Inbound, Said
from buurtwacht.vocabulary.messages import Thread

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


def is_small_talk(core: Core, unit: Unit, account: str, inbound: Inbound) -> bool:
    """Return whether it was said in a group, and not to us: no quote of ours, no command. Nothing of it is kept."""
    said = inbound.event
    if inbound.group is None or not isinstance(said, Said):
        return False
    if said.reply_to is not None:
        ours = select(delivery.c.id).where(delivery.c.account == account, delivery.c.provider_id == said.reply_to)
        if unit.read(ours).first() is not None:
            return False
    phrases, _ = core.plugins.phrases(said.text)
    slash = said.text.lstrip().startswith("/")
    return not any(slash or phrase.command.in_group for phrase in phrases)


def guesses(core: Core, scene: Scene, about: Thread | None) -> list[tuple[str, Guess]]:
    """Return what each plugin takes a member's text for, with its id; `about` is the thread he quoted."""
    person, where = scene.caller.person, scene.neighbourhood
    if person is None or where is None or not (scene.text or scene.location or scene.media):
        return []
    found: list[tuple[str, Guess]] = []
    for plugin, recognise in core.plugins.implementations("recognise"):
        if not core.is_on(plugin, where):
            continue
        ctx = context_of(core, scene, plugin)
        hearing = Hearing(scene.text, person, where, ctx, about, scene.location, scene.media)
        guess = core.health.guarded(plugin, "recognise", partial(recognise, hearing=hearing), scene.unit)
        if isinstance(guess, Guess):
            found.append((plugin, guess))
    return found


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
    found: list[tuple[str, Guess]] = []
    for plugin, recognise in asked:
        if core.is_on(plugin, scene.neighbourhood):
            call = partial(recognise, ctx=context_of(core, scene, plugin), text=scene.text, about=about)
            guess = core.health.guarded(plugin, "recognise_official", call, scene.unit)
            if isinstance(guess, Guess):
                found.append((plugin, guess))
    if not found:
        return None
    surest = max(found, key=lambda one: (one[1].rank, one[1].certainty))
    return recognised(core, scene, *surest)


def recognised(core: Core, scene: Scene, plugin: str, guess: Guess, *, presses: bool = False) -> Plan:
    """Return the plan of a guess that is taken."""
    ctx = context_of(core, scene, plugin)
    name = getattr(guess.handler, "__name__", "handler")
    return Plan(plugin, f"recognised {name}", lambda: guess.handler(ctx, scene.text), presses, ctx)
