"""Who was asked whether they want the newsletter, and how often a reader's server said "later"."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "people_0005"
down_revision = "people_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "askings",
        sa.Column("newsletter_id", Words, nullable=False),
        sa.Column("address_key", Words, nullable=False),
        sa.Column("address", Words, nullable=False),
        sa.Column("token", Words, nullable=False),
        sa.Column("locale", Words, nullable=False),
        sa.Column("audience", Words, nullable=False),
        sa.Column("timezone", Words, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("frequency", Words, nullable=False),
        sa.Column("wording", Words, nullable=False),
        sa.Column("language", Words, nullable=False),
        sa.Column("evidence", Words, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.PrimaryKeyConstraint("newsletter_id", "address_key", name=op.f("pk_askings")),
        sa.UniqueConstraint("newsletter_id", "token", name=op.f("uq_askings_newsletter_id_token")),
        sqlite_strict=True,
    )
    op.add_column("deliveries", sa.Column("retries", sa.Integer, nullable=False, server_default="0"))
