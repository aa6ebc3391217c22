"""One broadcast to many over HTTP, without a pace."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measuring import ROOT, Measure, Plan, Row, compared, in_turns, rate


def fan_out(plan: Plan) -> list[Row]:
    """Messages a second to 1,000 over HTTP on loopback, without a pace."""
    command = [sys.executable, "-m", "benchmarks.server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        arguments = ("--port", port, "--members", str(plan.size(1000, 20)))
        ours, peer = in_turns(plan, "benchmarks.ours_fanout", "benchmarks.peers.ptb_fanout", *arguments)
        server.terminate()
    mine, theirs = [one["rate"] for one in ours], [one["rate"] for one in peer]
    return [compared("fan-out to 1,000 over HTTP", mine, theirs, rate, "≥ 1.0")]


FAN_OUT = Measure(
    fan_out,
    """\
- **fan-out**: one broadcast to 1,000 members of a neighbourhood, over HTTP to a server of our own on loopback, no
  pace. Beside it: `asyncio.gather` over `Bot.send_message` with 32 under way, which keeps nothing.""",
)
