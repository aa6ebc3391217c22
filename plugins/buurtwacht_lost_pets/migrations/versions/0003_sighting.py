"""Who said that he saw a pet."""

import sqlalchemy as sa
from alembic import op

revision = "lost_pets_0003"
down_revision = "lost_pets_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lost_pets_sighting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("pet", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_pets_sighting")),
    )
    op.create_index(op.f("ix_lost_pets_sighting_person"), "lost_pets_sighting", ["person"], unique=False)
    op.create_index(op.f("ix_lost_pets_sighting_pet_person"), "lost_pets_sighting", ["pet", "person"], unique=False)
