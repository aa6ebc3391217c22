"""Plugins that ship are loaded once for all worlds of a process; what a test made or changed is looked at anew."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

import buurtwacht_nl_alert
from buurtwacht import Command, Context, Manifest, hookimpl
from buurtwacht.testing import World


def test_worlds_with_what_ships_share_it() -> None:
    with World() as one, World(wire=True) as other:
        assert one._core.plugins is other._core.plugins


def test_what_a_test_changed_is_loaded_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with World() as world:
        before = world._core.plugins.get("nl_alert").manifest.version
    changed = replace(buurtwacht_nl_alert.manifest, version="9.1")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(buurtwacht_nl_alert, "manifest", changed)
        with World() as world:
            assert world._core.plugins.get("nl_alert").manifest.version == "9.1"
    with World() as world:
        assert world._core.plugins.get("nl_alert").manifest.version == before


def test_a_plugin_of_a_test_is_in_its_own_world_alone() -> None:
    module = ModuleType("choir")

    def sing(ctx: Context) -> None:
        """Sing."""

    def commands() -> list[Command]:
        return [Command("zing", sing)]

    module.__dict__.update(manifest=Manifest(id="choir", name="choir", version="1.0"), commands=hookimpl(commands))
    with World(plugins=[module]) as world:
        assert world._core.plugins.phrases.of("zing")[0]
    with World() as world:
        assert not world._core.plugins.phrases.of("zing")[0]
