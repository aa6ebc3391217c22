"""A plugin that spoils one thing and nothing else: one hook, or one kind of handler."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any, NoReturn

from buurtwacht import (
    Answer,
    Choice,
    Command,
    Context,
    FeedFile,
    FeedRequest,
    Guess,
    Hearing,
    Item,
    Manifest,
    Message,
    Outside,
    Page,
    PageRequest,
    Ripe,
    Source,
    Text,
    answer,
    feed,
    hookimpl,
    timer,
)
from buurtwacht.host import hookspecs

SPOILER = "spoiler"
#: The kinds of handlers that a plugin can have beside its hooks.
KINDS = ("command", "recognised", "timer", "timers together", "answer", "feed", "page", "fetch", "heard", "state")
HOOKS = sorted(name for name, spec in vars(hookspecs).items() if hasattr(spec, "buurtwacht_spec"))
TELLS = sorted(hookspecs.CORE_TELLS)
#: Hooks that are called once, before anything runs.
AT_THE_START = ("commands", "pages", "sources", "reserved_words")
LINE = Text("message.map", domain="core", link="here")
URL = "https://example.org/spoiler"

Spoil = Callable[[], Any]


def broken() -> NoReturn:
    """Go wrong."""
    raise ArithmeticError("spoilt")


def quitting() -> NoReturn:
    """Go wrong as a parser of a command line does."""
    sys.exit(2)


#: Ways to go wrong, by what the log calls them.
WAYS = {"ArithmeticError": broken, "SystemExit": quitting}


def plugin(ident: str, **parts: object) -> ModuleType:
    """Make a plugin with these hooks and handlers."""
    asked = frozenset({"store", "timers", "outside", "send:opted_in"})
    module = ModuleType(ident)
    module.manifest = Manifest(id=ident, name=ident, version="1", permissions=asked)  # type: ignore[attr-defined]
    for name, part in parts.items():
        setattr(module, name, part)
    return module


def in_hook(hook: str, spoil: Spoil, ident: str = SPOILER) -> ModuleType:
    """Make a plugin that spoils one hook, whatever its arguments are."""
    names = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
    room: dict[str, Any] = {"spoil": spoil}
    exec(f"def {hook}({names}):\n    return spoil()", room)
    return plugin(ident, **{hook: hookimpl(room[hook])})


def in_handler(kind: str, spoil: Spoil) -> ModuleType:
    """Make a plugin with a handler of every kind, of which one goes wrong."""

    def here(which: str) -> None:
        if which == kind:
            spoil()

    @timer("alone")
    def alone(ctx: Context) -> None:
        here("timer")

    @timer("many", together=True)
    def many(ctx: Context, ripe: Sequence[Ripe]) -> None:
        here("timers together")

    @answer("answered")
    def answered(ctx: Context, given: Answer) -> None:
        here("answer")

    @feed("file")
    def file(ctx: Context, request: FeedRequest) -> FeedFile:
        here("feed")
        return FeedFile(b"x", "text/plain", "x.txt")

    def page(ctx: Context, request: PageRequest) -> str:
        here("page")
        return "page"

    async def fetch(outside: Outside, settings: Any) -> list[Item]:
        here("fetch")
        found = await outside.json(URL)
        return [Item(str(one), {}) for one in found]

    def heard(ctx: Context, key: str) -> None:
        here("heard")

    def state(ctx: Context, known: bool, since: datetime) -> None:
        here("state")

    def knock(ctx: Context, what: str) -> None:
        here("command")
        match what:
            case "alone":
                ctx.later(timedelta(seconds=1), alone)
            case "many":
                ctx.later(timedelta(seconds=1), many)
            case "ask":
                ctx.ask(ctx.person, Message(LINE, choices=[Choice("x", LINE)]), "answered")
            case "link":
                ctx.reply(Text("message.map", domain="core", link=ctx.feed_link(file)))

    def taken(ctx: Context, text: str) -> None:
        here("recognised")

    @hookimpl
    def recognise(hearing: Hearing) -> Guess | None:
        return Guess(taken, 1.0) if hearing.text == "kwetter" else None

    @hookimpl
    def commands() -> list[Command]:
        return [Command("knock", knock)]

    @hookimpl
    def pages() -> list[Page]:
        return [Page("/spoiler", page)]

    @hookimpl
    def sources() -> list[Source]:
        return [Source("noise", fetch, heard, state, every=timedelta(seconds=30))]

    hooks = {"recognise": recognise, "commands": commands, "pages": pages, "sources": sources}
    return plugin(SPOILER, alone=alone, many=many, answered=answered, file=file, **hooks)
