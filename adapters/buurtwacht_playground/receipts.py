"""What a telephone reports of our messages: delivered, and read when somebody looks at it."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias

from buurtwacht import Inbound, Status
from buurtwacht_playground.board import Board
from buurtwacht_playground.styles import CAPABILITIES
from buurtwacht_playground.telephones import Bubble, Telephone

State: TypeAlias = Literal["sent", "delivered", "read", "failed"]


async def delivered(board: Board, telephone: Telephone, bubble: Bubble) -> None:
    """Report that a message arrived, and that it was read if the telephone is on somebody's screen."""
    bubble.arrived = True
    events = [_status(board, telephone, bubble, "delivered")]
    if board.is_seen(telephone):
        bubble.read = True
        events.append(_status(board, telephone, bubble, "read"))
    await board.report(telephone.account, *events)


async def opened(board: Board, telephone: Telephone) -> None:
    """Report as read what lay unread on a telephone that somebody now looks at."""
    unread = [bubble for bubble in telephone.bubbles.values() if bubble.arrived and not bubble.read]
    for bubble in unread:
        bubble.read = True
    if unread and CAPABILITIES[telephone.style].receipts:
        await board.report(telephone.account, *(_status(board, telephone, bubble, "read") for bubble in unread))


async def reported(board: Board, telephone: Telephone, bubble: Bubble, state: State, key: str | None) -> None:
    """Report one thing of a message by hand, for a telephone that does not report by itself."""
    report = _status(board, telephone, bubble, state)
    await board.give(telephone.account, replace(report, key=key or report.key))


def _status(board: Board, telephone: Telephone, bubble: Bubble, state: State) -> Inbound:
    # Every report has its own key: an edited message is delivered a second time.
    error = "Unreachable" if state == "failed" else ""
    return Inbound(
        key=f"{bubble.id}:{state}:{board.new_key()}",
        event=Status(bubble.id, state, delivery=bubble.delivery, error=error),
        at=board.bench.now(),
        sender=(telephone.handle,),
    )
