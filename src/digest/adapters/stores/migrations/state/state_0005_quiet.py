"""What a feed itself says about when it wants to be asked, which a 304 does not repeat."""

import sqlalchemy as sa
from alembic import op

from digest.adapters.stores.column_types import Words

revision = "state_0005"
down_revision = "state_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("source_caches", sa.Column("pause_seconds", sa.Integer, nullable=False, server_default="0"))
    op.add_column("source_caches", sa.Column("quiet", Words, nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("source_caches", "quiet")
    op.drop_column("source_caches", "pause_seconds")
