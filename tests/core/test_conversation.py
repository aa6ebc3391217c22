"""What a message means: commands, answers, quotes, taps, reactions, reports, and what nobody understands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from buurtwacht.testing import Member, Neighbourhood, World

from . import fair


@pytest.fixture(params=[False, True], ids=["memory", "wire"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    made = World(plugins=[fair], wire=request.param)
    yield made
    made.close(check=False)


@pytest.fixture
def tolberg(world: World) -> Neighbourhood:
    # without the other plugins that know what texts mean, so that these tests are about the order alone
    off = ["alerts", "rollcalls", "patrols", "escalation", "announcements"]
    return world.neighbourhood("TB", "Tolberg", streets=["Meidoornstraat"], quiet_hours=None, plugins_off=off)


@pytest.fixture
def fatima(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Fatima", channel="telegram")


@pytest.fixture
def henk(tolberg: Neighbourhood) -> Member:
    return tolberg.member("Henk", channel="whatsapp")


def texts(member: Member) -> list[str]:
    return [one.text for one in member.received]


def test_a_command_is_understood_however_it_is_typed(fatima: Member) -> None:
    for typed in ("ping", "Ping", "/ping", "/ping@buurtwacht_telegram_bot"):
        fatima.says(typed)

    assert texts(fatima)[:3] == ["Hallo Fatima."] * 3


def test_too_little_after_a_command_is_answered_with_an_example(fatima: Member) -> None:
    fatima.says("vraag")

    assert "vraag taart" in fatima.last.text


def test_a_tap_answers_its_question(fatima: Member, henk: Member) -> None:
    for member in (fatima, henk):
        member.says("vraag de taart")
        assert member.last.buttons == ("Ja", "Nee")
        member.taps("Ja")
        assert member.last.text == "Fijn dat je komt."


@pytest.mark.parametrize("typed", ["1", "ja", "oke dan", "1.", "Ja hoor"])
def test_the_number_and_the_word_are_accepted_as_the_button(henk: Member, typed: str) -> None:
    henk.says("vraag de taart")
    henk.says(typed)

    assert henk.last.text == "Fijn dat je komt."


def test_a_refusal_wins_over_a_friendly_word(henk: Member) -> None:
    henk.says("vraag de taart")
    henk.says("nee dank je")

    assert henk.last.text == "Jammer."


def test_numbers_never_repeat_among_open_questions(world: World, henk: Member) -> None:
    henk.says("vraag de taart")
    henk.says("vraag de muziektent")
    henk.says("4")
    assert henk.last.text == "Jammer."

    henk.says("1")
    assert henk.last.text == "Fijn dat je komt."


def test_a_bare_yes_with_two_open_questions_is_asked_back(henk: Member) -> None:
    henk.says("vraag de taart")
    henk.says("vraag de thee")
    henk.says("ja")
    asked_back = henk.last
    assert len(asked_back.buttons) == 2

    henk.taps(asked_back.buttons[0])
    assert henk.last.text == "Fijn dat je komt."

    # one is still open, so the word has one meaning now
    henk.says("nee")
    assert henk.last.text == "Jammer."


def test_a_quote_belongs_to_what_it_quotes(world: World, fatima: Member) -> None:
    fatima.says("vraag de taart")
    first = fatima.last
    fatima.says("vraag de thee")
    fatima.says("nee", reply_to=first)
    assert fatima.last.text == "Jammer."

    world.advance(minutes=1)
    fatima.says("nee", reply_to=first)
    assert fatima.last.text == "Deze vraag is gesloten. Er is niets veranderd."


def test_a_reaction_is_an_answer_below_what_it_stands(fatima: Member, henk: Member) -> None:
    fatima.says("waarschuw tent los")
    henk.reacts("👍")

    assert henk.last.text == "Genoteerd: seen bij TB-0001."


def test_standing_answers_keep_their_numbers(fatima: Member, henk: Member) -> None:
    fatima.says("waarschuw tent los")
    henk.says("2")
    assert henk.last.text == "Genoteerd: watching bij TB-0001."

    henk.says("klopt niet")
    assert henk.last.text == "Genoteerd: wrong bij TB-0001."


def test_a_number_of_both_a_question_and_a_warning_is_asked_back(fatima: Member, henk: Member) -> None:
    fatima.says("waarschuw tent los")
    henk.says("vraag de taart")
    henk.says("1")

    assert len(henk.last.buttons) == 2
    assert any("TB-0001" in label for label in henk.last.buttons)


def test_a_question_is_answered_once(world: World, henk: Member) -> None:
    henk.says("vraag de taart")
    asked = henk.last
    henk.taps("Ja")
    henk.taps("Nee", on=asked)

    assert texts(henk)[1:] == ["Fijn dat je komt."]


def test_a_question_ends(world: World, henk: Member) -> None:
    henk.says("vraag de taart")
    world.advance(hours=25)
    henk.taps("Ja")

    assert henk.last.text != "Fijn dat je komt."


def test_a_tap_on_what_was_sent_to_somebody_else_does_nothing(
    world: World, fatima: Member, tolberg: Neighbourhood
) -> None:
    koos = tolberg.member("Koos", channel="telegram")
    fatima.says("vraag de taart")
    koos.taps("Ja", on=fatima.last)

    assert "Fijn dat je komt." not in texts(koos)
    assert [one.event for one in world.audit() if one.event == "tap_refused"] == ["tap_refused"]
    fatima.taps("Nee")
    assert fatima.last.text == "Jammer."


def test_a_forwarded_command_is_not_obeyed(fatima: Member, henk: Member) -> None:
    for member in (fatima, henk):
        member.says("ping", forwarded=True)

        assert "Hallo" not in member.last.text


def test_a_likely_report_goes_before_an_open_question_that_takes_any_words(henk: Member) -> None:
    henk.says("brengen")
    henk.says("er vliegt een ballon boven de kerk")
    assert henk.last.text == "We zoeken je ballon."

    henk.says("een appeltaart")
    assert henk.last.text == "Je brengt mee: een appeltaart"


def test_an_exact_command_goes_before_an_open_question_that_takes_any_words(henk: Member) -> None:
    henk.says("brengen")
    henk.says("ping")

    assert henk.last.text == "Hallo Henk."


def test_a_call_for_help_goes_before_everything(henk: Member) -> None:
    henk.says("brengen")
    henk.says("help me")

    assert henk.last.text == "Bel 112. We komen kijken."


@pytest.mark.parametrize("typed", ["hulp", "/hulp", "/hulp!"])
def test_a_slash_before_a_call_for_help_makes_no_difference(henk: Member, typed: str) -> None:
    henk.says(typed)

    assert henk.last.text == "Bel 112. We komen kijken."


@pytest.mark.parametrize("typed", ["help", "/help"])
def test_a_bare_help_opens_the_menu(henk: Member, typed: str) -> None:
    henk.says(typed)

    assert "ping" in henk.last.text


def test_a_command_of_a_plugin_that_is_off_says_that_it_is_not_available(world: World) -> None:
    langdonk = world.neighbourhood("LD", "Langdonk", quiet_hours=None, plugins_off=["fair"])
    jan = langdonk.member("Jan", channel="telegram")
    john = langdonk.member("John", channel="whatsapp", language="en")
    jan.says("/ping")
    john.says("ping")

    assert jan.last.text.startswith('"ping" is nu niet beschikbaar')
    assert john.last.text.startswith('"ping" is not available')


def test_what_another_plugin_recognises_needs_no_command(henk: Member) -> None:
    henk.says("wanneer begint de muziek")

    assert henk.last.text == "De muziek begint om acht uur."


def test_not_understood_is_said_five_times_an_hour(world: World, fatima: Member) -> None:
    for number in range(7):
        fatima.says(f"kwispel{number}")
        world.advance(minutes=1)
    assert len(fatima.received) == 5

    world.advance(hours=1)
    fatima.says("kwispel")
    assert len(fatima.received) == 6


def test_a_text_that_was_not_understood_can_go_to_the_coordinator(tolberg: Neighbourhood, henk: Member) -> None:
    els = tolberg.member("Els", channel="telegram", roles=["member", "coordinator"])
    henk.says("de lantaarn knippert")
    henk.taps("Naar de coördinator")

    assert "de lantaarn knippert" in els.last.text
    assert "Henk" in els.last.text


def test_a_stranger_hears_twice_a_day_how_to_join(world: World, tolberg: Neighbourhood) -> None:
    anna = tolberg.newcomer("Anna", channel="whatsapp")
    for _ in range(4):
        anna.says("ballon gezien")

    assert len(anna.received) == 2
    assert all("ballon" not in text for text in texts(anna))


def test_a_voice_message_is_asked_for_in_words(fatima: Member) -> None:
    fatima.says("", voice=True)

    assert fatima.last.arrived


def test_a_group_hears_a_warning_once_and_its_members_too(tolberg: Neighbourhood, fatima: Member, henk: Member) -> None:
    group = tolberg.group()
    koos = tolberg.member("Koos", channel="telegram")
    fatima.says("waarschuw tent los")

    assert [one.text for one in group.received] == ["Let op: tent los."]
    assert koos.last.text == group.last.text

    group.says(koos, "ping")
    assert len(koos.received) == 1, "talk in a group is nobody's command"
    group.taps(koos, "Gezien")
    assert "Genoteerd: seen bij TB-0001." in texts(koos) + [one.text for one in group.received]
