"""What the machine remembers between runs: feed caches, articles, receipts."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Engine, MappingResult, Select, bindparam, select

from digest.adapters.stores import state_tables as tables
from digest.adapters.stores.database import WriteMany, transaction, upsert, write_many
from digest.adapters.stores.record_json import decode_record, encode_record
from digest.adapters.stores.upserts import driver_upsert
from digest.errors import FileFormatError
from digest.models.article import Article, Sighting
from digest.models.engine_use import EngineUse, summed
from digest.models.report import RunReceipt
from digest.models.source import FeedCache
from digest.works.identity import keys_of, keys_parted, name_key

_MOST_PARAMETERS = 500
_Record = TypeVar("_Record")


class StateStore:
    """SourceMemory, ArticleStore, HostMemory, and the receipts of the runs, on a database opened as `state`."""

    def __init__(self, engine: Engine) -> None:
        """Take an engine of `open_database(..., "state")`."""
        self._engine = engine
        self.broken_rows = 0
        """How often a row could not be read since this store was made. Such rows are left out and stay stored."""

    @property
    def engine(self) -> Engine:
        """The open database, for the stores that share it."""
        return self._engine

    def feed_caches(self, source_keys: Collection[str]) -> Mapping[str, FeedCache]:
        """Return what is remembered of each source, or an empty FeedCache."""
        found = {key: FeedCache(source_key=key) for key in source_keys}
        columns = tables.source_caches.c
        with transaction(self._engine, read_only=True) as connection:
            for keys in _parts(source_keys):
                rows = connection.execute(select(tables.source_caches).where(columns.source_key.in_(keys))).mappings()
                found |= {cache.source_key: cache for cache in self._caches(rows)}
        return found

    def _caches(self, rows: MappingResult) -> Iterator[FeedCache]:
        while True:
            try:
                row = rows.fetchone()
            except ValueError:  # somebody edited a moment
                self.broken_rows += 1
                continue
            if row is None:
                return
            yield FeedCache(**dict(row))

    def save_collected(self, caches: Sequence[FeedCache], articles: Sequence[Article]) -> None:
        """Store articles and the validators that brought them: both or neither, so that no 304 hides an article."""
        columns = [column.name for column in tables.source_caches.columns]
        rows = [{name: getattr(cache, name) for name in columns} for cache in caches]
        with transaction(self._engine) as connection:
            write = write_many(connection)
            self._store_articles(write, articles)
            if rows:
                write(*driver_upsert(self._engine.dialect, tables.source_caches, rows))

    def articles_of(self, newsletter_id: str, source_key: str) -> tuple[Article, ...]:
        """Return all readable articles of a source, oldest first seen first."""
        return _by_age(self._records(Article, _query_by_source(), {"owner": newsletter_id, "source": source_key}))

    def left_behind(self, newsletter_id: str, source_keys: Collection[str]) -> tuple[Article, ...]:
        """Return all readable articles of sources that are none of these."""
        columns = tables.articles.c
        query = select(columns.source_key).where(columns.newsletter_id == newsletter_id).distinct()
        with transaction(self._engine, read_only=True) as connection:
            others = sorted(set(connection.scalars(query)) - set(source_keys))
        return _by_age(tuple(article for key in others for article in self.articles_of(newsletter_id, key)))

    def sightings(self, newsletter_id: str, keys: Collection[str]) -> Mapping[str, Sighting]:
        """Return which stored article has each of these keys, where one has."""
        named, other = keys_parted(keys)
        found: dict[str, Sighting] = {}
        with transaction(self._engine, read_only=True) as connection:
            for query, wanted in zip(_sighting_queries(), (other, named), strict=True):
                for part in _parts(wanted):
                    for key, article_id, source_key in connection.execute(
                        query, {"owner": newsletter_id, "part": part}
                    ):
                        asked_as = key if wanted is other else name_key(key)
                        found[asked_as] = Sighting(article_id=article_id, source_key=source_key)
        return found

    def host_pauses(self) -> Mapping[str, datetime]:
        """Return until when (UTC) hosts asked not to be asked."""
        with transaction(self._engine, read_only=True) as connection:
            return {row.host: row.until for row in connection.execute(select(tables.host_pauses))}

    def save_host_pause(self, host: str, until: datetime) -> None:
        """Remember that a host asked for a pause."""
        with transaction(self._engine) as connection:
            upsert(connection, tables.host_pauses, [{"host": host, "until": until}])

    def save_article(self, article: Article) -> None:
        """Store one article again."""
        with transaction(self._engine) as connection:
            self._store_articles(write_many(connection), [article])

    def articles(self, newsletter_id: str) -> tuple[Article, ...]:
        """Return all readable articles of a newsletter, oldest first seen first."""
        query = select(tables.articles.c.body).where(tables.articles.c.newsletter_id == newsletter_id)
        return _by_age(self._records(Article, query))

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

    def _store_articles(self, write: WriteMany, articles: Sequence[Article]) -> None:
        if not articles:
            return
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
        write(*driver_upsert(self._engine.dialect, tables.articles, rows))
        keys = [
            {"newsletter_id": article.newsletter_id, "key": key, "article_id": article.article_id}
            for article in articles
            for key in keys_of(article.text.url, article.doi)
        ]
        if keys:
            write(*driver_upsert(self._engine.dialect, tables.article_keys, keys, over=False))

    def save_uses(self, newsletter_id: str, issue_id: str, uses: Sequence[EngineUse]) -> None:
        """Add to what engines were asked for an issue."""
        if not uses:
            return
        columns = tables.engine_uses.c
        mine = (columns.newsletter_id == newsletter_id) & (columns.issue_id == issue_id)
        with transaction(self._engine) as connection:
            before = _uses(connection, select(tables.engine_uses).where(mine))
            sums = summed((*before.get(issue_id, ()), *uses))
            rows = [{"newsletter_id": newsletter_id, "issue_id": issue_id, **asdict(use)} for use in sums]
            upsert(connection, tables.engine_uses, rows)

    def uses(self, newsletter_id: str) -> Mapping[str, tuple[EngineUse, ...]]:
        """Return what engines were asked, by issue."""
        columns = tables.engine_uses.c
        query = select(tables.engine_uses).where(columns.newsletter_id == newsletter_id)
        with transaction(self._engine, read_only=True) as connection:
            return _uses(connection, query.order_by(columns.issue_id, columns.work, columns.engine))

    def _records(
        self, kind: type[_Record], query: Select[Any], values: Mapping[str, str] | None = None
    ) -> tuple[_Record, ...]:
        with transaction(self._engine, read_only=True) as connection:
            bodies = connection.scalars(query, values).all()
        found: list[_Record] = []
        for body in bodies:
            try:
                found.append(decode_record(kind, body))
            except FileFormatError:
                self.broken_rows += 1
        return tuple(found)


def _uses(connection: Connection, query: Select[Any]) -> dict[str, tuple[EngineUse, ...]]:
    found: dict[str, tuple[EngineUse, ...]] = {}
    for row in connection.execute(query):
        use = EngineUse(work=row.work, engine=row.engine, calls=row.calls, sent=row.sent, received=row.received)
        found[row.issue_id] = (*found.get(row.issue_id, ()), use)
    return found


@cache
def _query_by_source() -> Select[Any]:
    """Return the query for the articles of a source, which every source of a run is asked with."""
    columns = tables.articles.c
    mine = (columns.newsletter_id == bindparam("owner"), columns.source_key == bindparam("source"))
    return select(columns.body).where(*mine)


@cache
def _sighting_queries() -> tuple[Select[Any], Select[Any]]:
    """Return the queries by key and by id; to make them takes as long as to run them."""
    columns, known = tables.article_keys.c, tables.articles.c
    same = (columns.newsletter_id == known.newsletter_id) & (columns.article_id == known.article_id)
    by_key = select(columns.key, columns.article_id, known.source_key).join(tables.articles, same)
    by_name = select(known.article_id, known.article_id, known.source_key)
    part: BindParameter[Any] = bindparam("part", expanding=True)
    return (
        by_key.where(columns.newsletter_id == bindparam("owner"), columns.key.in_(part)),
        by_name.where(known.newsletter_id == bindparam("owner"), known.article_id.in_(part)),
    )


def _by_age(articles: Sequence[Article]) -> tuple[Article, ...]:
    return tuple(sorted(articles, key=lambda article: (article.first_seen, article.article_id)))


def _parts(keys: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Yield keys in lots that a statement of either database takes as parameters."""
    rest = iter(sorted(keys))
    while part := tuple(islice(rest, _MOST_PARAMETERS)):
        yield part
