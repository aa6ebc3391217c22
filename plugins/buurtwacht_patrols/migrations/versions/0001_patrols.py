"""Rosters and shifts, who walks and when he can, and what a round brought."""

import sqlalchemy as sa
from alembic import op

revision = "patrols_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "patrols_absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_absence")),
    )
    op.create_index(
        op.f("ix_patrols_absence_neighbourhood_last"), "patrols_absence", ["neighbourhood", "last"], unique=False
    )
    op.create_index(op.f("ix_patrols_absence_person_last"), "patrols_absence", ["person", "last"], unique=False)
    op.create_table(
        "patrols_assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("instead_of", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_assignment")),
        sa.UniqueConstraint("shift", "person", name=op.f("uq_patrols_assignment_shift_person")),
    )
    op.create_index(
        op.f("ix_patrols_assignment_neighbourhood_state"),
        "patrols_assignment",
        ["neighbourhood", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_patrols_assignment_person_state"), "patrols_assignment", ["person", "state"], unique=False)
    op.create_table(
        "patrols_availability",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("roster", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("able", sa.JSON(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_availability")),
        sa.UniqueConstraint("roster", "person", name=op.f("uq_patrols_availability_roster_person")),
    )
    op.create_index(
        op.f("ix_patrols_availability_person_answered_at"),
        "patrols_availability",
        ["person", "answered_at"],
        unique=False,
    )
    op.create_table(
        "patrols_check_in",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("in_at", sa.BigInteger(), nullable=False),
        sa.Column("out_at", sa.BigInteger(), nullable=True),
        sa.Column("out_by", sa.BigInteger(), nullable=True),
        sa.Column("busy_until", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_check_in")),
        sa.UniqueConstraint("shift", "person", name=op.f("uq_patrols_check_in_shift_person")),
    )
    op.create_table(
        "patrols_log_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=True),
        sa.Column("person", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("told_by", sa.BigInteger(), nullable=True),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("addressee", sa.String(length=40), nullable=False),
        sa.Column("point", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("media", sa.BigInteger(), nullable=True),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_log_entry")),
    )
    op.create_index(
        op.f("ix_patrols_log_entry_neighbourhood_at"), "patrols_log_entry", ["neighbourhood", "at"], unique=False
    )
    op.create_index(op.f("ix_patrols_log_entry_person_at"), "patrols_log_entry", ["person", "at"], unique=False)
    op.create_index(op.f("ix_patrols_log_entry_shift"), "patrols_log_entry", ["shift"], unique=False)
    op.create_table(
        "patrols_preference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("most_a_month", sa.BigInteger(), nullable=True),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("rather_with", sa.JSON(), nullable=False),
        sa.Column("not_with", sa.JSON(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_preference")),
        sa.UniqueConstraint("neighbourhood", "person", name=op.f("uq_patrols_preference_neighbourhood_person")),
    )
    op.create_table(
        "patrols_roster",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_roster")),
    )
    op.create_index(
        op.f("ix_patrols_roster_neighbourhood_last"), "patrols_roster", ["neighbourhood", "last"], unique=False
    )
    op.create_index(
        op.f("ix_patrols_roster_neighbourhood_state"), "patrols_roster", ["neighbourhood", "state"], unique=False
    )
    op.create_table(
        "patrols_route",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("start_point", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_route")),
        sa.UniqueConstraint("neighbourhood", "folded", name=op.f("uq_patrols_route_neighbourhood_folded")),
    )
    op.create_table(
        "patrols_shift",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("neighbourhood", sa.BigInteger(), nullable=False),
        sa.Column("roster", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("wall", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("fewest", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.BigInteger(), nullable=False),
        sa.Column("start_point", sa.Text(), nullable=False),
        sa.Column("route", sa.BigInteger(), nullable=True),
        sa.Column("route_name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_shift")),
        sa.UniqueConstraint("neighbourhood", "number", name=op.f("uq_patrols_shift_neighbourhood_number")),
    )
    op.create_index(
        op.f("ix_patrols_shift_neighbourhood_starts"), "patrols_shift", ["neighbourhood", "starts"], unique=False
    )
    op.create_index(op.f("ix_patrols_shift_roster"), "patrols_shift", ["roster"], unique=False)
    op.create_index(op.f("ix_patrols_shift_state_starts"), "patrols_shift", ["state", "starts"], unique=False)
    op.create_table(
        "patrols_swap_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("shift", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("in_return", sa.BigInteger(), nullable=True),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrols_swap_request")),
    )
    op.create_index(
        op.f("ix_patrols_swap_request_person_state"), "patrols_swap_request", ["person", "state"], unique=False
    )
    op.create_index(
        op.f("ix_patrols_swap_request_shift_state"), "patrols_swap_request", ["shift", "state"], unique=False
    )
