"""The first tables of `state`."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "state_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "feed_caches",
        sa.Column("source_key", Words, nullable=False),
        sa.Column("etag", Words),
        sa.Column("last_modified", Words),
        sa.Column("body_sha256", Words),
        sa.Column("next_at", Moment),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("last_status", Words, nullable=False),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_feed_caches")),
        sqlite_strict=True,
    )
    op.create_table(
        "articles",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("article_id", Words, nullable=False),
        sa.Column("source_key", Words, nullable=False),
        sa.Column("first_seen", Moment, nullable=False),
        sa.Column("content_sha256", Words, nullable=False),
        sa.Column("completed", sa.Integer, nullable=False),
        sa.Column("body", Words, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "article_id", name=op.f("pk_articles")),
        sqlite_strict=True,
    )
    op.create_table(
        "run_receipts",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("run_id", Words, nullable=False),
        sa.Column("started", Moment, nullable=False),
        sa.Column("finished", Moment, nullable=False),
        sa.Column("outcome", Words, nullable=False),
        sa.Column("reason", Words, nullable=False),
        sa.Column("body", Words, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "run_id", name=op.f("pk_run_receipts")),
        sqlite_strict=True,
    )
