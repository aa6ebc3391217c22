"""What presses behind the word of a command: "fiets brand achter het huis" is a fire, and no bicycle (decision 007)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from buurtwacht.host.scene import Scene, context_of
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.host.phrases import Phrase


def pressing(core: Core, scene: Scene, phrases: Sequence[Phrase], rest: str) -> bool:
    """Say whether a text that begins with a command may be a report or a call for help that goes before it: reserved
    words stand directly behind the command's. Not what was typed with a slash, nor by somebody who has the command by
    his role or his office: "rondvraag brand in de flat, is iedereen veilig?" is a co-ordinator's roll call.
    """
    if not rest or scene.text.startswith("/"):
        return False
    return all(core.plugins.reserved.follow(one, rest) and not _is_his(core, scene, one) for one in phrases)


def _is_his(core: Core, scene: Scene, phrase: Phrase) -> bool:
    """Say whether somebody has a command by his role or his office; who has it as everybody has, may not mean it."""
    command = phrase.command
    roles = (command.roles | command.menu_for) - {Role.MEMBER}
    if not roles and not command.officials:
        return False
    ctx = context_of(core, scene, phrase.plugin)
    return (bool(roles) and ctx.has(*roles)) or ctx.by_office(command)
