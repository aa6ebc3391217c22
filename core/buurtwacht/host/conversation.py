"""The conversation: what an event means, and which plugin's handler takes it. The order of meaning is decided here.

A call for help; a quote, tap or reaction; an exact command, unless a danger stands behind its word (`pressing.py`) and
somebody takes it for a call or a report; a likely report; an answer to the one open question that takes it; what a
plugin recognises; a remark about an alert; else one short "not understood".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from buurtwacht.host import courtesy, courtesy_officials, crying, listening, ripening
from buurtwacht.host.answering import Answering, Asked, Candidate
from buurtwacht.host.context import Context
from buurtwacht.host.core import Core
from buurtwacht.host.declarations import Rank
from buurtwacht.host.explaining import explained
from buurtwacht.host.happenings import happened
from buurtwacht.host.offices import offices_of
from buurtwacht.host.phrases import Phrase
from buurtwacht.host.pressing import pressing
from buurtwacht.host.recognising import as_official, best, guesses, is_small_talk, recognised
from buurtwacht.host.scene import Plan, Scene, context_of, nothing
from buurtwacht.host.whereabouts import Callers, caller_of, callers_of, named_beat, neighbourhood_of
from buurtwacht.records import audit, people
from buurtwacht.records.database import Unit
from buurtwacht.records.inbox import TIMER, Work
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import Caller
from buurtwacht.vocabulary.answers import AnswerClass, classify, is_bare_help, is_call_for_help
from buurtwacht.vocabulary.choices import parse_choice_id
from buurtwacht.vocabulary.events import Moved, Reacted, Said, Tapped


class Conversation:
    """Plans what an event leads to. It writes only through the unit it is given."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def callers(self, works: Sequence[Work]) -> Callers:
        """Return who sent the events among `works`, in one query an account. Raises `StoreUnavailable`."""
        return callers_of(self._core, works)

    def plan(self, unit: Unit, work: Work, callers: Callers | None = None) -> Plan:
        """Return what is to be run for a piece of work; core's own bookkeeping is already in the unit.

        `callers` were looked up a moment ago; who is not among them is looked up now.
        """
        if work.inbound is None:
            return self._own(unit, work)
        inbound = work.inbound
        now = self._core.clock.now()
        if not inbound.sender and inbound.group is None and not isinstance(inbound.event, Moved):
            return nothing("an event of nobody")
        if is_small_talk(self._core, unit, work.account, inbound):
            return nothing("talk in a group")
        caller = caller_of(self._core, unit, work, inbound, now, callers or {})
        # A member's offices are looked up only where they could matter; who is none may be nothing else to us.
        offices = () if caller.person is None or caller.person.active else offices_of(unit, caller)
        scene = Scene(unit, now, caller, inbound, neighbourhood_of(self._core, caller, "", offices), offices=offices)
        match inbound.event:
            case Said() as said:
                return self._said(scene, said)
            case Tapped() as tapped:
                return self._tapped(scene, tapped)
            case Reacted() as reacted:
                return self._reacted(scene, reacted)
        return happened(self._core, scene, work.account)

    # --- our own work ----------------------------------------------------------------------------------------------

    def _own(self, unit: Unit, work: Work) -> Plan:
        note = work.note or {}
        if work.plugin not in self._core.plugins:
            return nothing(f"for {work.plugin}, which is not here")
        off = ripening.is_off(self._core, work)
        if work.account == TIMER and off:
            return ripening.held(unit, work)
        if work.account == TIMER:
            return ripening.plan_of(self._core, unit, [work])
        if "source" in note:
            return listening.plan_of(self._core, unit, work)
        ctx = Context(self._core, work.plugin, unit, neighbourhood=ripening.where(self._core, note))
        if off and self._core.plugins.begins(note["hook"]):
            return nothing(f"{work.plugin} is off there, and begins nothing")
        listener = self._core.plugins.listener(note["hook"], work.plugin)
        if listener is None:
            return nothing(f"{work.plugin} does not listen to {note['hook']}")
        return Plan(work.plugin, f"tell {note['hook']}", lambda: listener(ctx=ctx, **note["facts"]), context=ctx)

    def _context(self, scene: Scene, plugin: str, neighbourhood_id: int | None = None) -> Context:
        return context_of(self._core, scene, plugin, neighbourhood_id)

    # --- texts -----------------------------------------------------------------------------------------------------

    def _said(self, scene: Scene, said: Said) -> Plan:
        text = said.text.strip()
        caller = scene.caller
        scene = scene.with_said(said, text, neighbourhood_of(self._core, caller, text, scene.offices))
        if said.start is not None and not said.forwarded:
            return self._start(scene, said.start)
        if caller.person is None:
            return self._stranger(scene, said)
        answering = Answering(self._core, scene.unit, caller.person, scene.now)
        if key := courtesy.unheard(said, text):
            return courtesy.say(self._context(scene, "core"), key)
        if not scene.is_member:
            return (self._official if scene.is_official else self._stranger)(scene, said, answering)
        if cries := self._cry(scene, answering, text):
            return cries
        asked, quoted = self._quoted(scene, answering, said, text)
        if quoted is not None:
            return quoted
        about = asked.thread if asked is not None else None
        if about is not None and (official := as_official(self._core, scene, about, only_quoted=True)):
            return official
        phrases, rest = self._core.plugins.phrases.of(text)
        if phrases and (help_on := explained(self._core, scene, phrases, rest)) and not answering.safety_check():
            return help_on
        if _is_exact(phrases, rest, text):
            if not pressing(self._core, scene, phrases, rest):
                return self._command(scene, phrases, rest, answering)
            if cries := self._cry(scene, answering, text, rest):
                return cries
        found = guesses(self._core, scene, about)
        report = best(found, Rank.REPORT)
        if report is not None:
            return recognised(self._core, scene, *report, presses=True)
        if any(one.parameters.names for one in phrases):
            return self._command(scene, phrases, rest, answering)
        if text and (typed := self._typed(scene, answering, text)):
            return typed
        for rank in (Rank.HELP, Rank.OTHER):
            if guess := best(found, rank):
                return recognised(self._core, scene, *guess, presses=rank is Rank.HELP)
        # "Ja gebeld" says more than yes: whoever knows what it means was asked before.
        if text and (undecided := self._undecided(scene, answering, text)):
            return undecided
        if guess := best(found, Rank.REMARK):
            return recognised(self._core, scene, *guess)
        if not text:
            return courtesy.say(self._context(scene, "core"), "empty")
        if official := as_official(self._core, scene, about):
            return official
        return courtesy.not_understood(self._context(scene, "core"), scene, self._core.lacks_vital(None))

    def _cry(self, scene: Scene, answering: Answering, text: str, behind: str = "") -> Plan | None:
        """A call for help, perhaps `behind` a word: to the safety check he was asked, else to whoever recognises it."""
        cry = text.removeprefix("/")
        if not is_call_for_help(behind or cry):
            # "Help" alone opens the menu, but not while we ask whether he is safe (§5.3).
            safety = answering.safety_check() if is_bare_help(text) and cry == text else None
            return self._answer(scene, answering, safety.choose(None, cry), presses=True) if safety else None
        if safety := answering.safety_check(answered=True):
            return self._answer(scene, answering, safety.choose(None, cry), presses=True)
        return crying.cried(self._core, scene, cry, typed=text)

    def _start(self, scene: Scene, payload: str) -> Plan:
        phrases, _ = self._core.plugins.phrases.of("start")
        if not phrases:
            return courtesy.stranger(self._context(scene, "core"), scene)
        return self._run_command(scene, phrases[0], payload)

    def _stranger(self, scene: Scene, said: Said, answering: Answering | None = None) -> Plan:
        """Somebody who is no member: he may answer what he was asked, and use the commands meant for strangers."""
        if said.forwarded:
            return courtesy.stranger(self._context(scene, "core"), scene)
        phrases, rest = self._core.plugins.phrases.of(scene.text)
        public = [phrase for phrase in phrases if phrase.command.public]
        if public:
            return self._run_command(scene, public[0], rest)
        if answering is not None and (typed := self._typed(scene, answering, scene.text)):
            return typed
        return courtesy.stranger(self._context(scene, "core"), scene)

    def _official(self, scene: Scene, said: Said, answering: Answering) -> Plan:
        """A verified official who is no member: he calls for help, answers, uses his commands, or says something."""
        text = scene.text
        if cries := self._cry(scene, answering, text):
            return cries
        asked, quoted = self._quoted(scene, answering, said, text)
        if quoted is not None:
            return quoted
        about = asked.thread if asked is not None else None
        if asked is not None and asked.message.neighbourhood_id is not None:
            scene = replace(scene, neighbourhood=self._core.neighbourhoods.get(asked.message.neighbourhood_id))
        named, rest = self._core.plugins.phrases.of(text)
        own = self._context(scene, "core")
        phrases = [one for one in named if one.command.public or own.may_use(one.command)]
        if phrases and (help_on := explained(self._core, scene, phrases, rest)):
            return help_on
        if _is_exact(phrases, rest, text):
            return self._command(scene, phrases, rest)
        if text and (typed := self._typed(scene, answering, text)):
            return typed
        if heard := as_official(self._core, scene, about):
            return heard
        if any(one.parameters.names for one in phrases):
            return self._command(scene, phrases, rest)
        if text and (undecided := self._undecided(scene, answering, text)):
            return undecided
        if not text:
            return courtesy.say(own, "empty")
        return courtesy_officials.not_understood(own, scene)

    def _quoted(self, scene: Scene, answering: Answering, said: Said, text: str) -> tuple[Asked | None, Plan | None]:
        """What was quoted, and what comes of it when the text answers that; what can be answered no more is answered
        so: a "no" to that is no answer to anything else.
        """
        if said.reply_to is None:
            return None, None
        shown = answering.message_shown(scene.caller.account, said.reply_to)
        asked = answering.of_message(shown) if shown is not None else None
        if asked is None:
            return None, None
        over = asked.is_over(scene.now)
        chosen = asked.read(text) if asked.labels else None
        if asked.is_gone:
            lost = asked.lost(text)
            return asked, self._unheard(scene, lost, "too_late") if lost else None
        if chosen is None and not over and asked.question is not None and asked.question.free != "none":
            chosen = asked.choose(None, text)
        if chosen is None:
            return asked, None
        if over:
            return asked, courtesy.say(self._context(scene, "core"), "too_late")
        return asked, self._answer(scene, answering, chosen)

    def _command(self, scene: Scene, phrases: list[Phrase], rest: str, answering: Answering | None = None) -> Plan:
        usable = [one for one in phrases if self._available(one.plugin, scene.neighbourhood)]
        if not usable:
            return courtesy.unavailable(self._context(scene, "core"), scene, phrases[0], rest)
        if len(usable) > 1:  # of a word that plugins share, whoever may use only one of them meant that one
            may = (self._context(scene, one.plugin).may_use(one.command) for one in usable)
            usable = [one for one, allowed in zip(usable, may, strict=True) if allowed] or usable[:1]
        if len(usable) > 1 and answering is not None and (chosen := _labelled(answering, usable, scene.text)):
            return self._answer(scene, answering, chosen)
        if len(usable) > 1:
            return courtesy.which_command(self._context(scene, "core"), usable, scene.text)
        return self._run_command(scene, usable[0], rest)

    def _run_command(self, scene: Scene, phrase: Phrase, rest: str) -> Plan:
        command = phrase.command
        ctx = self._context(scene, phrase.plugin)
        word = " ".join(phrase.words)
        if not self._available(phrase.plugin, scene.neighbourhood):
            return courtesy.unavailable(self._context(scene, "core"), scene, phrase, rest)
        if not command.public and not ctx.may_use(command):
            return courtesy.say(self._context(scene, "core"), "not_allowed", word=word)
        if command.officials and (where := named_beat(self._core, scene.caller, scene.text, ctx)):
            ctx = ctx.within(where)
        arguments = phrase.parameters.fill(rest)
        if arguments is None:
            return courtesy.usage(self._context(scene, "core"), phrase)
        return Plan(
            phrase.plugin,
            f"command {command.name}",
            lambda: command.handler(ctx, *arguments),
            presses=command.presses,
            context=ctx,
        )

    def _typed(self, scene: Scene, answering: Answering, text: str) -> Plan | None:
        """An answer that was typed without a quote: to the one thing it fits, else ask to which."""
        candidates = answering.typed(
            text, courtesy.short_id(text), courtesy.without_short_id(text), below_alerts=not scene.has_left
        )
        if not candidates:
            return None
        if len(candidates) == 1:
            return self._answer(scene, answering, candidates[0])
        return courtesy.which_question(self._context(scene, "core"), candidates, self._core)

    def _undecided(self, scene: Scene, answering: Answering, text: str) -> Plan | None:
        """A yes or no that chooses nothing of what is asked: the answers are named once more."""
        if classify(text) not in (AnswerClass.OK, AnswerClass.NO):
            return None
        asked = answering.open_questions()
        choosing = (one for one in asked if one.question is not None and one.labels)
        open_now = next((one for one in choosing if one.question is not None and one.question.plugin != "core"), None)
        if open_now is None:
            return None
        return courtesy.say(self._context(scene, "core"), "choose", labels=" · ".join(open_now.labels))

    def _answer(self, scene: Scene, answering: Answering, candidate: Candidate, *, presses: bool = False) -> Plan:
        # Where it is off it takes what it asked for before all the same: that begins nothing.
        if not self._available(candidate.plugin, None):
            # The question stays open: when the plugin works again, it can be answered.
            return self._unheard(scene, candidate, "unavailable.answer")
        answering.close(candidate)
        if candidate.plugin == "core" and candidate.handler not in self._core.plugins.get("core").answers:
            return self._own_question(scene, answering, candidate)
        handler = self._core.plugins.get(candidate.plugin).answers.get(candidate.handler)
        if handler is None:
            return courtesy.say(self._context(scene, "core"), "too_late")
        ctx = self._context(scene, candidate.plugin, candidate.neighbourhood_id)
        return Plan(
            candidate.plugin,
            f"answer {candidate.handler}",
            lambda: handler(ctx, candidate.answer),
            presses or candidate.cries,
            ctx,
        )

    def _unheard(self, scene: Scene, candidate: Candidate, key: str) -> Plan:
        """An answer that nobody takes: who is in danger cries for help with it, anybody else hears the core say so."""
        return crying.unheard(self._core, scene, candidate) or courtesy.say(self._context(scene, "core"), key)

    def _own_question(self, scene: Scene, answering: Answering, candidate: Candidate) -> Plan:
        """An answer that is another event's meaning: which was meant, or what to do with an unknown text."""
        payload = self._core.opened(candidate.answer.payload)
        value = candidate.answer.value
        if candidate.handler == "which" and value.isdigit():
            chosen = courtesy.load_candidate(payload["candidates"][int(value)], answering)
            return self._answer(scene, answering, chosen) if chosen else self._unheard(scene, candidate, "too_late")
        if candidate.handler == "which_command" and value.isdigit():
            phrases, rest = self._core.plugins.phrases.of(payload["text"])
            plugin = payload["plugins"][int(value)]
            named = next((one for one in phrases if one.plugin == plugin), None)
            gone = courtesy.say(self._context(scene, "core"), "too_late")
            return self._run_command(scene, named, rest) if named else gone
        if value == "need_help" and (cries := self._cry(replace(scene, text="hulp"), answering, "hulp")):
            return cries
        if value == "report":
            text = str(payload.get("text", ""))
            if phrase := courtesy.reporting(self._core, scene):
                return self._run_command(scene, phrase, text)
            return courtesy.pass_on(self._context(scene, "core"), text, raw=True)
        if value == "coordinator":
            return courtesy.pass_on(self._context(scene, "core"), str(payload.get("text", "")))
        return courtesy.menu(self._context(scene, "core"))

    # --- taps and reactions ----------------------------------------------------------------------------------------

    def _tapped(self, scene: Scene, tapped: Tapped) -> Plan:
        parsed = parse_choice_id(tapped.choice)
        person = scene.caller.person
        if parsed is None or person is None:
            return courtesy.stranger(self._context(scene, "core"), scene)
        answering = Answering(self._core, scene.unit, person, scene.now)
        message_id, index = parsed
        asked = answering.of_message(message_id)
        group = self._group(scene)
        at = group.address_id if group is not None else None
        if asked is None or index >= len(asked.values) or not answering.was_shown(message_id, at):
            audit.note(scene.unit, scene.now, f"person:{person.id}", "tap_refused", f"message:{message_id}")
            return courtesy.say(self._context(scene, "core"), "not_yours")
        homes = {one.neighbourhood_id for one in person.active}
        if group is not None and homes.isdisjoint({asked.message.neighbourhood_id, group.neighbourhood_id}):
            return courtesy.say(self._context(scene, "core"), "not_yours")
        if asked.question is None and scene.has_left:
            return courtesy.stranger(self._context(scene, "core"), scene)
        if asked.is_gone:
            return self._unheard(scene, asked.choose(index), "too_late")
        if asked.question is not None:
            over = asked.question.expires_at <= scene.now or asked.question.state in ("expired", "withdrawn")
            if over:
                return courtesy.say(self._context(scene, "core"), "too_late")
            if asked.question.state == "answered" and not asked.question.repeatable:
                return nothing("tapped again")
        return self._answer(scene, answering, asked.choose(index))

    def _reacted(self, scene: Scene, reacted: Reacted) -> Plan:
        person = scene.caller.person
        if person is None or not reacted.emoji or scene.has_left:
            return nothing("reaction")
        answering = Answering(self._core, scene.unit, person, scene.now)
        shown = answering.message_shown(scene.caller.account, reacted.on)
        asked = answering.of_message(shown) if shown is not None else None
        if asked is None or not asked.labels or (asked.question is not None and asked.question.state != "open"):
            return nothing("reaction to nothing that asks")
        chosen = asked.read(reacted.emoji)
        return self._answer(scene, answering, chosen) if chosen else nothing("reaction without a meaning here")

    def _group(self, scene: Scene) -> Caller | None:
        group = scene.inbound.group
        if group is None:
            return None
        return people.find_caller(scene.unit, self._core.keyring, scene.caller.account, [group])

    # --- what is offered -------------------------------------------------------------------------------------------

    def _available(self, plugin: str, where: Neighbourhood | None) -> bool:
        return self._core.is_on(plugin, where)


def _labelled(answering: Answering, phrases: Sequence[Phrase], text: str) -> Candidate | None:
    """Return the choice that a text names whole, of the newest question of plugins that share a word."""
    plugins = {one.plugin for one in phrases}
    asked = (one for one in answering.open_questions() if one.question is not None and one.question.plugin in plugins)
    return next((chosen for one in asked if (chosen := one.named(text)) is not None), None)


def _is_exact(phrases: Sequence[Phrase], rest: str, text: str) -> bool:
    """Whether a text is a command, and not a sentence that begins with one of its words."""
    return bool(phrases) and (not rest or text.startswith("/") or any(one.takes(rest) for one in phrases))
