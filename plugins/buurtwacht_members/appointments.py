"""Appointments: an admin names an official, who says yes himself, and whom an admin then confirms."""

from __future__ import annotations

from datetime import timedelta

from buurtwacht import Answer, Choice, Context, Message, Official, OfficialKind, PersonId, Role, Text, answer, timer
from buurtwacht_members import retiring
from buurtwacht_members.invitations import display_name, lines_of
from buurtwacht_members.records import Appointment, hash_of, new_token
from buurtwacht_members.settings import Settings
from buurtwacht_members.words import Named, read_official, same_name

#: So long an admin has to say whether it is really he.
_DECIDE = timedelta(days=7)
_YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


# --- naming --------------------------------------------------------------------------------------------------------


def name_official(ctx: Context, text: str) -> None:
    """Name an official: "Anja de Vries wijkagent Tolberg". A member of that name can be meant, or somebody else."""
    named = read_official(text)
    if named is None:
        ctx.reply(Text("official.unknown_kind"))
        return
    people = ctx.members()
    fitting = [people[place] for place in same_name(named.name, [one.name for one in people])][:9]
    if not fitting:
        _make_link(ctx, named)
        return
    choices = [
        Choice(str(one.id), Text("member.choice", who=ctx.name_of(one), street=place.street))
        for one in fitting
        if (place := one.membership(ctx.here.id)) is not None
    ]
    payload = {"name": named.name, "kind": str(named.kind), "title": named.title}
    choices.append(Choice("other", Text("official.other")))
    ctx.ask(ctx.person, Message(Text("official.which"), choices=choices), "official.which", payload=payload)


@answer("official.which")
def chosen(ctx: Context, said: Answer) -> None:
    """It is a member, who is asked himself; or somebody else, who gets a link."""
    named = Named(said.payload["name"], OfficialKind(said.payload["kind"]), said.payload["title"])
    if not ctx.has(Role.ADMIN):
        ctx.reply(Text("role.admins_only"))
    elif said.value == "other":
        _make_link(ctx, named)
    elif int(said.value) == ctx.person.id:
        # Whoever could make himself an official would be one by claiming it.
        ctx.reply(Text("official.not_yourself"))
    else:
        who = PersonId(int(said.value))
        made, _ = _appointment(ctx, named, who)
        _ask(ctx, who, made)
        ctx.reply(Text("official.member_asked", who=ctx.name_of(who)))


def _make_link(ctx: Context, named: Named) -> None:
    made, token = _appointment(ctx, named, PersonId(0))
    links = ctx.invite_links(f"off-{token}", f"start off-{token}")
    if not links:
        ctx.reply(Text("invite.no_link"))
        return
    ctx.reply(Text("official.link", name=named.name, until=made.until, links=lines_of(links)))


def _appointment(ctx: Context, named: Named, who: PersonId) -> tuple[Appointment, str]:
    until = ctx.now + timedelta(days=ctx.settings(Settings).invitation_days)
    token, hashed = new_token()
    made = Appointment(
        token=hashed,
        neighbourhood=ctx.here.id,
        name=named.name,
        kind=str(named.kind),
        title=named.title,
        inviter=ctx.person.id,
        until=until,
        person=who,
    )
    ctx.records.add(made)
    ctx.later(until, "appointment_lapses", key=f"appointment:{made.id}", appointment=made.id)
    ctx.note("official_named", f"neighbourhood:{ctx.here.id}", kind=str(named.kind))
    return made, token


# --- saying yes ----------------------------------------------------------------------------------------------------


def opened(ctx: Context, token: str) -> None:
    """Explain to whoever opened the link what it is for; who has no name with us yet is written down without one."""
    found = ctx.records.first(Appointment, token=hash_of(token))
    if found is None or found.person or found.until <= ctx.now:
        ctx.reply(Text("official.link_over"))
        return
    place = ctx.neighbourhood_of(found.neighbourhood)
    if not ctx.has_person:
        who = ctx.directory.enrol("", place.language)
        ctx.later(_DECIDE, "applicant_lapses", key=f"applicant:{who}", person=who)
    _ask(ctx.within(place), ctx.person.id, found)


def _ask(here: Context, who: PersonId, made: Appointment) -> None:
    text = Text("official.ask", neighbourhood=here.here.name, function=_function(made))
    payload = {"appointment": made.id}
    here.ask(who, Message(text, choices=_YES_NO), "official.agree", payload=payload, expires=_DECIDE, thread=made)


