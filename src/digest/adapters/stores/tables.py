"""The tables of `people`. Every key carries the newsletter, so that each can move to a machine of its own."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)

from digest.adapters.stores.column_types import Instant, Moment, Words
from digest.adapters.stores.schemas import people_metadata, strict

secrets = strict(
    "secrets",
    people_metadata,
    Column("name", Words, nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("name"),
)

subscribers = strict(
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

consents = strict(
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

askings = strict(
    "askings",
    people_metadata,
    # Who was asked whether they want the newsletter and has not answered yet; nobody here is on the list.
    Column("newsletter_id", Words, nullable=False),
    Column("address_key", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("token", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("audience", Words, nullable=False),
    Column("timezone", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("frequency", Words, nullable=False),
    Column("wording", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("sent_at", Moment),
    PrimaryKeyConstraint("newsletter_id", "address_key"),
    UniqueConstraint("newsletter_id", "token"),
)

suppressions = strict(
    "suppressions",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("address_key", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "address_key"),
)

sendings = strict(
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

deliveries = strict(
    "deliveries",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("issue_id", Words, nullable=False),
    Column("subscriber_id", Words, nullable=False),
    Column("locale", Words, nullable=False),
    Column("audience", Words, nullable=False, server_default=""),
    Column("state", Words, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("reply", Words, nullable=False),
    Column("retries", Integer, nullable=False, server_default="0"),
    # Only where it can not be worked out again: see `PeopleKey.delivery_token`.
    Column("token", Words),
    Column("due_at", Instant),
    Column("handed_at", Instant),
    PrimaryKeyConstraint("newsletter_id", "issue_id", "subscriber_id"),
    ForeignKeyConstraint(["newsletter_id", "issue_id"], ["sendings.newsletter_id", "sendings.issue_id"]),
    ForeignKeyConstraint(
        ["newsletter_id", "subscriber_id"], ["subscribers.newsletter_id", "subscribers.subscriber_id"]
    ),
    # Not a list: for one of more than two SQLite makes a table of it at each statement, which doubles a mail's UPDATE.
    CheckConstraint(
        "CASE state WHEN 'planned' THEN 1 WHEN 'claimed' THEN 1 WHEN 'handing' THEN 1 WHEN 'sent' THEN 1 "
        "WHEN 'failed' THEN 1 WHEN 'suppressed' THEN 1 WHEN 'uncertain' THEN 1 ELSE 0 END = 1",
        name="state",
    ),
    # The place of a row is fixed when it is frozen: chunks are taken along the primary key, and no index holds a
    # column that changes. One on `state` would make every UPDATE on PostgreSQL write a new index entry (measured: a
    # tenth of the speed), and half-empty pages let each row change where it lies. That fill factor, and that the index
    # leaves out rows without a token, stand for PostgreSQL in the migrations alone: naming them here would load its
    # dialect in every run. On SQLite the primary key is the table itself: a row of a million takes 90 bytes, not 350.
    Index(None, "newsletter_id", "token", sqlite_where=text("token IS NOT NULL")),
    sqlite_with_rowid=False,
)

runs = strict(
    "runs",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("run_id", Words, nullable=False),
    Column("started", Moment, nullable=False),
    Column("finished", Moment),
    PrimaryKeyConstraint("newsletter_id", "run_id"),
)

inbox_positions = strict(
    "inbox_positions",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("uid_validity", Integer, nullable=False),
    Column("last_uid", Integer, nullable=False),
    Column("polled_at", Moment),
    PrimaryKeyConstraint("newsletter_id"),
)

inbox_messages = strict(
    "inbox_messages",
    people_metadata,
    Column("newsletter_id", Words, nullable=False),
    Column("message_key", Words, nullable=False),
    Column("handled_at", Moment, nullable=False),
    PrimaryKeyConstraint("newsletter_id", "message_key"),
)

bounces = strict(
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

letters = strict(
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
