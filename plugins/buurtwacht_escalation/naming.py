"""How those who are asked and those who ask are named: officials with their function, others with their role here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from buurtwacht import Context, Official, OfficialKind, PersonId, Role, Text

#: The roles that stand on ladders; whoever has another is named as a neighbour who looks after the place.
_ROLES = frozenset({Role.COORDINATOR, Role.DEPUTY_COORDINATOR, Role.ADMIN})


def function_of(offices: Sequence[Official], role: str) -> Text | str:
    """Return what somebody is called as who was asked in a role: his function, if he holds an office of that kind."""
    kinds = {str(one) for one in OfficialKind}
    office = next((one for one in offices if str(one.kind) == role), None)
    if office is None and role not in _ROLES:
        office = next((one for one in offices if one.verified), None)
    if office is not None:
        return office.function
    if role in kinds:
        return Text(f"official.{role}", domain="core")
    return Text(f"as.{role}" if role in _ROLES else "as.caretaker")


def named(
    ctx: Context, person: PersonId, role: str, offices: Mapping[PersonId, Sequence[Official]] | None = None
) -> Text:
    """Return somebody's name and function, for those upstream and in logs: "Jan (wijkagent)".

    `offices` are those of `ctx.offices_of`, where many are named at once. What he is elsewhere, or is not confirmed to
    be, is not what he is here.
    """
    known = (ctx.offices_of([person]) if offices is None else offices).get(person, ())
    held = [one for one in known if one.verified and (ctx.neighbourhood is None or one.covers(ctx.here))]
    return Text("named", who=ctx.name_of(person), function=function_of(held, role))
