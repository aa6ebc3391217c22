"""Tables of what keeps it going: timers, audit, plugins, files, accounts, feeds and findings."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from buurtwacht.records.schema.columns import Moment, metadata, own_id

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

timer = Table(
    "timer",
    metadata,
    own_id(),
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
    own_id(),
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
    own_id(),
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
    own_id(),
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
    own_id(),
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
    own_id(),
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
    own_id(),
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
    own_id(),
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
