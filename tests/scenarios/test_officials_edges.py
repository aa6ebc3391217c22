"""Officials at the edges: members themselves, called u, of two alerts at once, dismissed, erased, through a crash."""

from __future__ import annotations

from buurtwacht import OfficialKind
from buurtwacht.testing import Member, World
from buurtwacht_escalation.records import Asked, Escalation, Event, Incident, Statement

from .escalating import CITY, called, package
from .tolberg import about, both_ways

world = both_ways

OTHER = "verdachte man beukenlaan loopt achterom met breekijzer"


def appointed(world: World, member: Member, kind: OfficialKind) -> None:
    """Make a member an official of Tolberg as well."""
    who = world.person_id(member)
    with world.context("members") as ctx:
        where = ctx.neighbourhood_by("TB")
        assert where is not None
        ctx.directory.appoint(who, kind, CITY, [where.id], verified_by=who)


def test_who_is_called_u_reads_u(world: World) -> None:
    town = called(world)
    vos = town.town.place.member("Vos", channel="telegram", formal=True)
    appointed(world, vos, OfficialKind.CONTROLROOM)
    town.escalate("meldkamer")
    vos.taps("Ik pak het op")
    assert "u pakt TB-0001 op" in vos.last.text
    vos.says("we zijn er over tien minuten", reply_to=package(vos))
    assert "tenzij u het deelt" in vos.last.text


def test_an_official_who_is_a_member_answers_as_one_and_talks_as_the_other(world: World) -> None:
    """R21: he gets the alert as a neighbour, the package as an official, and what he quotes says which he means."""
    town = called(world)
    joop = town.town.place.member("Joop", channel="telegram", street="Meidoornstraat")
    appointed(world, joop, OfficialKind.CONTROLROOM)
    town.town.henk.says(OTHER)
    town.town.henk.taps("Ja, door mij")
    world.advance(seconds=30)
    assert about(joop, "VERDACHTE SITUATIE")
    town.town.kees.says("opschalen TB-0002 meldkamer")
    world.advance(seconds=5)
    joop.says("ik ga kijken")
    world.advance(seconds=5)
    assert about(town.town.kees, "overgenomen door Joop (meldkamer)")
    joop.says("collega's zijn in de straat", reply_to=package(joop))
    world.advance(seconds=5)
    assert about(town.town.kees, "Bericht van Joop (meldkamer) over TB-0002: collega's zijn in de straat")
    assert not about(town.town.riet, "collega's")
    joop.taps("Deel met buurt")
    world.advance(seconds=5)
    assert about(town.town.riet, "collega's zijn in de straat")


def test_an_official_by_mail_reads_the_same_and_answers_alike(world: World) -> None:
    town = called(world)
    els = world.official("Els", "controlroom", municipality=CITY, neighbourhoods=(town.town.place,), channel="email")
    town.escalate("meldkamer graag contact")
    read = package(els)
    for part in ("VERDACHT VOERTUIG", "112: gebeld door melder (01:42)", "Vraag: graag contact", "Gevraagd door Kees"):
        assert part in read.text
    assert read.buttons == ("Ontvangen", "Ik pak het op", "Niet voor mij")
    els.taps("Ik pak het op")
    world.advance(seconds=30)
    assert about(town.town.kees, "overgenomen door Els (meldkamer)")
    els.says("we sturen een collega, blijf binnen", reply_to=read)
    world.advance(seconds=30)
    assert about(town.town.kees, "Bericht van Els (meldkamer) over TB-0001: we sturen een collega, blijf binnen")
    els.taps("Deel met buurt")
    world.advance(seconds=30)
    assert about(town.town.henk, "we sturen een collega, blijf binnen")


def test_two_alerts_at_once_are_told_apart(world: World) -> None:
    town = called(world)
    town.town.henk.says(OTHER)
    town.town.henk.taps("Ja, door mij")
    world.advance(seconds=30)
    town.escalate()
    town.town.kees.says("opschalen TB-0002 wijkagent")
    world.advance(seconds=5)
    town.peters.says("surveillance rijdt rond")
    world.advance(seconds=5)
    assert "Over welke melding gaat dit" in town.peters.last.text
    town.peters.says("TB-0002 surveillance rijdt rond")
    world.advance(seconds=5)
    assert about(town.town.kees, "Bericht van Peters (politie) over TB-0002: surveillance rijdt rond")
    town.peters.says("TB-0001 ontvangen")
    world.advance(seconds=5)
    assert about(town.town.kees, "Opschaling TB-0001: ontvangen en overgenomen door Peters")
    assert not about(town.town.kees, "Opschaling TB-0002: ontvangen")


def test_who_is_no_official_any_more_shares_nothing(world: World) -> None:
    """A tap a minute after his office ended: refused in a sentence; who stays a member is on record with it."""
    town = called(world)
    joop = town.town.place.member("Joop", channel="telegram")
    appointed(world, joop, OfficialKind.CONTROLROOM)
    town.escalate()
    town.town.kees.says("opschalen TB-0001 meldkamer")
    world.advance(seconds=5)
    for one in (town.peters, joop):
        one.taps("Ontvangen")
        one.says(f"surveillance rijdt rond, {one.name}", reply_to=package(one))
        assert "tenzij je het deelt" in one.last.text
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(town.peters), OfficialKind.POLICE, CITY)
        ctx.directory.dismiss(world.person_id(joop), OfficialKind.CONTROLROOM, CITY)
    world.advance(minutes=1)
    for one in (town.peters, joop):
        one.taps("Deel met buurt")
        world.advance(seconds=10)
    assert not about(town.town.henk, "surveillance")
    assert "bevestigde functionaris" in joop.last.text
    assert any(one.event == "escalation_share_refused" for one in world.audit())


