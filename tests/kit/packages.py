"""A plugin and a channel with nothing wrong: what a test adds is all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from buurtwacht.kit.inspection import Finding

MAIN = "strays_pets/__init__.py"
LOCALE = "strays_pets/locale"
NL, EN = f"{LOCALE}/nl.po", f"{LOCALE}/en.po"
CHANNEL_MAIN = "strays_pigeon/__init__.py"
FIRST = "strays_pets/migrations/versions/0001_pets.py"
#: A plugin in order: what an example or a test adds is all that is wrong with it.
ORDERLY: Mapping[str, str] = {
    "pyproject.toml": """\
        [project]
        name = "strays-pets"
        version = "1.0"

        [project.entry-points."buurtwacht.plugins"]
        pets = "strays_pets"
        """,
    MAIN: '''\
        """Lost pets."""

        from collections.abc import Mapping
        from datetime import timedelta

        from pydantic import BaseModel, ConfigDict

        from buurtwacht import (
            Answer, Audience, Choice, Command, Context, Manifest, Message, PersonId, PersonName, Record, RecordId,
            Severity, Text, answer, feed, hookimpl, timer,
        )


        class Settings(BaseModel):
            """The table [plugins.pets]."""

            model_config = ConfigDict(extra="forbid", frozen=True)
            days: int = 3


        manifest = Manifest(
            id="pets", name="Pets", version="1.0", settings=Settings, opt_in=True, templates=frozenset({"pet", "over"})
        )


        class Pet(Record):
            """A lost pet."""

            owner: PersonId
            description: str


        def report(ctx: Context, description: str) -> None:
            """Send a description to everyone who opted in."""
            pet = ctx.records.add(Pet(owner=ctx.person.id, description=description))
            ctx.broadcast(ctx.audience.opted_in(), Text("pet", description=description), Severity.INFO, thread=pet)
            ctx.later(timedelta(days=ctx.settings(Settings).days), expire, pet.id)


        @timer("expire")
        def expire(ctx: Context, pet: RecordId) -> None:
            """Close a search."""
            ctx.broadcast(ctx.audience.reached_by(pet), Text("over"), Severity.INFO, thread=pet)


        @hookimpl
        def commands() -> list[Command]:
            """Return what people type."""
            return [Command("lostdog", report)]


        @hookimpl
        def export_person(ctx: Context, person: PersonId) -> Mapping[str, object]:
            """Return his searches."""
            return {"pets": [one.description for one in ctx.records.find(Pet, owner=person)]}


        @hookimpl
        def erase_person(ctx: Context, person: PersonId) -> None:
            """Take his searches away."""
            ctx.records.remove_all(Pet, Pet.__table__.c.owner == person)
        ''',
    f"{LOCALE}/nl.po": """\
        msgid ""
        msgstr "Content-Type: text/plain; charset=utf-8\\n"

        msgid "command.lostdog.words"
        msgstr "hond zoek"

        msgid "command.lostdog.help"
        msgstr "Laat weten dat je een hond zoekt"

        msgid "command.lostdog.example"
        msgstr "hond zoek bruine labrador"

        msgid "pet"
        msgstr "Gezocht: {description}."

        msgid "over"
        msgstr "De zoektocht is over."
        """,
    f"{LOCALE}/en.po": """\
        msgid ""
        msgstr "Content-Type: text/plain; charset=utf-8\\n"

        msgid "command.lostdog.words"
        msgstr "dog gone"

        msgid "command.lostdog.help"
        msgstr "Tell that you are looking for a dog"

        msgid "command.lostdog.example"
        msgstr "dog gone brown labrador"

        msgid "pet"
        msgstr "Wanted: {description}."

        msgid "over"
        msgstr "The search is over."
        """,
    FIRST: '''\
        """Pets: its tables."""

        import sqlalchemy as sa
        from alembic import op

        revision = "pets_0001"
        down_revision = None
        branch_labels = None
        depends_on = None


        def upgrade() -> None:
            """Make the tables."""
            op.create_table(
                "pets_pet",
                sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
                sa.Column("owner", sa.BigInteger(), nullable=False),
                sa.Column("description", sa.Text(), nullable=False),
                sa.Column("created", sa.BigInteger(), nullable=False),
                sa.Column("version", sa.Integer(), nullable=False),
                sa.PrimaryKeyConstraint("id", name=op.f("pk_pets_pet")),
            )
        ''',
}
#: A channel in order.
CHANNEL: Mapping[str, str] = {
    "pyproject.toml": """\
        [project]
        name = "strays-pigeon"
        version = "1.0"

        [project.entry-points."buurtwacht.channels"]
        pigeon = "strays_pigeon:adapter"
        """,
    "strays_pigeon/__init__.py": '''\
        """Pigeons."""

        import asyncio
        from collections.abc import Mapping, Sequence

        from buurtwacht import Accept, AccountSettings, Capabilities, Fault, MediaRef, MenuCommand, Outgoing, Receipt


        class Pigeons:
            """A channel."""

            def __init__(self, account: str) -> None:
                self.account = account
                self.capabilities = Capabilities()

            async def start(self) -> None:
                """Get ready."""

            def routes(self, accept: Accept) -> Sequence[object]:
                """None."""
                return []

            async def receive(self, accept: Accept) -> None:
                """Wait."""
                await asyncio.sleep(1)

            async def send(self, outgoing: Outgoing) -> Receipt:
                """Send."""
                return Receipt("1")

            async def condition(self) -> str:
                """Nothing."""
                return ""

            async def fetch(self, media: MediaRef) -> bytes:
                """Nothing."""
                return b""

            async def set_menu(self, menus: Mapping[str, Sequence[MenuCommand]]) -> None:
                """Nothing."""

            def invite(self, payload: str, text: str) -> str:
                """Nothing."""
                return ""

            async def close(self) -> None:
                """Nothing."""


        class Adapter:
            """Opens them."""

            name = "pigeon"
            capabilities = Capabilities()
            stand_in = ""

            def faults(self, settings: AccountSettings) -> Sequence[Fault]:
                """None."""
                return []

            def open(self, settings: AccountSettings) -> Pigeons:
                """Open one."""
                return Pigeons(settings.account)


        adapter = Adapter()
        ''',
}

Inspected = Callable[..., list[Finding]]


def codes(findings: list[Finding]) -> list[str]:
    """Return the codes of what is found and not allowed."""
    return [one.code for one in findings if not one.allowed]


def found(findings: list[Finding], code: str) -> Finding:
    """Return the only finding of a code."""
    (one,) = [each for each in findings if each.code == code]
    return one
