"""The next neighbourhood: an alert is offered to it when it names a street on the border, and relayed with one tap."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import (
    CARETAKERS,
    Answer,
    Choice,
    Context,
    Message,
    Neighbourhood,
    Refusal,
    Role,
    Text,
    answer,
    timer,
)
from buurtwacht_alerts import drills, muting
from buurtwacht_alerts.alert import Alert, Relay, get, home, log, named
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.wording import for_members, label, masker, place

#: R20: the deputy is asked when the representative has not answered for so long.
_DEPUTY_AFTER = timedelta(minutes=10)

_CHOICES = (Choice("relay", Text("relay.yes")), Choice("leave", Text("relay.no")))


def offer(ctx: Context, alert: Alert, *streets: str | None) -> None:
    """Offer the alert to the representatives next door, when one of the streets is on their border; once each."""
    borders = {street.casefold(): code for street, code in ctx.here.borders.items()}
    codes = {borders[street.casefold()] for street in streets if street and street.casefold() in borders}
    for code in sorted(codes):
        other = ctx.neighbourhood_by(code)
        if other is None or ctx.plugin in other.plugins_off:
            continue
        if ctx.records.first(Relay, alert=alert.id, neighbourhood=other.id) is not None:
            continue
        ctx.records.add(Relay(alert=alert.id, neighbourhood=other.id))
        next_door = ctx.within(other)
        if not _ask(next_door, alert, Role.REPRESENTATIVE):
            _ask(next_door, alert, Role.DEPUTY_REPRESENTATIVE)
        key = f"deputy:{alert.id}:{other.id}"
        next_door.later(_DEPUTY_AFTER, "ask_deputy", key=key, alert=alert.id)


def _ask(next_door: Context, alert: Alert, role: Role) -> bool:
    """Offer the relay to those with a role next door; the reporter is not asked about his own report."""
    people = [one.id for one in next_door.members(role) if one.id not in alert.reporters]
    own = home(next_door, alert)
    masked = masker(own)
    text = Text(
        "relay.offer",
        origin=own.here.name,
        label=label(alert),
        place=place(alert, masked),
        what=said(masked(alert.behaviour)) or Text("what.unknown"),
        direction=said(masked(alert.direction)) or None,
        short=alert.short,
    )
    for person in people:
        # Not in the alert's thread: who is only asked was not shown the alert (R15).
        next_door.ask(person, Message(text, choices=_CHOICES), "relay_offer", payload={"alert": alert.id})
    return bool(people)


@timer("ask_deputy")
def ask_deputy(ctx: Context, alert: int) -> None:
    """Nobody answered the offer for ten minutes: the deputy is asked."""
    known = get(ctx, alert)
    relay = ctx.records.first(Relay, alert=alert, neighbourhood=ctx.here.id)
    if known.is_open and relay is not None and relay.message is None:
        _ask(ctx, known, Role.DEPUTY_REPRESENTATIVE)


@answer("relay_offer")
def relay_offered(ctx: Context, given: Answer) -> None:
    """The representative next door decides whether his members are told."""
    alert = get(ctx, int(given.payload["alert"]))
    ctx.cancel(f"deputy:{alert.id}:{ctx.here.id}")
    if given.value != "relay":
        ctx.reply(Text("relay.left", short=alert.short))
        return
    if not alert.is_open:
        ctx.reply(Text("refused.closed", short=alert.short, at=alert.closed_at))
        return
    _relay(home(ctx, alert), alert, ctx.here)


def relay(ctx: Context, text: str) -> None:
    """`doorzetten <id> <code>`: a co-ordinator sends an alert to an adjacent neighbourhood at once (R20)."""
    alert, rest = named(ctx, text)
    if not alert.is_open:
        raise Refusal(Text("refused.closed", short=alert.short, at=alert.closed_at))
    code = rest.split()[0].upper() if rest else ""
    adjacent = [one.upper() for one in ctx.here.adjacent]
    if not code and len(adjacent) == 1:
        code = adjacent[0]
    other = ctx.neighbourhood_by(code) if code in adjacent else None
    if other is None:
        raise Refusal(Text("refused.not_adjacent", code=code or "?", codes=", ".join(adjacent) or "-"))
    _relay(ctx, alert, other)


def _relay(ctx: Context, alert: Alert, other: Neighbourhood) -> None:
    """Send it to those next door who have not had it; `ctx` is in the alert's own neighbourhood."""
    relay = ctx.records.first(Relay, alert=alert.id, neighbourhood=other.id)
    if relay is not None and relay.message is not None:
        raise Refusal(Text("relay.already", short=alert.short, name=other.name))
    if ctx.plugin in other.plugins_off:
        # Nothing of it would arrive, and it could not be relayed again once it is on.
        raise Refusal(Text("relay.off", short=alert.short, name=other.name))
    if relay is None:
        relay = ctx.records.add(Relay(alert=alert.id, neighbourhood=other.id))
    left_out = {one.person for one in ctx.reached(alert)} | set(alert.reporters)
    next_door = ctx.within(other)
    refusing = muting.refusing(next_door, alert, left_out)
    muted = muting.passed_over(next_door, alert, left_out.union(refusing))
    left_out |= {*refusing, *muted}
    audience = muting.decided(next_door.audience.members().and_groups(), alert).without(*left_out)
    content = for_members(ctx, alert, relayed=True)
    drills.stop(next_door, alert)
    relay.message = next_door.broadcast(
        audience, content, alert.severity, thread=alert, first_word=alert.severity.presses
    )
    alert.sent(relay.message)
    count = sum(one.id not in left_out for one in next_door.members())
    log(ctx, alert, "relayed", new=other.code)
    ctx.reply(Text("relay.done", short=alert.short, name=other.name, count=count))
    told = [one.id for one in ctx.members(*CARETAKERS) if one.id != ctx.person.id]
    if told:
        ctx.send(told, Text("relay.told", short=alert.short, name=other.name), thread=alert)


def respread(ctx: Context, alert: Alert, brief: Text) -> None:
    """Bring relayed copies up to date as well (R8)."""
    relayed = [one for one in ctx.records.find(Relay, alert=alert.id) if one.message is not None]
    if not relayed:
        return
    content = for_members(ctx, alert, relayed=True, brief=brief)
    for one in relayed:
        next_door = ctx.within(ctx.neighbourhood_of(one.neighbourhood))
        audience = next_door.audience.members().and_groups()
        alert.sent(next_door.broadcast(audience, content, alert.severity, thread=alert, replaces=one.message))
