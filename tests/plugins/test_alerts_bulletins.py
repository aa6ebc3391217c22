"""Every event of an alert is issued once as CAP 1.2, refers to what went before, and goes when its words go."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
import xmlschema

from buurtwacht import Context, Manifest, OfficialKind, hookimpl
from buurtwacht.testing import World
from buurtwacht_alerts import bulletins
from buurtwacht_alerts.alert import Alert
from buurtwacht_alerts.bulletin import forget_bulletins
from buurtwacht_alerts.cap import faults
from buurtwacht_alerts.cap_faults import NAMESPACE

CAR = "verdachte auto meidoornstraat, rijdt stapvoets langs de auto's, lichten uit"
_DATA = Path(__file__).parents[3] / "shared" / "data" / "cap"


def officials() -> ModuleType:
    """Make a plugin, in the place of escalation, by which a police officer has every alert at once."""

    @hookimpl
    def alert_opened(ctx: Context, alert: int, short: str) -> None:
        ctx.tell("official_acknowledged", alert=alert, short=short, kind=OfficialKind.POLICE, at=ctx.now.isoformat())

    module = ModuleType("officials")
    module.manifest = Manifest(id="escalation", name="Officials", version="1")  # type: ignore[attr-defined]
    module.alert_opened = alert_opened  # type: ignore[attr-defined]
    return module


def of(document: str, name: str) -> str:
    """Return what the first element of this name says."""
    return (ElementTree.fromstring(document).findtext(f".//{{{NAMESPACE}}}{name}") or "").strip()


class Town:
    """Fatima reports, Kees is the co-ordinator and Ans the admin."""

    def __init__(self, world: World, **settings: object) -> None:
        self.world = world
        streets = {"Meidoornstraat": (51.53084, 4.46531)}
        self.place = world.neighbourhood(
            "TB", "Tolberg", municipality="Roosendaal", streets=streets, quiet_hours=None, settings={"alerts": settings}
        )
        self.fatima = self.place.member("Fatima", channel="telegram", street="Meidoornstraat 12")
        self.henk = self.place.member("Henk", channel="whatsapp")
        self.kees = self.place.member("Kees", channel="telegram", roles=["coordinator"])
        self.ans = self.place.member("Ans", channel="whatsapp", roles=["admin"])

    def reports(self, text: str = CAR, called: str = "Ja, door mij") -> None:
        self.fatima.says(text)
        self.fatima.taps(called)
        self.world.advance(seconds=20)


def closed(town: Town) -> None:
    town.henk.says("aanvulling TB-0001 hij staat nu bij de speeltuin")
    town.world.advance(minutes=2)
    town.kees.says("einde TB-0001 het was een bezorger")


def false_alarm(town: Town) -> None:
    town.kees.says("loos alarm TB-0001 het was een bezorger")
    town.world.advance(seconds=5)
    town.kees.taps("Ja")


def reopened(town: Town) -> None:
    town.kees.says("einde TB-0001")
    town.world.advance(minutes=1)
    town.ans.says("heropen TB-0001 de auto is terug")


def retracted(town: Town) -> None:
    town.kees.says("intrekken TB-0001")


STORIES: dict[Callable[[Town], None], list[str]] = {
    closed: ["Alert", "Update", "Update", "Update"],
    false_alarm: ["Alert", "Update", "Cancel"],
    reopened: ["Alert", "Update", "Update", "Update"],
    retracted: ["Alert", "Update", "Cancel"],
}


@cache
def issued(story: Callable[[Town], None]) -> tuple[str, ...]:
    """Return all that was issued in a story that begins with a report and a call to 112."""
    with World("2026-01-16 01:42", plugins=[officials()]) as world:
        town = Town(world)
        town.reports(called="Nee, ik ga nu bellen")
        town.fatima.says("ja gebeld")
        world.advance(seconds=10)
        story(town)
        world.advance(minutes=1)
        return tuple(world.cap("TB-0001"))


@cache
def drilled() -> tuple[str, ...]:
    """Return all that was issued of a drill."""
    with World("2026-02-02 19:00") as world:
        town = Town(world)
        with world.context("alerts", town.place) as ctx:
            until = ctx.now + timedelta(hours=1)
            bulletins.drill_opened(ctx, 7, "TB-0001", "een verdachte auto, zegt Fatima, 12-ABC-3", until)
        world.advance(minutes=30)
        with world.context("alerts", town.place) as ctx:
            bulletins.drill_ended(ctx, 7, "TB-0001")
        return tuple(world.cap("TB-0001"))


@pytest.mark.parametrize(("story", "kinds"), STORIES.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_what_happens_is_issued_once_and_refers_to_what_went_before(
    story: Callable[[Town], None], kinds: list[str]
) -> None:
    made = issued(story)
    assert [faults(one) for one in made] == [[]] * len(made)
    shown = [one for one in made if of(one, "msgType") != "Ack"]
    assert [of(one, "msgType") for one in shown] == kinds
    for count, one in enumerate(shown):
        earlier = [",".join(of(other, name) for name in ("sender", "identifier", "sent")) for other in shown[:count]]
        assert of(one, "references").split() == earlier
    assert len({of(one, "identifier") for one in made}) == len(made)
    assert {of(one, "scope") for one in shown} == {"Restricted"}
    assert {of(one, "restriction") for one in shown} == {"Alleen leden van de buurt Tolberg"}
    assert {of(one, "incidents") for one in made} == {"TB-0001"}


def test_an_official_who_has_it_is_acknowledged_in_private() -> None:
    made = issued(closed)
    assert [of(one, "msgType") for one in made].count("Ack") == 1
    one = next(one for one in made if of(one, "msgType") == "Ack")
    assert (of(one, "scope"), of(one, "addresses"), of(one, "restriction")) == ("Private", "official:police", "")
    assert of(one, "note") == "Ontvangst bevestigd door de wijkagent om 01:42"
    assert len(of(one, "references").split()) == 1
    assert not any("wijkagent" in other for other in made if other is not one)


@pytest.mark.parametrize("kind", OfficialKind)
def test_every_kind_of_official_has_it_once_and_once_more_when_it_begins_anew(kind: OfficialKind) -> None:
    with World("2026-01-16 01:42") as world:
        town = Town(world)
        town.reports()

        def has_it() -> None:
            with world.context("alerts", town.place) as ctx:
                alert = ctx.records.find(Alert)[0]
                at = ctx.now.isoformat()
                ctx.tell("official_acknowledged", alert=alert.id, short=alert.short, kind=kind.value, at=at)
            world.advance(minutes=1)

        has_it()
        has_it()
        assert [of(one, "addresses") for one in world.cap("TB-0001")] == ["", f"official:{kind}"]
        assert not faults(world.cap("TB-0001")[1])
        town.kees.says("verhoog TB-0001 kritiek")
        town.kees.taps("Ja")
        world.advance(minutes=1)
        has_it()
        has_it()
        assert [of(one, "msgType") for one in world.cap("TB-0001")] == ["Alert", "Ack", "Update", "Ack"]


def test_the_first_word_says_what_members_read_in_two_languages() -> None:
    first = issued(closed)[0]
    assert of(first, "event") == "Verdacht voertuig"
    assert of(first, "headline") == "Verdacht voertuig · Meidoornstraat"
    assert "112: nog niet bevestigd" in first
    assert "What: " in first
    assert "<language>nl-NL</language>" in first
    assert "<language>en-GB</language>" in first
    assert (of(first, "severity"), of(first, "urgency"), of(first, "certainty")) == (
        "Moderate",
        "Immediate",
        "Observed",
    )
    assert (of(first, "sent"), of(first, "expires")) == ("2026-01-16T01:42:00+01:00", "2026-01-16T02:12:00+01:00")
    assert of(first, "circle") == "51.531,4.465 0.3"
    assert "<value>9F36GFJ8+</value>" in first
    assert "<value>verdacht.voertuig</value>" in first
    assert "called-by-reporter" not in first
    assert "called-by-reporter" in issued(closed)[2]


def test_an_update_says_all_that_holds_by_then() -> None:
    update = next(one for one in issued(closed) if "speeltuin" in one)
    assert of(update, "headline") == "Aanvulling: Verdacht voertuig · Meidoornstraat"
    assert "Aanvulling 01:43: hij staat nu bij de speeltuin" in of(update, "description")
    assert "lichten uit" in of(update, "description")
    assert of(issued(reopened)[-1], "headline") == "Weer open: Verdacht voertuig · Meidoornstraat"


def test_the_end_is_an_all_clear_and_what_was_wrong_is_cancelled() -> None:
    end, cancel = issued(closed)[-1], issued(false_alarm)[-1]
    assert (of(end, "responseType"), of(end, "urgency"), of(end, "severity")) == ("AllClear", "Past", "Minor")
    assert of(end, "description") == "Afloop: het was een bezorger"
    assert "LOOS ALARM TB-0001" in of(cancel, "note")
    assert "<info>" not in cancel


def test_what_only_time_ended_is_not_said_to_be_safe() -> None:
    with World("2026-01-16 12:00") as world:
        town = Town(world)
        town.fatima.says("stroomstoring in de meidoornstraat, alles is donker")
        world.advance(hours=7)
        made = world.cap("TB-0001")
    assert [of(one, "msgType") for one in made] == ["Alert", "Update"]
    assert (of(made[0], "severity"), of(made[0], "urgency")) == ("Minor", "Expected")
    assert (of(made[1], "responseType"), of(made[1], "certainty")) == ("None", "Unknown")


@pytest.mark.parametrize(
    ("policy", "seen"), [("officials_only", "Kenteken bekend bij de coördinator"), ("members", "Kenteken: ")]
)
def test_nothing_is_issued_that_members_may_not_read(policy: str, seen: str) -> None:
    with World("2026-01-16 01:42") as world:
        town = Town(world, plates=policy)
        town.reports("verdachte auto 12-ABC-3 meidoornstraat 14, Henk zag hem, bel 06 12345678, lichten uit")
        town.kees.says("einde TB-0001 Fatima sprak de bezorger, 06 12345678")
        made = world.cap("TB-0001")
    said = "".join(made)
    assert seen in said
    assert ("12-ABC-3" in said) == (policy == "members")
    for hidden in ("Fatima", "Henk", "12345678", "Meidoornstraat 14", "Meidoornstraat 12"):
        assert hidden not in said


def test_a_drill_is_an_exercise_that_says_not_to_call() -> None:
    made = drilled()
    assert [faults(one) for one in made] == [[], []]
    assert [of(one, "msgType") for one in made] == ["Alert", "Update"]
    for one in made:
        assert of(one, "status") == "Exercise"
        assert of(one, "note") == "OEFENING. Bel geen 112."
        texts = [of(one, name) for name in ("event", "headline", "description", "instruction")]
        assert all(text.startswith("OEFENING") for text in texts)
    assert (
        of(made[0], "description")
        == "OEFENING: een verdachte auto, zegt een buurtbewoner, kenteken bekend bij coördinator"
    )
    assert of(made[1], "responseType") == "AllClear"


def test_bulletins_go_with_the_descriptions() -> None:
    with World("2026-01-16 01:42") as world:
        town = Town(world)
        town.reports()
        town.kees.says("einde TB-0001")
        world.advance(days=13)
        assert len(world.cap("TB-0001")) == 2
        world.advance(days=2)
        assert world.cap("TB-0001") == []
        assert not [where for where, kept in world.traces() if b"lichten uit</description>" in kept]
        town.ans.says("heropen TB-0001 de auto is terug")
        assert [of(one, "msgType") for one in world.cap("TB-0001")] == ["Alert"], "it refers to nothing any more"
        with world.context("alerts", town.place) as ctx:
            forget_bulletins(ctx, ctx.records.find(bulletins.Bulletin)[0].alert)
        town.kees.says("einde TB-0001")
        assert world.cap("TB-0001") == []


def test_only_the_ids_of_a_neighbourhood_are_known() -> None:
    with World() as world:
        Town(world)
        assert world.cap("TB-0009") == []
        with pytest.raises(LookupError, match="XX-0001 is no id"):
            world.cap("XX-0001")


# --- the schema ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    """The schema of OASIS, which is not ours to hand on: beside the repository, or where the environment says."""
    file = Path(os.environ.get("BUURTWACHT_CAP_XSD") or _DATA / "xsd") / "CAP-v1.2.xsd"
    if not file.is_file():
        pytest.skip("CAP-v1.2.xsd is not at hand: name its folder in BUURTWACHT_CAP_XSD")
    return xmlschema.XMLSchema(str(file))


@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.__name__)
def test_all_of_it_is_valid_by_the_schema(story: Callable[[Town], None], schema: xmlschema.XMLSchema) -> None:
    for one in issued(story):
        schema.validate(one)


def test_a_drill_is_valid_by_the_schema(schema: xmlschema.XMLSchema) -> None:
    for one in drilled():
        schema.validate(one)


def test_the_examples_are_in_order_by_our_rules_too(schema: xmlschema.XMLSchema) -> None:
    examples = sorted((_DATA / "own_nl").glob("*.xml"))
    if not examples:
        pytest.skip("the examples are not at hand")
    for path in examples:
        schema.validate(str(path))
        assert faults(path.read_text(encoding="utf-8")) == [], path.name


def test_what_our_rules_refuse_in_order_and_values_the_schema_refuses_too(schema: xmlschema.XMLSchema) -> None:
    right = issued(closed)[0]
    for before, after in (("<event>", "<colour/><event>"), (">Immediate<", ">Now<"), ("+01:00</sent>", "Z</sent>")):
        wrong = right.replace(before, after, 1)
        assert faults(wrong)
        assert not schema.is_valid(wrong)
