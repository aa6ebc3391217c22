"""The beginning of a duty that an escalation waited for: one package, with the outcome when it has ended (R43)."""

from __future__ import annotations

from buurtwacht import Context, Message, Text
from buurtwacht_escalation import engine, package, telling
from buurtwacht_escalation.course import end, severity_of
from buurtwacht_escalation.holders import Holders
from buurtwacht_escalation.records import Asked, Escalation, Reply, State, asked_in, incident_of, log
from buurtwacht_escalation.settings import Step


def begins(ctx: Context, escalation: Escalation) -> None:
    """Somebody's duty begins: he is asked; of an alert that ended meanwhile he reads what it was and how it ended."""
    incident = incident_of(ctx, escalation)
    if incident.is_open:
        engine.next_step(ctx, escalation)
        return
    asked = {one.person for one in asked_in(ctx, escalation)}
    step = Step.model_validate(escalation.ladder[min(escalation.step, len(escalation.ladder) - 1)])
    people, _ = Holders(ctx).on(step, escalation.severity, asked, ())
    outcome = telling.outcome_of(incident)
    for one in people:
        shown = package.package(ctx, escalation, incident, engine.reader_of(one.role)).text
        text = Text("after_duty", short=escalation.short, package=shown, outcome=outcome)
        sent = ctx.send(one.person, Message(text), severity=severity_of(escalation), thread=telling.about(escalation))
        ctx.records.add(
            Asked(
                escalation=escalation.id,
                generation=escalation.generation,
                step=escalation.step,
                person=one.person,
                role=one.role,
                at=ctx.now,
                message=sent,
                state=Reply.WITHDRAWN,
            )
        )
        log(ctx, escalation, "told", person=one.person, detail=one.role)
    end(ctx, escalation, State.CLOSED, "ended")
