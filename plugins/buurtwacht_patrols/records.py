"""What patrols keep: rosters and their shifts, who walks, what walkers answered and wish, and what a round brought.

A day is kept as "2026-05-04" and a time on the clock as "21:30", beside the zone's name and the moment they mean.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from buurtwacht import NeighbourhoodId, PersonId, Record


class RosterState(StrEnum):
    """Where a roster stands."""

    #: its preview waits for yes
    DRAFT = "draft"
    #: walkers are being asked when they can
    ASKING = "asking"
    #: the co-ordinator has a proposal
    PROPOSED = "proposed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RouteChoice(StrEnum):
    """How the rounds of a roster get their route (domain §2.8)."""

    NONE = "none"
    FIXED = "fixed"
    ROTATING = "rotating"
    RANDOM = "random"


class ShiftState(StrEnum):
    """Where a shift stands."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    UNDERWAY = "underway"
    WALKED = "walked"
    #: nobody walked it
    MISSED = "missed"


class AssignmentState(StrEnum):
    """How somebody stands to a shift (domain §2.8)."""

    #: asked to stand in, no answer yet
    INVITED = "invited"
    #: in the plan; whether he knows is `Assignment.told`
    PROPOSED = "proposed"
    #: he said that he comes
    CONFIRMED = "confirmed"
    #: he said that he cannot
    DECLINED = "declined"
    #: somebody else took his place
    SWAPPED_TO = "swapped_to"
    NO_SHOW = "no_show"
    DONE = "done"
    #: the shift, the roster or his membership is gone
    CANCELLED = "cancelled"


#: Who is in one of these is expected to walk, or walked.
WALKING = (AssignmentState.PROPOSED, AssignmentState.CONFIRMED, AssignmentState.DONE)


class Result(StrEnum):
    """What a round found, in one word."""

    NOTHING = "nothing"
    PARTICULARS = "particulars"
    INCIDENT = "incident"


class Addressee(StrEnum):
    """For whom a finding of a round is."""

    NOBODY = "nobody"
    MUNICIPALITY = "municipality"
    POLICE = "police"


class Route(Record, plugin="patrols", unique=(("neighbourhood", "folded"),)):
    """A way to walk. `folded` is its name as people type it; a route that is gone stays for the shifts that had it."""

    neighbourhood: NeighbourhoodId
    name: str
    folded: str
    start_point: str = ""
    gone: bool = False


class Roster(Record, plugin="patrols", index=(("neighbourhood", "state"), ("neighbourhood", "last"))):
    """What a co-ordinator planned in one sentence. `owner` is None once he is erased.

    `seed` makes random routes, random starts and the proposal the same whenever they are worked out again.
    """

    neighbourhood: NeighbourhoodId
    # buurtwacht: allow person-overlooked erased; a plan is the neighbourhood's, not his
    owner: PersonId | None
    state: RosterState = RosterState.DRAFT
    first: str
    last: str
    seed: int
    #: until when walkers answer
    deadline: datetime | None = None
    published_at: datetime | None = None

    @property
    def first_day(self) -> date:
        """The first day it covers, local."""
        return date.fromisoformat(self.first)

    @property
    def last_day(self) -> date:
        """The last day it covers, local."""
        return date.fromisoformat(self.last)


class Shift(
    Record,
    plugin="patrols",
    unique=(("neighbourhood", "number"),),
    index=(("roster",), ("neighbourhood", "starts"), ("state", "starts")),
):
    """One round that is planned: `starts` and `ends` are moments, `day`, `wall` and `zone` what people read of them.

    `place` is its number within the roster, from 1, as printed under the question for availability. `moved` says that
    the clock change moved it. `fewest` and `most` are numbers of walkers. `sequence` rises with every change of what
    walkers were told (RFC 5545 §3.8.7.4). `step` names what fell due last in its course, so that one timer does for
    all reminders.
    """

    neighbourhood: NeighbourhoodId
    roster: int
    number: int
    short: str
    place: int
    day: str
    wall: str
    zone: str
    starts: datetime
    ends: datetime
    moved: bool = False
    fewest: int
    most: int
    start_point: str
    route: int | None = None
    route_name: str = ""
    state: ShiftState = ShiftState.PLANNED
    sequence: int = 0
    #: when what the calendar shows last changed
    changed_at: datetime
    step: str = ""
    #: the note "reported to the officer on duty", and when it was made
    reported_at: datetime | None = None
    result: Result | None = None

    @property
    def local_day(self) -> date:
        """The day it is planned on, local."""
        return date.fromisoformat(self.day)

    @property
    def local_time(self) -> time:
        """When it starts on the clock, after a move by the clock change."""
        return time.fromisoformat(self.wall)


