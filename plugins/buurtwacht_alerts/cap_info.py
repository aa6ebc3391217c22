"""What a bulletin says of an alert or a drill, once in each language: what members read, in the words of CAP 1.2."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from buurtwacht import Context, Fact, Lines, Severity, Text
from buurtwacht_alerts.alert import Alert, Event, Outcome
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.cap import Area, Info, moment
from buurtwacht_alerts.categories import CATEGORIES, Category
from buurtwacht_alerts.covered import said
from buurtwacht_alerts.ending import line
from buurtwacht_alerts.positions import position_of
from buurtwacht_alerts.wording import clipped, for_members, instruction, label, masker

#: Kilometres around the place within which an alert concerns everybody (domain §2.3).
_RADIUS = 0.3
#: So many updates stand in a bulletin, the newest of them: each says all that holds by then.
_UPDATES = 3
#: CAP 1.2 §3.2.2 advises at most so many signs.
_HEADLINE = 160
#: What happened longer ago than this is over.
_PAST = 3600

_SEVERITY = {Severity.CRITICAL: "Severe", Severity.URGENT: "Moderate"}
_CALLED = {
    Called112.REPORTER: "called-by-reporter",
    Called112.SOMEONE_ELSE: "called-by-someone-else",
    Called112.NOT_YET: "not-yet-confirmed",
    Called112.NOT_NEEDED: "not-needed",
    Called112.UNKNOWN: "unknown",
}
_POSSIBLE = re.compile(
    r"\b(?:denk|dacht|volgens mij|misschien|mogelijk|wellicht|lijkt|leek|think|maybe|perhaps|might|possibly|seems)\b",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"\b(?:hoor|hoorde|gehoord|vertelde|vertelt|zegt|zei|schijnt|volgens (?:de|het|een|mijn)|hear|heard|told|says|said"
    r"|according to)\b",
    re.IGNORECASE,
)


def infos_of(own: Context, alert: Alert, headline: str) -> list[Info]:
    """Return what an alert says now, in its own neighbourhood, under the headline of this key."""
    shown = for_members(own, alert).text.facts
    if alert.outcome is not None:
        lines = [Text("cap.outcome", outcome=line(own, alert).facts["outcome"])]
    else:
        lines = [*_shown_lines(shown), *_updates(own, alert)]
    return [_info(own, alert, headline, shown["place"], lines, language) for language in _languages(own)]


def infos_of_drill(own: Context, short: str, until: datetime, words: str | None) -> list[Info]:
    """Return what a drill says: what is practised, in the words of its planner, or, without words, that it is over."""
    return [_drill(own, short, until, words, language) for language in _languages(own)]


def _languages(own: Context) -> list[str]:
    """Return the languages of every bulletin, the neighbourhood's own first."""
    return sorted(("nl", "en"), key=lambda one: one != own.here.language)


def _tag(own: Context, language: str) -> str:
    """Return the language as CAP 1.2 §3.2.2 writes it."""
    return "en-GB" if language == "en" else f"{language}-{own.country}"


def _info(own: Context, alert: Alert, headline: str, where: Fact, lines: Sequence[Text], language: str) -> Info:
    say = partial(own.in_words, language=language)
    category = CATEGORIES[alert.category]
    over = alert.outcome is not None
    name = say(label(alert)).capitalize()
    done = Text("cap.instruction.end" if over else "cap.instruction", instruction=instruction(alert))
    return Info(
        language=_tag(own, language),
        categories=category.cap_categories,
        event=say(Text("cap.event.end")) if over else name,
        responses=_responses(alert, category),
        urgency=_urgency(alert),
        severity="Minor" if over else _SEVERITY.get(alert.severity, "Minor"),
        certainty=_certainty(alert),
        onset=alert.happened_at.astimezone(own.here.zone) if alert.happened_at is not None else None,
        expires=_expires(own, alert, category),
        sender_name=say(Text("cap.sender", name=own.here.name)),
        headline=clipped(say(Text(headline, label=name, place=where, short=alert.short)), _HEADLINE),
        description="\n".join(map(say, lines)),
        instruction=say(done),
        parameters=_parameters(own, alert, category),
        area=Area(say(_area(own, alert, where)), position_of(alert, own.here), _RADIUS),
    )


