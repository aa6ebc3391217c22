"""Mailing: an e-mail address that somebody names as his own, and who reads it, for the plugin that may (`people`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING

from buurtwacht.records import people
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.mailboxes import mail_address

if TYPE_CHECKING:
    from buurtwacht.host.core import Core
    from buurtwacht.records.database import Unit
    from buurtwacht.records.people import Person

#: The kind of handle that goes by mail.
_KIND = "email"


class Mailing(ABC):
    """The part of the directory that takes in e-mail addresses."""

    _core: Core
    _unit: Unit
    _now: datetime

    @property
    def mail_accounts(self) -> frozenset[str]:
        """The accounts that send mail."""
        return frozenset(name for name, kind in self._core.handle_kinds.items() if kind == _KIND)

    def reader_of(self, written: str, asker: Person) -> PersonId | None:
        """Return who reads an e-mail address: a nameless person, made with this commit, until `attach` says who it is.

        He belongs nowhere, so that whatever he says counts as a stranger's; he reads the asker's language. The asker
        himself when the address is his, None when it is somebody else's. Raises `ValueError` for what is no address,
        `LookupError` where no account sends mail.
        """
        one = Handle(_KIND, mail_address(written))
        account = min(self.mail_accounts, default=None)
        if account is None:
            raise LookupError("no account sends mail")
        known = people.find_caller(self._unit, self._core.keyring, account, [one])
        if known is not None:
            mine = known.person is not None and known.person.id == asker.id
            waits = known.person is not None and not known.person.name
            return known.person.id if known.person is not None and (mine or waits) else None
        ident = people.add_person(self._unit, "", asker.language, formal=asker.formal)
        people.add_address(self._unit, self._core.keyring, account, [one], self._now, person_id=ident)
        self._note("address_named", asker.id, account=account)
        return ident

    @abstractmethod
    def _note(self, event: str, who: PersonId | None, **detail: object) -> None:
        """Write a line in the audit log."""
