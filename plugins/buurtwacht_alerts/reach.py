"""How far an alert came: whom it reached, who muted or sleeps, and whom it did not reach, by name and reason (R17)."""

from __future__ import annotations

from dataclasses import dataclass

from buurtwacht import Context, Lines, PersonName, Reached, Text
from buurtwacht_alerts import muting
from buurtwacht_alerts.alert import Alert, Held, home
from buurtwacht_alerts.reasons import reason


@dataclass(frozen=True, slots=True)
class Reach:
    """How everybody fared who was to be shown an alert; its reporters are not among them."""

    fared: tuple[Reached, ...]
    #: how many a mute of their own keeps it from
    muted: int
    #: how many are shown it when their quiet hours end
    held: int

    @property
    def arrived(self) -> int:
        """How many it was sent to."""
        return sum(one.arrived for one in self.fared)

    @property
    def missed(self) -> list[Reached]:
        """Those whom it did not reach, or not yet."""
        return [one for one in self.fared if not (one.arrived or one.state == "withdrawn" or _sleeps(one))]

    @property
    def names(self) -> Lines:
        """A line for each whom it did not reach, with the reason in words."""
        return Lines(
            *(
                Text("unreached", who=PersonName(one.person), reason=reason(one.state, one.reason))
                for one in self.missed
            )
        )


def reach_of(ctx: Context, alert: Alert) -> Reach:
    """Return how far an alert came by now."""
    own = home(ctx, alert)
    fared = tuple(one for one in own.reached(alert) if one.person not in alert.reporters)
    arrived = {one.person for one in fared if one.arrived}
    muted = muting.muted(own, alert) | {one.person for one in fared if one.reason == "muted"}
    held = {one.person for one in own.records.find(Held, alert=alert.id)}
    held |= {one.person for one in fared if _sleeps(one)}
    return Reach(fared, len(muted - arrived), len(held - arrived))


def _sleeps(one: Reached) -> bool:
    return one.state == "queued" and one.put_off
