"""The test kit: the town and its clock, what people see, what goes wrong on purpose, and the checks at the end."""

from __future__ import annotations

from datetime import datetime
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest

from buurtwacht import Command, ConfigurationError, Context, Manifest, Record, hookimpl
from buurtwacht.testing import Member, Neighbourhood, World

from . import fair

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
#: So that these tests are about the world alone.
OFF = ["alerts", "rollcalls", "patrols", "escalation", "announcements"]


def town(**given: object) -> World:
    return World(plugins=[fair], **given)  # type: ignore[arg-type]


def tolberg(world: World, quiet_hours: str | None = None) -> Neighbourhood:
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=quiet_hours, plugins_off=OFF)


def texts(member: Member) -> list[str]:
    return [one.text for one in member.received]


# --- the clock -----------------------------------------------------------------------------------------------------


def test_times_are_local_and_the_clock_is_set_once() -> None:
    with town() as world:
        fatima = tolberg(world).member("Fatima", channel="telegram")
        world.at("2026-07-16 01:42")
        fatima.says("ping")

        assert fatima.last.at == datetime(2026, 7, 16, 1, 42, tzinfo=AMSTERDAM)
        with pytest.raises(RuntimeError, match="once"):
            world.at("2026-07-17 01:42")


def test_what_falls_due_happens_at_its_own_moment() -> None:
    with town(now="2026-01-16 01:42") as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        fatima.says("waarschuw tent los")
        world.advance_to("2026-01-16 03:00")

        assert [f"{one.at:%H:%M:%S}" for one in henk.received] == ["01:42:00", "02:02:00"]
        with pytest.raises(ValueError, match="cannot go back"):
            world.advance_to("2026-01-16 02:00")


def test_the_pace_of_a_messenger_goes_on_during_advance() -> None:
    with town() as world:
        fatima = tolberg(world).member("Fatima", channel="telegram")
        for _ in range(5):
            fatima.says("ping")
        assert len(fatima.received) == 3

        world.advance(seconds=2)
        assert [f"{one.at:%S}" for one in fatima.received] == ["00", "00", "00", "01", "02"]


def test_the_account_has_the_pace_it_is_given() -> None:
    with town(rate=2) as world:
        home = tolberg(world)
        fatima = home.member("Fatima", channel="whatsapp")
        others = [home.member(f"Buur {number}") for number in range(5)]
        fatima.says("waarschuw tent los")
        world.advance(seconds=2)

        assert sorted(f"{one.last.at:%S}" for one in others) == ["00", "00", "01", "01", "02"]


def test_the_autumn_hour_passes_twice() -> None:
    with town(now="2026-10-25 01:30") as world:
        world.advance(hours=2)

        assert f"{world.now:%H:%M}" == "02:30"


# --- the town ------------------------------------------------------------------------------------------------------


def test_a_window_that_is_closed_needs_a_template_and_costs() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima", channel="telegram")
        henk = home.member("Henk", channel="whatsapp", window_open=False)
        fatima.says("waarschuw tent los")

        assert henk.last.template == "buurtwacht_warning"
        assert henk.last.buttons == ("Gezien", "Ik let op", "Klopt niet")
        henk.taps("Gezien")
        assert henk.last.template is None
        assert world.costs("whatsapp") == {"template": 1, "free": 1}


def test_an_open_window_closes_after_a_day() -> None:
    with town() as world:
        home = tolberg(world)
        henk = home.member("Henk", channel="whatsapp")
        fatima = home.member("Fatima")
        world.advance(hours=24)
        fatima.says("waarschuw tent los")

        assert henk.last.template


def test_everybody_reads_his_own_language_and_form_of_address() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima")
        emma = home.member("Emma", language="en")
        fatima.says("waarschuw tent los")

        assert emma.last.text == "Mind: tent los."
        assert emma.last.buttons == ("Seen", "On watch", "Not right")


