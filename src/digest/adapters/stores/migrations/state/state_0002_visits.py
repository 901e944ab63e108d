"""What is remembered of a visit to a source, pauses that hosts ask for, and keys under which articles are found."""

import json

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words
from digest.works.identity import keys_of

revision = "state_0002"
down_revision = "state_0001"
branch_labels = None
depends_on = None

_OLD = "source_key, etag, last_modified, body_sha256, next_at, errors, last_status"


def upgrade() -> None:
    """Make the tables and bring over what is known."""
    op.create_table(
        "source_caches",
        sa.Column("source_key", Words, nullable=False),
        sa.Column("etag", Words),
        sa.Column("last_modified", Words),
        sa.Column("body_sha256", Words),
        sa.Column("next_at", Moment),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("last_status", Words, nullable=False),
        sa.Column("changed_at", Moment),
        sa.Column("gone_since", Moment),
        sa.Column("moved_to", Words, nullable=False),
        sa.Column("moved_since", Moment),
        sa.Column("moved_seen", sa.Integer, nullable=False),
        sa.Column("found_url", Words, nullable=False),
        sa.PrimaryKeyConstraint("source_key", name=op.f("pk_source_caches")),
        sqlite_strict=True,
    )
    op.create_table(
        "host_pauses",
        sa.Column("host", Words, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_host_pauses")),
        sqlite_strict=True,
    )
    op.create_table(
        "article_keys",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("key", Words, nullable=False),
        sa.Column("article_id", Words, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "key", "article_id", name=op.f("pk_article_keys")),
        sqlite_strict=True,
    )
    op.create_index(op.f("ix_articles_newsletter_id_source_key"), "articles", ["newsletter_id", "source_key"])
    connection = op.get_bind()
    connection.execute(
        sa.text(
            f"INSERT INTO source_caches ({_OLD}, moved_to, moved_seen, found_url) "  # noqa: S608  column names
            f"SELECT {_OLD}, '', 0, '' FROM feed_caches"
        )
    )
    op.drop_table("feed_caches")
    _fill_keys(connection)


def _fill_keys(connection: sa.Connection) -> None:
    keys = sa.table("article_keys", sa.column("newsletter_id"), sa.column("key"), sa.column("article_id"))
    stored = connection.execute(sa.text("SELECT newsletter_id, article_id, body FROM articles"))
    for newsletter_id, article_id, body in stored.all():
        try:
            article = json.loads(body)
            found = keys_of(article["text"]["url"], article.get("doi"))
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # a broken row is left out here as everywhere
        rows = [{"newsletter_id": newsletter_id, "key": key, "article_id": article_id} for key in found]
        if rows:
            connection.execute(keys.insert(), rows)
