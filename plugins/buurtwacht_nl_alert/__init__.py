"""NL-Alert: what the government's public warnings say, passed on to the neighbourhoods they concern.

It is an extra: whoever can receive NL-Alert on his telephone should. A feed that does not answer means that nothing is
known, never that there is no danger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from buurtwacht import (
    CARETAKERS,
    Audience,
    Command,
    Context,
    Lines,
    Manifest,
    RecordId,
    Severity,
    Source,
    Text,
    hookimpl,
    timer,
)
from buurtwacht_nl_alert import feed
from buurtwacht_nl_alert.areas import Polygon, concerned
from buurtwacht_nl_alert.records import Warning
from buurtwacht_nl_alert.settings import Settings

manifest = Manifest(
    id="nl_alert",
    name="NL-Alert",
    version="1.0",
    settings=Settings,
    permissions=frozenset({"store", "timers", "send:members", "outside"}),
    opt_in=True,
    templates=frozenset({"warning", "ended"}),
)

SOURCE = "alerts"


def _readers(here: Context) -> Audience:
    everybody = here.settings(Settings).who == "members"
    return here.audience.members() if everybody else here.audience.opted_in()


def heard(ctx: Context, key: str, words: str, start: str, stop: str | None, area: list[str]) -> None:
    """Pass a warning on, or what changed in it, to the neighbourhoods it concerns."""
    began, until = datetime.fromisoformat(start), datetime.fromisoformat(stop) if stop else None
    known = ctx.records.first(Warning, key=key)
    if known is None:
        if until is not None and until <= ctx.now:
            return  # it was over before we heard of it
        known = ctx.records.add(Warning(key=key, words=words, start=began, stop=until, area=area, told=[]))
    changed = known.words != words or known.ended  # who read that it ended reads that it goes on
    known.words, known.stop, known.area = words, until, area
    if until is not None and until <= ctx.now:
        _end(ctx, known)
        return
    if until is not None:
        ctx.later(until, ended, known.id, key=str(known.id))
    else:
        ctx.cancel(str(known.id))
    known.ended = False
    _tell(ctx, known, changed=changed)


def _tell(ctx: Context, warning: Warning, *, changed: bool) -> None:
    polygons = [Polygon.parse(one) for one in warning.area]
    for one in ctx.neighbourhoods():
        before = warning.is_told(one.id)
        if manifest.id in one.plugins_off or (before and not changed):
            continue
        here = ctx.within(one)
        metres = here.settings(Settings).metres
        if before or concerned(one, polygons, warning.words, metres):
            text = Text("warning", words=warning.words, at=warning.start.astimezone(one.zone))
            # What changed is a message of its own: an edit makes no telephone ring.
            here.broadcast(_readers(here), text, Severity.URGENT, thread=warning)
            warning.tell(one.id)


@timer("ended")
def ended(ctx: Context, warning: RecordId) -> None:
    """Say that a warning is over, at the end that the feed gave."""
    known = ctx.records.get(Warning, warning)
    if known is not None and known.stop is not None and known.stop <= ctx.now:
        _end(ctx, known)


def _end(ctx: Context, warning: Warning) -> None:
    """Say that a warning is over, once, to whoever was shown it."""
    ctx.cancel(str(warning.id))
    if warning.ended:
        return
    warning.ended = True
    if warning.told:
        ctx.broadcast(
            ctx.audience.reached_by(warning), Text("ended", words=warning.words), Severity.NOTICE, thread=warning
        )


def state(ctx: Context, known: bool, since: datetime) -> None:
    """Tell the co-ordinators where this is on that nothing is known of NL-Alert, or that it is again."""
    where = [one.id for one in ctx.neighbourhoods() if manifest.id not in one.plugins_off]
    if where:
        caretakers = Audience(tuple(where)).with_roles(*CARETAKERS).even_muted()
        # buurtwacht: allow text-without-template who asks reads it too (*nl_alert*), and templates are few
        ctx.broadcast(caretakers, Text("known" if known else "unknown", at=since), Severity.NOTICE)


def current(ctx: Context) -> None:
    """List the warnings that hold here now, and say so when nothing is known."""
    source = ctx.outside(SOURCE)
    if source is None or not source.known:
        ctx.reply(Text("now.unknown"))
        return
    holding = [one for one in ctx.records.find(Warning, ended=False) if one.is_told(ctx.here.id)]
    at = source.answered_at or source.since
    if holding:
        lines = Lines(*(Text("now.line", words=one.words) for one in holding))
        ctx.reply(Text("now.list", lines=lines, at=at.astimezone(ctx.here.zone)))
    else:
        ctx.reply(Text("now.none", at=at.astimezone(ctx.here.zone)))


@hookimpl
def sources() -> list[Source]:
    """The public feed, once a minute."""
    return [Source(SOURCE, feed.fetch, heard, state)]


@hookimpl
def commands() -> Sequence[Command]:
    """The words are in the catalogue."""
    return [Command("nl_alert", current)]
