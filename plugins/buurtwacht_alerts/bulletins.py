"""Bulletins: what happened to an alert or a drill, issued as CAP 1.2 for whoever else listens.

Alerts hear of it by their own tells, in a transaction after the alert's: nothing here can hold back an alert.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from buurtwacht import Context, OfficialKind, Text
from buurtwacht_alerts.alert import Alert, Event, Outcome, home
from buurtwacht_alerts.bulletin import Bulletin, bulletins_of
from buurtwacht_alerts.cap import Document, Info, Kind, Status, token, write
from buurtwacht_alerts.cap_info import infos_of, infos_of_drill
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.ending import line

#: Changes that members read of later, in an update, or not at all.
_NOT_SHOWN = ("photo", "direction")
#: Lines of its log from which on officials are asked again.
_ANEW = ("raised", "reopened")

# --- what happens to an alert ----------------------------------------------------------------------------------------


def opened(ctx: Context, alert: Alert) -> None:
    """Issue what an alert says when it goes out."""
    own = home(ctx, alert)
    _issue(own, alert.id, alert.short, Kind.ALERT, infos_of(own, alert, "cap.headline"))


def updated(ctx: Context, alert: Alert, what: str) -> None:
    """Issue what holds after a change; `what` is as in the hook `alert_updated`."""
    if not alert.is_open or what in _NOT_SHOWN:
        return  # what is told of its end says more; what members were not shown is not issued
    own = home(ctx, alert)
    headline = f"cap.headline.{what}" if what in ("addition", "reopened") else "cap.headline"
    # What was reopened after its bulletins were forgotten is new to whoever listens.
    known = bulletins_of(own, alert.short) or what != "reopened"
    _issue(own, alert.id, alert.short, Kind.UPDATE if known else Kind.ALERT, infos_of(own, alert, headline))


def ended(ctx: Context, alert: Alert) -> None:
    """Issue how an alert ended: the all-clear, or that what was said is taken back."""
    own = home(ctx, alert)
    if alert.outcome in (Outcome.ALL_CLEAR, Outcome.EXPIRED):
        _issue(own, alert.id, alert.short, Kind.UPDATE, infos_of(own, alert, "cap.headline.end"))
    elif alert.outcome is not None:
        note = own.in_words(line(own, alert), own.here.language)
        _issue(own, alert.id, alert.short, Kind.CANCEL, note=note)


def acknowledged(ctx: Context, alert: Alert, kind: OfficialKind, at: datetime) -> None:
    """Issue that an official has it, for him alone: members never learn of it by this (R45). Twice is once (R44)."""
    own = home(ctx, alert)
    address = f"official:{kind}"
    if _has_it(own, alert, address):
        return
    note = own.in_words(Text("cap.ack", who=Text(f"cap.official.{kind}"), at=at), own.here.language)
    _issue(own, alert.id, alert.short, Kind.ACK, note=note, addresses=(address,))


def _has_it(own: Context, alert: Alert, address: str) -> bool:
    """Say whether that is issued already: since it began anew, if it was raised or opened again."""
    table = Event.__table__.c
    anew = own.records.first(Event, table.what.in_(_ANEW), alert=alert.id, order=[table.at.desc()])
    since = anew.at if anew is not None else alert.reported_at
    acknowledged = (one for one in bulletins_of(own, alert.short) if one.kind is Kind.ACK and one.at >= since)
    return any(f"<addresses>{address}</addresses>" in one.document for one in acknowledged)


# --- drills ----------------------------------------------------------------------------------------------------------


def drill_opened(ctx: Context, drill: int, short: str, words: str, until: datetime) -> None:
    """Issue that a drill begins, in its own neighbourhood: an exercise, that says not to call."""
    infos = infos_of_drill(ctx, short, until, words)
    _issue(ctx, drill, short, Kind.ALERT, infos, status=Status.EXERCISE, note=_no_call(ctx))


def drill_ended(ctx: Context, drill: int, short: str) -> None:
    """Issue that a drill is over."""
    infos = infos_of_drill(ctx, short, ctx.now + CATEGORIES["all_clear"].expiry, None)
    _issue(ctx, drill, short, Kind.UPDATE, infos, status=Status.EXERCISE, note=_no_call(ctx))


def _no_call(ctx: Context) -> str:
    return ctx.in_words(Text("cap.drill.note"), ctx.here.language)


# --- issuing ---------------------------------------------------------------------------------------------------------


def _issue(
    own: Context,
    about: int,
    short: str,
    kind: Kind,
    infos: Sequence[Info] = (),
    *,
    status: Status = Status.ACTUAL,
    note: str = "",
    addresses: tuple[str, ...] = (),
) -> None:
    """Write a message down with the handler's commit; one that refers to nothing any more is not issued."""
    here = own.here
    known = bulletins_of(own, short)
    earlier = [one.reference for one in known if one.kind is not Kind.ACK]
    if kind is not Kind.ALERT and not earlier:
        return
    document = Document(
        identifier=f"{own.country}-{here.code}-{own.now:%Y%m%d}-{own.number('bulletin'):04d}",
        sender=".".join(("buurtwacht", token(here.municipality) or own.country.lower(), here.code.lower())),
        sent=own.now,
        status=status,
        kind=kind,
        incident=short,
        restriction=own.in_words(Text("cap.restriction", name=here.name), here.language),
        addresses=addresses,
        note=note,
        references=tuple(earlier),
        infos=tuple(infos),
    )
    own.records.add(
        Bulletin(
            alert=about,
            neighbourhood=here.id,
            short=short,
            number=known[-1].number + 1 if known else 1,
            at=own.now,
            kind=kind,
            identifier=document.identifier,
            reference=document.reference,
            headline=infos[0].headline if infos else note,
            document=write(document),
        )
    )
