"""One broadcast to many: without a pace, at a provider's pace beside others, and with the process killed in between."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence

import click

from benchmarks import fanout
from benchmarks.fanout import Figures, Side
from benchmarks.measuring import ROOT, Measure, Plan, Row, ask, compared, duration, limited, megabytes, rate

#: What is typed to have a critical alert.
_REPORT = "brand in de {street}, vlammen uit het dak, 112 gebeld"


def unpaced(plan: Plan) -> list[Row]:
    """Messages a second to 1,000 over HTTP on loopback, without a pace; CPU and memory for these thousand."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        members = plan.size(1000, 20)
        arguments = ("--port", port, "--members", str(members))
        sides: dict[str, Callable[[], Mapping[str, float]]] = {
            "": lambda: ask("benchmarks.ours_fanout", *arguments),
            "python-telegram-bot": lambda: ask("benchmarks.peers.ptb_fanout", *arguments),
        }
        if (python := _peers(plan)) is not None:
            sides["aiogram"] = lambda: ask("benchmarks.peers.aiogram_fanout", *arguments, python=python)
        found = dict(zip(sides, plan.turns_of(*sides.values()), strict=True))
        server.terminate()
    rows = []
    for peer in list(found)[1:]:
        for key, what, say, aim in (
            (
                "rate",
                f"fan-out to {members:,} over HTTP, no pace",
                rate,
                "≥ 1.0, aim 1.34" if peer != "aiogram" else "",
            ),
            ("cpu", f"CPU for {members:,} recipients", duration, ""),
            ("memory", f"growth of peak memory for {members:,} recipients", megabytes, ""),
        ):
            ours, theirs = ([max(one[key], 1e-9) for one in found[side]] for side in ("", peer))
            rows.append(compared(f"{what}, beside {peer}", ours, theirs, say, aim))
    return rows


def _peers(plan: Plan) -> str | None:
    python = fanout.peers(make=not plan.tiny)
    if python is None:
        click.echo("aiogram, NoneBot2 and Apprise could not be installed; left out", err=True)
    return python


def _sides(python: str | None, members: int) -> list[Side]:
    return [one for one in fanout.SIDES if members <= one.most and (python is not None or one.at_home)]


def paced(plan: Plan, members: int, turns: int) -> list[Row]:
    """The time until the last of so many has it, beside the least that is possible and beside others."""
    python = _peers(plan)
    sides = _sides(python, members)
    members = plan.size(members, 20)
    found = [
        fanout.together(sides, members, python or sys.executable, seed=turn + 1)
        for turn in range(min(turns, plan.turns))
    ]
    ours = [one[fanout.OURS.name] for one in found]
    what = f"fan-out to {members:,} at 30 a second"
    ratios = [_time(one) / _number(one, "ideal") for one in ours]
    rows = [
        Row(what, _times(ours), f"limit: {_number(ours[0], 'ideal'):.1f} s", _middle(ratios), "≤ 1.02", _ends(ratios))
    ]
    for side in sides[1:]:
        theirs = [one[side.name] for one in found]
        ratios = [_time(mine) / _time(one) for mine, one in zip(ours, theirs, strict=True)]
        rows.append(
            Row(f"{what}, beside {side.name}", _times(ours), _times(theirs), _middle(ratios), "", _ends(ratios))
        )
    return rows


def kills(plan: Plan) -> list[Row]:
    """What is lost and doubled when the process is killed in the middle and started again."""
    python = _peers(plan)
    beside = fanout.WITHOUT_RECORD if python is not None else (fanout.QUEUE,)
    sides = (fanout.OURS, fanout.PRESSING, *beside)
    members = plan.size(500, 40)
    shares = (0.2, 0.5, 0.8)[: plan.turns]
    found = [
        fanout.killed(sides, members, python or sys.executable, share=share, seed=turn + 1)
        for turn, share in enumerate(shares)
    ]
    rows = []
    for mine in (fanout.PRESSING, fanout.OURS):
        ours = [one[mine.name] for one in found]
        kind = "urgent" if mine is fanout.PRESSING else "notice"
        for side in beside:
            theirs = [one[side.name] for one in found]
            ratios = [
                (_number(one, "lost") + _number(one, "doubled")) / max(1.0, _number(peer, "doubled"))
                for one, peer in zip(ours, theirs, strict=True)
            ]
            what = f"kill -9 in a fan-out to {members:,} ({kind}), beside {side.name}"
            rows.append(Row(what, _fate(ours), _fate_of_peer(theirs, members), _middle(ratios), "", _ends(ratios)))
    return rows


def behind(plan: Plan) -> list[Row]:
    """How long the first of a critical alert waits while very many messages do."""
    queued, turns = plan.size(20_000, 90), plan.turns
    ours = fanout.behind(fanout.ALERTING, queued, sys.executable, after=plan.size(150, 60), words=_REPORT, turns=turns)
    # a tenth of a second, and a slot of thirty that rest a second after each answer
    most = 0.1 + (1.0 + fanout.LATENCY)
    overtaken = max(int(_number(one, "overtaken")) for one in ours)
    firsts = [_number(one, "first") for one in ours]
    what = f"a critical alert behind {queued:,} queued, until its first leaves"
    row = limited(what, firsts, most, duration)
    said = f"{row.ours}, overtaken by {overtaken} at most"
    rows = [Row(what, said, row.peer, row.ratio, row.aim, row.spread)]
    fewer = plan.size(600, 90)
    for side in (fanout.QUEUE, fanout.LIMITED):
        python = _peers(plan) if not side.at_home else sys.executable
        if python is not None:
            theirs = [_number(one, "first") for one in fanout.behind(side, fewer, python, after=60, turns=turns)]
            rows.append(compared(f"{what}, beside {side.name} with {fewer:,}", firsts, theirs, duration, ""))
    return rows


