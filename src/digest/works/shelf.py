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
    """What is known, by the keys under which an entry may be found again."""

    def __init__(self, source: Source, known: Sequence[Article], entries: Iterable[ParsedEntry]) -> None:
        mine = [article for article in known if article.source_key == source.key]
        others = [article for article in known if article.source_key != source.key]
        self._own = source.is_own
        self.names = {article.article_id for article in known}
        # A guid that several entries share says nothing (FreshRSS: such feeds are identified by the next key).
        self._guids = Counter(entry.guid for entry in entries if entry.guid)
        stored = Counter(article.guid for article in mine if article.guid)
        self._by_guid = {article.guid: article for article in mine if stored[article.guid] == 1}
        self._by_url = {key: article for article in mine if (key := url_key(article.text.url))}
        self._by_text = {
            content_identity(article.text.title, article.teaser): article
            for article in mine
            if not url_key(article.text.url)
        }
        self._other_urls = {key: article.article_id for article in others if (key := url_key(article.text.url))}
        self._other_dois = {article.doi: article.article_id for article in others if article.doi}

    def guid(self, entry: ParsedEntry) -> str:
        """Return the guid, if no other entry of the feed has it."""
        return entry.guid if self._guids[entry.guid] == 1 else ""

    def find(self, entry: ParsedEntry) -> Article | None:
        """Return the same article as it is stored."""
        found = self._by_guid.get(self.guid(entry)) if self.guid(entry) else None
        if found is not None and not _is_another(found, entry):
            return found
        if key := url_key(entry.url):
            return self._by_url.get(key)
        return None if self.guid(entry) else self._by_text.get(content_identity(title_of(entry), entry.text))

    def elsewhere(self, entry: ParsedEntry) -> str:
        """Return the id under which another source brought this entry, or an empty text."""
        if self.find(entry) is not None:
            return ""
        by_doi = self._other_dois.get(entry.doi, "") if entry.doi and not self._own else ""
        return self._other_urls.get(url_key(entry.url), "") or by_doi

    def add(self, article: Article, entry: ParsedEntry) -> None:
        """Take a new article in, so that the feed's later entries meet it."""
        self.names.add(article.article_id)
        if article.guid:
            self._by_guid[article.guid] = article
        if key := url_key(article.text.url):
            self._by_url[key] = article
        else:
            self._by_text[content_identity(article.text.title, entry.text)] = article


def _is_another(article: Article, entry: ParsedEntry) -> bool:
    """Whether a guid came back with everything else changed: then the feed uses it for whatever is newest."""
    return (
        url_key(article.text.url) != url_key(entry.url)
        and article.text.title != title_of(entry)
        and article.teaser != entry.text
        and (article.published is None or article.published != entry.published)
    )
