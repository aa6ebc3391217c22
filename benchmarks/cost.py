"""What a measured process says of itself: seconds of CPU and growth of its peak memory since a moment. Linux only."""

from __future__ import annotations

import re
import time
from pathlib import Path

_SELF = Path("/proc/self")
_PEAK, _NOW = re.compile(r"VmHWM:\s*(\d+)"), re.compile(r"VmRSS:\s*(\d+)")


class Cost:
    """Counts from the moment it is made."""

    def __init__(self) -> None:
        (_SELF / "clear_refs").write_text("5")  # proc(5): the peak is what is resident now
        self._resident = _kilobytes(_NOW)
        self._began = time.process_time()

    def spent(self) -> dict[str, float]:
        """Return seconds of CPU, all threads together, and by how many bytes the peak of resident memory grew."""
        spent = time.process_time() - self._began
        return {"cpu": spent, "memory": 1024 * max(0, _kilobytes(_PEAK) - self._resident)}


def _kilobytes(of: re.Pattern[str]) -> int:
    found = of.search((_SELF / "status").read_text())
    assert found is not None
    return int(found[1])
