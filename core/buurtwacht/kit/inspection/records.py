"""Whether what is kept has its tables: migrations that run, lead to the records, and stay within the prefix."""

from __future__ import annotations

import ast
import re
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from buurtwacht.assembly import histories
from buurtwacht.kit.inspection.findings import Finding, Place
from buurtwacht.kit.inspection.source import Module, by_name
from buurtwacht.kit.inspection.subject import Subject
from buurtwacht.kit.package import taken_apart
from buurtwacht.records import migration
from buurtwacht.records.database import Database
from buurtwacht.records.migration import History
from buurtwacht.vocabulary.errors import ConfigurationError

#: What alembic says of a difference: what is to be done, and to which table and column.
_DIFFERENCE = re.compile(
    r"\('(?P<what>\w+)',(?: None,)? (?:Table\()?'(?P<table>\w+)'(?:, (?:Column\()?'(?P<column>\w+)')?"
)
_NAMED = re.compile(r"'(?P<table>\w+)'")
#: Operations of alembic that name a table first, or second where they name an index or a constraint.
_ON_TABLES = {
    "create_table": 0,
    "drop_table": 0,
    "rename_table": 0,
    "add_column": 0,
    "drop_column": 0,
    "alter_column": 0,
    "batch_alter_table": 0,
    "create_index": 1,
    "bulk_insert": 0,
}
_MEND = (
    "have the next migration written, read it and keep it: "
    'python -c "import {module} as it; from buurtwacht.testing import draft; print(draft(it))"'
)


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the text of the migrations and of the package, then run the migrations on an empty database."""
    yield from _prefixes(subject)
    for module in subject.sources:
        yield from _tables_of_its_own(subject, module)
    if subject.manifest is not None and subject.module is not None:
        history = next((one for one in histories([subject.module]) if one.owner == subject.manifest.id), None)
        if history is not None:
            yield from _history(subject, history)


def records_of(subject: Subject) -> Iterator[tuple[Module, ast.ClassDef]]:
    """Return the classes of a package that are records."""
    for module in subject.sources:
        for node in module.classes():
            if any(subject.sources.resolve(module, base) == "buurtwacht.Record" for base in node.bases):
                yield module, node


def _scripts(subject: Subject) -> list[Path]:
    folder = subject.package.folder / "migrations" / "versions"
    return sorted(folder.glob("*.py")) if folder.is_dir() else []


def _prefixes(subject: Subject) -> Iterator[Finding]:
    prefix = f"{subject.id}_"
    for path in _scripts(subject):
        try:
            tree = taken_apart(path)
        except SyntaxError as error:
            what = f"cannot be read: {error.msg}"
            yield Finding(Place(path, error.lineno or 1), "syntax-error", what, "mend this line")
            continue
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if not isinstance(node.func.value, ast.Name) or node.func.value.id != "op":
                continue
            place = _ON_TABLES.get(node.func.attr, -1)
            name = node.args[place] if 0 <= place < len(node.args) else by_name(node).get("table_name")
            table = str(name.value) if isinstance(name, ast.Constant) else prefix
            if not table.startswith(prefix):
                what = f"{node.func.attr} of {table}, whose name does not begin with {prefix}"
                mend = f"leave it to whose it is, or call it {prefix}{table}"
                yield Finding(Place(path, node.lineno), "table-prefix", what, mend)


def _tables_of_its_own(subject: Subject, module: Module) -> Iterator[Finding]:
    """Tables that are no records, and records under another plugin's name."""
    for node in module.nodes:
        if isinstance(node, ast.ClassDef):
            bases = [subject.sources.resolve(module, base) for base in node.bases]
            if any(
                one.startswith("sqlalchemy.") and one.endswith(("DeclarativeBase", "declarative_base")) for one in bases
            ):
                what = f"{node.name} makes tables that are no records: no migration of ours knows them"
                yield Finding(Place(module.path, node.lineno), "table-prefix", what, "write class …(Record)")
            given = next((one.value for one in node.keywords if one.arg == "plugin"), None)
            owner = str(given.value) if isinstance(given, ast.Constant) else subject.id
            if "buurtwacht.Record" in bases and owner != subject.id:
                what = f"{node.name} is kept in a table of {owner}"
                mend = "leave out plugin=…: the manifest above it says whose it is"
                yield Finding(Place(module.path, node.lineno), "table-prefix", what, mend)
        elif isinstance(node, ast.Call) and module.origin(node.func) in ("sqlalchemy.Table", "sqlalchemy.schema.Table"):
            what = "makes a table that is no record: no migration of ours knows it"
            yield Finding(Place(module.path, node.lineno), "table-prefix", what, "write class …(Record)")


