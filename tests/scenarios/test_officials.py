"""Officials: named by an admin, confirmed by an admin, no members by that (R21), and gone at once when it ends."""

from __future__ import annotations

import re

import pytest

from buurtwacht import OfficialKind
from buurtwacht.testing import Member, World

from .tolberg import CAR, Tolberg, about, both_ways, texts, tolberg

world = both_ways

_ANJA = "functionaris Anja de Vries wijkagent Tolberg"


@pytest.fixture
def town(world: World) -> Tolberg:
    made = tolberg(world, "2026-01-16 12:00")
    made.henk.says("hallo")  # within his window: free text may be sent
    return made


def another_admin(town: Tolberg) -> Member:
    return town.place.member("Mo", channel="whatsapp", roles=["member", "admin"])


def link_to(town: Tolberg, named: str = _ANJA) -> str:
    """Have the admin name somebody, and return what the link types."""
    town.ans.says(named)
    town.world.advance(seconds=5)
    found = re.search(r"off-[0-9a-f]+", town.ans.last.newest)
    assert found is not None, town.ans.last.newest
    return f"/start {found[0]}"


def says_yes(town: Tolberg, who: Member, link: str) -> None:
    who.says(link)
    town.world.advance(seconds=5)
    assert "wijkagent Tolberg" in who.last.newest
    assert "privacy" in who.last.newest
    who.taps("Ja")
    town.world.advance(seconds=5)


def events(world: World, begins: str = "official_") -> list[str]:
    return [one.event.removeprefix(begins) for one in world.audit() if one.event.startswith(begins)]


def test_an_admin_names_him_he_says_yes_and_an_admin_confirms_who_he_is(town: Tolberg) -> None:
    mo = another_admin(town)
    anja = town.place.newcomer("Anja", channel="telegram")
    says_yes(town, anja, link_to(town))
    assert "bevestigt nu wie je bent" in anja.last.newest
    for admin in (town.ans, mo):
        assert "Is dit echt Anja de Vries?" in admin.last.newest
        assert "Messenger: Telegram" in admin.last.newest
    assert not about(town.kees, "Anja"), "a co-ordinator does not decide this"
    anja.says("help")
    town.world.advance(seconds=5)
    assert "nog niet bevestigd" in anja.last.newest
    town.ans.says("functionarissen")
    town.world.advance(seconds=5)
    assert "Anja de Vries: wijkagent Tolberg (nog niet bevestigd)" in town.ans.last.newest

    mo.taps("Ja")
    town.world.advance(seconds=10)
    assert "bekend als wijkagent Tolberg" in anja.last.newest
    assert "bevestigd door Mo" in town.ans.last.newest
    town.ans.taps("Nee", on=next(one for one in town.ans.received if "Is dit echt" in one.newest))
    town.world.advance(seconds=5)
    assert "gesloten" in town.ans.last.newest
    anja.says("help")
    town.world.advance(seconds=5)
    assert "Dit kun je als functionaris doen" in anja.last.newest
    town.kees.says("functionarissen")
    town.world.advance(seconds=5)
    assert "Anja de Vries: wijkagent Tolberg" in town.kees.last.newest
    assert "niet bevestigd" not in town.kees.last.newest
    assert events(town.world) == ["named", "appointed", "appointed", "verified"]


def test_who_was_not_meant_is_erased_and_the_link_is_used_up(town: Tolberg) -> None:
    link = link_to(town)
    thief = town.place.newcomer("Sjaak", channel="telegram")
    says_yes(town, thief, link)
    anja = town.place.newcomer("Anja", channel="whatsapp")
    anja.says(link.removeprefix("/"))
    town.world.advance(seconds=5)
    assert "al gebruikt" in anja.last.newest, "the first who says yes has used it"
    town.ans.taps("Nee")
    town.world.advance(seconds=10)
    assert "geen functionaris" in thief.last.newest
    before = len(thief.received)
    town.world.advance(minutes=15)
    assert town.world.find(thief) is None
    assert len(thief.received) == before
    assert events(town.world, "person_")[-1] == "erased"


def test_two_who_opened_a_link_and_the_first_yes_counts(town: Tolberg) -> None:
    link = link_to(town)
    anja = town.place.newcomer("Anja", channel="telegram")
    other = town.place.newcomer("Sjaak", channel="telegram")
    for one in (anja, other):
        one.says(link)
        town.world.advance(seconds=5)
    anja.taps("Ja")
    other.taps("Ja")
    town.world.advance(seconds=10)
    assert "al gebruikt" in other.last.newest
    assert len(about(town.ans, "Is dit echt")) == 1
    town.world.advance(minutes=15)
    assert town.world.find(other) is None, "of who is nothing to us nothing is kept"


