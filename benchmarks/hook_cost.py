"""What a hook costs with 50 plugins loaded, each with that hook, beside pluggy's own call of the same functions.

`python -m benchmarks.hook_cost --plugins 50 --rounds 2000` prints seconds for one call of all plugins: an ask, each
plugin guarded; the same with all that a text is heard with, a context of its own for each plugin; a tell, its listeners
found and called; and the rows that a tell writes. The sides take turns in this one process, and of the rounds the
median counts.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import click
import pluggy

from benchmarks.house import build_house
from benchmarks.updates import person
from buurtwacht import Context, Guess, Handle, Hearing, Inbound, Manifest, NeighbourhoodId, PersonId, Said, hookimpl
from buurtwacht.host import hookspecs, telling
from buurtwacht.host.core import Core
from buurtwacht.host.recognising import guesses
from buurtwacht.host.scene import Scene
from buurtwacht.records.people import find_caller
from buurtwacht.vocabulary.clock import SystemClock

_WORDS = "verdachte auto meidoornstraat"
#: So many calls are timed together: a clock has its own cost.
_TOGETHER = 20


def listening(number: int) -> ModuleType:
    """Make a plugin that is asked for every text, and told of everybody who joins."""

    @hookimpl
    def recognise(hearing: Hearing) -> Guess | None:
        return None

    @hookimpl
    def member_joined(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
        pass

    module = ModuleType(f"listening{number}")
    manifest = Manifest(id=module.__name__, name=module.__name__, version="1")
    vars(module).update(manifest=manifest, recognise=recognise, member_joined=member_joined)
    return module


@click.command()
@click.option("--plugins", default=50)
@click.option("--rounds", default=2000)
def main(plugins: int, rounds: int) -> None:
    """Measure and print."""
    modules = [listening(number) for number in range(plugins)]
    with tempfile.TemporaryDirectory() as name:
        app = build_house(Path(name), 1, 1, {}, beside=modules)
        try:
            click.echo(json.dumps(_measured(app.house.core, modules, max(1, rounds // _TOGETHER))))
        finally:
            app.house.core.database.close()


def _measured(core: Core, modules: list[ModuleType], rounds: int) -> dict[str, float]:
    bare = pluggy.PluginManager(hookspecs.PROJECT)
    bare.add_hookspecs(hookspecs)
    for one in modules:
        bare.register(one)
    scene = _scene(core)
    who, where = scene.caller.person, scene.neighbourhood
    assert who is not None
    assert where is not None
    ctx = Context(core, modules[0].manifest.id, scene.unit, neighbourhood=where, caller=scene.caller)
    hearing = Hearing(_WORDS, who, where, ctx)
    facts = {"person": who.id, "neighbourhood": where.id}

    def heard() -> None:
        for ident in core.plugins.listeners("member_joined"):
            listener = core.plugins.listener("member_joined", ident)
            assert listener is not None
            listener(ctx=ctx, **facts)

    def written() -> None:
        unit = core.database.unit()
        telling.tell(core, unit, scene.now, "member_joined", facts, where.id)
        unit.close()  # what was to be written is dropped: only the making of the rows is measured

    def asked() -> None:
        for ident, recognise in core.plugins.implementations("recognise"):
            core.health.guarded(ident, "recognise", partial(recognise, hearing=hearing), scene.unit)

    sides = {
        "recognised": lambda: guesses(core, scene, None),
        "ask": asked,
        "ask_pluggy": lambda: bare.hook.recognise(hearing=hearing),
        "tell": heard,
        "tell_pluggy": lambda: bare.hook.member_joined(ctx=ctx, **facts),
        "rows": written,
    }
    spent: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            spent[name].append(_timed(side))
    return {name: statistics.median(found) for name, found in spent.items()}


def _scene(core: Core) -> Scene:
    """Return somebody who says something that is no command."""
    unit = core.database.unit()
    where = core.neighbourhoods.all()[0]
    sender, now = Handle("chat", str(person(0))), SystemClock().now()
    caller = find_caller(unit, core.keyring, "telegram", [sender])
    assert caller is not None
    said = Inbound("1", Said("1", _WORDS), now, (sender,))
    return Scene(unit, now, caller, said, where, source="1", text=_WORDS)


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(_TOGETHER):
        call()
    return (time.perf_counter() - began) / _TOGETHER


if __name__ == "__main__":
    main()
