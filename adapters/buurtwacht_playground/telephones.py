"""A telephone of a sample person: its messages, its window, and how both are shown to the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from buurtwacht import Handle, Location, Option, Parcel
from buurtwacht_playground.styles import CAPABILITIES, Style

#: The sample town lies in the Netherlands.
ZONE = ZoneInfo("Europe/Amsterdam")

#: What the page is given: JSON and nothing else.
View = Mapping[str, object]

#: How the person's own message fares: on its way, taken by the messenger, kept by us, answered by us, not kept.
Tick = Literal["pending", "sent", "delivered", "read", "failed"]


@dataclass(slots=True)
class Bubble:
    """One message on a screen. `mine` when the owner of the telephone wrote it; `touched` rises with every change."""

    id: str
    text: str
    at: datetime
    mine: bool = False
    #: whether it arrived without a sound
    silent: bool = False
    options: tuple[Option, ...] = ()
    layout: str = "none"
    list_title: str = ""
    chosen: str = ""
    edited: bool = False
    template: str = ""
    files: tuple[Parcel, ...] = ()
    location: Location | None = None
    quotes: str = ""
    reaction: str = ""
    tick: Tick | None = None
    delivery: int | None = None
    #: whether its arrival, and its reading, have been reported
    arrived: bool = False
    read: bool = False
    touched: int = 0

    def view(self) -> View:
        """Return the message as the page draws it; times are local."""
        return {
            "id": self.id,
            "text": self.text,
            **wall_clock(self.at),
            "mine": self.mine,
            "silent": self.silent,
            "options": [{"id": option.id, "label": option.label} for option in self.options],
            "layout": self.layout,
            "listTitle": self.list_title,
            "chosen": self.chosen,
            "edited": self.edited,
            "template": bool(self.template),
            "files": [
                {"name": parcel.name, "picture": parcel.mime in PICTURES, "url": f"/playground/file/{self.id}/{place}"}
                for place, parcel in enumerate(self.files)
            ],
            "location": [self.location.latitude, self.location.longitude] if self.location else None,
            "quotes": self.quotes,
            "reaction": self.reaction,
            "tick": self.tick,
        }


#: What the page may show as a picture; everything else is offered as a download.
PICTURES = frozenset({"image/jpeg", "image/png"})


@dataclass(slots=True)
class Telephone:
    """One person's telephone with one messenger on it."""

    id: str
    account: str
    style: Style
    handle: Handle
    name: str
    neighbourhood: str = ""
    street: str = ""
    roles: tuple[str, ...] = ()
    on: bool = True
    blocked: bool = False
    #: whether its owner has opened the chat: where a messenger asks for that, we cannot write to him before
    started: bool = True
    #: whether it reports by itself what arrives and what is read, where its messenger has such reports
    reports: bool = True
    #: BCP 47, as the messenger would tell it
    language: str = ""
    #: when its owner last wrote: WhatsApp's window counts from here
    heard: datetime | None = None
    bubbles: dict[str, Bubble] = field(default_factory=dict)

    def window_ends(self) -> datetime | None:
        """Return when free text stops being allowed, None where the owner never wrote or there is no window."""
        window = CAPABILITIES[self.style].window
        return self.heard + window if window is not None and self.heard is not None else None

    def window_open(self, now: datetime) -> bool:
        """Return whether free text may be sent now (Cloud API: 24 hours after the person's last message)."""
        if CAPABILITIES[self.style].window is None:
            return True
        ends = self.window_ends()
        return ends is not None and now < ends

    def newest(self) -> Bubble | None:
        """Return the last message on the screen."""
        return next(reversed(self.bubbles.values()), None)

    def view(self, now: datetime) -> View:
        """Return everything about the telephone but its messages."""
        window = CAPABILITIES[self.style].window
        ends = self.window_ends()
        return {
            "id": self.id,
            "account": self.account,
            "style": str(self.style),
            "name": self.name,
            "neighbourhood": self.neighbourhood,
            "street": self.street,
            "roles": list(self.roles),
            "on": self.on,
            "blocked": self.blocked,
            "hasWindow": window is not None,
            "windowOpen": self.window_open(now),
            "windowEnds": wall_clock(ends) if ends is not None and now < ends else None,
        }


def wall_clock(moment: datetime) -> View:
    """Return what the clock on the wall shows at this moment."""
    local = moment.astimezone(ZONE)
    return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}


def next_wall_time(now: datetime, hour: int, minute: int) -> timedelta:
    """Return how long it is, from `now`, to the next time that the clock on the wall shows this."""
    local = now.astimezone(ZONE)
    wanted = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if wanted <= local:
        wanted = (local + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    return wanted.astimezone(now.tzinfo) - now
