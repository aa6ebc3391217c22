"""Retiring: officials who are dismissed, refused or stop by themselves; and who nobody need be remembered any more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from buurtwacht import Context, MessageId, Official, OfficialKind, Person, PersonId, Role, Severity, Text, timer

#: How long a former official is kept who never was a member: as long as what was sent to him.
_KEPT = timedelta(days=30)
#: Domain §4.4.6, as for members: whose consent must be proved that long is forgotten by `ending`.
_PROOF = timedelta(days=731)


def dismiss(ctx: Context, who: PersonId, offices: Iterable[Official]) -> None:
    """End offices at once; he is told, and so are the admins of where they held."""
    for one in offices:
        if ctx.directory.dismiss(who, one.kind, one.municipality):
            where = one.municipality or ctx.here.name
            ctx.send(who, Text("official.ended.own", where=where, function=one.function))
            _tell_admins(ctx, one, _ended(ctx, one))
    _remember(ctx, who)


def resign(ctx: Context) -> None:
    """End all offices of whoever set this off, because he stops; the admins are told."""
    ended = ctx.directory.resign(ctx.person.id)
    for one in ended:
        _tell_admins(ctx, one, _ended(ctx, one))
    if ended:
        _remember(ctx, ctx.person.id)


def refuse(ctx: Context, who: PersonId, kind: OfficialKind) -> None:
    """Nobody confirms him here: his unconfirmed office ends, and of who is nothing else to us nothing is kept."""
    known = ctx.people([who]).get(who)
    if known is None:
        return
    held = ctx.offices_of([who]).get(who, ())
    waits = [one for one in held if one.kind is kind and one.is_of(ctx.here.municipality) and not one.verified]
    for one in waits:
        ctx.directory.dismiss(who, kind, one.municipality)
    function = (waits or held)[0].function if held else Text(f"official.{kind}", domain="core")
    said = ctx.send(who, Text("official.ended.own", where=ctx.here.name, function=function))
    if len(held) == len(waits) and not known.memberships:
        ctx.directory.erase(who, said)
        ctx.tell("erase_person", person=who)


def forget_unless_known(ctx: Context, who: Person, last_word: MessageId) -> None:
    """Erase somebody who is and was nothing to us: he opened a link, and no more."""
    if not who.memberships and not ctx.offices_of([who]):
        ctx.cancel(f"applicant:{who.id}")
        ctx.directory.erase(who.id, last_word)
        ctx.tell("erase_person", person=who.id)


def renamed(ctx: Context, name: str) -> None:
    """An official goes by another name: those who confirmed who he is see it, because others read it."""
    for one in ctx.offices:
        if one.verified:
            _tell_admins(ctx, one, Text("official.renamed", before=ctx.person.name, name=name, function=one.function))


def news(said: Text) -> Text:
    """Return what admins read about an official: one template for all of it, for who has not written for a day."""
    return Text("official.news", news=said)


def _ended(ctx: Context, one: Official) -> Text:
    return Text("official.ended", who=ctx.name_of(one.person), function=one.function)


def _tell_admins(ctx: Context, one: Official, said: Text) -> None:
    """Tell the admins of wherever he is an official, but for who did it."""
    covered = one.neighbourhoods or [where.id for where in ctx.neighbourhoods() if one.covers(where)]
    if covered:
        admins = ctx.audience.members_of(*covered).with_roles(Role.ADMIN).without(ctx.person.id).even_muted()
        ctx.broadcast(admins, news(said), Severity.NOTICE)


def _remember(ctx: Context, who: PersonId) -> None:
    ctx.later(_KEPT, "former_official_lapses", key=f"former:{who}", person=who)


@timer("former_official_lapses")
def former_official_lapses(ctx: Context, person: int) -> None:
    """Nothing need be kept of a former official who is no member, and whose consent as one need not be proved."""
    known = ctx.people([person]).get(person)
    if known is None or ctx.offices_of([known]):
        return
    if all(one.state == "left" and one.since <= ctx.now - _PROOF for one in known.memberships):
        ctx.directory.erase(known.id)
        ctx.tell("erase_person", person=known.id)
