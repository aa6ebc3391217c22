"""What is found in pyproject.toml, in the manifest, in settings and permissions; and in what does not import."""

from __future__ import annotations

import pytest

from .packages import FIRST, MAIN, ORDERLY, Inspected, codes, found

PROJECT = '[project]\nname = "strays-pets"\nversion = "1.0"\n\n[project.entry-points."buurtwacht.plugins"]\n'


@pytest.mark.parametrize(
    ("project", "code", "line"),
    [
        ('[project]\nname = "strays-pets"\nversion = "1.0"\n', "entry-point-missing", 1),
        ('[project]\nname = "strays-pets\n', "pyproject-unreadable", 2),
        (f'{PROJECT}cats = "strays_pets"\n', "entry-point-id", 6),
        (f'{PROJECT}pets = "strays_pest"\n', "entry-point-module", 6),
        (f'{PROJECT}pets = "strays_pets:manifest"\n', "entry-point-module", 6),
    ],
)
def test_what_pyproject_says_wrong(inspected: Inspected, project: str, code: str, line: int) -> None:
    one = found(inspected(whole={"pyproject.toml": project}), code)
    assert (one.place.file.name, one.place.line) == ("pyproject.toml", line)


def manifest(**changes: str) -> dict[str, str]:
    """Return the module with other arguments of its manifest."""
    given = {
        "id": '"pets"',
        "name": '"Pets"',
        "version": '"1.0"',
        "settings": "Settings",
        "opt_in": "True",
        "templates": 'frozenset({"pet"})',
    } | changes
    text = ORDERLY[MAIN]
    start, end = text.index("manifest = Manifest("), text.index("class Pet(")
    indent = " " * 8
    lines = "".join(f"{indent}    {name}={value},\n" for name, value in given.items())
    return {MAIN: f"{text[:start]}manifest = Manifest(\n{lines}{indent})\n\n\n{indent}{text[end:]}"}


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"id": '"Pets-1"'}, "manifest-id", "begins the names of tables"),
        ({"id": '"core"'}, "manifest-id", "core is taken"),
        ({"id": '"media"'}, "manifest-id", "media is taken"),
        ({"id": '"1p"'}, "manifest-id", "at most 40"),
        ({"name": '" "'}, "manifest-id", "people"),
        ({"version": '"first"'}, "manifest-version", 'version="1.0"'),
        ({"version": "1.0"}, "manifest-version", "numbers and dots"),
        ({"needs_core": '">=0.1"'}, "manifest-needs-core", "numbers and dots only"),
        ({"needs_core": '"99.1"'}, "manifest-needs-core", "upgrade Buurtwacht"),
        ({"needs": '("alertz",)'}, "manifest-needs", "did you mean alerts?"),
        ({"needs": '("pets",)'}, "manifest-needs", "leave it out"),
        ({"needs": '("alerts")'}, "manifest-needs", 'needs=("alerts",)'),
        ({"permissions": 'frozenset({"stores"})'}, "permission-unknown", "did you mean store?"),
        ({"permissions": '"store"'}, "permission-unknown", "permissions=frozenset"),
        ({"permissions": 'frozenset({"timers", "send:opted_in"})'}, "permission-missing", '"store"'),
        ({"permissions": 'frozenset({"store", "send:opted_in"})'}, "permission-missing", '"timers"'),
        (
            {"permissions": 'frozenset({"store", "timers", "send:opted_in", "read:media"})'},
            "permission-unused",
            "leave it out",
        ),
        ({"settings": "Settings()"}, "settings-not-model", "settings=Settings"),
        ({"settings": "dict"}, "settings-not-model", "BaseModel"),
    ],
)
def test_what_the_manifest_says_wrong(inspected: Inspected, changes: dict[str, str], code: str, says: str) -> None:
    findings = inspected(whole=manifest(**changes))
    one = next(each for each in findings if each.code == code)
    assert says in one.mend
    assert one.place.file.name == "__init__.py"
    assert one.place.line > 1


def test_every_finding_of_a_manifest_comes_at_once(inspected: Inspected) -> None:
    changes = {"version": '"x"', "needs_core": '"y"', "needs": '("alertz",)', "permissions": 'frozenset({"stores"})'}
    assert {"manifest-version", "manifest-needs-core", "manifest-needs", "permission-unknown"} <= set(
        codes(inspected(whole=manifest(**changes)))
    )


