"""Joining: the notice, the house rules, name and street, one thing at a time, up to the request to the co-ordinators.

A stranger learns how to join, and nothing about members.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from buurtwacht import (
    Answer,
    Choice,
    Context,
    Membership,
    Message,
    Neighbourhood,
    Person,
    PersonId,
    Severity,
    Text,
    Thread,
    answer,
    timer,
)
from buurtwacht_members import appointments, approval, arriving, house_rules, imported, invitations, messengers
from buurtwacht_members.records import Invitation
from buurtwacht_members.settings import Settings
from buurtwacht_members.words import clean_name, digits_of, fold_index, is_stop, read_home

#: So long a question of the joining stays open; it is also how long a stranger is remembered (interface, "strangers").
OPEN = timedelta(days=7)

_YES_NO = (Choice("yes", Text("yes")), Choice("no", Text("no")))


# --- the ways in ---------------------------------------------------------------------------------------------------


def start(ctx: Context, payload: str = "") -> None:
    """Open the conversation, with what a link carries: join-TB, inv-…, link-…, own-… or off-…"""
    kind, _, rest = payload.strip().lower().partition("-")
    if kind == "join" and rest:
        code, _, language = rest.partition("-")
        _join(ctx, code, "en" if language == "en" else "nl")
    elif kind == "inv" and rest:
        _invited(ctx, rest)
    elif kind == "link" and rest:
        messengers.attach(ctx, rest)
    elif kind == "own" and rest:
        imported.claim(ctx, rest)
    elif kind == "off" and rest:
        appointments.opened(ctx, rest)
    elif ctx.has_person and (ctx.person.active or ctx.offices):
        ctx.reply(Text("start.member"))
    else:
        _join(ctx, "", "nl")


def join(ctx: Context, where: str = "") -> None:
    """Ask to become a member; who types the Dutch word is answered in Dutch."""
    _join(ctx, where, "nl")


def join_english(ctx: Context, where: str = "") -> None:
    """Ask to become a member, in English."""
    _join(ctx, where, "en")


def _join(ctx: Context, where: str, language: str) -> None:
    who = _applicant(ctx, language)
    everywhere = ctx.neighbourhoods()
    found = _found(everywhere, where) if where else everywhere
    if len(found) == 1:
        _begin(ctx, who, found[0])
    else:
        _ask_where(ctx, who, found if where else [], unknown=bool(where) and not found)


def _invited(ctx: Context, token: str) -> None:
    found = invitations.find(ctx, token)
    if found is None:
        ctx.reply(Text("invite.over"))
        return
    place = ctx.neighbourhood_of(found.neighbourhood)
    _begin(ctx, _applicant(ctx, place.language), place, found)


def _applicant(ctx: Context, language: str) -> Person:
    """Return who asks; somebody new is written down without a name, and forgotten when he goes no further."""
    if not ctx.has_person:
        who = ctx.directory.enrol("", language)
        ctx.later(OPEN, "applicant_lapses", key=f"applicant:{who}", person=who)
    return ctx.person


@timer("applicant_lapses")
def applicant_lapses(ctx: Context, person: int) -> None:
    """Forget somebody who began to join and never asked."""
    known = ctx.people([person]).get(person)
    if known is not None and not known.memberships and not ctx.offices_of([known]):
        ctx.directory.erase(PersonId(person))


# --- where ---------------------------------------------------------------------------------------------------------


def _found(everywhere: list[Neighbourhood], where: str) -> list[Neighbourhood]:
    """Return the neighbourhoods that are meant: by code, by postcode, by name."""
    typed = " ".join(where.split())
    by_code = [one for one in everywhere if one.code.casefold() == typed.casefold().rstrip(".!")]
    if by_code:
        return by_code
    digits = digits_of(typed)
    return [one for one in everywhere if digits in one.postcodes] or [
        one for one in everywhere if fold_index(typed, one.name) >= 0
    ]


def _ask_where(ctx: Context, who: Person, among: list[Neighbourhood], *, unknown: bool = False) -> None:
    thread = Thread(ctx.plugin, who.id)
    ctx.close_questions(thread=thread)
    # The names of neighbourhoods are no secret: they stand on the public page.
    choices = [Choice(one.code, Text("place", name=one.name)) for one in among[:10]]
    text = Text("join.where.unknown" if unknown else "join.where.which" if choices else "join.where")
    ctx.ask(who, Message(text, choices=choices), "joining.where", free="any", expires=OPEN, thread=thread)


@answer("joining.where")
def where_answered(ctx: Context, said: Answer) -> None:
    """He told his postcode, or the name or code of his neighbourhood."""
    if is_stop(said.text):
        _declined(ctx)
        return
    found = _found(ctx.neighbourhoods(), said.value or said.text)
    if len(found) == 1:
        _begin(ctx, ctx.person, found[0])
    else:
        _ask_where(ctx, ctx.person, found, unknown=not found)


# --- notice and consent --------------------------------------------------------------------------------------------


def _begin(ctx: Context, who: Person, place: Neighbourhood, invitation: Invitation | None = None) -> None:
    here = ctx.within(place)
    known = who.membership(place.id)
    if known is not None and known.state == "active":
        here.reply(Text("join.already", neighbourhood=place.name))
        return
    if known is not None and known.state == "requested" and invitation is None:
        here.reply(Text("join.waiting", neighbourhood=place.name))
        return
    thread = Thread(ctx.plugin, who.id)
    here.close_questions(thread=thread)
    # As pressing as the question below it, and about the same: so it comes before it.
    notice = Text("join.notice", neighbourhood=place.name, days=here.settings(Settings).request_days)
    here.reply(notice, severity=Severity.NOTICE, thread=thread)
    ask_consent(here, who, invitation.id if invitation else 0)


def ask_consent(here: Context, who: Person, invitation: int) -> None:
    """Ask whether he agrees to the house rules; with an `invitation` that makes him a member."""
    question = Text(
        "join.consent",
        rules=house_rules.lines(here),
        neighbourhood=here.here.name,
        age=here.settings(Settings).age,
    )
    here.ask(
        who,
        Message(question, choices=_YES_NO),
        "joining.consent",
        payload={"invitation": invitation},
        free="any",
        expires=OPEN,
        thread=Thread(here.plugin, who.id),
    )


@answer("joining.consent")
def consented(ctx: Context, said: Answer) -> None:
    """He read the notice and the rules, and agreed or not; whatever else he says, he is asked again."""
    if said.value == "no" or (not said.value and is_stop(said.text)):
        _declined(ctx)
        return
    invitation = int(said.payload["invitation"])
    if not said.value:
        _explain(ctx, "join.consent.unclear")
        ask_consent(ctx, ctx.person, invitation)
        return
    if invitation:
        invitations.accept(ctx, invitation)
        return
    _next(ctx, ctx.now, ctx.person.name)


def _next(ctx: Context, agreed: datetime, name: str) -> None:
    """Ask what is still missing: first the name, then the street."""
    key = "street" if name else "name"
    ctx.ask(
        ctx.person,
        Message(Text(f"join.{key}", neighbourhood=ctx.here.name)),
        f"joining.{key}",
        payload={"agreed": agreed.isoformat()},
        free="any",
        expires=OPEN,
        thread=Thread(ctx.plugin, ctx.person.id),
    )


@answer("joining.name")
def named(ctx: Context, said: Answer) -> None:
    """He told his name."""
    if is_stop(said.text):
        _declined(ctx)
        return
    agreed = datetime.fromisoformat(said.payload["agreed"])
    name = clean_name(said.text)
    if name is None:
        _explain(ctx, "join.name.unfit")
        _next(ctx, agreed, "")
        return
    ctx.directory.change(ctx.person.id, name=name)
    _next(ctx, agreed, name)


@answer("joining.street")
def housed(ctx: Context, said: Answer) -> None:
    """He told his street: with that the request goes to the co-ordinators."""
    if is_stop(said.text):
        _declined(ctx)
        return
    agreed = datetime.fromisoformat(said.payload["agreed"])
    home = read_home(said.text, ctx.here)
    known = _here(ctx)
    if known is not None and known.state in ("active", "requested"):
        ctx.reply(Text("join.waiting", neighbourhood=ctx.here.name))
    elif home is None:
        _explain(ctx, "join.street.unfit")
        _next(ctx, agreed, ctx.person.name)
    else:
        approval.apply(ctx, home, agreed)


def _explain(ctx: Context, key: str) -> None:
    """Say what does not fit, before the question is asked again."""
    ctx.reply(Text(key), severity=Severity.NOTICE, thread=Thread(ctx.plugin, ctx.person.id))


def _here(ctx: Context) -> Membership | None:
    return ctx.person.membership(ctx.here.id)


def _declined(ctx: Context) -> None:
    """He does not want to: what was written down of somebody new goes at once."""
    said = ctx.reply(Text("join.declined"))
    ctx.close_questions(thread=Thread(ctx.plugin, ctx.person.id))
    arriving.forget_unless_known(ctx, ctx.person, said)
