"""The tables of the two databases. Every key carries the newsletter, so that each can move to a machine of its own.

`state` is what hostile feeds bring; `people` is guarded like a medical file. They never share a file or a schema.
"""

from functools import partial
from typing import Final, Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from digest.adapters.stores.column_types import Moment, Words

Schema = Literal["state", "people"]

REVISIONS: Final[dict[Schema, tuple[str, ...]]] = {
    "state": ("state_0001", "state_0002", "state_0003"),
    "people": ("people_0001", "people_0002", "people_0003", "people_0004"),
}
"""Every migration, oldest first; said here so that an up-to-date database is opened without importing Alembic."""

_strict = partial(Table, sqlite_strict=True)

# Names are written out because a migration can only drop a constraint that has one.
_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

state_metadata = MetaData(naming_convention=_NAMES)
people_metadata = MetaData(naming_convention=_NAMES)
METADATA: Final[dict[Schema, MetaData]] = {"state": state_metadata, "people": people_metadata}

source_caches = _strict(
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
    PrimaryKeyConstraint("source_key"),
)

host_pauses = _strict(
    "host_pauses",
    state_metadata,
    # A host asks all newsletters of this machine for a pause at once.
    Column("host", Words, nullable=False),
    Column("until", Moment, nullable=False),
    PrimaryKeyConstraint("host"),
)

articles = _strict(
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

article_keys = _strict(
    "article_keys",
    state_metadata,
    # Addresses and DOIs under which an article is found again, those it had before included.
    Column("newsletter_id", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("article_id", Words, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "key", "article_id"),
)

run_receipts = _strict(
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

works = _strict(
    "works",
    state_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("doi", Words, nullable=False),
    Column("checked_at", Moment),
    Column("body", Words, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "doi"),
)

citation_decisions = _strict(
    "citation_decisions",
    state_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("doi", Words),
    Column("decided_at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "key"),
)

secrets = _strict(
    "secrets",
    people_metadata,
    Column("name", Words, nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("name"),
)

subscribers = _strict(
    "subscribers",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("subscriber_id", Words, nullable=False),
    Column("address", Words),
    Column("address_key", Words),
    Column("token", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("audience", Words, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("frequency", Words, nullable=False, server_default="every"),
    PrimaryKeyConstraint("newsletter_id", "subscriber_id"),
    UniqueConstraint("newsletter_id", "address_key"),
    UniqueConstraint("newsletter_id", "token"),
    CheckConstraint("status IN ('active', 'unsubscribed', 'erased')", name="status"),
    CheckConstraint("status = 'erased' OR (address IS NOT NULL AND address_key IS NOT NULL)", name="address"),
)

consents = _strict(
    "consents",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("subscriber_id", Words, nullable=False),
    Column("number", Integer, nullable=False),
    Column("how", Words, nullable=False),
    Column("wording", Words, nullable=False),
    Column("wording_sha256", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("asked_at", Moment),
    Column("confirmed_at", Moment),
    Column("evidence", Words, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "subscriber_id", "number"),
    ForeignKeyConstraint(
        ["newsletter_id", "subscriber_id"], ["subscribers.newsletter_id", "subscribers.subscriber_id"]
    ),
    CheckConstraint("how IN ('import', 'author', 'confirmed')", name="how"),
)

suppressions = _strict(
    "suppressions",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("address_key", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "address_key"),
)

sendings = _strict(
    "sendings",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("issue_id", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
    Column("frozen_at", Moment, nullable=False),
    Column("total", Integer, nullable=False),
    Column("passed_over", Integer, nullable=False, server_default="0"),
    Column("canary_at", Moment),
    PrimaryKeyConstraint("newsletter_id", "issue_id"),
)

deliveries = _strict(
    "deliveries",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("issue_id", Words, nullable=False),
    Column("subscriber_id", Words, nullable=False),
    Column("batch_no", Integer, nullable=False),
    Column("locale", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("token", Words, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("reply", Words, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("audience", Words, nullable=False, server_default=""),
    Column("due_at", Moment),
    Column("handed_at", Moment),
    PrimaryKeyConstraint("newsletter_id", "issue_id", "subscriber_id"),
    ForeignKeyConstraint(["newsletter_id", "issue_id"], ["sendings.newsletter_id", "sendings.issue_id"]),
    ForeignKeyConstraint(
        ["newsletter_id", "subscriber_id"], ["subscribers.newsletter_id", "subscribers.subscriber_id"]
    ),
    CheckConstraint(
        "state IN ('planned', 'claimed', 'handing', 'sent', 'failed', 'suppressed', 'uncertain')", name="state"
    ),
    # Neither index holds a column that changes: an index on `state` would make every UPDATE on PostgreSQL write
    # a new index entry (measured: a tenth of the speed), and half-empty pages let each row change where it lies.
    # That fill factor stands in the migration alone: naming it here would load PostgreSQL's dialect in every run.
    Index(None, "newsletter_id", "issue_id", "batch_no"),
    Index(None, "newsletter_id", "token"),
)

runs = _strict(
    "runs",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("started", Moment, nullable=False),
    Column("finished", Moment),
    PrimaryKeyConstraint("newsletter_id", "run_id"),
)

inbox_positions = _strict(
    "inbox_positions",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("uid_validity", Integer, nullable=False),
    Column("last_uid", Integer, nullable=False),
    Column("polled_at", Moment),
    PrimaryKeyConstraint("newsletter_id"),
)

inbox_messages = _strict(
    "inbox_messages",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("message_key", Words, nullable=False),
    Column("handled_at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "message_key"),
)

bounces = _strict(
    "bounces",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("subscriber_id", Words, nullable=False),
    Column("issue_id", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("weight", Words, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "subscriber_id", "issue_id"),
    ForeignKeyConstraint(
        ["newsletter_id", "issue_id", "subscriber_id"],
        ["deliveries.newsletter_id", "deliveries.issue_id", "deliveries.subscriber_id"],
    ),
)

letters = _strict(
    "letters",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("message_key", Words, nullable=False),
    Column("handled_at", Moment, nullable=False),
    Column("topic", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("links", Words, nullable=False),
    Column("wants_to_leave", Integer, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "message_key"),
)
