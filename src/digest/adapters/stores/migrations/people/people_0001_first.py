"""The first tables of `people`."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "people_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables: parents first."""
    _list_tables()
    _ledger_tables()


def _list_tables() -> None:
    op.create_table(
        "secrets",
        sa.Column("name", Words, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
        sqlite_strict=True,
    )
    op.create_table(
        "subscribers",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("subscriber_id", Words, nullable=False),
        sa.Column("address", Words),
        sa.Column("address_key", Words),
        sa.Column("token", Words, nullable=False),
        sa.Column("locale", Words, nullable=False),
        sa.Column("audience", Words, nullable=False),
        sa.Column("timezone", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("consent_text", Words, nullable=False),
        sa.Column("consent_at", Moment),
        sa.Column("status", Words, nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "subscriber_id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("newsletter_id", "address_key", name=op.f("uq_subscribers_newsletter_id_address_key")),
        sa.UniqueConstraint("newsletter_id", "token", name=op.f("uq_subscribers_newsletter_id_token")),
        sa.CheckConstraint("status IN ('active', 'unsubscribed', 'erased')", name=op.f("ck_subscribers_status")),
        sa.CheckConstraint(
            "status = 'erased' OR (address IS NOT NULL AND address_key IS NOT NULL)",
            name=op.f("ck_subscribers_address"),
        ),
        sqlite_strict=True,
    )
    op.create_table(
        "suppressions",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("address_key", Words, nullable=False),
        sa.Column("reason", Words, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "address_key", name=op.f("pk_suppressions")),
        sqlite_strict=True,
    )


def _ledger_tables() -> None:
    op.create_table(
        "sendings",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("issue_id", Words, nullable=False),
        sa.Column("fingerprint", Words, nullable=False),
        sa.Column("frozen_at", Moment, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "issue_id", name=op.f("pk_sendings")),
        sqlite_strict=True,
    )
    op.create_table(
        "deliveries",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("issue_id", Words, nullable=False),
        sa.Column("subscriber_id", Words, nullable=False),
        sa.Column("batch_no", sa.Integer, nullable=False),
        sa.Column("locale", Words, nullable=False),
        sa.Column("state", Words, nullable=False),
        sa.Column("token", Words, nullable=False),
        sa.Column("run_id", Words, nullable=False),
        sa.Column("reply", Words, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "issue_id", "subscriber_id", name=op.f("pk_deliveries")),
        sa.ForeignKeyConstraint(
            ["newsletter_id", "issue_id"],
            ["sendings.newsletter_id", "sendings.issue_id"],
            name=op.f("fk_deliveries_sendings"),
        ),
        sa.ForeignKeyConstraint(
            ["newsletter_id", "subscriber_id"],
            ["subscribers.newsletter_id", "subscribers.subscriber_id"],
            name=op.f("fk_deliveries_subscribers"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'handing', 'sent', 'failed', 'suppressed', 'uncertain')",
            name=op.f("ck_deliveries_state"),
        ),
        sqlite_strict=True,
        postgresql_with={"fillfactor": 50},
    )
    columns = ("newsletter_id", "issue_id", "batch_no")
    op.create_index(op.f("ix_deliveries_newsletter_id_issue_id_batch_no"), "deliveries", columns)
    op.create_index(op.f("ix_deliveries_newsletter_id_token"), "deliveries", ("newsletter_id", "token"))
    op.create_table(
        "runs",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("run_id", Words, nullable=False),
        sa.Column("started", Moment, nullable=False),
        sa.Column("finished", Moment),
        sa.PrimaryKeyConstraint("newsletter_id", "run_id", name=op.f("pk_runs")),
        sqlite_strict=True,
    )
