"""Every table of the core. Times are UTC microseconds; identifiers are made by us (`ids.new_id`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _microseconds(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND


def _moment(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + microseconds * _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept as whole microseconds since 1970 UTC: exact, small, and the same on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return microseconds. Raises `TypeError` for a naive time."""
        return _microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware moment in UTC."""
        return _moment(value)

    # What is between these and the driver would be two more calls for each moment that is written or read.

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """Return what makes microseconds of moments."""
        return _microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """Return what makes moments of microseconds."""
        return _moment


# Partial indexes are partial on PostgreSQL too: their migration says so. Saying it here would make everybody import
# that dialect, a quarter of a second on every start.
metadata = MetaData(naming_convention=NAMES)


def _id() -> Column[int]:
    # SQLite keeps rows in the order of an INTEGER key; BIGINT would cost it a second index.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False)


def _ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=nullable, index=True)


meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

neighbourhood = Table(
    "neighbourhood",
    metadata,
    _id(),
    Column("code", String(12), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("municipality", String(120), nullable=False, default=""),
    Column("language", String(8), nullable=False),
    Column("timezone", String(64), nullable=False),
    #: "22:30-07:00", or empty for none
    Column("quiet_hours", String(16), nullable=False, default=""),
    Column("postcodes", JSON, nullable=False),
    #: [name, latitude or null, longitude or null]
    Column("streets", JSON, nullable=False),
    Column("borders", JSON, nullable=False),
    Column("adjacent", JSON, nullable=False),
    Column("plugins_off", JSON, nullable=False),
    #: settings of plugins for this neighbourhood, from the file: {plugin: {key: value}}
    Column("settings", JSON, nullable=False),
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("name", String(120), nullable=False),
    Column("language", String(8), nullable=False),
    Column("formal", Boolean, nullable=False, default=False),
    #: kinds of sender this person wants nothing from, and plugins he asked to hear from
    Column("refuses", JSON, nullable=False),
    Column("opted_in", JSON, nullable=False),
    #: the person's own quiet hours; null: those of the neighbourhood
    Column("quiet_hours", String(16)),
    #: what a mute keeps from him: nothing, most (all but what is critical near him) or all; and until when
    Column("mutes", String(8), nullable=False, default="", server_default=""),
    Column("muted_until", Moment),
    Column("reference", String(80), unique=True),
    Column("erased_at", Moment),
    Column("version", Integer, nullable=False, default=1),
)

membership = Table(
    "membership",
    metadata,
    _id(),
    _ref("person_id", "person"),
    Column("neighbourhood_id", BigInteger, ForeignKey("neighbourhood.id", ondelete="CASCADE"), nullable=False),
    #: names of roles with a space before, between and after, so that one LIKE finds one role
    Column("roles", String(160), nullable=False),
    Column("street", String(120), nullable=False, default=""),
    Column("postcode", String(12), nullable=False, default=""),
    #: requested, invited, active or left
    Column("state", String(12), nullable=False),
    Column("since", Moment, nullable=False),
    Column("consent_version", String(12), nullable=False, default=""),
    Column("consented_at", Moment),
    UniqueConstraint("person_id", "neighbourhood_id"),
    Index("ix_membership_neighbourhood", "neighbourhood_id", "state", "person_id"),
    #: those who are more than members: a few of many (`records.counting`)
    Index(
        "ix_membership_role",
        "neighbourhood_id",
        "since",
        sqlite_where=text("state = 'active' AND roles != ' member '"),
    ),
)

#: What somebody is as an official. He need not be a member anywhere.
official = Table(
    "official",
    metadata,
    _id(),
    _ref("person_id", "person"),
    #: police, controlroom, municipality, boa or mayor
    Column("kind", String(16), nullable=False),
    #: his function as people read it; empty: the kind's own name
    Column("title", String(120), nullable=False, default=""),
    Column("municipality", String(120), nullable=False),
    #: the same folded, to be found by
    Column("municipality_key", String(120), nullable=False, index=True),
    #: ids of neighbourhoods with a space before, between and after; empty: the whole municipality
    Column("neighbourhoods", Text, nullable=False, default=""),
    Column("since", Moment, nullable=False),
    #: null: nobody has confirmed yet that it is he
    Column("verified_at", Moment),
    UniqueConstraint("person_id", "kind", "municipality_key"),
)

address = Table(
    "address",
    metadata,
    _id(),
    #: null: a stranger, or a group
    _ref("person_id", "person", nullable=True),
    #: set for a group bound to a neighbourhood
    Column("neighbourhood_id", BigInteger, ForeignKey("neighbourhood.id", ondelete="CASCADE"), index=True),
    Column("account", String(40), nullable=False),
    Column("is_group", Boolean, nullable=False, default=False),
    Column("title", String(160), nullable=False, default=""),
    #: the lowest is tried first
    Column("position", SmallInteger, nullable=False, default=0),
    Column("reachable", Boolean, nullable=False, default=True),
    Column("reason", String(80), nullable=False, default=""),
    Column("last_heard_at", Moment),
    Column("created_at", Moment, nullable=False),
    #: after this nothing of it is kept: its owner was erased, or a stranger stayed one
    Column("erase_at", Moment, index=True),
    #: how often a stranger or a puzzled member was answered lately, and since when it is counted
    Column("answered", SmallInteger, nullable=False, default=0),
    Column("answered_since", Moment),
)

handle = Table(
    "handle",
    metadata,
    _id(),
    _ref("address_id", "address"),
    Column("account", String(40), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("lookup", String(40), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    UniqueConstraint("account", "lookup"),
)

inbox = Table(
    "inbox",
    metadata,
    _id(),
    #: the account an event came from; "tell" and "timer" for what we tell ourselves
    Column("account", String(40), nullable=False),
    #: unique per account: a repeat is recognised here
    Column("key", String(160), nullable=False),
    #: one address or one subject: its events keep their order
    Column("lane", String(80), nullable=False),
    #: the plugin that a tell or a timer is for
    Column("plugin", String(60), nullable=False, default=""),
    #: encrypted; blanked in the commit that marks it done
    Column("payload", LargeBinary),
    #: new, done, parked or unreadable
    Column("state", String(12), nullable=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("reason", String(200), nullable=False, default=""),
    Column("received_at", Moment, nullable=False),
    Column("done_at", Moment),
    UniqueConstraint("account", "key"),
    Index(
        "ix_inbox_new",
        "lane",
        "id",
        sqlite_where=text("state = 'new'"),
    ),
    Index("ix_inbox_done_at", "done_at"),
)

message = Table(
    "message",
    metadata,
    _id(),
    Column("plugin", String(60), nullable=False),
    Column("neighbourhood_id", BigInteger, index=True),
    Column("thread_plugin", String(60), nullable=False, default=""),
    Column("thread_id", BigInteger, nullable=False, default=0),
    Column("thread_short", String(24), nullable=False, default=""),
    #: whether the choices below it are standing answers, which may be typed at any time (R22)
    Column("standing", Boolean, nullable=False, default=False),
    #: what it says, unrendered (`records.content`)
    Column("content", JSON, nullable=False),
    Column("severity", String(10), nullable=False),
    #: the first word of something new goes before everything
    Column("first_word", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Column("superseded_by", BigInteger),
    #: the earlier message that this one is to replace on the screens that show it
    Column("replaces", BigInteger, index=True),
    #: newer versions of earlier messages that say what this one adds: who was shown one of those needs no other copy
    Column("included_in", JSON(none_as_null=True)),
    #: for whom (`records.audience`); null when the deliveries were written with it
    Column("audience", JSON(none_as_null=True)),
    #: the last person written so far; the audience is expanded in chunks
    Column("cursor", BigInteger, nullable=False, default=0),
    Column("expanded", Boolean, nullable=False, default=True),
    #: for how many a delivery was written so far; null when they were written with it
    Column("readers", Integer),
    Index(
        "ix_message_expanding",
        "first_word",
        "id",
        sqlite_where=text("expanded = 0"),
    ),
    Index("ix_message_thread", "thread_plugin", "thread_id"),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _ref("message_id", "message"),
    #: null for a group
    Column("person_id", BigInteger, index=True),
    Column("address_id", BigInteger),
    Column("account", String(40), nullable=False),
    Column("neighbourhood_id", BigInteger),
    Column("thread_id", BigInteger, nullable=False, default=0),
    #: the lane: 0 the first word of something new, then critical, urgent, notice, info
    Column("rank", SmallInteger, nullable=False),
    #: its turn within the lane, by which neighbourhoods share an account (`records.turns`); 0: before all that have one
    Column("turn", BigInteger, nullable=False, default=0, server_default="0"),
    #: queued sending sent delivered read failed unknown withdrawn
    Column("state", String(10), nullable=False),
    Column("reason", String(120), nullable=False, default=""),
    Column("attempts", SmallInteger, nullable=False, default=0),
    #: addresses that were tried in vain
    Column("tried", JSON(none_as_null=True)),
    #: put off until the end of the reader's quiet hours: what was put off leaves together, as one digest (R53)
    Column("put_off", Boolean, nullable=False, default=False, server_default=false()),
    #: left as a part of a digest, and so cannot be edited by itself
    Column("digested", Boolean, nullable=False, default=False, server_default=false()),
    #: sent before, without our knowing whether it arrived
    Column("repeat", Boolean, nullable=False, default=False),
    Column("reply_to", String(120)),
    Column("template", String(120)),
    #: the message whose content the recipient was shown last: this one, or what superseded it before it left
    Column("shows", BigInteger),
    Column("provider_id", String(160)),
    Column("not_before", Moment, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("sending_at", Moment),
    Column("sent_at", Moment),
    Column("delivered_at", Moment),
    Column("read_at", Moment),
    Index(
        "ix_delivery_queued",
        "account",
        "rank",
        "turn",
        "id",
        sqlite_where=text("state = 'queued'"),
    ),
    Index(
        "ix_delivery_pending",
        "address_id",
        "thread_id",
        "id",
        sqlite_where=text("state IN ('queued', 'sending')"),
    ),
    Index("ix_delivery_provider_id", "account", "provider_id"),
)

#: How far each lane of an account has come: the turn that left last (`records.turns`).
lane = Table(
    "lane",
    metadata,
    Column("account", String(40), primary_key=True),
    Column("rank", SmallInteger, primary_key=True, autoincrement=False),
    Column("served", BigInteger, nullable=False),
)

#: The last turn that a neighbourhood was given in each lane; 0 stands for what nobody's neighbourhood said.
turn = Table(
    "turn",
    metadata,
    Column("account", String(40), primary_key=True),
    Column("rank", SmallInteger, primary_key=True, autoincrement=False),
    Column("neighbourhood_id", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
)

#: What a provider told us to wait for (`records.holds`): a restart must not provoke it again.
hold = Table(
    "hold",
    metadata,
    Column("account", String(40), primary_key=True),
    #: 0: the whole account
    Column("address_id", BigInteger, primary_key=True, autoincrement=False),
    Column("until", Moment, nullable=False),
    Column("reason", String(120), nullable=False, default=""),
)

#: Statuses that came before our own record of the send; applied when that is written.
early_receipt = Table(
    "early_receipt",
    metadata,
    _id(),
    Column("account", String(40), nullable=False),
    Column("provider_id", String(160), nullable=False),
    Column("state", String(10), nullable=False),
    #: which error of the taxonomy, when it failed
    Column("error", String(40), nullable=False, default=""),
    Column("reason", String(120), nullable=False, default=""),
    Column("at", Moment, nullable=False),
    Index("ix_early_receipt_provider_id", "account", "provider_id"),
)

question = Table(
    "question",
    metadata,
    _id(),
    _ref("person_id", "person"),
    _ref("message_id", "message"),
    Column("neighbourhood_id", BigInteger),
    Column("plugin", String(60), nullable=False),
    #: the registered name of the handler that takes the answer
    Column("handler", String(80), nullable=False),
    Column("payload", JSON, nullable=False),
    #: the number printed for the first choice; the others follow
    Column("first_number", SmallInteger, nullable=False),
    #: [value, label as stored text] in the order shown
    Column("choices", JSON, nullable=False),
    #: what kind of free answer is taken: none, any, safety (the words of a roll call, a call for help included), or
    #: numbers:12, what begins with one of the numbers that its own text prints
    Column("free", String(12), nullable=False, default="none"),
    #: whether it may be answered again by tapping or quoting it, while it has not expired
    Column("repeatable", Boolean, nullable=False, default=False),
    #: open, answered, expired or withdrawn
    Column("state", String(10), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("ix_question_open", "person_id", "state"),
)

timer = Table(
    "timer",
    metadata,
    _id(),
    Column("due", Moment, nullable=False, index=True),
    Column("plugin", String(60), nullable=False),
    Column("handler", String(80), nullable=False),
    Column("key", String(160), unique=True),
    Column("payload", JSON, nullable=False),
    Column("neighbourhood_id", BigInteger),
    Column("person_id", BigInteger),
    #: when it was due, of one that waits because its plugin is off there (`timers.hold`)
    Column("held", Moment),
)

audit = Table(
    "audit",
    metadata,
    _id(),
    Column("at", Moment, nullable=False, index=True),
    #: "person:ID", "plugin:ID", "operator" or "system"
    Column("actor", String(80), nullable=False, index=True),
    Column("event", String(80), nullable=False),
    Column("subject", String(120), nullable=False, default="", index=True),
    #: keys, counts and states; never a body or a number
    Column("detail", JSON, nullable=False),
)

plugin_state = Table(
    "plugin_state",
    metadata,
    Column("plugin", String(60), primary_key=True),
    Column("paused_at", Moment),
    Column("reason", String(200), nullable=False, default=""),
    Column("trace", String(40), nullable=False, default=""),
)

plugin_error = Table(
    "plugin_error",
    metadata,
    _id(),
    Column("plugin", String(60), nullable=False),
    Column("at", Moment, nullable=False),
    Column("where", String(120), nullable=False),
    Column("trace", String(40), nullable=False),
    Index("ix_plugin_error_plugin", "plugin", "at"),
)

#: Values set by command; they win over the file (R54). Neighbourhood 0 is everywhere.
setting = Table(
    "setting",
    metadata,
    Column("plugin", String(60), primary_key=True),
    Column("neighbourhood_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
)

#: A plugin switched on or off in a neighbourhood by command; it wins over the file's `plugins_off` (R54).
plugin_switch = Table(
    "plugin_switch",
    metadata,
    Column("plugin", String(60), primary_key=True),
    Column("neighbourhood_id", BigInteger, primary_key=True, autoincrement=False),
    Column("off", Boolean, nullable=False),
    #: who did it
    Column("person_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
)

#: The next number of each series of short ids (TB-0001, TB-R1).
series = Table(
    "series",
    metadata,
    Column("neighbourhood_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(12), primary_key=True),
    Column("next", Integer, nullable=False),
)

media = Table(
    "media",
    metadata,
    _id(),
    Column("plugin", String(60), nullable=False),
    Column("mime", String(80), nullable=False),
    Column("name", String(160), nullable=False, default=""),
    Column("kind", String(12), nullable=False),
    #: encrypted; location data was taken out before
    Column("content", LargeBinary, nullable=False),
    Column("person_id", BigInteger, index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

account = Table(
    "account",
    metadata,
    Column("name", String(40), primary_key=True),
    #: ok, down or stopped
    Column("state", String(10), nullable=False),
    Column("reason", String(120), nullable=False, default=""),
    Column("since", Moment, nullable=False),
    Column("heard_at", Moment),
)

#: Which process runs an account, where several share a database (`records.leases`); a process has one of its own.
lease = Table(
    "lease",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("holder", String(120), nullable=False),
    #: microseconds since 1970 by the database's own clock
    Column("until", BigInteger, nullable=False),
)

#: What the self-audit found and is not over (`records.findings`).
finding = Table(
    "finding",
    metadata,
    _id(),
    Column("code", String(40), nullable=False),
    #: the plugin and the record it is about; empty and 0: the whole
    Column("plugin", String(60), nullable=False, default=""),
    Column("record", BigInteger, nullable=False, default=0),
    Column("short", String(24), nullable=False, default=""),
    #: the key of the text that names it, in the catalogue of its plugin
    Column("called", String(80), nullable=False, default=""),
    #: 0: everywhere
    Column("neighbourhood_id", BigInteger, nullable=False, default=0),
    Column("severity", String(10), nullable=False),
    Column("first_at", Moment, nullable=False),
    #: when it was seen last
    Column("last_at", Moment, nullable=False),
    #: null: seen once, which may be a moment between two steps
    Column("told_at", Moment),
    UniqueConstraint("code", "plugin", "record"),
)

#: What plugins listen to outside, and since when anything is known of it (`records.outside`).
source = Table(
    "source",
    metadata,
    Column("plugin", String(40), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("known", Boolean, nullable=False),
    #: since when it is known, or is not
    Column("since", Moment, nullable=False),
    Column("answered_at", Moment),
    #: why it did not answer last time; empty when it did
    Column("reason", String(120), nullable=False, default=""),
)

#: Files that a messenger keeps for us, to be fetched after their words were handled.
fetch = Table(
    "fetch",
    metadata,
    _id(),
    Column("account", String(40), nullable=False),
    #: encrypted: the event that announced the file
    Column("payload", LargeBinary, nullable=False),
    Column("attempts", SmallInteger, nullable=False, default=0),
    Column("due", Moment, nullable=False, index=True),
)

#: Private links under /feeds: whoever has the token may read. The token is derived from the key, and not kept.
feed = Table(
    "feed",
    metadata,
    _id(),
    Column("plugin", String(60), nullable=False),
    #: the registered name of the handler that answers
    Column("handler", String(80), nullable=False),
    #: what it is about, in the plugin's own words
    Column("subject", String(80), nullable=False, default=""),
    #: 0: of no neighbourhood, of nobody
    Column("neighbourhood_id", BigInteger, nullable=False, default=0),
    #: whose link it is: it goes when he is erased
    Column("person_id", BigInteger, nullable=False, default=0, index=True),
    #: a new link has the next number; those before it lead nowhere
    Column("issue", Integer, nullable=False, default=1),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("plugin", "handler", "subject", "neighbourhood_id", "person_id"),
)

#: Links to one kept file that work once (`records.media_links`). The token is not kept, only its hash.
media_link = Table(
    "media_link",
    metadata,
    _id(),
    Column("lookup", String(64), nullable=False, unique=True),
    Column("plugin", String(60), nullable=False),
    Column("media_id", BigInteger, nullable=False),
    #: 0: made in no neighbourhood, for nobody in particular
    Column("neighbourhood_id", BigInteger, nullable=False, default=0),
    Column("person_id", BigInteger, nullable=False, default=0, index=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)
