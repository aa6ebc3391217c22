"""How a drill fares: whom it reached, what they answered and how soon. Nobody reads who did not answer (R26)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from pydantic import BaseModel, ConfigDict

from buurtwacht import Context, Fact, Lines, Person, PersonId, Text
from buurtwacht_alerts.alert import Value
from buurtwacht_alerts.drill import Drill, DrillAnswer
from buurtwacht_alerts.reasons import messenger


class Reach(BaseModel):
    """What came of a drill. `held` are those whom it did not wake; they are no part of `audience`.

    `answers` are counts by answer, `medians` seconds by account: half of those who answered there were quicker.
    """

    model_config = ConfigDict(frozen=True)

    audience: int
    reached: int
    held: int
    answers: dict[str, int]
    medians: dict[str, float]

    @property
    def percent(self) -> int:
        """How many in a hundred of those whom it was to reach it has reached."""
        return round(100 * self.reached / self.audience) if self.audience else 0


def reach_of(ctx: Context, drill: Drill) -> Reach:
    """Return how a drill stands, or how it stood when it ended. Call it in the drill's own neighbourhood."""
    if drill.result is not None:
        return Reach.model_validate(drill.result)
    fared = ctx.reached(drill)
    missed = [one.person for one in fared if not one.arrived and one.state in ("queued", "withdrawn")]
    held = len(asleep(ctx, ctx.people(missed).values(), drill.started_at or ctx.now))
    spans: dict[str, list[int]] = defaultdict(list)
    given = ctx.records.find(DrillAnswer, drill=drill.id)
    for one in given:
        spans[one.account].append(one.seconds)
    return Reach(
        audience=len(fared) - held,
        reached=sum(one.arrived for one in fared),
        held=held,
        answers=dict(Counter(one.value.value for one in given)),
        medians={account: float(median(seconds)) for account, seconds in sorted(spans.items())},
    )


def keep(ctx: Context, drill: Drill) -> Reach:
    """Write down how a drill stands now that it ends; what comes later changes it no more."""
    found = reach_of(ctx, drill)
    drill.result = found.model_dump()
    return found


def asleep(ctx: Context, people: Iterable[Person], at: datetime) -> list[PersonId]:
    """Return those whose quiet hours hold at a moment."""
    return [one.id for one in people if ctx.here.quiet_until(one.quiet_hours, at) is not None]


def counts(reach: Reach) -> dict[str, Fact]:
    """Return the counts as facts of a text."""
    names = {"seen": Value.SEEN, "watching": Value.ON_WATCH, "informed": Value.INFO, "unsafe": Value.UNSAFE}
    given = {name: reach.answers.get(value, 0) for name, value in {**names, "doubts": Value.DOUBT}.items()}
    return {
        **given,
        "answered": sum(reach.answers.values()),
        "reached": reach.reached,
        "audience": reach.audience,
        "percent": reach.percent,
        "held": Text("drill.held", count=reach.held) if reach.held else None,
        "medians": Lines(
            *(
                Text("drill.median", messenger=messenger(account), span=timedelta(seconds=seconds))
                for account, seconds in reach.medians.items()
            )
        ),
    }
