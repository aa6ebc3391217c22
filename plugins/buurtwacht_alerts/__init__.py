"""Alerts: one sentence of a neighbour becomes an alert for everybody near, with its updates and its end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial

from buurtwacht import (
    CARETAKERS,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    OfficialKind,
    PersonId,
    Proof,
    Rank,
    Role,
    Severity,
    Text,
    Thread,
    hookimpl,
    is_call_for_help,
)
from buurtwacht_alerts import (
    additions,
    bordering,
    bulletins,
    caretakers,
    closing,
    consequences,
    drill_answering,
    drill_commands,
    emergency,
    feeds,
    forgetting,
    help,
    history,
    hookspecs,
    insight,
    objections,
    photos,
    privacy,
    proofs,
    raising,
    remarks,
    reporting,
    unmuting,
    why,
    wordless,
)
from buurtwacht_alerts.alert import Addition, Alert, get, log, shown_lately
from buurtwacht_alerts.categories import CATEGORIES
from buurtwacht_alerts.drill_commands import or_drill
from buurtwacht_alerts.reading import read
from buurtwacht_alerts.settings import AlertSettings

__all__ = ["hookspecs", "manifest"]

manifest = Manifest(
    id="alerts",
    name="Meldingen",
    version="0.1.0",
    settings=AlertSettings,
    permissions=frozenset({"store", "timers", "send:members", "read:names"}),
    vital=True,
    templates=frozenset(
        {
            "alert",
            "alert.caretaker",
            "alert.notice",
            "alert.notice_relayed",
            "alert.relayed",
            "addition.caretaker",
            "addition.told",
            "called.brief",
            "close.wish",
            "delivery_report",
            "digest",
            "drill",
            "drill.ended",
            "drill.not_begun",
            "drill.report",
            "drill.report.stopped",
            "drill.stopped",
            "doubt.caretaker",
            "duplicate.added",
            "edited.caretaker",
            "deleted.caretaker",
            "end.all_clear",
            "end.expired",
            "end.false_alarm",
            "end.retracted",
            "false_alarm.call_back",
            "false_alarm.call_back.other",
            "false_alarm.thanks",
            "held",
            "held.not_sent",
            "held.not_sent.admin",
            "held.reporter",
            "held.reporter.admin",
            "held.reporter.long",
            "held.reporter.long.admin",
            "held.whole",
            "help.caretaker",
            "location.caretaker",
            "objection.ask",
            "objection.upheld.own",
            "objection.upheld.told",
            "photo.caretaker",
            "receipt",
            "receipt.later",
            "receipt.municipality",
            "receipt.nobody",
            "raised",
            "relay.offer",
            "relay.told",
            "remark.caretaker",
            "reopened",
            "review.ask",
            "review.talk.due",
            "review.talk.own",
            "review.through_admin.over",
            "review.through_admin.own",
            "review.told",
            "review.undone.own",
            "review.undone.told",
            "still_open",
            "unsafe.caretaker",
            "update",
        }
    ),
)


#: What follows a command is an id and a word or two; more is a sentence.
_SHORT = r"\S+(?: \S+){0,2}"
#: "Alarm gaat af bij de buren" tells of a sound.
_NO_SOUND = r"(?!(?:gaat|ging|is|was|van|in|bij|at|going|went|loopt)\b).*"
#: "Close the door, there is a man with a knife" ends nothing, nor does "end of the street, a man".
_NO_DOOR = (
    r"(?!(?:(?:the|all|your|de|alle|je|jullie|uw) )?(?:doors?|windows?|gates?|deur|deuren|raam|ramen|poort)\b"
    r"|of (?:the|our|my|your) (?:street|road|lane|path|block|square)\b).*"
)


@hookimpl
def commands() -> list[Command]:
    """Return the words of this plugin. Who may close is decided by the alert, not only by where one speaks."""
    return [
        Command("report", reporting.report, presses=True),
        Command("alarm", reporting.alarm, presses=True, menu=False, takes=_NO_SOUND),
        Command("update", or_drill(additions.update, drill_commands.not_of_drills, bare=False)),
        Command("status", or_drill(insight.status, drill_commands.status), takes=_SHORT),
        Command("outcome", or_drill(insight.outcome, drill_commands.status), menu=False, takes=_SHORT),
        Command("close", or_drill(closing.close, drill_commands.close), takes=_NO_DOOR),
        Command("false_alarm", or_drill(closing.false_alarm, drill_commands.not_of_drills)),
        Command("retract", or_drill(closing.retract, drill_commands.not_of_drills, bare=False), menu=False),
        Command(
            "reopen",
            or_drill(closing.reopen, drill_commands.not_of_drills, bare=False),
            roles=frozenset({Role.ADMIN}),
        ),
        Command("standing", or_drill(insight.standing, drill_commands.standing), roles=CARETAKERS, takes=_SHORT),
        Command("drill", drill_commands.drill, presses=True, menu_for=CARETAKERS),
        Command("drills", drill_commands.drills_listed, roles=CARETAKERS),
        Command("drill_end", drill_commands.end, presses=True, menu=False),
        Command("drill_cancel", drill_commands.cancel, presses=True, menu=False),
        Command("why", or_drill(why.why, drill_commands.not_of_drills, bare=False), menu_for=CARETAKERS),
        Command("history", history.history, roles=frozenset({Role.ADMIN})),
        Command("objection", objections.objection, public=True, menu=False),
        Command("raise", or_drill(raising.raise_severity, drill_commands.not_of_drills, bare=False), roles=CARETAKERS),
        Command(
            "relay", or_drill(bordering.relay, drill_commands.not_of_drills, bare=False), roles=CARETAKERS, shared=True
        ),
        Command("cap", feeds.send_cap, roles=CARETAKERS, menu=False),
        Command("geojson", feeds.send_geojson, roles=CARETAKERS, menu=False),
        Command("feed", feeds.send_links, roles=CARETAKERS),
    ]


@hookimpl
def reserved_words() -> list[str]:
    """Return what a call for help and a report of present harm are known by: a command would come before them."""
    harm = (one for one in CATEGORIES.values() if one.severity is Severity.CRITICAL)
    return sorted(help.CRIES.union(*(one.words for one in harm)))


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Recognise a call for help, a report, "ja gebeld", and text about an alert somebody was shown."""
    ctx, text = hearing.ctx, hearing.text
    if not text:
        return Guess(wordless.located if hearing.location else wordless.pictured, 0.9, Rank.OTHER)
    if is_call_for_help(text.removeprefix("/")):
        # Not quite certain: who knows where he is (on a round, with whom) knows better whom to tell.
        return Guess(help.called_for, 0.9, Rank.HELP)
    about = hearing.about.record if hearing.about is not None and hearing.about.plugin == manifest.id else None
    of_drills = drill_answering.recognise(hearing)
    if of_drills is not None:
        return of_drills
    reading = read(text, [street.name for street in hearing.neighbourhood.streets], ctx.now)
    if reading.likely and (about is None or reading.severity is Severity.CRITICAL):
        cries = reading.severity.presses and help.begins(text)
        return Guess(help.called_for if cries else reporting.recognised, reading.certainty, Rank.REPORT)
    if emergency.may_answer(text):
        waiting = emergency.waiting_for(ctx, hearing.person)
        if waiting is not None and emergency.is_answered_by(waiting, text):
            # "Ja gebeld" is "seen" below a neighbour's alert as well: who was going to call means his own (R7).
            rank = Rank.REPORT if emergency.is_done_now(waiting, text) else Rank.OTHER
            return Guess(reporting.called_stated, 0.9, rank)
    if about is not None:
        return Guess(partial(remarks.remarked, about=about), 0.9, Rank.OTHER)
    if shown_lately(ctx, hearing.person):
        return Guess(remarks.remarked, 0.5, Rank.REMARK)
    return drill_answering.remark(hearing)


