"""Context: all that a handler of a plugin has. It reads at once; what it sends and writes is kept when it returns."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

from buurtwacht.host.adjusting import Adjusting
from buurtwacht.host.counting import Counting
from buurtwacht.host.declared import registered
from buurtwacht.host.filing import Filing
from buurtwacht.host.hookspecs import CORE_TELLS
from buurtwacht.host.in_time import PATIENTLY, Question
from buurtwacht.host.offices import Offices
from buurtwacht.host.permissions import others, own_tell
from buurtwacht.host.store import Records
from buurtwacht.host.telling import tell
from buurtwacht.host.timing import Timing
from buurtwacht.records import audit, links, outside, people
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.outside import SourceState
from buurtwacht.records.people import Caller, Membership, Person, find_people, members_of, names_of
from buurtwacht.vocabulary.errors import Unavailable
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import Location, PersonName, Reader, Text
from buurtwacht.vocabulary.roles import Role
from buurtwacht.vocabulary.texts import CORE

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.host.declarations import FeedHandler
    from buurtwacht.host.directory import Directory
    from buurtwacht.records.database import Unit
    from buurtwacht.records.keys import Keyring

M = TypeVar("M", bound=BaseModel)


class Context(Timing, Filing, Offices, Counting, Adjusting):
    """What a handler works with. `now` is aware, in the time of the neighbourhood, else of this installation;
    `person` is who set this off.

    `source` is the messenger's id of the message that set it off, `due` when a timer was to go off,
    `group` is set when it was said in a group, `location` when a place was shared. `shown_name` is what he calls
    himself on that messenger: whatever he likes. `has_file`: a picture or file comes with it (`media_arrived`).
    """

    def __init__(
        self,
        core: Core,
        plugin: str,
        unit: Unit,
        *,
        neighbourhood: Neighbourhood | None = None,
        caller: Caller | None = None,
        source: str = "",
        due: datetime | None = None,
        group: Handle | None = None,
        location: Location | None = None,
        shown_name: str = "",
        has_file: bool = False,
        visitor: PersonId | None = None,
        now: datetime | None = None,
    ) -> None:
        self._core = core
        self._unit = unit
        self._caller = caller
        self._visitor = visitor
        self.plugin = plugin
        self.neighbourhood = neighbourhood
        self.source = source
        self.group = group
        self.location = location
        self.shown_name = shown_name
        self.has_file = has_file
        zone = neighbourhood.zone if neighbourhood else core.zone
        self.now = (now or core.clock.now()).astimezone(zone)
        self.due = due.astimezone(zone) if due else self.now

    # --- who and where ---------------------------------------------------------------------------------------------

    @property
    def person(self) -> Person:
        """Who set this off. Raises `LookupError` where nobody did (a timer, a tell)."""
        if self._caller is None or self._caller.person is None:
            raise LookupError("nobody set this off")
        return self._caller.person

    @property
    def has_person(self) -> bool:
        """Whether somebody we know set this off."""
        return self._caller is not None and self._caller.person is not None

    @property
    def here(self) -> Neighbourhood:
        """The neighbourhood this is about. Raises `LookupError` where there is none."""
        if self.neighbourhood is None:
            raise LookupError("this is about no neighbourhood")
        return self.neighbourhood

    @property
    def membership(self) -> Membership | None:
        """The person's place in this neighbourhood."""
        return self.person.membership(self.here.id) if self.neighbourhood else None

    def has(self, *roles: Role) -> bool:
        """Return whether the person has one of the roles here."""
        mine = self.membership
        return mine is not None and mine.state == "active" and mine.has(*roles)

    def people(self, ids: Collection[int]) -> dict[int, Person]:
        """Return people by id; who was erased is absent. Needs `read:names` for others than who set this off."""
        if not self._may("read:names") and others(ids, self._mine):
            self._allow("read:names")
        return find_people(self._unit, ids)

    def members(self, *roles: Role, former: bool = False) -> list[Person]:
        """Return the active members here, or those with a role, the longest first; `former`: who left or waits too.

        Needs `read:names`, as do `names` and `muted`.
        """
        self._allow("read:names")
        return members_of(self._unit, self.here.id, *roles, former=former)

    def names(self) -> list[str]:
        """Return the display names of the active members here: all that is needed to leave them out of a text."""
        self._allow("read:names")
        return names_of(self._unit, self.here.id)

    def muted(self) -> list[Person]:
        """Return the active members here who are muted now."""
        self._allow("read:names")
        return people.muted_of(self._unit, self.here.id, self.now)

    def neighbourhood_by(self, code: str) -> Neighbourhood | None:
        """Return a neighbourhood by its code."""
        return self._core.neighbourhoods.by_code(code)

    def neighbourhood_of(self, ident: int) -> Neighbourhood:
        """Return a neighbourhood by its id. Raises `KeyError`."""
        return self._core.neighbourhoods.get(ident)

    def neighbourhoods(self) -> list[Neighbourhood]:
        """Return every neighbourhood, by code."""
        return self._core.neighbourhoods.all()

    def within(self, neighbourhood: Neighbourhood) -> Context:
        """Return this context as it is in another neighbourhood, in the same transaction."""
        return Context(
            self._core,
            self.plugin,
            self._unit,
            neighbourhood=neighbourhood,
            caller=self._caller,
            source=self.source,
            due=self.due,
            group=self.group,
            location=self.location,
            shown_name=self.shown_name,
            has_file=self.has_file,
        )

    def again(self, unit: Unit, plugin: str = "") -> Context:
        """Return this context over a fresh unit of work, for what is said after a handler failed."""
        caller = self._caller
        # Nothing of the first unit is kept: without his address, or that he wrote just now, nobody could be answered.
        if caller is not None and caller.is_new:
            people.add_address(
                unit,
                self._core.keyring,
                caller.account,
                caller.new_handles,
                self.now,
                heard=self.group is None,
                ident=caller.address_id,
            )
        elif caller is not None and self.group is None:
            people.heard_from(unit, caller.address_id, self.now)
        return Context(
            self._core,
            plugin or self.plugin,
            unit,
            neighbourhood=self.neighbourhood,
            caller=self._caller,
            source=self.source,
            group=self.group,
            location=self.location,
        )

    @property
    def can_reply(self) -> bool:
        """Whether somebody is there to reply to."""
        return self._caller is not None

    @staticmethod
    def name_of(who: Person | PersonId) -> PersonName:
        """Return the fact that shows somebody's display name, and "oud-lid" once he was erased.

        To show the name of others than whoever set this off needs `read:names`.
        """
        return PersonName(who.id if isinstance(who, Person) else who)

    def settings(self, model: type[M], where: Neighbourhood | None = None) -> M:
        """Return the plugin's settings as they hold here, or in another neighbourhood (of thousands, say)."""
        found = self._core.settings.of(self.plugin, where or self.neighbourhood)
        if not isinstance(found, model):
            raise TypeError(f"plugin {self.plugin} declares {type(found).__name__} as its settings")
        return found

    @property
    def country(self) -> str:
        """The country whose numbers and plates hold (ISO 3166)."""
        return self._core.country

    def offered(self) -> list[tuple[str, str]]:
        """Return the commands this person can use here, as a member or by his office, as (plugin, command name)."""
        mine = self.membership if self.person.active else None
        off = (self.here.plugins_off if self.neighbourhood else frozenset()) | self._core.health.paused().keys()
        extras = bool(self.opt_in_plugins())
        core_last = sorted(self._core.plugins.phrases.commands(), key=lambda one: one[0] == CORE)
        return [
            (plugin, command.name)
            for plugin, command in core_last
            if plugin not in off
            and (command.menu or (extras and command.menu_for_opt_in))
            and (
                (mine and all(not roles or mine.has(*roles) for roles in (command.roles, command.menu_for)))
                or (command.officials and self.by_office(command))
            )
        ]

    def opt_in_plugins(self) -> list[tuple[str, str]]:
        """Return the plugins that members here hear from only after they asked to, as (id, name)."""
        off = self.neighbourhood.plugins_off if self.neighbourhood else frozenset()
        return [(one.id, one.manifest.name) for one in self._core.plugins if one.manifest.opt_in and one.id not in off]

    def opted_in_plugins(self) -> list[tuple[str, str]]:
        """Return the plugins that this person asked to hear from, off here or not, as (id, name); gone: (id, id)."""
        plugins = self._core.plugins
        return [
            (ident, plugins.get(ident).manifest.name if ident in plugins else ident) for ident in self.person.opted_in
        ]

    # --- links and pages -------------------------------------------------------------------------------------------

    def invite_links(self, payload: str, text: str) -> dict[str, str]:
        """Return links by account with which somebody starts a conversation.

        `payload` is for deep links (1 to 64 of A-Z a-z 0-9 _ -, Bot API), `text` is what is typed already where there
        are none. An account whose own name is not known yet is absent.
        """
        links: dict[str, str] = {}
        for account in self._core.accounts:
            with suppress(Unavailable):
                if link := self._core.invite(account, payload, text):
                    links[account] = link
        return links

    def feed_link(
        self, handler: str | FeedHandler, subject: str = "", *, person: PersonId | None = None, suffix: str = ""
    ) -> str:
        """Return the private link to a `@feed` handler, given by its name or itself, about a subject here.

        Whoever has the link may read what it leads to, so it goes only to whom it is for. `subject` are at most 80
        signs, `suffix` is a file's name behind the token. A link with a `person` is his: it leads nowhere once he
        left this neighbourhood or was erased. The same arguments give the same link.
        """
        return self._feed_link(links.token_of, handler, subject, person, suffix)

    def renew_feed(
        self, handler: str | FeedHandler, subject: str = "", *, person: PersonId | None = None, suffix: str = ""
    ) -> str:
        """Return a new private link in the place of that of `feed_link`, which leads nowhere from this commit on."""
        return self._feed_link(links.renewed_token_of, handler, subject, person, suffix)

    def _feed_link(
        self,
        token_of: Callable[[Unit, Keyring, links.Link, datetime], str],
        handler: str | FeedHandler,
        subject: str,
        person: PersonId | None,
        suffix: str,
    ) -> str:
        if len(subject) > links.LONGEST_SUBJECT:
            raise ValueError(f"the subject of a link has at most {links.LONGEST_SUBJECT} signs")
        name = registered(self.plugin, "feed", handler, self._core.plugins.get(self.plugin).feeds)
        link = links.Link(self.plugin, name, subject, self.neighbourhood.id if self.neighbourhood else 0, person or 0)
        token = token_of(self._unit, self._core.keyring, link, self.now)
        return self._core.url + links.path_of(token, suffix)

    def outside(self, name: str) -> SourceState | None:
        """Return how one of the plugin's sources does; None while it was never asked."""
        self._allow("outside")
        return next((one for one in outside.states(self._core.database, self.plugin) if one.name == name), None)

    def in_words(self, text: Text, language: str) -> str:
        """Return a text of this plugin in words, for pages and files; messages are put into words when they leave."""
        reader = Reader(language=language, timezone=str(self.now.tzinfo), country=self._core.country)
        return self._core.catalogues.render(text.within(self.plugin), reader)

    # --- keeping ---------------------------------------------------------------------------------------------------

    @cached_property
    def records(self) -> Records:
        """The plugin's own records."""
        self._allow("store")
        return Records(self._core, self.plugin, self._unit, self.now)

    @cached_property
    def directory(self) -> Directory:
        """People, memberships and addresses; for plugins with the permission `people`."""
        from buurtwacht.host.directory import Directory

        self._allow("people")
        return Directory(self._core, self._unit, self._caller, self.now, self.group, self._meet)

    def export_all(self, who: PersonId) -> dict[str, Any]:
        """Return all that the core and every plugin keep about a person, by plugin, as JSON values; for himself only.

        A plugin that fails or hangs spoils nothing of the others: what it keeps shows as null. Needs the permission
        `people`.
        """
        found: dict[str, Any] = {"core": self.directory.export(who)}
        hook = "export_person"
        exports = self._core.plugins.implementations(hook)
        questions = [Question(plugin, hook, partial(self._exported, plugin, export, who)) for plugin, export in exports]
        answers = dict(self._core.in_time.ask(questions, PATIENTLY))
        return found | {plugin: answers.get(plugin) for plugin, _ in exports}

    def _exported(self, plugin: str, export: Callable[..., Any], who: PersonId, unit: Unit) -> Any:
        """Return what a plugin keeps, read with a unit of its own: what waits to be kept here is not lost with it."""
        return export(ctx=Context(self._core, plugin, unit, neighbourhood=self.neighbourhood), person=who)

    def number(self, series: str = "") -> int:
        """Return the next number of a series of this neighbourhood, from 1. Two handlers never get the same."""
        return self.records.next_number(self.here.id, series)

    def note(self, event: str, subject: str = "", **detail: object) -> None:
        """Write a line in the audit log: keys, counts and states, never words of people."""
        audit.note(self._unit, self.now, self._actor, event, subject, detail)

    # --- to others -------------------------------------------------------------------------------------------------

    def tell(self, hook: str, **facts: Any) -> None:
        """Tell every plugin that listens to a hook; each hears it in a transaction of its own, after this one.

        The first fact is the subject: what is told about one subject is heard in order. What the core itself declares
        (`member_left`, say) is told by plugins with the permission `people`; what a plugin declares by itself, and by
        whom `@tells` names there, with the permission that it needs. Raises `PluginError` for another's.
        """
        if hook in CORE_TELLS:
            self._allow("people")
        else:
            own_tell(self._core, self.plugin, hook)
            if needs := self._core.plugins.telling_needs(hook):
                self._allow(needs)
        where = self.neighbourhood.id if self.neighbourhood else None
        tell(self._core, self._unit, self.now, hook, facts, where)

    def is_heard(self, hook: str) -> bool:
        """Return whether a plugin that is on here, and not paused, listens to a hook that tells."""
        return any(self._core.is_on(one, self.neighbourhood) for one in self._core.plugins.listeners(hook))

    # --- inside ----------------------------------------------------------------------------------------------------

    @property
    def _actor(self) -> str:
        """Who is written down in the audit log as having done what is done here."""
        return f"person:{self.person.id}" if self.has_person else f"plugin:{self.plugin}"

    def _meet(self, person: Person) -> None:
        """Know from here on who set this off: he was written down, or recognised by a link, in this very handler."""
        assert self._caller is not None
        self._caller = replace(self._caller, person=person)