def test_a_person_is_reached_where_he_prefers() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima")
        henk = home.member("Henk", channels=["telegram", "whatsapp"], prefers="whatsapp")
        fatima.says("waarschuw tent los")

        assert henk.last.channel == "whatsapp"
        assert henk.addresses["whatsapp"].startswith("+316")
        assert set(henk.addresses) == {"telegram", "whatsapp"}


def test_two_people_may_have_the_same_name() -> None:
    with town() as world:
        home = tolberg(world)
        one, other = home.member("Jan"), home.member("Jan")
        one.says("ping")

        assert texts(one) == ["Hallo Jan."]
        assert texts(other) == []


def test_somebody_of_two_neighbourhoods_is_a_member_of_both() -> None:
    with town() as world:
        home = tolberg(world)
        next_door = world.neighbourhood("LD", "Langdonk", quiet_hours=None, plugins_off=OFF)
        fatima = home.member("Fatima")
        nadia = next_door.member("Nadia")
        home.join(nadia)
        fatima.says("waarschuw tent los")

        assert nadia.last.text == "Let op: tent los."


def test_quiet_hours_hold_what_does_not_press() -> None:
    with town(now="2026-01-16 23:00") as world:
        home = tolberg(world, quiet_hours="22:30-07:00")
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        fatima.says("vertel er is taart")
        assert texts(henk) == []

        world.advance_to("2026-01-17 07:00")
        assert f"{henk.last.at:%H:%M}" == "07:00"


def test_an_edit_shows_in_the_message_that_it_changed() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima", channel="whatsapp")
        koos = home.member("Koos", channel="telegram")
        fatima.says("waarschuw tent los")
        world.advance(minutes=20)

        (shown,) = koos.received
        assert (shown.text, shown.edits, shown.newest) == (
            "Let op: tent los.",
            ("Voorbij: tent los.",),
            "Voorbij: tent los.",
        )
        assert shown.thread == "TB-0001"


def test_what_people_say_comes_with_what_they_add() -> None:
    with town() as world:
        fatima = tolberg(world).member("Fatima", channel="whatsapp")
        fatima.says("ballon", photo=True, location=(51.53, 4.44))
        world.advance(minutes=1)

        assert fatima.last.text == "We zoeken je ballon."
        assert any(where.startswith("media:") for where, _ in world.traces())


def test_somebody_takes_back_what_he_said() -> None:
    with town() as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima", channel="telegram"), home.member("Henk", channel="whatsapp")
        for member in (fatima, henk):
            member.says("ping")
            member.deletes("ping")
        with pytest.raises(LookupError, match="sent no message"):
            henk.deletes("ping")


def test_a_choice_that_is_not_there_is_named_with_those_that_are() -> None:
    with town() as world:
        fatima = tolberg(world).member("Fatima")
        fatima.says("vraag de taart")

        with pytest.raises(LookupError, match="Ja, Nee"):
            fatima.taps("Misschien")


def test_who_wants_to_hear_from_a_plugin_is_written_down() -> None:
    with town() as world:
        fatima = tolberg(world).member("Fatima")
        fatima.opts_in("fair")

        assert [one.event for one in world.audit()] == ["person_changed"]
        with pytest.raises(LookupError, match="no plugin 'fare'"):
            fatima.opts_in("fare")


# --- settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 2])
def test_a_plugin_that_is_written_inside_a_test_is_one_like_any_other(columns: int) -> None:
    class Loan(Record, plugin="library"):
        what: str
        times: int = columns

    def lend_out(ctx: Context, what: str) -> None:
        """Lend something."""
        ctx.records.add(Loan(what=what))

    def commands() -> list[Command]:
        return [Command("lend_out", lend_out)]

    library = ModuleType("library")
    library.manifest = Manifest(id="library", name="Library", version="1")  # type: ignore[attr-defined]
    library.commands = hookimpl(commands)  # type: ignore[attr-defined]
    with World("2026-01-16 01:42", plugins=[library]) as world:
        fatima = tolberg(world).member("Fatima")
        fatima.says("/lend out ladder")
        with world.context("library") as ctx:
            assert [(one.what, one.times) for one in ctx.records.find(Loan)] == [("ladder", columns)]


