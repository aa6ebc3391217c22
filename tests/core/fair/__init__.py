"""A street fair: a small plugin with a bit of everything, with which the tests of the core play."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    Answer,
    Choice,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    Message,
    Rank,
    Record,
    RecordId,
    Severity,
    Text,
    answer,
    hookimpl,
    timer,
)

manifest = Manifest(
    id="fair",
    name="Straatfeest",
    version="1.0",
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members", "read:names"}),
    templates=frozenset({"warning", "news"}),
)


class Stall(Record):
    owner: int
    what: str
    short: str = ""


def ping(ctx: Context) -> None:
    """Answer."""
    ctx.reply(Text("pong", name=ctx.name_of(ctx.person)))


def ask(ctx: Context, what: str) -> None:
    """Ask whoever typed it a question with two choices."""
    stall = _stall(ctx, what)
    choices = [Choice("yes", Text("yes")), Choice("no", Text("no"))]
    ctx.ask(ctx.person, Message(Text("coming", what=what), choices=choices), "coming", thread=stall)


def ask_freely(ctx: Context) -> None:
    """Ask something that any words answer."""
    ctx.ask(ctx.person, Message(Text("bring")), "bring", free="any")


def tell(ctx: Context, what: str) -> None:
    """Tell every member, when it does not disturb him."""
    ctx.broadcast(ctx.audience.members(), Text("news", what=what), Severity.NOTICE, thread=_stall(ctx, what))


def warn(ctx: Context, what: str) -> None:
    """Warn every member but who warns, with standing answers."""
    choices = tuple(Choice(value, Text(value)) for value in ("seen", "watching", "wrong"))
    content = Message(Text("warning", what=what), choices=choices, answer="heard", standing=True)
    others = ctx.audience.members().without(ctx.person.id).and_groups()
    stall = _stall(ctx, what)
    stall.short = f"{ctx.here.code}-{ctx.number():04d}"
    message = ctx.broadcast(others, content, Severity.CRITICAL, thread=stall, first_word=True)
    ctx.later(timedelta(minutes=20), "over", key=f"over:{stall.id}", stall=stall.id, message=message)
    ctx.reply(Text("warned", short=stall.short))


def twice(ctx: Context, what: str) -> None:
    """Tell everybody the same twice, which nobody should."""
    for _ in range(2):
        tell_again = Text("news", what=what)
        ctx.broadcast(ctx.audience.members(), tell_again, Severity.CRITICAL, thread=_only(ctx, what))


def wordless(ctx: Context) -> None:
    """Say something that is in no catalogue."""
    ctx.reply(Text("nobody.wrote.this"))


def half_worded(ctx: Context) -> None:
    """Say something that is in one language only."""
    ctx.reply(Text("dutch_only"))


def fail(ctx: Context) -> None:
    """Fail."""
    ctx.reply(Text("pong", name="-"))
    raise RuntimeError("the tent blew away")


@timer("over")
def over(ctx: Context, stall: RecordId, message: int) -> None:
    """Tell those who were warned that it is over; where the messenger can, by editing."""
    found = ctx.records.get(Stall, stall)
    assert found is not None
    reached = ctx.audience.reached_by(found)
    late = ctx.now - ctx.due > timedelta(minutes=5)
    content = Message(Text("over.late" if late else "over", what=found.what), brief=Text("over.brief"))
    ctx.broadcast(reached, content, Severity.URGENT, thread=found, replaces=message)  # type: ignore[arg-type]


@answer("coming")
def coming(ctx: Context, answer: Answer) -> None:
    """Take the answer to the question."""
    ctx.reply(Text(f"coming.{answer.value}", extra=answer.text))


@answer("bring")
def bring(ctx: Context, answer: Answer) -> None:
    """Take free words."""
    ctx.reply(Text("brings", what=answer.text))


@answer("heard")
def heard(ctx: Context, answer: Answer) -> None:
    """Take an answer that stands below a warning."""
    short = answer.thread.short if answer.thread else ""
    ctx.reply(Text("heard", value=answer.value, short=short))


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Know a lost balloon when somebody writes of one, and a cry for help."""
    text = hearing.text.casefold()
    if "ballon" in text:
        return Guess(_balloon, 0.9, Rank.REPORT)
    if text.startswith(("hulp", "help me")):
        return Guess(_help, 1.0, Rank.HELP)
    if "muziek" in text:
        return Guess(_music, 0.5)
    return None


@hookimpl
def commands() -> list[Command]:
    """The words of the fair."""
    handlers = {
        "ping": ping,
        "ask": ask,
        "ask_freely": ask_freely,
        "tell": tell,
        "warn": warn,
        "twice": twice,
        "wordless": wordless,
        "half_worded": half_worded,
        "fail": fail,
    }
    return [Command(name, handler) for name, handler in handlers.items()]


def _balloon(ctx: Context, text: str) -> None:
    ctx.reply(Text("balloon"))


def _help(ctx: Context, text: str) -> None:
    ctx.reply(Text("helped"))


def _music(ctx: Context, text: str) -> None:
    ctx.reply(Text("music"))


def _stall(ctx: Context, what: str) -> Stall:
    return ctx.records.add(Stall(owner=ctx.person.id, what=what))


def _only(ctx: Context, what: str) -> Stall:
    found = ctx.records.first(Stall, what=what)
    return found or _stall(ctx, what)
