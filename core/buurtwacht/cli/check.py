"""`buurtwacht check`: everything that can be known before it runs, and what will happen then."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from buurtwacht import assembly
from buurtwacht.assembly import House
from buurtwacht.cli.absent import absent, mend_of
from buurtwacht.cli.installation import PATIENCE, Installation, ask, assembled, close_all, installation
from buurtwacht.cli.output import DONE, NOT_DONE, Report, configured, listing, reason_of, show
from buurtwacht.cli.templates import approving, states
from buurtwacht.cli.webhooks import callback, is_called
from buurtwacht.edge.receiving import introduce
from buurtwacht.host import discovery
from buurtwacht.host.switching import FILE_KEY, can_be_off
from buurtwacht.records import migration, selfaudit
from buurtwacht.records.audience import Audience
from buurtwacht.records.migration import SchemaState
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.vocabulary.channels import Channel, TemplateState
from buurtwacht.vocabulary.errors import ConfigurationError, DeliveryError, Misconfigured
from buurtwacht.vocabulary.messages import Severity
from buurtwacht.vocabulary.roles import Role
from buurtwacht.vocabulary.texts import LANGUAGES, Catalogues

KEYS = ("about", "state", "finding", "mend")
OK, WARNING, FAILED, NOTE = "ok", "warning", "failed", "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what about, how it is (ok, warning, failed, note), and how to mend it."""

    about: str
    state: str
    finding: str
    mend: str = ""


@click.command("check")
@configured
@listing
def command(config: Path, as_json: bool) -> None:
    """Look at settings, database, plugins, neighbourhoods and accounts, and say what will happen.

    Nothing is changed at a messenger, and nobody is sent anything. The exit status is 1 when an account is refused, or
    something else would keep it from working; 2 when the configuration is wrong.

    \b
    Example:
      buurtwacht check
    """
    findings: list[Finding] = []
    faults: ConfigurationError | None = None
    try:
        with installation(config) as here:
            _look(here, config.name, findings)
    except ConfigurationError as error:
        faults = error
        if as_json:
            findings += [Finding(one.where, FAILED, one.what, one.mend) for one in error.faults]
    if findings:
        rows = [{"about": one.about, "state": one.state, "finding": one.finding, "mend": one.mend} for one in findings]
        show(rows, KEYS, as_json=as_json)
    if faults is not None:
        raise faults
    raise Report(NOT_DONE if any(one.state == FAILED for one in findings) else DONE)


def _look(here: Installation, file: str, findings: list[Finding]) -> None:
    """Look at everything, as far as one thing lets us see the next."""
    findings.append(Finding("settings", OK, f"{file} is right"))
    if faults := assembly.unmigrated(assembly.histories(here.modules)):
        raise ConfigurationError(faults)
    findings += _database(here)
    is_current = findings[-1].state == OK
    unmade = list(_unmade(here, is_current=is_current))
    findings += unmade
    if not is_current:
        return
    home = assembled(here)
    findings += [
        *_plugins(home, {one.about for one in unmade}),
        *_absent(here),
        *_catalogues(home),
        *_neighbourhoods(home),
        *_overrides(home),
    ]
    findings += ask_accounts(home)
    findings += _outlook(home)


def _database(here: Installation) -> Iterator[Finding]:
    kind = "SQLite" if here.database.is_sqlite else "PostgreSQL"
    histories = assembly.histories(here.modules)
    migration.check_in_use(here.database)
    match migration.state(here.database, histories):
        case SchemaState.NEWER:
            raise migration.newer_schema()
        case SchemaState.OLDER:
            if here.database.is_sqlite:
                mend = "run upgrades it, after a backup; check again afterwards"
                yield Finding("database", WARNING, f"{kind}, with an older schema", mend)
            else:
                yield Finding("database", FAILED, f"{kind}, with an older schema", "run: buurtwacht db upgrade")
            return
        case SchemaState.EMPTY:
            migration.upgrade(here.database, histories)
    migration.bind_key(here.database, here.keyring)
    yield Finding("database", OK, f"{kind}, with the schema of this version and its own key")


def _unmade(here: Installation, *, is_current: bool) -> Iterator[Finding]:
    """What plugins keep and their migrations do not make: here, or where `run` would upgrade, in a new database."""
    histories = assembly.histories(here.modules)
    faults = assembly.unmade(here.database, histories) if is_current else assembly.unmade_anew(histories)
    for one in faults:
        yield Finding(one.where, FAILED, one.what, one.mend)


