"""Raising: an alert is graver than it went out as. Who was shown it hears that, and who was spared is shown it."""

from __future__ import annotations

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Lines,
    Message,
    MessageId,
    PersonId,
    Refusal,
    Severity,
    Text,
    answer,
    fold,
    speaks_for_officials,
)
from buurtwacht_alerts import caretakers, drills, expiry, muting, nights, officials, spreading
from buurtwacht_alerts.alert import Addition, AdditionState, Alert, Copy, Held, Relay, get, home, log, named
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.covered import in_words, said
from buurtwacht_alerts.ending import groups_of
from buurtwacht_alerts.facts import tell_updated
from buurtwacht_alerts.wording import ANSWERS, called, clipped, for_caretakers, for_members, instruction, label, masker
from buurtwacht_alerts.wording import place as place_of

#: From the least to the gravest. It is raised to what presses: nobody is disturbed for the rest.
_LEVELS = (Severity.INFO, Severity.NOTICE, Severity.URGENT, Severity.CRITICAL)
_WORDS = {
    **dict.fromkeys(("kritiek", "critical", "kritisch", "levensgevaar"), Severity.CRITICAL),
    **dict.fromkeys(("urgent", "dringend", "spoed"), Severity.URGENT),
}
#: A reason, not a story: so many signs of it go to members.
_REASON = 300


def raise_severity(ctx: Context, text: str) -> None:
    """`verhoog <id> <severity> [reason]`: say that an open alert is graver; upwards only."""
    alert, words = named(ctx, text)
    higher = _may_raise(ctx, alert)
    level, reason = _read(words)
    if level is not None and level not in higher:
        raise Refusal(Text("raise.not_higher", short=alert.short, severity=_in_words(alert.severity)))
    if level is None and len(higher) > 1:
        choices = tuple(Choice(one, _in_words(one)) for one in higher)
        question = Message(Text("raise.which", short=alert.short, severity=_in_words(alert.severity)), choices=choices)
        payload = {"alert": alert.id, "text": reason}
        ctx.ask(ctx.person, question, "raise_which", payload=payload, expires=officials.PATIENCE)
        return
    _sourced(ctx, alert, level or higher[0], reason)


def _may_raise(ctx: Context, alert: Alert) -> tuple[Severity, ...]:
    """Return what it can be raised to. Raises `Refusal` for what is not his, has ended, or cannot be raised."""
    if not caretakers.look_after(ctx, alert):
        raise Refusal(Text("refused.role", short=alert.short))
    if not alert.is_open:
        raise Refusal(Text("refused.closed", short=alert.short, at=alert.closed_at))
    if alert.route is Route.MUNICIPALITY:
        raise Refusal(Text("raise.municipality", short=alert.short))
    higher = tuple(one for one in _LEVELS[_LEVELS.index(alert.severity) + 1 :] if one.presses)
    if not higher:
        raise Refusal(Text("raise.highest", short=alert.short, severity=_in_words(alert.severity)))
    return higher


def _read(words: str) -> tuple[Severity | None, str]:
    """Return the severity that a text begins with, and the rest of it."""
    for name, level in _WORDS.items():
        head = words[: len(name)]
        if fold(head) == name and not words[len(name) : len(name) + 1].isalnum():
            return level, words[len(name) :].strip(" ,.:;-")
    return None, words


def _in_words(severity: Severity) -> Text:
    return Text(f"severity.{severity}")


# --- before it is raised ---------------------------------------------------------------------------------------------


@answer("raise_which")
def chosen(ctx: Context, given: Answer) -> None:
    """The co-ordinator said to what it is raised."""
    alert = get(ctx, int(given.payload["alert"]))
    _sourced(ctx, alert, Severity(given.value), str(given.payload["text"]))


def _sourced(ctx: Context, alert: Alert, level: Severity, reason: str) -> None:
    if speaks_for_officials(reason):
        officials.ask_source(ctx, alert, reason, "raise", level=_LEVELS.index(level))
        return
    propose(ctx, alert, _LEVELS.index(level), reason)


def propose(ctx: Context, alert: Alert, level: int, reason: str) -> None:
    """Ask once, before people are woken for it; `level` counts from the least severity."""
    severity = _LEVELS[level]
    if severity not in _may_raise(ctx, alert):
        raise Refusal(Text("raise.not_higher", short=alert.short, severity=_in_words(alert.severity)))
    key = "raise.question.critical" if severity is Severity.CRITICAL else "raise.question"
    text = Text(key, short=alert.short, old=_in_words(alert.severity), severity=_in_words(severity))
    question = Message(text, choices=officials.YES_NO)
    payload = {"alert": alert.id, "level": level, "text": reason}
    # In no thread, like the preview of a correction.
    ctx.ask(ctx.person, question, "raise", payload=payload, expires=officials.PATIENCE)


@answer("raise")
def decided(ctx: Context, given: Answer) -> None:
    """The co-ordinator has read what it means."""
    alert, level = get(ctx, int(given.payload["alert"])), _LEVELS[int(given.payload["level"])]
    if given.value != "yes":
        ctx.reply(Text("raise.left", short=alert.short, severity=_in_words(alert.severity)))
        return
    if level not in _may_raise(ctx, alert):
        raise Refusal(Text("raise.not_higher", short=alert.short, severity=_in_words(alert.severity)))
    _raise(ctx, alert, level, str(given.payload["text"]))


