"""Links to one kept file that work once, and an index of those who hold a role."""

import sqlalchemy as sa
from alembic import op

revision = "core_0004"
down_revision = "core_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "media_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("plugin", sa.String(length=60), nullable=False),
        sa.Column("media_id", sa.BigInteger(), nullable=False),
        sa.Column("neighbourhood_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_media_link"),
        sa.UniqueConstraint("lookup", name="uq_media_link_lookup"),
    )
    op.create_index("ix_media_link_expires_at", "media_link", ["expires_at"], unique=False)
    op.create_index("ix_media_link_person_id", "media_link", ["person_id"], unique=False)
    op.create_index(
        "ix_membership_role",
        "membership",
        ["neighbourhood_id", "since"],
        unique=False,
        sqlite_where=sa.text("state = 'active' AND roles != ' member '"),
        postgresql_where=sa.text("state = 'active' AND roles != ' member '"),
    )
