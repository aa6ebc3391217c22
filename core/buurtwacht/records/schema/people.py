"""Tables of who there is: neighbourhoods, people, what they are in them, and where they are reached."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from buurtwacht.records.schema.columns import Moment, metadata, own_id, reference

neighbourhood = Table(
    "neighbourhood",
    metadata,
    own_id(),
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
    own_id(),
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
    own_id(),
    reference("person_id", "person"),
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
    own_id(),
    reference("person_id", "person"),
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
    own_id(),
    #: null: a stranger, or a group
    reference("person_id", "person", nullable=True),
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
    own_id(),
    reference("address_id", "address"),
    Column("account", String(40), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("lookup", String(40), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    UniqueConstraint("account", "lookup"),
)
