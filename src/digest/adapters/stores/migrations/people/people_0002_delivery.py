"""When each mail is due and was handed over, how often a reader wants mail, and the author's own copy."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Moment, Words

revision = "people_0002"
down_revision = "people_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns; what is there keeps its meaning."""
    frequency = sa.Column("frequency", Words, nullable=False, server_default="every")
    _add("subscribers", frequency)
    _add(
        "sendings",
        sa.Column("passed_over", sa.Integer, nullable=False, server_default="0"),
        sa.Column("canary_at", Moment),
    )
    _add(
        "deliveries",
        sa.Column("audience", Words, nullable=False, server_default=""),
        sa.Column("due_at", Moment),
        sa.Column("handed_at", Moment),
    )


def _add(table: str, *columns: sa.Column[Any]) -> None:
    # Made anew on SQLite, so that an upgraded table stands in the schema just as a new one does.
    recreate: Literal["always", "never"] = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    options = {"sqlite_strict": True}
    with op.batch_alter_table(table, recreate=recreate, table_kwargs=options) as batch:
        for column in columns:
            batch.add_column(column)
