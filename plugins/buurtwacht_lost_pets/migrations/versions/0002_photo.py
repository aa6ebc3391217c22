"""Vermiste dieren: its tables."""

import sqlalchemy as sa
from alembic import op

revision = "lost_pets_0002"
down_revision = "lost_pets_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    with op.batch_alter_table("lost_pets_pet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("photo", sa.BigInteger(), nullable=True))
