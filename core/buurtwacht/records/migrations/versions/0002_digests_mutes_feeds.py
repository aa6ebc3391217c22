"""Digests of what quiet hours put off, updates within what was not sent yet, mutes, and private links."""

import sqlalchemy as sa
from alembic import op

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("person", sa.Column("mutes", sa.String(length=8), server_default="", nullable=False))
    op.add_column("person", sa.Column("muted_until", sa.BigInteger(), nullable=True))
    op.add_column("message", sa.Column("included_in", sa.JSON(), nullable=True))
    op.add_column("delivery", sa.Column("put_off", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("delivery", sa.Column("digested", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "feed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("handler", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint(
            "plugin",
            "handler",
            "subject",
            "neighbourhood_id",
            "person_id",
            name="uq_feed_plugin_handler_subject_neighbourhood_id_person_id",
        ),
    )
    op.create_index("ix_feed_person_id", "feed", ["person_id"], unique=False)
