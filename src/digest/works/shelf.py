"""Which stored article an entry of a feed is, if any (DESIGN, "Identity of a work")."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from digest.models.article import Article
from digest.models.feed import ParsedEntry
from digest.models.source import Source
from digest.works.identity import content_identity, public_url, url_key

_TITLE_WORDS = 10


def title_of(entry: ParsedEntry) -> str:
    """Return the title, or the first words of the text, or the last part of the address; empty for an empty entry."""
    words = entry.text.split()
    begin = " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")
    last_part = public_url(entry.url).rsplit("/", maxsplit=1)[-1] if url_key(entry.url) else ""
    return entry.title or begin or last_part


def content_sha256(entry: ParsedEntry) -> str:
    """Hash what the feed says about an entry; its address may carry parameters that change at every fetch."""
    said = "\0".join((entry.title, entry.text, *entry.authors))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


class Shelf:
    """What is known, by the keys under which an entry may be found again.

    A guid or an address that entries of different titles share says nothing about either (feeds that link to their home
    page, or number nothing); such an entry is known by the next key.
    """

    def __init__(self, source: Source, known: Sequence[Article], entries: Iterable[ParsedEntry]) -> None:
        mine = [article for article in known if article.source_key == source.key]
        others = [article for article in known if article.source_key != source.key]
        titled = [(entry, title_of(entry)) for entry in entries]
        self._own = source.is_own
        self.names = {article.article_id for article in known}
        self._shared_guids = _shared((entry.guid, title) for entry, title in titled)
        self._shared_urls = _shared((url_key(entry.url), title) for entry, title in titled)
        self._by_guid = _single((article.guid, article) for article in mine)
        self._by_url = _single((url_key(article.text.url), article) for article in mine)
        self._by_text = {content_identity(article.text.title, article.teaser): article for article in mine}
        self._other_urls = {url_key(article.text.url): article.article_id for article in others}
        self._other_dois = {article.doi: article.article_id for article in others if article.doi}

    def guid(self, entry: ParsedEntry) -> str:
        """Return the entry's guid, if it is its own."""
        return "" if entry.guid in self._shared_guids else entry.guid

    def url_key(self, entry: ParsedEntry) -> str:
        """Return the key of the entry's address, if it is its own."""
        key = url_key(entry.url)
        return "" if key in self._shared_urls else key

    def find(self, entry: ParsedEntry) -> Article | None:
        """Return the same article as it is stored."""
        guid, key = self.guid(entry), self.url_key(entry)
        by_guid = self._by_guid.get(guid) if guid else None
        if by_guid is not None and (url_key(by_guid.text.url) == key or not _all_differs(by_guid, entry)):
            return by_guid
        by_url = self._by_url.get(key) if key else None
        if by_url is not None and (not guid or not by_url.guid or not _all_differs(by_url, entry)):
            return by_url
        return None if guid or key else self._by_text.get(content_identity(title_of(entry), entry.text))

    def elsewhere(self, entry: ParsedEntry) -> str:
        """Return the id under which another source brought this entry, or an empty text."""
        key = self.url_key(entry)
        by_url = self._other_urls.get(key, "") if key else ""
        by_doi = self._other_dois.get(entry.doi, "") if entry.doi and not self._own else ""
        return "" if self.find(entry) else by_url or by_doi

    def add(self, article: Article, entry: ParsedEntry) -> None:
        """Take a new article in, so that the feed's later entries meet it."""
        self.names.add(article.article_id)
        self._by_text[content_identity(article.text.title, entry.text)] = article
        if guid := self.guid(entry):
            self._by_guid[guid] = article
        if key := self.url_key(entry):
            self._by_url[key] = article


def _shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Return the keys that go with more than one title."""
    titles: dict[str, set[str]] = {}
    for key, title in pairs:
        titles.setdefault(key, set()).add(title)
    return {key for key, found in titles.items() if len(found) > 1}


def _single(pairs: Iterable[tuple[str, Article]]) -> dict[str, Article]:
    """Return the articles by those keys that only one of them has."""
    listed = list(pairs)
    counts = Counter(key for key, _ in listed)
    return {key: article for key, article in listed if key and counts[key] == 1}


def _all_differs(article: Article, entry: ParsedEntry) -> bool:
    """Whether nothing but one key is the same: then the feed uses that key for whatever is newest."""
    return (
        article.text.title != title_of(entry)
        and article.teaser != entry.text
        and (article.published is None or article.published != entry.published)
    )
