"""The plugin that the README prints is run, with the test that the README prints."""

from __future__ import annotations

from types import ModuleType

from buurtwacht.testing import World


def test_the_plugin_of_the_readme_passes_the_test_of_the_readme(pets: ModuleType, printed: tuple[str, str]) -> None:
    namespace: dict[str, object] = {}
    exec(compile(printed[1], "README.md", "exec"), namespace)
    story = next(value for name, value in namespace.items() if name.startswith("test_"))
    with World(plugins=[pets]) as world:
        story(world)  # type: ignore[operator]
