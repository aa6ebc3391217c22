"""Copies of an alert that went next door, and those with everything in it."""

import sqlalchemy as sa
from alembic import op

revision = "alerts_0008"
down_revision = "alerts_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("alerts_copy", sa.Column("neighbourhood", sa.BigInteger(), nullable=True))
    op.add_column("alerts_copy", sa.Column("full", sa.Boolean(), nullable=False, server_default=sa.false()))
