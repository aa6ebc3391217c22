"""Rondvragen: its tables."""

import sqlalchemy as sa
from alembic import op

revision = "rollcalls_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rollcalls_circle",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_circle")),
        sa.UniqueConstraint("neighbourhood", name=op.f("uq_rollcalls_circle_neighbourhood")),
    )
    op.create_table(
        "rollcalls_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("rollcall", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_entry")),
        sa.UniqueConstraint("rollcall", "person", name=op.f("uq_rollcalls_entry_rollcall_person")),
    )
    op.create_index(op.f("ix_rollcalls_entry_person_until"), "rollcalls_entry", ["person", "until"], unique=False)
    op.create_index(op.f("ix_rollcalls_entry_rollcall_value"), "rollcalls_entry", ["rollcall", "value"], unique=False)
    op.create_table(
        "rollcalls_key_holder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_key_holder")),
        sa.UniqueConstraint(
            "neighbourhood", "person", "holder", name=op.f("uq_rollcalls_key_holder_neighbourhood_person_holder")
        ),
    )
    op.create_index(op.f("ix_rollcalls_key_holder_holder"), "rollcalls_key_holder", ["holder"], unique=False)
    op.create_table(
        "rollcalls_ladder",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("rollcall", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("holders", sa.JSON(), nullable=False),
        sa.Column("step", sa.BigInteger(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=True),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_ladder")),
        sa.UniqueConstraint("rollcall", "person", name=op.f("uq_rollcalls_ladder_rollcall_person")),
    )
    op.create_index(op.f("ix_rollcalls_ladder_over"), "rollcalls_ladder", ["over"], unique=False)
    op.create_table(
        "rollcalls_participant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_participant")),
        sa.UniqueConstraint("neighbourhood", "person", name=op.f("uq_rollcalls_participant_neighbourhood_person")),
    )
    op.create_table(
        "rollcalls_roll_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("opens", sa.BigInteger(), nullable=False),
        sa.Column("closes", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("needed", sa.BigInteger(), nullable=True),
        sa.Column("following", sa.JSON(), nullable=False),
        sa.Column("asks_trouble", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_roll_call")),
    )
    op.create_index(
        op.f("ix_rollcalls_roll_call_neighbourhood_closes"),
        "rollcalls_roll_call",
        ["neighbourhood", "closes"],
        unique=False,
    )
    op.create_index(
        op.f("ix_rollcalls_roll_call_neighbourhood_number"),
        "rollcalls_roll_call",
        ["neighbourhood", "number"],
        unique=False,
    )
    op.create_table(
        "rollcalls_tally",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("rollcall", sa.BigInteger(), nullable=False),
        sa.Column("message", sa.BigInteger(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollcalls_tally")),
        sa.UniqueConstraint("rollcall", name=op.f("uq_rollcalls_tally_rollcall")),
    )
