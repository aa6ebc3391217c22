"""The core's own replies: the menu, "which do you mean", "not understood", and what a stranger hears."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from buurtwacht.host import courtesy_plugins, courtesy_settings
from buurtwacht.host.context import Context
from buurtwacht.host.courtesy_plugins import switch_confirmed as switch_confirmed
from buurtwacht.host.declarations import Answer, Command, Manifest, answer
from buurtwacht.host.homes import PLACE_CHOSEN
from buurtwacht.host.hookspecs import hookimpl
from buurtwacht.host.scene import Plan, Scene
from buurtwacht.records.schema import address
from buurtwacht.vocabulary.events import Said
from buurtwacht.vocabulary.messages import Choice, Lines, Message, PersonName, Severity, Text
from buurtwacht.vocabulary.roles import CARETAKERS

if TYPE_CHECKING:
    from buurtwacht.host.answering import Answering, Candidate
    from buurtwacht.host.core import Core
    from buurtwacht.host.phrases import Phrase

#: The core speaks as a plugin does, with everything allowed.
manifest = Manifest(
    id="core",
    name="Buurtwacht",
    version="1",
    permissions=frozenset({"store", "timers", "send:members", "people", "read:names"}),
    templates=frozenset(
        {
            "account_trouble",
            "account_well",
            "audit.count",
            "audit.late",
            "audit.no_step",
            "audit.over",
            "erasure_failed",
            "message.digest",
            "passed_on.caretaker",
            "passed_on.raw.caretaker",
            "plugin_paused",
        }
    ),
    locale="../locale",
)

#: Interface: "not understood" at most five times an hour; a stranger hears how to join at most twice a day.
PUZZLED = (5, timedelta(hours=1))
STRANGER = (2, timedelta(days=1))

#: What is said about plugins themselves; both rooms are for those who look after a neighbourhood.
_ABOUT_PLUGINS = (*courtesy_plugins.COMMANDS, *courtesy_settings.COMMANDS)

_NEED_HELP = Choice("need_help", Text("menu.need_help"))

#: A part of a licence plate (12-ABC-3) or of a telephone number (0165-553123) is none.
_SHORT_ID = re.compile(r"(?<![\w-])(?!0\d)([A-Z0-9]{1,6}-[A-Z]?\d{1,6})(?![\w-])", re.IGNORECASE)


def short_id(text: str) -> str:
    """Return the first short id (TB-0001) in a text, in capitals, or nothing."""
    found = _SHORT_ID.search(text)
    return found.group(1).upper() if found else ""


def without_short_id(text: str) -> str:
    """Return a text without its first short id."""
    return " ".join(_SHORT_ID.sub(" ", text, count=1).split())


def unheard(said: Said, text: str) -> str:
    """Return the key of what is answered to a message that is neither obeyed nor read; empty for any other."""
    if said.media is not None and said.media.kind in ("voice", "video") and not text:
        return "voice"
    if not text and said.media is None and said.location is None:
        return "empty"
    # Never obey a forwarded message, nor report what somebody else once reported.
    return "forwarded" if said.forwarded else ""


def say(ctx: Context, key: str, **facts: str) -> Plan:
    """Reply with one sentence of the core."""
    return Plan("core", key, lambda: _reply(ctx, Text(key, **facts)), context=ctx)


def _reply(ctx: Context, text: Text | Message) -> None:
    ctx.reply(text)


def usage(ctx: Context, phrase: Phrase) -> Plan:
    """Too little was said after a command: tell what it needs, with its example."""
    return say_text(ctx, _usage(phrase))


def explain(ctx: Context, phrases: Sequence[Phrase]) -> Plan:
    """Tell what commands do, each with its example, and keep "I need help" within reach (R55)."""
    lines = Lines(*(_usage(one) for one in phrases))
    return _ask(ctx, Message(Text("explained", lines=lines), choices=[_NEED_HELP]), "menu", {})


def _usage(phrase: Phrase) -> Text:
    name = phrase.command.name
    return Text(
        "usage",
        help=Text(f"command.{name}.help", domain=phrase.plugin),
        example=Text(f"command.{name}.example", domain=phrase.plugin),
    )


def say_text(ctx: Context, text: Text | Message) -> Plan:
    """Reply with a message."""
    return Plan("core", "reply", lambda: _reply(ctx, text), context=ctx)


def stranger(ctx: Context, scene: Scene) -> Plan:
    """Tell somebody we do not know how to join, at most twice a day; who waits for approval hears that."""
    person = scene.caller.person
    if person is not None and any(one.state == "requested" for one in person.memberships):
        return say(ctx, "waiting") if may_answer(ctx, scene, *STRANGER) else silence()
    if scene.offices:
        return say(ctx, "official.unverified") if may_answer(ctx, scene, *PUZZLED) else silence()
    return say(ctx, "stranger") if may_answer(ctx, scene, *STRANGER) else silence()


def not_understood(ctx: Context, scene: Scene, vital_paused: bool) -> Plan:
    """Say that it was not understood, with what can be done about it, at most five times an hour.

    While a vital plugin is paused nothing may get lost: the text goes to the co-ordinators, and 112 is shown (design
    §4, Plugins).
    """
    if vital_paused:
        return pass_on(ctx, scene.text, raw=True)
    if not may_answer(ctx, scene, *PUZZLED):
        return silence()
    # Where nobody takes reports that is no choice.
    offered = ("report", "menu", "coordinator") if reporting(ctx._core, scene) else ("menu", "coordinator")
    question = Message(Text("not_understood"), choices=[Choice(one, Text(f"not_understood.{one}")) for one in offered])
    return _ask(ctx, question, "not_understood", {"text": scene.text[:1000]})


def unavailable(ctx: Context, scene: Scene, phrase: Phrase, rest: str) -> Plan:
    """Say that a command cannot be used here now. A report typed for a vital plugin that is paused is not lost either:
    the co-ordinators get it as it is.
    """
    word = " ".join(phrase.words)
    vital = ctx._core.plugins.get(phrase.plugin).manifest.vital and ctx._core.health.is_paused(phrase.plugin)
    if vital and phrase.command.presses and scene.is_member and ctx.neighbourhood is not None:
        return pass_on(ctx, f"{word} {rest}".strip(), raw=True)
    return say(ctx, "unavailable", word=word)


def reporting(core: Core, scene: Scene) -> Phrase | None:
    """Return the command that takes a report where somebody is, if there is one."""
    phrases, _ = core.plugins.phrases.of("melding")
    return next((one for one in phrases if core.is_on(one.plugin, scene.neighbourhood)), None)


@hookimpl
def commands() -> list[Command]:
    """The menu, and what is said about plugins themselves; everything else is a plugin's."""
    return [Command("help", lambda ctx: menu(ctx).run(), public=True, menu=False), *_ABOUT_PLUGINS]


