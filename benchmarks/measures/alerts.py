"""Reading a report, and writing what follows of it: an alert to a neighbourhood, an announcement to a country."""

from __future__ import annotations

from benchmarks.measuring import Measure, Plan, Row, ask, compared, duration, in_turns, limited, micro


def reading(plan: Plan) -> list[Row]:
    """Reading a report, beside one that only looks for the street."""
    ours, peers = in_turns(Plan(plan.turns, plan.tiny), "benchmarks.ours_reading", "benchmarks.peers.difflib_streets")
    rows = []
    for key, what in (
        ("median", "reading a report, the median sentence"),
        ("worst", "reading a report, the worst sentence"),
        ("hostile", "reading 5,000 signs that mean harm, the worst"),
    ):
        mine, theirs = [one[key] for one in ours], [one[key] for one in peers]
        rows.append(compared(what, mine, theirs, micro, "< 1,000 µs"))
    return rows


def alert(plan: Plan) -> list[Row]:
    """An alert to 1,000 members queued, beside the bare rows."""
    members = plan.size(1000, 20)
    arguments = ("--members", str(members), "--rounds", str(plan.size(9, 1)))
    ours, peer = in_turns(plan, "benchmarks.ours_alert", "benchmarks.peers.plain_insert", *arguments)
    rows = []
    for key in ("critical", "urgent"):
        mine, theirs = [one[key] for one in ours], [one[key] for one in peer]
        rows.append(compared(f"an alert to {members:,} queued, {key}", mine, theirs, duration, "< 100 ms"))
    return rows


def announcement(plan: Plan) -> list[Row]:
    """An announcement to the representatives of a whole country queued, beside what it may take."""
    asked = plan.size(9500, 50)
    arguments = ("--neighbourhoods", str(asked), "--rounds", str(plan.size(3, 1)))
    (found,) = Plan(1, plan.tiny).turns_of(lambda: ask("benchmarks.ours_announcement", *arguments))
    what = f"an announcement to {asked:,} representatives, all asked"
    return [limited(what, [one["queued"] for one in found], 1.0, duration)]


READING = Measure(
    reading,
    """\
- **reading**: every sentence of the tests' tables of reports and of talk, with a list of 120 streets; each is read
  15 times and its quickest counts. Beside it: each word once through `difflib.get_close_matches` over the same list,
  which finds a street and nothing else. What means harm is 5,000 signs or a thousand words.""",
)
ALERT = Measure(
    alert,
    """\
- **an alert**: from the event taken from the inbox until all deliveries stand in the outbox, on SQLite with
  `synchronous=FULL`, the report read, numbered, logged and answered. Beside it: the same thousand rows by
  `executemany` in one commit. The quickest of nine counts on both sides: what else runs on the machine does not.""",
)
ANNOUNCEMENT = Measure(
    announcement,
    """\
- **an announcement**: a municipality of 9,500 neighbourhoods, each with a representative on Telegram; from its release
  until the last one's question and delivery are written, in ten steps of a thousand, on SQLite with
  `synchronous=FULL`. One turn, of which the quickest of three counts. On PostgreSQL, its server on the same two cores
  at load 5: 5.7 s, of which 1.5 s are our processor's. They leave at the pace of their messenger: at Telegram's 30 a
  second in five and a half minutes.""",
)
