"""What a page says about its article: title, authors, date, picture with credit, translations."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

from digest.adapters.sources import dates, fragments, page_signs
from digest.adapters.sources.feed_fields import language_tag
from digest.adapters.sources.html_tree import base_of, described_object, line
from digest.adapters.sources.page_pictures import lead_image
from digest.models.article import Alternate, ArticleText, Image
from digest.models.feed import ParsedPage
from digest.works.identity import normalise_doi, url_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# To search each line by the pattern takes as long as the rest of the page.
_MARKED = f".//text()[{' or '.join(f'contains(., {mark!r})' for mark in ('©', '(c)', '(C)', 'opyright', 'OPYRIGHT'))}]"
_LINES = frozenset(["p", "small", "span", "div", "footer", "li", "td"])
_COPYRIGHT = re.compile(r"(?:©|\(c\)\s*(?=\d{4})|\bcopyright\b)[^·•|\n]{0,160}", re.IGNORECASE)
_BYLINE_CLASS = re.compile(r"\b(?:byline|post-author|entry-author|article-author|author-name|entry-meta|post-meta)\b")
_BYLINE_TEXT = re.compile(r"(?i:(?:written |posted )?by|(?:escrito |postado )?por|de)\s+[A-ZÀ-ÖØ-Þ]")
JSON_LD, WORDS = "JSON-LD", "the page's own words"
"""Where a fact was found."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_ARTICLE_TYPES = ("Article", "BlogPosting", "NewsArticle", "ScholarlyArticle", "Report", "SocialMediaPosting")
_LONGEST_LINE = 200

_MOST_CATEGORIES, _MOST_AUTHORS, _MOST_ALTERNATES = 20, 50, 100