@hookimpl
def alert_opened(ctx: Context, alert: int) -> None:
    """Our own tell: what is issued for other systems never holds back the alert itself."""
    bulletins.opened(ctx, get(ctx, alert))


@hookimpl
def alert_updated(ctx: Context, alert: int, what: str) -> None:
    """Our own tell: the change is issued."""
    bulletins.updated(ctx, get(ctx, alert), what)


@hookimpl
def official_acknowledged(ctx: Context, alert: int, kind: str, at: str) -> None:
    """Our own tell, by whoever asks officials: that one of them has it is issued, for him alone."""
    bulletins.acknowledged(ctx, get(ctx, alert), OfficialKind(kind), datetime.fromisoformat(at))


@hookimpl
def alert_closed(ctx: Context, alert: int) -> None:
    """Our own tell: its end is issued; false alarms are counted apart from what that says, once it is kept (R25)."""
    bulletins.ended(ctx, get(ctx, alert))
    consequences.consider(ctx, alert)


@hookimpl
def message_edited(ctx: Context, person: PersonId, message: str, text: str) -> None:
    """A report or an addition was changed on the messenger: the alert stays, the co-ordinators are told (R18)."""
    alert = _written_in(ctx, person, message)
    if alert is not None:
        log(ctx, alert, "message_edited", new=text[:600])
        said = Text("edited.caretaker", who=ctx.name_of(person), short=alert.short, text=text[:600])
        caretakers.tell(ctx, alert, said)


@hookimpl
def message_deleted(ctx: Context, person: PersonId, message: str) -> None:
    """A report or an addition was deleted on the messenger: the alert stays, the co-ordinators are told (R18)."""
    alert = _written_in(ctx, person, message)
    if alert is not None:
        log(ctx, alert, "message_deleted")
        caretakers.tell(ctx, alert, Text("deleted.caretaker", who=ctx.name_of(person), short=alert.short))


def _written_in(ctx: Context, person: PersonId, message: str) -> Alert | None:
    alert = ctx.records.first(Alert, message=message, reporter=person)
    if alert is not None and alert.short:
        return alert
    addition = ctx.records.first(Addition, message=message, person=person)
    return get(ctx, addition.alert) if addition is not None else None


@hookimpl(optionalhook=True)
def mute_ended(ctx: Context, person: PersonId) -> None:
    """Who was spared an alert that is still open is shown it now."""
    unmuting.show(ctx, person)


@hookimpl
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str, taken_by: str) -> None:
    """A photo came after its words."""
    photos.arrived(ctx, person, message, media, mime, taken_by)


@hookimpl
def still_open(ctx: Context) -> Collection[Thread]:
    """Return the alerts that are open for so long that the core would forget who was shown them (R15)."""
    return forgetting.still_open(ctx)


@hookimpl
def under_way(ctx: Context) -> Collection[Proof]:
    """Return what the self-audit is to prove."""
    return proofs.under_way()


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what alerts know about somebody."""
    return privacy.export(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Forget who somebody was."""
    privacy.erase(ctx, person)
