"""My data: all that is kept about somebody, for himself, readable and as JSON (GDPR articles 15 and 20)."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from buurtwacht import Context, Lines, Message, NeighbourhoodId, PersonId, Role, Severity, Text
from buurtwacht_members import muting
from buurtwacht_members.invitations import display_name
from buurtwacht_members.records import Application, Appointment, Invitation, Link, LookUp, Removal

#: The file is kept, encrypted, until it has surely been sent.
_KEPT = timedelta(days=1)


def show(ctx: Context) -> None:
    """Send him his data, in the private chat it was asked in."""
    if not ctx.has_person:
        ctx.reply(Text("data.unknown"))
        return
    if ctx.group is not None:
        ctx.reply(Text("data.private"))
        return
    who = ctx.person.id
    found = ctx.export_all(who)
    content = json.dumps(found, ensure_ascii=False, indent=2, default=str).encode()
    file = ctx.keep(content, "buurtwacht.json", "application/json", until=ctx.now + _KEPT, about=who)
    ctx.note("data_exported", f"person:{who}")
    ctx.reply(Message(_readable(ctx, found["core"]), attachments=[file]), severity=Severity.NOTICE)


def _readable(ctx: Context, core: dict[str, Any]) -> Text:
    """Say it in words. Numbers stand in the encrypted file only, never in a message that is kept."""
    language = ctx.person.language
    places = [
        Text("data.membership", neighbourhood=one["neighbourhood"], details=_details(ctx, one, language))
        for one in core.get("memberships", ())
    ]
    consents = [
        Text("privacy.consent", version=one["house_rules"], at=datetime.fromisoformat(one["at"]))
        for one in core.get("consents", ())
        if one["at"]
    ]
    accounts = dict.fromkeys(display_name(one["messenger"]) for one in core.get("addresses", ()))
    return Text(
        "data",
        name=ctx.name_of(ctx.person),
        messengers=", ".join(accounts),
        memberships=Lines(*places, *_offices(ctx)),
        consents=Lines(*consents),
        mutes=muting.shown(ctx),
        count=len(core.get("history", ())),
    )


def _offices(ctx: Context) -> list[Text]:
    return [
        Text(
            "data.office" if one.verified else "data.office.unverified",
            function=one.function,
            where=one.municipality or ", ".join(ctx.neighbourhood_of(place).name for place in one.neighbourhoods),
        )
        for one in ctx.offices
    ]


def _details(ctx: Context, membership: dict[str, Any], language: str) -> str:
    """Say how somebody belongs to a neighbourhood: as what, with which tasks beside that, and where he lives."""
    tasks = [f"role.{role}" for role in membership["roles"] if role != Role.MEMBER]
    said = [ctx.in_words(Text(key), language) for key in (f"state.{membership['state']}", *tasks)]
    return ", ".join(filter(None, (*said, membership["street"] or membership["postcode"])))


def kept(ctx: Context, who: PersonId) -> dict[str, object]:
    """Return what this plugin keeps about somebody: requests, invitations he made, removals, links and look-ups."""
    codes = {one.id: one.code for one in ctx.neighbourhoods()}
    return {
        "requests": [
            {"neighbourhood": codes.get(NeighbourhoodId(one.neighbourhood)), "consented": one.consented.isoformat()}
            for one in ctx.records.find(Application, person=who)
        ],
        "invitations_made": [
            {"neighbourhood": codes.get(NeighbourhoodId(one.neighbourhood)), "until": one.until.isoformat()}
            for one in ctx.records.find(Invitation, inviter=who)
        ],
        "officials_named": [
            {"neighbourhood": codes.get(NeighbourhoodId(one.neighbourhood)), "until": one.until.isoformat()}
            for one in ctx.records.find(Appointment, inviter=who)
        ],
        "removals": [
            {"neighbourhood": codes.get(NeighbourhoodId(one.neighbourhood)), "at": one.at.isoformat()}
            for one in ctx.records.find(Removal, person=who)
        ],
        "links": [{"until": one.until.isoformat()} for one in ctx.records.find(Link, person=who)],
        "looked_at_members": [
            {"neighbourhood": codes.get(NeighbourhoodId(one.neighbourhood)), "at": one.created.isoformat()}
            for one in ctx.records.find(LookUp, person=who)
        ],
    }
