"""members.csv: brought in all or none, told line by line what is wrong, written out and brought in again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from buurtwacht.records.database import Database
from buurtwacht.records.exporting import export_members
from buurtwacht.records.importing import ImportResult, import_members, invitation_for, invited_person
from buurtwacht.records.keys import Keyring, new_key
from buurtwacht.records.neighbourhoods import Neighbourhoods
from buurtwacht.records.officials import verified_everywhere
from buurtwacht.records.people import Person, find_caller, members_of
from buurtwacht.records.schema import address, membership, metadata, official, person
from buurtwacht.vocabulary.clock import VirtualClock
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId

NOW = datetime(2026, 1, 16, 12, 0, tzinfo=UTC)
HEADING = "neighbourhood,name,language,roles,street,channel,address,person\n"


@dataclass
class Town:
    database: Database
    keyring: Keyring
    neighbourhoods: Neighbourhoods

    def imports(self, *rows: str, heading: str = HEADING) -> ImportResult:
        return import_members(
            self.database,
            self.keyring,
            VirtualClock(NOW),
            self.neighbourhoods,
            {"telegram": "chat", "whatsapp": "phone", "email": "email"},
            heading + "\n".join(rows) + "\n",
        )

    def members(self, code: str = "TB") -> list[Person]:
        where = self.neighbourhoods.by_code(code)
        assert where is not None
        return members_of(self.database.unit(), where.id)

    def behind(self, account: str, handle: Handle) -> Person | None:
        caller = find_caller(self.database.unit(), self.keyring, account, [handle])
        return caller.person if caller else None

    def offices(self) -> dict[str, list[tuple[str, str]]]:
        """Return the verified offices, as kinds and codes, by name."""
        found: dict[str, list[tuple[str, str]]] = {}
        with self.database.reading() as connection:
            names = {row[0]: row[1] for row in connection.execute(select(person.c.id, person.c.name))}
            for one in verified_everywhere(connection):
                codes = sorted(self.neighbourhoods.get(place).code for place in one.neighbourhoods)
                found.setdefault(names[one.person], []).append((str(one.kind), " ".join(codes)))
        return found

    def whole_municipality(self, name: str) -> None:
        """Let somebody's office be that of the whole municipality."""
        with self.database.writing() as connection:
            mine = select(person.c.id).where(person.c.name == name)
            connection.execute(update(official).where(official.c.person_id.in_(mine)).values(neighbourhoods=""))

    def exports(self) -> str:
        return export_members(self.database, self.keyring, self.neighbourhoods)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    database = Database(f"sqlite:///{tmp_path / 'buurtwacht.db'}")
    metadata.create_all(database.engine)
    neighbourhoods = Neighbourhoods(database)
    for code, name in (("TB", "Tolberg"), ("LD", "Langdonk")):
        empty: dict[str, list[str]] = {name: [] for name in ("postcodes", "streets", "adjacent", "plugins_off")}
        neighbourhoods.write(
            code,
            {
                "name": name,
                "municipality": "Roosendaal",
                "language": "nl",
                "timezone": "Europe/Amsterdam",
                "quiet_hours": "",
                "borders": {},
                "settings": {},
                **empty,
            },
        )
    yield Town(database, Keyring([new_key()]), neighbourhoods)
    database.engine.dispose()


def test_people_are_members_at_once(town: Town) -> None:
    result = town.imports(
        "TB,Fatima,nl,member patroller,Meidoornstraat,telegram,1001,",
        "tb,Henk de Wit,,coordinator,,whatsapp,06 12345678,",
    )
    assert (result.added, result.updated, result.faults) == (2, 0, ())
    fatima, henk = town.members()
    assert fatima.active[0].roles == {"member", "patroller"}
    assert fatima.active[0].street == "Meidoornstraat"
    assert henk.language == "nl"
    assert town.behind("whatsapp", Handle("phone", "+31612345678")) == henk


def test_every_bad_row_is_told_and_nothing_is_imported(town: Town) -> None:
    result = town.imports(
        "TB,Fatima,nl,member,,telegram,1001,",
        "XX,Sam,nl,member,,telegram,1002,",
        "TB,,fr,king,,telegram,abc,",
        "TB,Henk,nl,member,,signal,1003,",
        "TB,Riet,nl,member,,whatsapp,12,",
        "TB,Agent,nl,official:admin,,telegram,1004,",
        "TB,Agent,nl,official:wizard,,telegram,1005,",
        "TB,Te,nl,member,,telegram,1006,,,",
    )
    told = [(fault.line, fault.reason) for fault in result.faults]
    assert [line for line, _ in told] == [3, 4, 4, 4, 4, 5, 6, 7, 8, 9]
    reasons = " | ".join(reason for _, reason in told)
    for part in ("no neighbourhood 'XX'", "name is empty", "'fr'", "'king'", "digits only", "'signal'", "+31612345678"):
        assert part in reasons
    assert "there is no kind of official 'wizard'; kinds are police, controlroom" in reasons
    assert "more columns" in reasons
    assert town.members() == []


