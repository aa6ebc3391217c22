"""What follows from false alarms again and again: the admins are asked, the first tap decides, and it can be undone.

Nothing happens without a tap of an admin; then the member hears what, why and how to object (R25).
"""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Fact,
    Message,
    PersonId,
    PersonName,
    Refusal,
    Role,
    Severity,
    Text,
    answer,
    timer,
)
from buurtwacht_alerts.alert import Alert, Outcome
from buurtwacht_alerts.reviews import LIMIT, WITHIN, Decision, Review, false_alarms, reviews_of

#: R25: so long reports go through the admins.
_THROUGH_ADMIN = timedelta(days=7)
#: Who decided on a talk is asked after so long whether it took place.
_TALK_DUE = timedelta(days=3)

_ORDER = (Decision.TALK, Decision.THROUGH_ADMIN, Decision.REMOVAL, Decision.NOTHING)


def consider(ctx: Context, ident: int) -> None:
    """Ask the admins about whoever began an alert that was a false alarm, when it was one too many."""
    alert = ctx.records.get(Alert, ident)
    if alert is None or alert.outcome is not Outcome.FALSE_ALARM or alert.reporter is None:
        return
    person = alert.reporter
    counted = [one.id for one in false_alarms(ctx, person)]
    earlier = reviews_of(ctx, person)
    if ident not in counted or len(counted) < LIMIT or not _is_member(ctx, person):
        return
    if any(one.decision is None or ident in one.alerts for one in earlier):
        return
    asked = admins_beside(ctx, person)
    ctx.note("false_alarms_repeated", f"person:{person}", count=len(counted), asked=len(asked))
    if not asked:
        return  # nobody decides about himself, and only admins may know
    turn = max((one.turn for one in earlier), default=0) + 1
    review = ctx.records.add(Review(neighbourhood=ctx.here.id, person=person, turn=turn, alerts=counted))
    keep(ctx, review)
    ctx.later(WITHIN, "review_unlinked", key=f"review_alerts:{review.id}", review=review.id)
    choices = tuple(Choice(f"{one}:{review.id}", Text(f"review.choice.{one}")) for one in _ORDER)
    # In no thread: it is about a person, and who reads it was not shown an alert by it (R15).
    ctx.send(asked, Message(Text("review.ask", domain="", **_facts(ctx, review)), choices=choices, answer="review"))


@answer("review")
def decided(ctx: Context, given: Answer) -> None:
    """An admin decides; the first one's tap holds, a later one hears what it was."""
    word, _, ident = given.value.partition(":")
    own, review = of_admins(ctx, int(ident))
    if review.decision is not None:
        was = Text(f"review.choice.{review.decision}")
        own.reply(Text("review.decided", decision=was, by=_by(own, review), at=review.decided_at))
        return
    if not _is_member(own, review.person):
        own.reply(Text("review.left", who=own.name_of(review.person)))
        return
    table = Alert.__table__.c
    if len(own.records.find(Alert, table.id.in_(review.alerts), outcome=Outcome.FALSE_ALARM)) < LIMIT:
        own.records.remove(review)
        own.reply(Text("review.fewer", who=own.name_of(review.person)))
        return
    review.decision = Decision(word)
    review.decided_by, review.decided_at = own.person.id, own.now
    keep(own, review)
    own.note("false_alarms_decided", f"person:{review.person}", decision=review.decision.value)
    done = Text(f"review.done.{review.decision}", who=own.name_of(review.person))
    undo = (Choice(str(review.id), Text("review.undo")),) if review.is_in_force else ()
    own.reply(Message(done, choices=undo, answer="review_undo" if undo else ""))
    was = Text(f"review.choice.{review.decision}")
    told = Text("review.told", who=own.name_of(review.person), by=_by(own, review), decision=was)
    tell_others(own, review, Message(told, choices=undo, answer="review_undo" if undo else ""))
    _carry_out(own, review)


def _carry_out(own: Context, review: Review) -> None:
    """Do what was decided; the member hears it, kindly. Nothing follows from nothing."""
    facts = _facts(own, review)
    if review.decision is Decision.TALK:
        own.send(review.person, Text("review.talk.own", domain="", **facts))
        own.later(_TALK_DUE, "talk_due", key=f"talk:{review.id}", review=review.id)
    elif review.decision is Decision.THROUGH_ADMIN:
        review.until = own.now + _THROUGH_ADMIN
        own.send(review.person, Text("review.through_admin.own", domain="", until=review.until, **facts))
        own.later(review.until, "through_admin_over", key=f"through_admin:{review.id}", review=review.id)
    elif review.decision is Decision.REMOVAL:
        # Memberships are not kept here: whoever keeps them ends this one, and tells him.
        own.tell(
            "removal_decided",
            person=review.person,
            neighbourhood=own.here.id,
            by=own.person.id,
            alarms=len(review.alerts),
            days=WITHIN.days,
        )


