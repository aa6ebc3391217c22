"""What other plugins can have asked, and what roll calls tell them when one has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buurtwacht import Context, tells


@tells(begins=True)
def rollcall_wanted(ctx: Context, reference: str, kind: str, question: str, people: Sequence[int], closes: str) -> None:
    """Ask these people, in the neighbourhood of who tells. `reference` is the asker's own name for it, told back at the

    end; `kind` is one of domain §2.7 (patrol_attendance, readiness, meeting …); `closes` is a moment (ISO 8601).
    """


@tells
def rollcall_closed(
    ctx: Context, reference: str, rollcall: int, short: str, counts: Mapping[str, int], answers: Mapping[str, str]
) -> None:
    """A roll call ended that a plugin had asked. `counts` holds its groups, no_word and not_reached among them;

    they add up to those who were asked. `answers` are values by the id of whoever gave one.
    """
