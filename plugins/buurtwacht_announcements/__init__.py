"""Announcements: from officials through representatives to neighbourhoods. Here is what the plugin offers the core."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from buurtwacht import (
    OFFICIALS,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    NeighbourhoodId,
    OfficialKind,
    PersonId,
    Proof,
    hookimpl,
)
from buurtwacht_announcements import (
    drafting,
    forwarding,
    hookspecs,
    listing,
    passing,
    privacy,
    proofs,
    records,
    replies,
    reports,
    senders,
    sending,
    welcoming,
    withdrawing,
)
from buurtwacht_announcements.deciding_words import BEHIND
from buurtwacht_announcements.senders import AT_HOME
from buurtwacht_announcements.settings import AnnouncementSettings
from buurtwacht_announcements.targets import PASSING_ON

__all__ = ["hookspecs", "manifest", "records"]

manifest = Manifest(
    id="announcements",
    name="Mededelingen",
    version="1.0",
    settings=AnnouncementSettings,
    permissions=frozenset({"store", "timers", "send:members", "read:names"}),
    templates=frozenset(
        {
            "approval.asked",
            "corrected.coordinator",
            "corrected.official",
            "missing.absent",
            "missing.unreachable",
            "passing.asked",
            "passing.asked.several",
            "passing.deputy",
            "passing.deputy.several",
            "passing.other.declined",
            "passing.other.forwarded",
            "read.coordinator",
            "read.official",
            "read.official.line",
            "read.poll",
            "read.poll.line",
            "reply.passed",
            "report",
            "withdraw.told",
            "withdrawn.coordinator",
            "withdrawn.official",
        }
    ),
)


@hookimpl
def commands() -> list[Command]:
    """Return the words of this plugin; alerts have "doorzetten" too, with the id of an alert behind it."""
    return [
        # Public: whose office ended a minute ago is nobody we know any more, and is told so rather than how to join.
        Command("announce", drafting.announce, officials=OFFICIALS, menu_for=AT_HOME, public=True),
        Command("correct", drafting.correct, officials=OFFICIALS, menu_for=AT_HOME, public=True),
        Command("withdraw_announcement", withdrawing.withdraw, officials=OFFICIALS, menu_for=AT_HOME),
        Command("mine", listing.mine, officials=OFFICIALS, menu_for=AT_HOME),
        Command(
            "forward",
            passing.forward,
            roles=frozenset(PASSING_ON),
            shared=True,
            menu=False,
            takes=BEHIND,
        ),
    ]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Recognise what representatives want, votes, and what members say about an announcement."""
    return replies.recognise(hearing)


@hookimpl
def announcement_walk(ctx: Context, announcement: int, after: int) -> None:
    """Our own tell: one step through the neighbourhoods."""
    sending.walk(ctx, announcement, after)


@hookimpl
def announcement_passed(ctx: Context, announcement: int, neighbourhood: int) -> None:
    """Our own tell: what was passed on goes to the members there."""
    root = ctx.records.get(records.Announcement, announcement)
    if root is not None:
        forwarding.forward(ctx, root, neighbourhood)
        reports.settled(ctx, root)


@hookimpl
def announcement_settled(ctx: Context, announcement: int) -> None:
    """Our own tell: how long it is kept is set, and its report may be due."""
    root = ctx.records.get(records.Announcement, announcement)
    if root is not None:
        privacy.keep(ctx, root)
        reports.settled(ctx, root)


@hookimpl
def member_joined(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """He is shown what is valid now."""
    welcoming.welcome(ctx, person, neighbourhood)


@hookimpl
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """What he had not decided is for somebody else."""
    privacy.left(ctx, person, neighbourhood)


@hookimpl
def official_dismissed(ctx: Context, person: PersonId, kind: OfficialKind, municipality: str) -> None:
    """What he had not sent yet stays where it is."""
    senders.dismissed(ctx, person, kind, municipality)


@hookimpl
def under_way(ctx: Context) -> Collection[Proof]:
    """Return what the self-audit is to prove."""
    return proofs.under_way(ctx)


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what announcements know about somebody."""
    return privacy.export(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Take somebody out of what is kept."""
    privacy.erase(ctx, person)