def test_what_is_easily_mistyped_is_told_with_what_would_be_right(town: Town) -> None:
    result = town.imports("TB,Fatima,nl,member", 'TB,Kees,nl,"admin,coordinator",,telegram,1001,')
    told = [(fault.line, fault.reason) for fault in result.faults]
    assert [line for line, _ in told] == [2, 3]
    assert "has no street, channel, address" in told[0][1]
    assert "separated by spaces: admin coordinator" in told[1][1]


def test_who_has_no_address_is_known_again_by_his_name_until_there_are_two_of_it(town: Town) -> None:
    riet = "TB,Riet,nl,member,{},telegram,,"
    assert town.imports(riet.format("Meidoornstraat")).added == 1
    again = town.imports(riet.format("Vlierstraat"))
    assert (again.added, again.updated) == (0, 1)
    assert [one.memberships[0].street for one in town.members()] == ["Vlierstraat"]
    assert town.imports("LD,Riet,nl,member,,telegram,,").added == 1, "somebody else, elsewhere"
    assert town.imports(riet.format("Vlierstraat"), riet.format("Lindenburg")).added == 2, "two of one name"


def test_a_wrong_heading_is_told(town: Town) -> None:
    result = town.imports("TB,Fatima", heading="neighbourhood,naam\n")
    assert [fault.line for fault in result.faults] == [1, 1]
    assert "naam" in result.faults[1].reason


def test_an_empty_file_is_no_success(town: Town) -> None:
    assert town.imports().faults


def test_what_a_dutch_spreadsheet_writes_is_read(town: Town) -> None:
    result = town.imports("TB;Fatima;nl;member;;telegram;1001", heading="\ufeff" + HEADING.replace(",", ";"))
    assert result.added == 1


@pytest.mark.parametrize("who", ["fatima", ""])
def test_rows_with_the_same_person_or_address_are_one(town: Town, who: str) -> None:
    result = town.imports(
        f"TB,Fatima,nl,member,Meidoornstraat,telegram,1001,{who}",
        f"LD,Fatima,nl,patroller,,telegram,1001,{who}",
    )
    assert result.added == 1
    assert town.members("TB")[0].id == town.members("LD")[0].id


def test_one_person_on_two_messengers_prefers_the_first(town: Town) -> None:
    town.imports("TB,Fatima,nl,,,whatsapp,0612345678,f", "TB,Fatima,nl,coordinator,,telegram,1001,f")
    (fatima,) = town.members()
    assert fatima.active[0].roles == {"member", "coordinator"}
    query = select(address.c.account).where(address.c.person_id == fatima.id).order_by(address.c.position)
    with town.database.reading() as connection:
        assert list(connection.scalars(query)) == ["whatsapp", "telegram"]


def test_importing_again_updates(town: Town) -> None:
    town.imports("TB,Fatima,nl,member,Meidoornstraat,whatsapp,0612345678,f")
    result = town.imports("TB,Fatima Bakir,en,patroller,Esdoornlaan,whatsapp,0687654321,f")
    assert (result.added, result.updated) == (0, 1)
    (fatima,) = town.members()
    assert (fatima.name, fatima.language, fatima.active[0].street) == ("Fatima Bakir", "en", "Esdoornlaan")
    assert town.behind("whatsapp", Handle("phone", "+31687654321")) == fatima
    assert town.behind("whatsapp", Handle("phone", "+31612345678")) is None


def test_an_address_of_somebody_else_is_refused(town: Town) -> None:
    town.imports("TB,Fatima,nl,,,telegram,1001,f", "TB,Henk,nl,,,telegram,1002,h")
    result = town.imports("TB,Fatima,nl,,,telegram,1002,f")
    assert [fault.line for fault in result.faults] == [2]
    assert "another" in result.faults[0].reason


def test_two_people_cannot_share_an_address_within_the_file(town: Town) -> None:
    result = town.imports("TB,Fatima,nl,,,telegram,1001,f", "TB,Henk,nl,,,telegram,1001,h")
    assert [fault.line for fault in result.faults] == [3]


def test_who_left_is_not_taken_back_by_a_file(town: Town) -> None:
    town.imports("TB,Fatima,nl,,,telegram,1001,f")
    with town.database.writing() as connection:
        connection.execute(update(membership).values(state="left"))
    result = town.imports("TB,Fatima,nl,,,telegram,1001,f")
    assert [fault.line for fault in result.skipped] == [2]
    assert town.members() == []


