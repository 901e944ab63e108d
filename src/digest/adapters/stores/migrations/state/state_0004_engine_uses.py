"""What engines were asked for each issue."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Words

revision = "state_0004"
down_revision = "state_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "engine_uses",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("issue_id", Words, nullable=False),
        sa.Column("work", Words, nullable=False),
        sa.Column("engine", Words, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "issue_id", "work", "engine", name=op.f("pk_engine_uses")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("engine_uses")