def test_a_plugin_of_a_test_takes_the_place_of_the_built_in_one_with_its_id() -> None:
    def sound(ctx: Context) -> None:
        """Sound the sirens."""

    ours = ModuleType("ours")
    ours.manifest = Manifest(id="nl_alert", name="Ours", version="1")  # type: ignore[attr-defined]
    ours.commands = hookimpl(lambda: [Command("sirens", sound)])  # type: ignore[attr-defined]
    with World("2026-01-16 01:42", plugins=[ours]) as world:
        fatima = tolberg(world).member("Fatima", language="en")
        fatima.says("help")
        assert "sirens - Sound the sirens." in fatima.last.text
        fatima.says("nl-alert")
        assert "I did not understand this" in fatima.last.text, "a command of the built-in one"


def test_what_is_kept_is_kept_although_others_were_heard_in_the_same_breath() -> None:
    class Note(Record, plugin="notebook"):
        what: str

    def jot(ctx: Context, what: str = "") -> None:
        """Keep a note, if there is one."""
        if what:
            ctx.records.add(Note(what=what))

    notebook = ModuleType("notebook")
    notebook.manifest = Manifest(id="notebook", name="Notebook", version="1")  # type: ignore[attr-defined]
    notebook.commands = hookimpl(lambda: [Command("jot", jot)])  # type: ignore[attr-defined]
    with World("2026-01-16 01:42", plugins=[notebook]) as world:
        here = tolberg(world)
        people = [here.member(name) for name in ("Fatima", "Henk", "Riet", "Kees", "Ans", "Bert")]
        for what in ("", "ladder", "saw"):
            with world.down():
                for place, who in enumerate(people):
                    who.says(f"jot {what if place % 2 else ''}".strip())
        with world.context("notebook") as ctx:
            assert [one.what for one in ctx.records.find(Note)] == ["ladder"] * 3 + ["saw"] * 3


def test_settings_are_tables_of_the_file_or_of_a_plugin() -> None:
    for given in ({"plugins": {"members": {"age": 21}}}, {"members": {"age": 21}}):
        with World(settings=given):
            pass
    with pytest.raises(ConfigurationError, match="members"):
        World(settings={"members": {"agee": 21}})
    with pytest.raises(ConfigurationError, match="nobody"):
        World(settings={"nobody": {}})


def test_a_second_account_of_a_messenger_is_a_channel_of_its_own() -> None:
    with World(plugins=[fair], settings={"channels": {"north": {"adapter": "telegram"}}}) as world:
        fatima = tolberg(world).member("Fatima", channel="north")
        fatima.says("ping")

        assert fatima.last.channel == "north"


# --- what goes wrong -----------------------------------------------------------------------------------------------


def test_an_outage_holds_both_ways_and_keeps_the_order() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima", channel="telegram")
        henk = home.member("Henk", channel="whatsapp")
        with world.outage("whatsapp"):
            henk.says("vraag de taart")
            henk.says("nee")
            fatima.says("waarschuw tent los")
            world.advance(seconds=30)
            assert [one.state for one in henk.received] == ["queued"]
        world.advance(minutes=10)

        assert {one.text for one in henk.received if one.arrived} >= {"Jammer.", "Let op: tent los."}
        assert {one.text for one in fatima.received} >= {"Verstuurd als TB-0001."}


def test_a_process_that_was_down_hears_what_was_said_and_runs_late_timers() -> None:
    with town(now="2026-01-16 10:00") as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        fatima.says("waarschuw tent los")
        with world.down():
            henk.says("ping")
            world.advance(hours=1)
            assert texts(henk) == ["Let op: tent los."]

        assert "Hallo Henk." in texts(henk)
        assert henk.last.at == datetime(2026, 1, 16, 11, tzinfo=AMSTERDAM)
        assert "Het is voorbij." in texts(henk)


