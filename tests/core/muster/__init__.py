"""A muster: a small plugin that asks many at once, with which the tests of asking play."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Choice, Command, Context, Manifest, Message, Record, Severity, Text, answer, hookimpl

manifest = Manifest(
    id="muster",
    name="Appel",
    version="1.0",
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members", "read:names"}),
    templates=frozenset({"called"}),
)

_CHOICES = tuple(Choice(value, Text(value)) for value in ("safe", "away"))


class Call(Record):
    held: bool = False
    short: str = ""


def call(ctx: Context, what: str = "") -> None:
    """Ask every member; "later" waits for the end of quiet hours, "plain" reads no words."""
    made = ctx.records.add(Call(short=f"{ctx.here.code}-M{ctx.number('muster')}", held=what == "later"))
    ctx.ask_all(
        [one.id for one in ctx.members()],
        Message(Text("called"), choices=_CHOICES),
        "present",
        payload={"carried": made.short},
        free="none" if what == "plain" else "safety",
        repeatable=True,
        expires=timedelta(hours=26),
        severity=Severity.URGENT,
        thread=made,
        held=made.held,
    )


def remind(ctx: Context) -> None:
    """Remind whoever has not answered the newest call, on his second address."""
    newest = ctx.records.first(Call, order=Call.__table__.c.id.desc())
    assert newest is not None
    content = Message(Text("called.again"), choices=_CHOICES)
    everybody = [one.id for one in ctx.members()]
    reminded = ctx.ask_again(everybody, content, "present", thread=newest, severity=Severity.URGENT, elsewhere=True)
    ctx.reply(Text("reminded", count=len(reminded)))


def settle(ctx: Context, what: str = "") -> None:
    """Take the newest call as answered by whoever types this, or back for good."""
    newest = ctx.records.first(Call, order=Call.__table__.c.id.desc())
    assert newest is not None
    ctx.close_questions(thread=newest, who=ctx.person, for_good=what == "for good")
    ctx.reply(Text("ended", what=newest.short))


def end(ctx: Context, what: str = "") -> None:
    """End a call."""
    ctx.reply(Text("ended", what=what or "-"))


@answer("present")
def present(ctx: Context, given: Answer) -> None:
    """Say back what was understood; a question is answered, and leaves ours open."""
    if "?" in given.text:
        ctx.keep_asking(given)
        ctx.reply(Text("asked_back"))
        return
    assert given.thread is not None
    short, carried = given.thread.short, str(given.payload.get("carried", "-"))
    ctx.reply(Text("noted", value=given.value or "-", text=given.text or "-", short=short, carried=carried))


@hookimpl
def commands() -> list[Command]:
    """The words of the muster."""
    return [
        Command("call", call),
        Command("remind", remind),
        Command("settle", settle),
        Command("end", end, series="M"),
    ]
