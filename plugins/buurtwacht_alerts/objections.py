"""Objections: who does not agree with what was decided about his false alarms, and what an admin answers (R25)."""

from __future__ import annotations

from buurtwacht import Answer, Choice, Context, Message, Refusal, Severity, Text, answer
from buurtwacht_alerts import consequences
from buurtwacht_alerts.covered import without_contacts
from buurtwacht_alerts.reviews import Decision, Review

#: An objection is an answer, not a file.
_LONGEST = 600


def objection(ctx: Context, text: str) -> None:
    """`bezwaar <why>`: pass on to the admins that somebody objects; also from who is no member any more."""
    review = _newest(ctx)
    if review is None:
        raise Refusal(Text("objection.none"))
    if review.upheld_at is not None:
        raise Refusal(Text("objection.answered", at=review.upheld_at))
    if review.objected_at is not None:
        raise Refusal(Text("objection.waiting", at=review.objected_at))
    own = ctx.within(ctx.neighbourhood_of(review.neighbourhood))
    admins = consequences.admins_beside(own, review.person)
    if not admins:
        raise Refusal(Text("objection.nobody"))
    review.objected_at = own.now
    consequences.keep(own, review)
    own.note("objection_made", f"person:{review.person}")
    said = Text(
        "objection.ask",
        who=own.name_of(review.person),
        decision=Text(f"review.choice.{review.decision}"),
        text=without_contacts(text[:_LONGEST]),
    )
    choices = (
        Choice(f"undo:{review.id}", Text("review.undo")),
        Choice(f"uphold:{review.id}", Text("objection.uphold")),
    )
    own.send(admins, Message(said, choices=choices, answer="objection"))
    own.reply(Text("objection.passed_on", neighbourhood=own.here.name), severity=Severity.NOTICE)


def _newest(ctx: Context) -> Review | None:
    """Return the newest decision about whoever set this off that holds, wherever that is."""
    if not ctx.has_person:
        return None
    table = Review.__table__.c
    held = (table.decision.is_not(None), table.decision != Decision.NOTHING, table.undone_at.is_(None))
    return ctx.records.first(Review, *held, person=ctx.person.id, order=table.decided_at.desc())


@answer("objection")
def answered(ctx: Context, given: Answer) -> None:
    """An admin takes the decision back, or leaves it as it is; the first one's tap holds."""
    word, _, ident = given.value.partition(":")
    own, review = consequences.of_admins(ctx, int(ident))
    who = own.name_of(review.person)
    if not review.is_in_force:
        own.reply(Text("review.undone.already", who=who))
    elif review.upheld_at is not None:
        own.reply(Text("objection.upheld.already", who=who, at=review.upheld_at))
    elif word == "undo":
        consequences.undo(own, review)
    else:
        review.upheld_at = own.now
        own.note("objection_upheld", f"person:{review.person}")
        own.reply(Text("objection.upheld", who=who))
        told = Text("objection.upheld.told", who=who, by=own.name_of(own.person))
        consequences.tell_others(own, review, Message(told))
        own.send(review.person, Text("objection.upheld.own", neighbourhood=own.here.name))
