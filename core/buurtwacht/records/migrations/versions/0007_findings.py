"""What the self-audit found, and for how many each broadcast was fanned out."""

import sqlalchemy as sa
from alembic import op

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and add the column."""
    op.add_column("message", sa.Column("readers", sa.Integer(), nullable=True))
    op.create_table(
        "finding",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("record", sa.BigInteger(), nullable=False),
        sa.Column("short", sa.String(length=24), nullable=False),
        sa.Column("called", sa.String(length=80), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.UniqueConstraint("code", "plugin", "record", name="uq_finding_code_plugin_record"),
    )
