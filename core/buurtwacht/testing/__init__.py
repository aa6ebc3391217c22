"""The test kit: a town in one process, with a clock that you move. Public and stable."""

from typing import TYPE_CHECKING

from buurtwacht.records.audit import Entry
from buurtwacht.testing.auditing import self_audit
from buurtwacht.testing.drafting import draft
from buurtwacht.testing.people import Group, Member
from buurtwacht.testing.provider import Chat, Fault, Seen, SeenFile, StandIn, Update
from buurtwacht.testing.sightings import Received, ReceivedFile
from buurtwacht.testing.town import Neighbourhood
from buurtwacht.testing.visiting import press, visit
from buurtwacht.testing.world import World

if TYPE_CHECKING:
    from buurtwacht.testing.conformance import ChannelConformance

__all__ = [
    "ChannelConformance",
    "Chat",
    "Entry",
    "Fault",
    "Group",
    "Member",
    "Neighbourhood",
    "Received",
    "ReceivedFile",
    "Seen",
    "SeenFile",
    "StandIn",
    "Update",
    "World",
    "draft",
    "press",
    "self_audit",
    "visit",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Fetch the conformance suite when it is asked for (PEP 562): who drafts a migration need not have pytest."""
        if name == "ChannelConformance":
            from buurtwacht.testing.conformance import ChannelConformance

            return ChannelConformance
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
