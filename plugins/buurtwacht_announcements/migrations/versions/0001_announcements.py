"""Announcements: their tables."""

import sqlalchemy as sa
from alembic import op

revision = "announcements_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "announcements_announcement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("sender", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("area", sa.JSON(), nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=40), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("replies", sa.String(length=40), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("corrects", sa.BigInteger(), nullable=True),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("asking", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("direct", sa.BigInteger(), nullable=True),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("renewed", sa.JSON(), nullable=False),
        sa.Column("representatives", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements_announcement")),
    )
    op.create_index(
        op.f("ix_announcements_announcement_corrects"), "announcements_announcement", ["corrects"], unique=False
    )
    op.create_index(
        op.f("ix_announcements_announcement_neighbourhood"),
        "announcements_announcement",
        ["neighbourhood"],
        unique=False,
    )
    op.create_index(
        op.f("ix_announcements_announcement_sender_state"),
        "announcements_announcement",
        ["sender", "state"],
        unique=False,
    )
    op.create_table(
        "announcements_passing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("announcement", sa.BigInteger(), nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("representative", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("deputy", sa.BigInteger(), nullable=True),
        sa.Column("deputy_at", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements_passing")),
        sa.UniqueConstraint(
            "announcement", "neighbourhood", name=op.f("uq_announcements_passing_announcement_neighbourhood")
        ),
    )
    op.create_index(
        op.f("ix_announcements_passing_announcement_state"),
        "announcements_passing",
        ["announcement", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_announcements_passing_deputy"), "announcements_passing", ["deputy"], unique=False)
    op.create_index(
        op.f("ix_announcements_passing_representative"), "announcements_passing", ["representative"], unique=False
    )
    op.create_table(
        "announcements_vote",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("announcement", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("option", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements_vote")),
        sa.UniqueConstraint("announcement", "person", name=op.f("uq_announcements_vote_announcement_person")),
    )