@answer(PLACE_CHOSEN)
def place_chosen(ctx: Context, given: Answer) -> None:
    """Run the command of which we asked for which neighbourhood it is."""
    note = ctx._core.opened(given.payload)
    command = next(one for one in _ABOUT_PLUGINS if one.name == note["command"])
    command.handler(ctx, f"{given.value} {note['typed']}".strip())


def menu(ctx: Context) -> Plan:
    """List what this person can do here, with a way to say "I need help" (R55)."""
    if not ctx.has_person or not ctx.person.active:
        if any(one.verified for one in ctx.offices):
            return _ask(ctx, Message(Text("official.menu", lines=offer(ctx)), choices=[_NEED_HELP]), "menu", {})
        return say(ctx, "official.unverified" if ctx.offices else "stranger")
    return _ask(ctx, Message(Text("menu", lines=offer(ctx)), choices=[_NEED_HELP]), "menu", {})


def offer(ctx: Context) -> Lines:
    """Return the commands that somebody can use here, each with what it does."""
    return Lines(
        *(
            Text(
                "menu.line",
                words=Text(f"command.{name}.example", domain=plugin),
                help=Text(f"command.{name}.help", domain=plugin),
            )
            for plugin, name in ctx.offered()
        )
    )


def pass_on(ctx: Context, text: str, *, raw: bool = False) -> Plan:
    """Give a text to the co-ordinators as it is, and tell its writer."""

    def run() -> None:
        caretakers = [one.id for one in ctx.members(*CARETAKERS) if one.id != ctx.person.id]
        key = "passed_on.raw" if raw else "passed_on"
        if caretakers:
            severity = Severity.URGENT if raw else Severity.NOTICE
            ctx.send(caretakers, Text(f"{key}.caretaker", who=PersonName(ctx.person.id), text=text), severity=severity)
        ctx.reply(Text(key if caretakers else "passed_on.nobody"))

    return Plan("core", "passed on", run, presses=raw, context=ctx)


