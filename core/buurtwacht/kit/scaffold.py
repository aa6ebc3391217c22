"""Scaffold: a new package of a plugin or a channel, complete and with passing tests, from the templates beside this.

A template is a file that ends in `.jinja`. In its path MODULE and NAME stand for the names, and `dot_` for a dot.
"""

from __future__ import annotations

import importlib.util
import json
import keyword
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import entry_points, version
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, StrictUndefined

from buurtwacht.host.plugin_ids import OTHER_ID, WRITTEN, is_written_well, reserved
from buurtwacht.vocabulary.errors import ConfigurationError, Fault

#: What can be written, and the entry-point group by which the core finds it.
KINDS: Mapping[str, str] = MappingProxyType({"plugin": "buurtwacht.plugins", "channel": "buurtwacht.channels"})
_TEMPLATES = Path(__file__).with_name("templates")
# Signs that mean nothing in Python, TOML or a catalogue: a title stands in all three, in quotes or not.
_TITLE = re.compile(r"[^\W_][\w '’&.,()+-]{0,39}")


@dataclass(frozen=True, slots=True)
class Names:
    """What a new package is called: its id, what people read, what Python imports and what pip installs."""

    kind: str
    id: str
    title: str
    module: str

    @property
    def distribution(self) -> str:
        """Return the name that pip knows it by."""
        return f"buurtwacht-{self.id.replace('_', '-')}"

    @property
    def words(self) -> str:
        """Return the id as people type it."""
        return " ".join(self.id.replace("_", " ").split())

    @property
    def in_place_of(self) -> str:
        """Return the distribution that has one of this name already, whose place the new one takes; mostly none."""
        known = entry_points(group=KINDS[self.kind], name=self.id)
        return next((one.dist.name for one in known if one.dist is not None), "")


def names(name: str, title: str = "", kind: str = "plugin") -> Names:
    """Return what a package is called that somebody names so. Raises `ConfigurationError` with every fault."""
    faults: list[Fault] = []
    if not is_written_well(name) or name == "core":
        what = "is the core itself" if name == "core" else "is no name for a package"
        mend = f"write {WRITTEN}, such as lost_pets"
        faults.append(Fault(name or "NAME", what, mend))
    elif kind == "plugin" and reserved(name):
        faults.append(Fault(name, "is what tables of the core or the database are called", OTHER_ID))
    title = " ".join(title.split()) or name.replace("_", " ").strip().capitalize()
    if not faults and not _TITLE.fullmatch(title):
        mend = "write at most 40 letters, digits and spaces, without quotes or braces"
        faults.append(Fault("--name", f"{title!r} is no name for people to read", mend))
    made = Names(kind, name, title, name)
    if not faults and kind == "channel" and made.in_place_of:
        # A plugin may take the place of another; two adapters of one name would be a matter of luck.
        faults.append(Fault(name, f"is a channel of {made.in_place_of} already", "choose another name"))
    if faults:
        raise ConfigurationError(faults)
    return replace(made, module=_module(name))


def write(made: Names, into: Path) -> Path:
    """Write the package into a new folder of its name, and return that folder.

    Raises `ConfigurationError` when there is something of that name already, or it cannot be written.
    """
    folder = into / made.id
    facts = {
        "id": made.id,
        "title": made.title,
        "module": made.module,
        "distribution": made.distribution,
        "words": made.words,
        "core": ".".join(version("buurtwacht").split(".")[:2]),
    }
    try:
        folder.mkdir(parents=True)
        for path, text in _render(made, facts).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except FileExistsError as error:
        fault = Fault(str(folder), "is there already", "choose another name, another place (--into), or remove it")
        raise ConfigurationError([fault]) from error
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        raise ConfigurationError([Fault(str(folder), what, "choose another place: --into FOLDER")]) from error
    return folder


def _render(made: Names, facts: Mapping[str, str]) -> dict[Path, str]:
    """Return the text of each file by its path in the new folder."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    environment.filters["quoted"] = _quoted
    root = _TEMPLATES / made.kind
    rendered: dict[Path, str] = {}
    for file in sorted(root.rglob("*.jinja")):
        path = str(file.relative_to(root).with_suffix(""))
        path = path.replace("MODULE", made.module).replace("NAME", made.id).replace("dot_", ".")
        rendered[Path(path)] = environment.from_string(file.read_text(encoding="utf-8")).render(facts)
    return rendered


def _quoted(text: str) -> str:
    """Put a text between double quotes, as Python, TOML and gettext all read it."""
    return json.dumps(text, ensure_ascii=False)


def _module(name: str) -> str:
    """Return the name of the module: `buurtwacht_<name>`, or the name itself where that is installed already."""
    module = f"buurtwacht_{name}"
    if importlib.util.find_spec(module) is None:
        return module
    taken = keyword.iskeyword(name) or name in sys.stdlib_module_names
    if taken or importlib.util.find_spec(name) is not None:
        what = f"there is a module {module} already, and one called {name}"
        raise ConfigurationError([Fault(name, what, "choose another name")])
    return name
