"""A message to 100,000 people, queued while others commit."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.measuring import Measure, Plan, Row, ask, compared, duration, limited, megabytes

_OURS, _PEER = "benchmarks.ours_queued", "benchmarks.peers.plain_queued"
#: Bytes: what a hundred thousand rows of a transaction would need many times over.
_FLAT = 10e6


def queued(plan: Plan) -> list[Row]:
    """Our own way beside one transaction, by `executemany` and by a session of an ORM, on both databases."""
    rows = []
    for database, more in (("SQLite", ()), ("PostgreSQL", ("--postgresql",))):
        members = plan.size(100_000, 200)
        arguments = ("--members", str(members), *more)
        ours, plain, naive = plan.turns_of(
            lambda given=arguments: ask(_OURS, *given),
            lambda given=arguments: ask(_PEER, *given),
            lambda given=arguments: ask(_PEER, *given, "--how", "session"),
        )
        rows += _rows(
            f"{members:,} recipients queued, {database}", ours, {"executemany": plain, "an ORM session": naive}
        )
    return rows


def _rows(what: str, ours: list[Mapping[str, float]], peers: Mapping[str, list[Mapping[str, float]]]) -> list[Row]:
    def of(found: list[Mapping[str, float]], key: str) -> list[float]:
        return [one[key] for one in found]

    rows = [
        limited(what, of(ours, "queued"), 1.5, duration),
        limited(f"{what}: the longest commit of others", of(ours, "held_up"), 0.020, duration),
        limited(f"{what}: growth of peak memory", of(ours, "memory"), _FLAT, megabytes),
    ]
    for name, peer in peers.items():
        rows.append(compared(f"{what}, beside {name}", of(ours, "queued"), of(peer, "queued"), duration, ""))
        held_up = f"{what}: the longest commit of others, beside {name}"
        rows.append(compared(held_up, of(ours, "held_up"), of(peer, "held_up"), duration, ""))
    return rows


QUEUED = Measure(
    queued,
    """\
- **100,000 recipients queued**: one broadcast to all members of one neighbourhood, from its post until every delivery
  stands in the outbox, in transactions of 500, by the clock. Meanwhile a thread of the same process commits a small
  row, rests 2 ms and commits again: the longest of its commits counts. Beside it: the same rows in one transaction, by
  `executemany`, and by a `Session` of SQLAlchemy with an object each. Both databases keep what they were told
  (`synchronous=FULL`, `fsync`); PostgreSQL runs on the same cores.""",
)
