"""Something outside that is listened to: each thing it says is heard once."""

import sys
from datetime import datetime, timedelta

from buurtwacht import Context, Item, Manifest, Outside, Role, Source, Text, Unavailable, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names", "outside"})
)


async def fetch(outside: Outside, settings: None) -> list[Item]:
    """Return all that the weather service warns of now."""
    answer = await outside.json("https://weather.example/warnings")
    try:
        return [Item(one["id"], {"words": one["words"]}) for one in answer]
    except (KeyError, TypeError) as wrong:
        raise Unavailable("it says something else than warnings") from wrong


def heard(ctx: Context, key: str, words: str) -> None:
    """Pass on what is new, in each neighbourhood."""
    for one in ctx.neighbourhoods():
        here = ctx.within(one)
        here.send([who.id for who in here.members(Role.COORDINATOR)], Text("said", words=words))


def state(ctx: Context, known: bool, since: datetime) -> None:
    """Nothing is known any more, or something is again: here it makes no difference."""


@hookimpl
def sources() -> list[Source]:
    """Return what is asked, and how often."""
    return [Source("warnings", fetch, heard, state, every=timedelta(minutes=10))]


def test_a_warning_is_heard_once():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        world.outside("https://weather.example/warnings", [{"id": "1", "words": "storm"}])
        world.advance(minutes=30)
        assert [one.text for one in kees.received].count("Schuur: storm") == 1
