"""A public page. It is HTML: escape what people wrote."""

import sys

from buurtwacht import Context, Manifest, Page, PageRequest, hookimpl
from buurtwacht.testing import World, visit

manifest = Manifest(id="shed", name="Shed", version="1.0")


def show(ctx: Context, request: PageRequest) -> str:
    """Return the page, in the language that was asked for."""
    return "<h1>Shed</h1>" if request.language == "en" else "<h1>Schuur</h1>"


@hookimpl
def pages() -> list[Page]:
    """Return where the page is."""
    return [Page("/shed", show)]


def test_the_page_is_served():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        assert visit(world, "/shed?lang=en").text == "<h1>Shed</h1>"
