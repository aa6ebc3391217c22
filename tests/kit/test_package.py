"""Finding a package: a folder that is not installed, an id, a module; and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from buurtwacht import ConfigurationError
from buurtwacht.kit.package import Package

MANIFEST = 'from buurtwacht import Manifest\n\nmanifest = Manifest(id="{id}", name="Pets", version="1.0")\n'


def written(root: Path, module: str = "strays_pets", ident: str = "pets", where: str = "", entry: str = "") -> Path:
    """Write a package into a folder; `entry` is its entry point, as it stands in pyproject.toml."""
    folder = root / where / module
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(MANIFEST.format(id=ident))
    table = f'[project.entry-points."buurtwacht.plugins"]\n{entry}\n' if entry else ""
    (root / "pyproject.toml").write_text(f'[project]\nname = "strays-pets"\nversion = "1"\n{table}')
    return root


@pytest.mark.parametrize("where", ["", "src"])
def test_a_folder_that_is_not_installed(tmp_path: Path, where: str) -> None:
    root = written(tmp_path / "pets", where=where, entry='pets = "strays_pets"')
    (root / where / "strays_pets" / "tests").mkdir()
    (root / where / "strays_pets" / "tests" / "test_it.py").touch()
    (root / where / "strays_pets" / "words.py").touch()
    found = Package.find(str(root))
    assert (found.id, found.module_name, found.distribution, found.kind) == (
        "pets",
        "strays_pets",
        "strays-pets",
        "plugin",
    )
    assert (found.root, found.folder) == (root, root / where / "strays_pets")
    assert [found.module_of(one) for one in found.files()] == ["strays_pets", "strays_pets.words"]
    assert found.load().manifest.id == "pets"


def test_the_folder_of_the_module_itself_is_the_same_package(tmp_path: Path) -> None:
    root = written(tmp_path / "pets", entry='pets = "strays_pets"')
    assert Package.find(str(root / "strays_pets")) == Package.find(str(root))


def test_without_an_entry_point_the_only_module_is_meant(tmp_path: Path) -> None:
    found = Package.find(str(written(tmp_path / "pets", ident="cats")))
    assert (found.module_name, found.entry, found.id) == ("strays_pets", None, "cats")


def test_two_folders_with_one_module_name_are_each_their_own(tmp_path: Path) -> None:
    one = Package.find(str(written(tmp_path / "one", ident="cats")))
    other = Package.find(str(written(tmp_path / "two", ident="dogs")))
    assert [one.load().manifest.id, other.load().manifest.id, other.load().manifest.id] == ["cats", "dogs", "dogs"]


def test_a_plugin_is_found_by_its_id_and_by_its_module() -> None:
    found = Package.find("alerts")
    assert (found.id, found.module_name, found.is_built_in, found.replaces_built_in) == (
        "alerts",
        "buurtwacht_alerts",
        True,
        False,
    )
    assert Package.find("buurtwacht_alerts") == found
    assert Package.find(str(found.folder)).id == "alerts"
    assert found.folder / "privacy.py" in found.files()
    assert not [one for one in found.files() if "migrations" in one.parts]


def test_a_channel_is_found_by_its_name() -> None:
    found = Package.find("whatsapp")
    assert (found.kind, found.module_name) == ("channel", "buurtwacht_whatsapp")


def test_a_folder_of_its_own_with_the_id_of_a_built_in_one_takes_its_place(tmp_path: Path) -> None:
    found = Package.find(str(written(tmp_path / "mine", entry='alerts = "strays_pets"')))
    assert (found.id, found.replaces_built_in) == ("alerts", True)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("alertz", "did you mean alerts?"),
        ("nothing_like_it", "name a folder: ./nothing_like_it"),
        ("./not_there", "is no folder"),
    ],
)
def test_what_is_not_there_is_said_with_a_mend(what: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Package.find(what)
    assert said in str(refused.value.faults[0])


def test_a_folder_with_several_is_asked_which(tmp_path: Path) -> None:
    root = written(tmp_path / "two", entry='pets = "strays_pets"\ndogs = "strays_dogs"')
    (root / "strays_dogs").mkdir()
    (root / "strays_dogs" / "__init__.py").touch()
    with pytest.raises(ConfigurationError, match="pets, dogs"):
        Package.find(str(root))
