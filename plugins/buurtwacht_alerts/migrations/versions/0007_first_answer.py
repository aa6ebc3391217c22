"""When somebody first answered an alert, and where it was last said to be heading."""

import sqlalchemy as sa
from alembic import op

revision = "alerts_0007"
down_revision = "alerts_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("alerts_alert", sa.Column("answered_at", sa.BigInteger(), nullable=True))
    op.add_column("alerts_alert", sa.Column("heading", sa.Text(), nullable=False, server_default=""))
