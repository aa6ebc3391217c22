"""`buurtwacht members`: bringing people in from members.csv, writing them out, welcoming them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import click
from sqlalchemy import Connection, exists, select

from buurtwacht.assembly import House
from buurtwacht.cli.installation import ask, close_all, house
from buurtwacht.cli.output import NotDone, configured, say, tell
from buurtwacht.edge.receiving import introduce
from buurtwacht.host.context import Context
from buurtwacht.records.exporting import export_members
from buurtwacht.records.importing import ToInvite, import_members, invitation_for
from buurtwacht.records.schema import address, membership, official
from buurtwacht.vocabulary.errors import DeliveryError

#: How long an invitation link may be used.
LINK_LASTS = timedelta(days=30)
#: Whether somebody has an address.
_REACHABLE = exists().where(address.c.person_id == membership.c.person_id).label("reachable")
#: People that one transaction asks to be welcomed.
_CHUNK = 500


@click.group("members")
def command() -> None:
    """Bring members in from a file, write them out, welcome them.

    \b
    Example:
      buurtwacht members import members.csv
      buurtwacht members invite
    """


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@configured
def import_file(config: Path, file: Path) -> None:
    """Bring in the people of FILE: all of them, or nobody when a row is wrong. Nothing is sent to anybody.

    The columns are neighbourhood,name,language,roles,street,channel,address and optionally person. Importing again
    updates. Who has no address gets an invitation link, which is printed here: hand it to him.

    \b
    Example:
      buurtwacht members import members.csv
    """
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotDone(f"{file.name}: is not text in UTF-8; save it again as UTF-8") from error
    with house(config) as home:
        core = home.core
        result = import_members(
            core.database,
            core.keyring,
            core.clock,
            core.neighbourhoods,
            core.handle_kinds,
            content,
            country=core.country,
        )
        if result.faults:
            for fault in result.faults:
                tell(f"{file.name}:{fault.line}: {fault.reason}")
            wrong = len({fault.line for fault in result.faults})
            raise NotDone(f"nothing was imported: {_counted(wrong, 'row is wrong', 'rows are wrong')}")
        for skipped in result.skipped:
            tell(f"{file.name}:{skipped.line}: left alone: {skipped.reason}")
        for doubtful in result.warnings:
            tell(f"{file.name}:{doubtful.line}: {doubtful.reason}")
        say(f"{result.added} added, {result.updated} updated")
        if result.to_invite:
            _print_links(home, result.to_invite)


@command.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@configured
def export_file(config: Path, file: Path | None) -> None:
    """Write all members to FILE, or to standard output, as members.csv. It holds telephone numbers: keep it safe.

    \b
    Example:
      buurtwacht members export members.csv
    """
    with house(config) as home:
        content = export_members(home.core.database, home.core.keyring, home.core.neighbourhoods)
    if file is None:
        click.echo(content, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            file.chmod(0o600)
            out.write(content)
    except FileExistsError:
        raise NotDone(f"{file.name} is there already: remove it, or name another file") from None
    except OSError as error:
        raise NotDone(f"{file.name} cannot be written: {error.strerror}") from error
    say(f"{_counted(content.count(chr(10)) - 1, 'row', 'rows')} written to {file.name}")


@command.command("invite")
@click.option("--neighbourhood", "code", metavar="CODE", help="Only the members of this neighbourhood.")
@configured
def invite(config: Path, code: str | None) -> None:
    """Send the welcome with the house rules to imported members who have not agreed to them yet.

    Imported officials who never wrote read what they get here, and what is kept of them.
    A running process sends it within seconds; otherwise it waits for the next start.

    \b
    Example:
      buurtwacht members invite --neighbourhood TB
    """
    with house(config) as home:
        core = home.core
        if not core.plugins.listeners("welcome_person"):
            raise NotDone("no plugin welcomes members: write [plugins.members] in the configuration")
        where = core.neighbourhoods.by_code(code) if code else None
        if code and where is None:
            raise NotDone(f"there is no neighbourhood {code}")
        # Who joined by himself agreed to the house rules; who was imported was asked nothing yet.
        query = (
            select(membership.c.person_id, membership.c.neighbourhood_id, _REACHABLE)
            .where(membership.c.state == "active", membership.c.consent_version == "")
            .order_by(membership.c.id)
        )
        if where is not None:
            query = query.where(membership.c.neighbourhood_id == where.id)
        with core.database.reading() as connection:
            rows = connection.execute(query).all()
            officials = _new_officials(connection, where.id if where is not None else None)
        members = [(row[0], row[1]) for row in rows if row[2]]
        unreachable = len(rows) - len(members)
        people = [*members, *officials]
        for first in range(0, len(people), _CHUNK):
            unit = core.database.unit()
            for person, neighbourhood in people[first : first + _CHUNK]:
                ctx = Context(core, "core", unit, neighbourhood=core.neighbourhoods.get(neighbourhood))
                ctx.tell("welcome_person", person=person, neighbourhood=neighbourhood)
            unit.commit()
        without = f"; {_counted(unreachable, 'has', 'have')} no address: hand over the link that import printed"
        too = f", and {_counted(len(officials), 'official', 'officials')}" if officials else ""
        said = f"{_counted(len(members), 'member is', 'members are')} being welcomed{too}"
        say(said + without if unreachable else said)


def _new_officials(connection: Connection, where: int | None) -> list[tuple[int, int]]:
    """Return officials who are no members and never wrote to us, each with a neighbourhood of his."""
    mine = address.c.person_id == official.c.person_id
    belongs = exists().where(membership.c.person_id == official.c.person_id, membership.c.state == "active")
    wrote = exists().where(mine, address.c.last_heard_at.is_not(None))
    query = (
        select(official.c.person_id, official.c.neighbourhoods)
        .where(official.c.verified_at.is_not(None), official.c.neighbourhoods != "", exists().where(mine))
        .where(~belongs, ~wrote)
        .order_by(official.c.id)
    )
    found: dict[int, int] = {}
    for person, neighbourhoods in connection.execute(query):
        places = [int(one) for one in neighbourhoods.split()]
        if where is None or where in places:
            found.setdefault(person, where or places[0])
    return list(found.items())


def _print_links(home: House, invited: Sequence[ToInvite]) -> None:
    """Print a link for each who has no address; where the messenger cannot be asked for our name, say so."""
    home.open_channels()
    reasons: dict[str, str] = {}

    async def introduce_all() -> None:
        for name in {one.channel for one in invited if one.channel} or home.channels:
            try:
                await introduce(home.channels[name])
            except DeliveryError as error:
                reasons[name] = error.reason
        await close_all(home)

    with suppress(TimeoutError):
        ask(introduce_all())
    core = home.core
    until = core.clock.now() + LINK_LASTS
    missing = False
    for one in invited:
        payload = f"own-{invitation_for(core.keyring, one.person, until)}"
        link = ""
        for account in [one.channel] if one.channel else list(home.channels):
            with suppress(DeliveryError):
                link = link or core.invite(account, payload, f"start {payload}")
        missing = missing or not link
        say(f"{one.neighbourhood}  {one.name}  {link or '-'}")
    if missing:
        why = ", ".join(f"{name} does not answer ({reason})" for name, reason in reasons.items())
        tell(f"some links could not be made: {why or 'no channel makes links'}; import the file again later")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
