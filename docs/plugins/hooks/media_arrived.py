"""A picture came, some moments after its words."""

import sys

from buurtwacht import Attachment, Context, Manifest, Message, PersonId, Role, Text, hookimpl
from buurtwacht.testing import World

manifest = Manifest(
    id="shed", name="Shed", version="1.0", permissions=frozenset({"store", "send:members", "read:names"})
)


def tell(ctx: Context, words: str) -> None:
    """Say something to those who look after the neighbourhood."""
    ctx.send([one.id for one in ctx.members(Role.COORDINATOR)], Text("said", words=words))


@hookimpl
def media_arrived(ctx: Context, person: PersonId, media: int, mime: str, taken_by: str) -> None:
    """Send it on, unless another plugin took the words."""
    if taken_by in ("", "core"):
        picture = Message(Text("said", words=mime), attachments=[Attachment(media, "ladder.jpg", mime, "photo")])
        ctx.send([one.id for one in ctx.members(Role.COORDINATOR)], picture)


def test_the_co_ordinator_sees_the_ladder():
    with World(plugins=[sys.modules[__name__]]) as world:
        tolberg = world.neighbourhood("TB", "Tolberg", quiet_hours=None)
        kees = tolberg.member("Kees", channel="telegram", roles=["member", "coordinator"])
        henk = tolberg.member("Henk", channel="telegram")
        henk.says("kijk eens", photo=True)
        (sent,) = [one for one in kees.received if one.text == "Schuur: image/jpeg"]
        assert sent.photo
