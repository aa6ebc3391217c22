"""The board on which all telephones of one demo lie, shared by its accounts, and those who look at it."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import cast
from weakref import WeakValueDictionary

import structlog

from buurtwacht import Accept, Bench, Glimpse, Handle, Inbound, Outgoing, StoreUnavailable
from buurtwacht_playground.styles import CAPABILITIES, Style
from buurtwacht_playground.telephones import ZONE, Bubble, Telephone, View

log = structlog.get_logger(__name__)

#: What goes to a page: the event's name and its JSON; None ends the stream.
Notice = tuple[str, object] | None

#: A page that falls this many notices behind is shown everything anew.
_BACKLOG = 2000
#: How much of what happened inside a page that is opened is shown; of calls of other plugins than one's own there are
#: many, and they push nothing else out.
_GLIMPSES = 300
_CALLS = 600
#: Whose it is stands at the beginning of what was handled or is sent.
_WHOSE = re.compile(r"\w*")


class Viewer:
    """One open page: what it has still to be told, and which telephones are on its screen."""

    def __init__(self) -> None:
        self.notices: asyncio.Queue[Notice] = asyncio.Queue(_BACKLOG)
        self.looks_at: frozenset[str] = frozenset()


class Board:
    """Telephones with their messages. Everything happens on the event loop, so nothing here is locked."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.telephones: dict[str, Telephone] = {}
        self.viewers: dict[str, Viewer] = {}
        self.glimpses: deque[View] = deque(maxlen=_GLIMPSES)
        self.calls: deque[View] = deque(maxlen=_CALLS)
        #: nothing more will happen: pages are let go, and find the next start when they come again
        self.ended = False
        #: the account whose routes serve the page
        self.host = ""
        self.serial = 0
        self._seen = 0
        #: asked before a message is put on a screen, where something may go wrong, and told afterwards
        self.before: Callable[[Telephone, Outgoing], None] = _let_pass
        self.after: Callable[[Telephone, Outgoing, Bubble], None] = _let_pass
        self._styles: dict[str, Style] = {}
        self._accepts: dict[str, Accept] = {}
        self._owed: dict[str, list[Inbound]] = {}
        # Keys of the last run may still stand in the database: without this mark a new event would look like a repeat.
        self._run = secrets.token_hex(3)
        self._bell = asyncio.Event()
        bench.watch(self._look)

    # --- accounts and telephones -----------------------------------------------------------------------------------

    def join(self, account: str, style: Style) -> None:
        """Let an account put its telephones on the board."""
        self._styles[account] = style
        self.ended = False

    def leave(self, account: str) -> None:
        """Let an account go; when it was the last, the pages that look on are let go too."""
        self._styles.pop(account, None)
        self._accepts.pop(account, None)
        if not self._styles:
            self._let_go()

    def _let_go(self) -> None:
        self.ended = True
        for viewer in self.viewers.values():
            self._tell_one(viewer, None)

    def answer_to(self, account: str, accept: Accept) -> None:
        """Give what happens on this account's telephones to `accept`."""
        self._accepts[account] = accept

    def gather(self) -> None:
        """Put down a telephone for every sample person who has none yet."""
        for person in self.bench.people():
            account, value = person["account"], person["handle"]
            if account not in self._styles or self.find(account, (value,)) is not None:
                continue
            style = self._styles[account]
            telephone = Telephone(
                id=f"t{len(self.telephones) + 1}",
                account=account,
                style=style,
                handle=Handle(CAPABILITIES[style].handle_kind, value),
                name=person["name"],
                neighbourhood=person.get("neighbourhood", ""),
                street=person.get("street", ""),
                roles=tuple(person.get("roles", "").replace(",", " ").split()),
                language=person.get("language", ""),
            )
            self.telephones[telephone.id] = telephone

    def find(self, account: str, values: Iterable[str]) -> Telephone | None:
        """Return the telephone of this account that has one of these handles."""
        wanted = set(values)
        for telephone in self.telephones.values():
            if telephone.account == account and telephone.handle.value in wanted:
                return telephone
        return None

    # --- messages --------------------------------------------------------------------------------------------------

    def new_key(self) -> str:
        """Return an identifier that no event and no message had before, in this run or an earlier one."""
        self.serial += 1
        return f"{self._run}-{self.serial}"

    def show(self, telephone: Telephone, bubble: Bubble) -> None:
        """Put a message on the screen, or show that it changed."""
        self.serial += 1
        bubble.touched = self.serial
        telephone.bubbles[bubble.id] = bubble
        self.tell("message", {"telephone": telephone.id, "message": bubble.view()})

    def change(self, telephone: Telephone) -> None:
        """Show that the telephone itself changed: its window, its switch."""
        self.tell("telephone", telephone.view(self.bench.now()))

    async def give(self, account: str, *events: Inbound) -> None:
        """Hand events to the core, after those it still owes an answer for. Raises `StoreUnavailable`."""
        accept = self._accepts.get(account)
        if accept is None:
            raise StoreUnavailable(f"account {account} is not listening yet")
        owed = self._owed.pop(account, [])
        try:
            await accept([*owed, *events])
        except StoreUnavailable:
            self._owed[account] = owed + self._owed.get(account, [])
            raise

    async def report(self, account: str, *statuses: Inbound) -> None:
        """Hand over receipts; what cannot be kept now goes along with the next event, as a provider would repeat it."""
        try:
            await self.give(account, *statuses)
        except StoreUnavailable:
            self._owed.setdefault(account, []).extend(statuses)
            log.warning("playground receipts are held until the database is back", account=account)

    # --- those who look on -----------------------------------------------------------------------------------------

    def is_seen(self, telephone: Telephone) -> bool:
        """Return whether the telephone is on somebody's screen."""
        return any(telephone.id in viewer.looks_at for viewer in self.viewers.values())

    def picture(self) -> View:
        """Return everything a page needs to begin with."""
        self.gather()
        now = self.bench.now()
        return {
            "telephones": [
                {**telephone.view(now), "messages": [bubble.view() for bubble in telephone.bubbles.values()]}
                for telephone in self.telephones.values()
            ],
            "glimpses": sorted([*self.glimpses, *self.calls], key=itemgetter("serial")),
            "clock": self.clock(),
            "start": self._run,
            "own": list(self.bench.own()),
        }

    def clock(self) -> View:
        """Return the demo's present moment, as the clock on the wall shows it."""
        local = self.bench.now().astimezone(ZONE)
        return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M:%S}"}

    def tell(self, name: str, content: object) -> None:
        """Tell every page, and wake whoever waits for the board to change."""
        for viewer in self.viewers.values():
            self._tell_one(viewer, (name, content))
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()

    def _tell_one(self, viewer: Viewer, notice: Notice) -> None:
        if viewer.notices.full():
            while not viewer.notices.empty():
                viewer.notices.get_nowait()
            viewer.notices.put_nowait(("state", self.picture()))
        viewer.notices.put_nowait(notice)

    async def until(self, holds: Callable[[], bool], *, pause: float, pauses: int) -> bool:
        """Wait until `holds`; after each `pause` (real seconds) in which nothing changed the clock moves a second.

        A message that its recipient's pace holds back leaves only when time goes on. Returns False after `pauses`.
        """
        left = pauses
        while not holds():
            bell = self._bell
            try:
                await asyncio.wait_for(bell.wait(), pause)
            except TimeoutError:
                if left == 0:
                    return False
                left -= 1
                await self.advance(1)
        return True

    async def advance(self, seconds: float) -> None:
        """Move the demo's clock forward and show what that did to it and to the windows."""
        open_before = {telephone.id: telephone.window_open(self.bench.now()) for telephone in self.telephones.values()}
        await self.bench.advance(seconds)
        self.tell("clock", self.clock())
        for telephone in self.telephones.values():
            if telephone.window_open(self.bench.now()) != open_before[telephone.id]:
                self.change(telephone)

    def _look(self, glimpse: Glimpse) -> None:
        if glimpse.stage == "end":
            self._let_go()
            return
        plugin = glimpse.plugin
        if glimpse.stage != "inbox" and not plugin and (whose := _WHOSE.match(glimpse.what)):
            plugin = whose[0]
        self._seen += 1
        view: View = {
            "serial": self._seen,
            "time": f"{glimpse.at.astimezone(ZONE):%H:%M:%S}",
            "stage": glimpse.stage,
            "what": glimpse.what,
            "person": glimpse.person,
            "account": glimpse.account,
            "plugin": plugin,
            "ms": round(glimpse.ms, 2),
            "failed": glimpse.failed,
            "stack": glimpse.stack,
        }
        others = glimpse.stage == "hook" and all(one["plugin"] != plugin for one in self.bench.own())
        (self.calls if others else self.glimpses).append(view)
        self.tell("glimpse", view)


def _let_pass(*things: object) -> None:
    """Let everything go right."""


# Boards live as long as a channel holds them, and hold their bench: the id of a bench cannot be used twice meanwhile.
_boards: WeakValueDictionary[int, Board] = WeakValueDictionary()


def board_of(options: Mapping[str, object]) -> Board:
    """Return the board of the bench in these options; every account with the same bench gets the same board."""
    bench = cast("Bench", options["bench"])
    board = _boards.get(id(bench))
    if board is None:
        board = _boards[id(bench)] = Board(bench)
    return board


def first_named(telephones: Sequence[Telephone], name: str) -> Telephone | None:
    """Return the first telephone whose owner has this first name, in any case."""
    wanted = name.casefold()
    return next((phone for phone in telephones if phone.name.casefold().split()[:1] == [wanted]), None)
