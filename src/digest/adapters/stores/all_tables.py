"""All tables of both databases, for who makes or compares them."""

from typing import Final

from sqlalchemy import MetaData

from digest.adapters.stores import state_tables, tables
from digest.adapters.stores.schemas import Schema

METADATA: Final[dict[Schema, MetaData]] = {
    "state": state_tables.articles.metadata,
    "people": tables.subscribers.metadata,
}
