"""What the machine remembers between runs: feed caches, articles, receipts."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, select

from digest.adapters.stores import tables
from digest.adapters.stores.database import transaction, upsert
from digest.adapters.stores.record_json import decode_record, encode_record
from digest.errors import FileFormatError
from digest.models.article import Article
from digest.models.report import RunReceipt
from digest.models.source import FeedCache

_Record = TypeVar("_Record")


class StateStore:
    """ArticleStore, and the receipts of the runs, on a database opened as `state`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "state")`."""
        self._engine = engine
        self.broken_rows = 0
        """How often a row could not be read since this store was made. Such rows are left out and stay stored."""

    def feed_cache(self, source_key: str) -> FeedCache:
        """Return what is remembered, or an empty FeedCache."""
        query = select(tables.feed_caches).where(tables.feed_caches.c.source_key == source_key)
        try:
            with transaction(self._engine, read_only=True) as connection:
                row = connection.execute(query).mappings().first()
        except ValueError:  # somebody edited the moment
            self.broken_rows += 1
            row = None
        return FeedCache(source_key=source_key) if row is None else FeedCache(**dict(row))

    def save_collected(self, cache: FeedCache, articles: Sequence[Article]) -> None:
        """Store articles and the validators that brought them: both or neither, so that no 304 hides an article."""
        row = {column.name: getattr(cache, column.name) for column in tables.feed_caches.columns}
        with transaction(self._engine) as connection:
            _store_articles(connection, articles)
            upsert(connection, tables.feed_caches, [row])

    def save_article(self, article: Article) -> None:
        """Store one article again."""
        with transaction(self._engine) as connection:
            _store_articles(connection, [article])

    def articles(self, newsletter_id: str) -> tuple[Article, ...]:
        """Return all readable articles of a newsletter, oldest first seen first."""
        query = select(tables.articles.c.body).where(tables.articles.c.newsletter_id == newsletter_id)
        found = self._records(Article, query)
        return tuple(sorted(found, key=lambda article: (article.first_seen, article.article_id)))

    def save_receipt(self, receipt: RunReceipt) -> None:
        """Store what a run did; the same run again replaces it."""
        columns = [column.name for column in tables.run_receipts.columns if column.name != "body"]
        row = {name: getattr(receipt, name) for name in columns}
        with transaction(self._engine) as connection:
            upsert(connection, tables.run_receipts, [{**row, "body": encode_record(receipt)}])

    def receipts(self, newsletter_id: str, limit: int) -> tuple[RunReceipt, ...]:
        """Return the readable ones among the newest `limit` receipts of a newsletter, newest first."""
        columns = tables.run_receipts.c
        query = select(columns.body).where(columns.newsletter_id == newsletter_id)
        return self._records(RunReceipt, query.order_by(columns.started.desc(), columns.run_id.desc()).limit(limit))

    def _records(self, kind: type[_Record], query: Select[Any]) -> tuple[_Record, ...]:
        with transaction(self._engine, read_only=True) as connection:
            bodies = connection.scalars(query).all()
        found: list[_Record] = []
        for body in bodies:
            try:
                found.append(decode_record(kind, body))
            except FileFormatError:
                self.broken_rows += 1
        return tuple(found)


def _store_articles(connection: Connection, articles: Sequence[Article]) -> None:
    rows = [
        {
            "newsletter_id": article.newsletter_id,
            "article_id": article.article_id,
            "source_key": article.source_key,
            "first_seen": article.first_seen,
            "content_sha256": article.content_sha256,
            # STRICT tables of SQLite know no boolean.
            "completed": int(article.completed),
            "body": encode_record(article),
        }
        for article in articles
    ]
    upsert(connection, tables.articles, rows)
