"""What members tell other plugins about somebody's own choices."""

from __future__ import annotations

from buurtwacht import Context, PersonId, tells


@tells
def mute_ended(ctx: Context, person: PersonId) -> None:
    """Somebody who was muted wants to hear everything again, from now on.

    Told: when he ends his mute himself.
    person: who wants to hear everything.
    """
