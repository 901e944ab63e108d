"""Records of studies that issues name, and what the author decided about citations."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "state_0003"
down_revision = "state_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "works",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("doi", Words, nullable=False),
        sa.Column("checked_at", Moment),
        sa.Column("body", Words, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "doi", name=op.f("pk_works")),
        sqlite_strict=True,
    )
    op.create_table(
        "citation_decisions",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("key", Words, nullable=False),
        sa.Column("doi", Words),
        sa.Column("decided_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "key", name=op.f("pk_citation_decisions")),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("citation_decisions")
    op.drop_table("works")
