"""Alerts about lost pets, which went to the co-ordinators alone: no other are made any more."""

from alembic import op

revision = "alerts_0009"
down_revision = "alerts_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let them go the way of what only the co-ordinators were shown."""
    op.execute("UPDATE alerts_alert SET route = 'municipality' WHERE route = 'opted_in'")