def test_a_member_whose_office_ended_confirms_nothing_as_the_official_he_was(world: World) -> None:
    """R44: the buttons of the package still stand on his telephone; a tap and words are refused, and on record."""
    town = called(world)
    joop = town.town.place.member("Joop", channel="telegram", street="Beukenlaan")
    appointed(world, joop, OfficialKind.CONTROLROOM)
    town.escalate("meldkamer")
    with world.context("members") as ctx:
        ctx.directory.dismiss(world.person_id(joop), OfficialKind.CONTROLROOM, CITY)
    world.advance(seconds=1)
    joop.taps("Ik pak het op")
    assert "telt daarom niet" in joop.last.text
    joop.says("ik kom eraan", reply_to=package(joop))
    assert "telt daarom niet" in joop.last.text
    world.advance(seconds=10)
    assert not about(town.town.kees, "overgenomen door Joop")
    assert any(one.event == "escalation_answer_refused" for one in world.audit())


def test_who_holds_two_offices_speaks_as_the_one_he_was_asked_in(world: World) -> None:
    """R45: neighbours read as what he said it; never that the police said what somebody else did."""
    town = called(world)
    here = (town.town.place,)
    mia = world.official("Mia", "police", municipality=CITY, neighbourhoods=here, channel="telegram")
    appointed(world, mia, OfficialKind.MUNICIPALITY)
    town.escalate("gemeente")
    mia.says("we halen de auto morgen weg", reply_to=package(mia))
    mia.taps("Deel met buurt")
    world.advance(seconds=10)
    (read,) = about(town.town.riet, "morgen weg")
    assert "Mia, gemeente" in read
    assert "politie" not in read


def test_who_has_an_office_elsewhere_as_well_is_named_by_the_one_here(world: World) -> None:
    town = called(world)
    ria = world.official("Ria", "controlroom", municipality="Breda", channel="telegram")
    who = world.person_id(ria)
    with world.context("members") as ctx:
        ctx.directory.appoint(who, OfficialKind.CONTROLROOM, "Breda", title="chef Breda", verified_by=who)
    appointed(world, ria, OfficialKind.CONTROLROOM)
    town.escalate("meldkamer")
    ria.taps("Ontvangen")
    world.advance(seconds=5)
    assert about(town.town.kees, "Ria (meldkamer)")
    assert not about(town.town.kees, "Breda")


def test_an_official_who_was_not_asked_cannot_answer_by_its_number(world: World) -> None:
    town = called(world)
    town.escalate()
    town.bakker.says("TB-0001 ontvangen")
    world.advance(seconds=5)
    assert "niet aan jou gesteld" in town.bakker.last.text
    assert any(one.event == "escalation_answer_refused" for one in world.audit())
    assert not about(town.town.kees, "overgenomen")


def test_a_co_ordinator_who_was_removed_reads_no_more_of_what_he_asked_for(world: World) -> None:
    town = called(world)
    ada = town.town.place.member("Ada", channel="telegram", roles=["member", "admin"])
    town.escalate()
    ada.says("verwijder lid Kees")
    ada.taps("Ja")
    world.advance(seconds=5)
    before = len(town.town.kees.received)
    town.peters.taps("Ontvangen")
    world.advance(seconds=10)
    assert about(ada, "overgenomen door Peters")
    assert len(town.town.kees.received) == before


def test_a_crash_at_an_answer_doubles_and_loses_nothing(world: World) -> None:
    town = called(world)
    town.escalate()
    world.crash(during="handler")
    town.peters.taps("Ontvangen")
    world.advance(seconds=20)
    assert len(about(town.town.kees, "overgenomen door Peters")) == 1
    town.peters.says("surveillance rijdt rond")
    world.crash(during="handler")
    town.peters.taps("Deel met buurt")
    world.advance(seconds=20)
    assert len(about(town.town.henk, "surveillance rijdt rond")) == 1


def test_a_reporter_who_is_erased_cannot_be_called(world: World) -> None:
    town = called(world)
    town.escalate()
    town.town.fatima.says("verwijder mij")
    town.town.fatima.taps("Alles wissen")
    world.advance(seconds=30)
    town.peters.says("mag ik de melder bellen?")
    world.advance(seconds=5)
    assert not about(town.peters, "Ik vraag de melder")
    assert not any(b"Fatima" in kept for where, kept in world.traces() if "escalation" in where)


def test_two_weeks_after_the_end_nothing_of_it_is_kept(world: World) -> None:
    town = called(world)
    town.town.riet.says("3 nu bij de zandheuvelkade")
    world.advance(minutes=2)
    town.escalate()
    town.peters.says("ik ga kijken bij de zandheuvelkade")
    world.advance(minutes=1)
    town.town.kees.says("einde TB-0001 rustig")
    world.advance(days=15)
    town.town.kees.says("opschaling TB-0001")
    assert "TB-0001" in town.town.kees.last.text
    assert "Peters" not in town.town.kees.last.text
    with world.context("escalation") as ctx:
        for kind in (Asked, Escalation, Event, Incident, Statement):
            assert not ctx.records.find(kind)
