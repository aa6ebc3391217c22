"""Conditions that a plugin gives: they read its own tables, and nobody else's, however these are wrapped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import and_, exists, func, literal_column, select, text
from sqlalchemy.orm import aliased

from buurtwacht import Context, PluginError, Record
from buurtwacht.records.schema import person
from buurtwacht.testing import World

from .spoiler import plugin


class Loaf(Record, plugin="oven"):
    """What the plugin keeps itself."""

    grain: str
    owner: int = 0


class Secret(Record, plugin="vault"):
    """What another one keeps."""

    word: str
    owner: int = 0


#: Conditions, by what they read: each is made when it is asked for.
OTHERS: dict[str, Callable[[], Any]] = {
    "in": lambda: Loaf.id.in_(select(Secret.id)),  # type: ignore[attr-defined] # a column on the class
    "exists": lambda: exists().where(Secret.owner == Loaf.owner),
    "joined": lambda: Secret.word == "x",
    "scalar": lambda: select(func.max(Secret.id)).scalar_subquery() == Loaf.id,
    "deep": lambda: and_(Loaf.grain == "x", ~(func.lower(select(Secret.word).limit(1).scalar_subquery()) == "x")),
    "alias": lambda: aliased(Secret).word == "x",
    "subquery": lambda: select(Secret.__table__).subquery().c.word == "x",
    "cte": lambda: Loaf.id.in_(select(select(Secret.id).cte().c.id)),  # type: ignore[attr-defined]
    "select join": lambda: Loaf.id.in_(  # type: ignore[attr-defined]
        select(Loaf.id).join(Secret.__table__, Secret.__table__.c.owner == Loaf.__table__.c.owner)
    ),
    "union": lambda: Loaf.id.in_(select(Loaf.id).union(select(Secret.id))),  # type: ignore[attr-defined]
}
WAYS: dict[str, Callable[[Context, Any], object]] = {
    "find": lambda ctx, one: ctx.records.find(Loaf, one),
    "first": lambda ctx, one: ctx.records.first(Loaf, one),
    "count": lambda ctx, one: ctx.records.count(Loaf, where=[one]),
    "change": lambda ctx, one: ctx.records.change_all(Loaf, one, grain="x"),
    "value": lambda ctx, one: ctx.records.change_all(Loaf, grain=one),
    "remove": lambda ctx, one: ctx.records.remove_all(Loaf, one),
    "order": lambda ctx, one: ctx.records.find(Loaf, order=one),
    "equal": lambda ctx, one: ctx.records.find(Loaf, grain=one),
}


@pytest.fixture
def world() -> Iterator[World]:
    with World(plugins=[plugin("oven"), plugin("vault")]) as made:
        yield made


@pytest.mark.parametrize("way", WAYS)
def test_what_reads_another_table_is_refused_however_it_is_wrapped(way: str, world: World) -> None:
    with world.context("oven", None) as ctx:
        for wrapped in OTHERS.values():
            with pytest.raises(PluginError, match="may not touch vault_secret: it is another plugin's, of vault"):
                WAYS[way](ctx, wrapped())
        with pytest.raises(PluginError, match="may not touch person: it is the core's"):
            WAYS[way](ctx, Loaf.owner.in_(select(person.c.id)))  # type: ignore[attr-defined]
    assert world._core.health.refusals == {("oven", "table:vault_secret"): len(OTHERS), ("oven", "table:person"): 1}


@pytest.mark.parametrize("way", WAYS)
def test_sql_as_text_is_refused_as_nobody_sees_what_it_reads(way: str, world: World) -> None:
    with world.context("oven", None) as ctx:
        for words in (text("1 = 1"), literal_column("(SELECT name FROM person)"), func.lower(text("x"))):
            with pytest.raises(PluginError, match="may not give SQL as text"):
                WAYS[way](ctx, words)


def test_its_own_tables_may_be_wrapped_as_it_likes(world: World) -> None:
    other = aliased(Loaf)
    with world.context("oven", None) as ctx:
        for grain in ("rye", "rye", "white"):
            ctx.records.add(Loaf(grain=grain))
    with world.context("oven", None) as ctx:
        twin = exists().where(other.grain == Loaf.grain, other.id != Loaf.id)
        assert [one.grain for one in ctx.records.find(Loaf, twin, order=Loaf.created)] == ["rye", "rye"]
        newest = select(func.max(Loaf.id)).scalar_subquery()
        found = ctx.records.find(Loaf, Loaf.__table__.c.id == newest)
        assert [one.grain for one in found] == ["white"]
        assert ctx.records.count(Loaf, "grain", where=[Loaf.id.in_(select(Loaf.id))]) == {("rye",): 2, ("white",): 1}  # type: ignore[attr-defined]
        ctx.records.change_all(Loaf, Loaf.grain == "rye", owner=Loaf.__table__.c.owner + 1)
