"""Who an event is from, and which neighbourhood it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from buurtwacht.records import people
from buurtwacht.records.database import Unit
from buurtwacht.records.handles import add_handles
from buurtwacht.records.inbox import Work
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.officials import Official, municipality_key
from buurtwacht.records.people import Caller
from buurtwacht.vocabulary.answers import fold
from buurtwacht.vocabulary.events import Handle, Inbound, Reacted, Said, Tapped

if TYPE_CHECKING:
    from buurtwacht.host.context import Context
    from buurtwacht.host.core import Core

#: A short id of a neighbourhood: TB-0001, TB-R1.
_SHORT_ID = re.compile(r"\b[A-Z0-9]{1,12}-[A-Z]?\d{1,6}\b", re.IGNORECASE)

#: When somebody wrote less than this ago it is not written down again; windows are counted in hours.
_HEARD = timedelta(minutes=1)

#: Who sent the events that are about to be handled, by work; None: nobody we know.
Callers: TypeAlias = "Mapping[int, Caller | None]"


def callers_of(core: Core, works: Sequence[Work]) -> Callers:
    """Return who sent the events among `works`, in one query an account. Raises `StoreUnavailable`."""
    senders: dict[str, dict[int, Sequence[Handle]]] = {}
    for work in works:
        if work.inbound is not None and work.inbound.sender:
            senders.setdefault(work.account, {})[work.id] = work.inbound.sender
    found: dict[int, Caller | None] = {}
    if senders:
        with core.database.reading() as connection:
            for account, handles in senders.items():
                found |= people.find_callers(connection, core.keyring, account, handles)
    return found


def caller_of(core: Core, unit: Unit, work: Work, inbound: Inbound, now: datetime, callers: Callers) -> Caller:
    """Return who sent an event; an address is written down for who is new, and that he wrote for who is known."""
    account = work.account
    known = work.id in callers
    caller = callers[work.id] if known else people.find_caller(unit, core.keyring, account, inbound.sender)
    if caller is None:
        heard = inbound.group is None
        ident = people.add_address(unit, core.keyring, account, inbound.sender, now, heard=heard)
        return Caller(ident, account, None, new_handles=inbound.sender, is_new=True)
    if caller.new_handles:
        add_handles(unit, core.keyring, account, caller.address_id, caller.new_handles)
    if isinstance(inbound.event, Said | Tapped | Reacted) and inbound.group is None:
        last = caller.last_heard_at
        if not caller.reachable or last is None or now - last > _HEARD:
            people.heard_from(unit, caller.address_id, now)
    return caller


def neighbourhood_of(core: Core, caller: Caller, text: str, offices: Sequence[Official] = ()) -> Neighbourhood | None:
    """Which neighbourhood is meant: the one named by code, name or street, else the one he joined first.

    Of who is a member nowhere: the one among those his offices cover that is named, or the only one.
    """
    if caller.person is None or not caller.person.active:
        return _beat(core, offices, text)
    homes = [core.neighbourhoods.get(one.neighbourhood_id) for one in caller.person.active]
    if len(homes) == 1 or not text:
        return homes[0]
    words = {word.strip(".,:;!?").upper() for word in text.split()}
    for home in homes:
        if home.code in words or any(word.startswith(f"{home.code}-") for word in words):
            return home
    said = f" {fold(text)} "
    for home in homes:
        if f" {fold(home.name)} " in said:
            return home
    folded = text.casefold()
    for home in homes:
        if any(street.name.casefold() in folded for street in home.streets):
            return home
    return homes[0]


def named_beat(core: Core, caller: Caller, text: str, ctx: Context) -> Neighbourhood | None:
    """Return the neighbourhood that a member's command is about by his office: the one whose short id he typed, where
    he is no member himself.
    """
    if caller.person is None or not caller.person.active:
        return None
    where = _named_by_id(core, text)
    if where is None or any(one.neighbourhood_id == where.id for one in caller.person.active):
        return None
    return where if any(one.verified and one.covers(where) for one in ctx.offices) else None


def _named_by_id(core: Core, text: str) -> Neighbourhood | None:
    codes = (found.partition("-")[0] for found in _SHORT_ID.findall(text))
    return next((one for code in codes if (one := core.neighbourhoods.by_code(code)) is not None), None)


def _beat(core: Core, offices: Sequence[Official], text: str) -> Neighbourhood | None:
    """Return the neighbourhood that an official means: by a short id, by a code in capitals, or his only one."""
    mine = [one for one in offices if one.verified]
    if not mine:
        return None
    named = _named_by_id(core, text)
    if named is not None and any(one.covers(named) for one in mine):
        return named
    covered = {one.code: one for one in _covered(core, mine)}
    # "de" is a word before it is a code.
    codes = (word for word in (word.strip(".,:;!?()") for word in text.split()) if word.isupper())
    called = next((covered[code] for code in codes if code in covered), None)
    return called or (next(iter(covered.values())) if len(covered) == 1 else None)


def _covered(core: Core, offices: Sequence[Official]) -> list[Neighbourhood]:
    """Return the neighbourhoods that these offices cover, compared once for each, not for each office."""
    ids = dict.fromkeys(ident for one in offices for ident in one.neighbourhoods)
    municipalities = {one.key for one in offices if not one.neighbourhoods}
    if not municipalities:
        return [core.neighbourhoods.get(ident) for ident in ids]
    everywhere = core.neighbourhoods.all()
    return [one for one in everywhere if one.id in ids or municipality_key(one.municipality) in municipalities]
