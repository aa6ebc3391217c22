"""The self-audit: once a minute it proves that what is under way goes on and that counts agree, and says when not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from buurtwacht.host.context import Context
from buurtwacht.host.in_time import PATIENTLY, Question
from buurtwacht.host.permissions import own
from buurtwacht.host.under_way import Addressed, Counted, Proof, UnderWay
from buurtwacht.records import audit, loose_ends, selfaudit
from buurtwacht.records.audience import Audience
from buurtwacht.records.findings import Change, Suspicion, keep, take_turn
from buurtwacht.records.loose_ends import LooseEnd
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.vocabulary.messages import Lines, Severity, Text
from buurtwacht.vocabulary.roles import CARETAKERS, Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit

#: The codes of what is found about records; those of what is late are in `records.selfaudit`.
NO_STEP, NO_DELIVERY, UNEVEN, FAN_OUT = "no_next_step", "not_sent", "counts_differ", "fan_out_differs"
#: Every code there is: they stay the same, so that whoever watches from outside can rely on them.
CODES = (NO_STEP, NO_DELIVERY, UNEVEN, FAN_OUT, *selfaudit.LATE_CODES)
#: What co-ordinators read of each. What is late is for admins.
_TEXTS = {NO_STEP: "audit.no_step", NO_DELIVERY: "audit.count", UNEVEN: "audit.count", FAN_OUT: "audit.count"}
#: So many things one message names.
_NAMED = 8

log = structlog.get_logger("buurtwacht.audit")


def step(core: Core) -> Change | None:
    """Audit, keep what was found and tell who should know; None when another process does so this minute.

    Raises `StoreUnavailable` and `Replay`.
    """
    now = core.clock.now()
    if not take_turn(core.database, now):
        return None
    seen, busy = suspicions(core, now)
    unit = core.database.unit()
    change = keep(unit, seen, busy, now)
    for one in change.begun:
        log.warning("found", code=one.code, plugin=one.plugin or "core", subject=one.short or one.record)
        audit.note(unit, now, "system", f"found_{one.code}", _subject(one))
    for one in change.over:
        audit.note(unit, now, "system", f"over_{one.code}", _subject(one))
    _tell(core, unit, change.begun, over=False)
    _tell(core, unit, change.over, over=True)
    unit.commit()
    return change


def suspicions(core: Core, now: datetime) -> tuple[list[Suspicion], set[str]]:
    """Return what is amiss at this moment, and the plugins of which nothing can be said: they are at work, are paused,
    or failed when they were asked.

    What is amiss only now may be a moment between two steps; what is still so a minute later is not.
    """
    found = [Suspicion(code, called=f"audit.{code}") for code in selfaudit.late(core.database, now)]
    with core.database.reading() as connection:
        silent = loose_ends.busy_plugins(connection, now - selfaudit.LATE) | set(core.health.paused())
        uneven = loose_ends.uneven_broadcasts(connection, now)
    for one in uneven:
        found += _named("", FAN_OUT, "audit.message" if one.short else "audit.some_message", Severity.NOTICE, [one])
    for plugin, under_way in core.plugins.implementations("under_way"):
        if plugin in silent:
            continue
        proofs = _proofs(core, plugin, under_way)
        seen = None
        if proofs is not None:
            unit = core.database.unit()
            look = partial(_look, core, plugin, proofs)
            seen = core.health.guarded(plugin, "under_way", look, unit, pauses=False)
            unit.close()
        if seen is None:
            silent.add(plugin)
        else:
            found += seen
    return [one for one in found if _is_on(core, one)], silent


def begun(core: Core, plugin: str, where: Neighbourhood) -> list[Text]:
    """Return the names of all that a plugin has under way in a neighbourhood, as its co-ordinators read them.

    Nothing of one that is paused, which stands still already, nor of one that cannot say it.
    """
    asked = [one for name, one in core.plugins.implementations("under_way") if name == plugin]
    if not asked or core.health.is_paused(plugin):
        return []
    proofs = _proofs(core, plugin, asked[0]) or []
    unit = core.database.unit()
    look = partial(_begun, core, plugin, [one for one in proofs if isinstance(one, UnderWay)], where)
    found = core.health.guarded(plugin, "under_way", look, unit, pauses=False)
    unit.close()
    return found or []


def _begun(core: Core, plugin: str, proofs: Sequence[UnderWay], where: Neighbourhood) -> list[Text]:
    found: list[Text] = []
    with core.database.reading() as connection:
        for one in proofs:
            for kind in (one.kind, *(one.part_of[1:] if one.part_of is not None else ())):
                own(core, plugin, kind)
            parent = (one.part_of[0], one.part_of[1].__table__) if one.part_of is not None else None
            ends = loose_ends.under_way_at(connection, where.id, one.kind.__table__, one.where, parent)
            found += [Text(one.called, domain=plugin, short=end.short) for end in ends]
    return found


def _proofs(core: Core, plugin: str, under_way: Callable[..., Iterable[Proof]]) -> list[Proof] | None:
    """Return what a plugin says; None where it fails or does not answer. That is no reason to pause it."""
    question = Question(plugin, "under_way", partial(_asked, core, plugin, under_way), pauses=False)
    proofs: list[Proof] | None = core.in_time.ask_one(question, PATIENTLY)
    return proofs


def _asked(core: Core, plugin: str, under_way: Callable[..., Iterable[Proof]], unit: Unit) -> list[Proof]:
    return list(under_way(ctx=Context(core, plugin, unit)) or ())


def _look(core: Core, plugin: str, proofs: Sequence[Proof]) -> list[Suspicion]:
    """Return what of a plugin's records is amiss. Raises `PluginError` for another one's."""
    found: list[Suspicion] = []
    with core.database.reading() as connection:
        for one in proofs:
            if isinstance(one, Counted):
                if one.numbers[0] != one.numbers[1]:
                    ends = [LooseEnd(one.thread.record, one.thread.short, one.neighbourhood)]
                    found += _named(plugin, UNEVEN, one.called, one.severity, ends)
                continue
            table = one.kind.__table__
            for kind in (one.kind, *(one.part_of[1:] if one.part_of is not None else ())):
                own(core, plugin, kind)
            parent = (one.part_of[0], one.part_of[1].__table__) if one.part_of is not None else None
            if isinstance(one, UnderWay):
                if not one.steps:
                    continue
                ends = loose_ends.without_step(connection, plugin, table, one.where, one.steps, parent)
                found += _named(plugin, NO_STEP, one.called, one.severity, ends)
            elif isinstance(one, Addressed):
                ends = loose_ends.without_delivery(connection, table, one.where, one.person, one.thread, parent)
                found += _named(plugin, NO_DELIVERY, one.called, one.severity, ends)
    return found


def _named(plugin: str, code: str, called: str, severity: Severity, ends: Iterable[LooseEnd]) -> list[Suspicion]:
    return [Suspicion(code, plugin, one.record, one.short, called, one.neighbourhood, severity) for one in ends]


def _is_on(core: Core, one: Suspicion) -> bool:
    """Whether it is to go on at all: where a plugin is off, what it had begun stands still as it should."""
    return not one.plugin or core.is_on(one.plugin, _place(core, one.neighbourhood))


def _subject(one: Suspicion) -> str:
    return one.short or (f"{one.plugin}:{one.record}" if one.plugin else "")


# --- telling -------------------------------------------------------------------------------------------------------


def _tell(core: Core, unit: Unit, changed: Sequence[Suspicion], *, over: bool) -> None:
    """Tell those who look after each neighbourhood, in one message for all that is alike; what is late, the admins."""
    alike: dict[tuple[str, int, Severity], list[Suspicion]] = {}
    for one in changed:
        if one.plugin and one.plugin not in core.plugins:
            continue  # it was taken out of the file: nobody knows its words any more
        key = "audit.over" if over else _TEXTS.get(one.code, "audit.late")
        alike.setdefault((key, one.neighbourhood, Severity.NOTICE if over else one.severity), []).append(one)
    for (key, where, severity), group in alike.items():
        readers = _readers(core, where, system=not any(one.plugin or one.record for one in group))
        if readers is None:
            continue
        # Several people on one list are one thing to look at.
        called = list(dict.fromkeys((one.plugin, one.called, one.short) for one in group))
        names = [Text(key_of, domain=plugin or "core", short=short) for plugin, key_of, short in called[:_NAMED]]
        more = len(called) - _NAMED
        what = Lines(*names, Text("audit.more", number=more) if more > 0 else None)
        Context(core, "core", unit, neighbourhood=_place(core, where)).broadcast(
            readers, Text(key, what=what), severity
        )


def _readers(core: Core, where: int, *, system: bool) -> Audience | None:
    everywhere = tuple(one.id for one in core.neighbourhoods.all())
    if not everywhere:
        return None
    roles = (Role.ADMIN,) if system else tuple(sorted(CARETAKERS))
    places = everywhere if _place(core, where) is None else (where,)
    return Audience(places).with_roles(*roles).even_muted()


def _place(core: Core, ident: int) -> Neighbourhood | None:
    return next((one for one in core.neighbourhoods.all() if one.id == ident), None) if ident else None
