"""What is public stays as it is: every name is listed, its form is compared, and what will go warns before it does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

import buurtwacht
from buurtwacht import Context, Manifest, PersonId, Severity, hookimpl, tells, testing
from buurtwacht.host.plugins import Plugins
from buurtwacht.kit import stability
from buurtwacht.kit.pages import pages
from buurtwacht.vocabulary.texts import Catalogues

PLUGINS = Path(__file__).parents[2] / "docs/plugins"


@pytest.mark.parametrize("name", ["stability.md", "public.txt", "context.md"])
def test_a_page_is_what_is_made_of_the_code(name: str) -> None:
    assert (PLUGINS / name).read_text() == pages(PLUGINS)[name], "the API or its words changed: make docs, and look"


def test_every_public_name_is_listed_with_a_line() -> None:
    listed = {name: stability.summary(name, one) for _, name, one in stability.names()}
    assert listed.keys() == {*buurtwacht.__all__, *testing.__all__}
    assert [name for name, line in listed.items() if not line] == []


@pytest.mark.parametrize("group", ["buurtwacht.plugins", "buurtwacht.channels", "fixture `world`"])
def test_what_is_no_name_is_on_the_page_too(group: str) -> None:
    assert group in stability.page()


def test_the_exact_form_shows_a_parameter_a_field_a_method_and_a_member() -> None:
    form = stability.snapshot()
    assert "buurtwacht.answer(name: str) -> Callable[[F], F]" in form
    assert "needs_core: str = '0.1'" in form
    assert "    later(self, when: timedelta | datetime, handler: str | Callable[..., None]" in form
    assert "buurtwacht.Severity(StrEnum)\n    CRITICAL = 'critical'" in form
    assert " at 0x" not in form


def test_all_that_a_handler_has_is_explained() -> None:
    page = (PLUGINS / "context.md").read_text()
    assert [name for name in dir(Context) if name[0] != "_" and name != "again" and f"`ctx.{name}" not in page] == []
    assert [line for line, below in pairwise(page.split("\n\n")) if line[:4] == below[:4] == "### "] == []
    assert "`ctx.later(when: timedelta | datetime, handler: str | Callable[..., None]" in page


def test_an_old_name_leads_to_the_new_one_and_warns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(buurtwacht._FORMERLY, "Gravity", ("Severity", "0.4"))
    for _ in range(2):
        with pytest.warns(DeprecationWarning, match=r"buurtwacht.Gravity is called Severity; .* version 0.4") as warned:
            found = buurtwacht.Gravity  # type: ignore[attr-defined]
        assert found is Severity
        assert warned[0].filename == __file__
    with pytest.raises(AttributeError, match="no attribute 'Gravitas'"):
        _ = buurtwacht.Gravitas  # type: ignore[attr-defined]


def plugin(ident: str, hook: Callable[..., None], specification: Callable[..., None] | None = None) -> ModuleType:
    """Make a plugin that listens, and declares what it listens to."""
    module = ModuleType(ident)
    module.manifest = Manifest(id=ident, name=ident, version="1")  # type: ignore[attr-defined]
    if specification is not None:
        module.hookspecs = ModuleType(f"{ident}.hookspecs")  # type: ignore[attr-defined]
        setattr(module.hookspecs, specification.__name__, specification)
    setattr(module, hook.__name__, hookimpl(hook))
    return module


def test_a_hook_that_will_go_warns_whoever_loads_a_plugin_that_has_it() -> None:
    @tells(warn_on_impl=DeprecationWarning("cat_lost goes with version 0.4; listen to pet_lost"))
    def cat_lost(ctx: Context, person: PersonId) -> None:
        """A cat was lost."""

    def heard(ctx: Context) -> None: ...

    heard.__name__ = "cat_lost"
    plugins = Plugins(Catalogues())
    with pytest.warns(DeprecationWarning, match="listen to pet_lost"):
        plugins.load([plugin("cats", heard, cat_lost)])
    assert plugins.listeners("cat_lost") == ["cats"], "it works until it goes"


def test_an_argument_that_will_go_warns_only_those_who_take_it() -> None:
    @tells(warn_on_impl_args={"person": DeprecationWarning("person goes with version 0.4")})
    def cat_found(ctx: Context, person: PersonId) -> None:
        """A cat was found."""

    def without(ctx: Context) -> None: ...

    def taking(ctx: Context, person: PersonId) -> None: ...

    without.__name__ = taking.__name__ = "cat_found"
    plugins = Plugins(Catalogues())
    plugins.load([plugin("cats", without, cat_found)])
    with pytest.warns(DeprecationWarning, match="person goes"):
        plugins.load([plugin("dogs", taking)])