# --- raising it ------------------------------------------------------------------------------------------------------


def _raise(ctx: Context, alert: Alert, level: Severity, reason: str) -> None:
    own = home(ctx, alert)
    reached = own.reached(alert)
    shown = {one.person for one in reached if one.arrived or one.state in ("sending", "unknown")}
    # An update that was put off for them makes nobody one who knew of it.
    spared = [one.person for one in reached if one.person not in {*shown, *alert.reporters}]
    log(own, alert, "raised", old=alert.severity, new=level)
    alert.severity, alert.last_update = level, own.now
    why = clipped(masker(own, confirmed=True)(reason), _REASON)
    if why:
        # Whoever is first shown the alert from here on reads it there; it is nobody's observation.
        told = Addition(alert=alert.id, person=None, text=reason, message="", at=own.now, state=AdditionState.SHARED)
        own.records.add(told)
        log(own, alert, "updated", new=in_words(own, why))
    drills.stop(own, alert)
    fresh = _show_the_others(own, alert, shown, [told] if why else [])
    _tell_those_shown(own, alert, why, without=[*fresh, *spared, ctx.person.id])
    expiry.set_expiry(own, alert, anew=True)
    spreading.report_delivery(own, alert)
    tell_updated(own, alert, "severity", in_words(own, why))
    others = {*fresh} - {ctx.person.id}
    ctx.reply(Text("raise.done", short=alert.short, severity=_in_words(level), count=len(others)))


def _tell_those_shown(own: Context, alert: Alert, why: str, without: list[PersonId]) -> None:
    """Say it in a message of its own: an edit makes no sound."""
    text = Text(
        "raised",
        severity=_in_words(alert.severity),
        label=label(alert),
        place=place_of(alert, masker(own)),
        called=called(alert),
        details=Lines(Text("raised.why", why=said(why))) if why else Lines(),
        instruction=instruction(alert),
        short=alert.short,
    )
    line = Message(text, choices=ANSWERS, answer="acknowledge", standing=True)
    audience = own.audience.reached_by(alert).without(*without)
    alert.sent(own.broadcast(audience, line, alert.severity, thread=alert))
    if alert.route is Route.NEIGHBOURHOOD and alert.member_message is not None:
        alert.sent(own.broadcast(groups_of(own), line, alert.severity, thread=alert))


def _show_the_others(own: Context, alert: Alert, shown: set[PersonId], told: list[Addition]) -> list[PersonId]:
    """Show it now to whom quiet hours, a mute or its lesser severity kept it from; return them.

    What was put off for them is taken back: they read its newest state instead.
    """
    for message in _first_copies(own, alert):
        own.withdraw(message)
    for held in own.records.find(Held, alert=alert.id):
        own.records.remove(held)
    left_out = {*shown, *map(PersonId, alert.reporters)}
    full = [one for one in caretakers.of(own, alert) if one not in left_out]
    fresh = _send(own, own, alert, muting.reachable(own, alert, full), for_caretakers(alert), full=True)
    left_out.update(full)
    left_out.update(muting.passed_over(own, alert, left_out))
    left_out.update(nights.hold(own, alert, without=left_out))
    late = for_members(own, alert, late=True, fresh=told)
    fresh += _send(own, own, alert, [one.id for one in own.members() if one.id not in left_out], late)
    left_out.update(fresh)
    for relay in own.records.find(Relay, alert=alert.id):
        if relay.message is not None:
            next_door = own.within(own.neighbourhood_of(relay.neighbourhood))
            drills.stop(next_door, alert)
            left_out.update(muting.refusing(next_door, alert, left_out))
            left_out.update(muting.passed_over(next_door, alert, left_out))
            people = [one.id for one in next_door.members() if one.id not in left_out]
            fresh += _send(own, next_door, alert, people, for_members(own, alert, relayed=True, fresh=told))
            left_out.update(fresh)
    muting.wake(own, alert, fresh)
    return fresh


def _first_copies(own: Context, alert: Alert) -> list[MessageId]:
    """Return the messages that show the alert to somebody for the first time."""
    found = [alert.caretaker_message, alert.member_message]
    found += [one.message for one in own.records.find(Copy, alert=alert.id)]
    found += [one.message for one in own.records.find(Relay, alert=alert.id)]
    return [one for one in found if one is not None]


def _send(
    own: Context, where: Context, alert: Alert, people: list[PersonId], content: Message, *, full: bool = False
) -> list[PersonId]:
    """Show it to these people, here or next door; what changes later reaches them there."""
    if people:
        message = where.broadcast(where.audience.people(people), content, alert.severity, thread=alert, first_word=True)
        alert.sent(message)
        next_door = where.here.id if where.here.id != own.here.id else None
        ids = [int(one) for one in people]
        own.records.add(Copy(alert=alert.id, message=message, people=ids, neighbourhood=next_door, full=full))
    return people