def test_nobody_becomes_an_official_by_saying_so(town: Tolberg) -> None:
    sjaak = town.place.newcomer("Sjaak", channel="telegram")
    for text in ("ik ben wijkagent", "functionaris Sjaak politie", "functionaris", "/start off-12345"):
        sjaak.says(text)
        town.henk.says(text)
        town.kees.says(text)
        town.world.advance(minutes=2)
    town.ans.says("functionarissen")
    town.world.advance(seconds=5)
    assert "nog niemand functionaris" in town.ans.last.newest
    assert about(town.kees, "alleen voor wie die taak heeft"), "nor does a co-ordinator name one"
    assert events(town.world) == []


def test_an_admin_cannot_confirm_himself(town: Tolberg) -> None:
    town.ans.says("functionaris Ans politie")
    town.world.advance(seconds=5)
    town.ans.taps("Ans")
    town.world.advance(seconds=5)
    assert "Jezelf aanwijzen kan niet" in town.ans.last.newest
    town.ans.says(link_to(town))
    town.world.advance(seconds=5)
    town.ans.taps("Ja")
    town.world.advance(seconds=10)
    assert not about(town.ans, "Is dit echt")
    with town.world.context("members", town.place) as ctx:
        assert ctx.officials() == []
        assert len(ctx.awaiting_officials()) == 1
    town.world.advance(days=8)
    with town.world.context("members", town.place) as ctx:
        assert ctx.awaiting_officials() == []
        assert ctx.people([town.world.person_id(town.ans)]), "still a member"


def test_a_member_who_is_meant_is_asked_himself(town: Tolberg) -> None:
    town.ans.says("functionaris Riet handhaving")
    town.world.advance(seconds=5)
    town.ans.taps("Riet Beukenlaan")
    town.world.advance(seconds=5)
    assert "functionaris: handhaving" in town.riet.last.newest
    town.riet.taps("Ja")
    town.world.advance(seconds=5)
    assert "bekend als handhaving" in town.riet.last.newest
    with town.world.context("members", town.place) as ctx:
        assert [one.kind for one in ctx.officials()] == ["boa"]
    town.riet.says("mijn gegevens")
    town.world.advance(seconds=5)
    assert "Functionaris: handhaving" in town.riet.last.newest


def test_who_does_not_want_to_is_left_alone(town: Tolberg) -> None:
    town.ans.says("functionaris Henk gemeente")
    town.world.advance(seconds=5)
    town.ans.taps("Henk Meidoornstraat")
    town.world.advance(seconds=5)
    town.henk.taps("Nee")
    town.world.advance(seconds=5)
    assert "dan doe je niet mee" in town.henk.last.newest
    assert "Henk wil geen functionaris zijn" in town.ans.last.newest
    anja = town.place.newcomer("Anja", channel="telegram")
    anja.says(link_to(town))
    town.world.advance(seconds=5)
    anja.taps("Nee")
    town.world.advance(minutes=15)
    assert town.world.find(anja) is None


def test_a_dismissal_holds_at_once_and_is_told(town: Tolberg) -> None:
    mo = another_admin(town)
    anja = town.world.official(
        "Anja", "police", municipality="Roosendaal", channel="whatsapp", neighbourhoods=[town.place]
    )
    town.ans.says("functionaris weg Piet")
    town.world.advance(seconds=5)
    assert "ken hier geen functionaris Piet" in town.ans.last.newest
    town.ans.says("functionaris weg Anja")
    anja.says("help")
    town.world.advance(seconds=10)
    assert "per direct geen functionaris" in town.ans.last.newest
    assert about(anja, "geen functionaris (politie)")
    assert not about(anja, "Dit kun je als functionaris doen")
    assert "Anja is geen functionaris meer (politie)" in mo.last.newest
    assert events(town.world)[-1] == "dismissed"
    town.world.advance(days=31)
    assert town.world.find(anja) is None


def test_an_admin_who_was_silent_for_a_day_hears_who_came_and_went(town: Tolberg) -> None:
    mo = town.place.member("Mo", channel="whatsapp", roles=["member", "admin"], window_open=False)
    anja = town.place.newcomer("Anja", channel="telegram")
    says_yes(town, anja, link_to(town))
    town.ans.taps("Ja")
    town.world.advance(seconds=30)
    assert about(mo, "Anja de Vries is nu functionaris (wijkagent Tolberg)")
    town.ans.says("functionaris weg Anja de Vries")
    town.world.advance(seconds=30)
    [ended] = [one for one in mo.received if "geen functionaris meer (wijkagent Tolberg)" in one.text]
    assert ended.template == "buurtwacht_official_news"
    assert ended.state in ("sent", "delivered", "read")


