"""The self-audit in a world: there it is done when a test asks for it, since a week has ten thousand minutes."""

from __future__ import annotations

from buurtwacht.host import auditing
from buurtwacht.testing.world import World


def self_audit(world: World, minutes: int = 1) -> None:
    """Let minutes pass, and have the self-audit done at the end of each; who is told of what it found reads it then."""
    for _ in range(minutes):
        world.advance(minutes=1)
        auditing.step(world._core)
        world._running.settle()
