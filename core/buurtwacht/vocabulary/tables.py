"""The tables of plugins.toml as written: how a place in them is called, and what is left without what is broken."""

from __future__ import annotations

from collections.abc import Mapping

from buurtwacht.vocabulary.faults import Place


def codes(tables: Mapping[str, object]) -> list[str]:
    """Return the codes that are written, those of faulty neighbourhoods too."""
    listed = tables.get("neighbourhoods")
    if not isinstance(listed, list | tuple):
        return []
    return [str(table["code"]) for table in listed if isinstance(table, Mapping) and "code" in table]


def dotted(place: Place, tables: Mapping[str, object]) -> str:
    """Return a place in the tables as a dotted key, a neighbourhood by its code: neighbourhoods.TB.name."""
    parts = [str(part) for part in place if isinstance(part, str) and part != "[key]"]
    if place[0] == "neighbourhoods" and len(place) > 1 and isinstance(place[1], int):
        listed = tables["neighbourhoods"]
        table = listed[place[1]] if isinstance(listed, list | tuple) else None
        code = table.get("code") if isinstance(table, Mapping) else None
        parts.insert(1, code if isinstance(code, str) and code else str(place[1] + 1))
    return ".".join(parts)


def left_out(place: Place) -> Place:
    """Return the part to leave out for a fault at `place`: a key, or a neighbourhood that cannot do without it."""
    if place[0] == "neighbourhoods":
        return place[:2] if len(place) > 2 and place[2] in ("code", "name") else place[:3]
    depth = {"channels": 3}.get(str(place[0]), 2)
    return tuple(part for part in place[:depth] if part != "[key]")


def sound(value: object, broken: set[Place], place: Place = ()) -> object:
    """Return the tables without what is broken."""
    if isinstance(value, Mapping):
        parts = {key: (*place, key) for key in value}
        return {key: sound(value[key], broken, part) for key, part in parts.items() if part not in broken}
    if place == ("neighbourhoods",) and isinstance(value, list | tuple):
        parts = {index: (*place, index) for index in range(len(value))}
        return [sound(value[index], broken, part) for index, part in parts.items() if part not in broken]
    return value