@pytest.mark.parametrize("text", ["", "manifest = 1\n", "from buurtwacht import Command\n"])
def test_a_module_without_a_manifest_is_told_what_to_write(inspected: Inspected, text: str) -> None:
    findings = inspected({"strays_pets": None}, whole={MAIN: text})
    assert 'manifest = Manifest(id="pets"' in found(findings, "manifest-missing").mend


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("model_config = ConfigDict(frozen=True)\n    days: int = 3", "settings-open"),
        ('model_config = ConfigDict(extra="forbid")\n    days: int = 3', "settings-mutable"),
        ('model_config = ConfigDict(extra="forbid", frozen=True)\n    days: int', "settings-no-default"),
    ],
)
def test_what_settings_lack(inspected: Inspected, model: str, code: str) -> None:
    text = f'from pydantic import BaseModel, ConfigDict\n\nclass Other(BaseModel):\n    """A table."""\n\n    {model}\n'
    files = {"strays_pets/other.py": text, **manifest(settings="other.Other")}
    files[MAIN] = files[MAIN].replace(
        "from pydantic import", "from strays_pets import other\n        from pydantic import"
    )
    findings = inspected(whole=files)
    assert [one for one in codes(findings) if one.startswith("settings")] == [code]
    assert found(findings, code).place.file.name == "other.py"


def test_a_table_within_the_settings_is_looked_at_too(inspected: Inspected) -> None:
    inner = """
        class Inner(BaseModel):
            '''A table within.'''

            words: str


        class Outer(BaseModel, extra="forbid", frozen=True):
            '''With a table within.'''

            inner: Inner | None = None


        manifest = Manifest(id="pets", name="Pets", version="1.0", settings=Outer, templates=frozenset({"pet", "over"}))
        """
    findings = inspected({MAIN: inner})
    assert {one.code for one in findings} == {"settings-open", "settings-mutable"}
    assert all("Inner" in one.sentence for one in findings)


def test_what_does_not_import_is_found_with_its_line_and_the_rest_is_looked_at(inspected: Inspected) -> None:
    findings = inspected(
        {
            "strays_pets/broken.py": "import time\n\nfrom buurtwacht import Context, Text\n\n\n"
            'def wait(ctx: Context) -> None:\n    time.sleep(3)\n    ctx.reply(Text("pest"))\n\n\n1 / 0\n',
            MAIN: "from strays_pets import broken\n",
        }
    )
    one = found(findings, "import-fails")
    assert (one.place.file.name, one.place.line) == ("broken.py", 11)
    assert "ZeroDivisionError" in one.sentence
    assert {"handler-sleeps", "text-unknown"} <= set(codes(findings))


def test_what_is_not_installed_is_named(inspected: Inspected) -> None:
    findings = inspected({MAIN: "import strays_from_nowhere.words\n"})
    assert "install strays_from_nowhere" in found(findings, "import-fails").mend


def test_a_file_that_python_cannot_read_keeps_nothing_else_from_being_found(inspected: Inspected) -> None:
    findings = inspected(
        {
            "strays_pets/broken.py": "def wait(ctx:\n    pass\n",
            "strays_pets/slow.py": "import time\nfrom buurtwacht import Context\n\n\n"
            "def wait(ctx: Context) -> None:\n    time.sleep(1)\n",
        }
    )
    one = found(findings, "syntax-error")
    assert one.place.file.name == "broken.py"
    assert found(findings, "handler-sleeps").place.line == 6


@pytest.mark.parametrize("long", ["1" + " + 1" * 5000, "[" * 300 + "]" * 300, "-" * 9000 + "1", "words" + ".x" * 5000])
@pytest.mark.parametrize("where", ["strays_pets/long.py", MAIN, FIRST])
def test_what_is_too_deep_for_python_is_a_finding_with_its_file(inspected: Inspected, where: str, long: str) -> None:
    one = found(inspected({where: f"LONG = {long}\n"}), "syntax-error")
    assert str(one.place.file).endswith(where)


def test_what_is_long_and_yet_read_by_python_is_looked_at(inspected: Inspected) -> None:
    assert codes(inspected({"strays_pets/long.py": f"LONG = 1{' + 1' * 900}\nDEEP = str{'.x' * 900}\n"})) == []


def test_a_module_that_would_end_the_process_is_found(inspected: Inspected) -> None:
    findings = inspected({MAIN: "import sys\n\nsys.exit(3)\n"})
    assert "SystemExit" in found(findings, "import-fails").sentence


def test_without_the_permissions_being_named_what_is_usual_holds(inspected: Inspected) -> None:
    more = """
        from buurtwacht import PersonNumber


        def call(ctx: Context) -> None:
            ctx.reply(Text("over"))
            ctx.names()
            PersonNumber(ctx.person.id)
        """
    findings = inspected({MAIN: more})
    assert codes(findings) == ["permission-missing", "permission-missing"]
    assert sorted(one.sentence for one in findings) == [
        "PersonNumber needs the permission share:numbers",
        "ctx.names needs the permission read:names",
    ]
