"""The tables of `state`."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint

from digest.adapters.stores.column_types import Moment, Words
from digest.adapters.stores.schemas import state_metadata, strict

source_caches = strict(
    "source_caches",
    state_metadata,
    # A source key is a hash over newsletter, kind and URL: it carries the newsletter.
    Column("source_key", Words, nullable=False),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("body_sha256", Words),
    Column("next_at", Moment),
    Column("errors", Integer, nullable=False),
    Column("last_status", Words, nullable=False),
    Column("changed_at", Moment),
    Column("gone_since", Moment),
    Column("moved_to", Words, nullable=False),
    Column("moved_since", Moment),
    Column("moved_seen", Integer, nullable=False),
    Column("found_url", Words, nullable=False),
    Column("pause_seconds", Integer, nullable=False, server_default="0"),
    Column("quiet", Words, nullable=False, server_default=""),
    PrimaryKeyConstraint("source_key"),
)

host_pauses = strict(
    "host_pauses",
    state_metadata,
    # A host asks all newsletters of this machine for a pause at once.
    Column("host", Words, nullable=False),
    Column("until", Moment, nullable=False),
    PrimaryKeyConstraint("host"),
)

articles = strict(
    "articles",
    state_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("article_id", Words, nullable=False),
    Column("source_key", Words, nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("content_sha256", Words, nullable=False),
    Column("completed", Integer, nullable=False),
    Column("body", Words, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "article_id"),
    Index(None, "newsletter_id", "source_key"),
)

article_keys = strict(
    "article_keys",
    state_metadata,
    # Addresses and DOIs under which an article is found again, those it had before included.
    Column("newsletter_id", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("article_id", Words, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "key", "article_id"),
)

run_receipts = strict(
    "run_receipts",
    state_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("started", Moment, nullable=False),
    Column("finished", Moment, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("body", Words, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "run_id"),
)

engine_uses = strict(
    "engine_uses",
    state_metadata,
    # Sums over all runs that made an issue.
    Column("newsletter_id", Words, nullable=False),
    Column("issue_id", Words, nullable=False),
    Column("work", Words, nullable=False),
    Column("engine", Words, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("received", Integer, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "issue_id", "work", "engine"),
)

works = strict(
    "works",
    state_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("doi", Words, nullable=False),
    Column("checked_at", Moment),
    Column("body", Words, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "doi"),
)

citation_decisions = strict(
    "citation_decisions",
    state_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("doi", Words),
    Column("decided_at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "key"),
)