@timer("talk_due")
def talk_due(ctx: Context, review: int) -> None:
    """Remind, once, who decided on a talk; when he is no admin any more, the others."""
    known = ctx.records.get(Review, review)
    if known is None or not known.is_in_force or not _is_member(ctx, known.person):
        return
    asked = admins_beside(ctx, known.person)
    to = [one for one in asked if one == known.decided_by] or asked
    if to:
        ctx.send(to, Text("review.talk.due", who=ctx.name_of(known.person)))


@timer("through_admin_over")
def through_admin_over(ctx: Context, review: int) -> None:
    """The seven days are over: he hears it, once."""
    known = ctx.records.get(Review, review)
    if known is not None and known.is_in_force and _is_member(ctx, known.person):
        ctx.note("through_admin_over", f"person:{known.person}")
        ctx.send(known.person, Text("review.through_admin.over", neighbourhood=ctx.here.name))


# --- taking it back --------------------------------------------------------------------------------------------------


@answer("review_undo")
def undo_tapped(ctx: Context, given: Answer) -> None:
    """An admin takes a decision back."""
    own, review = of_admins(ctx, int(given.value))
    if not review.is_in_force:
        own.reply(Text("review.undone.already", who=own.name_of(review.person)))
        return
    undo(own, review)


def undo(own: Context, review: Review) -> None:
    """Take a decision back: what follows from it ends, the member hears it, and so do the other admins."""
    review.undone_at = own.now
    own.cancel(f"talk:{review.id}")
    own.cancel(f"through_admin:{review.id}")
    own.note("false_alarms_undone", f"person:{review.person}", decision=str(review.decision))
    own.reply(Text("review.undone", who=own.name_of(review.person)))
    told = Text("review.undone.told", who=own.name_of(review.person), by=own.name_of(own.person))
    tell_others(own, review, Message(told))
    if review.decision is Decision.REMOVAL:
        own.tell("removal_undone", person=review.person, neighbourhood=own.here.id, by=own.person.id)
    else:
        own.send(review.person, Text("review.undone.own", neighbourhood=own.here.name))


# --- for those who decide --------------------------------------------------------------------------------------------


def of_admins(ctx: Context, ident: int) -> tuple[Context, Review]:
    """Return a review, and the context where it belongs, for an admin there. Raises `Refusal` for anybody else."""
    review = ctx.records.get(Review, ident)
    if review is None:
        raise Refusal(Text("review.gone"))
    own = ctx.within(ctx.neighbourhood_of(review.neighbourhood))
    if not own.has(Role.ADMIN) or own.person.id == review.person:
        raise Refusal(Text("review.admins_only"))
    return own, review


def admins_beside(ctx: Context, person: PersonId) -> list[PersonId]:
    """Return the admins here, but for the one it is about."""
    return [one.id for one in ctx.members(Role.ADMIN) if one.id != person]


def tell_others(own: Context, review: Review, content: Message) -> None:
    """Tell the other admins what one of them did."""
    others = [one for one in admins_beside(own, review.person) if one != own.person.id]
    if others:
        own.send(others, content, severity=Severity.INFO)


def keep(ctx: Context, review: Review) -> None:
    """Keep a review for a while from here, in which one can object; then all of it is forgotten."""
    ctx.later(WITHIN, "review_forgotten", key=f"review:{review.id}", review=review.id)


@timer("review_forgotten")
def review_forgotten(ctx: Context, review: int) -> None:
    """It is long ago: nothing of it is kept."""
    known = ctx.records.get(Review, review)
    if known is not None:
        ctx.records.remove(known)


@timer("review_unlinked")
def review_unlinked(ctx: Context, review: int) -> None:
    """The alerts have forgotten their reporter (domain §4.4.6): nothing leads from him to them any more."""
    known = ctx.records.get(Review, review)
    if known is not None:
        known.alerts = []


def _is_member(ctx: Context, person: PersonId) -> bool:
    known = ctx.people([person]).get(person)
    place = known.membership(ctx.here.id) if known is not None else None
    return place is not None and place.state == "active"


def _facts(ctx: Context, review: Review) -> dict[str, Fact]:
    table = Alert.__table__.c
    about = ctx.records.find(Alert, table.id.in_(review.alerts), order=table.number)
    return {
        "who": ctx.name_of(review.person),
        "neighbourhood": ctx.here.name,
        "count": len(review.alerts),
        "days": WITHIN.days,
        "shorts": ", ".join(one.short for one in about),
    }


def _by(own: Context, review: Review) -> PersonName:
    """Return the name of who decided; who was erased since is a former member."""
    return own.name_of(review.decided_by or PersonId(0))
