"""Somebody needs a human: they hear it at once, he is shown the emergency number, and is asked one question (R30)."""

from __future__ import annotations

from buurtwacht import Context, Message, Severity, Text
from buurtwacht_rollcalls import caretakers, wording
from buurtwacht_rollcalls.records import Entry, RollCall, Value


def raised(ctx: Context, call: RollCall, entry: Entry, text: str, *, repeated: bool = False) -> None:
    """He called for help, or said something that a human must read; what is `repeated` they have read already."""
    needs_help = entry.value is Value.HELP
    street = ctx.membership.street if ctx.membership is not None else ""
    key = "help.rollcall.caretaker" if needs_help else "doubt.rollcall.caretaker"
    said = Text(
        key,
        who=ctx.name_of(ctx.person),
        street=street or Text("street.unknown"),
        text=caretakers.words(text) or Text("words.none"),
        short=call.short,
    )
    told = repeated or caretakers.tell(ctx, call, said, Severity.CRITICAL if needs_help else Severity.URGENT)
    ctx.note("rollcall_help" if needs_help else "rollcall_doubt", call.short)
    if needs_help:
        ctx.close_questions(thread=call, who=ctx.person, for_good=False)
        ctx.reply(Text("help.rollcall" if told else "help.nobody.rollcall"), severity=Severity.CRITICAL, thread=call)
        return
    asked = Text("sure" if told else "sure.nobody", short=call.short)
    content = Message(asked, choices=wording.YES_NO)
    ctx.ask(ctx.person, content, "sure", free="safety", repeatable=True, severity=Severity.URGENT, thread=call)