def _plugins(home: House, unfit: Collection[str]) -> Iterator[Finding]:
    """Each plugin, but for those of which it was said that they are unfit to run."""
    paused = home.core.health.paused()
    installed = discovery.installed()
    for plugin in home.core.plugins:
        if plugin.id == "core" or f"plugin {plugin.id}" in unfit:
            continue
        if plugin.id in paused:
            mend = f"run: buurtwacht plugins resume {plugin.id}"
            yield Finding(f"plugin {plugin.id}", WARNING, f"is paused: {paused[plugin.id]}", mend)
        else:
            off = [one.code for one in home.core.neighbourhoods.all() if plugin.id in one.plugins_off]
            where = f", off in {', '.join(off)}" if off else ""
            known = installed.get(plugin.id)
            instead = f", {known.origin}" if known is not None and not known.is_built_in else ""
            said = f"{plugin.manifest.name} {plugin.manifest.version}{instead}{where}"
            yield Finding(f"plugin {plugin.id}", OK, said)
        if not can_be_off(plugin):
            for place in (one.code for one in home.core.neighbourhoods.all() if plugin.id in one.plugins_off):
                what = f"is off in {place}: nobody there can join, leave or have his data erased"
                mend = f"take {plugin.id} out of plugins_off of {place}"
                yield Finding(f"plugin {plugin.id}", WARNING, what, mend)
    if not home.settings.plugins:
        yield Finding("plugins", WARNING, "none is switched on", "write [plugins.members] and [plugins.alerts]")


def _absent(here: Installation) -> Iterator[Finding]:
    for plugin in absent(here):
        what = "is not installed, and the database holds its tables: a backup is not restored here without more"
        yield Finding(f"plugin {plugin}", WARNING, what, mend_of(plugin))


def _catalogues(home: House) -> Iterator[Finding]:
    """What a plugin's catalogues lack: what was supplied from its code is not in them."""
    for plugin in home.core.plugins:
        if plugin.id == "core" or plugin.folder is None:
            continue
        written = Catalogues()
        written.add(plugin.id, plugin.folder / plugin.manifest.locale)
        commands = [command.name for owner, command in home.core.plugins.phrases.commands() if owner == plugin.id]
        keys = {f"command.{name}.{part}" for name in commands for part in ("words", "help", "example")}
        keys |= written.keys(plugin.id)
        for language in LANGUAGES:
            lacking = sorted(key for key in keys if not written.has(plugin.id, key, language))
            if lacking:
                more = f" and {len(lacking) - 5} more" if len(lacking) > 5 else ""
                what = f"its catalogue {language}.po lacks {', '.join(lacking[:5])}{more}"
                yield Finding(
                    f"plugin {plugin.id}", WARNING, what, f"write them in {plugin.manifest.locale}/{language}.po"
                )


def _neighbourhoods(home: House) -> Iterator[Finding]:
    core = home.core
    if not core.neighbourhoods.all():
        yield Finding("neighbourhoods", WARNING, "there are none", "write a [[neighbourhoods]] table")
    for one in core.neighbourhoods.all():
        with core.database.reading() as connection:
            members = len(connection.execute(Audience((one.id,)).people_after(0, 2_000_000)).all())
            admins = len(connection.execute(Audience((one.id,)).with_roles(Role.ADMIN).people_after(0, 10)).all())
        counted = f"{one.name}: {members} {'member' if members == 1 else 'members'}, {admins} with the role admin"
        if admins < 2:
            mend = "give two people the role admin: one of them may be away"
            yield Finding(f"neighbourhood {one.code}", WARNING, counted, mend)
        else:
            yield Finding(f"neighbourhood {one.code}", OK, counted)


def _overrides(home: House) -> Iterator[Finding]:
    """R54: a value set by command wins over the file, so it is shown, with where, and how the file decides again."""
    core = home.core
    places: dict[int, Neighbourhood] = {one.id: one for one in core.neighbourhoods.all()}
    for (plugin, place), values in sorted(core.settings.overrides().items()):
        where = places.get(place)
        in_use = plugin in core.plugins
        unfit = core.settings.unfit(plugin, where)
        for name, value in sorted(values.items()):
            about = f"{plugin}.{name}"
            at = f" {where.code}" if where is not None else ""
            back = f"run: buurtwacht plugins reset {plugin} {name}{at}"
            told = f"was set to {value!r} by command ({where.code if where is not None else 'everywhere'})"
            if not in_use:
                yield Finding(about, NOTE, f"{told}; {_unused(plugin)}", f"to forget it, {back}")
            elif name in unfit:
                yield Finding(about, WARNING, f"{told}; it fits no longer and does not count", back)
            else:
                yield Finding(about, NOTE, f"{told}; the file does not count", f"for the file again, {back}")
    for one in core.neighbourhoods.all():
        for plugin, switch in sorted(one.switched.items()):
            told = f"was switched {'off' if switch.off else 'on'} by command ({one.code})"
            counts = "the file does not count" if plugin in core.plugins else _unused(plugin)
            back = f"for the file again, run: buurtwacht plugins reset {plugin} {FILE_KEY} {one.code}"
            yield Finding(f"{plugin}.{FILE_KEY}", NOTE, f"{told}; {counts}", back)