def test_without_an_address_there_is_somebody_to_invite(town: Town) -> None:
    result = town.imports("TB,Fatima,nl,,,telegram,,f", "TB,Riet,nl,,,,,r", "TB,Henk,nl,,,telegram,1002,h")
    assert [(one.name, one.channel) for one in result.to_invite] == [("Fatima", "telegram"), ("Riet", "")]
    assert len(town.members()) == 3
    again = town.imports("TB,Fatima,nl,,,telegram,,f")
    assert again.updated == 1
    assert len(again.to_invite) == 1


def test_what_is_exported_can_be_imported_and_changes_nothing(town: Town) -> None:
    town.imports(
        'TB,"Fatima, de oudere",nl,coordinator,Meidoornstraat,whatsapp,0612345678,',
        "LD,Henk,en,member,,telegram,1002,h",
        "TB,Riet,nl,,,,,",
    )
    written = town.exports()
    assert "whatsapp,+31612345678,#" in written
    result = town.imports(written.partition("\n")[2].rstrip("\n"))
    assert (result.added, result.updated) == (0, 3)
    assert town.exports() == written
    with town.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(person)).scalar_one() == 3


def test_numbers_are_nowhere_in_the_database(town: Town, tmp_path: Path) -> None:
    town.imports("TB,Fatima,nl,,,whatsapp,0612345678,")
    assert not any(b"612345678" in path.read_bytes() for path in tmp_path.iterdir())


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_leads_back_to_its_person_until_its_day_is_over() -> None:
    keyring = Keyring([new_key()])
    until = NOW + timedelta(days=30)
    token = invitation_for(keyring, PersonId(123456789012345), until)
    assert len(f"own-{token}") <= 64
    assert invited_person(keyring, token.upper(), until) == 123456789012345
    assert invited_person(keyring, token, until + timedelta(days=1)) is None


@pytest.mark.parametrize("token", ["", "x", "1-2-3", "75bcd15-b4c1b-0123456789abcdef01234567"])
def test_a_made_up_link_leads_to_nobody(token: str) -> None:
    assert invited_person(Keyring([new_key()]), token, NOW) is None


def test_somebody_is_brought_in_with_his_e_mail_address_in_one_form(town: Town) -> None:
    assert town.imports("TB,Els,nl,member,,email,Els.de.Wit@Politie.NL,els").faults == ()
    found = town.behind("email", Handle("email", "els.de.wit@politie.nl"))
    assert found is not None
    assert found.name == "Els"
    faults = town.imports("TB,Jan,nl,member,,email,jan at politie.nl,jan").faults
    assert [(one.line, one.reason) for one in faults] == [
        (2, "the e-mail address cannot be read; write it as els@example.org")
    ]


def test_an_official_is_no_member_unless_the_file_says_so(town: Town) -> None:
    result = town.imports(
        "TB,Anja,nl,official:police,,telegram,1001,",
        "LD,Anja,nl,official:police official:boa,,telegram,1001,",
        "TB,Bart,nl,patroller official:municipality,Meidoornstraat,telegram,1002,",
        "TB,Cor,nl,official:mayor,,,,cor",
    )
    assert (result.added, result.updated, result.faults) == (3, 0, ())
    assert [one.name for one in result.to_invite] == ["Cor"]
    (bart,) = town.members()
    assert bart.active[0].roles == {"member", "patroller"}
    assert town.members("LD") == []
    assert town.offices() == {
        "Anja": [("police", "LD TB"), ("boa", "LD")],
        "Bart": [("municipality", "TB")],
        "Cor": [("mayor", "TB")],
    }


def test_officials_that_were_exported_can_be_imported_and_change_nothing(town: Town) -> None:
    town.imports(
        "TB,Anja,nl,official:police,,telegram,1001,a",
        "TB,Bart,nl,patroller official:municipality,Meidoornstraat,telegram,1002,",
        "TB,Cor,nl,official:mayor,,,,",
    )
    town.whole_municipality("Anja")
    before, written = town.offices(), town.exports()
    assert before["Anja"] == [("police", "")]
    assert written.count(",Anja,nl,official:police,,telegram,1001,a") == 2, "in each neighbourhood of hers"
    assert "Bart,nl,member official:municipality patroller,Meidoornstraat" in written
    result = town.imports(written.partition("\n")[2].rstrip("\n"))
    assert (result.added, result.updated) == (0, 3)
    assert town.offices() == before
    assert town.exports() == written
    assert town.imports("TB,Cor,nl,official:mayor,,,,").updated == 1, "he is known by his name until he has an address"
