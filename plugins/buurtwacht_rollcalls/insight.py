"""What people ask about a roll call: how it stands, who is on the list, and its end before its time."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

from buurtwacht import Context, Lines, Message, PersonId, Refusal, Text
from buurtwacht_rollcalls import caretakers, result, wording
from buurtwacht_rollcalls.records import Entry, Kind, RollCall, entries, entry_of, home

_ID = re.compile(r"\b(?P<code>[A-Z0-9]{1,6})-R(?P<number>\d{1,6})\b", re.IGNORECASE)
#: So many lines are written out; a longer list goes as a file.
_MOST_LINES = 40
_FILE_KEPT = timedelta(days=1)


def standing(ctx: Context, text: str = "") -> None:
    """`stand TB-R1`: counts for who was asked, names for those who look after the neighbourhood."""
    call = named(ctx, text)
    own = home(ctx, call)
    looks_after = caretakers.look_after(ctx, call)
    was_asked = call.kind is not Kind.VULNERABLE and entry_of(ctx, call, ctx.person.id) is not None
    if not looks_after and not was_asked:
        raise Refusal(Text("refused.rollcall.role"))
    counted = result.counted_now(ctx, call, entries(ctx, call))
    ctx.reply(result.text(own, call, counted, named=looks_after))


def finish(ctx: Context, text: str = "") -> None:
    """`einde TB-R1`: end it now."""
    call = named(ctx, text)
    if not caretakers.look_after(ctx, call):
        raise Refusal(Text("refused.rollcall.role"))
    if not call.is_open:
        raise Refusal(Text("refused.rollcall.closed", short=call.short, ended=call.closed_at))
    # Who ends it reads the names with the others who look after the neighbourhood.
    result.end(home(ctx, call), call)


def attendance(ctx: Context, text: str = "") -> None:
    """`presentielijst TB-R1`: who answered what and when, late ones marked (R32)."""
    call = named(ctx, text)
    if not caretakers.look_after(ctx, call):
        raise Refusal(Text("refused.rollcall.role"))
    listed = sorted(entries(ctx, call), key=lambda one: (one.at is None, one.at or ctx.now))
    ctx.note("attendance_looked_up", call.short, count=len(listed))
    counted = result.counted_now(ctx, call, listed)
    missed = {one.id for one in counted.groups["not_reached"]}
    silent = Text("attendance.silent", number=len(counted.groups["no_word"]), missed=len(missed))
    heading = wording.about(home(ctx, call), call, "attendance", total=len(listed), silent=silent)
    if len(listed) <= _MOST_LINES:
        lines = Lines(*(_line(call, one, is_missed=one.id in missed) for one in listed))
        ctx.reply(Text("attendance.lines", heading=heading, lines=lines))
        return
    content = _file(ctx, call, listed, missed)
    kept = ctx.keep(content, f"{call.short}.csv", "text/csv", until=ctx.now + _FILE_KEPT, about=ctx.person.id)
    ctx.reply(Message(heading, attachments=(kept,)))


def _line(call: RollCall, one: Entry, *, is_missed: bool) -> Text:
    who = _who(one)
    if one.value is None:
        return Text("attendance.line.missed" if is_missed else "attendance.line.silent", who=who)
    key = "attendance.line.late" if one.late else "attendance.line"
    return Text(key, who=who, at=one.at, answer=wording.answer(call, one.value), said=_said(one))


def _who(one: Entry) -> Text:
    if one.person is None:
        return Text("person.gone")
    return Text("person", who=Context.name_of(PersonId(one.person)))


def _said(one: Entry) -> Text | None:
    if one.via:
        return Text("attendance.via", via=one.via)
    if one.recorded_by is not None:
        return Text("attendance.via", via=Context.name_of(one.recorded_by))
    return Text("attendance.said", text=caretakers.words(one.text)) if one.text else None


def _file(ctx: Context, call: RollCall, listed: list[Entry], missed: set[int]) -> bytes:
    """Return the list as a table: name, answer, time, late, via; UTF-8 with a mark, as spreadsheets want it."""
    people = ctx.people([one.person for one in listed if one.person is not None])
    language = ctx.person.language
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([ctx.in_words(Text(f"column.{name}"), language) for name in ("name", "answer", "at", "late", "via")])
    for one in listed:
        known = people.get(one.person) if one.person is not None else None
        if one.value is not None:
            said = wording.answer(call, one.value)
        else:
            said = Text("counted.not_reached" if one.id in missed else "counted.no_word")
        at = one.at.astimezone(ctx.now.tzinfo).strftime("%Y-%m-%d %H:%M") if one.at is not None else ""
        late = ctx.in_words(Text("late"), language) if one.late else ""
        name = known.name if known is not None else ctx.in_words(Text("person.gone"), language)
        table.writerow([_cell(name), ctx.in_words(said, language), at, late, _cell(one.via)])
    return out.getvalue().encode("utf-8-sig")


def _cell(text: str) -> str:
    """Return what people typed so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def named(ctx: Context, text: str) -> RollCall:
    """Return the roll call that a text names; without an id the newest open one, else the newest. Raises `Refusal`."""
    found = _ID.search(text)
    if found is not None:
        short = found.group().upper()
        call = ctx.records.first(RollCall, short=short)
        if call is None:
            raise Refusal(Text("refused.rollcall.unknown", id=short))
        mine = call.neighbourhood == ctx.here.id or caretakers.look_after(ctx, call)
        if not mine and entry_of(ctx, call, ctx.person.id) is None:
            raise Refusal(Text("refused.rollcall.elsewhere", id=short, name=ctx.here.name))
        return call
    table = RollCall.__table__.c
    newest = [table.opens.desc(), table.id.desc()]
    running = ctx.records.find(RollCall, neighbourhood=ctx.here.id, closed_at=None, order=newest)
    if running:
        return running[0]
    call = ctx.records.first(RollCall, neighbourhood=ctx.here.id, order=newest)
    if call is None:
        raise Refusal(Text("refused.rollcall.none"))
    return call
