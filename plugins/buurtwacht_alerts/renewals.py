"""What whoever was not shown an alert yet, in an outage or at night, is shown of it then: its newest state (R19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from buurtwacht import Context, Message, MessageId
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, Copy, Relay
from buurtwacht_alerts.wording import UPDATE_LENGTH, UPDATES, for_members, masker


def with_earlier(own: Context, alert: Alert, message: MessageId) -> None:
    """After the alert was changed: have it hold, for who was not shown it yet, what was added before."""
    if own.records.first(Addition, alert=alert.id, state=AdditionState.SHARED) is not None:
        _renew(own, [(message, for_members(own, alert, late=True))])


def with_additions(own: Context, alert: Alert, fresh: Sequence[Addition], lines: Sequence[str]) -> list[MessageId]:
    """Have whoever was not shown the alert yet read these additions in it; return the new versions.

    None when not all of it can stand there in the same words (`lines`): then it is told to everybody apart.
    """
    masked = masker(own)
    short = len(lines) <= UPDATES and all(len(line) <= UPDATE_LENGTH for line in lines)
    if not short or [said for one in fresh if (said := masked(one.text))] != list(lines):
        return []
    return _renew(own, versions(own, alert, fresh))


def versions(own: Context, alert: Alert, fresh: Sequence[Addition]) -> Iterator[tuple[MessageId, Message]]:
    """Yield each message that shows the alert to members, with what it is to show whoever was not sent it yet."""
    late = for_members(own, alert, late=True, fresh=fresh)
    if alert.member_message is not None:
        yield alert.member_message, late
    # Who looks after the neighbourhood reads an addition before anybody else does.
    copies = [one for one in own.records.find(Copy, alert=alert.id) if not one.full]
    yield from ((one.message, late) for one in copies if one.neighbourhood is None)
    relayed = [one.message for one in own.records.find(Relay, alert=alert.id) if one.message is not None]
    relayed += [one.message for one in copies if one.neighbourhood is not None]
    if relayed:
        next_door = for_members(own, alert, relayed=True, fresh=fresh)
        yield from ((message, next_door) for message in relayed)


def _renew(own: Context, versions: Iterable[tuple[MessageId, Message]]) -> list[MessageId]:
    renewed: list[MessageId] = []
    for message, content in versions:
        # What is not kept any more was sent, or given up, long ago.
        with suppress(LookupError):
            renewed.append(own.renew(message, content))
    return renewed