def _number(figures: Figures, key: str) -> float:
    return float(figures.get(key) or 0.0)


def _time(figures: Figures) -> float:
    """Return when the last of those who got it had it."""
    return _number(figures, "last")


def _times(turns: Sequence[Figures]) -> str:
    """Say when half, nearly all and all had it, in the middle turn, and what went wrong in the worst."""
    one = sorted(turns, key=_time)[len(turns) // 2]
    said = " / ".join("–" if one[key] is None else f"{one[key]:.1f}" for key in ("t50", "t95", "t100"))
    most = {key: max(int(_number(turn, key)) for turn in turns) for key in ("complaints", "lost", "doubled")}
    died = ", its process died" if any(_number(turn, "died") for turn in turns) else ""
    rest = "".join(f", {most[key]} {key}" for key in ("lost", "doubled") if most[key])
    return f"{said} s; {most['complaints']} complaints{rest}{died}"


def _fate(turns: Sequence[Figures]) -> str:
    parts = [
        f"{int(_number(one, 'lost'))} lost, {int(_number(one, 'doubled'))} doubled, "
        f"{int(_number(one, 'marked') + _number(one, 'unknown'))} counted"
        for one in turns
    ]
    return "; ".join(parts)


def _fate_of_peer(turns: Sequence[Figures], members: int) -> str:
    stopped = [int(_number(one, "stopped")) for one in turns]
    again = "; ".join(f"{int(_number(one, 'doubled'))} doubled" for one in turns)
    return f"begun again: {again}; not begun again: {'; '.join(f'{members - one} lost' for one in stopped)}; 0 counted"


def _middle(ratios: Sequence[float]) -> float:
    return sorted(ratios)[len(ratios) // 2]


def _ends(ratios: Sequence[float]) -> tuple[float, float]:
    return min(ratios), max(ratios)


UNPACED = Measure(
    unpaced,
    """\
- **fan-out, no pace**: one broadcast to 1,000 members of a neighbourhood, over HTTP to a server of our own on loopback.
  Beside it: `asyncio.gather` over `send_message` of python-telegram-bot and of aiogram with 32 under way, which keep
  nothing. CPU is the process's, all threads; memory is by how much the peak of resident memory grew. Each side sends
  once before, to warm up. The aim of 1.34 stands for 1,500 a second beside 1,122.""",
)
_PACED = """\
- **fan-out at 30 a second, {members}**: the same broadcast with `rate = 30`, to a server in a process of its own that
  answers after 120 ms on average, with chance, and counts thirty in any sliding second; beyond them it answers 429 and
  asks for one second, the least that Telegram asks for. *50 / 95 / 100 %* of the recipients had it so many seconds
  after a person typed the command; complaints are 429s. The limit: thirty slots, each free again one second after its
  answer. {turns}. Sides that only wait run at the same time, each against a server of its own; those that keep a
  processor busy run by themselves. python-telegram-bot obeys `RetryAfter`, aiogram `TelegramRetryAfter`, NoneBot2 the
  number in its error's words; Apprise knows none, *tuned* tries each URL again up to ten times after a second and has
  no limit of a minute for all."""
HUNDREDS = Measure(lambda plan: paced(plan, 200, 3), _PACED.format(members="200", turns="Three turns"))
THOUSANDS = Measure(lambda plan: paced(plan, 2000, 1), _PACED.format(members="2,000", turns="One turn"))
TOWN = Measure(
    lambda plan: paced(plan, 20_000, 1), _PACED.format(members="20,000", turns="One turn, of a quarter of an hour")
)
KILLS = Measure(
    kills,
    """\
- **kill -9 in a fan-out**: 500 recipients at 30 a second; once a fifth, half and four fifths have it, one in each turn,
  the process is killed and started again. *Counted* is what our record marks as sent again (urgent) or as unknown
  (notice). A peer keeps no record: begun again everybody gets it who had it, not begun again the rest does not. The
  ratio is of what was lost or doubled to what a peer doubles that begins again.""",
)
BEHIND = Measure(
    behind,
    """\
- **a critical alert behind 20,000**: while a notice to 20,000 neighbours is being sent at 30 a second, one of them
  reports a fire; from the moment the answer with his report left the server until the first request with the alert for
  somebody else came to it. The limit is a tenth of a second and one slot, which is free again 1.12 seconds after it was
  used. *Overtaken* counts the messages that came to the server before it, a tenth of a second or more after the report.
  Beside it: a queue from which thirty workers send and rest a second, and the rate limiter of python-telegram-bot,
  which lets in whoever comes at the right moment; both with fewer waiting: the wait in the queue grows with them.""",
)
