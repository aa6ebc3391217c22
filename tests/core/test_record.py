"""Records: annotations become columns, defaults hold, and what cannot be kept is refused where it is declared."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import BigInteger, create_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from buurtwacht import PersonId, Record
from buurtwacht.records.record import metadata_of

WHEN = datetime(2026, 1, 16, 1, 42, tzinfo=UTC)


class Mood(StrEnum):
    LOST = "lost"
    FOUND = "found"


class Pet(Record, plugin="record_test", unique=(("owner", "name"),)):
    owner: PersonId
    name: str
    mood: Mood = Mood.LOST
    seen: datetime | None = None
    marks: list[str] = []  # noqa: RUF012 # a default of a column


def test_annotations_become_columns() -> None:
    columns = Pet.__table__.c
    assert Pet.__table__.name == "record_test_pet"
    assert isinstance(columns.owner.type, BigInteger)
    assert columns.seen.nullable
    assert not columns.name.nullable


def test_a_record_is_kept_and_found_as_it_was() -> None:
    engine = create_engine("sqlite://")
    metadata_of("record_test").create_all(engine)
    with Session(engine) as session:
        pet = Pet(owner=PersonId(7), name="Minoes", seen=WHEN)
        pet.created = WHEN
        session.add(pet)
        session.commit()
        ident = pet.id
    with Session(engine) as session:
        found = session.get(Pet, ident)
        assert found is not None
        assert (found.name, found.mood, found.seen, found.marks) == ("Minoes", Mood.LOST, WHEN, [])


@pytest.mark.parametrize("length", [1, 2])
def test_a_record_defined_again_takes_the_place_of_the_former(length: int) -> None:
    for mood in ("glad", "sad"):

        class Nest(Record, plugin="record_test"):
            eggs: int
            mood: str

        nest = Nest(eggs=length, mood=mood)
        engine = create_engine("sqlite://")
        metadata_of("record_test").create_all(engine)
        with Session(engine, expire_on_commit=False) as session:
            nest.created = WHEN
            session.add(nest)
            session.commit()
            assert [one.mood for one in session.query(Nest)] == [mood]


def test_two_different_records_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match=r"test_record\.Pet has the table record_test_pet already"):

        class Pet(Record, plugin="record_test"):
            name: str


def test_two_who_change_one_record_are_told_apart(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/records.db")
    metadata_of("record_test").create_all(engine)
    with Session(engine) as first, Session(engine) as second:
        pet = Pet(owner=PersonId(8), name="Bello")
        pet.created = WHEN
        first.add(pet)
        first.commit()
        theirs = second.get(Pet, pet.id)
        assert theirs is not None
        pet.mood = Mood.FOUND
        first.commit()
        theirs.mood = Mood.LOST
        theirs.name = "Bello II"
        with pytest.raises(StaleDataError):
            second.commit()
    engine.dispose()


def test_what_is_missing_or_unknown_is_named() -> None:
    with pytest.raises(TypeError, match="Pet needs name"):
        Pet(owner=PersonId(1))
    with pytest.raises(TypeError, match="Pet has no colour"):
        Pet(owner=PersonId(1), name="x", colour="red")


def test_a_type_that_cannot_be_kept_is_refused_where_it_is_declared() -> None:
    with pytest.raises(TypeError, match=r"Wrong\.thing: .* cannot be kept"):
        type("Wrong", (Record,), {"__annotations__": {"thing": complex}, "__module__": __name__}, plugin="record_test")


def test_a_record_without_a_plugin_above_it_is_refused() -> None:
    with pytest.raises(TypeError, match="no manifest above it"):
        type("Stray", (Record,), {"__annotations__": {"thing": int}, "__module__": __name__})
