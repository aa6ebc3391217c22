"""What leaves in files: the commands `cap`, `geojson` and `feed`, and what private links to alerts lead to."""

from __future__ import annotations

import re
from datetime import timedelta

from buurtwacht import CARETAKERS, Attachment, Context, FeedFile, FeedRequest, Message, PersonId, Refusal, Text, feed
from buurtwacht_alerts import atom, cap, geojson
from buurtwacht_alerts.alert import Alert, Status, begins_with_short, named
from buurtwacht_alerts.bulletin import bulletins_of, public_bulletins

#: A file that goes with a message is kept, encrypted, until it has surely been sent.
_KEPT = timedelta(days=1)
#: So many files go with one message, and so many bulletins stand in the list.
_FILES = 10
_LISTED = 100

_MAP = "alerts.geojson"
_LIST = "alerts.atom"
#: The newest bulletin about an alert, or one of them by its number.
_BULLETIN = re.compile(r"(?P<short>[A-Z0-9]{1,6}-\d{4,})(?:\.(?P<number>\d{1,4}))?\.cap\.xml")
_NEW = ("nieuw", "new")


# --- commands, for those who look after the neighbourhood ------------------------------------------------------------


def send_cap(ctx: Context, text: str = "") -> None:
    """`cap <id>`: the CAP messages about an alert or a drill, as files."""
    short = _short(ctx, text)
    found = bulletins_of(ctx, short)
    if not found:
        raise Refusal(Text("cap.none", short=short))
    files = [_keep(ctx, one.document.encode(), one.file_name, cap.MIME) for one in found[-_FILES:]]
    ctx.note("cap_sent", short)
    ctx.reply(Message(Text("cap.sent", short=short, count=len(files)), attachments=files))


def send_geojson(ctx: Context, text: str = "") -> None:
    """`geojson [<id>]`: an alert, or all that went to every member in the last 30 days, for a map."""
    if text.strip():
        alert, _ = named(ctx, text, (Status.ACTIVE, Status.CLOSED))
        _of_here(ctx, alert)
        alerts, name = [alert], f"{alert.short}.geojson"
    else:
        alerts, name = geojson.lately(ctx), _MAP
    file = _keep(ctx, geojson.collection(ctx, alerts), name, geojson.MIME)
    ctx.note("geojson_sent", name)
    ctx.reply(Message(Text("geojson.sent", count=len(alerts)), attachments=[file]))


def send_links(ctx: Context, text: str = "") -> None:
    """`feed`: somebody's own private links; `feed nieuw` / `feed new`: new ones, and his old ones lead nowhere."""
    if ctx.group is not None:
        raise Refusal(Text("feed.private"))
    renewed = text.strip().casefold() in _NEW
    link_of = ctx.renew_feed if renewed else ctx.feed_link
    map_link = link_of(alerts_feed, person=ctx.person.id, suffix=_MAP)
    ctx.note("feed_renewed" if renewed else "feed_shown", ctx.here.code)
    facts = {"map": map_link, "list": ctx.feed_link(alerts_feed, person=ctx.person.id, suffix=_LIST)}
    ctx.reply(Text("feed.renewed" if renewed else "feed.links", domain="", **facts))


def _short(ctx: Context, text: str) -> str:
    """Return the id of an alert or a drill here that a text names; without one, of the only open alert."""
    found = begins_with_short(text)
    if found is not None and found.code in ("", ctx.here.code):
        return f"{ctx.here.code}-{found.number:04d}"
    alert, _ = named(ctx, text, (Status.ACTIVE, Status.CLOSED))
    _of_here(ctx, alert)
    return alert.short


def _of_here(ctx: Context, alert: Alert) -> None:
    """Raise `Refusal` for what was only relayed to this neighbourhood: its own decides who has it."""
    if alert.neighbourhood != ctx.here.id:
        raise Refusal(Text("refused.elsewhere", id=alert.short, name=ctx.here.name))


def _keep(ctx: Context, content: bytes, name: str, mime: str) -> Attachment:
    return ctx.keep(content, name, mime, until=ctx.now + _KEPT)


# --- behind the link -------------------------------------------------------------------------------------------------


@feed("alerts")
def alerts_feed(ctx: Context, request: FeedRequest) -> FeedFile | None:
    """Return the map, the list, or a bulletin, by the name of the file; what not every member reads is not there.

    It is there for as long as whoever was given the link looks after the neighbourhood.
    """
    if not _looks_after(ctx, request.person):
        return None
    if request.name == _MAP:
        return FeedFile(geojson.collection(ctx, geojson.lately(ctx)), geojson.MIME, _MAP)
    if request.name == _LIST:
        return FeedFile(atom.listed(ctx, public_bulletins(ctx, limit=_LISTED)), atom.MIME, _LIST)
    asked = _BULLETIN.fullmatch(request.name)
    if asked is None:
        return None
    shown = public_bulletins(ctx, asked["short"])
    if asked["number"] is not None:
        shown = [one for one in shown if one.number == int(asked["number"])]
    return FeedFile(shown[0].document.encode(), cap.MIME, request.name) if shown else None


def _looks_after(ctx: Context, owner: PersonId | None) -> bool:
    person = ctx.people([owner]).get(owner) if owner is not None else None
    mine = person.membership(ctx.here.id) if person is not None else None
    return mine is not None and mine.state == "active" and mine.has(*CARETAKERS)
