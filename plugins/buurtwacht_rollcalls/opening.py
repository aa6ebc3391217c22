"""A roll call opens: the commands of co-ordinators, what other plugins have asked, and what is set going with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from buurtwacht import (
    CARETAKERS,
    Answer,
    Context,
    Message,
    Person,
    PersonId,
    Refusal,
    Role,
    Text,
    answer,
    fold,
)
from buurtwacht_rollcalls import caretakers, keeping, schedule, tally, wording
from buurtwacht_rollcalls.kinds import LONGEST, PATTERNS, SHORTEST
from buurtwacht_rollcalls.records import LATE, Entry, Kind, RollCall
from buurtwacht_rollcalls.sentence import Wish, read
from buurtwacht_rollcalls.settings import RollCallSettings

#: A question this long still fits a template beside its fixed words (Cloud API: a body of 1024 characters).
_LONGEST_QUESTION = 500
#: The same question again within this is a slip of the finger.
_SLIP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to open. `place` is empty for the whole neighbourhood."""

    kind: Kind
    question: str
    people: Sequence[PersonId]
    closes: datetime
    place: str = ""
    needed: int | None = None
    following: Sequence[PersonId] = ()
    asks_trouble: bool = False
    reference: str = ""


# --- commands --------------------------------------------------------------------------------------------------------


def roll_call(ctx: Context, text: str = "") -> None:
    """`rondvraag [place] <question> [window]`, `appel …`: the kind is read from its words."""
    _begin(ctx, text, None)


def meeting(ctx: Context, text: str = "") -> None:
    """`vergadering <when and where> [window]`: who comes?"""
    _begin(ctx, text, Kind.MEETING)


def readiness(ctx: Context, text: str = "") -> None:
    """`wie kan er komen? 4 nodig 15 min`: until enough have said yes."""
    _begin(ctx, text, Kind.READINESS)


def message_test(ctx: Context, text: str = "") -> None:
    """`proefbericht [text]`: whom do we reach?"""
    _begin(ctx, text, Kind.TEST)


def _begin(ctx: Context, text: str, kind: Kind | None) -> None:
    wish = _read(ctx, text, kind)
    where = _where(ctx, wish)
    plan = _plan(where, wish)
    _refuse_twice(where, plan)
    if not wish.unclear:
        open_call(where, plan, asked_by=ctx.person.id)
        return
    payload = {"text": text, "kind": kind, "code": where.here.code}
    key = "open.preview.source" if "source" in wish.unclear else "open.preview"
    preview = Text(
        key,
        question=plan.question,
        place=plan.place or where.here.name,
        count=len(plan.people),
        until=plan.closes,
        kind=Text(f"kind.{plan.kind}"),
    )
    ctx.ask(ctx.person, Message(preview, choices=wording.YES_NO), "open", payload=payload)


@answer("open")
def confirmed(ctx: Context, given: Answer) -> None:
    """The co-ordinator read what is about to be asked. Who is asked is fixed now."""
    if given.value != "yes":
        ctx.reply(Text("open.left"))
        return
    kind = given.payload["kind"]
    wish = _read(ctx, str(given.payload["text"]), Kind(kind) if kind else None)
    where = _where(ctx, wish)
    plan = _plan(where, wish)
    _refuse_twice(where, plan)
    open_call(where, plan, asked_by=ctx.person.id)


def _read(ctx: Context, text: str, kind: Kind | None) -> Wish:
    codes: dict[str, str] = {}
    for one in ctx.neighbourhoods():
        codes |= {fold(one.name): one.code, fold(one.code): one.code}
    return read(text, codes, [one.name for one in ctx.here.streets], kind)


def _where(ctx: Context, wish: Wish) -> Context:
    """Return the context of the neighbourhood that is meant. Raises `Refusal` where he does not look after it."""
    other = ctx.neighbourhood_by(wish.code) if wish.code else None
    where = ctx.within(other) if other is not None else ctx
    if not where.has(*CARETAKERS):
        raise Refusal(Text("refused.rollcall.place", name=where.here.name))
    return where


def _plan(ctx: Context, wish: Wish) -> Plan:
    """Return what opens. Raises `Refusal`, with one sentence, for what cannot be asked so."""
    question = wish.question
    if wish.kind is Kind.MEETING and not wish.says_nothing and "?" not in question:
        question = ctx.in_words(Text("question.meeting", what=question), ctx.here.language)
    own = wish.kind in (Kind.READINESS, Kind.TEST)
    if wish.says_nothing and not own:
        raise Refusal(Text("refused.rollcall.nothing"))
    if caretakers.holds_number(question):
        raise Refusal(Text("refused.rollcall.number"))
    if len(question) > _LONGEST_QUESTION:
        raise Refusal(Text("refused.rollcall.long", most=_LONGEST_QUESTION))
    people, following = _audience(ctx, wish)
    if not people:
        raise Refusal(Text("refused.rollcall.nobody", place=wish.street or _role(wish)))
    return Plan(
        kind=wish.kind,
        question="" if wish.says_nothing else question,
        people=people,
        closes=ctx.after(_window(ctx, wish)),
        place=wish.street,
        needed=wish.needed,
        following=following,
        asks_trouble=wish.asks_trouble,
    )


def _role(wish: Wish) -> Text:
    return Text(f"group.{wish.role or Role.MEMBER}")


