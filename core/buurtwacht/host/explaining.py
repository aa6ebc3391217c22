"""What a command does, asked for by its word: "help rooster", "help with roster". Else "help" may be a cry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from buurtwacht.host import courtesy
from buurtwacht.host.core import Core
from buurtwacht.host.phrases import Phrase
from buurtwacht.host.scene import Plan, Scene, context_of

_ABOUT = re.compile(r"^(?:met|bij|over|voor|with|about|on|for) +", re.IGNORECASE)


def explained(core: Core, scene: Scene, phrases: Sequence[Phrase], rest: str) -> Plan | None:
    """Explain the command that is named after "help", if whoever asks may use it, with its example.

    Not what raises an alarm without standing in a menu: "help alarm" is a cry.
    """
    is_help = (phrases[0].plugin, phrases[0].command.name) == ("core", "help")
    if not rest or "!" in scene.text or not is_help:
        return None
    named, more = core.plugins.phrases.of(_ABOUT.sub("", rest))
    usable = [one for one in named if (one.command.menu or not one.command.presses) and _may_use(core, scene, one)]
    if more or not usable:
        return None
    return courtesy.explain(context_of(core, scene, "core"), usable)


def _may_use(core: Core, scene: Scene, phrase: Phrase) -> bool:
    if phrase.plugin == "core" or not core.is_on(phrase.plugin, scene.neighbourhood):
        return False
    return phrase.command.public or context_of(core, scene, phrase.plugin).may_use(phrase.command)
