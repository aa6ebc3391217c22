"""Officials: what somebody is for a municipality, beside or without being a member."""

import sqlalchemy as sa
from alembic import op

revision = "core_0003"
down_revision = "core_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "official",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("municipality", sa.String(length=120), nullable=False),
        sa.Column("municipality_key", sa.String(length=120), nullable=False),
        sa.Column("neighbourhoods", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_official_person_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_official"),
        sa.UniqueConstraint(
            "person_id", "kind", "municipality_key", name="uq_official_person_id_kind_municipality_key"
        ),
    )
    op.create_index("ix_official_municipality_key", "official", ["municipality_key"], unique=False)
    op.create_index("ix_official_person_id", "official", ["person_id"], unique=False)