@pytest.mark.parametrize("kind", ["unreachable", "rejected", "unavailable", "throttled", "window_closed"])
@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_what_a_provider_refuses_does_not_arrive(kind: str, wire: bool) -> None:
    with town(wire=wire) as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        world.refuse(henk, kind)  # type: ignore[arg-type]
        fatima.says("waarschuw tent los")
        world.advance(seconds=1)

        match kind:
            case "window_closed":
                assert henk.last.template, "a template goes where free text may not"
            case "throttled" | "unavailable":
                assert [one.state for one in henk.received] == ["queued"]
                world.accept(henk)
                world.advance(minutes=5)
                assert henk.last.text == "Let op: tent los."
            case _:
                assert [one.state for one in henk.received] == ["failed"]


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_what_may_have_arrived_is_repeated_once_and_says_so(wire: bool) -> None:
    with town(wire=wire) as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        world.refuse(henk, "ambiguous")
        fatima.says("waarschuw tent los")
        world.accept(henk)
        assert [one.state for one in henk.received] == ["unknown"]
        world.advance(seconds=10)

        first, second = henk.received
        assert (first.state, second.state) == ("unknown", "sent")
        assert second.text.endswith(first.text)
        assert second.text != first.text


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_receipt_for_what_was_never_answered_stops_the_repeat(wire: bool) -> None:
    with town(wire=wire) as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        world.refuse(henk, "ambiguous")
        fatima.says("waarschuw tent los")
        world.accept(henk)
        world.receipt(henk.received[0], "delivered")
        world.advance(minutes=1)
        world.receipt(henk.received[0], "read")

        assert [(one.state, bool(one.provider_id)) for one in henk.received] == [("read", True)]


def test_a_repeated_update_has_one_effect() -> None:
    for wire in (False, True):
        with town(wire=wire) as world:
            fatima = tolberg(world).member("Fatima")
            fatima.says("ping")
            world.redeliver()
            fatima.says("vraag de taart")
            fatima.taps("Ja")
            world.redeliver()
            world.advance(seconds=5)

            assert texts(fatima) == ["Hallo Fatima.", "Kom je naar de taart?", "Fijn dat je komt."]


def test_receipts_move_a_state_forward() -> None:
    for wire in (False, True):
        with town(wire=wire) as world:
            henk = tolberg(world).member("Henk", channel="whatsapp")
            henk.says("ping")
            for state in ("delivered", "read", "delivered"):
                world.receipt(henk.last, state)
            assert henk.last.state == "read"


def test_a_failure_that_comes_as_a_receipt_counts_as_one() -> None:
    with town() as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        fatima.says("waarschuw tent los")
        world.receipt(henk.received[0], "failed")

        assert [one.state for one in henk.received] == ["failed"]


def test_what_could_not_even_leave_shows_as_failed() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima")
        emma = home.member("Emma", channel="whatsapp", language="en")
        world.refuse(emma, "unreachable")
        fatima.says("waarschuw tent los")
        fatima.says("vertel er is taart")

        assert [(one.text, one.state) for one in emma.received] == [
            ("Mind: tent los.", "failed"),
            ("News of the street fair: er is taart.", "failed"),
        ]


# --- crashes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_crash_between_handler_and_commit_loses_and_doubles_nothing(wire: bool) -> None:
    with town(wire=wire) as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp")
        world.crash(during="handler")
        fatima.says("waarschuw tent los")
        world.advance(minutes=1)

        assert texts(fatima) == ["Verstuurd als TB-0001."]
        assert texts(henk) == ["Let op: tent los."]


@pytest.mark.parametrize("wire", [False, True], ids=["memory", "wire"])
def test_a_crash_after_the_provider_took_it_is_told_as_a_repeat(wire: bool) -> None:
    with town(wire=wire) as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima", channel="playground"), home.member("Henk", channel="whatsapp")
        fatima.says("ping")
        world.crash(during="send")
        fatima.says("waarschuw tent los")
        world.advance(minutes=1)

        arrived = [one.text for one in henk.received if one.arrived or one.state == "unknown"]
        assert 1 <= len(arrived) <= 2
        assert all("tent los" in text for text in arrived)
        assert len(set(arrived)) == len(arrived), "the second copy says that it is one"


