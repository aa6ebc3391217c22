"""How long a series of tries is: a short one, the same each time, for every run of the tests; a long one on demand."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

#: Set by `make fuzz`: how many times longer than usual a series is, tried differently each time.
VARIABLE = "BUURTWACHT_FUZZ"
LONGER = int(os.environ.get(VARIABLE) or "0")


def series(examples: int, steps: int = 50) -> settings:
    """Return settings for so many examples, of so many steps where there are any; more of them on demand."""
    phases = (
        [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
        if LONGER
        else [Phase.explicit, Phase.generate, Phase.shrink]
    )
    return settings(
        max_examples=examples * max(1, LONGER),
        stateful_step_count=steps,
        derandomize=not LONGER,
        database=None,
        deadline=None,
        phases=phases,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
