"""Roll calls: is everybody safe, who comes, who can; asked of many, counted for all, named to the co-ordinator."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

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
    hookimpl,
)
from buurtwacht_rollcalls import (
    circle,
    holders,
    hookspecs,
    insight,
    opening,
    privacy,
    proofs,
    reminding,
    understanding,
    visiting,
)
from buurtwacht_rollcalls.settings import RollCallSettings

__all__ = ["hookspecs", "manifest", "reminding"]

manifest = Manifest(
    id="rollcalls",
    name="Rondvragen",
    version="0.1.0",
    settings=RollCallSettings,
    permissions=frozenset({"store", "timers", "send:members", "read:names"}),
    templates=frozenset(
        {
            "circle.missed",
            "circle.stopped.told",
            "doubt.rollcall.caretaker",
            "help.rollcall.caretaker",
            "holder.agreed",
            "holder.asked",
            "holder.ended",
            "holder.gave_back",
            "holder.left",
            "holder.refused",
            "ladder.answered.told",
            "ladder.asked",
            "ladder.caretaker",
            "ladder.help.caretaker",
            "ladder.humans.told",
            "ladder.next.told",
            "ladder.no_answer.caretaker",
            "ladder.taken.told",
            "ladder.well.caretaker",
            "ladder.well.told",
            "late.caretaker",
            "more.caretaker",
            "no_help.caretaker",
            "proxy.help.caretaker",
            "readiness.next",
            "relief.caretaker",
            "rollcall.daily_circle",
            "rollcall.daily_circle.again",
            "rollcall.meeting",
            "rollcall.meeting.again",
            "rollcall.patrol_attendance",
            "rollcall.puzzled",
            "rollcall.readiness",
            "rollcall.result.counts",
            "rollcall.result.daily_circle",
            "rollcall.result.names",
            "rollcall.result.safety",
            "rollcall.result.test",
            "rollcall.safety_check",
            "rollcall.safety_check.again",
            "rollcall.test",
            "tally",
            "visit.asked",
            "visit.caretaker",
            "visit.silent",
        }
    ),
)


@hookimpl
def commands() -> list[Command]:
    """Return the words of this plugin. Words that alerts have too are about a roll call when its id follows (TB-R1)."""
    return [
        Command("roll_call", opening.roll_call, roles=CARETAKERS),
        Command("readiness", opening.readiness, roles=CARETAKERS),
        Command("meeting", opening.meeting, roles=CARETAKERS),
        Command("test_message", opening.message_test, roles=CARETAKERS),
        Command("look_in", visiting.look_in, roles=CARETAKERS),
        Command("attendance", insight.attendance, roles=CARETAKERS),
        Command("finish", insight.finish, series="R", menu_for=CARETAKERS),
        Command("how_it_stands", insight.standing, series="R"),
        Command("circle", circle.circle),
        Command("key_holder", holders.key_holder, takes=".+"),  # somebody may be called Brand
        Command("key_back", holders.give_back, menu=False),
    ]


@hookimpl
def recognise(hearing: Hearing) -> Guess | None:
    """Recognise what people say about a roll call that runs, or ended less than a day ago."""
    return understanding.recognise(hearing)


@hookimpl
def rollcall_wanted(ctx: Context, reference: str, kind: str, question: str, people: Sequence[int], closes: str) -> None:
    """Ask what another plugin wants asked."""
    opening.wanted(ctx, reference, kind, question, people, closes)


@hookimpl(optionalhook=True)
def danger_reported(ctx: Context, person: PersonId, words: str) -> None:
    """Who was asked whether he is safe reported a danger instead: that is no silence."""
    understanding.danger_reported(ctx, person, words)


@hookimpl
def member_left(ctx: Context, person: PersonId, neighbourhood: NeighbourhoodId) -> None:
    """He is asked no more, and nobody counts on him."""
    privacy.left(ctx, person, neighbourhood)


@hookimpl
def under_way(ctx: Context) -> Collection[Proof]:
    """Return what the self-audit is to prove."""
    return proofs.under_way(ctx)


@hookimpl
def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
    """Return what roll calls know about somebody."""
    return privacy.export(ctx, person)


@hookimpl
def erase_person(ctx: Context, person: PersonId) -> None:
    """Forget who somebody was."""
    privacy.erase(ctx, person)