@answer("official.agree")
def agreed(ctx: Context, said: Answer) -> None:
    """He says yes or no. The first who says yes has used the link; a member whom an admin named is known already."""
    found = ctx.records.get(Appointment, int(said.payload["appointment"]))
    who = ctx.person
    if found is None or found.person not in (0, who.id) or found.until <= ctx.now:
        over = ctx.reply(Text("official.link_over"))
        retiring.forget_unless_known(ctx, who, over)
        return
    if said.value != "yes":
        no = ctx.reply(Text("official.declined"))
        if found.person:
            _settle(ctx, found)
            declined = Text("official.declined.admin", who=ctx.name_of(who))
            ctx.send(PersonId(found.inviter), retiring.news(declined))
        retiring.forget_unless_known(ctx, who, no)
        return
    if not who.name:
        ctx.directory.change(who.id, name=found.name)
    ctx.cancel(f"applicant:{who.id}")
    if found.person and _is_admin(ctx, found.inviter):
        _confirm(ctx, found, who.id, PersonId(found.inviter))
        _settle(ctx, found)
        ctx.reply(_welcome(ctx, found))
        return
    if not any(one.verified for one in _held(ctx, found, who.id)):
        ctx.directory.appoint(who.id, OfficialKind(found.kind), ctx.here.municipality, [ctx.here.id], found.title)
    # The link is used up; the record stays until an admin has said whether it is he.
    found.person, found.token, found.until = who.id, new_token()[1], ctx.now + _DECIDE
    ctx.later(_DECIDE, "appointment_lapses", key=f"appointment:{found.id}", appointment=found.id)
    ctx.reply(Text("official.waits"))
    _ask_admins(ctx, found)


def _held(ctx: Context, made: Appointment, who: PersonId) -> list[Official]:
    """Return the office of this kind that he has already, if he has."""
    held = ctx.offices_of([who]).get(who, ())
    return [one for one in held if one.kind == made.kind and one.is_of(ctx.here.municipality)]


def _confirm(ctx: Context, made: Appointment, who: PersonId, by: PersonId) -> None:
    """Make him an official here; where he was confirmed as one before he stays it."""
    places: tuple[int, ...] = (ctx.here.id,)
    title = made.title
    for one in _held(ctx, made, who):
        title = title or one.title
        if one.verified:
            places = (*one.neighbourhoods, ctx.here.id) if one.neighbourhoods else ()
    ctx.directory.appoint(who, OfficialKind(made.kind), ctx.here.municipality, places, title, by)


def _is_admin(ctx: Context, who: int) -> bool:
    return any(one.id == who for one in ctx.members(Role.ADMIN))


# --- deciding ------------------------------------------------------------------------------------------------------


def _ask_admins(ctx: Context, made: Appointment) -> None:
    """Ask all admins but himself whether it is really he: which messenger he uses, and what he calls himself there."""
    text = Text(
        "official.verify",
        name=made.name,
        function=_function(made),
        neighbourhood=ctx.here.name,
        messenger=display_name(ctx.account),
        there=ctx.shown_name[:60] or "-",
    )
    for admin in ctx.members(Role.ADMIN):
        if admin.id != made.person:
            letter = Message(text, choices=_YES_NO)
            payload = {"appointment": made.id}
            ctx.ask(admin, letter, "official.decide", payload=payload, expires=_DECIDE, thread=made)


@answer("official.decide")
def decided(ctx: Context, said: Answer) -> None:
    """An admin knows him, or not; the others hear it, and can decide no more."""
    found = ctx.records.get(Appointment, int(said.payload["appointment"]))
    if found is None or not ctx.has(Role.ADMIN) or found.person == ctx.person.id:
        ctx.reply(Text("official.gone"))
        return
    who = PersonId(found.person)
    yes = said.value == "yes"
    others = [one.id for one in ctx.members(Role.ADMIN) if one.id not in (ctx.person.id, who)]
    _settle(ctx, found)
    key = "official.verified" if yes else "official.refused"
    name = ctx.name_of(who)
    ctx.reply(Text(key, who=name, function=_function(found)))
    if others:
        decided = Text(f"{key}.others", who=name, by=ctx.name_of(ctx.person), function=_function(found))
        ctx.send(others, retiring.news(decided))
    if yes:
        _confirm(ctx, found, who, ctx.person.id)
        ctx.send(who, _welcome(ctx, found))
    else:
        retiring.refuse(ctx, who, OfficialKind(found.kind))


def _welcome(ctx: Context, made: Appointment) -> Text:
    return Text("official.verified.own", neighbourhood=ctx.here.name, function=_function(made))


def _function(made: Appointment) -> Text | str:
    return made.title or Text(f"official.{made.kind}", domain="core")


def _settle(ctx: Context, made: Appointment) -> None:
    ctx.close_questions(thread=made)
    ctx.cancel(f"appointment:{made.id}")
    ctx.records.remove(made)


@timer("appointment_lapses")
def appointment_lapses(ctx: Context, appointment: int) -> None:
    """Nobody used the link, or no admin said whether it is he: what was written down for it goes."""
    found = ctx.records.get(Appointment, appointment)
    if found is None:
        return
    _settle(ctx, found)
    who = PersonId(found.person)
    if _held(ctx, found, who):
        retiring.refuse(ctx, who, OfficialKind(found.kind))


def forget(ctx: Context, who: PersonId) -> None:
    """Take away what leads to somebody who is erased."""
    for found in ctx.records.find(Appointment, person=who):
        _settle(ctx, found)
    for found in ctx.records.find(Appointment, inviter=who):
        found.inviter = 0
