"""What people type about hours of duty, leave and steps of a ladder: tables, and the clock at its two changes."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from buurtwacht import OfficialKind, Role, Severity
from buurtwacht.vocabulary.clock import at_wall_time
from buurtwacht.vocabulary.settings import build, plugin_faults
from buurtwacht_alerts import categories
from buurtwacht_escalation.callees import begins_with_callee, callee_of, nearly_begins_with_callee
from buurtwacht_escalation.duty import Presence, presence
from buurtwacht_escalation.hours import Hours
from buurtwacht_escalation.leave import read_leave
from buurtwacht_escalation.records import Duty
from buurtwacht_escalation.settings import CATEGORIES, EscalationSettings, Step

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
#: A Wednesday.
NOW = datetime(2026, 1, 14, 14, 0, tzinfo=AMSTERDAM)


class Clocks:
    """The clocks on the walls of Amsterdam, as a handler's context knows them."""

    def wall_time(self, day: datetime, text: str) -> datetime:
        """Return a wall time of a day."""
        return at_wall_time(day, time.fromisoformat(text), AMSTERDAM).astimezone(AMSTERDAM)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("mo-fr 08:00-17:00", "mo-fr 08:00-17:00"),
        ("ma-vr 8.00-17.00, za 10-14", "mo-fr 08:00-17:00, sa 10:00-14:00"),
        ("ma t/m vr 8 tot 17 uur", "mo-fr 08:00-17:00"),
        ("Maandag tot en met donderdag van 8.30 tot 17.00 uur", "mo-th 08:30-17:00"),
        ("werkdagen 9-17", "mo-fr 09:00-17:00"),
        ("ma wo vr 8-12 en 13-17", "mo we fr 08:00-12:00, mo we fr 13:00-17:00"),
        ("di 8-17 do 12-20", "tu 08:00-17:00, th 12:00-20:00"),
        ("vr-za 22:00-06:00", "fr-sa 22:00-06:00"),
        ("vr-ma 22-6", "mo fr-su 22:00-06:00"),
        ("8-17", "mo-su 08:00-17:00"),
        ("dagelijks 0-24", "mo-su 00:00-24:00"),
        ("weekend", "sa-su 00:00-24:00"),
        ("mon to fri 9am-5pm", "mo-fr 09:00-17:00"),
        ("weekdays 8h-17h and sat 10-12", "mo-fr 08:00-17:00, sa 10:00-12:00"),
        ("altijd", ""),
        ("24/7", ""),
        ("", ""),
    ],
)
def test_hours_as_people_write_them(typed: str, hours: str) -> None:
    assert str(Hours.parse(typed)) == hours
    assert Hours.parse(hours) == Hours.parse(typed)


@pytest.mark.parametrize(
    "typed",
    ["morgen", "ma 25-26", "ma-vr 8", "8:70-9", "banaan", "werkdagen-za 8-9", "8-8", "ma-vr 8-17 behalve wo", "-"],
)
def test_what_is_no_hours_is_no_guess(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Hours.parse(typed)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_hours(typed: str) -> None:
    try:
        hours = Hours.parse(typed)
    except ValueError:
        return
    assert Hours.parse(str(hours)) == hours


@given(
    st.lists(st.tuples(st.sampled_from(DAYS), st.integers(0, 23), st.integers(1, 24)), max_size=4),
    st.integers(0, 2 * 365 * 24 * 60),
)
def test_the_next_start_is_on_duty_and_nothing_before_it_is(spans: list[tuple[str, int, int]], minutes: int) -> None:
    now = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).astimezone(AMSTERDAM)
    typed = ", ".join(f"{day} {start}-{end}" for day, start, end in spans if start != end)
    hours = Hours.parse(typed)
    begin = hours.next_start(Clocks(), now)
    assert begin is not None
    assert begin >= now
    assert hours.cover(begin)
    if begin > now:
        assert not hours.cover(now)
        before = begin.astimezone(UTC) - timedelta(minutes=1)
        assert not hours.cover(before.astimezone(AMSTERDAM))


