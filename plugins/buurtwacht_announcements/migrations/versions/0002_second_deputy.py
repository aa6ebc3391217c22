"""A second deputy, who is asked after the first."""

import sqlalchemy as sa
from alembic import op

revision = "announcements_0002"
down_revision = "announcements_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add who it is, and when he is asked."""
    op.add_column("announcements_passing", sa.Column("second", sa.BigInteger(), nullable=True))
    op.add_column("announcements_passing", sa.Column("second_at", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_announcements_passing_second"), "announcements_passing", ["second"], unique=False)
