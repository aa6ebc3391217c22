"""The test kit: a town in one process, with a clock that you move. Public and stable."""

from buurtwacht.records.audit import Entry
from buurtwacht.testing.auditing import self_audit
from buurtwacht.testing.drafting import draft
from buurtwacht.testing.people import Group, Member
from buurtwacht.testing.sightings import Received, ReceivedFile
from buurtwacht.testing.town import Neighbourhood
from buurtwacht.testing.visiting import press, visit
from buurtwacht.testing.world import World

__all__ = [
    "Entry",
    "Group",
    "Member",
    "Neighbourhood",
    "Received",
    "ReceivedFile",
    "World",
    "draft",
    "press",
    "self_audit",
    "visit",
]
