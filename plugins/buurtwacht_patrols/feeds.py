"""Calendars behind private links: a walker's own and a team's, for as long as their owner is a member here."""

from __future__ import annotations

from buurtwacht import Context, FeedFile, FeedRequest, Role, Text, feed, fold
from buurtwacht_patrols import agenda
from buurtwacht_patrols.calendar import MIME, document

_NEW = frozenset(("nieuw", "nieuwe", "new", "renew"))
_TYPE = f"{MIME}; charset=utf-8"
_SUFFIX = "rondes.ics"


def links(ctx: Context, what: str = "") -> None:
    """Give somebody the links to his own calendar and to the team's; "nieuw" puts new ones in their place."""
    link = ctx.renew_feed if fold(what) in _NEW else ctx.feed_link
    walks = ctx.has(Role.PATROLLER)
    own = link(own_calendar, person=ctx.person.id, suffix=_SUFFIX) if walks else ""
    team = link(team_calendar, person=ctx.person.id, suffix=_SUFFIX)
    ctx.reply(Text("calendar.links", own=Text("calendar.own", link=own) if own else None, team=team))


@feed("own")
def own_calendar(ctx: Context, request: FeedRequest) -> FeedFile | None:
    """Return the shifts of the link's owner, those that were cancelled marked as such."""
    reader = ctx.people([request.person]).get(request.person) if request.person is not None else None
    if reader is None:
        return None
    shifts = agenda.recent(ctx, reader.id)
    people = ctx.people({one.person for _, group in shifts for one in group})
    entries = agenda.own_entries(ctx, reader, shifts, people)
    name = ctx.in_words(Text("calendar.name", name=ctx.here.name), reader.language)
    return FeedFile(document(name, reader.language, entries), _TYPE, f"rondes-{ctx.here.code.lower()}.ics")


@feed("team")
def team_calendar(ctx: Context, request: FeedRequest) -> FeedFile | None:
    """Return all published shifts here, without names."""
    reader = ctx.people([request.person]).get(request.person) if request.person is not None else None
    language = reader.language if reader is not None else ctx.here.language
    name = ctx.in_words(Text("calendar.team", name=ctx.here.name), language)
    entries = agenda.team_entries(ctx, language, agenda.recent(ctx))
    return FeedFile(document(name, language, entries), _TYPE, f"rondes-{ctx.here.code.lower()}-team.ics")
