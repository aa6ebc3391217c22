"""Roll calls: is everybody safe, who comes, who can; asked of many, counted for all, named to the co-ordinator."""

from __future__ import annotations

from buurtwacht import Manifest

manifest = Manifest(
    id="rollcalls",
    name="Rondvragen",
    version="0.1.0",
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members", "read:names"}),
)
