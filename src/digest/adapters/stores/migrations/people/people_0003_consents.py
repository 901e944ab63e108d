"""Proof of consent moves to rows of its own: who agreed to what, in which words, and how that is known."""

import hashlib
from typing import Any, Literal

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "people_0003"
down_revision = "people_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, move what is there, and drop the two columns it stood in."""
    consents = op.create_table(
        "consents",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("subscriber_id", Words, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("how", Words, nullable=False),
        sa.Column("wording", Words, nullable=False),
        sa.Column("wording_sha256", Words, nullable=False),
        sa.Column("language", Words, nullable=False),
        sa.Column("asked_at", Moment),
        sa.Column("confirmed_at", Moment),
        sa.Column("evidence", Words, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("newsletter_id", "subscriber_id", "number", name=op.f("pk_consents")),
        sa.ForeignKeyConstraint(
            ["newsletter_id", "subscriber_id"],
            ["subscribers.newsletter_id", "subscribers.subscriber_id"],
            name=op.f("fk_consents_subscribers"),
        ),
        sa.CheckConstraint("how IN ('import', 'author', 'confirmed')", name=op.f("ck_consents_how")),
        sqlite_strict=True,
    )
    rows = [_moved(row) for row in op.get_bind().execute(_given()).mappings()]
    if rows:
        op.bulk_insert(consents, rows)
    recreate: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("subscribers", recreate=recreate, table_kwargs={"sqlite_strict": True}) as batch:
        batch.drop_column("consent_text")
        batch.drop_column("consent_at")


def _given() -> sa.Select[Any]:
    names = ("newsletter_id", "subscriber_id", "consent_text")
    moments = ("consent_at", "created_at")
    columns = [sa.column(name, Words) for name in names] + [sa.column(name, Moment) for name in moments]
    old = sa.table("subscribers", *columns)
    return old.select().where(sa.or_(old.c.consent_text != "", old.c.consent_at.is_not(None)))


def _moved(row: sa.RowMapping) -> dict[str, object]:
    wording = row["consent_text"]
    return {
        "newsletter_id": row["newsletter_id"],
        "subscriber_id": row["subscriber_id"],
        "number": 1,
        "how": "import",
        "wording": wording,
        "wording_sha256": hashlib.sha256(wording.encode()).hexdigest() if wording else "",
        "language": "",
        "asked_at": None,
        "confirmed_at": row["consent_at"],
        "evidence": "",
        "recorded_at": row["created_at"],
    }
