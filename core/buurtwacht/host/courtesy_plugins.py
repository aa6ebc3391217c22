"""The core's commands about plugins here: which there are, switching one off or on, and asking before it hurts."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht.host.auditing import begun
from buurtwacht.host.context import Context
from buurtwacht.host.declarations import Answer, Command, answer
from buurtwacht.host.homes import looks_after, meant, not_allowed
from buurtwacht.host.naming import names_of
from buurtwacht.host.phrases import PLUGIN
from buurtwacht.host.plugins import Plugin
from buurtwacht.host.switching import can_be_off, follow_file, named, needing, shown, switch, switchable
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.errors import Refusal
from buurtwacht.vocabulary.faults import nearest
from buurtwacht.vocabulary.messages import Choice, Lines, Message, PersonName, Text
from buurtwacht.vocabulary.roles import CARETAKERS

_OFF = frozenset({"uit", "off"})
_ON = frozenset({"aan", "on"})
_DEFAULT = frozenset({"standaard", "default"})
_CONFIRM = timedelta(hours=1)
#: So many things that are under way are named.
_NAMED = 5
#: A plugin, and perhaps what is wanted or a neighbourhood, by its code or a name of a few words.
_ONE = PLUGIN + r"(?: \S+){0,4}"


def show_all(ctx: Context, typed: str = "") -> None:
    """List the plugins here: on or off, by whom, or paused."""
    if found := meant(ctx, "plugins", typed):
        here = found[0]
        lines = Lines(*(_line(here, one) for one in switchable(ctx._core)))
        here.reply(Text("plugins.here", place=here.here.name, lines=lines))


def switch_off(ctx: Context, typed: str) -> None:
    """Switch a plugin off here; what cannot be missed is asked about first."""
    if found := meant(ctx, "plugin_off", typed):
        _off(found[0], plugin_called(ctx, found[1]))


def switch_on(ctx: Context, typed: str) -> None:
    """Switch a plugin on here."""
    if found := meant(ctx, "plugin_on", typed):
        _on(found[0], plugin_called(ctx, found[1]))


def about_one(ctx: Context, typed: str) -> None:
    """Take what is wanted of a plugin from behind its name; without that, tell how it is here."""
    found = meant(ctx, "plugin", typed)
    if found is None:
        return
    here, rest = found
    name, _, last = rest.rpartition(" ")
    wanted = fold(last)
    if name and wanted in _OFF | _ON | _DEFAULT:
        plugin = plugin_called(ctx, name)
        if wanted in _DEFAULT:
            _as_in_file(here, plugin)
        else:
            (_off if wanted in _OFF else _on)(here, plugin)
    else:
        here.reply(Text("plugins.one", place=here.here.name, line=_line(here, plugin_called(ctx, rest))))


@answer("switch_confirmed")
def switch_confirmed(ctx: Context, given: Answer) -> None:
    """Switch off what cannot be missed or has something under way, after a yes of who may still decide that."""
    plugin = plugin_called(ctx, str(given.payload["plugin"]))
    if not looks_after(ctx, ctx.here):
        raise not_allowed("plugin_off")
    if given.value == "yes" and given.payload.get("file"):
        _follow_file(ctx, plugin)
    elif given.value == "yes":
        _switch_off(ctx, plugin)
    else:
        ctx.reply(Text("plugin.stays_on", name=shown(ctx, plugin), place=ctx.here.name))


def plugin_called(ctx: Context, words: str) -> Plugin:
    """Return the plugin that is meant. Raises `Refusal`, which names those there are."""
    plugin = named(ctx._core, words)
    if plugin is None:
        there = switchable(ctx._core)
        known = ", ".join(shown(ctx, one) for one in there)
        near = nearest(words, [name for one in there for name in names_of(ctx._core.catalogues, one)])
        key = "plugin.unknown.near" if near else "plugin.unknown"
        raise Refusal(Text(key, domain="core", word=words[:60], known=known, near=near or ""))
    return plugin


def _off(ctx: Context, plugin: Plugin) -> None:
    name, place = shown(ctx, plugin), ctx.here.name
    if not can_be_off(plugin):
        raise Refusal(Text("plugin.always_on", domain="core", name=name))
    if plugin.id in ctx.here.plugins_off:
        raise Refusal(Text("plugin.off.already", domain="core", name=name, place=place, id=plugin.id))
    if not _asks_first(ctx, plugin):
        _switch_off(ctx, plugin)


def _asks_first(ctx: Context, plugin: Plugin, *, file: bool = False) -> bool:
    """Ask for a yes where it matters: people may be out on a round, or wait for an answer. `file`: that it decides."""
    name, place = shown(ctx, plugin), ctx.here.name
    going_on = begun(ctx._core, plugin.id, ctx.here)
    vital = plugin.manifest.vital
    if not going_on and not vital:
        return False
    told: list[Text] = []
    if going_on:
        named = {(one.key, one.facts["short"]): one for one in going_on}
        more = Text("plugin.off.more") if len(named) > _NAMED else None
        what = Lines(*list(named.values())[:_NAMED], more)
        told.append(Text("plugin.off.under_way", name=name, place=place, count=len(going_on), what=what))
    told.append(Text("plugin.off.vital" if vital else "plugin.off.sure", name=name, place=place))
    choices = [Choice("yes", Text("yes")), Choice("no", Text("no"))]
    question = Message(Text("plugin.off.told", lines=Lines(*told)), choices=choices)
    payload = {"plugin": plugin.id, "file": file}
    ctx.ask(ctx.person, question, "switch_confirmed", payload=payload, expires=_CONFIRM)
    return True


def _switch_off(ctx: Context, plugin: Plugin) -> None:
    switch(ctx, plugin.id, off=True)
    others = ", ".join(shown(ctx, one) for one in needing(ctx._core, plugin.id, ctx.here))
    also = Text("plugin.off.needed", names=others) if others else None
    said = Text("plugin.off.done", name=shown(ctx, plugin), place=ctx.here.name, id=plugin.id)
    ctx.reply(Text("plugin.off.told", lines=Lines(said, also)))


def _on(ctx: Context, plugin: Plugin) -> None:
    name, place = shown(ctx, plugin), ctx.here.name
    paused = ctx._core.health.is_paused(plugin.id)
    if plugin.id not in ctx.here.plugins_off:
        key = "plugin.on.paused" if paused else "plugin.on.already"
        raise Refusal(Text(key, domain="core", name=name, place=place))
    switch(ctx, plugin.id, off=False)
    missing = [one for one in plugin.manifest.needs if one in ctx.here.plugins_off]
    names = ", ".join(shown(ctx, ctx._core.plugins.get(one)) for one in missing)
    also = Text("plugin.on.needs", names=names) if names else None
    stands = Text("plugin.on.paused", name=name, place=place) if paused else None
    done = Text("plugin.on.done", name=name, place=place, id=plugin.id)
    ctx.reply(Text("plugin.off.told", lines=Lines(done, also, stands)))


def _as_in_file(ctx: Context, plugin: Plugin) -> None:
    goes_off = plugin.id in ctx.here.off_in_file and plugin.id not in ctx.here.plugins_off
    if not goes_off or not _asks_first(ctx, plugin, file=True):
        _follow_file(ctx, plugin)


def _follow_file(ctx: Context, plugin: Plugin) -> None:
    follow_file(ctx._core, ctx._unit, ctx.now, ctx._actor, plugin.id, ctx.here)
    key = "plugin.file.off" if plugin.id in ctx.here.off_in_file else "plugin.file.on"
    ctx.reply(Text(key, name=shown(ctx, plugin), place=ctx.here.name))


def _line(ctx: Context, plugin: Plugin) -> Text:
    """Say of a plugin whether it is on here, and who decided that."""
    name = Text("plugins.name", name=shown(ctx, plugin), id=plugin.id)
    if fold(plugin.id) == fold(shown(ctx, plugin)):
        name = Text("plugins.name.id", id=plugin.id)
    state = "off" if plugin.id in ctx.here.plugins_off else "on"
    if state == "on" and ctx._core.health.is_paused(plugin.id):
        return Text("plugins.line.paused", name=name)
    switched = ctx.here.switched.get(plugin.id)
    if switched is None:
        return Text(f"plugins.line.{state}", name=name)
    return Text(f"plugins.line.{state}_by", name=name, who=PersonName(switched.by), at=switched.at)


#: Everybody may type them, and is told that they are for those who look after the neighbourhood.
COMMANDS = (
    Command("plugins", show_all, menu_for=CARETAKERS, takes=r"(?:in |voor |for )\S{1,12}|\S{1,2}"),
    Command("plugin_off", switch_off, menu=False, takes=_ONE),
    Command("plugin_on", switch_on, menu=False, takes=_ONE),
    Command("plugin", about_one, menu=False, takes=_ONE),
)