def _unused(plugin: str) -> str:
    return f"{plugin} does not stand in the file, so it does not count"


def ask_accounts(home: House) -> list[Finding]:
    """Ask each messenger whether it takes our credentials, and what it thinks of our templates."""
    home.open_channels()
    findings: list[Finding] = []

    async def gather() -> None:
        try:
            for name, channel in home.channels.items():
                findings.append(await _account(home, name, channel))
            for name, approver in approving(home).items():
                if not home.settings.channels[name].options.get("waba_id"):
                    mend = f"set channels.{name}.waba_id, then run: buurtwacht templates sync"
                    findings.append(Finding(f"templates of {name}", WARNING, "cannot be looked at", mend))
                    continue
                try:
                    judged = await states(home, name, approver, submitting=False)
                except DeliveryError as error:
                    findings.append(Finding(f"templates of {name}", WARNING, reason_of(error)))
                    continue
                findings.append(judgement(name, judged))
        finally:
            await close_all(home)

    try:
        ask(gather())
    except TimeoutError:
        findings.append(Finding("accounts", FAILED, f"no answer within {PATIENCE:.0f} seconds", "is there a network?"))
    return findings


def judgement(account: str, judged: Sequence[TemplateState]) -> Finding:
    """Say what the messenger thinks of an account's templates, and what is to be done about those it lacks."""
    about = f"templates of {account}"
    bad = [one for one in judged if one.state != "approved"]
    if not bad:
        return Finding(about, OK, "1 is approved" if len(judged) == 1 else f"{len(judged)} are approved")
    listed = ", ".join(f"{one.name} ({one.language}) {one.state}" for one in bad[:5])
    more = f" and {len(bad) - 5} more" if len(bad) > 5 else ""
    waiting = all(one.state == "pending" for one in bad)
    mend = "wait until they are approved" if waiting else "run: buurtwacht templates sync"
    return Finding(about, WARNING, f"{listed}{more}", mend)


async def _account(home: House, name: str, channel: Channel) -> Finding:
    about = f"account {name}"
    try:
        await introduce(channel)
    except Misconfigured as error:
        mend = f"look at the credentials in channels.{name}"
        return Finding(about, FAILED, f"is refused: {reason_of(error)}", mend)
    except DeliveryError as error:
        return Finding(about, WARNING, f"cannot be asked now: {reason_of(error)}", "try again; run keeps trying")
    known = selfaudit.account_states(home.core.database).get(name)
    lately = f"; when it last ran it was {known.state} ({known.reason})" if known and known.state != "ok" else ""
    return Finding(about, OK, f"is accepted{lately}")


def _outlook(home: House) -> Iterator[Finding]:
    """What will happen when it runs."""
    web = home.settings.web
    yield Finding("run", NOTE, f"will listen at http://{web.host}:{web.port}")
    if web.heartbeat_url:
        # The rest of the address is a secret.
        host = urlsplit(web.heartbeat_url).hostname
        yield Finding("heartbeat", NOTE, f"{host} will be called each minute in which all is well")
    again = home.settings.instance.ambiguous.repeats
    words = ", ".join(one.value for one in Severity if one in again) or "nothing"
    yield Finding("ambiguous", NOTE, f"when nobody knows whether it arrived, {words} is said again, marked as a repeat")
    for name, channel in home.channels.items():
        address = callback(home, name)
        if not is_called(channel):
            yield Finding(f"account {name}", NOTE, "will be polled")
        elif address:
            yield Finding(f"account {name}", NOTE, f"will be called at {address}")
        else:
            mend = "set web.public_url, then see: buurtwacht webhooks show"
            yield Finding(f"account {name}", WARNING, "can send, but hears nothing: it cannot reach us", mend)
    if not home.channels:
        yield Finding("accounts", WARNING, "there are none", "write [channels.telegram] or [channels.whatsapp]")
    if not os.environ.get("BUURTWACHT_KEY"):
        yield Finding("key", NOTE, "stands in buurtwacht.key beside the database; keep a copy elsewhere")