def test_of_two_of_a_name_it_is_asked_which(town: Tolberg) -> None:
    for kind, channel in (("police", "telegram"), ("boa", "whatsapp")):
        town.world.official("Anja", kind, municipality="Roosendaal", channel=channel, neighbourhoods=[town.place])
    town.ans.says("functionaris weg anja")
    town.world.advance(seconds=5)
    town.ans.taps("Anja handhaving")
    town.world.advance(seconds=5)
    with town.world.context("members", town.place) as ctx:
        assert [one.kind for one in ctx.officials()] == [OfficialKind.POLICE]


def test_he_keeps_his_own_things_in_order(town: Tolberg) -> None:
    anja = town.world.official(
        "Anja", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[town.place]
    )
    for text, answer in (
        ("taal engels", "English"),
        ("taal nederlands", "Nederlands"),
        ("kanaal", "Telegram"),
        ("huisregels", "112"),
        ("privacy", "gegevens"),
        ("mijn gegevens", "Functionaris: politie, Roosendaal"),
        ("afmelden", "functionaris, geen lid"),
        ("stop", "functionaris, geen lid"),
        ("koppel app", "WhatsApp"),
        ("wijzig naam Anja de Vries", "Anja de Vries"),
        ("/start", "Welkom terug"),
    ):
        anja.says(text)
        town.world.advance(seconds=10)
        assert answer in anja.last.newest, text
    assert "Anja heet nu Anja de Vries" in town.ans.last.newest, "who confirmed who she is sees that"


@pytest.mark.parametrize("choice", ["Alleen stoppen", "Alles wissen"])
def test_he_stops_by_himself(town: Tolberg, choice: str) -> None:
    anja = town.world.official(
        "Anja", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[town.place]
    )
    anja.says("verwijder mij")
    town.world.advance(seconds=5)
    anja.taps(choice)
    town.world.advance(seconds=10)
    assert about(anja, "gestopt" if choice == "Alleen stoppen" else "gewist")
    assert about(town.ans, "geen functionaris meer (politie)")
    with town.world.context("members", town.place) as ctx:
        assert ctx.officials() == []
    town.world.advance(days=0 if choice == "Alles wissen" else 31, minutes=15)
    assert town.world.find(anja) is None


def test_officials_are_in_no_audience_and_not_counted(town: Tolberg) -> None:
    """R21: neither an alert nor a roll call reaches them, and nobody waits for their answer."""
    anja = town.world.official(
        "Anja", "police", municipality="Roosendaal", channel="telegram", neighbourhoods=[town.place]
    )
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    town.world.advance(minutes=5)
    assert about(town.riet, "Meidoornstraat")
    assert not about(anja, "Meidoornstraat")
    town.kees.says("is iedereen veilig?")
    town.world.advance(minutes=1)
    if any("Ja" in one.buttons for one in town.kees.received[-1:]):
        town.kees.taps("Ja")
    town.world.advance(minutes=1)
    assert about(town.riet, "veilig")
    town.world.advance(hours=3)
    assert texts(anja) == []
    assert not any("Anja" in text for text in texts(town.kees)), "she is not missed"


def test_who_is_a_member_too_is_alarmed_as_one(town: Tolberg) -> None:
    with town.world.context("members", town.place) as ctx:
        riet, ans = town.world.person_id(town.riet), town.world.person_id(town.ans)
        ctx.directory.appoint(riet, OfficialKind.BOA, "Roosendaal", [town.place.id], verified_by=ans)
    town.fatima.says(CAR)
    town.fatima.taps("Ja, door mij")
    town.world.advance(minutes=1)
    assert about(town.riet, "Meidoornstraat")


def test_a_crash_between_yes_and_the_question_to_the_admins_loses_and_doubles_nothing(town: Tolberg) -> None:
    anja = town.place.newcomer("Anja", channel="telegram")
    link = link_to(town)
    town.world.crash(during="handler")
    anja.says(link)
    town.world.advance(minutes=1)
    town.world.crash(during="handler")
    anja.taps("Ja")
    town.world.advance(minutes=1)
    assert len(about(town.ans, "Is dit echt")) == 1
    town.world.crash(during="handler")
    town.ans.taps("Ja")
    town.world.advance(minutes=1)
    assert len(about(anja, "Het is bevestigd")) == 1
