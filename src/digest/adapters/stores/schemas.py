"""The two databases: their migrations, and what their tables have in common.

`state` is what hostile feeds bring; `people` is guarded like a medical file. They never share a file or a schema.
"""

from functools import partial
from typing import Final, Literal

from sqlalchemy import MetaData, Table

Schema = Literal["state", "people"]

REVISIONS: Final[dict[Schema, tuple[str, ...]]] = {
    "state": ("state_0001", "state_0002", "state_0003", "state_0004", "state_0005"),
    "people": ("people_0001", "people_0002", "people_0003", "people_0004", "people_0005", "people_0006", "people_0007"),
}
"""Every migration, oldest first; said here so that an up-to-date database is opened without importing Alembic."""

strict = partial(Table, sqlite_strict=True)

# Names are written out because a migration can only drop a constraint that has one.
_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

state_metadata = MetaData(naming_convention=_NAMES)
people_metadata = MetaData(naming_convention=_NAMES)
