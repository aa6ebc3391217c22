"""Buurtwacht: neighbours warn one another on the messenger each of them already uses.

This is the public API; whatever is not named here may change without notice.
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from buurtwacht.host.context import Context
    from buurtwacht.host.declarations import (
        Answer,
        Command,
        FeedFile,
        FeedRequest,
        Guess,
        Hearing,
        Manifest,
        Page,
        PageRequest,
        Rank,
        Ripe,
        answer,
        feed,
        timer,
    )
    from buurtwacht.host.deliveries import Delivery, Reached
    from buurtwacht.host.hookspecs import hookimpl, tells
    from buurtwacht.host.outside import Item, Outside, Source
    from buurtwacht.host.under_way import Addressed, Counted, Proof, UnderWay
    from buurtwacht.records.audience import Audience
    from buurtwacht.records.counting import RoleHolder
    from buurtwacht.records.faring import Fared
    from buurtwacht.records.neighbourhoods import Neighbourhood
    from buurtwacht.records.officials import Official
    from buurtwacht.records.outside import SourceState
    from buurtwacht.records.people import Membership, Person
    from buurtwacht.records.record import Record
    from buurtwacht.vocabulary.answers import (
        AnswerClass,
        classify,
        fold,
        is_bare_help,
        is_call_for_help,
        is_nearly,
        match_choice,
    )
    from buurtwacht.vocabulary.channels import (
        AccountSettings,
        Adapter,
        Bench,
        Capabilities,
        Channel,
        Glimpse,
        Layout,
        MenuCommand,
        Option,
        Outgoing,
        Pace,
        Parcel,
        Receipt,
        TemplateState,
        TemplateText,
        TemplateUse,
    )
    from buurtwacht.vocabulary.clock import Clock, QuietHours, SystemClock
    from buurtwacht.vocabulary.errors import (
        Ambiguous,
        BuurtwachtError,
        ConfigurationError,
        DeliveryError,
        Fault,
        Misconfigured,
        PermissionRefused,
        PluginError,
        Refusal,
        Rejected,
        StoreUnavailable,
        Throttled,
        Unavailable,
        Unreachable,
        WindowClosed,
    )
    from buurtwacht.vocabulary.events import (
        Accept,
        Blocked,
        Deleted,
        Edited,
        GroupChanged,
        Handle,
        Inbound,
        MediaRef,
        Moved,
        Reacted,
        Said,
        Status,
        Tapped,
        Unreadable,
    )
    from buurtwacht.vocabulary.ids import MessageId, NeighbourhoodId, PersonId, RecordId
    from buurtwacht.vocabulary.mailboxes import mail_address
    from buurtwacht.vocabulary.messages import (
        Attachment,
        Choice,
        Fact,
        Lines,
        Location,
        Message,
        PersonName,
        PersonNumber,
        Severity,
        Text,
        Thread,
    )
    from buurtwacht.vocabulary.mutes import Mute
    from buurtwacht.vocabulary.official_words import speaks_for_officials, without_promises
    from buurtwacht.vocabulary.roles import CARETAKERS, OFFICIALS, OfficialKind, Role

__all__ = [
    "Accept",
    "AccountSettings",
    "Adapter",
    "Addressed",
    "Ambiguous",
    "Answer",
    "AnswerClass",
    "Attachment",
    "Audience",
    "Bench",
    "Blocked",
    "BuurtwachtError",
    "CARETAKERS",
    "Capabilities",
    "Channel",
    "Choice",
    "Clock",
    "Command",
    "ConfigurationError",
    "Context",
    "Counted",
    "Deleted",
    "Delivery",
    "DeliveryError",
    "Edited",
    "Fact",
    "Fared",
    "Fault",
    "FeedFile",
    "FeedRequest",
    "Glimpse",
    "GroupChanged",
    "Guess",
    "Handle",
    "Hearing",
    "Inbound",
    "Item",
    "Layout",
    "Lines",
    "Location",
    "Manifest",
    "MediaRef",
    "Membership",
    "MenuCommand",
    "Message",
    "MessageId",
    "Misconfigured",
    "Moved",
    "Mute",
    "Neighbourhood",
    "NeighbourhoodId",
    "OFFICIALS",
    "Official",
    "OfficialKind",
    "Option",
    "Outgoing",
    "Outside",
    "Pace",
    "Page",
    "PageRequest",
    "Parcel",
    "PermissionRefused",
    "Person",
    "PersonId",
    "PersonName",
    "PersonNumber",
    "PluginError",
    "Proof",
    "QuietHours",
    "Rank",
    "Reached",
    "Reacted",
    "Receipt",
    "Record",
    "RecordId",
    "Refusal",
    "Rejected",
    "Ripe",
    "Role",
    "RoleHolder",
    "Said",
    "Severity",
    "Source",
    "SourceState",
    "Status",
    "StoreUnavailable",
    "SystemClock",
    "Tapped",
    "TemplateState",
    "TemplateText",
    "TemplateUse",
    "Text",
    "Thread",
    "Throttled",
    "Unavailable",
    "UnderWay",
    "Unreachable",
    "Unreadable",
    "WindowClosed",
    "answer",
    "classify",
    "feed",
    "fold",
    "hookimpl",
    "is_bare_help",
    "is_call_for_help",
    "is_nearly",
    "mail_address",
    "match_choice",
    "speaks_for_officials",
    "tells",
    "timer",
    "without_promises",
]

#: Where these names live, the light rooms first: who only wants to know how to type a command loads no database.
_ROOMS = (
    "vocabulary.errors",
    "vocabulary.ids",
    "vocabulary.roles",
    "vocabulary.mutes",
    "vocabulary.clock",
    "vocabulary.mailboxes",
    "vocabulary.messages",
    "vocabulary.answers",
    "vocabulary.official_words",
    "vocabulary.events",
    "vocabulary.channels",
    "records.audience",
    "records.counting",
    "records.faring",
    "records.neighbourhoods",
    "records.officials",
    "records.outside",
    "records.people",
    "records.record",
    "host.context",
    "host.declarations",
    "host.deliveries",
    "host.hookspecs",
    "host.outside",
    "host.under_way",
)

#: What public names were called before: the name now, and the version that takes the old one away
#: (docs/plugins/stability.md).
_FORMERLY: dict[str, tuple[str, str]] = {}

if not TYPE_CHECKING:  # or a name that does not exist would pass for one that does

    def __getattr__(name: str) -> object:
        """Fetch a public name when it is first asked for (PEP 562); an old one warns each time."""
        if name in _FORMERLY:
            now, until = _FORMERLY[name]
            warnings.warn(
                f"buurtwacht.{name} is called {now}; the old name goes with version {until}",
                DeprecationWarning,
                stacklevel=2,
            )
            return globals().get(now) or __getattr__(now)
        if name in __all__:
            for room in _ROOMS:
                found = vars(import_module(f"buurtwacht.{room}"))
                if name in found:
                    globals()[name] = found[name]
                    return found[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
