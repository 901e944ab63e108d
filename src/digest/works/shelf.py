"""Which stored article an entry of a feed is, if any (DESIGN, "Identity of a work")."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from digest.models.article import Article, Sighting
from digest.models.feed import ParsedEntry
from digest.models.source import Source
from digest.works.identity import article_names, content_identity, keys_of, name_key, public_url, url_key
from digest.works.shingles import contained

Key = TypeVar("Key")

_TITLE_WORDS = 10
_FEW_WORDS = 12
_ALIKE, _VERY_ALIKE = 0.6, 0.8
"""Share of the shorter text's word sequences that the other has, with and without the same date."""


def title_of(entry: ParsedEntry) -> str:
    """Return the title, or the first words of the text, or the last part of the address; empty for an empty entry."""
    if entry.title:
        return entry.title
    words = entry.text.split()
    begin = " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")
    last_part = public_url(entry.url).rsplit("/", maxsplit=1)[-1] if url_key(entry.url) else ""
    return begin or last_part


def content_sha256(entry: ParsedEntry) -> str:
    """Hash what the feed says about an entry; its address may carry parameters that change at every fetch."""
    said = "\0".join((entry.title, entry.text, *entry.authors))
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


class Shelf:
    """What is known, by the keys under which an entry may be found again.

    `mine` are the articles of the source itself and those of sources that the settings no longer name; `elsewhere` says
    which stored articles have the keys of `keys_wanted`. A guid or an address that entries of different titles share says
    nothing about either (feeds that link to their home page, or number nothing); such an entry is known by the next key.
    """

    def __init__(
        self,
        source: Source,
        mine: Sequence[Article],
        elsewhere: Mapping[str, Sighting],
        entries: Sequence[ParsedEntry],
    ) -> None:
        titled = [(entry, title_of(entry)) for entry in entries]
        self._own = source.is_own
        self._mine = {article.article_id for article in mine}
        self._names = self._mine | {key for key in elsewhere if key.startswith("id:")}
        self._elsewhere = elsewhere
        self._shared_guids = _shared((entry.guid, title) for entry, title in titled)
        self._shared_urls = _shared((url_key(entry.url), title) for entry, title in titled)
        self._by_guid = _single((article.guid, article) for article in mine)
        self._by_url = _single((url_key(article.text.url), article) for article in mine)
        self._by_text = {content_identity(article.text.title, article.teaser): article for article in mine}
        self._moved, self._renamed = self._unclaimed(mine, entries)

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
        if found := self._keyed(entry, guid, key):
            return found
        if not guid and not key:
            return self._by_text.get(content_identity(title_of(entry), entry.text))
        candidates = self._moved.get(normal_title(title_of(entry)), [])
        moved = next((article for article in candidates if same_post(article, entry)), None)
        return moved or self._renamed.get((entry.text, entry.published))

    def elsewhere(self, entry: ParsedEntry) -> str:
        """Return the id under which another source brought this entry, or an empty text."""
        address, doi = self.url_key(entry), entry.doi if entry.doi and not self._own else ""
        keys = (f"url:{address}" if address else "", f"doi:{doi}" if doi else "")
        seen = next((self._elsewhere[key].article_id for key in keys if key in self._elsewhere), "")
        return "" if not seen or seen in self._mine or self.find(entry) else seen

    def name(self, names: Sequence[str]) -> str:
        """Return the first of the names that no article has."""
        return next(
            (name for name in names[:-1] if name not in self._names and name_key(name) not in self._names), names[-1]
        )

    def add(self, article: Article, entry: ParsedEntry) -> None:
        """Take a new article in, so that the feed's later entries meet it."""
        self._names.add(article.article_id)
        self._by_text[content_identity(article.text.title, entry.text)] = article
        if guid := self.guid(entry):
            self._by_guid[guid] = article
        if key := self.url_key(entry):
            self._by_url[key] = article

    def _keyed(self, entry: ParsedEntry, guid: str, key: str) -> Article | None:
        by_guid = self._by_guid.get(guid) if guid else None
        if by_guid is not None and (url_key(by_guid.text.url) == key or not _all_differs(by_guid, entry)):
            return by_guid
        by_url = self._by_url.get(key) if key else None
        if by_url is not None and (not guid or not by_url.guid or not _all_differs(by_url, entry)):
            return by_url
        return None

    def _unclaimed(
        self, mine: Sequence[Article], entries: Iterable[ParsedEntry]
    ) -> tuple[dict[str, list[Article]], Mapping[tuple[str, datetime | None], Article]]:
        """Return the stored articles that no entry names by guid or address: they may have moved.

        By title, and by their whole text with the very date, for a blog may make guid and address anew of a new title.
        """
        claimed = set[str]()
        for entry in entries:
            found = self._keyed(entry, self.guid(entry), self.url_key(entry))
            if found:
                claimed.add(found.article_id)
        by_title: dict[str, list[Article]] = {}
        left = [article for article in mine if article.article_id not in claimed]
        for article in left:
            by_title.setdefault(normal_title(article.text.title), []).append(article)
        whole = [article for article in left if article.published and len(article.teaser.split()) >= _FEW_WORDS]
        return by_title, _single(((article.teaser, article.published), article) for article in whole)


def keys_wanted(entries: Iterable[ParsedEntry]) -> frozenset[str]:
    """Return the keys under which other sources may know these entries, and the names that they might get."""
    wanted = set[str]()
    for entry in entries:
        wanted.update(keys_of(entry.url, entry.doi))
        # The last name is nobody else's.
        wanted.update(name_key(name) for name in names_of(entry, entry.guid, url_key(entry.url))[:-1])
    return frozenset(wanted)


def names_of(entry: ParsedEntry, guid: str, key: str) -> tuple[str, ...]:
    """Return the ids that an entry might get, best first."""
    title = title_of(entry)
    return article_names(guid, title, f"{guid}\n{key}" if guid or key else content_identity(title, entry.text))


def normal_title(title: str) -> str:
    """Return a title without case, accents' spelling and punctuation."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold()))


def same_post(article: Article, entry: ParsedEntry) -> bool:
    """Whether an entry of the same title under a new guid and a new address is the stored post, after a move.

    A regular column has one title too: the date has to be the same, or the text nearly so.
    """
    dated = article.published is not None and article.published == (entry.published or article.published)
    words = min(len(article.teaser.split()), len(entry.text.split()))
    if words < _FEW_WORDS:
        return article.teaser == entry.text or (dated and entry.published is not None)
    return contained(article.teaser, entry.text) >= (_ALIKE if dated else _VERY_ALIKE)


def _shared(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Return the keys that go with more than one title."""
    titles: dict[str, set[str]] = {}
    for key, title in pairs:
        titles.setdefault(key, set()).add(title)
    return {key for key, found in titles.items() if len(found) > 1}


def _single(pairs: Iterable[tuple[Key, Article]]) -> dict[Key, Article]:
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
