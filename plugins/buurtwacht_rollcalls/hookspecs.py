"""What other plugins can have asked, and what roll calls tell them when one has ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buurtwacht import Context, tells


@tells(begins=True, by=("*",), needs="send:members")
def rollcall_wanted(ctx: Context, reference: str, kind: str, question: str, people: Sequence[int], closes: str) -> None:
    """Ask these people something, in the neighbourhood of who tells, once for each `reference`. The question is sent to
    whomever a plugin names, so it must be one that may ask them itself.

    Told: by a plugin that wants a roll call.
    reference: the asker's own name for it, told back at the end.
    kind: one of domain §2.7: patrol_attendance, readiness, meeting, safety_check, test.
    question: what they are asked about.
    people: their ids; who is no member there is left out.
    closes: when it ends (ISO 8601).
    """


@tells
def rollcall_closed(
    ctx: Context, reference: str, rollcall: int, short: str, counts: Mapping[str, int], answers: Mapping[str, str]
) -> None:
    """A roll call ended that a plugin had asked: the answer to `rollcall_wanted`.

    Told: when its time is over, or everybody answered.
    reference: the asker's own name for it.
    rollcall: the id of its record.
    short: its short id, such as TB-R1.
    counts: how many are in each of its groups, no_word and not_reached among them; they add up to those who were asked.
    answers: values by the id of whoever gave one.
    """