def _shown_lines(shown: Mapping[str, Fact]) -> list[Text]:
    """Return what members read of an open alert, from the facts of their message."""
    details = shown["details"]
    more = [one for one in details.texts if isinstance(one, Text)] if isinstance(details, Lines) else []
    called = [Text("cap.called", called=shown["called"])] if "called" in shown else []
    return [Text("cap.what", what=shown["what"]), *more, *called]


def _updates(own: Context, alert: Alert) -> list[Text]:
    """Return the newest updates as members were sent them, the oldest of them first."""
    table = Event.__table__.c
    sent = own.records.find(Event, table.new != "", alert=alert.id, what="updated", order=[table.at, table.id])
    return [Text("cap.update", at=one.at, text=one.new) for one in sent[-_UPDATES:]]


def _responses(alert: Alert, category: Category) -> tuple[str, ...]:
    if alert.outcome is None:
        return category.cap_responses
    # That nothing was heard any more clears nobody.
    return ("AllClear",) if alert.outcome is Outcome.ALL_CLEAR else ("None",)


def _urgency(alert: Alert) -> str:
    if alert.outcome is not None:
        return "Past"
    if alert.severity.presses:
        return "Immediate"
    if alert.severity is Severity.INFO:
        return "Unknown"
    ago = (alert.reported_at - alert.at).total_seconds()
    return "Past" if ago > _PAST else "Expected"


def _certainty(alert: Alert) -> str:
    """Return how sure its reporter was, by his own words; an alert that only time ended is not known to be over."""
    if alert.outcome is Outcome.EXPIRED or not alert.words:
        return "Unknown"
    if alert.outcome is not None:
        return "Observed"
    if _POSSIBLE.search(alert.words):
        return "Possible"
    return "Likely" if _HEARD.search(alert.words) else "Observed"


def _expires(own: Context, alert: Alert, category: Category) -> datetime:
    """Return until when it is to be believed (R13)."""
    if alert.outcome is not None:
        return own.now + CATEGORIES["all_clear"].expiry
    counted = alert.last_update.astimezone(own.here.zone) + category.expiry
    return counted if counted > own.now else own.now + category.expiry


def _parameters(own: Context, alert: Alert, category: Category) -> tuple[tuple[str, str], ...]:
    called = [("buurt:112", _CALLED[alert.called])]
    if alert.called_at is not None:
        called.append(("buurt:112-time", moment(alert.called_at.astimezone(own.here.zone))))
    return (*called, ("buurt:category", category.code), ("buurt:id", alert.short))


def _area(own: Context, alert: Alert, where: Fact) -> Text:
    key = "cap.area" if alert.has_place else "cap.area.whole"
    return Text(key, name=own.here.name, place=where)


def _drill(own: Context, short: str, until: datetime, words: str | None, language: str) -> Info:
    say = partial(own.in_words, language=language)
    category = CATEGORIES["drill"]
    over = words is None
    practised = said(masker(own)(words)) if words else ""
    description = Text("cap.drill.over") if over else Text("cap.drill", words=practised or Text("what.unknown"))
    return Info(
        language=_tag(own, language),
        categories=category.cap_categories,
        event=say(Text("category.drill")),
        responses=("AllClear",) if over else ("Execute",),
        urgency="Past" if over else "Immediate",
        severity="Minor",
        certainty="Observed",
        expires=until,
        sender_name=say(Text("cap.sender", name=own.here.name)),
        headline=say(Text("cap.drill.headline", short=short)),
        description=say(description),
        instruction=say(Text("cap.drill.instruction.over" if over else "cap.drill.instruction")),
        parameters=(("buurt:category", category.code), ("buurt:id", short)),
        area=Area(say(Text("cap.area.whole", name=own.here.name))),
    )
