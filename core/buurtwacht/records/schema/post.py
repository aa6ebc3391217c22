"""Tables of what is said: what came in, what goes out to whom, and what keeps an account in its pace."""

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
    UniqueConstraint,
    false,
    text,
)

from buurtwacht.records.schema.columns import Moment, metadata, own_id, reference

inbox = Table(
    "inbox",
    metadata,
    own_id(),
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
    own_id(),
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
    own_id(),
    reference("message_id", "message"),
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
    own_id(),
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
    own_id(),
    reference("person_id", "person"),
    reference("message_id", "message"),
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
