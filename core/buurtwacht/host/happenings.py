"""What merely happens: a message changed or taken back, a file that came, a block, a new number, a group entered.

Nobody waits for an answer to these; the books are kept, and plugins that listen are told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, or_, select, update

from buurtwacht.host.scene import Plan, Scene, context_of, nothing
from buurtwacht.records import audit, inbox, people
from buurtwacht.records.handles import add_handles
from buurtwacht.records.schema import address, handle, media
from buurtwacht.vocabulary.events import FILE, Blocked, Deleted, Edited, Fetched, GroupChanged, Moved
from buurtwacht.vocabulary.ids import new_id

if TYPE_CHECKING:
    from buurtwacht.host.core import Core

#: As much of a group's title as is kept; a messenger may allow more.
_TITLE = 160


def happened(core: Core, scene: Scene, account: str) -> Plan:
    """Keep the books of an event that asks for no answer, and tell it to those who listen."""
    match scene.inbound.event:
        case Edited(message=message, text=text):
            return _told(core, scene, "message_edited", {"message": message, "text": text})
        case Deleted(message=message):
            return _told(core, scene, "message_deleted", {"message": message})
        case Fetched() as fetched:
            return _fetched(core, scene, account, fetched)
        case Blocked(blocked=blocked):
            return _blocked(scene, blocked=blocked)
        case Moved() as moved:
            return _moved(core, scene, account, moved)
        case GroupChanged() as changed:
            return _group_changed(core, scene, account, changed)
    return nothing(type(scene.inbound.event).__name__.lower())


def _told(core: Core, scene: Scene, hook: str, facts: Mapping[str, Any]) -> Plan:
    person = scene.caller.person
    if person is not None:
        context_of(core, scene, "core").tell(hook, person=person.id, **facts)
    return nothing(hook)


def _fetched(core: Core, scene: Scene, account: str, fetched: Fetched) -> Plan:
    kept = media.c.id == fetched.media
    if scene.caller.person is None:
        scene.unit.write(delete(media).where(kept))  # a stranger's, or of somebody erased meanwhile
    else:
        scene.unit.write(update(media).where(kept).values(person_id=scene.caller.person.id))
    facts = {
        "message": fetched.message,
        "media": fetched.media,
        "mime": fetched.mime,
        "taken_by": inbox.taken_by(scene.unit, core.keyring, account, scene.inbound.key.removeprefix(FILE)),
    }
    return _told(core, scene, "media_arrived", facts)


def _blocked(scene: Scene, *, blocked: bool) -> Plan:
    ident = scene.caller.address_id
    values = {"reachable": not blocked, "reason": "blocked" if blocked else ""}
    scene.unit.write(update(address).where(address.c.id == ident).values(values))
    audit.note(scene.unit, scene.now, "system", "blocked" if blocked else "unblocked", f"address:{ident}")
    return nothing("blocked")


def _moved(core: Core, scene: Scene, account: str, moved: Moved) -> Plan:
    unit = scene.unit
    lookup = core.keyring.lookup(account, moved.old)
    query = select(handle.c.address_id).where(handle.c.account == account, handle.c.lookup == lookup)
    found = unit.read(query).scalar()
    if found is None:
        return nothing("moved, but nobody we know")
    add_handles(unit, core.keyring, account, found, moved.new)
    # Of each kind that has a new one, every old one goes: a number that is given out again is somebody else's.
    fresh = [core.keyring.lookup(account, one) for one in moved.new]
    kinds = {one.kind for one in moved.new}
    gone = or_(handle.c.lookup == lookup, and_(handle.c.address_id == found, handle.c.kind.in_(kinds)))
    unit.write(delete(handle).where(handle.c.account == account, gone, handle.c.lookup.not_in(fresh)))
    unit.write(update(address).where(address.c.id == found).values(reachable=True, reason=""))
    audit.note(unit, scene.now, "system", "handle_moved", f"address:{found}")
    return nothing("moved")


def _group_changed(core: Core, scene: Scene, account: str, changed: GroupChanged) -> Plan:
    unit, group = scene.unit, scene.inbound.group
    if group is None:
        return nothing("group")
    known = people.find_caller(unit, core.keyring, account, [group])
    if known is None and changed.member:
        people.add_address(unit, core.keyring, account, [group], scene.now, is_group=True, title=changed.title[:_TITLE])
    elif known is not None:
        values = {"reachable": changed.member, "reason": "" if changed.member else "left the group"}
        unit.write(update(address).where(address.c.id == known.address_id).values(values))
    audit.note(unit, scene.now, "system", "group_entered" if changed.member else "group_left", f"work:{new_id()}")
    return nothing("group")
