"""What a telephone reports of our messages: delivered, and read when somebody looks at it."""

from __future__ import annotations

from typing import Literal

from buurtwacht import Inbound, Status
from buurtwacht_playground.board import Board
from buurtwacht_playground.styles import CAPABILITIES
from buurtwacht_playground.telephones import Bubble, Telephone


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


def _status(board: Board, telephone: Telephone, bubble: Bubble, state: Literal["delivered", "read"]) -> Inbound:
    # Every report has its own key: an edited message is delivered a second time.
    return Inbound(
        key=f"{bubble.id}:{state}:{board.new_key()}",
        event=Status(bubble.id, state, delivery=bubble.delivery),
        at=board.bench.now(),
        sender=(telephone.handle,),
    )
