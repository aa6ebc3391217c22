"""Muting: a member wants to hear less for a while, nothing at all, or everything at once."""

from __future__ import annotations

from datetime import datetime

from buurtwacht import CARETAKERS, Answer, Choice, Context, Fact, Message, Mute, Text, answer, fold
from buurtwacht_members.spans import read_until

_OFF = frozenset({"uit", "stop", "af", "niet", "niet meer", "opheffen", "off", "none", "no", "not", "end", "over"})
_EVERYTHING = ("alles", "everything", "all")
_YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


def mute(ctx: Context, text: str = "") -> None:
    """Hear nothing but what is critical and near, for a while or until he says otherwise; "alles": nothing at all."""
    said = fold(text)
    if said in _OFF:
        unmute(ctx)
        return
    words = said.split()
    everything = bool(words) and (words[0] in _EVERYTHING or words[-1] in _EVERYTHING)
    if everything:
        words.remove(words[0] if words[0] in _EVERYTHING else words[-1])
    try:
        until = read_until(" ".join(words), ctx.now)
    except ValueError:
        ctx.reply(Text("mute.unknown"))
        return
    if everything:
        _ask(ctx, until)
        return
    ctx.directory.change(ctx.person.id, mutes=Mute.MOST, muted_until=until)
    ctx.reply(Text("mute.done", until=_until(until), task=Text("mute.task") if _has_task(ctx) else None))


def unmute(ctx: Context) -> None:
    """Hear everything again, each at its time."""
    was_muted = ctx.person.is_muted(ctx.now)
    ctx.directory.change(ctx.person.id, mutes=Mute.NOTHING, muted_until=None)
    if was_muted:
        ctx.tell("mute_ended", person=ctx.person.id)
    ctx.reply(Text("mute.off" if was_muted else "mute.off.already"))


def everything(ctx: Context) -> None:
    """Hear everything at once: no mute, and no quiet hours either."""
    if ctx.person.is_muted(ctx.now):
        ctx.tell("mute_ended", person=ctx.person.id)
    ctx.directory.change(ctx.person.id, mutes=Mute.NOTHING, muted_until=None, quiet_hours="")
    ctx.reply(Text("everything.done"))


def _ask(ctx: Context, until: datetime | None) -> None:
    """What is critical in his own street is kept from him only when he said that he wants that (domain §2.3)."""
    task = Text("mute.all.task") if _has_task(ctx) else None
    question = Message(Text("mute.all.ask", until=_until(until), task=task), choices=_YES_NO)
    ctx.ask(ctx.person, question, "muting.all", payload={"until": until.isoformat() if until else ""})


@answer("muting.all")
def all_decided(ctx: Context, given: Answer) -> None:
    """He has read what a mute of everything means."""
    until = datetime.fromisoformat(given.payload["until"]) if given.payload["until"] else None
    if given.value != "yes":
        ctx.reply(_unchanged(ctx))
    elif until is not None and until <= ctx.now:
        ctx.reply(Text("mute.all.past"))
    else:
        ctx.directory.change(ctx.person.id, mutes=Mute.ALL, muted_until=until)
        task = Text("mute.all.task.done") if _has_task(ctx) else None
        ctx.reply(Text("mute.all.done", until=_until(until), task=task))


def _unchanged(ctx: Context) -> Text:
    if not ctx.person.is_muted(ctx.now):
        return Text("mute.left")
    key = "mute.left.all" if ctx.person.mutes is Mute.ALL else "mute.left.most"
    return Text(key, until=_until(ctx.person.muted_until))


def shown(ctx: Context) -> Fact:
    """Return what somebody mutes now, for his own data; None when he mutes nothing."""
    if not ctx.person.is_muted(ctx.now):
        return None
    return Text(f"data.mutes.{ctx.person.mutes}", until=_until(ctx.person.muted_until))


def _until(until: datetime | None) -> Text:
    return Text("mute.until", until=until) if until is not None else Text("mute.open")


def _has_task(ctx: Context) -> bool:
    return any(one.has(*CARETAKERS) for one in ctx.person.active)
