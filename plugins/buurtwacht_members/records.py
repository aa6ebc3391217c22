"""What this plugin keeps: requests, invitations, appointments and links under way, look-ups of the list, removals."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from buurtwacht import Record


class Application(Record, plugin="members", unique=(("person", "neighbourhood"),)):
    """Somebody asks to become a member; a co-ordinator decides."""

    person: int
    neighbourhood: int
    #: the version of the house rules he agreed to, and when
    rules: str
    consented: datetime


class Invitation(Record, plugin="members", unique=(("token",),)):
    """A co-ordinator invites somebody by name: the link works once. Only a hash of the token is kept."""

    token: str
    neighbourhood: int
    name: str
    street: str
    inviter: int
    until: datetime


class Link(Record, plugin="members", unique=(("token",),), index=(("person",),)):
    """A member attaches another messenger of his own: the link works once, for half an hour."""

    token: str
    person: int
    until: datetime


class LookUp(Record, plugin="members", index=(("neighbourhood", "created"),)):
    """Somebody looked at the list of members; the others who may, see that (domain §4.4.7)."""

    neighbourhood: int
    person: int


class Removal(Record, plugin="members", unique=(("person", "neighbourhood"),)):
    """Somebody was removed here: who decides about a new request sees that for a year (domain §4.4.6)."""

    person: int
    neighbourhood: int
    at: datetime


class Appointment(Record, plugin="members", unique=(("token",),)):
    """An admin named somebody as an official: by a link that works once, or a member who is asked himself.

    `person` is who said yes, or the member; 0 while nobody opened the link.
    """

    token: str
    neighbourhood: int
    name: str
    kind: str
    title: str
    inviter: int
    until: datetime
    person: int = 0


def new_token() -> tuple[str, str]:
    """Return a token for a link and its hash for the table. Small letters and digits: people type it on telephones."""
    token = secrets.token_hex(10)
    return token, hash_of(token)


def hash_of(token: str) -> str:
    """Return under what a token is kept."""
    return hashlib.sha256(token.strip().lower().encode()).hexdigest()
