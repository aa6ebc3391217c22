"""The affairs of others: what a plugin declares to tell is told by nobody whom it does not name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from buurtwacht import (
    Command,
    Context,
    Manifest,
    Message,
    PersonId,
    PluginError,
    Severity,
    Text,
    Thread,
    hookimpl,
    tells,
)
from buurtwacht.host.permissions import PERMISSIONS
from buurtwacht.testing import World

LINE = Text("message.map", domain="core", link="here")


def plugin(ident: str, run: Callable[[Context], object], **more: Any) -> ModuleType:
    """Make a plugin with one command, which is its id and does one thing; it may do all but speak for others."""

    def attempt(ctx: Context) -> None:
        try:
            run(ctx)
        except PluginError as error:
            ctx.note("caught", str(error))
            return
        ctx.reply(LINE)

    @hookimpl
    def commands() -> list[Command]:
        return [Command(ident, attempt)]

    module = ModuleType(ident)
    vars(module).update(
        manifest=Manifest(id=ident, name=ident, version="1", permissions=frozenset(PERMISSIONS) - {"send:threads"}),
        commands=commands,
    )
    vars(module).update(more)
    return module


def page(*specs: Callable[..., None]) -> ModuleType:
    """Make a page of hooks that a plugin declares."""
    found = ModuleType("hookspecs")
    vars(found).update({one.__name__: one for one in specs})
    return found


@tells
def pan_borrowed(ctx: Context, pan: int) -> None:
    """Somebody borrowed a pan."""


@tells(by=("friend",))
def pan_broken(ctx: Context, pan: int) -> None:
    """Somebody broke a pan."""


@tells(by=("*",))
def pan_wanted(ctx: Context, pan: int) -> None:
    """Somebody wants a pan."""


HEARD: list[tuple[str, int]] = []


def hears(hook: str) -> Callable[..., None]:
    """Make a listener that remembers what it heard."""

    def listener(ctx: Context, pan: int) -> None:
        HEARD.append((hook, pan))

    listener.__name__ = hook
    return hookimpl(listener)


@pytest.mark.parametrize(
    ("hook", "who"),
    [
        ("pan_borrowed", {"pans"}),
        ("pan_broken", {"pans", "friend"}),
        ("pan_wanted", {"pans", "friend", "stranger"}),
    ],
)
def test_a_hook_is_told_by_who_declares_it_and_by_whom_it_names(hook: str, who: set[str]) -> None:
    HEARD.clear()
    modules = [plugin(one, lambda ctx: ctx.tell(hook, pan=7)) for one in ("friend", "stranger")]
    pans = plugin("pans", lambda ctx: ctx.tell(hook, pan=7), hookspecs=page(pan_borrowed, pan_broken, pan_wanted))
    vars(pans).update({one: hears(one) for one in ("pan_borrowed", "pan_broken", "pan_wanted")})
    with World(plugins=[pans, *modules]) as world:
        fatima = world.neighbourhood("TB", "Tolberg", quiet_hours=None).member("Fatima", channel="telegram")
        for one in ("pans", "friend", "stranger"):
            HEARD.clear()
            before = len(fatima.received)
            fatima.says(one)
            world.advance(seconds=1)
            assert (one in who) == bool(HEARD), one
            assert (one in who) == (len(fatima.received) > before), one
        refused = [(entry.actor, entry.subject) for entry in world.audit() if entry.event == "permission_refused"]
        others = [one for one in ("friend", "stranger") if one not in who]
        assert refused == [(f"plugin:{one}", f"tell:{hook}") for one in others]


@pytest.mark.parametrize("wire", [False, True])
def test_no_plugin_ends_a_membership_by_saying_that_an_admin_decided_it(wire: bool) -> None:
    ids: list[int] = []

    def decide(ctx: Context) -> None:
        ctx.tell("removal_decided", person=ids[0], neighbourhood=ctx.here.id, by=ctx.person.id, alarms=3, days=30)

    with World(plugins=[plugin("spy", decide)], wire=wire) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima, henk = (tolberg.member("Fatima", channel="telegram"), tolberg.member("Henk", channel="whatsapp"))
        ids.append(world.person_id(henk))
        fatima.says("spy")
        world.advance(minutes=1)
        assert henk.received == []
        (caught,) = [one.subject for one in world.audit() if one.event == "caught"]
        assert "may not tell removal_decided: only alerts may" in caught
        with world.context("spy", tolberg) as ctx:
            assert {one.name for one in ctx.members()} == {"Fatima", "Henk"}


def test_only_escalation_says_that_an_official_has_an_alert() -> None:
    with World(plugins=[plugin("spy", lambda ctx: None)]) as world:
        facts = {"alert": 1, "short": "TB-0001", "kind": "police", "at": world.now.isoformat()}
        with world.context("spy", None) as ctx, pytest.raises(PluginError, match="only alerts, escalation may"):
            ctx.tell("official_acknowledged", **facts)


def forgeries() -> dict[str, Callable[[Context, Thread, int], object]]:
    """Return the ways to speak, each in the thread of an alert."""
    return {
        "reply": lambda ctx, alert, who: ctx.reply(LINE, thread=alert),
        "send": lambda ctx, alert, who: ctx.send(PersonId(who), LINE, thread=alert),
        "send_each": lambda ctx, alert, who: ctx.send_each({PersonId(who): LINE}, thread=alert),
        "broadcast": lambda ctx, alert, who: ctx.broadcast(ctx.audience.members(), LINE, Severity.INFO, thread=alert),
        "ask_all": lambda ctx, alert, who: ctx.ask_all([PersonId(who)], Message(LINE), "x", thread=alert),
        "ask_each": lambda ctx, alert, who: ctx.ask_each({PersonId(who): Message(LINE)}, "x", thread=alert),
        "ask_again": lambda ctx, alert, who: ctx.ask_again([PersonId(who)], Message(LINE), "x", thread=alert),
    }


@pytest.mark.parametrize("way", forgeries())
def test_who_was_not_shown_an_alert_is_not_drawn_into_it_by_another_plugin(way: str) -> None:
    found: list[Any] = []

    def draw(ctx: Context) -> None:
        forgeries()[way](ctx, *found)

    with World(plugins=[plugin("spy", draw)]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None)
        ans = tolberg.member("Ans", channel="telegram", street="Meidoornstraat")
        ans.says("inbraak gaande Meidoornstraat, twee mannen met breekijzer")
        ans.taps("Ja, door mij")
        world.advance(minutes=1)
        kees = tolberg.member("Kees", channel="whatsapp")
        with world.context("alerts", tolberg) as ctx:
            (alert,) = ctx.shown(world.person_id(ans), world.now - timedelta(hours=1))
        found += [Thread("alerts", alert, "TB-0001"), world.person_id(kees)]
        kees.says("spy")
        world.advance(minutes=1)
        assert kees.received == []
        with world.context("alerts", tolberg) as ctx:
            assert not ctx.deliveries(alert, *found[1:])
