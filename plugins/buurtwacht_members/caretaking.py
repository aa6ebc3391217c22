"""Caretaking: the list of members, their roles, and removal; for those who look after a neighbourhood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from buurtwacht import CARETAKERS, Answer, Choice, Context, Lines, Message, Person, PersonId, Role, Text, answer
from buurtwacht_members import admins, removals
from buurtwacht_members.records import LookUp
from buurtwacht_members.words import RoleChange, read_role, same_name

#: How many look-ups of others the list shows, and how long they are kept (domain §4.4.6).
_SHOWN = 3
_KEPT = timedelta(days=366)
#: How many members the list names: some twelve messages on a telephone.
_NAMED = 1_500

#: Roles that only an admin gives, where there is one.
_HIGH = frozenset({Role.ADMIN, Role.COORDINATOR, Role.DEPUTY_COORDINATOR})


# --- the list ------------------------------------------------------------------------------------------------------


def members(ctx: Context) -> None:
    """List the members, with street and roles, never a number; the look-up is on record for the others to see."""
    people = ctx.members()
    looked = [
        Text("members.looked", who=ctx.name_of(PersonId(one.person)), at=one.created)
        for one in ctx.records.find(LookUp, neighbourhood=ctx.here.id, order=LookUp.__table__.c.created.desc(), limit=9)
        if one.person != ctx.person.id
    ][:_SHOWN]
    left = len(people) - _NAMED
    more = Text("members.more", count=left) if left > 0 else None
    lines = Lines(*(_line(ctx, one) for one in people[:_NAMED]), more)
    ctx.reply(
        Text(
            "members",
            neighbourhood=ctx.here.name,
            count=len(people),
            lines=lines,
            looked=Lines(*looked),
            warning=admins.warning(ctx),
        )
    )
    ctx.records.remove_all(LookUp, LookUp.__table__.c.created < ctx.now - _KEPT)
    ctx.records.add(LookUp(neighbourhood=ctx.here.id, person=ctx.person.id))
    ctx.note("members_looked_up", f"neighbourhood:{ctx.here.id}", count=len(people))


def _line(ctx: Context, one: Person) -> Text:
    place = one.membership(ctx.here.id)
    street = place.street or place.postcode if place is not None else ""
    roles = _roles(ctx, [Role(role) for role in place.roles]) if place is not None else ""
    more = ", ".join(filter(None, (street, roles)))
    return (
        Text("members.line", who=ctx.name_of(one), more=more)
        if more
        else Text("members.line.plain", who=ctx.name_of(one))
    )


def _roles(ctx: Context, roles: Sequence[Role]) -> str:
    special = [role for role in Role if role in roles and role is not Role.MEMBER]
    return ", ".join(ctx.in_words(Text(f"role.{role}"), ctx.person.language) for role in special)


def forget_look_ups(ctx: Context, who: PersonId) -> None:
    """Let no look-up lead to somebody who is erased."""
    for one in ctx.records.find(LookUp, person=who):
        ctx.records.remove(one)


# --- roles ---------------------------------------------------------------------------------------------------------


def role(ctx: Context, text: str) -> None:
    """Give or take a role: "Henk de Wit loper", "Henk de Wit geen loper"."""
    change = read_role(text)
    if change is None:
        ctx.reply(Text("role.unknown"))
        return
    if change.role in _HIGH and not ctx.has(Role.ADMIN) and ctx.members(Role.ADMIN):
        ctx.reply(Text("role.admins_only"))
        return
    payload = {"role": str(change.role), "given": change.given}
    chosen = _one(ctx, change.name, "caretaking.role", payload)
    if chosen is not None:
        _change_role(ctx, chosen, change)


@answer("caretaking.role")
def role_chosen(ctx: Context, said: Answer) -> None:
    """Of several with that name, this one was meant."""
    chosen = _still_here(ctx, said)
    if chosen is not None:
        _change_role(ctx, chosen, RoleChange(chosen.name, Role(said.payload["role"]), bool(said.payload["given"])))


def _change_role(ctx: Context, who: Person, change: RoleChange) -> None:
    place = who.membership(ctx.here.id)
    if place is None:
        return
    roles = {Role(one) for one in place.roles} | {Role.MEMBER}
    roles = roles | {change.role} if change.given else roles - {change.role}
    ctx.directory.set_roles(who.id, ctx.here.id, roles)
    name = Text(f"role.{change.role}")
    key = "role.given" if change.given else "role.taken"
    ctx.reply(Text(key, who=ctx.name_of(who), role=name))
    if who.id != ctx.person.id:
        ctx.send(who, Text(f"{key}.own", role=name, neighbourhood=ctx.here.name))
    if change.role is Role.ADMIN and not change.given:
        admins.warn(ctx, without=who.id)


# --- removal -------------------------------------------------------------------------------------------------------


def remove_member(ctx: Context, name: str) -> None:
    """Ask whether somebody is really to be removed."""
    chosen = _one(ctx, name, "caretaking.remove", {})
    if chosen is not None:
        _confirm_removal(ctx, chosen)


@answer("caretaking.remove")
def removal_chosen(ctx: Context, said: Answer) -> None:
    """Of several with that name, this one was meant."""
    chosen = _still_here(ctx, said)
    if chosen is not None:
        _confirm_removal(ctx, chosen)


def _confirm_removal(ctx: Context, who: Person) -> None:
    place = who.membership(ctx.here.id)
    if who.id == ctx.person.id:
        ctx.reply(Text("remove.yourself"))
    elif place is not None and place.has(*_HIGH) and not ctx.has(Role.ADMIN):
        ctx.reply(Text("role.admins_only"))
    else:
        text = Text("remove.ask", who=ctx.name_of(who), neighbourhood=ctx.here.name)
        choices = (Choice("yes", Text("yes")), Choice("no", Text("no")))
        ctx.ask(ctx.person, Message(text, choices=choices), "caretaking.removal", payload={"person": who.id})


@answer("caretaking.removal")
def removal_confirmed(ctx: Context, said: Answer) -> None:
    """He is removed: told what happened and how to object, and his tasks are free."""
    who = ctx.people([int(said.payload["person"])]).get(int(said.payload["person"]))
    if said.value != "yes" or who is None or not ctx.has(*CARETAKERS):
        ctx.reply(Text("unchanged"))
        return
    removals.remove(ctx, who.id, Text("removed.own", neighbourhood=ctx.here.name))
    ctx.reply(Text("remove.done", who=ctx.name_of(who)))


# --- who is meant --------------------------------------------------------------------------------------------------


def _one(ctx: Context, name: str, handler: str, payload: dict[str, object]) -> Person | None:
    """Return the member of this name; when several fit, ask which, with the street beside it."""
    people = ctx.members()
    fitting = [people[place] for place in same_name(name, [one.name for one in people])]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        ctx.reply(Text("member.unknown"))
        return None
    choices = [
        Choice(str(one.id), Text("member.choice", who=ctx.name_of(one), street=place.street))
        for one in fitting[:10]
        if (place := one.membership(ctx.here.id)) is not None
    ]
    ctx.ask(ctx.person, Message(Text("member.which"), choices=choices), handler, payload=payload)
    return None


def _still_here(ctx: Context, said: Answer) -> Person | None:
    chosen = ctx.people([int(said.value)]).get(int(said.value)) if said.value.isdigit() else None
    if chosen is None or chosen.membership(ctx.here.id) is None or not ctx.has(*CARETAKERS):
        ctx.reply(Text("unchanged"))
        return None
    return chosen
