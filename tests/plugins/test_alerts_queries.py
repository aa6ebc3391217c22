"""What a handler reads does not grow with how many neighbourhoods, reporters or namesakes an alert has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import event

from buurtwacht import Context
from buurtwacht.testing import World
from buurtwacht.testing.town import Neighbourhood
from buurtwacht_alerts import bordering, renewals, why
from buurtwacht_alerts.alert import Alert, Outcome
from buurtwacht_alerts.ending import end
from buurtwacht_alerts.wording import called_brief

CAR = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"


@contextmanager
def reading(world: World) -> Iterator[list[str]]:
    """Collect every question that is put to the database meanwhile."""
    asked: list[str] = []

    def ask(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", ask)
    try:
        yield asked
    finally:
        event.remove(world.database.engine, "before_cursor_execute", ask)


def alerted(world: World, relays: int, reporters: int, namesakes: int) -> Neighbourhood:
    """Build Tolberg with an alert that went to neighbourhoods next door and was reported by several."""
    world.at("2026-01-16 01:42")
    codes = [f"N{number}" for number in range(relays)]
    tolberg = world.neighbourhood("TB", "Tolberg", adjacent=codes, streets=["Meidoornstraat"], quiet_hours=None)
    for code in codes:
        world.neighbourhood(code, f"Buurt {code}", quiet_hours=None).member(f"Wim {code}", channel="telegram")
    kees = tolberg.member("Kees", channel="telegram", roles=["coordinator"])
    for number in range(namesakes):
        tolberg.member("Riet", channel="telegram", street=f"Meidoornstraat {number + 1}")
    others = [tolberg.member(f"Melder {number}", channel="telegram") for number in range(reporters)]
    others[0].says(CAR)
    others[0].taps("Ja, door mij")
    world.advance(minutes=1)
    for one in others[1:]:
        one.says(CAR)
        one.taps("Toevoegen")
    world.advance(minutes=1)
    for code in codes:
        kees.says(f"doorzetten TB-0001 {code}")
        world.advance(seconds=5)
    world.advance(minutes=1)
    return tolberg


def questions(do: Callable[[Context, Alert], None], *, relays: int = 0, reporters: int = 1, namesakes: int = 1) -> int:
    """Return how many questions a handler puts to the database about such an alert."""
    with World() as world:
        tolberg = alerted(world, relays, reporters, namesakes)
        with world.context("alerts", tolberg) as ctx:
            alert = ctx.records.first(Alert, number=1)
            assert alert is not None
            assert len(alert.reporters) == reporters
            with reading(world) as asked:
                do(ctx, alert)
        world.advance(minutes=1)
    return len(asked)


def test_a_new_status_next_door() -> None:
    def respread(ctx: Context, alert: Alert) -> None:
        bordering.respread(ctx, alert, called_brief(alert))

    assert questions(respread, relays=1) == questions(respread, relays=3)


def test_additions_for_who_was_not_shown_the_alert_yet() -> None:
    def versions(ctx: Context, alert: Alert) -> None:
        assert list(renewals.versions(ctx, alert, ()))

    assert questions(versions, relays=1) == questions(versions, relays=3)


def test_thanks_after_a_false_alarm() -> None:
    def correct(ctx: Context, alert: Alert) -> None:
        end(ctx, alert, Outcome.FALSE_ALARM, "een bezorger")

    assert questions(correct, reporters=2) == questions(correct, reporters=5)


def test_why_several_of_one_name_got_it() -> None:
    def ask(ctx: Context, alert: Alert) -> None:
        assert why.lines_of(ctx, alert, [one for one in ctx.members() if one.name == "Riet"])

    assert questions(ask, namesakes=1) == questions(ask, namesakes=6)
