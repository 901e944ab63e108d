"""Alembic runs this file for every migration; `runner` gives it the connection and the tables."""

from alembic import context

_given = context.config.attributes
context.configure(
    connection=_given["connection"],
    target_metadata=_given["metadata"],
    render_as_batch=True,
    # Our connections begin transactions themselves, so that SQLite undoes a failed migration as a whole, too.
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