@pytest.mark.parametrize(
    ("typed", "now", "begin"),
    [
        ("zo 2:30-12", "2026-03-28 23:00", "2026-03-29T03:00:00+02:00"),
        ("zo 2:30-12", "2026-10-24 23:00", "2026-10-25T02:30:00+02:00"),
        ("ma-vr 8-17", "2026-03-27 18:00", "2026-03-30T08:00:00+02:00"),
        ("ma-vr 8-17", "2026-10-23 18:00", "2026-10-26T08:00:00+01:00"),
        ("vr-za 22-6", "2026-01-18 07:00", "2026-01-23T22:00:00+01:00"),
    ],
)
def test_a_start_goes_by_the_clock_on_the_wall(typed: str, now: str, begin: str) -> None:
    found = Hours.parse(typed).next_start(Clocks(), datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM))
    assert found is not None
    assert found.isoformat() == begin


def test_over_midnight_it_is_still_the_day_it_began_on() -> None:
    hours = Hours.parse("vr 22-6")
    assert hours.cover(datetime(2026, 1, 16, 23, tzinfo=AMSTERDAM))
    assert hours.cover(datetime(2026, 1, 17, 5, 59, tzinfo=AMSTERDAM))
    assert not hours.cover(datetime(2026, 1, 17, 6, tzinfo=AMSTERDAM))
    assert not hours.cover(datetime(2026, 1, 16, 5, tzinfo=AMSTERDAM))


@pytest.mark.parametrize(
    ("typed", "back"),
    [
        ("1 februari", "2026-02-01T00:00:00+01:00"),
        ("tot 1 februari 9:00", "2026-02-01T09:00:00+01:00"),
        ("t/m 1 februari", "2026-02-02T00:00:00+01:00"),
        ("1-2", "2026-02-01T00:00:00+01:00"),
        ("2026-06-05", "2026-06-05T00:00:00+02:00"),
        ("5 juni om 13 uur", "2026-06-05T13:00:00+02:00"),
        ("vrijdag 5 juni", "2026-06-05T00:00:00+02:00"),
        ("June 5", "2026-06-05T00:00:00+02:00"),
        ("5th of June 2026", "2026-06-05T00:00:00+02:00"),
        ("vrijdag", "2026-01-16T00:00:00+01:00"),
        ("woensdag", "2026-01-21T00:00:00+01:00"),
        ("tot en met vrijdag", "2026-01-17T00:00:00+01:00"),
        ("morgen 8:00", "2026-01-15T08:00:00+01:00"),
        ("tomorrow", "2026-01-15T00:00:00+01:00"),
        ("18:00", "2026-01-14T18:00:00+01:00"),
        ("8.30", "2026-01-15T08:30:00+01:00"),
        ("10 januari", "2027-01-10T00:00:00+01:00"),
        ("2 weken", "2026-01-28T00:00:00+01:00"),
        ("een week", "2026-01-21T00:00:00+01:00"),
        ("3 days", "2026-01-17T00:00:00+01:00"),
    ],
)
def test_until_when_a_leave_lasts(typed: str, back: str) -> None:
    assert read_leave(typed, NOW, Clocks().wall_time).isoformat() == back


