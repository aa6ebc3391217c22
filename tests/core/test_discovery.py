"""Which plugin an id means: another distribution's before ours; two of those, and one for a newer core, are refused."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from buurtwacht import ConfigurationError
from buurtwacht.host.core_version import core_version, wrong_with
from buurtwacht.host.discovery import find, installed

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a distribution with one plugin, as its own folder on the path."""

    def make(distribution: str, ident: str, module: str, source: str = "") -> None:
        folder = tmp_path / distribution
        there = folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
        there.mkdir(parents=True)
        (there / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n")
        (there / "entry_points.txt").write_text(f"[buurtwacht.plugins]\n{ident} = {module}\n")
        manifest = f"from buurtwacht import Manifest\nmanifest = Manifest(id={ident!r}, name='X', version='1')\n"
        (folder / f"{module}.py").write_text(source or manifest)
        monkeypatch.syspath_prepend(folder)
        monkeypatch.delitem(sys.modules, module, raising=False)

    return make


def test_one_of_another_distribution_takes_the_place_of_ours(install: Install) -> None:
    assert installed()["patrols"].origin == "built in"
    install("their-patrols", "patrols", "their_patrols")
    assert installed()["patrols"].origin == "their-patrols 1.2, in place of the built-in one"
    (module,) = find(["patrols"])
    assert module.__name__ == "their_patrols"


def test_one_beside_ours_is_just_where_it_comes_from(install: Install) -> None:
    install("their-bees", "bees", "their_bees")
    assert installed()["bees"].origin == "their-bees 1.2"


def test_two_outside_ones_of_one_id_are_refused_naming_both(install: Install) -> None:
    install("north-bees", "bees", "north_bees")
    install("south-bees", "bees", "south_bees")
    with pytest.raises(ConfigurationError) as caught:
        find(["bees"])
    (fault,) = caught.value.faults
    assert str(fault).startswith("plugins.bees: is offered by north-bees and south-bees: nobody knows which is meant")


def test_two_outside_ones_of_an_id_of_ours_are_refused_too(install: Install) -> None:
    install("north-patrols", "patrols", "north_patrols")
    install("south-patrols", "patrols", "south_patrols")
    with pytest.raises(ConfigurationError, match="north-patrols and south-patrols"):
        find(["patrols"])


def test_an_entry_point_and_a_manifest_that_differ_are_refused(install: Install) -> None:
    source = "from buurtwacht import Manifest\nmanifest = Manifest(id='wasps', name='X', version='1')\n"
    install("their-bees", "bees", "their_bees", source)
    with pytest.raises(ConfigurationError, match=r"plugins\.bees: is called 'wasps' by its own manifest"):
        find(["bees"])


NEWER = {
    "a name we do not have": "from buurtwacht import Manifest, Telepathy\n",
    "a field we do not have": "from buurtwacht import Manifest\n",
    "a module we do not have": "from buurtwacht import Manifest\nimport buurtwacht.telepathy\n",
}


@pytest.mark.parametrize("why", NEWER)
def test_one_that_cannot_even_be_imported_here_says_which_core_it_needs(why: str, install: Install) -> None:
    source = f"{NEWER[why]}manifest = Manifest(id='bees', name='X', version='1', needs_core='99.1', aura='blue')\n"
    install("their-bees", "bees", "their_bees", source)
    with pytest.raises(ConfigurationError) as caught:
        find(["bees"])
    (fault,) = caught.value.faults
    assert (fault.where, fault.what) == ("plugins.bees", f"needs core 99.1 or newer, this is {core_version()}")


def test_one_that_does_not_import_for_another_reason_says_that(install: Install) -> None:
    install("their-bees", "bees", "their_bees", "import no_such_module_at_all\n")
    with pytest.raises(ConfigurationError, match="does not import: ModuleNotFoundError"):
        find(["bees"])


@pytest.mark.parametrize("needed", ["0", "0.1", f"{core_version()}", f"{core_version()}.0.0"])
def test_a_core_that_is_new_enough_is_enough(needed: str) -> None:
    assert wrong_with(needed) is None


@pytest.mark.parametrize(
    ("needed", "what", "mend"),
    [
        ("99", "needs core 99 or newer", "upgrade Buurtwacht"),
        (f"{core_version()}.1", f"needs core {core_version()}.1 or newer", "upgrade Buurtwacht"),
        (">=0.2", "'>=0.2', which is no version", 'needs_core="0.2"'),
        ("1.x", "'1.x', which is no version", 'needs_core="1"'),
        ("", "'', which is no version", "the lowest version alone"),
    ],
)
def test_a_core_that_is_too_old_and_what_is_no_version_are_told(needed: str, what: str, mend: str) -> None:
    wrong = wrong_with(needed)
    assert wrong is not None
    assert what in wrong[0]
    assert mend in wrong[1]
