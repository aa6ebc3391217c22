"""Patrols: rosters in a sentence, availability, a fair plan, reminders, stand-ins, and the round itself."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht import (
    CARETAKERS,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    NeighbourhoodId,
    PersonId,
    Role,
    hookimpl,
)
from buurtwacht_patrols import (
    changing,
    feeds,
    leaving,
    planning,
    proposing,
    publishing,
    recognising,
    routes,
    showing,
    signup,
    wishes,
)
from buurtwacht_patrols.settings import Settings

__all__ = ["manifest"]

manifest = Manifest(
    id="patrols",
    name="Rondes",
    version="0.1.0",
    settings=Settings,
    permissions=frozenset({"store", "timers", "send:opted_in", "send:members", "read:names"}),
    templates=frozenset(
        {
            "all_answered",
            "availability.ask",
            "availability.remind",
            "left.partner",
            "left.planner",
            "proposal",
            "published",
            "published.changed",
            "published.spare",
            "signup.partner",
            "signup.planner",
            "withdrawn",
            "withdrawn.asked",
        }
    ),
)

_WALKERS = frozenset({Role.PATROLLER})


@hookimpl
def commands() -> list[Command]:
    """Return the words of this plugin. `aanmelden` is shared with who joins the neighbourhood (domain §5.1)."""
    return [
        Command("roster", planning.roster, roles=_WALKERS | CARETAKERS),
        Command("own_shifts", showing.own, roles=_WALKERS | CARETAKERS),
        Command("calendar", feeds.links, roles=_WALKERS | CARETAKERS),
        Command("away", wishes.away, roles=_WALKERS),
        Command("back", wishes.back, roles=_WALKERS, menu=False),
        Command("preference", wishes.preference, roles=_WALKERS),
        Command("sign_up", signup.sign_up, roles=_WALKERS, shared=True),
        Command("sign_up_shift", signup.sign_up, roles=_WALKERS, menu=False),
        Command("proposal", proposing.proposal, roles=CARETAKERS),
        Command("publish", publishing.publish, roles=CARETAKERS),
        Command("withdraw_roster", publishing.withdraw, roles=CARETAKERS),
        Command("swap", changing.swap, roles=CARETAKERS),
        Command("exchange", changing.exchange, roles=CARETAKERS, menu=False),
        Command("lock", changing.lock, roles=CARETAKERS, menu=False),
        Command("unlock", changing.unlock, roles=CARETAKERS, menu=False),
        Command("add_walker", changing.add, roles=CARETAKERS, menu=False),
        Command("take_off", changing.take_off, roles=CARETAKERS, menu=False),
        Command("routes", routes.routes, roles=_WALKERS | CARETAKERS, menu=False),
        Command("drop_route", routes.drop, roles=CARETAKERS, menu=False),
    ]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Recognise when a walker says that he can, while he is being asked."""
    return recognising.recognise(hearing)


@hookimpl
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Release the shifts of a walker who left."""
    leaving.release(ctx, person, neighbourhood)


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what patrols know about somebody."""
    return leaving.export(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Forget who somebody was."""
    leaving.erase(ctx, person)
