"""Plugins that somebody is making, as the demo takes them, without starting one."""

from __future__ import annotations

from pathlib import Path

import pytest

from buurtwacht import demo
from buurtwacht.kit import trying
from buurtwacht.kit.trying import Broken, Remark
from buurtwacht.vocabulary.errors import ConfigurationError

CODE = """from buurtwacht import Manifest
from pydantic import BaseModel


class Settings(BaseModel, extra="forbid"):
    price: int = 3


manifest = Manifest(id="ID", name="Bread", version="1.0", settings=Settings)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "tried_bread"
    folder.mkdir()
    (folder / "__init__.py").write_text(CODE.replace("ID", "bread"))
    return folder


def test_it_takes_the_place_of_the_built_in_one_with_its_id(package: Path) -> None:
    (package / "__init__.py").write_text(CODE.replace("ID", "patrols"))
    tried = trying.take(str(package))
    assert tried.remarks == [Remark.IN_PLACE]
    found = {one.manifest.id: one for one in trying.modules([tried], demo.PLUGINS)}
    assert found["patrols"] is tried.module
    assert list(found) == list(demo.PLUGINS)
    assert "buurtwacht_patrols" not in {one.__name__ for one in found.values()}


def test_settings_come_from_the_file_beside_it_and_what_is_wrong_there_is_said(package: Path) -> None:
    (package.parent / "plugins.toml").write_text('[plugins.bread]\nprice = "free"\n[plugins.alerts]\nno = 1\n')
    tried = trying.take(str(package))
    assert tried.table == {"price": "free"}
    with pytest.raises(ConfigurationError) as caught, demo.town(0, [tried]):
        pass
    (fault,) = caught.value.faults
    assert fault.where == "plugins.toml: plugins.bread.price"


def test_what_is_refused_is_said_with_the_line_of_the_manifest(package: Path) -> None:
    (package / "__init__.py").write_text(
        CODE.replace("ID", "bread").replace('version="1.0"', 'version="1.0", needs_core="99"')
    )
    with pytest.raises(Broken) as caught, demo.town(0, [trying.take(str(package))]):
        pass
    (fault,) = caught.value.faults
    assert fault.where == "tried_bread/__init__.py:9"
    assert fault.what.startswith("plugin bread: needs core 99")


@pytest.mark.parametrize(
    ("code", "where", "what"),
    [
        ("x = 1\n", "tried_bread/__init__.py:1", "has no manifest"),
        ("x = 1\nraise SystemExit(3)\n", "tried_bread/__init__.py:2", "SystemExit: 3"),
        ("import no_such_thing\n", "tried_bread/__init__.py:1", "ModuleNotFoundError: No module named 'no_such_thing'"),
    ],
)
def test_what_does_not_import_is_said_with_its_line(package: Path, code: str, where: str, what: str) -> None:
    (package / "__init__.py").write_text(code)
    with pytest.raises(Broken) as caught:
        trying.take(str(package))
    assert [(one.where, one.what) for one in caught.value.faults] == [(where, what)]
    assert all(one.mend for one in caught.value.faults)


def test_a_stack_begins_in_the_plugin(package: Path) -> None:
    (package / "__init__.py").write_text("import json\n\njson.loads('{')\n")
    with pytest.raises(Broken) as caught:
        trying.take(str(package))
    lines = caught.value.stack.splitlines()
    assert lines[0].startswith("Traceback")
    assert 'tried_bread/__init__.py", line 3' in lines[1]
    assert caught.value.faults[0].where == "tried_bread/__init__.py:3"


def test_a_channel_is_no_plugin() -> None:
    with pytest.raises(Broken, match="is a channel"):
        trying.take("telegram")


def test_what_is_looked_at_is_the_module_and_the_files_beside_it(package: Path) -> None:
    above = package.parent
    assert trying.places(str(package)) == [package, above / "pyproject.toml", above / "plugins.toml"]
    assert trying.places(str(above)) == [package, above / "pyproject.toml", above / "plugins.toml"]
    with pytest.raises(ConfigurationError):
        trying.places(str(above / "nowhere"))