class Assignment(
    Record, plugin="patrols", unique=(("shift", "person"),), index=(("person", "state"), ("neighbourhood", "state"))
):
    """How one walker stands to one shift.

    `told`: what he was told last is that he walks it; publishing compares it with what is planned now. `listed`: it was
    once, so it stays in his calendar, as cancelled. `locked`: a proposal that is made again leaves him there.
    `instead_of` is for whom he stands in.
    """

    neighbourhood: NeighbourhoodId
    shift: int
    person: PersonId
    state: AssignmentState = AssignmentState.PROPOSED
    locked: bool = False
    told: bool = False
    listed: bool = False
    instead_of: PersonId | None = None
    #: when he was invited, or reminded to confirm
    asked_at: datetime | None = None
    #: when he confirmed or declined
    answered_at: datetime | None = None
    #: when he got the newest reminder of this shift
    reminded_at: datetime | None = None

    @property
    def walks(self) -> bool:
        """Whether he is expected to walk it, or did."""
        return self.state in WALKING


class Availability(Record, plugin="patrols", unique=(("roster", "person"),), index=(("person", "answered_at"),)):
    """When somebody said that he can walk a roster's shifts. `able` holds ids of shifts; no answer is not available."""

    roster: int
    person: PersonId
    answered_at: datetime | None = None
    able: list[int]


class Absence(Record, plugin="patrols", index=(("person", "last"), ("neighbourhood", "last"))):
    """Days on which somebody cannot walk, the first and the last included."""

    neighbourhood: NeighbourhoodId
    person: PersonId
    first: str
    last: str

    def covers(self, day: date) -> bool:
        """Whether a day falls within it."""
        return self.first <= day.isoformat() <= self.last


class Preference(Record, plugin="patrols", unique=(("neighbourhood", "person"),)):
    """What somebody wishes of every roster. `weekdays` are 0 (Monday) to 6, none for all; the lists hold people."""

    neighbourhood: NeighbourhoodId
    person: PersonId
    most_a_month: int | None = None
    weekdays: list[int] = []  # noqa: RUF012 # a default of the record: each one gets a copy
    rather_with: list[int] = []  # noqa: RUF012 # the same
    not_with: list[int] = []  # noqa: RUF012 # the same


class SwapState(StrEnum):
    """Where a walker's wish to swap stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SwapRequest(Record, plugin="patrols", index=(("shift", "state"), ("person", "state"))):
    """A walker asks another one to walk a shift for him, `in_return` for one of the other's if he named one.

    `offered`: it was the other one who began, and offered to take the shift over.
    """

    shift: int
    # buurtwacht: allow person-overlooked erased; what came of it is exported with the shifts
    person: PersonId
    other: PersonId
    in_return: int | None = None
    offered: bool = False
    state: SwapState = SwapState.OPEN


class CheckIn(Record, plugin="patrols", unique=(("shift", "person"),)):
    """A walker who set out, and came back. `by` said it, for himself or for both (R40, R41)."""

    shift: int
    # buurtwacht: allow person-overlooked exported; what was walked stays, by "oud-lid" (R50)
    person: PersonId
    by: PersonId | None
    in_at: datetime
    out_at: datetime | None = None
    out_by: PersonId | None = None
    #: he said that he is still walking, and is left in peace until then
    busy_until: datetime | None = None


class LogEntry(Record, plugin="patrols", index=(("shift",), ("neighbourhood", "at"), ("person", "at"))):
    """One line of the log book: what a walker wrote, or what happened. `event` is a key, empty for a finding.

    `message` is the messenger's id of what he wrote, so that a photo that comes after it finds its line. `point` is
    "lat,lon" in degrees, empty for none. `by` wrote it down of `person`; `told_by`, or somebody he called `via`, told
    him so (R32).
    """

    neighbourhood: NeighbourhoodId
    shift: int | None
    # buurtwacht: allow person-overlooked exported; the log book stays, by "oud-lid" (R50)
    person: PersonId | None
    at: datetime
    event: str = ""
    text: str = ""
    by: PersonId | None = None
    told_by: PersonId | None = None
    via: str = ""
    addressee: Addressee = Addressee.NOBODY
    point: str = ""
    message: str = ""
    media: int | None = None
    mime: str = ""
