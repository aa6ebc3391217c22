"""What announcements look like: the sender as he is shown, his words set apart and unchanged, and where to ask."""

from __future__ import annotations

from collections.abc import Collection

from buurtwacht import Choice, Context, Fact, Lines, Message, Neighbourhood, OfficialKind, PersonName, Text
from buurtwacht_announcements.records import Announcement, Replies, newest
from buurtwacht_announcements.settings import AnnouncementSettings
from buurtwacht_announcements.targets import Reach

YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))
#: More names than this are a number.
_NAMED = 5
#: Signs by which a text is known again.
_KNOWN_BY = 40


def sender(announcement: Announcement) -> PersonName | Text:
    """Return who writes, by his display name."""
    who = announcement.sender
    return Text("person.former", domain="core") if who is None else PersonName(who)


def function(announcement: Announcement) -> Text | str:
    """Return what he is: the function that was verified, else the name of his kind."""
    if not announcement.kind:
        return Text("coordinator")
    return announcement.function or Text(f"official.{announcement.kind}", domain="core")


def for_members(ctx: Context, announcement: Announcement, line: str = "") -> Message:
    """Return what a member reads of an announcement, or of its newest correction, whom all of it is new to.

    `line` is what the representative adds, apart from the sender's words. A poll has its options below it; they are
    answered at `@answer("vote")` with the option's place, from 0.
    """
    facts = _facts(ctx, announcement)
    if announcement.neighbourhood is not None:
        return Message(Text("read.coordinator", domain="", **facts))
    if announcement.replies is not Replies.POLL:
        return Message(Text("read.official.line" if line else "read.official", domain="", line=line, **facts))
    key = "read.poll.line" if line else "read.poll"
    choices = [
        Choice(str(place), Text("poll.option", option=option)) for place, option in enumerate(announcement.options)
    ]
    text = Text(key, domain="", line=line, options=" / ".join(announcement.options), **facts)
    # Not standing: "4" that somebody types is the answer below an alert ("unsafe", R22), whatever poll came after it.
    return Message(text, choices=choices, answer="vote")


def current(ctx: Context, announcement: Announcement, line: str = "") -> Message:
    """Return what somebody reads now whom an announcement is new to: the words of its newest correction."""
    return for_members(ctx, newest(ctx, announcement), line)


def corrected(ctx: Context, correction: Announcement) -> Message:
    """Return what a member reads of a correction who was shown what it corrects (R49)."""
    by = "coordinator" if correction.neighbourhood is not None else "official"
    return Message(Text(f"corrected.{by}", domain="", **_facts(ctx, correction)))


def withdrawn(ctx: Context, announcement: Announcement, title: str) -> Text:
    """Return the line that whoever was shown an announcement reads once it was taken back."""
    facts = _facts(ctx, announcement)
    by = "coordinator" if announcement.neighbourhood is not None else "official"
    return Text(f"withdrawn.{by}", domain="", title=title, **facts)


def _facts(ctx: Context, announcement: Announcement) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "short": announcement.short or Text("short.none"),
        "urgency": Text(f"urgency.{announcement.urgency}"),
        "name": sender(announcement),
        "function": function(announcement),
        "municipality": announcement.municipality or (ctx.here.name if ctx.neighbourhood is not None else "-"),
        "body": announcement.body,
        "until": announcement.valid_until,
        "ask": where_to_ask(ctx, announcement),
    }
    if announcement.neighbourhood is not None:
        facts["place"] = ctx.neighbourhood_of(announcement.neighbourhood).name
    return facts


def where_to_ask(ctx: Context, announcement: Announcement) -> Text:
    """Return where a member can ask about it; that is not here, unless its sender wanted the answers (R48)."""
    if announcement.replies is Replies.SENDER:
        return Text("ask.sender")
    if announcement.neighbourhood is not None or not announcement.municipality:
        return Text("ask.coordinator")
    if announcement.kind in (OfficialKind.POLICE, OfficialKind.CONTROLROOM):
        return Text("ask.police")
    contact = ctx.settings(AnnouncementSettings).contact
    if contact:
        return Text("ask.contact", contact=contact)
    return Text("ask.municipality", municipality=announcement.municipality)


def names(places: Collection[Neighbourhood]) -> Text | str:
    """Return a few neighbourhoods by name, many by number."""
    if len(places) > _NAMED:
        return Text("places.many", count=len(places))
    return ", ".join(sorted(one.name for one in places))


def reach(counted: Reach) -> Lines:
    """Return whom an announcement reaches, in numbers, and where nobody can pass it on, by name."""
    gaps = {"absent": counted.absent, "unreachable": counted.unreachable, "direct": counted.direct}
    return Lines(
        Text("reach.neighbourhoods", neighbourhoods=counted.neighbourhoods),
        Text("reach.representatives", representatives=counted.representatives),
        Text("reach.members", members=counted.members),
        *(Text(f"reach.{gap}", places=names(places)) for gap, places in gaps.items() if places),
    )


def replies(announcement: Announcement) -> Text:
    """Return what becomes of replies, for the preview."""
    return Text(f"replies.{announcement.replies}", options=" / ".join(announcement.options))


def title(announcement: Announcement) -> str:
    """Return by what few words a sender knows it again."""
    if announcement.title:
        return announcement.title
    words = " ".join(announcement.body.split())
    return words if len(words) <= _KNOWN_BY else f"{words[:_KNOWN_BY].rsplit(' ', 1)[0]} …"
