"""The outbox under anything: posts, second thoughts, every answer and report of a provider, crashes, hand-overs."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from buurtwacht.records.audience import Audience
from buurtwacht.vocabulary.errors import (
    Ambiguous,
    DeliveryError,
    Misconfigured,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from buurtwacht.vocabulary.events import Status
from buurtwacht.vocabulary.ids import MessageId
from buurtwacht.vocabulary.messages import Severity

from .messenger import Fate
from .series import series
from .street import FINAL, PEOPLE, Street

NAMES = sorted(PEOPLE)
SCREENS = sorted((f"{name}@{one}", one) for name, own in PEOPLE.items() for one in own)
WAITS = st.sampled_from([0.5, 3.0, 40.0, 7200.0])
ERRORS = st.one_of(
    st.builds(Throttled, WAITS, st.sampled_from(["recipient", "account"])),
    st.sampled_from(
        [
            Unavailable("502"),
            Unavailable("refused"),
            WindowClosed("131047"),
            Unreachable("blocked"),
            Rejected("bad request"),
        ]
    ),
)
FATES = st.one_of(
    st.builds(Fate, ERRORS),
    st.builds(lambda shown: Fate(Ambiguous("timeout"), shown=shown), st.booleans()),
)
SPANS = st.sampled_from([0.1, 0.4, 1.0, 2.5, 10.0, 20.0, 60.0, 130.0, 1800.0, 25_000.0])
#: What may follow upon a state; a state that is not named here is the last.
NEXT = {
    "queued": {"queued", "sending", *FINAL},
    "sending": {"queued", "sending", *FINAL},
    # A report that it failed sends it elsewhere, or again.
    "sent": {"sent", "queued", "sending", *FINAL} - {"withdrawn"},
    "unknown": {"unknown", "queued", "sending", *FINAL},
    "delivered": {"delivered", "read"},
}


class Outbox(RuleBasedStateMachine):
    """Anything that can happen between a message being queued and its being read."""

    @initialize()
    def move_in(self) -> None:
        self.street = Street()
        self.posted: list[tuple[MessageId, tuple[str, ...], int]] = []
        self.serial = 0
        self.states: dict[int, str] = {}
        #: deliveries of which a provider said that they failed, and what it calls others that it said it of too early
        self.failing: set[int] = set()
        self.failing_ids: set[str] = set()

    def teardown(self) -> None:
        if not hasattr(self, "street"):
            return
        try:
            self.end_well()
        finally:
            self.street.close()

    # --- what is said ---

    def _words(self) -> str:
        self.serial += 1
        return f"bericht {self.serial}"

    @rule(
        severity=st.sampled_from(Severity),
        to=st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True),
        thread=st.sampled_from([0, 0, 1, 2]),
        first_word=st.booleans(),
        expires=st.sampled_from([None, None, 5.0, 100.0]),
    )
    def post(self, severity: Severity, to: list[str], thread: int, first_word: bool, expires: float | None) -> None:
        span = None if expires is None else timedelta(seconds=expires)
        ident = self.street.post(self._words(), severity, to=to, thread=thread, first_word=first_word, expires=span)
        self.posted.append((ident, tuple(to), thread))

    @rule(
        severity=st.sampled_from(Severity),
        codes=st.sampled_from([("TB",), ("LD",), ("TB", "LD"), ("LD", "TB")]),
        without=st.sampled_from([None, None, *NAMES]),
        muted=st.booleans(),
        thread=st.sampled_from([0, 1, 2, 3]),
    )
    def broadcast(
        self, severity: Severity, codes: tuple[str, ...], without: str | None, muted: bool, thread: int
    ) -> None:
        left_out = () if without is None else (self.street.people[without],)
        places = tuple(self.street.places[code] for code in codes)
        audience = Audience(places, without_people=left_out, muted=muted)
        ident = self.street.post(self._words(), severity, audience=audience, thread=thread, first_word=bool(thread))
        self.posted.append((ident, tuple(NAMES), thread))

    @rule(first=st.sampled_from(["TB", "LD"]), severity=st.sampled_from(Severity), times=st.integers(1, 3))
    def both_tell_many(self, first: str, severity: Severity, times: int) -> None:
        """Let one neighbourhood say much at once, and the other something."""
        for _ in range(times):
            self.street.tell_crowd(first, self._words(), severity)
        self.street.tell_crowd("LD" if first == "TB" else "TB", self._words(), severity)

    @precondition(lambda self: self.posted)
    @rule(which=st.integers(0, 40), severity=st.sampled_from(Severity))
    def supersede(self, which: int, severity: Severity) -> None:
        of, to, thread = self.posted[which % len(self.posted)]
        ident = self.street.post(self._words(), severity, to=to, thread=thread, replaces=of)
        self.posted.append((ident, to, thread))

    @precondition(lambda self: self.posted)
    @rule(which=st.integers(0, 40))
    def withdraw(self, which: int) -> None:
        self.street.withdraw(self.posted[which % len(self.posted)][0])

    # --- what neighbours do ---

    @rule(name=st.sampled_from(NAMES), mutes=st.sampled_from(["", "most", "all"]))
    def mute(self, name: str, mutes: str) -> None:
        self.street.change_person(name, mutes=mutes)

    @rule(name=st.sampled_from(NAMES), quiet=st.sampled_from([None, "", "00:00-06:00", "00:00-04:00"]))
    def quiet_hours(self, name: str, quiet: str | None) -> None:
        self.street.change_person(name, quiet_hours=quiet)

    @rule(screen=st.sampled_from(SCREENS), reachable=st.booleans())
    def comes_or_goes(self, screen: tuple[str, str], reachable: bool) -> None:
        self.street.change_address(screen[0].partition("@")[0], screen[1], reachable)

    # --- what providers do ---

    @rule(screen=st.sampled_from([*SCREENS, ("", "telegram"), ("", "whatsapp")]), fates=st.lists(FATES, max_size=3))
    def will_answer(self, screen: tuple[str, str], fates: list[Fate]) -> None:
        self.street.providers[screen[1]].fates.setdefault(screen[0], []).extend(fates)

    @rule(account=st.sampled_from(["telegram", "whatsapp"]), error=st.sampled_from([None, Unavailable("503")]))
    def outage(self, account: str, error: DeliveryError | None) -> None:
        self.street.providers[account].out_of_order = error

    @rule(account=st.sampled_from(["telegram", "whatsapp"]))
    def is_refused(self, account: str) -> None:
        self.street.providers[account].fates.setdefault("", []).insert(0, Fate(Misconfigured("token revoked")))

    @rule(
        which=st.integers(0, 60),
        state=st.sampled_from(["sent", "delivered", "read", "failed"]),
        error=st.sampled_from(["Unreachable", "Throttled", "WindowClosed", "Rejected", "Unavailable", "Nonsense", ""]),
        times=st.integers(1, 2),
        early=st.booleans(),
        named=st.booleans(),
    )
    def report(self, which: int, state: str, error: str, times: int, early: bool, named: bool) -> None:
        shown = [one for one in self.street.attempts if one.shown]
        if early or not shown:
            # Of a message that is not sent yet, or never will be.
            account = ("telegram", "whatsapp")[which % 2]
            provider_id = f"{account}-{len(self.street.providers[account].attempts) + which % 3}"
            status = Status(provider_id, state, error=error)  # type: ignore[arg-type]
            if state == "failed":
                self.failing_ids.add(provider_id)
        else:
            one = shown[-1 - which % len(shown)]
            account = one.account
            status = Status(one.provider_id, state, one.delivery if named else None, error=error)  # type: ignore[arg-type]
            if state == "failed":
                self.failing.add(one.delivery)
        for _ in range(times):
            self.street.report(account, status)

    # --- what happens to us ---

    @rule(seconds=SPANS)
    def time_goes_by(self, seconds: float) -> None:
        down = any(one.out_of_order for one in self.street.providers.values())
        self.street.advance(timedelta(seconds=min(seconds, 600.0) if down else seconds))

    @rule()
    def at_once(self) -> None:
        self.street.settle()

    @rule()
    def crash(self) -> None:
        self.street.crash()

    @rule()
    def hand_over(self) -> None:
        self.street.hand_over()

    # --- what must hold ---

    @invariant()
    def states_move_forward(self) -> None:
        if not hasattr(self, "street"):
            return
        for row in self.street.rows():
            before = self.states.get(row.id, "queued")
            assert row.state == before or row.state in NEXT.get(before, ()), f"{before} became {row.state}"
            assert row.reason or row.state not in ("failed", "unknown", "withdrawn"), f"{row.state} without a reason"
            self.states[row.id] = row.state

    @invariant()
    def nobody_complains(self) -> None:
        if hasattr(self, "street"):
            assert not self.street.complaints, self.street.complaints

    @invariant()
    def what_counts_as_sent_was_accepted(self) -> None:
        if not hasattr(self, "street"):
            return
        accepted = {one.provider_id for one in self.street.attempts if one.shown}
        for row in self.street.rows():
            if row.state in ("sent", "delivered", "read"):
                assert row.provider_id in accepted, f"{row.state}, and no provider took it"

    def end_well(self) -> None:
        """Let faults end and time pass: everything has come to an end, and nobody has anything twice unmarked."""
        street = self.street
        for provider in street.providers.values():
            provider.fates.clear()
            provider.out_of_order = None
        street.replace()
        street.advance(timedelta(days=4))
        self.states_move_forward()
        self.nobody_complains()
        self.what_counts_as_sent_was_accepted()
        left = Counter(row.state for row in street.rows() if row.state not in FINAL)
        assert not left, f"never ended: {left}"
        self._nothing_twice()

    def _nothing_twice(self) -> None:
        shown = Counter((one.delivery, one.to) for one in self.street.attempts if one.shown and not one.edits)
        marked = Counter(
            (one.delivery, one.to)
            for one in self.street.attempts
            if one.shown and not one.edits and "Herhaling" in one.text
        )
        failed = self.failing | {one.delivery for one in self.street.attempts if one.provider_id in self.failing_ids}
        for (ident, to), count in shown.items():
            if ident not in failed:
                assert count - marked[ident, to] <= 1, f"{to} got {ident} {count} times, {marked[ident, to]} marked"


TestOutbox = Outbox.TestCase
TestOutbox.settings = series(18, 30)
