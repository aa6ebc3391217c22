"""Private links as they are kept: a row for each, and the token that leads to it.

A token is the id of the row and a keyed hash of that id and its issue: nothing is kept with which it could be made.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import bindparam, insert, select, update

from buurtwacht.records.database import Unit
from buurtwacht.records.keys import Keyring
from buurtwacht.records.schema import feed
from buurtwacht.vocabulary.ids import new_id

#: The first part of every path that leads to a feed.
PATH = "feeds"
#: How many signs may say what a link is about.
LONGEST_SUBJECT = 80
#: Bytes of a token: the row's id, and 128 bits that nobody can guess.
_ID = 8
_PROOF = 16

_insert = insert(feed)
_renew = (
    update(feed)
    .where(feed.c.id == bindparam("b_id"), feed.c.issue == bindparam("b_issue"))
    .values(issue=feed.c.issue + 1)
)


@dataclass(frozen=True, slots=True)
class Link:
    """What a private link is for: whose handler, about what, where, and for whom. 0: of no neighbourhood, of nobody."""

    plugin: str
    handler: str
    subject: str
    neighbourhood_id: int
    person_id: int

    def values(self) -> dict[str, object]:
        """Return it as columns."""
        return {
            "plugin": self.plugin,
            "handler": self.handler,
            "subject": self.subject,
            "neighbourhood_id": self.neighbourhood_id,
            "person_id": self.person_id,
        }


def token_of(unit: Unit, keyring: Keyring, link: Link, now: datetime) -> str:
    """Return the token of a link, which is written down with the unit's commit when it is new."""
    known = _standing(unit, link)
    if known is None:
        # Two handlers that write it at once: the later runs again and finds it.
        known = new_id(), 1
        unit.write(_insert, {"id": known[0], "issue": 1, "created_at": now, **link.values()})
    return _token(keyring, *known)


def renewed_token_of(unit: Unit, keyring: Keyring, link: Link, now: datetime) -> str:
    """Return a new token of a link; with the unit's commit those before it lead nowhere."""
    known = _standing(unit, link)
    if known is None:
        return token_of(unit, keyring, link, now)
    ident, issue = known
    unit.write(_renew, {"b_id": ident, "b_issue": issue}, expect=1)
    return _token(keyring, ident, issue + 1)


def path_of(token: str, suffix: str) -> str:
    """Return the path of a link, with a file's name behind it if there is one."""
    return f"/{PATH}/{token}" + (f"/{quote(suffix, safe='')}" if suffix else "")


def link_of(unit: Unit, keyring: Keyring, token: str) -> Link | None:
    """Return what a token stands for; None for one that we did not make, or made before the last issue."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    if len(raw) != _ID + _PROOF or raw[0] > 127:  # an id has 63 bits
        return None
    ident = int.from_bytes(raw[:_ID], "big")
    row = unit.read(select(feed).where(feed.c.id == ident)).first()
    # As much is done for an id that is not there: how long it takes tells nothing.
    expected = _token(keyring, ident, row.issue if row is not None else 0)
    if not hmac.compare_digest(expected, token) or row is None:
        return None
    return Link(row.plugin, row.handler, row.subject, row.neighbourhood_id, row.person_id)


def _standing(unit: Unit, link: Link) -> tuple[int, int] | None:
    """Return id and issue of a link, also when this very unit wrote them and they wait for its commit."""
    wanted = link.values()
    query = select(feed.c.id, feed.c.issue).where(*(feed.c[name] == value for name, value in wanted.items()))
    row = unit.read(query).first()
    known = (int(row[0]), int(row[1])) if row is not None else None
    for write in unit.writes:
        for values in write.rows or ():
            if write.statement is _insert and all(values[name] == value for name, value in wanted.items()):
                known = int(values["id"]), 1
            elif write.statement is _renew and known is not None and values["b_id"] == known[0]:
                known = known[0], int(values["b_issue"]) + 1
    return known


def _token(keyring: Keyring, ident: int, issue: int) -> str:
    name = ident.to_bytes(_ID, "big")
    proof = hmac.new(keyring.links, name + issue.to_bytes(_ID, "big"), hashlib.sha256).digest()[:_PROOF]
    return base64.urlsafe_b64encode(name + proof).decode()
