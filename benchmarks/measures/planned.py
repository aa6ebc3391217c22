"""What waits for its time: timers, patrols and escalations by the many."""

from __future__ import annotations

from benchmarks.measuring import Measure, Plan, Row, ask, compared, duration, limited


def reminders(plan: Plan) -> list[Row]:
    """Many planned shifts, each with one timer that sets the next: figures of ours beside what they may be."""
    shifts = plan.size(100_000, 2000)
    (found,) = plan.turns_of(lambda: ask("benchmarks.ours_timers", "--shifts", str(shifts)))
    most = (
        ("load", f"{shifts:,} shifts with three reminders, loaded", 10.0),
        ("idle", "a tick with nothing due", 0.001),
        ("due", "1,000 due in one tick", 0.2),
        ("downtime", "start after six hours of downtime", 5.0),
    )
    return [limited(what, [one[key] for one in found], limit, duration) for key, what, limit in most]


def patrols(plan: Plan) -> list[Row]:
    """The same start, of the plugin itself: what was late is read for, written for two walkers, and sets the next."""
    shifts = str(plan.size(100_000, 2000))
    (found,) = Plan(1, plan.tiny).turns_of(lambda: ask("benchmarks.ours_patrols", "--shifts", shifts))
    letters = found[0]["letters"]
    what = f"start after six hours of downtime, {letters:.0f} late reminders written"
    ours = [one["downtime"] for one in found]
    return [compared(what, ours, [letters / 30], duration, "≤ 1.0", beside="to send them")]


def escalations(plan: Plan) -> list[Row]:
    """A look at the clock while very many escalations wait: our figure beside what it may be."""
    waiting = plan.size(10_000, 200)
    (found,) = plan.turns_of(lambda: ask("benchmarks.ours_escalations", "--open", str(waiting)))
    what = f"a tick with nothing due, {waiting:,} escalations open"
    return [limited(what, [one["idle"] for one in found], 0.002, duration)]


TIMERS = Measure(
    reminders,
    """\
- **timers**: 100,000 shifts, planned evenly over four weeks, each with one timer: what falls due sets the next of its
  three reminders. Loaded in transactions of 5,000. After six hours of downtime the app starts, and is measured until
  every reminder of those hours was handled.""",
)
PATROLS = Measure(
    patrols,
    """\
- **patrols**: 100,000 shifts of 2,000 neighbourhoods with two walkers each; after six hours of downtime the app starts,
  and is measured until every late reminder was written, with its question, and the next timers were set. Beside it: how
  long they need to leave at Telegram's 30 a second. One turn.""",
)
ESCALATIONS = Measure(
    escalations,
    """\
- **escalations**: 10,000 escalations of 100 neighbourhoods in which somebody is asked, each with its alert and its
  timer, none of them due: one look at the clock, the median of 200.""",
)