def _history(subject: Subject, history: History) -> Iterator[Finding]:
    records = {_snake(node.name): Place(module.path, node.lineno) for module, node in records_of(subject)}
    first = next(iter(records.values()), Place(subject.package.file))
    mend = _MEND.format(module=subject.package.module_name)
    if not _scripts(subject):
        names = ", ".join(sorted(history.metadata.tables))
        yield Finding(first, "record-unmigrated", f"nothing makes {names}", mend)
        return
    script = history.script()
    assert script is not None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # alembic only warns of a revision that is not there
            heads = script.get_heads()
    except (SyntaxError, RecursionError, MemoryError):
        return  # it is found where it stands
    except (CommandError, UserWarning, KeyError, AttributeError) as error:
        yield Finding(Place(_scripts(subject)[-1]), "migration-fails", f"has no order: {error}", _ORDER)
        return
    if len(heads) != 1:
        yield _heads(script, heads)
        return
    try:
        differences = _differences(subject, history)
    except Exception as error:  # whatever a migration raises, its author is told
        yield _failure(subject, error.__cause__ if isinstance(error, ConfigurationError) else error)
        return
    for one in differences:
        what, table = _in_words(one)
        yield Finding(records.get(table.removeprefix(f"{subject.id}_"), first), "migration-differs", what, mend)


_ORDER = "let down_revision name the revision before it, and None in the first"


def _heads(script: ScriptDirectory, heads: Sequence[str]) -> Finding:
    if not heads:
        path = Path(script.dir) / "versions"
        return Finding(Place(path), "migration-fails", "no file there is a migration", "give each a revision")
    last = script.get_revision(heads[-1])
    assert last is not None
    what = f"the history has {len(heads)} ends: {', '.join(sorted(heads))}"
    mend = "let one of them follow the other: down_revision names the revision before it"
    return Finding(Place(Path(last.path)), "migration-heads", what, mend)


def _differences(subject: Subject, history: History) -> list[str]:
    assert subject.module is not None
    with tempfile.TemporaryDirectory(prefix="buurtwacht-check-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'check.db'}")
        try:
            migration.upgrade(database, histories([subject.module]))
            return migration.differences(database, history)
        finally:
            database.close()


def _failure(subject: Subject, error: BaseException | None) -> Finding:
    paths = {one.resolve() for one in _scripts(subject)}
    place = Place(_scripts(subject)[-1])
    trace = error.__traceback__ if error is not None else None
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.resolve() in paths:
            place = Place(path, trace.tb_lineno)
        trace = trace.tb_next
    reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return Finding(place, "migration-fails", f"does not run: {type(error).__name__}: {reason}", "mend this line")


def _in_words(difference: str) -> tuple[str, str]:
    """Return what a difference means, and the table it is about."""
    found = _DIFFERENCE.search(difference)
    if found is None:
        named = _NAMED.search(difference)
        return f"the migrations do not lead to the records: {difference}", named["table"] if named else ""
    table, column = found["table"], f"{found['table']}.{found['column']}"
    sentence = {
        "add_table": f"no migration makes the table {table}",
        "remove_table": f"the table {table} is made, and no record is kept in it",
        "add_column": f"no migration makes the column {column}",
        "remove_column": f"the column {column} is made, and no record has it",
        "modify_nullable": f"whether {column} may be empty differs between record and migration",
        "modify_type": f"the type of {column} differs between record and migration",
    }.get(found["what"], f"the migrations do not lead to the records: {difference}")
    return sentence, table


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
