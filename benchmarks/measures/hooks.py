"""What a hook costs with fifty plugins, beside pluggy's own call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.measuring import Measure, Plan, Row, ask, compared, limited, micro

#: The most that a hook call may cost above pluggy's own, in seconds.
ABOVE = 20e-6


def hooks(plan: Plan) -> list[Row]:
    """An ask and a tell, beside pluggy's; what a text is heard with, and the rows of a tell, beside those."""
    plugins = plan.size(50, 3)
    arguments = ("--plugins", str(plugins), "--rounds", str(plan.size(4000, 20)))
    (found,) = plan.turns_of(lambda: ask("benchmarks.hook_cost", *arguments))

    def each(seconds: float) -> str:
        return f"{micro(seconds)}, {seconds * 1e6 / plugins:.2f} µs each"

    rows = []
    for hook, what in (("ask", "a hook that asks"), ("tell", "a hook that tells")):
        ours, bare = _of(found, hook), _of(found, f"{hook}_pluggy")
        rows.append(compared(f"{what}, {plugins} plugins, beside pluggy", ours, bare, each, ""))
        above = [max(0.0, mine - theirs) for mine, theirs in zip(ours, bare, strict=True)]
        rows.append(limited(f"{what}, {plugins} plugins, above pluggy's own", above, ABOVE, micro))
    heard = f"a text that {plugins} plugins are asked about, each with a context of its own, beside pluggy"
    rows.append(compared(heard, _of(found, "recognised"), _of(found, "ask_pluggy"), each, ""))
    written = f"the rows of a tell for {plugins} listeners, beside pluggy's call"
    rows.append(compared(written, _of(found, "rows"), _of(found, "tell_pluggy"), each, ""))
    return rows


def _of(found: Sequence[Mapping[str, float]], name: str) -> list[float]:
    return [one[name] for one in found]


HOOKS = Measure(
    hooks,
    """\
- **a hook**: 50 plugins, each with the hook; beside it the same functions called by pluggy itself, in turns within one
  process, the median of 200 rounds of twenty calls. An ask goes to each plugin by itself, guarded, so that one that
  fails spoils nothing of the others; of a tell each listener is found and called as its own piece of work is. What a
  text is heard with is a context for each plugin; the rows of a tell are made ready and sealed, and not committed.""",
)
