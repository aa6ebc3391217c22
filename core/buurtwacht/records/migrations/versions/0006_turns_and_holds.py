"""Turns, by which neighbourhoods share an account, and what providers told us to wait for."""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give deliveries a turn, order what is queued by it, and add the tables."""
    op.add_column("delivery", sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False))
    op.drop_index("ix_delivery_queued", "delivery")
    op.create_index(
        "ix_delivery_queued",
        "delivery",
        ["account", "rank", "turn", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_table(
        "lane",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("served", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "rank", name="pk_lane"),
    )
    op.create_table(
        "turn",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("rank", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "rank", "neighbourhood_id", name="pk_turn"),
    )
    op.create_table(
        "hold",
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("address_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("account", "address_id", name="pk_hold"),
    )
