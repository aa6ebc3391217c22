"""What announcements keep: what was written and by whom, what became of it in each neighbourhood, and votes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from buurtwacht import Context, PersonId, Record, Severity, Thread


class Class(StrEnum):
    """How much it may disturb (domain §2.10): cold waits for the morning, warm does not."""

    COLD = "cold"
    WARM = "warm"


class Replies(StrEnum):
    """What becomes of a reply (R48): nothing, it goes to the sender without a name, or it is a vote."""

    NONE = "none"
    SENDER = "sender"
    POLL = "poll"


class State(StrEnum):
    """How far an announcement is with its sender."""

    DRAFT = "draft"
    APPROVAL = "approval"
    SENT = "sent"
    REFUSED = "refused"
    EXPIRED = "expired"
    #: it was sent, and taken back since: `valid_until` is when
    WITHDRAWN = "withdrawn"


class PassingState(StrEnum):
    """What became of it in one neighbourhood."""

    ASKED = "asked"
    FORWARDED = "forwarded"
    DECLINED = "declined"
    #: there is a representative, and no way to reach him or his deputy
    UNREACHABLE = "unreachable"
    #: there is no representative
    ABSENT = "absent"
    #: nobody decided before it ended
    SILENT = "silent"
    #: it went straight to the members, as this neighbourhood wants it
    DIRECT = "direct"
    #: it was taken back before anybody decided
    WITHDRAWN = "withdrawn"


class Announcement(Record, plugin="announcements", index=(("sender", "state"), ("corrects",), ("neighbourhood",))):
    """Words of an official or a co-ordinator to the members of neighbourhoods.

    Corrections are announcements too and name in `corrects` the *first* one; passings, votes and the thread of what
    members read belong to that first one, whichever correction is the newest.
    """

    #: None once he was erased
    sender: PersonId | None
    #: the kind of official that writes (an `OfficialKind`); empty for a co-ordinator
    kind: str
    #: his function as people read it; empty where the kind's own name is that
    function: str
    municipality: str
    #: the neighbourhoods his office covers, by id; empty: the whole municipality
    area: list[int] = []  # noqa: RUF012 # a record copies its defaults
    #: whose members it is for, when a co-ordinator writes; None for an official
    neighbourhood: int | None
    #: what he wrote, letter by letter; nothing is ever changed in it
    body: str
    #: the first line where it stands alone; it is part of `body` as well
    title: str
    #: class: a word of the language, hence its name
    urgency: Class
    valid_until: datetime
    replies: Replies = Replies.NONE
    options: list[str] = []  # noqa: RUF012
    state: State = State.DRAFT
    #: the first one, which this corrects
    corrects: int | None = None
    #: what people call it: M1, TB-M1; a correction has that of the first one. Empty until it is sent
    short: str = ""
    #: the messages that ask for approval
    asking: list[int] = []  # noqa: RUF012
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    #: why it could not wait for the morning, or why it was refused: words of whoever decided
    reason: str = ""
    sent_at: datetime | None = None
    #: the message members were sent straight away: by a co-ordinator, or where `direct` says so
    direct: int | None = None
    #: the neighbourhoods up to this id have been dealt with; they are taken in order
    cursor: int = 0
    #: of a correction: what takes the place of what had not left yet
    renewed: list[int] = []  # noqa: RUF012
    #: how many representatives were asked
    representatives: int = 0
    #: whether every neighbourhood has been dealt with
    complete: bool = False
    reported_at: datetime | None = None

    @property
    def root(self) -> int:
        """The id of the first one: of what passings, votes and the members' thread are about."""
        return self.id if self.corrects is None else self.corrects

    @property
    def is_warm(self) -> bool:
        """Whether it may disturb."""
        return self.urgency is Class.WARM

    @property
    def severity(self) -> Severity:
        """How members get it: a warm one is urgent, a cold one waits for the end of their quiet hours."""
        return Severity.URGENT if self.is_warm else Severity.INFO

    def is_over(self, now: datetime) -> bool:
        """Return whether its time is over; it is not passed on any more then."""
        return self.state is State.WITHDRAWN or self.valid_until <= now


class Passing(
    Record,
    plugin="announcements",
    unique=(("announcement", "neighbourhood"),),
    index=(("announcement", "state"), ("representative",), ("deputy",), ("second",)),
):
    """One neighbourhood of an official's announcement, and what its representative or deputy made of it."""

    #: the first one, never a correction
    announcement: int
    neighbourhood: int
    representative: PersonId | None
    state: PassingState
    asked_at: datetime
    #: the deputy, once he was asked too, and since when
    deputy: PersonId | None = None
    deputy_at: datetime | None = None
    #: another deputy, who is asked as long after the first one as that one was after the representative; and when
    second: PersonId | None = None
    second_at: datetime | None = None
    #: what the representative put below it
    line: str = ""
    #: why not
    reason: str = ""
    decided_by: PersonId | None = None
    decided_at: datetime | None = None
    #: the message its members were sent
    message: int | None = None


def asked_of(who: PersonId) -> object:
    """Return the condition that somebody was, or is to be, asked about a neighbourhood."""
    table = Passing.__table__.c
    return (table.representative == who) | (table.deputy == who) | (table.second == who)


def asked_in(passing: Passing) -> set[PersonId]:
    """Return who was, or is to be, asked about this neighbourhood."""
    return {PersonId(who) for who in (passing.representative, passing.deputy, passing.second) if who is not None}


class Vote(Record, plugin="announcements", unique=(("announcement", "person"),)):
    """What somebody chose of a poll; the last one counts. `option` counts from 0."""

    announcement: int
    person: PersonId
    neighbourhood: int
    option: int
    at: datetime


def get(ctx: Context, ident: int | Thread | None) -> Announcement:
    """Return the announcement of a handler's own question or timer. Raises `LookupError` when it is gone."""
    found = ctx.records.get(Announcement, ident)
    if found is None:
        raise LookupError(f"announcement {ident} is gone")
    return found


def newest(ctx: Context, root: Announcement) -> Announcement:
    """Return what is to be read now: the last correction that was sent, or the first one itself."""
    table = Announcement.__table__.c
    corrected = ctx.records.first(
        Announcement, corrects=root.root, state=State.SENT, order=(table.sent_at.desc(), table.id.desc())
    )
    return corrected or get(ctx, root.root)