def test_a_crash_before_a_receipt_is_kept_has_the_provider_repeat_it() -> None:
    with town() as world:
        henk = tolberg(world).member("Henk", channel="whatsapp")
        henk.says("ping")
        world.crash(during="receipt")
        world.receipt(henk.last, "delivered")

        assert henk.last.state == "delivered"


def test_a_crash_now_forgets_what_was_in_memory_only() -> None:
    with town() as world:
        fatima = tolberg(world).member("Fatima")
        fatima.says("vraag de taart")
        world.crash()
        fatima.taps("Ja")

        assert fatima.last.text == "Fijn dat je komt."


def test_a_plugin_that_hangs_delays_nobody_else() -> None:
    with town() as world:
        home = tolberg(world)
        fatima = home.member("Fatima")
        henk = home.member("Henk", channel="whatsapp")
        with world.hang("fair", seconds=60):
            fatima.says("ping")
            henk.says("help")
            assert texts(fatima) == []
            assert "ping" in henk.last.text, "the core's own menu does not wait for the fair"
            world.advance(seconds=59)
            assert texts(fatima) == []
            world.advance(seconds=1)
            assert texts(fatima) == ["Hallo Fatima."]


# --- the checks at the end -----------------------------------------------------------------------------------------


def test_two_copies_of_one_thing_fail_the_test() -> None:
    world = town()
    home = tolberg(world)
    home.member("Henk", channel="whatsapp")
    fatima = home.member("Fatima")
    fatima.says("vertel de taart")
    fatima.says("dubbel de taart")

    with pytest.raises(AssertionError, match="Henk has two copies of one thing"):
        world.close()


@pytest.mark.parametrize("word", ["woordloos", "halfwoord"])
def test_a_text_without_its_translation_fails_the_test(word: str) -> None:
    with pytest.raises(AssertionError, match="did not end well"), town() as world:
        tolberg(world).member("Emma", language="en").says(word)


def test_an_error_fails_the_test_unless_it_was_expected() -> None:
    with pytest.raises(AssertionError, match="logged by fair"), town() as world:
        tolberg(world).member("Fatima").says("storm")

    with town() as world:
        fatima = tolberg(world).member("Fatima")
        with world.expects_error("fair"):
            fatima.says("storm")
        assert "Hallo" not in fatima.last.text, "nothing that a failed handler queued is kept"


def test_a_test_that_fails_by_itself_is_not_drowned_in_checks() -> None:
    def story() -> None:
        with town() as world:
            tolberg(world).member("Fatima").says("storm")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        story()


# --- traces --------------------------------------------------------------------------------------------------------


def test_what_was_said_is_nowhere_in_the_open() -> None:
    with town() as world:
        henk = tolberg(world).member("Henk", channel="whatsapp")
        henk.says("ping kwispelstaart")
        found = world.traces()

        assert {where.partition(":")[0] for where, _ in found} >= {"database", "logs", "queue"}
        number = henk.addresses["whatsapp"].encode()
        for where, content in found:
            assert number not in content, where
            assert number.removeprefix(b"+") not in content, where
            assert b"kwispelstaart" not in content, where


@pytest.mark.postgres
def test_the_same_world_on_postgresql() -> None:
    with town(database="postgresql") as world:
        home = tolberg(world)
        fatima, henk = home.member("Fatima"), home.member("Henk", channel="whatsapp", window_open=False)
        world.crash(during="handler")
        fatima.says("waarschuw tent los")
        henk.taps("Gezien")
        world.advance(minutes=20)

        assert texts(henk) == ["Let op: tent los.", "Genoteerd: seen bij TB-0001.", "Het is voorbij."]
        assert henk.addresses["whatsapp"].encode() not in b"".join(content for _, content in world.traces())
