"""Patrols: rosters in a sentence, availability, a fair plan, reminders, stand-ins, and the round itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from buurtwacht import (
    CARETAKERS,
    Command,
    Context,
    Guess,
    Hearing,
    Manifest,
    NeighbourhoodId,
    PersonId,
    Proof,
    Role,
    hookimpl,
)
from buurtwacht_patrols import (
    cancelling,
    changing,
    course,
    deciding,
    feeds,
    leaving,
    logbook,
    monthly,
    no_shows,
    noting,
    planning,
    proofs,
    proposing,
    publishing,
    recognising,
    rounds,
    routes,
    showing,
    signup,
    trading,
    understanding,
    volunteering,
    wishes,
)
from buurtwacht_patrols.settings import Settings

__all__ = ["course", "manifest"]

manifest = Manifest(
    id="patrols",
    name="Rondes",
    version="0.1.0",
    settings=Settings,
    permissions=frozenset({"store", "timers", "send:members", "read:names"}),
    templates=frozenset(
        {
            "absent.ask",
            "all_answered",
            "alone.partner",
            "alone.planner",
            "alone.planner.nobody",
            "availability.ask",
            "availability.remind",
            "cannot.partner",
            "cannot.partner.enough",
            "cannot.planner",
            "decide.ask",
            "decide.walker",
            "distress.caretaker",
            "distress.partner",
            "distress.place",
            "end.by_partner",
            "end.partner",
            "end.planner",
            "left.partner",
            "left.planner",
            "log.photo",
            "log.photo_kept",
            "off.invited",
            "off.planner",
            "off.walker",
            "overdue.ask",
            "partner.ask",
            "planner.overdue",
            "proposal",
            "published",
            "published.changed",
            "published.spare",
            "remind.ask",
            "remind.dropped",
            "remind.hour",
            "remind.hour.alone",
            "remind.start",
            "remind.start.alone",
            "remind.told",
            "seek.exhausted",
            "signup.partner",
            "signup.planner",
            "stand_in.ask",
            "stand_in.filled",
            "stand_in.gone",
            "stand_in.planner",
            "stand_in.planner.for",
            "start.by_partner",
            "start.came",
            "start.came.partner",
            "summary",
            "summary.later",
            "trade.agreed",
            "trade.asked",
            "trade.offered",
            "trade.partner",
            "trade.planner",
            "trade.refused",
            "withdrawn",
            "withdrawn.asked",
        }
    ),
)

_WALKERS = frozenset({Role.PATROLLER})
#: Of what follows "verhinderd" and "unable": a day, and not what somebody saw who was unable to go on.
_A_DAY = r".*(?:\d|dag|day|morgen|tomorrow|avond|tonight|week|maand|month|altijd|always).*"
#: "Lock forced at number 12" is no walker who stays where he is.
_NO_BURGLARY = r"(?!(?:is |was |has been )?(?:forced|broken|picked)\b).*"


@hookimpl
def commands() -> list[Command]:
    """Return the words of this plugin. `aanmelden` is shared with who joins the neighbourhood (domain §5.1)."""
    return [
        Command("roster", planning.roster, roles=_WALKERS | CARETAKERS),
        Command("own_shifts", showing.own, roles=_WALKERS | CARETAKERS),
        Command("calendar", feeds.links, roles=_WALKERS | CARETAKERS),
        Command("away", wishes.away, roles=_WALKERS),
        Command("back", wishes.back, roles=_WALKERS, menu=False),
        Command("unable", volunteering.unable, roles=_WALKERS, menu=False, takes=_A_DAY),
        Command("available", volunteering.available, roles=_WALKERS, menu=False, takes=_A_DAY),
        Command("preference", wishes.preference, roles=_WALKERS),
        Command("sign_up", signup.sign_up, roles=_WALKERS, shared=True),
        Command("sign_up_shift", signup.sign_up, roles=_WALKERS, menu=False),
        Command("proposal", proposing.proposal, roles=CARETAKERS),
        Command("publish", publishing.publish, roles=CARETAKERS),
        Command("withdraw_roster", publishing.withdraw, roles=CARETAKERS),
        Command("swap", trading.swap, roles=_WALKERS | CARETAKERS),
        Command("trade", trading.trade, roles=_WALKERS, menu=False),
        Command("stand_in", trading.stand_in, roles=_WALKERS),
        Command("sign_off", cancelling.sign_off, roles=_WALKERS, shared=True),
        Command("sign_off_shift", cancelling.sign_off, roles=_WALKERS, menu=False),
        Command("check_in", rounds.start, roles=_WALKERS | CARETAKERS),
        Command("check_out", rounds.end, roles=_WALKERS | CARETAKERS),
        Command("log", noting.log, roles=_WALKERS | CARETAKERS),
        Command("nothing_found", noting.nothing, roles=_WALKERS | CARETAKERS, menu=False),
        Command("told_officer", noting.reported, roles=_WALKERS | CARETAKERS, menu=False),
        Command("call_off", deciding.off, roles=CARETAKERS),
        Command("ask_reserve", no_shows.ask_reserve, roles=CARETAKERS, menu=False),
        Command("log_book", logbook.show, roles=CARETAKERS),
        Command("month_report", monthly.report, roles=CARETAKERS),
        Command("exchange", changing.exchange, roles=CARETAKERS, menu=False),
        Command("lock", changing.lock, roles=CARETAKERS, menu=False, takes=_NO_BURGLARY),
        Command("unlock", changing.unlock, roles=CARETAKERS, menu=False),
        Command("add_walker", changing.add, roles=CARETAKERS, menu=False),
        Command("take_off", changing.take_off, roles=CARETAKERS, menu=False),
        Command("routes", routes.routes, roles=_WALKERS | CARETAKERS, menu=False),
        Command("drop_route", routes.drop, roles=CARETAKERS, menu=False),
    ]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Recognise what a walker means: when he can, that he cannot, that he comes, and what happens on his round."""
    guesses = [one for one in (understanding.recognise(hearing), recognising.recognise(hearing)) if one is not None]
    return max(guesses, key=lambda one: (one.rank, one.certainty), default=None)


@hookimpl
def media_arrived(ctx: Context, person: PersonId, message: str, media: int, mime: str) -> None:
    """A photo came after the words of a finding."""
    noting.arrived(ctx, person, message, media, mime)


@hookimpl
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """Release the shifts of a walker who left."""
    leaving.release(ctx, person, neighbourhood)


@hookimpl
def under_way(ctx: Context) -> Collection[Proof]:
    """Return what the self-audit is to prove."""
    return proofs.under_way(ctx)


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what patrols know about somebody."""
    return leaving.export(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Forget who somebody was."""
    leaving.erase(ctx, person)
