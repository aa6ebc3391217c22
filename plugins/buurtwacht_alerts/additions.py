"""What members add to an alert: at once to the co-ordinators, after a check or a minute to everybody shown it (R10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from buurtwacht import (
    Answer,
    Attachment,
    Choice,
    Context,
    Fact,
    Lines,
    Message,
    PersonId,
    Refusal,
    Text,
    answer,
    speaks_for_officials,
    timer,
)
from buurtwacht_alerts import bordering, caretakers, cries, first_answers, officials, renewals
from buurtwacht_alerts.alert import AFTERMATH, Addition, AdditionState, Alert, Status, get, home, log, named
from buurtwacht_alerts.categories import Route
from buurtwacht_alerts.covered import in_words, said
from buurtwacht_alerts.ending import groups_of
from buurtwacht_alerts.expiry import set_expiry
from buurtwacht_alerts.facts import tell_updated
from buurtwacht_alerts.reading import read
from buurtwacht_alerts.settings import AlertSettings, PhotoPolicy
from buurtwacht_alerts.wording import clipped, masker

#: R10: an addition goes out by itself after this, and there is at most one update in this.
_MINUTE = timedelta(seconds=60)
#: What was passed before the fan-out follows it after this, when most have been shown the alert.
_SOON = timedelta(seconds=10)
#: A description of what goes on, not a story: so many signs of it go to members.
_LONGEST = 1000
_UNDECIDED = (AdditionState.WAITING, AdditionState.OFFERED)


def update(ctx: Context, text: str) -> None:
    """`aanvulling <id> <text>`: add something to an alert; without an id to the only open one.

    Who cries for help in it is heard as one who does, also where there is nothing to add to (R55).
    """
    cried = cries.heard(ctx, text)
    try:
        _update(ctx, text)
    except Refusal:
        if not cried:
            raise


def _update(ctx: Context, text: str) -> None:
    alert, words = named(ctx, text, (Status.ACTIVE, Status.CLOSED))
    if not words:
        ask(ctx, alert)
        return
    add(ctx, alert, words)


def ask(ctx: Context, alert: Alert) -> None:
    """Ask what somebody saw; whatever he types next is the addition."""
    question = Message(Text("addition.ask", short=alert.short))
    expires = timedelta(minutes=15)
    ctx.ask(ctx.person, question, "addition", payload={"alert": alert.id}, free="any", expires=expires, thread=alert)


@answer("addition")
def added(ctx: Context, given: Answer) -> None:
    """What somebody saw, after he was asked."""
    add(ctx, get(ctx, int(given.payload["alert"])), given.text)


def add(ctx: Context, alert: Alert, words: str) -> None:
    """Take in what somebody adds, tell the co-ordinators at once, and thank him."""
    if alert.status is Status.CLOSED:
        if not takes_afterwards(ctx, alert):
            raise Refusal(Text("refused.closed_add", short=alert.short, at=alert.closed_at))
        told = afterwards(ctx, alert, words)
        ctx.reply(Text("addition.afterwards" if told else "nobody", short=alert.short, at=alert.closed_at))
        return
    own = caretakers.look_after(ctx, alert)
    addition = _keep(ctx, alert, words)
    told = _tell(ctx, alert, addition, decided=own)
    if own:
        _passed_by_caretaker(ctx, alert, addition)
        return
    if told and _is_long(addition) and alert.is_open:
        addition.state = AdditionState.OFFERED
        ctx.reply(Text("addition.long", short=alert.short), thread=alert)
        return
    by_itself = _goes_by_itself(alert, addition)
    if by_itself:
        _await_minute(ctx, alert)
    elif not told:
        raise Refusal(Text("nobody"))
    if _is_long(addition):
        ctx.reply(Text("addition.begin", short=alert.short), thread=alert)
        return
    ctx.reply(Text("addition.thanks" if by_itself else "addition.thanks_checked", short=alert.short), thread=alert)


def takes_afterwards(ctx: Context, alert: Alert) -> bool:
    """Say whether the co-ordinators still want to read what a neighbour saw: in the day after the end (R11)."""
    lately = alert.closed_at is not None and ctx.now - alert.closed_at < AFTERMATH
    return lately and not caretakers.look_after(ctx, alert)


def afterwards(ctx: Context, alert: Alert, words: str) -> bool:
    """Give the co-ordinators what somebody says of an alert that has ended, members nothing; False: there are none."""
    said = Text("remark.caretaker", who=ctx.name_of(ctx.person), short=alert.short, text=words)
    log(ctx, alert, "remark", new=words)
    return caretakers.tell(ctx, alert, said)


def offer(ctx: Context, alert: Alert, words: str) -> bool:
    """Give the co-ordinators what somebody said without marking it as information (R11); False: there are none."""
    addition = Addition(
        alert=alert.id,
        person=ctx.person.id,
        text=words,
        message=ctx.source,
        at=ctx.now,
        state=AdditionState.OFFERED,
    )
    ctx.records.add(addition)
    first_answers.note(ctx, alert)
    log(ctx, alert, "remark", new=addition.text)
    return _tell(ctx, alert, addition, decided=False)


def take_in(
    ctx: Context, alert: Alert, person: PersonId | None, words: str, message: str, *, offered: bool = False
) -> None:
    """Take in a report that was about the same as an open alert (R16), on behalf of who reported it.

    What is only `offered` waits for a co-ordinator's tap, and so does a whole story, where somebody reads it.
    """
    state = AdditionState.OFFERED if offered else AdditionState.WAITING
    addition = Addition(alert=alert.id, person=person, text=words, message=message, at=ctx.now, state=state)
    ctx.records.add(addition)
    log(ctx, alert, "addition", new=words)
    _look_into(ctx, alert, addition)
    told = _tell(ctx, alert, addition, decided=False)
    if told and _is_long(addition):
        addition.state = AdditionState.OFFERED
    elif not offered and _goes_by_itself(alert, addition):
        _await_minute(ctx, alert)


def _keep(ctx: Context, alert: Alert, words: str) -> Addition:
    addition = Addition(alert=alert.id, person=ctx.person.id, text=words, message=ctx.source, at=ctx.now)
    log(ctx, alert, "addition", new=words)
    first_answers.note(ctx, alert)
    _look_into(ctx, alert, addition)
    return ctx.records.add(addition)


def _look_into(ctx: Context, alert: Alert, addition: Addition) -> None:
    """What names a street on the border is offered next door too (R20); where it is heading now is told at once."""
    if not alert.is_open:
        return
    own = home(ctx, alert)
    seen = read(addition.text, [street.name for street in own.here.streets] + list(own.here.borders), own.now)
    bordering.offer(own, alert, seen.direction_street, seen.street)
    if seen.direction and seen.direction != (alert.heading or alert.direction):
        alert.heading = seen.direction
        tell_updated(own, alert, "direction", in_words(own, masker(own)(seen.direction)), [addition])


def _is_long(addition: Addition) -> bool:
    return len(addition.text) > _LONGEST


def _goes_by_itself(alert: Alert, addition: Addition) -> bool:
    return alert.is_open and alert.severity.presses and not speaks_for_officials(addition.text)


def _tell(ctx: Context, alert: Alert, addition: Addition, *, decided: bool) -> bool:
    """Give it to the co-ordinators in full, with what they can do about it."""
    choices = (
        Choice(f"pass:{addition.id}", Text("addition.pass")),
        Choice(f"keep:{addition.id}", Text("addition.keep")),
    )
    who = ctx.name_of(addition.person) if addition.person is not None else None
    facts: dict[str, Fact] = {"short": alert.short, "who": who, "text": addition.text, "at": addition.at}
    if decided or not alert.is_open:
        content = Message(Text("addition.told", domain="", **facts))
    else:
        content = Message(Text("addition.caretaker", domain="", **facts), choices, "pass_on")
    return caretakers.tell(ctx, alert, content, alert.severity)


# --- passing on ------------------------------------------------------------------------------------------------------


@answer("pass_on")
def pass_on(ctx: Context, given: Answer) -> None:
    """A co-ordinator passes an addition on with one tap, or keeps it back."""
    decision, _, ident = given.value.partition(":")
    addition = ctx.records.get(Addition, int(ident))
    if addition is None or addition.state not in _UNDECIDED:
        ctx.reply(Text("addition.done"))
        return
    alert = get(ctx, addition.alert)
    if not caretakers.look_after(ctx, alert):
        raise Refusal(Text("refused.role", short=alert.short))
    if decision == "keep":
        addition.state = AdditionState.KEPT_BACK
        log(ctx, alert, "kept_back")
        ctx.reply(Text("addition.kept", short=alert.short))
    else:
        _passed_by_caretaker(ctx, alert, addition)


def _passed_by_caretaker(ctx: Context, alert: Alert, addition: Addition) -> None:
    if speaks_for_officials(addition.text):
        officials.ask_source(ctx, alert, addition.text, "addition", addition=addition.id)
        return
    _share(ctx, alert, addition)


def share(ctx: Context, alert: Alert, ident: int) -> None:
    """Pass on an addition whose source was confirmed (R14)."""
    addition = ctx.records.get(Addition, ident)
    if addition is None or addition.state not in _UNDECIDED or not alert.is_open:
        ctx.reply(Text("addition.done"))
        return
    _share(ctx, alert, addition)


def share_photo(ctx: Context, alert: Alert, addition: Addition) -> None:
    """Have a photo go to members, where the policy lets them see it: once the alert is out, and soon then."""
    addition.state = AdditionState.PASSED
    if alert.is_open:
        _soon(ctx, alert)


def catch_up(ctx: Context, alert: Alert) -> None:
    """Have follow, right after an alert went out, what was passed before it did."""
    if _of(ctx, alert, AdditionState.PASSED):
        _soon(ctx, alert)


def _soon(ctx: Context, alert: Alert) -> None:
    last = alert.updated_at + _MINUTE if alert.updated_at is not None else ctx.now
    _set_timer(ctx, alert, max(ctx.after(_SOON), last))


def _share(ctx: Context, alert: Alert, addition: Addition) -> None:
    if not alert.is_open:
        ctx.reply(Text("refused.closed", short=alert.short, at=alert.closed_at))
        return
    if addition.state is AdditionState.OFFERED:
        _look_into(ctx, alert, addition)
    addition.state = AdditionState.PASSED
    since = ctx.now - alert.updated_at if alert.updated_at is not None else _MINUTE
    if since < _MINUTE:
        _set_timer(ctx, alert, ctx.after(_MINUTE - since))
        ctx.reply(Text("addition.passed_soon", short=alert.short))
        return
    waiting = [addition, *_of(ctx, alert, AdditionState.PASSED)]
    count = _publish(ctx, alert, list({one.id: one for one in waiting}.values()))
    ctx.reply(Text("addition.passed" if count is not None else "addition.nothing_left", short=alert.short))


# --- the update ------------------------------------------------------------------------------------------------------


def _await_minute(ctx: Context, alert: Alert) -> None:
    """Have what waits go out a minute after the first of it, or after the last update."""
    if alert.update_due is not None and alert.update_due > ctx.now:
        return
    last = alert.updated_at + _MINUTE if alert.updated_at is not None else ctx.now
    _set_timer(ctx, alert, max(ctx.after(_MINUTE), last))


def _set_timer(ctx: Context, alert: Alert, due: datetime) -> None:
    if alert.update_due is None or alert.update_due <= ctx.now or due < alert.update_due:
        alert.update_due = due
        home(ctx, alert).later(due, "update", key=f"update:{alert.id}", alert=alert.id)


@timer("update")
def send_update(ctx: Context, alert: int) -> None:
    """Send all that came within the minute as one update, unless a co-ordinator kept it back."""
    known = get(ctx, alert)
    known.update_due = None
    if not known.is_open:
        return
    last = known.updated_at
    if last is not None and ctx.now - last < _MINUTE:
        _set_timer(ctx, known, last + _MINUTE)
        return
    waiting = [one for one in _of(ctx, known, AdditionState.WAITING) if _goes_by_itself(known, one)]
    going = sorted([*waiting, *_of(ctx, known, AdditionState.PASSED)], key=lambda one: (one.at, one.id))
    if going:
        _publish(ctx, known, going)


def _of(ctx: Context, alert: Alert, state: AdditionState) -> list[Addition]:
    return ctx.records.find(Addition, alert=alert.id, state=state)


def _publish(ctx: Context, alert: Alert, additions: list[Addition]) -> int | None:
    """Send one update with these; None when nothing of them may be read by members."""
    own = home(ctx, alert)
    lines: list[str] = []
    photos: list[Attachment] = []
    for one in additions:
        passed = one.state is AdditionState.PASSED
        shown = clipped(masker(own, confirmed=passed)(one.text), _LONGEST)
        if shown or one.media is not None:
            one.state = AdditionState.SHARED
            lines += [shown] if shown else []
            photos += [Attachment(one.media, "foto.jpg", one.mime, "photo")] if one.media is not None else []
        else:
            one.state = AdditionState.KEPT_BACK
    if not lines and not photos:
        return None
    authors = {one.person for one in additions}
    # Co-ordinators read an addition before anybody else; a photo that everybody may see they see now.
    open_to_all = bool(photos) and own.settings(AlertSettings).photos is PhotoPolicy.MEMBERS
    skipped = [*(() if open_to_all else caretakers.of(own, alert)), *(authors if len(authors) == 1 else ())]
    text = Text(
        "update", short=alert.short, at=own.now, lines=Lines(*map(said, lines)) if lines else Text("update.photo")
    )
    audience = own.audience.reached_by(alert).without(*(one for one in skipped if one is not None))
    content = Message(text, attachments=photos)
    within = renewals.with_additions(own, alert, additions, lines) if not photos else []
    alert.sent(own.broadcast(audience, content, alert.severity, thread=alert, included_in=within))
    if alert.route is Route.NEIGHBOURHOOD and alert.member_message is not None:
        alert.sent(own.broadcast(groups_of(own), content, alert.severity, thread=alert, included_in=within))
    alert.updated_at = alert.last_update = own.now
    set_expiry(own, alert)
    told = " / ".join(in_words(own, line) for line in lines)
    log(own, alert, "updated", new=told)
    tell_updated(own, alert, "addition", told, additions)
    return len(lines)
