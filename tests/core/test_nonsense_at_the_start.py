"""What a plugin declares and would never work is refused at the start, with its name and what would mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations
from types import FunctionType, ModuleType
from typing import Any

import pytest

from buurtwacht import (
    Command,
    ConfigurationError,
    Context,
    Item,
    Manifest,
    Outside,
    Page,
    PersonId,
    RecordId,
    Source,
    answer,
    feed,
    hookimpl,
    tells,
    timer,
)
from buurtwacht.host.plugins import Plugins
from buurtwacht.host.tracing import Trace
from buurtwacht.testing import World
from buurtwacht.vocabulary.texts import Catalogues


def end(ctx: Context, short: str = "") -> None:
    """End something."""


def made(ident: str, **parts: Any) -> ModuleType:
    """Make a plugin of these parts; functions become its hooks."""
    module = ModuleType(ident)
    permissions = frozenset({"store", "timers", "outside"})
    vars(module)["manifest"] = Manifest(id=ident, name=ident, version="1", permissions=permissions)
    for name, part in parts.items():
        part.__name__ = name
        vars(module)[name] = hookimpl(part)
    return module


def commanding(ident: str, *commands: Command) -> ModuleType:
    """Make a plugin with these commands."""
    return made(ident, commands=lambda: list(commands))


def refused(*modules: ModuleType) -> list[str]:
    """Return what is wrong with plugins, each fault in a line."""
    with pytest.raises(ConfigurationError) as caught:
        Plugins(Catalogues(strict=True), Trace()).load(modules)
    return str(caught.value).splitlines()


# --- words -----------------------------------------------------------------------------------------------------------

ENDS = {
    "alerts": Command("end", end, shared=True),
    "rollcalls": Command("end", end, series="R"),
    "bell": Command("end", end),
}


@pytest.mark.parametrize("order", list(permutations(ENDS)))
def test_a_word_collides_with_that_of_any_other_and_not_of_the_last_only(order: tuple[str, ...]) -> None:
    faults = refused(*(commanding(one, ENDS[one]) for one in order))
    first, last = sorted(("alerts", "bell"), key=order.index)
    assert [one for one in faults if "both have the command" in one] != []
    assert all(f'plugins {first} and {last}: both have the command "end"' in one for one in faults if "both" in one)


def test_words_of_two_series_and_of_none_stand_beside_each_other() -> None:
    plugins = Plugins(Catalogues(strict=True), Trace())
    plugins.load([commanding(one, ENDS[one]) for one in ("alerts", "rollcalls")])
    assert len(plugins.phrases.of("end TB-0001")[0]) == 1


def test_a_word_that_leads_to_two_commands_of_one_plugin_is_refused() -> None:
    (fault,) = refused(commanding("clock", Command("go", end), Command("GO", end)))
    assert 'plugin clock: its command "go" leads to go, and never to GO' in fault


# --- ids -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ident", ["", "Hoofd Letter", "a-b", "1x", "_a", "été", "Pets", "pets\n", "p" * 41, 7, None])
def test_an_id_that_is_no_beginning_of_a_table_is_refused(ident: Any) -> None:
    module = made("clock")
    vars(module)["manifest"] = Manifest(id=ident, name="Clock", version="1")
    (fault,) = refused(module)
    assert f"plugin clock: the id {ident!r} cannot be used (write at most 40 of a-z, 0-9 and _" in fault


@pytest.mark.parametrize("ident", ["p", "p1", "lost_pets", "p" * 40])
def test_an_id_of_small_letters_digits_and_underscores_is_one(ident: str) -> None:
    Plugins(Catalogues(strict=True), Trace()).load([made(ident)])


# --- async -----------------------------------------------------------------------------------------------------------


async def never(ctx: Context, *more: Any) -> None:
    """Never run."""


async def never_many(ctx: Context, *more: Any) -> Any:
    """Never run either."""
    yield 1


#: As a plugin gives them: without types nothing says that they are async.
later: Any = never
many: Any = never_many


def source(**parts: Any) -> Source:
    """Make a source that says nothing."""

    async def fetch(outside: Outside, settings: Any) -> Sequence[Item]:
        return []

    return Source("sky", fetch, **{"heard": end, "state": end, **parts})


def marked(mark: Callable[[Any], Any], handler: Any = never) -> ModuleType:
    """Make a plugin with a handler that never runs, marked."""
    module = made("clock")
    vars(module)["later"] = mark(FunctionType(handler.__code__, globals(), "later"))
    return module


ASYNC: dict[str, Callable[[], ModuleType]] = {
    "the handler of the command 'go'": lambda: commanding("clock", Command("go", later)),
    "the handler of the command 'many'": lambda: commanding("clock", Command("many", many)),
    "the handler of the command 'part'": lambda: commanding("clock", Command("part", partial(later, more=1))),
    "the hook 'export_person'": lambda: made("clock", export_person=FunctionType(later.__code__, globals())),
    "the hook 'commands'": lambda: made("clock", commands=FunctionType(later.__code__, globals())),
    "the timer 'tick'": lambda: marked(timer("tick")),
    "the answer 'tick'": lambda: marked(answer("tick")),
    "the feed 'tick'": lambda: marked(feed("tick")),
    "the handler of the page '/sky'": lambda: made("clock", pages=lambda: [Page("/sky", later)]),
    "heard of the source 'sky'": lambda: made("clock", sources=lambda: [source(heard=later)]),
    "state of the source 'sky'": lambda: made("clock", sources=lambda: [source(state=later)]),
}


@pytest.mark.parametrize("what", ASYNC)
def test_what_is_async_is_refused_with_its_name_and_its_mend(what: str) -> None:
    (fault,) = refused(ASYNC[what]())
    assert f"plugin clock: {what} is async" in fault
    assert "without async" in fault


# --- generators ------------------------------------------------------------------------------------------------------


def never_begun(ctx: Context, *more: Any) -> Any:
    """Never run: who is called does not go through what it gives."""
    yield 1


def told_never() -> ModuleType:
    """Make a plugin that listens and never hears, to a hook of another one."""
    own = ModuleType("moon.hookspecs")
    vars(own)["moon_rose"] = tells(FunctionType(end.__code__, globals(), "moon_rose"))
    module = made("clock", moon_rose=FunctionType(never_begun.__code__, globals()))
    vars(module)["hookspecs"] = own
    return module


YIELDING: dict[str, Callable[[], ModuleType]] = {
    "the handler of the command 'go'": lambda: commanding("clock", Command("go", never_begun)),
    "the handler of the command 'part'": lambda: commanding("clock", Command("part", partial(never_begun, more=1))),
    "the hook 'member_left'": lambda: made("clock", member_left=FunctionType(never_begun.__code__, globals())),
    "the hook 'erase_person'": lambda: made("clock", erase_person=FunctionType(never_begun.__code__, globals())),
    "the hook 'moon_rose'": told_never,
    "the timer 'tick'": lambda: marked(timer("tick"), never_begun),
    "the answer 'tick'": lambda: marked(answer("tick"), never_begun),
    "the feed 'tick'": lambda: marked(feed("tick"), never_begun),
    "the handler of the page '/sky'": lambda: made("clock", pages=lambda: [Page("/sky", never_begun)]),
    "heard of the source 'sky'": lambda: made("clock", sources=lambda: [source(heard=never_begun)]),
    "state of the source 'sky'": lambda: made("clock", sources=lambda: [source(state=never_begun)]),
}


@pytest.mark.parametrize("what", YIELDING)
def test_what_yields_is_refused_with_its_name_and_its_mend(what: str) -> None:
    (fault,) = refused(YIELDING[what]())
    assert f"plugin clock: {what} has a yield in it, and would never run" in fault
    assert "without yield" in fault


def test_what_is_asked_may_yield_where_that_is_gone_through() -> None:
    def under_way(ctx: Context) -> Iterator[RecordId]:
        yield from ()

    Plugins(Catalogues(strict=True), Trace()).load([made("clock", under_way=under_way)])


def test_a_source_is_fetched_by_what_is_async() -> None:
    Plugins(Catalogues(strict=True), Trace()).load([made("clock", sources=lambda: [source()])])


def test_what_turns_out_to_be_async_is_an_error_and_no_silence() -> None:
    def commands() -> list[Command]:
        return [Command("go", lambda ctx: later(ctx))]

    def export_person(ctx: Context, person: PersonId) -> object:
        return later(ctx)

    with World(plugins=[made("clock", commands=commands, export_person=export_person)]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        fatima = tolberg.member("Fatima", channel="telegram")
        with world.expects_error("clock"):
            fatima.says("go")
            assert "kenmerk" in fatima.last.text
            with world.context("members", tolberg) as ctx:
                assert ctx.export_all(world.person_id(fatima))["clock"] is None


# --- things of another kind ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [[42], 42, "end", {"end": end}, [None], [end]])
@pytest.mark.parametrize(
    ("hook", "kind"), [("commands", "Command"), ("pages", "Page"), ("sources", "Source"), ("reserved_words", "str")]
)
def test_nonsense_is_refused_with_the_plugin_and_the_hook(hook: str, kind: str, given: object) -> None:
    (fault,) = refused(made("clock", **{hook: lambda: given}))
    assert f"plugin clock: {hook}() returns " in fault
    assert f"return a list of {kind}" in fault


@pytest.mark.parametrize("given", [None, [], ()])
@pytest.mark.parametrize("hook", ["commands", "pages", "sources", "reserved_words"])
def test_nothing_is_no_nonsense(hook: str, given: object) -> None:
    Plugins(Catalogues(strict=True), Trace()).load([made("clock", **{hook: lambda: given})])


def test_a_command_without_a_function_is_refused() -> None:
    (fault,) = refused(commanding("clock", Command("go", "end")))  # type: ignore[arg-type]
    assert "plugin clock: the handler of the command 'go' is 'end', and no function" in fault
