"""Members: joining, leaving, messengers, own settings, my data and erasure. Here is what the plugin offers the core."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import (
    CARETAKERS,
    OFFICIALS,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    NeighbourhoodId,
    Page,
    PersonId,
    Role,
    Thread,
    hookimpl,
)
from buurtwacht_members import (
    appointments,
    approval,
    caretaking,
    email_address,
    groups,
    hookspecs,
    house_rules,
    imported,
    invitations,
    joining,
    leaving,
    messengers,
    muting,
    my_data,
    officials,
    own_settings,
    page,
    removals,
)
from buurtwacht_members.settings import Settings

__all__ = ["hookspecs", "manifest"]

manifest = Manifest(
    id="members",
    name="Leden",
    version="1.0",
    settings=Settings,
    permissions=frozenset({"store", "timers", "send:members", "people", "read:names"}),
    templates=frozenset(
        {
            "request.ask",
            "request.ask.removed",
            "request.accepted.others",
            "request.refused.others",
            "welcome",
            "imported.ask",
            "join.refused",
            "join.lapsed",
            "invite.accepted",
            "left.caretakers",
            "admins.one",
            "admins.none",
            "role.given.own",
            "role.taken.own",
            "removed.false_alarms",
            "removed.own",
            "removed.undone",
            "link.notice",
            "email.done.own",
            "email.refused.own",
            "official.ask",
            "official.imported",
            "official.verify",
            "official.verified.own",
            "official.ended.own",
            "official.news",
        }
    ),
)


#: What follows these is a name, hours or a while; more words than that are a sentence.
_SHORT = r"\S+(?: \S+){0,3}"
#: People and streets are called Brand, too.
_A_NAME = ".+"


@hookimpl
def commands() -> list[Command]:
    """What can be typed; the words are in the catalogue."""
    return [
        Command("start", joining.start, public=True, menu=False),
        Command("join", joining.join, public=True, shared=True, menu=False),
        Command("join_english", joining.join_english, public=True, shared=True, menu=False),
        Command("invitation", invitations.invitation),
        Command("channel", messengers.channel, takes=_SHORT, officials=OFFICIALS),
        Command("link", messengers.link, officials=OFFICIALS),
        Command("email", email_address.email, roles=frozenset({Role.ADMIN}), officials=OFFICIALS, takes=r"\S+"),
        Command("unlink", messengers.unlink, menu=False, officials=OFFICIALS),
        Command("language", own_settings.language, takes=_SHORT, officials=OFFICIALS),
        Command("form", own_settings.form, menu=False, takes=_SHORT, officials=OFFICIALS),
        Command("quiet", own_settings.quiet, takes=_SHORT),
        Command("mute", muting.mute, takes=_SHORT),
        Command("unmute", muting.unmute, menu=False),
        Command("everything", muting.everything, menu=False),
        Command("refuse", own_settings.refuse, menu=False),
        Command("accept", own_settings.accept, menu=False),
        Command("opt_in", own_settings.opt_in, menu=False, menu_for_opt_in=True),
        Command("opt_out", own_settings.opt_out, menu=False),
        Command("rename", own_settings.rename, menu=False, officials=OFFICIALS, takes=_A_NAME),
        Command("move", own_settings.move, menu=False, takes=_A_NAME),
        Command("rules", house_rules.rules, public=True, officials=OFFICIALS),
        Command("privacy", house_rules.privacy, public=True, officials=OFFICIALS),
        Command("my_data", my_data.show, public=True, officials=OFFICIALS),
        Command("leave", leaving.leave, public=True, shared=True, takes=r"\S+(?: \S+)?"),
        Command("erase", leaving.erase, public=True, officials=OFFICIALS),
        *_for_caretakers(),
    ]


def _for_caretakers() -> list[Command]:
    return [
        Command("members", caretaking.members, roles=CARETAKERS),
        Command("requests", approval.requests, roles=CARETAKERS),
        Command("invite", invitations.invite, roles=CARETAKERS),
        Command("role", caretaking.role, roles=CARETAKERS),
        Command("official", appointments.name_official, roles=frozenset({Role.ADMIN})),
        Command("officials", officials.officials, roles=CARETAKERS),
        Command("remove_official", officials.remove_official, roles=frozenset({Role.ADMIN}), menu=False),
        Command("remove_member", caretaking.remove_member, roles=CARETAKERS),
        Command("bind_group", groups.bind, roles=CARETAKERS, in_group=True),
        Command("unbind_group", groups.unbind, roles=CARETAKERS, in_group=True, menu=False),
    ]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """A bare "stop" is somebody who wants to leave."""
    return leaving.recognise(hearing)


@hookimpl
def recognise_official(ctx: Context, text: str, about: Thread | None) -> Guess | None:
    """A bare "stop" of an official who is no member."""
    return leaving.recognise_official(text)


@hookimpl
def pages() -> list[Page]:
    """The public page."""
    return [Page("/join", page.join)]


@hookimpl
def welcome_person(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Greet somebody who was imported."""
    imported.welcome(ctx, person, neighbourhood)


@hookimpl(optionalhook=True)
def removal_decided(ctx: Context, person: PersonId, alarms: int, days: int) -> None:
    """The alerts plugin, where there is one, says that an admin removes somebody after repeated false alarms."""
    removals.decided(ctx, person, alarms, days)


@hookimpl(optionalhook=True)
def removal_undone(ctx: Context, person: PersonId, by: PersonId) -> None:
    """The alerts plugin says that an admin took that back."""
    removals.undone(ctx, person, by)


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what this plugin keeps about somebody beside what the core keeps."""
    return my_data.kept(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Take away what this plugin keeps of somebody."""
    leaving.forget(ctx, person)
    invitations.forget_inviter(ctx, person)
