"""What is found in records and migrations, and whether people can be exported and erased."""

from __future__ import annotations

import pytest

from .packages import FIRST, MAIN, ORDERLY, Inspected, codes, found

SECOND = FIRST.replace("0001_pets", "0002_more")


def script(body: str, revision: str = "pets_0002", down: str = '"pets_0001"') -> str:
    """Return a second migration."""
    head = f'import sqlalchemy as sa\nfrom alembic import op\n\nrevision = "{revision}"\ndown_revision = {down}\n'
    return f"{head}branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    {body}\n"


TOY = "class Toy(Record):\n    '''A toy.'''\n\n    colour: str\n"
COLUMN = 'op.add_column("pets_pet", sa.Column("colour", sa.Text(), nullable=True))'


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"strays_pets/migrations": None}, "record-unmigrated", "nothing makes pets_pet"),
        ({MAIN: TOY}, "migration-differs", "no migration makes the table pets_toy"),
        ({SECOND: script(COLUMN)}, "migration-differs", "pets_pet.colour is made, and no record has it"),
        ({SECOND: script("pass", down="None")}, "migration-heads", "2 ends: pets_0001, pets_0002"),
        ({SECOND: script("pass", down='"pets_0007"')}, "migration-fails", "pets_0007"),
        ({SECOND: script("1 / 0")}, "migration-fails", "ZeroDivisionError"),
        ({SECOND: script('op.drop_column("pets_dog", "x")')}, "migration-fails", "does not run"),
        ({SECOND: script('op.create_table("toys", sa.Column("id", sa.Integer()))')}, "table-prefix", "toys"),
        ({SECOND: script('op.create_index("i", "person", ["name"])')}, "table-prefix", "person"),
        ({SECOND: "def upgrade(:\n    pass\n"}, "syntax-error", "cannot be read"),
        (
            {MAIN: "class Toy(Record, plugin='alerts'):\n    '''A toy.'''\n\n    colour: str\n"},
            "table-prefix",
            "kept in a table of alerts",
        ),
        (
            {MAIN: "import sqlalchemy as sa\n\nTOYS = sa.Table('toys', sa.MetaData())\n"},
            "table-prefix",
            "no record",
        ),
        (
            {MAIN: "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    '''Own.'''\n"},
            "table-prefix",
            "no records",
        ),
    ],
)
def test_what_is_kept_without_a_table(
    inspected: Inspected, changes: dict[str, str | None], code: str, says: str
) -> None:
    one = next(each for each in inspected(changes) if each.code == code)
    assert says in one.sentence
    assert one.place.file.is_file()


def test_a_column_that_is_new_or_changed_is_named_at_its_record(inspected: Inspected) -> None:
    text = ORDERLY[MAIN].replace("description: str\n\n", "description: str | None\n            colour: str\n\n", 1)
    findings = inspected(whole={MAIN: text})
    assert sorted(one.sentence for one in findings) == [
        "no migration makes the column pets_pet.colour",
        "whether pets_pet.description may be empty differs between record and migration",
    ]
    line = findings[0].place.file.read_text().splitlines()[findings[0].place.line - 1]
    assert line == "class Pet(Record):"


def test_a_failing_migration_is_found_on_its_line(inspected: Inspected) -> None:
    one = found(inspected({SECOND: script("1 / 0")}), "migration-fails")
    assert (one.place.file.name, one.place.line) == ("0002_more.py", 11)


def test_a_second_migration_that_is_right(inspected: Inspected) -> None:
    text = ORDERLY[MAIN].replace(
        "description: str\n\n", "description: str\n            colour: str | None = None\n\n", 1
    )
    assert codes(inspected({SECOND: script(COLUMN)}, whole={MAIN: text})) == []


def without(*hooks: str) -> dict[str, str]:
    """Return the module without some of its hooks."""
    text = ORDERLY[MAIN]
    for hook in hooks:
        start = text.index(f"        @hookimpl\n        def {hook}")
        end = text.find("        @hookimpl", start + 10)
        text = text[:start] + (text[end:] if end > 0 else "")
    return {MAIN: text}


@pytest.mark.parametrize(
    ("hooks", "expected"),
    [
        (["export_person"], ["person-not-exported"]),
        (["erase_person"], ["person-not-erased"]),
        (["export_person", "erase_person"], ["person-not-erased", "person-not-exported"]),
    ],
)
def test_somebody_who_is_kept_and_neither_exported_nor_erased(
    inspected: Inspected, hooks: list[str], expected: list[str]
) -> None:
    findings = inspected(whole=without(*hooks))
    assert codes(findings) == expected
    assert all("owner: PersonId" in one.place.file.read_text().splitlines()[one.place.line - 1] for one in findings)


@pytest.mark.parametrize("hint", ["PersonId", "PersonId | None", "list[PersonId]", "'PersonId'"])
def test_a_record_that_the_hooks_pass_over(inspected: Inspected, hint: str) -> None:
    found_in = inspected({MAIN: f"class Toy(Record):\n    '''A toy.'''\n\n    of: {hint}\n"})
    assert codes(found_in).count("person-overlooked") == 2


def test_a_record_that_the_hooks_reach_by_way_of_other_functions(inspected: Inspected) -> None:
    text = ORDERLY[MAIN].replace(
        "ctx.records.remove_all(Pet, Pet.__table__.c.owner == person)", "privacy.erase(ctx, person)"
    )
    text = text.replace("from pydantic import", "from strays_pets import privacy\n        from pydantic import")
    privacy = (
        "def erase(ctx, person):\n    for kind in _kinds():\n        ctx.records.remove_all(kind)\n\n\n"
        "def _kinds():\n    from strays_pets import Pet\n\n    return (Pet,)\n"
    )
    assert codes(inspected({"strays_pets/privacy.py": privacy}, whole={MAIN: text})) == []