def _audience(ctx: Context, wish: Wish) -> tuple[list[PersonId], list[PersonId]]:
    """Return who is asked, and who is asked next when too few come (domain §2.7, readiness).

    A mute keeps everything from him but the question whether he is safe.
    """
    members = [one for one in ctx.members() if wish.kind is Kind.SAFETY or not one.is_muted(ctx.now)]
    if wish.street:
        return [one.id for one in members if _lives_in(ctx, one, wish.street)], []
    if wish.role is not None:
        return [one.id for one in members if _has(ctx, one, wish.role)], []
    everybody = [one.id for one in members]
    if wish.kind is not Kind.READINESS:
        return everybody, []
    # The asker is not asked whether he comes himself.
    walkers = [one.id for one in members if _has(ctx, one, Role.PATROLLER) and one.id != ctx.person.id]
    others = [one for one in everybody if one not in set(walkers) and one != ctx.person.id]
    return (walkers, others) if walkers else (others, [])


def _has(ctx: Context, one: Person, role: Role) -> bool:
    place = one.membership(ctx.here.id)
    return place is not None and place.has(role)


def _lives_in(ctx: Context, one: Person, street: str) -> bool:
    place = one.membership(ctx.here.id)
    return place is not None and f"{fold(place.street)} ".startswith(f"{fold(street)} ")


def _window(ctx: Context, wish: Wish) -> timedelta:
    """Return how long it is open. Raises `Refusal` beyond 48 hours."""
    if wish.wall is not None:
        until = ctx.wall_time(ctx.now, f"{wish.wall:%H:%M}")
        if until <= ctx.now:
            until = ctx.wall_time(ctx.now + timedelta(days=1), f"{wish.wall:%H:%M}")
        span = until - ctx.now.astimezone(UTC)
    else:
        usual = timedelta(minutes=ctx.settings(RollCallSettings).window_minutes)
        span = wish.span if wish.span is not None else PATTERNS[wish.kind].window or usual
    if not SHORTEST <= span <= LONGEST:
        raise Refusal(Text("refused.rollcall.window"))
    return span


def _refuse_twice(ctx: Context, plan: Plan) -> None:
    """Raise `Refusal` when the same question was asked just now."""
    table = RollCall.__table__.c
    same = ctx.records.first(
        RollCall,
        table.opens > ctx.now - _SLIP,
        table.kind == plan.kind,
        neighbourhood=ctx.here.id,
        question=plan.question,
        place=plan.place,
        closed_at=None,
    )
    if same is not None:
        raise Refusal(Text("refused.rollcall.twice", short=same.short))


# --- what opens it ---------------------------------------------------------------------------------------------------


def open_call(ctx: Context, plan: Plan, *, asked_by: PersonId | None = None, silently: bool = False) -> RollCall:
    """Open a roll call here and ask everybody. `silently`: the ladder asks, and nobody on the list is asked himself."""
    number = ctx.number("rollcall")
    call = ctx.records.add(
        RollCall(
            neighbourhood=ctx.here.id,
            kind=plan.kind,
            number=number,
            short=f"{ctx.here.code}-R{number}",
            question=plan.question,
            place=plan.place,
            asked_by=asked_by,
            opens=ctx.now,
            closes=plan.closes,
            needed=plan.needed,
            following=list(plan.following),
            asks_trouble=plan.asks_trouble,
            reference=plan.reference,
        )
    )
    _step_back(ctx)
    listed = add_entries(ctx, call, plan.people)
    ctx.note("rollcall_opened", call.short, kind=call.kind.value, asked=len(plan.people))
    if not silently:
        ask(ctx, call, plan.people)
        tally.begin(ctx, call, listed)
    schedule.set_timers(ctx, call)
    keeping.set_timers(ctx, call)
    return call


def _step_back(ctx: Context) -> None:
    """Take typed words for the new one, not for those that ended; a tap, a quote or an id still answers them late."""
    table = RollCall.__table__.c
    ended = ctx.records.find(RollCall, table.closed_at > ctx.now - LATE, neighbourhood=ctx.here.id)
    for one in ended:
        ctx.close_questions(thread=one, for_good=False)


def add_entries(ctx: Context, call: RollCall, people: Sequence[PersonId]) -> list[Entry]:
    """Put people on the list, and return their lines."""
    until = call.closes + LATE
    return [ctx.records.add(Entry(rollcall=call.id, person=one, until=until)) for one in dict.fromkeys(people)]


def ask(ctx: Context, call: RollCall, people: Sequence[PersonId]) -> None:
    """Ask people the question of a roll call, each for himself (R27: a safety check waits for no quiet hours)."""
    pattern = PATTERNS[call.kind]
    ctx.ask_all(
        people,
        wording.question(ctx, call),
        "rollcall",
        free="safety" if pattern.reads_words else "none",
        repeatable=True,
        expires=call.closes + LATE - ctx.now,
        severity=pattern.severity,
        thread=call,
        held=pattern.held,
    )


def wanted(ctx: Context, reference: str, kind: str, question: str, people: Sequence[int], closes: str) -> None:
    """Open what another plugin wants asked, once for each `reference`; of those who are members here."""
    if ctx.records.first(RollCall, neighbourhood=ctx.here.id, reference=reference) is not None:
        return
    here = {one.id for one in ctx.members()}
    asked = [PersonId(one) for one in people if one in here]
    until = datetime.fromisoformat(closes)
    if asked and until > ctx.now:
        plan = Plan(Kind(kind), question[:_LONGEST_QUESTION], asked, until, reference=reference)
        open_call(ctx, plan)
