"""Who looks after which neighbourhood, and how many would read something: asked for a whole municipality at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from buurtwacht import Role, RoleHolder, Text
from buurtwacht.testing import Member, World


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(database=request.param) as made:
        yield made


def test_role_holders_of_every_neighbourhood_come_in_one_query(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    langdonk = world.neighbourhood("LD", "Langdonk")
    kees = tolberg.member("Kees", channel="telegram", roles=["coordinator", "representative"])
    els = langdonk.member("Els", channel="whatsapp", roles=["representative"])
    tolberg.join(els, roles=["deputy_representative"])
    tolberg.member("Fatima", channel="telegram", roles=["patroller"])
    world.refuse(els, "unreachable")
    with world.context("core") as ctx:
        ctx.send(world.person_id(els), Text("voice"))
    statements: list[str] = []

    def count(connection: object, cursor: object, statement: str, *others: object) -> None:
        statements.append(statement)

    with world.context("core") as ctx:
        event.listen(world.database.engine, "before_cursor_execute", count)
        found = ctx.role_holders(Role.REPRESENTATIVE, Role.DEPUTY_REPRESENTATIVE)
        event.remove(world.database.engine, "before_cursor_execute", count)
        here = ctx.role_holders(Role.COORDINATOR, neighbourhoods=[tolberg.id])
        nowhere = ctx.role_holders(Role.COORDINATOR, neighbourhoods=[])
    assert len(statements) == 1

    def holder(where: int, who: Member, role: Role, reachable: bool) -> RoleHolder:
        return RoleHolder(ctx.neighbourhood_of(where).id, world.person_id(who), role, reachable)

    assert sorted(found, key=lambda one: (one.neighbourhood, one.role)) == [
        holder(tolberg.id, els, Role.DEPUTY_REPRESENTATIVE, False),
        holder(tolberg.id, kees, Role.REPRESENTATIVE, True),
        holder(langdonk.id, els, Role.REPRESENTATIVE, False),
    ]
    assert here == [holder(tolberg.id, kees, Role.COORDINATOR, True)]
    assert nowhere == []


def test_who_has_two_of_the_roles_is_there_for_each_and_who_left_for_none(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    kees = tolberg.member("Kees", channel="telegram", roles=["coordinator", "representative"])
    els = tolberg.member("Els", channel="telegram", roles=["representative"])
    with world.context("core", tolberg) as ctx:
        ctx.directory.leave(world.person_id(els), tolberg.id)
    with world.context("core") as ctx:
        found = ctx.role_holders(Role.REPRESENTATIVE, Role.COORDINATOR)
    assert [(one.person, one.role) for one in found] == [
        (world.person_id(kees), Role.REPRESENTATIVE),
        (world.person_id(kees), Role.COORDINATOR),
    ]


def test_every_member_is_counted_and_never_listed(world: World) -> None:
    with world.context("core") as ctx, pytest.raises(ValueError, match="count_members"):
        ctx.role_holders(Role.MEMBER)


def test_members_are_counted_by_neighbourhood_and_people_once(world: World) -> None:
    tolberg = world.neighbourhood("TB", "Tolberg")
    langdonk = world.neighbourhood("LD", "Langdonk")
    empty = world.neighbourhood("KS", "Kroeven")
    kees = tolberg.member("Kees", channel="telegram")
    langdonk.join(kees)
    tolberg.member("Fatima", channel="telegram", refuses=["municipality"])
    langdonk.member("Henk", channel="whatsapp", refuses=["police", "mayor"])
    world.somebody("wijkagent", channel="whatsapp")
    both = [tolberg.id, langdonk.id, empty.id]
    with world.context("core") as ctx:
        assert ctx.count_members(both) == ({tolberg.id: 2, langdonk.id: 2}, 3)
        assert ctx.count_members(None) == ({tolberg.id: 2, langdonk.id: 2}, 3)
        assert ctx.count_members([tolberg.id], refusing="police") == ({tolberg.id: 2}, 2)
        assert ctx.count_members(both, refusing="municipality") == ({tolberg.id: 1, langdonk.id: 2}, 2)
        assert ctx.count_members(both, refusing="mayor") == ({tolberg.id: 2, langdonk.id: 1}, 2)
        assert ctx.count_members(both, refusing="may") == ({tolberg.id: 2, langdonk.id: 2}, 3)
        assert ctx.count_members(both, refusing="m_yor") == ({tolberg.id: 2, langdonk.id: 2}, 3)
        assert ctx.count_members([]) == ({}, 0)