def which_command(ctx: Context, phrases: Sequence[Phrase], text: str) -> Plan:
    """Two plugins share a command word: ask which is meant."""
    choices = [
        Choice(str(index), Text(f"command.{one.command.name}.help", domain=one.plugin))
        for index, one in enumerate(phrases)
    ]
    payload = {"text": text, "plugins": [one.plugin for one in phrases]}
    return _ask(ctx, Message(Text("which"), choices=choices), "which_command", payload)


def which_question(ctx: Context, candidates: Sequence[Candidate], core: Core) -> Plan:
    """Two things take the answer: ask to which it is."""
    labels: list[tuple[str, str]] = []
    for one in candidates:
        about = one.answer.thread.short if one.answer.thread else ""
        plugin = core.plugins.get(one.plugin).manifest.name if one.plugin in core.plugins else one.plugin
        labels.append((about or plugin, one.label))
    texts = [Text("which.choice", about=about, value=value) for about, value in labels]
    if len(set(labels)) < len(labels):
        # Two that read the same would be no choice, and WhatsApp refuses them: they are told by what they answer.
        texts = [Text("which.choice", about=one.label, value=one.asks) for one in candidates]
    choices = [Choice(str(index), text) for index, text in enumerate(texts)]
    payload = {"candidates": [_dump_candidate(one) for one in candidates]}
    return _ask(ctx, Message(Text("which"), choices=choices), "which", payload)


def _dump_candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "message": candidate.answer.message,
        "value": candidate.answer.value,
        "text": candidate.answer.text,
    }


def load_candidate(dumped: Mapping[str, Any], answering: Answering) -> Candidate | None:
    """Return the answer that was meant, if what it answers is still there."""
    asked = answering.of_message(int(dumped["message"]))
    if asked is None or asked.is_gone or (asked.question is not None and asked.question.state != "open"):
        return None
    value = dumped["value"]
    return asked.choose(asked.values.index(value) if value in asked.values else None, dumped["text"])


def _ask(ctx: Context, message: Message, handler: str, payload: Mapping[str, Any]) -> Plan:
    def run() -> None:
        sealed = ctx._core.sealed(payload)
        ctx.ask(ctx.person, message, handler, payload=sealed, expires=timedelta(hours=1))

    return Plan("core", handler, run, context=ctx)


def silence() -> Plan:
    """Answer nothing: it was answered often enough."""
    return Plan("core", "answered often enough", lambda: None)


def may_answer(ctx: Context, scene: Scene, times: int, span: timedelta) -> bool:
    """Count an answer to this address; return whether it is still within the limit."""
    caller = scene.caller
    since = caller.answered_since
    fresh = since is None or scene.now - since >= span
    if not fresh and caller.answered >= times:
        return False
    values = {"answered": 1 if fresh else caller.answered + 1, "answered_since": scene.now if fresh else since}
    scene.unit.write(update(address).where(address.c.id == caller.address_id).values(values))
    return True
