"""What a plugin declares about itself: manifest, commands, guesses, handlers of answers, timers and feeds, pages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from pydantic import BaseModel

from buurtwacht.host.permissions import DEFAULT_PERMISSIONS
from buurtwacht.records.neighbourhoods import Neighbourhood
from buurtwacht.records.people import Person
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.messages import Location, Thread
from buurtwacht.vocabulary.roles import OfficialKind, Role

if TYPE_CHECKING:
    from buurtwacht.host.context import Context


@dataclass(frozen=True, slots=True)
class Manifest:
    """Who a plugin is and what it needs; checked before anything of it runs.

    `needs_core` is the lowest version of Buurtwacht it works with. `settings` is a pydantic model filled from
    `[plugins.<id>]`. `permissions` are all that it may do (docs/plugins/permissions.md); left out, it may keep records,
    set timers and write to those who opted in.
    `opt_in`: members hear from it only after they asked to. `templates`: keys of texts that may be sent to somebody who
    has been silent for a day, and so need an approved template on messengers that want one; left out, every text but
    those of commands.
    `vital`: while it is paused, raw texts of members go to the co-ordinators and the emergency number is shown.
    `locale`: the folder of its catalogues, beside the module unless said otherwise: nl.po and en.po, or gettext's
    <language>/LC_MESSAGES/<id>.po.
    """

    id: str
    name: str
    version: str
    needs_core: str = "0.1"
    needs: tuple[str, ...] = ()
    settings: type[BaseModel] | None = None
    permissions: frozenset[str] = DEFAULT_PERMISSIONS
    opt_in: bool = False
    templates: frozenset[str] | None = None
    vital: bool = False
    locale: str = "locale"


@dataclass(frozen=True, slots=True)
class Command:
    """A word people type. Its words, help and example come from the plugin's catalogue:

    `command.<name>.words` (comma separated, Dutch and English are both understood by everybody),
    `command.<name>.help` and `command.<name>.example`. What no language has is taken from the code: the name is the
    word and the example, the first line of the handler's docstring the help.

    The handler's parameters after the context are filled from what follows the word: the last one takes all the rest;
    one with a default may be left out. `roles`: any of them is enough; empty: every member. `public`: strangers may
    use it too. `shared`: other plugins may have the same word; the longest phrase wins, else the core asks which.
    `officials`: a verified official of one of these kinds may use it too, of whatever municipality, member or not; its
    handler looks at `ctx.offices`, and may find no neighbourhood (`ctx.neighbourhood`).
    `menu`: show it in menus; `menu_for`: only to those with one of these roles, though everybody may type it;
    `menu_for_opt_in`: in the answer to "help" too, where a plugin waits to be asked for.
    `series`: it is about what has short ids of this series ("R": TB-R1). Other plugins may have the same words: such an
    id behind them decides, and without one the command is only meant where nobody else has the words.
    `in_group`: it is also obeyed as a plain text in a group. `presses`: it is a report or a call for help and is
    handled before other work. `takes`: a regular expression for all that may follow the word, in lower case, without
    accents and punctuation; left out, anything may but what presses: with words behind it that a vital plugin
    reserves ("fiets brand achter het huis") it goes before a report only for who has it by a role or an office. What
    does not fit and is likely a report is taken as one: "stilte voor de storm, rare man in de tuin" asks for no quiet
    hours. `{plugin}` in it is any plugin's id or name.
    """

    name: str
    handler: Callable[..., None]
    roles: frozenset[Role] = frozenset()
    public: bool = False
    shared: bool = False
    menu: bool = True
    menu_for: frozenset[Role] = frozenset()
    menu_for_opt_in: bool = False
    in_group: bool = False
    presses: bool = False
    series: str = ""
    takes: str = ""
    officials: frozenset[OfficialKind] = frozenset()

    def __post_init__(self) -> None:
        """Raise `re.error` now rather than when somebody types the word."""
        re.compile(self.takes.replace("{plugin}", ""))


class Rank(IntEnum):
    """How a recognised text stands among the other things it could mean; the highest first."""

    #: about something the person was shown (R11)
    REMARK = 1
    #: anything else a plugin knows
    OTHER = 2
    #: a likely report: before an answer to an open question
    REPORT = 3
    #: a call for help: before everything
    HELP = 4


@dataclass(frozen=True, slots=True)
class Guess:
    """What a plugin thinks a text means. `certainty` from 0 to 1 decides between guesses of the same rank.

    `handler` is called later, with a context of its own: give it ids (`partial(taken, pet=pet.id)`), and let it find
    its records again. One that was found to recognise a text is for reading; to change it there is an error.
    """

    handler: Callable[..., None]
    certainty: float
    rank: Rank = Rank.OTHER


@dataclass(frozen=True, slots=True)
class Hearing:
    """A text to be recognised, who said it and where. `ctx` is for reading only."""

    text: str
    person: Person
    neighbourhood: Neighbourhood
    ctx: Context
    #: the thread of the message that was quoted, if one was
    about: Thread | None = None
    #: a place that was shared; then the text is often empty, and the handler finds it in `ctx.location`
    location: Location | None = None
    #: a picture or file comes with it; it arrives later (`media_arrived`)
    media: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to a question, or chose below a message.

    `value` is that of the choice; empty when free text was taken. `text` is what was typed beyond the choice.
    `payload` is what the question carried; `message` the message it stood below; `thread` what that was about.
    `question` is the core's own, None for answers that stand below a message. `words` are those by which a choice was
    found when it was neither tapped nor typed as its number or label: "nee, vrijdag niet" may say more than "no".
    """

    value: str
    text: str
    message: int
    thread: Thread | None
    payload: Mapping[str, Any] = field(default_factory=dict)
    question: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A visit to a plugin's page: query parameters, the language asked for, and where we can be reached."""

    query: Mapping[str, str]
    language: str
    #: links by account with which somebody starts a conversation: payload, text -> link
    invite: Callable[[str, str, str], str]
    accounts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A public page, read-only: the core serves what `handler` returns (HTML) at `path`.

    Anybody may ask for it, so a handler that fails is named and counted, and never pauses its plugin.
    """

    path: str
    handler: Callable[[Context, PageRequest], str]


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """A visit to a private link: what the link was made for, whose it is, and the file's name that was asked for.

    `name` is what stands behind the token, whatever the visitor put there; a handler may answer to several names.
    """

    subject: str
    person: PersonId | None
    name: str


@dataclass(frozen=True, slots=True)
class FeedFile:
    """What a private link leads to: the file, its type ("text/calendar; charset=utf-8") and the name it is saved by."""

    content: bytes
    mime: str
    name: str


FeedHandler: TypeAlias = "Callable[[Context, FeedRequest], FeedFile | None]"

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Mark:
    """What a decorator writes on a handler: `kind` is timer, answer or feed; `together`: it takes many timers."""

    kind: str
    name: str
    together: bool = False

    @classmethod
    def of(cls, handler: Callable[..., object]) -> Mark | None:
        """Return what was written on a handler."""
        found = handler.__dict__.get("buurtwacht")
        return found if isinstance(found, Mark) else None


@dataclass(frozen=True, slots=True)
class Ripe:
    """A timer that went off with others: the context it would have had alone, in their transaction, and its payload."""

    ctx: Context
    payload: Mapping[str, Any]


def timer(name: str, *, together: bool = False) -> Callable[[F], F]:
    """Register a handler for `ctx.later`; it gets the payload's values by name. `ctx.due` says when it was to run.

    With `together` it gets a sequence of `Ripe` instead: all that went off at once, in whatever neighbourhoods, so that
    what they need is read in few queries. All of it is kept, or nothing: after an error each is handled by itself.
    """
    return _marking("timer", name, together)


def answer(name: str) -> Callable[[F], F]:
    """Register a handler for answers: of `ctx.ask`, or chosen below a message whose `answer` is this name."""
    return _marking("answer", name)


def feed(name: str) -> Callable[[F], F]:
    """Register a handler for private links (`ctx.feed_link`): `(ctx, FeedRequest)` to a `FeedFile`, or None for a 404.

    It is called for each visit, with a context for reading only, in the neighbourhood where the link was made. One that
    fails never pauses its plugin: whoever has a link may ask for any name.
    """
    return _marking("feed", name)


def _marking(kind: str, name: str, together: bool = False) -> Callable[[F], F]:
    def mark(handler: F) -> F:
        handler.__dict__["buurtwacht"] = Mark(kind, name, together)
        return handler

    return mark


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a command's handler takes after the context: names, and how many of them are needed."""

    names: tuple[str, ...]
    needed: int

    @classmethod
    @cache  # a signature does not change, and every start of a world asks for all of them
    def of(cls, handler: Callable[..., None]) -> Parameters:
        """Read them from the signature."""
        parameters = list(inspect.signature(handler).parameters.values())[1:]
        return cls(
            tuple(one.name for one in parameters),
            sum(one.default is inspect.Parameter.empty for one in parameters),
        )

    def fill(self, rest: str) -> tuple[str, ...] | None:
        """Return the arguments found in `rest`, or None when too little was said."""
        if not self.names:
            return ()
        words = rest.split(None, len(self.names) - 1) if rest else []
        if len(words) < self.needed:
            return None
        return tuple(word.strip() for word in words)
