"""Rows of the ledger become small: what can be worked out is not stored, moments are numbers, one tree holds it all."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Instant, Words

revision = "people_0006"
down_revision = "people_0005"
branch_labels = None
depends_on = None

_KEPT = (
    "newsletter_id, issue_id, subscriber_id, locale, audience, state, run_id, reply, retries, token, due_at, handed_at"
)
# A row of the time before `handed_at` says by its last change when it left.
_HANDED = "CASE WHEN state IN ('sent', 'failed', 'uncertain') THEN coalesce(handed_at, changed_at) ELSE handed_at END"


def upgrade() -> None:
    """Carry every row over; tokens that are stored stay, for they are in mails that readers have."""
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite()
    else:
        _on_postgresql()


def _on_sqlite() -> None:
    op.drop_index(op.f("ix_deliveries_newsletter_id_issue_id_batch_no"), "deliveries")
    op.drop_index(op.f("ix_deliveries_newsletter_id_token"), "deliveries")
    op.create_table(
        "small_deliveries",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("issue_id", Words, nullable=False),
        sa.Column("subscriber_id", Words, nullable=False),
        sa.Column("locale", Words, nullable=False),
        sa.Column("audience", Words, nullable=False, server_default=""),
        sa.Column("state", Words, nullable=False),
        sa.Column("run_id", Words, nullable=False),
        sa.Column("reply", Words, nullable=False),
        sa.Column("retries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("token", Words),
        sa.Column("due_at", Instant),
        sa.Column("handed_at", Instant),
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
        sqlite_with_rowid=False,
    )
    values = _KEPT.replace("due_at, handed_at", f"{_milliseconds('due_at')}, {_milliseconds(_HANDED)}")
    op.execute(f"INSERT INTO small_deliveries ({_KEPT}) SELECT {values} FROM deliveries")  # noqa: S608  fixed names
    op.drop_table("deliveries")
    op.rename_table("small_deliveries", "deliveries")
    op.create_index(
        op.f("ix_deliveries_newsletter_id_token"),
        "deliveries",
        ["newsletter_id", "token"],
        sqlite_where=sa.text("token IS NOT NULL"),
    )


def _milliseconds(moment: str) -> str:
    return f"CAST(round((julianday({moment}) - 2440587.5) * 86400000) AS INTEGER)"


def _on_postgresql() -> None:
    op.drop_index(op.f("ix_deliveries_newsletter_id_issue_id_batch_no"), "deliveries")
    op.drop_index(op.f("ix_deliveries_newsletter_id_token"), "deliveries")
    op.execute(f"UPDATE deliveries SET handed_at = {_HANDED} WHERE handed_at IS NULL")  # noqa: S608  fixed names
    op.alter_column("deliveries", "token", existing_type=Words, nullable=True)
    op.drop_column("deliveries", "batch_no")
    op.drop_column("deliveries", "changed_at")
    op.create_index(
        op.f("ix_deliveries_newsletter_id_token"),
        "deliveries",
        ["newsletter_id", "token"],
        postgresql_where=sa.text("token IS NOT NULL"),
    )
