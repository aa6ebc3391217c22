"""A point that was shared as the place of a report, and how its time is said: by the clock, or only the day."""

import sqlalchemy as sa
from alembic import op

revision = "alerts_0002"
down_revision = "alerts_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("alerts_alert", sa.Column("point", sa.JSON(), nullable=True))
    op.add_column("alerts_alert", sa.Column("when", sa.String(length=40), nullable=True))