@dataclass(frozen=True, slots=True)
class Facts:
    """A parsed page with what is looked up in it again and again; what is found comes with where it was."""

    root: "HtmlElement"
    article: "HtmlElement"
    """The element that holds the article, else the whole page."""
    url: str
    base: str
    """What the links of the page are relative to."""
    described: Mapping[str, Any]
    """Its JSON-LD object (schema.org), or nothing."""
    metas: tuple[tuple[str, str], ...]
    """(name in small letters, content) of its `meta` elements."""

    @classmethod
    def of(cls, root: "HtmlElement", url: str) -> "Facts":
        """Look around in a page."""
        metas, described = tuple(_meta_elements(root)), described_object(root, _ARTICLE_TYPES)
        return cls(root, _article_element(root), url, base_of(root, url), described, metas)

    def as_page(self) -> ParsedPage:
        """Return all facts, without the text of the article."""
        title, authors, published, updated = self.title(), self.authors(), self.published(), self.updated()
        language, url, categories = self.language(), self.canonical(), self.categories()
        image, doi, byline, alternates = self.image(), self.doi(), self.byline(), self.alternates()
        copyright_line = self.copyright()
        origins = {
            "title": title[1],
            "authors": authors[1],
            "published": published[1],
            "language": language[1],
            "alternates": "hreflang" if alternates else "",
            "doi": doi[1],
            "url": url[1],
            "updated": updated[1],
            "categories": categories[1],
            "image": image[1],
            "byline": WORDS if byline else "",
            "copyright": WORDS if copyright_line else "",
        }
        return ParsedPage(
            text=ArticleText(
                url=url[0],
                language=language[0],
                title=title[0],
                categories=categories[0],
                byline=byline,
                image=image[0],
                copyright=copyright_line,
            ),
            authors=authors[0],
            published=published[0],
            updated=updated[0],
            alternates=alternates,
            doi=doi[0],
            origins=tuple(origins.items()),
        )

    def title(self) -> tuple[str, str]:
        """Return the headline: JSON-LD, Open Graph, first h1, title element."""
        site = self._meta("og:site_name")
        candidates = (
            (_text(self.described.get("headline")), JSON_LD),
            (_without_site(self._meta("og:title"), site), "og:title"),
            (page_signs.title_of(self.article), WORDS),
            (_without_site(fragments.one_line(self.root.findtext(".//title") or ""), site), "title"),
        )
        text, origin = next((one for one in candidates if one[0]), ("", ""))
        return text[:1_000], origin

    def authors(self) -> tuple[tuple[str, ...], str]:
        """Return the names of the authors, without addresses."""
        given = self.described.get("author")
        people = given if isinstance(given, list) else [given]
        said = (_text(person.get("name")) if isinstance(person, dict) else _text(person) for person in people)
        candidates = (
            (said, JSON_LD),
            (self._metas("citation_author"), "citation_author"),
            (self._metas("dc.creator"), "dc.creator"),
            (self._metas("author"), "author"),
            (page_signs.authors_of(self.article, self.byline()), WORDS),
        )
        for names, origin in candidates:
            clean = (name for name in names if name and "@" not in name and not fragments.is_web_address(name))
            if found := tuple(dict.fromkeys(clean))[:_MOST_AUTHORS]:
                return found, origin
        return (), ""

    def published(self) -> tuple[datetime | None, str]:
        """Return the date of publication as UTC."""
        metas = ("article:published_time", "citation_publication_date")
        named = ((self._meta(name).replace("/", "-"), name) for name in metas)
        shown = ((text, WORDS) for text in page_signs.dates_of(self.root, self.article))
        said = chain([(_text(self.described.get("datePublished")), JSON_LD)], named, shown)
        return self._first_moment(said, self.language()[0])

    def updated(self) -> tuple[datetime | None, str]:
        """Return the date of the last change as UTC."""
        name = "article:modified_time"
        return self._first_moment(
            [(_text(self.described.get("dateModified")), JSON_LD), (self._meta(name), name)], None
        )

    def language(self) -> tuple[str, str]:
        """Return the tag that the page declares, or an empty text."""
        declared = ((self.root.get("lang") or "", "html lang"), (self._meta("content-language"), "content-language"))
        said, origin = next((one for one in declared if one[0]), ("", ""))
        tag = language_tag(said) or ""
        return tag, origin if tag else ""

    def canonical(self) -> tuple[str, str]:
        """Return the page's own address, if it names one of the same site, else where it was found."""
        for link in self.root.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split():
                named = fragments.absolute(link.get("href") or "", self.base)
                if named and url_key(named).split("/")[0] == url_key(self.url).split("/")[0]:
                    return named, "link canonical"
        return self.url, "the address that was asked"

    def alternates(self) -> tuple[Alternate, ...]:
        """Return the page's translations (`rel="alternate" hreflang`, of links and anchors), itself included."""
        found = dict[str, Alternate]()
        for link in self.root.iter("link", "a"):
            # `pt_BR` is no tag and stands in many pages.
            tag = (link.get("hreflang") or "").strip().replace("_", "-")
            if not _TAG.fullmatch(tag) or "alternate" not in (link.get("rel") or "").lower().split():
                continue
            if url := fragments.absolute(link.get("href") or "", self.base):
                found.setdefault(tag, Alternate(language=tag, url=url))
        return tuple(found.values())[:_MOST_ALTERNATES]

    def categories(self) -> tuple[tuple[str, ...], str]:
        """Return the article's `rel="tag"` links, else its `article:tag` entries."""
        links = [line(link) for link in self.article.iter("a") if "tag" in (link.get("rel") or "").lower().split()]
        linked, named = dict.fromkeys(filter(None, links)), dict.fromkeys(self._metas("article:tag"))
        origin = "link tag" if linked else "article:tag" if named else ""
        return tuple(linked or named)[:_MOST_CATEGORIES], origin

    def byline(self) -> str:
        """Return the line that names the author, as the page prints it."""
        for element in self.article.iter("p", "div", "span", "address"):
            named = _BYLINE_CLASS.search(element.get("class") or "")
            text = line(element) if named or len(element) < 5 else ""  # noqa: PLR2004  a line, not a region
            if 0 < len(text) <= _LONGEST_LINE and (_BYLINE_TEXT.match(text) if not named else True):
                return text
        return ""

    def copyright(self) -> str:
        """Return the copyright line, the article's before the site's, without what is beside it."""
        for region in (self.article, self.root):
            for mark in region.xpath(_MARKED):
                short = [one for one in (mark.getparent(), *mark.getparent().iterancestors()) if _isline(one)]
                # The widest line, e.g. a footer, is what a reader sees as one.
                found = _COPYRIGHT.search(line(short[-1])) if short else None
                if found:
                    return found.group().strip(" .,-–—")
        return ""

    def image(self) -> tuple[Image | None, str]:
        """Return the article's lead picture, with its description and credit."""
        named = (self._meta("og:image"), self._meta("og:image:alt"))
        return lead_image(self.root, self.article, self.base, self.described, named)

    def doi(self) -> tuple[str | None, str]:
        """Return the DOI that the page declares for itself."""
        names = ("citation_doi", "prism.doi", "bepress_citation_doi", "dc.identifier", "dc.identifier.doi")
        said = ((text, name) for name in names for text in self._metas(name))
        return next(((doi, name) for text, name in said if (doi := normalise_doi(text))), (None, ""))

    def _first_moment(self, said: Iterable[tuple[str, str]], language: str | None) -> tuple[datetime | None, str]:
        found = ((dates.from_text(text, language), origin) for text, origin in said if text)
        return next((one for one in found if one[0]), (None, ""))

    def _meta(self, name: str) -> str:
        return next(self._metas(name), "")

    def _metas(self, *names: str) -> Iterator[str]:
        for name, content in self.metas:
            if name in names and (text := fragments.plain(content)):
                yield text


def _meta_elements(root: "HtmlElement") -> Iterator[tuple[str, str]]:
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv") or ""
        yield name.lower(), element.get("content") or ""


def _article_element(root: "HtmlElement") -> "HtmlElement":
    """The one `article` (or the longest of several), else `main`, else the page."""
    found = [element for element in root.iter("article") if element.getparent() is not None]
    outer = [element for element in found if not any(True for _ in element.iterancestors("article"))][:50]
    if outer:
        return max(outer, key=lambda element: len(element.text_content()))
    main = root.find(".//main")
    return main if main is not None else root


def _without_site(title: str, site: str) -> str:
    """Take ` | Site` from the end of a title."""
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        if site and title.endswith(f"{mark}{site}"):
            return title[: -len(mark) - len(site)].strip()
    return title


def _isline(element: "HtmlElement") -> bool:
    """Whether an element is a line or two, and no region."""
    return element.tag in _LINES and len(element) < 6 and len(element.text_content()) < 600  # noqa: PLR2004


def _text(value: object) -> str:
    return fragments.plain(value) if isinstance(value, str) else ""
