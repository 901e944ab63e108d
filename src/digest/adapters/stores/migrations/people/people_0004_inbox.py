"""What comes back to the mailbox: how far it was read, what was handled, bounces, letters."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "people_0004"
down_revision = "people_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inbox_positions",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("uid_validity", sa.Integer, nullable=False),
        sa.Column("last_uid", sa.Integer, nullable=False),
        sa.Column("polled_at", Moment),
        sa.PrimaryKeyConstraint("newsletter_id", name=op.f("pk_inbox_positions")),
        sqlite_strict=True,
    )
    op.create_table(
        "inbox_messages",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("message_key", Words, nullable=False),
        sa.Column("handled_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "message_key", name=op.f("pk_inbox_messages")),
        sqlite_strict=True,
    )
    op.create_table(
        "bounces",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("subscriber_id", Words, nullable=False),
        sa.Column("issue_id", Words, nullable=False),
        sa.Column("status", Words, nullable=False),
        sa.Column("weight", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "subscriber_id", "issue_id", name=op.f("pk_bounces")),
        sa.ForeignKeyConstraint(
            ["newsletter_id", "issue_id", "subscriber_id"],
            ["deliveries.newsletter_id", "deliveries.issue_id", "deliveries.subscriber_id"],
            name=op.f("fk_bounces_deliveries"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "letters",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("message_key", Words, nullable=False),
        sa.Column("handled_at", Moment, nullable=False),
        sa.Column("topic", Words, nullable=False),
        sa.Column("words", Words, nullable=False),
        sa.Column("links", Words, nullable=False),
        sa.Column("wants_to_leave", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "message_key", name=op.f("pk_letters")),
        sqlite_strict=True,
    )
