"""CAP 1.2 and GeoJSON: in order by every rule, whatever somebody types, and without what is nobody's business."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from buurtwacht import Severity
from buurtwacht.testing import Neighbourhood, World
from buurtwacht_alerts import bulletins, geojson
from buurtwacht_alerts.alert import Alert, Status
from buurtwacht_alerts.called import Called112
from buurtwacht_alerts.cap import Area, Document, Info, Kind, faults, moment, token, write
from buurtwacht_alerts.cap import Status as CapStatus
from buurtwacht_alerts.cap_faults import NAMESPACE
from buurtwacht_alerts.categories import CATEGORIES, Route
from buurtwacht_alerts.distances import metres
from buurtwacht_alerts.positions import Position

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SENT = datetime(2026, 1, 16, 1, 42, tzinfo=_AMSTERDAM)


# --- the rules -------------------------------------------------------------------------------------------------------


def document(**changes: object) -> Document:
    """Return a message in order, but for what is changed."""
    area = Area("Buurt Tolberg", Position(51.531, 4.465), 0.3)
    info = Info(
        language="nl-NL",
        categories=("Security",),
        event="Verdacht voertuig",
        urgency="Immediate",
        severity="Moderate",
        certainty="Observed",
        expires=_SENT + timedelta(minutes=30),
        sender_name="Buurtwacht Tolberg",
        headline="Verdacht voertuig",
        description="Rijdt stapvoets",
        instruction="Blijf binnen",
        area=area,
        responses=("Monitor",),
        onset=_SENT,
        parameters=(("buurt:112", "unknown"),),
    )
    values: dict[str, object] = {
        "identifier": "NL-TB-20260116-0001",
        "sender": "buurtwacht.roosendaal.tb",
        "sent": _SENT,
        "status": CapStatus.ACTUAL,
        "kind": Kind.ALERT,
        "incident": "TB-0001",
        "restriction": "Alleen leden",
        "infos": (info,),
        **changes,
    }
    return Document(**values)  # type: ignore[arg-type]


RIGHT = write(document())
_AREA = "<areaDesc>Buurt Tolberg</areaDesc>"
_CIRCLE = "<circle>51.531,4.465 0.3</circle>"


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("</alert>", "", "is no XML"),
        ("alert", "warning", "begins with"),
        ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1", "begins with"),
        ("<incidents>TB-0001</incidents>", "", None),
        ("<event>Verdacht voertuig</event>", "", "info holds 0 event"),
        ("<language>nl-NL</language>", "", "info holds 0 language"),
        ("<status>", "<source>Riet</source><status>", "another order"),
        ("<urgency>", "<web>x</web><urgency>", "another order"),
        ("<urgency>", "<colour>red</colour><urgency>", "info holds colour, which it cannot"),
        ("<event>", "<event><b>x</b>", "event holds b"),
        ("Rijdt stapvoets", " ", "description is empty"),
        ("Rijdt stapvoets", "Rijdt &lt;b&gt;stapvoets&lt;/b&gt;", "description holds HTML"),
        ("Rijdt stapvoets", "Rijdt&amp;nbsp;stapvoets", "description holds HTML"),
        (">Immediate<", ">Now<", "urgency is Now"),
        (">Security<", ">Crime<", "category is Crime"),
        (">Actual<", ">Real<", "status is Real"),
        ("01:42:00+01:00</sent>", "01:42:00Z</sent>", "sent is 2026-01-16T01:42:00Z"),
        ("01:42:00+01:00</sent>", "01:42:00.5+01:00</sent>", "sent is"),
        ("2026-01-16T02:12:00", "2026-02-30T02:12:00", "expires is"),
        ("2026-01-16T02:12:00", "2026-01-16T01:12:00", "expires before"),
        ("NL-TB-20260116-0001", "NL TB", "identifier holds a space"),
        ("NL-TB-20260116-0001", "NL,TB", "identifier holds a space"),
        ("buurtwacht.roosendaal.tb", "a&amp;b", "sender holds a space"),
        ("buurtwacht.roosendaal.tb", "a&lt;b", "sender holds a space"),
        (">Restricted<", ">Public<", "scope is Public and restriction is Alleen leden"),
        ("<restriction>Alleen leden</restriction>", "", "scope is Restricted and restriction is not there"),
        (">Restricted<", ">Private<", "scope is Private and addresses is not there"),
        (">Alert<", ">Update<", "Update without references"),
        ("<incidents>", "<references>a,b</references><incidents>", "references holds a,b"),
        ("<incidents>", "<references>a,b,2026-01-16T01:00:00Z</references><incidents>", "references holds"),
        ("<incidents>", "<references>a,b,2026-01-16T02:00:00+01:00</references><incidents>", "sent later"),
        ("<incidents>", "<references>a,b,2026-01-16T00:41:00-00:00</references><incidents>", None),
        (
            "<incidents>",
            "<references>buurtwacht.roosendaal.tb,NL-TB-20260116-0001,2026-01-16T01:42:00+01:00</references><incidents>",
            "references itself",
        ),
        (_CIRCLE, "<circle>51.531 4.465 0.3</circle>", "circle is"),
        (_CIRCLE, "<circle>51.531,4.465 -1</circle>", "circle is"),
        (_CIRCLE, "<circle>151.531,4.465 1</circle>", "circle is"),
        (_CIRCLE, "<polygon>51,4 51,5 52,5 51,4</polygon>", None),
        (_CIRCLE, "<polygon>51,4 51,5 51,4</polygon>", "polygon has 3 points"),
        (_CIRCLE, "<polygon>51,4 51,5 52,5 52,4</polygon>", "does not end where it begins"),
        (_CIRCLE, "<polygon>51,4 52,5 51,5 52,4 51,4</polygon>", "crosses itself"),
        (_CIRCLE, "<polygon>51,4 51 52,5 51,4</polygon>", "polygon is"),
        ("</area>", "<ceiling>100</ceiling></area>", "ceiling without altitude"),
        ("</area>", "<altitude>1</altitude><ceiling>100</ceiling></area>", None),
        (
            "<area>",
            "<resource><resourceDesc>x</resourceDesc><mimeType>a/b</mimeType><uri>x.jpg</uri></resource><area>",
            "uri x.jpg is relative",
        ),
    ],
)
def test_each_rule_of_the_schema_and_of_its_prose_is_looked_at(before: str, after: str, fault: str | None) -> None:
    assert faults(RIGHT) == []
    assert before in RIGHT
    found = faults(RIGHT.replace(before, after))
    assert found == [] if fault is None else any(fault in one for one in found), found


def test_two_blocks_say_it_in_two_languages() -> None:
    one = document().infos[0]
    assert faults(write(document(infos=(one, one))))[0] == "nl-NL twice"
    again = Info(**{name: getattr(one, name) for name in Info.__slots__} | {"language": "en-GB"})
    assert "description is the same in nl-NL and en-GB" in faults(write(document(infos=(one, again))))


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 1, 16, 1, 42, 3, 999, tzinfo=_AMSTERDAM), "2026-01-16T01:42:03+01:00"),
        (datetime(2026, 7, 16, 1, 42, tzinfo=_AMSTERDAM), "2026-07-16T01:42:00+02:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=_AMSTERDAM, fold=0), "2026-10-25T02:30:00+02:00"),
        (datetime(2026, 10, 25, 2, 30, tzinfo=_AMSTERDAM, fold=1), "2026-10-25T02:30:00+01:00"),
        (datetime(2026, 1, 16, 1, 42, tzinfo=UTC), "2026-01-16T01:42:00-00:00"),
        (datetime(2026, 1, 16, 1, 42, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), "2026-01-16T01:42:00-03:30"),
    ],
)
def test_moments_have_an_offset_and_no_fractions(at: datetime, written: str) -> None:
    assert moment(at) == written


def test_names_of_senders_hold_nothing_that_references_cannot() -> None:
    assert [token(one) for one in ("Roosendaal", "Súdwest-Fryslân", "'s-Hertogenbosch, &<", "")] == [
        "roosendaal",
        "sudwest-fryslan",
        "s-hertogenbosch",
        "",
    ]


@given(text=st.text(min_size=1), note=st.text())
def test_nothing_that_somebody_types_breaks_a_message(text: str, note: str) -> None:
    before = document().infos[0]
    values = {name: getattr(before, name) for name in Info.__slots__}
    info = Info(**values | {"headline": text, "description": f"Wat: {text}", "instruction": text})
    made = write(document(infos=(info,), note=note))
    assert faults(made) == []
    assert "<" not in "".join(ElementTree.fromstring(made).itertext())


# --- alerts ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tolberg() -> Iterator[tuple[World, Neighbourhood]]:
    with World("2026-01-16 01:42") as world:
        place = world.neighbourhood(
            "TB", "Tolberg", streets={"Meidoornstraat": (51.53084, 4.46531), "Beukenlaan": (0, 0)}
        )
        place.member("Fatima", channel="telegram")
        yield world, place


def alerts(where: int) -> st.SearchStrategy[Alert]:
    """Return alerts of every kind, in whatever words."""
    words = st.text(max_size=60) | st.sampled_from(["Fatima 06 12345678", "12-ABC-3", "ik denk een man", "hoorde het"])
    aware = st.integers(1, 9_000).map(lambda minutes: _SENT - timedelta(minutes=minutes))
    return st.builds(
        Alert,
        neighbourhood=st.just(where),
        short=st.integers(1, 999_999).map(lambda number: f"TB-{number:04d}"),
        status=st.just(Status.ACTIVE),
        category=st.sampled_from(sorted(CATEGORIES.keys() - {"drill", "all_clear"})),
        severity=st.sampled_from(Severity),
        route=st.just(Route.NEIGHBOURHOOD),
        reporter=st.none(),
        reporters=st.just([]),
        message=st.just(""),
        words=words,
        place=words,
        street=st.sampled_from([None, "Meidoornstraat", "Beukenlaan", "Elders"]),
        behaviour=words,
        description=words,
        direction=words,
        direction_street=st.none(),
        vehicle=words,
        plate=st.sampled_from(["", "12-ABC-3"]),
        happened_at=st.none() | aware,
        point=st.none() | st.tuples(st.floats(-89, 89), st.floats(-179, 179)).map(list),
        reported_at=aware,
        sent_at=aware,
        last_update=aware,
        called=st.sampled_from(Called112),
        called_at=st.none() | aware,
        steps=st.just([]),
        messages=st.just([]),
    )


@given(data=st.data())
@settings(max_examples=60)
def test_whatever_is_reported_is_issued_in_order_and_without_what_is_nobodys_business(
    tolberg: tuple[World, Neighbourhood], data: st.DataObject
) -> None:
    world, place = tolberg
    alert = data.draw(alerts(place.id))
    with world.context("alerts", place) as ctx:
        before = len(bulletins.bulletins_of(ctx, alert.short))
        bulletins.opened(ctx, alert)
    made = world.cap(alert.short)[before:]
    assert [faults(one) for one in made] == [[]]
    said = "".join(ElementTree.fromstring(made[0]).itertext())
    for hidden in ("Fatima", "12345678", "12-ABC-3", "12ABC3"):
        assert hidden not in said
    with world.context("alerts", place) as ctx:
        feature = json.loads(geojson.collection(ctx, [alert]))["features"][0]
    circle = ElementTree.fromstring(made[0]).findtext(f".//{{{NAMESPACE}}}circle")
    if feature["geometry"] is None:
        assert circle is None
    else:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert circle == f"{latitude},{longitude} 0.3", "the same point, the axes the other way round"
    assert all(word == "" or word not in json.dumps(feature) for word in ("Fatima", "12-ABC-3"))


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_cap_and_geojson_are_the_same_point_with_the_axes_swapped(latitude: float, longitude: float) -> None:
    point = Position(latitude, longitude).rounded()
    assert Position.of_cap(point.cap) == point
    assert Position(*reversed(point.geojson)) == point
    assert len(point.plus_code.rstrip("+0")) <= 8


@given(st.floats(50, 54), st.floats(3, 8))
def test_a_point_is_as_coarse_as_a_block(latitude: float, longitude: float) -> None:
    """Whatever lies within half a step to each side is rounded to it: so many doors it could be."""
    point = Position(latitude, longitude).rounded()
    assert metres((latitude, longitude), (point.latitude, point.longitude)) < 75
    for north, east in ((0.0004, 0), (-0.0004, 0), (0, 0.0004), (0, -0.0004)):
        assert Position(point.latitude + north, point.longitude + east).rounded() == point
    assert metres((point.latitude, point.longitude), (point.latitude, point.longitude + 0.0008)) > 50
