"""The directory: joining, leaving and addresses, for the plugin that is allowed to (`people`).

It hands out no number either, except a person's own to himself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, delete, func, select, update

from buurtwacht.host.appointing import Appointing
from buurtwacht.host.mailing import Mailing
from buurtwacht.host.own_data import OwnData
from buurtwacht.records import audit, people
from buurtwacht.records.database import Unit
from buurtwacht.records.importing import invited_person
from buurtwacht.records.people import Caller, Person
from buurtwacht.records.schema import address, delivery, membership, message, person
from buurtwacht.vocabulary.errors import Replay
from buurtwacht.vocabulary.events import Handle
from buurtwacht.vocabulary.ids import PersonId
from buurtwacht.vocabulary.roles import Role

if TYPE_CHECKING:
    from buurtwacht.host.core import Core


@dataclass(frozen=True, slots=True)
class Line:
    """One address of a person, without its number: the account, whether it works, and its place in his preference."""

    id: int
    account: str
    reachable: bool
    position: int
    reason: str
    #: whether it is the address he uses now
    here: bool = False


class Directory(Appointing, Mailing, OwnData):
    """Who belongs where. Everything is kept with the handler's commit, and written in the audit log."""

    def __init__(
        self,
        core: Core,
        unit: Unit,
        caller: Caller | None,
        now: datetime,
        group: Handle | None = None,
        met: Callable[[Person], None] = lambda person: None,
    ) -> None:
        self._core = core
        self._unit = unit
        self._caller = caller
        self._now = now
        self._group = group
        self._met = met

    # --- joining and leaving ---------------------------------------------------------------------------------------

    def enrol(self, name: str, language: str, *, formal: bool = False) -> PersonId:
        """Make a person of whoever set this off and attach his address; return the id. He belongs nowhere yet."""
        ident = people.add_person(self._unit, name, language, formal=formal)
        self._unit.write(
            update(address).where(address.c.id == self._here().address_id).values(person_id=ident, erase_at=None)
        )
        self._note("person_enrolled", ident)
        self._met(Person(ident, name, language, formal))
        return ident

    def request(self, who: PersonId, neighbourhood_id: int, *, street: str = "", postcode: str = "") -> None:
        """Write down that somebody asks to become a member; an ended membership is taken up again as a request."""
        self._place(who, neighbourhood_id, "requested", street=street, postcode=postcode)
        self._note("membership_requested", who, neighbourhood=neighbourhood_id)

    def invite(self, who: PersonId, neighbourhood_id: int, *, street: str = "", postcode: str = "") -> None:
        """Write down that somebody was let in and has only to agree to the house rules."""
        self._place(who, neighbourhood_id, "invited", street=street, postcode=postcode)
        self._note("membership_invited", who, neighbourhood=neighbourhood_id)

    def activate(
        self, who: PersonId, neighbourhood_id: int, *, consent: str, consented_at: datetime | None = None
    ) -> None:
        """Make somebody a member; `consent` is the version of the house rules he agreed to, now unless said when."""
        values = {
            "state": "active",
            "since": self._now,
            "consent_version": consent,
            "consented_at": consented_at or self._now,
        }
        waiting = and_(self._at(who, neighbourhood_id), membership.c.state != "active")
        # Two who let him in at the same moment: the second runs again, and finds him a member.
        self._unit.write(update(membership).where(waiting).values(values), expect=1)
        self._note("membership_active", who, neighbourhood=neighbourhood_id, consent=consent)

    def agree(self, who: PersonId, neighbourhood_id: int, *, consent: str) -> None:
        """Write down that a member agreed to a version of the house rules; nothing else of him changes."""
        values = {"consent_version": consent, "consented_at": self._now}
        self._unit.write(update(membership).where(self._at(who, neighbourhood_id)).values(values), expect=1)
        self._note("house_rules_agreed", who, neighbourhood=neighbourhood_id, consent=consent)

    def leave(self, who: PersonId, neighbourhood_id: int) -> None:
        """End a membership, also one that was only asked for. What was on its way to all members does not come now."""
        values = {"state": "left", "roles": people.roles_text(()), "since": self._now}
        self._unit.write(update(membership).where(self._at(who, neighbourhood_id)).values(values))
        to_all = select(message.c.id).where(
            message.c.neighbourhood_id == neighbourhood_id, message.c.audience.is_not(None)
        )
        waiting = (delivery.c.person_id == who, delivery.c.state == "queued", delivery.c.message_id.in_(to_all))
        self._unit.write(update(delivery).where(*waiting).values(state="withdrawn", reason="left"))
        self._note("membership_ended", who, neighbourhood=neighbourhood_id)

    def set_roles(self, who: PersonId, neighbourhood_id: int, roles: Iterable[Role]) -> None:
        """Give somebody exactly these roles here; everybody stays a member."""
        values = {"roles": people.roles_text(roles)}
        self._unit.write(update(membership).where(self._at(who, neighbourhood_id)).values(values), expect=1)
        self._note("roles_changed", who, neighbourhood=neighbourhood_id, roles=sorted(map(str, roles)))

    def move(self, who: PersonId, neighbourhood_id: int, *, street: str, postcode: str) -> None:
        """Change where somebody lives in the neighbourhood."""
        self._unit.write(
            update(membership).where(self._at(who, neighbourhood_id)).values(street=street, postcode=postcode)
        )

    def change(self, who: PersonId, **values: object) -> None:
        """Change a person: name, language, formal, quiet_hours, refuses, opted_in, mutes, muted_until."""
        allowed = {"name", "language", "formal", "quiet_hours", "refuses", "opted_in", "mutes", "muted_until"}
        if unknown := values.keys() - allowed:
            raise TypeError(f"a person has no {', '.join(sorted(unknown))}")
        self._unit.write(update(person).where(person.c.id == who).values(values), expect=1)
        self._note("person_changed", who, changed=sorted(values))

    # --- addresses -------------------------------------------------------------------------------------------------

    def lines(self, who: PersonId) -> list[Line]:
        """Return a person's addresses, the preferred one first; without numbers."""
        query = (
            select(address.c.id, address.c.account, address.c.reachable, address.c.position, address.c.reason)
            .where(address.c.person_id == who)
            .order_by(address.c.position, address.c.id)
        )
        mine = self._caller.address_id if self._caller is not None else None
        return [
            Line(ident, account, reachable, position, reason, here=ident == mine)
            for ident, account, reachable, position, reason in map(tuple, self._unit.read(query))
        ]

    def imported(self, token: str) -> PersonId | None:
        """Return whose invitation this is, printed when he was imported without an address; once he has one: None."""
        who = invited_person(self._core.keyring, token, self._now)
        if who is None or people.find_people(self._unit, [who]).get(who) is None or self.lines(who):
            return None
        return who

    def attach(self, who: PersonId) -> None:
        """Let the address that set this off be one more address of a person, behind those he has."""
        last = self._unit.read(select(func.max(address.c.position)).where(address.c.person_id == who)).scalar()
        values = {"person_id": who, "position": (last if last is not None else -1) + 1, "erase_at": None}
        self._unit.write(update(address).where(address.c.id == self._here().address_id).values(values))
        self._note("address_attached", who, account=self._here().account)
        known = people.find_people(self._unit, [who]).get(who)
        if known is not None:
            self._met(known)

    def detach(self, who: PersonId, line: int) -> None:
        """Forget one of a person's addresses."""
        self._unit.write(delete(address).where(address.c.id == line, address.c.person_id == who))
        self._note("address_detached", who)

    def prefer(self, who: PersonId, line: int) -> None:
        """Let one of a person's addresses be the one that is tried first."""
        order = case((address.c.id == line, 0), else_=address.c.position + 1)
        self._unit.write(update(address).where(address.c.person_id == who).values(position=order))
        self._note("address_preferred", who)

    def bind_group(self, neighbourhood_id: int, title: str = "") -> bool:
        """Bind the group in which this was said to a neighbourhood; False when it was not said in a group."""
        if self._group is None:
            return False
        account = self._here().account
        known = people.find_caller(self._unit, self._core.keyring, account, [self._group])
        if known is None:
            people.add_address(
                self._unit,
                self._core.keyring,
                account,
                [self._group],
                self._now,
                is_group=True,
                title=title,
                neighbourhood_id=neighbourhood_id,
            )
        else:
            values = {"neighbourhood_id": neighbourhood_id, "is_group": True, "reachable": True, "reason": ""}
            self._unit.write(update(address).where(address.c.id == known.address_id).values(values))
        self._note("group_bound", None, neighbourhood=neighbourhood_id)
        return True

    def unbind_group(self) -> bool:
        """Let the group in which this was said belong to no neighbourhood any more."""
        if self._group is None:
            return False
        known = people.find_caller(self._unit, self._core.keyring, self._here().account, [self._group])
        if known is None or known.neighbourhood_id is None:
            return False
        values = {"neighbourhood_id": None}
        self._unit.write(update(address).where(address.c.id == known.address_id).values(values))
        self._note("group_unbound", None, neighbourhood=known.neighbourhood_id)
        return True

    # --- inside ----------------------------------------------------------------------------------------------------

    def _place(self, who: PersonId, neighbourhood_id: int, state: str, *, street: str, postcode: str) -> None:
        known = self._unit.read(select(membership.c.state).where(self._at(who, neighbourhood_id))).scalar()
        if known == "active":
            raise Replay("he is a member already")
        if known is None:
            people.add_membership(
                self._unit, who, neighbourhood_id, self._now, street=street, postcode=postcode, state=state
            )
            return
        values = {"state": state, "since": self._now, "street": street, "postcode": postcode}
        self._unit.write(update(membership).where(self._at(who, neighbourhood_id)).values(values))

    def _at(self, who: PersonId, neighbourhood_id: int) -> Any:
        return and_(membership.c.person_id == who, membership.c.neighbourhood_id == neighbourhood_id)

    def _here(self) -> Caller:
        if self._caller is None:
            raise LookupError("nobody set this off")
        return self._caller

    def _note(self, event: str, who: PersonId | None, **detail: object) -> None:
        actor = "system"
        if self._caller is not None and self._caller.person is not None:
            actor = f"person:{self._caller.person.id}"
        audit.note(self._unit, self._now, actor, event, f"person:{who}" if who else "", detail)
