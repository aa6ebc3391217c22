"""Plugins switched on or off by command, and timers held while their plugin is off."""

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and the column beside when a timer is due."""
    op.create_table(
        "plugin_switch",
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("off", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plugin", "neighbourhood_id", name="pk_plugin_switch"),
    )
    with op.batch_alter_table("timer") as batch:
        batch.add_column(sa.Column("held", sa.BigInteger(), nullable=True))
