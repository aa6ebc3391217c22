"""A house to measure: the app as `buurtwacht run` builds it, over a database of its own, with many commands."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from benchmarks.updates import TOKEN, person, words
from buurtwacht import Handle
from buurtwacht.app import App
from buurtwacht.assembly import assemble, bring_up_to_date
from buurtwacht.records import people
from buurtwacht.records.database import Database
from buurtwacht.records.keys import Keyring, find_key
from buurtwacht.vocabulary.clock import SystemClock
from buurtwacht.vocabulary.settings import build

_PLUGIN = '''
"""A plugin that answers, and keeps one timer for each shift: what falls due sets the next."""
from datetime import timedelta

from buurtwacht import Command, Context, Manifest, Severity, Text, hookimpl, timer

manifest = Manifest(id="pings", name="Pings", version="1", permissions=frozenset({"timers", "send:members"}))


def ping(ctx: Context) -> None:
    ctx.reply(Text("pong"))


def fan_out(ctx: Context) -> None:
    ctx.broadcast(ctx.audience.members(), Text("pong"), Severity.NOTICE)


def press(ctx: Context) -> None:
    ctx.broadcast(ctx.audience.members(), Text("pong"), Severity.URGENT)


@timer("remind")
def remind(ctx: Context, shift: int, left: int) -> None:
    if left:
        ctx.later(timedelta(days=1), remind, shift, left - 1, key=str(shift))


@hookimpl
def commands():
    return [Command(word, ping) for word in %r] + [Command("fanout", fan_out), Command("press", press)]
'''


def build_house(
    folder: Path,
    commands: int,
    members: int,
    options: Mapping[str, object],
    *,
    paced: bool = True,
    rate: float = 1000,
    beside: Sequence[ModuleType] = (),
    streets: Sequence[str] = (),
) -> App:
    """Return an app over a SQLite file with so many commands and so many members of one neighbourhood.

    `options` go to the channel as they are: a transport, an address. `beside` are more plugins. Where the file is there
    already, as it is after a crash, nobody moves in again.
    """
    modules = [_plugin(folder, commands), *beside]
    is_new = not (folder / "bench.db").exists()
    settings = build(
        {
            "buurtwacht": {"database": f"sqlite:///{folder / 'bench.db'}"},
            "web": {"port": 0},
            "channels": {"telegram": {"token": TOKEN, "rate": rate}},
            "neighbourhoods": [{"code": "TB", "name": "Tolberg", "quiet_hours": "", "streets": list(streets)}],
        },
        folder=folder,
    )
    database, keyring = Database(settings.instance.database), Keyring([find_key({}, folder)])
    bring_up_to_date(settings, database, modules, SystemClock().now(), lambda path: None)
    house = assemble(settings, modules, database, keyring, threads=4)
    where = house.core.neighbourhoods.by_code("TB")
    assert where is not None
    if is_new:
        _move_in(where.id, database, keyring, members)
    house.open_channels(options)
    return App(house, paced=paced)


def _plugin(folder: Path, commands: int) -> ModuleType:
    """Write a plugin with so many commands, one of them `ping`, and import it."""
    names = words(commands)
    (folder / "pings.py").write_text(_PLUGIN % (list(names),))
    (folder / "locale").mkdir(exist_ok=True)
    texts = {"pong": "pong"}
    for name in (*names, "fanout", "press"):
        texts |= {f"command.{name}.words": name, f"command.{name}.help": name, f"command.{name}.example": name}
    catalogue = ['msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n']
    catalogue += [f'msgid "{key}"\nmsgstr "{text}"\n' for key, text in texts.items()]
    for language in ("nl", "en"):
        (folder / "locale" / f"{language}.po").write_text("\n".join(catalogue))
    sys.path.insert(0, str(folder))
    return importlib.import_module("pings")


def _move_in(neighbourhood: int, database: Database, keyring: Keyring, members: int) -> None:
    now = SystemClock().now()
    unit = database.unit()
    for place in range(members):
        who = people.add_person(unit, f"Neighbour {place}", "nl")
        people.add_membership(unit, who, neighbourhood, now)
        handle = Handle("chat", str(person(place)))
        people.add_address(unit, keyring, "telegram", [handle], now, person_id=who)
    unit.commit()
