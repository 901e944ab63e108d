"""The ledger's states are checked one by one: a list makes SQLite build a table of it at every UPDATE of a mail."""

from alembic import op

revision = "people_0007"
down_revision = "people_0006"
branch_labels = None
depends_on = None

_CHECK = (
    "CASE state WHEN 'planned' THEN 1 WHEN 'claimed' THEN 1 WHEN 'handing' THEN 1 WHEN 'sent' THEN 1 "
    "WHEN 'failed' THEN 1 WHEN 'suppressed' THEN 1 WHEN 'uncertain' THEN 1 ELSE 0 END = 1"
)


def upgrade() -> None:
    """Copy the table of a SQLite file, which can not change a check; PostgreSQL's lists cost nothing."""
    if op.get_bind().dialect.name != "sqlite":
        return
    # Copied without its checks, which are not read back from the file, and with the new one.
    kept = {"sqlite_strict": True, "sqlite_with_rowid": False}
    with op.batch_alter_table("deliveries", recreate="always", table_kwargs=kept) as table:
        # What is read back from the file has brackets around it.
        table.alter_column("audience", server_default="")
        table.create_check_constraint(op.f("ck_deliveries_state"), _CHECK)