@pytest.mark.parametrize(
    "typed", ["gisteren", "31 februari", "ooit", "2020-01-01", "13:75", "1 februari misschien", ""]
)
def test_what_is_no_day_to_come_is_no_guess(typed: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_leave(typed, NOW, Clocks().wall_time)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_leave(typed: str) -> None:
    with suppress(ValueError):
        assert read_leave(typed, NOW, Clocks().wall_time) > NOW


@pytest.mark.parametrize(
    ("severity", "off_duty", "found"),
    [
        (Severity.CRITICAL, None, Presence.HERE),
        (Severity.URGENT, None, Presence.OFF),
        (Severity.URGENT, Severity.CRITICAL, Presence.OFF),
        (Severity.URGENT, Severity.URGENT, Presence.HERE),
        (Severity.NOTICE, Severity.URGENT, Presence.OFF),
        (Severity.INFO, Severity.NOTICE, Presence.OFF),
    ],
)
def test_who_may_be_woken_for_what(severity: Severity, off_duty: Severity | None, found: Presence) -> None:
    duty = Duty(person=1, hours="mo-fr 08:00-12:00", off_duty=off_duty)
    assert presence(duty, severity, NOW) is found
    assert presence(None, severity, NOW) is Presence.HERE


def test_a_leave_holds_for_what_is_critical_too() -> None:
    duty = Duty(person=1, hours="", leave_until=NOW + timedelta(days=1))
    assert presence(duty, Severity.CRITICAL, NOW) is Presence.LEAVE
    assert presence(duty, Severity.CRITICAL, NOW + timedelta(days=1)) is Presence.HERE


@pytest.mark.parametrize(
    ("typed", "step"),
    [
        ("wijkagent", Step(who=("police",))),
        ("wijkagent, boa 2x 15 min", Step(who=("police", "boa"), confirmations=2, minutes=15)),
        ("gemeente en handhaving 30 minuten", Step(who=("municipality", "boa"), minutes=30)),
        ("Piet de Vries + boa 5m herhaal 2", Step(who=("Piet de Vries", "boa"), minutes=5, repeats=2)),
        ("deputy coordinator 1 min 0 repeats", Step(who=("deputy_coordinator",), minutes=1, repeats=0)),
        ({"who": "coördinator"}, Step(who=("coordinator",))),
    ],
)
def test_a_step_in_short(typed: object, step: Step) -> None:
    assert Step.model_validate(typed) == step


@pytest.mark.parametrize(
    "ladder", [["112"], ["burgemeester"], [], [" "], [{"who": []}], ["wijkagent 0 min"], [{"who": "boa", "hours": 1}]]
)
def test_a_ladder_that_is_none(ladder: object) -> None:
    with pytest.raises(ValidationError):
        EscalationSettings.model_validate({"ladder": ladder})


@pytest.mark.parametrize(
    ("rule", "where", "said"),
    [
        ({"category": "burglary"}, "rules.category", "there is no category 'burglary'; there are accident, "),
        ({"category": "drill"}, "rules.category", "there is no category 'drill'"),
        ({"severity": "high"}, "rules.severity", "'high' is not one of the choices (choose critical or urgent or "),
        ({"target": "wijkagnet"}, "rules", "rule 1 is for 'wijkagnet'; it can be for police, boa, municipality, "),
        ({"target": "dag"}, "rules", "or a ladder (nacht)"),
        ({"target": "burgemeester"}, "rules", "rule 1 is for the mayor, who announces only"),
        ({"minutes": -1}, "rules.minutes", "is too small (write at least 0)"),
    ],
)
def test_a_rule_that_can_never_hold_is_refused_when_settings_load(
    rule: dict[str, object], where: str, said: str
) -> None:
    table = {"ladders": {"nacht": ["boa"]}, "rules": [rule]}
    found = build({"plugins": {"escalation": table}})
    [fault] = plugin_faults(found, {"escalation": EscalationSettings})
    assert str(fault).startswith(f"plugins.toml: plugins.escalation.{where}: ")
    assert said in str(fault)


@pytest.mark.parametrize("target", ["", "wijkagent", "boa", "Nacht", "coordinator"])
def test_a_rule_is_for_a_kind_or_a_ladder(target: str) -> None:
    rule = {"category": "fire", "target": target}
    assert EscalationSettings.model_validate({"ladders": {"nacht": ["boa"]}, "rules": [rule]}).rules


def test_the_categories_of_rules_are_those_of_alerts() -> None:
    assert set(CATEGORIES) == set(categories.CATEGORIES) - {"drill", "all_clear"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wijkagent", OfficialKind.POLICE),
        ("Coördinator", Role.COORDINATOR),
        ("handhaving", OfficialKind.BOA),
        ("deputy coordinator", Role.DEPUTY_COORDINATOR),
        ("Piet", None),
    ],
)
def test_whom_a_word_means(typed: str, meant: object) -> None:
    assert callee_of(typed) is meant


def test_the_longest_word_counts() -> None:
    assert begins_with_callee("deputy coordinator please come") == (Role.DEPUTY_COORDINATOR, "please come")
    assert begins_with_callee("wijkagent want hij staat er weer") == (OfficialKind.POLICE, "want hij staat er weer")
    assert begins_with_callee("want hij staat er weer") is None


def test_a_slip_of_one_letter_is_forgiven_in_long_words() -> None:
    assert nearly_begins_with_callee("wijkagnt graag contact") == (OfficialKind.POLICE, "graag contact")
    assert nearly_begins_with_callee("gemeemte") == (OfficialKind.MUNICIPALITY, "")
    assert nearly_begins_with_callee("bob") is None
    assert nearly_begins_with_callee("") is None
