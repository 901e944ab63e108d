"""What a page says about its article: title, authors, date, picture with credit, translations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digest.adapters.sources import dates, fragments, page_signs
from digest.adapters.sources.feed_fields import language_tag
from digest.adapters.sources.html_tree import is_of_type, json_ld_objects
from digest.models.article import Alternate, Image
from digest.works.identity import normalise_doi, url_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CREDIT_WORD = r"(?:images?|imagem|imagens|photos?|photograph|fotos?|fotografia|picture|illustration|ilustra[cç][aã]o|credits?|cr[eé]ditos?)"
_CREDIT_BEGIN = re.compile(rf"^\s*{_CREDIT_WORD}(?:\s+(?:credits?|by|de|do|da|por))?\s*[:\-–—]\s*", re.IGNORECASE)
_CREDIT_INSIDE = re.compile(
    rf"(?:^|[.(|;·]\s*){_CREDIT_WORD}\s*(?:credits?)?\s*(?::|by\b|de\b|por\b)\s*", re.IGNORECASE
)
# To search each line by the pattern takes as long as the rest of the page.
_MARKED = f".//text()[{' or '.join(f'contains(., {mark!r})' for mark in ('©', '(c)', '(C)', 'opyright', 'OPYRIGHT'))}]"
_LINES = frozenset(["p", "small", "span", "div", "footer", "li", "td"])
_COPYRIGHT = re.compile(r"(?:©|\(c\)\s*(?=\d{4})|\bcopyright\b)[^·•|\n]{0,160}", re.IGNORECASE)
_BYLINE_CLASS = re.compile(r"\b(?:byline|post-author|entry-author|article-author|author-name|entry-meta|post-meta)\b")
_BYLINE_TEXT = re.compile(r"(?i:(?:written |posted )?by|(?:escrito |postado )?por|de)\s+[A-ZÀ-ÖØ-Þ]")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_ARTICLE_TYPES = ("Article", "BlogPosting", "NewsArticle", "ScholarlyArticle", "Report", "SocialMediaPosting")
_LONGEST_LINE = 200
_SMALLEST_PICTURE = 100
"""Pixels, where the page says them: smaller ones are portraits and buttons."""

_MOST_CATEGORIES, _MOST_AUTHORS, _MOST_ALTERNATES = 20, 50, 100


@dataclass(frozen=True, slots=True)
class Facts:
    """A parsed page with what is looked up in it again and again."""

    root: "HtmlElement"
    article: "HtmlElement"
    """The element that holds the article, else the whole page."""
    url: str
    described: dict[str, Any]
    """Its JSON-LD object (schema.org), or nothing."""
    metas: tuple[tuple[str, str], ...]
    """(name in small letters, content) of its `meta` elements."""

    @classmethod
    def of(cls, root: "HtmlElement", url: str) -> "Facts":
        """Look around in a page."""
        return cls(root, _article_element(root), url, _json_ld(root), tuple(_meta_elements(root)))

    def title(self) -> str:
        """Return the headline: JSON-LD, Open Graph, first h1, title element."""
        site = self._meta("og:site_name")
        candidates = (
            _text(self.described.get("headline")),
            _without_site(self._meta("og:title"), site),
            page_signs.title_of(self.article),
            _without_site(fragments.one_line(self.root.findtext(".//title") or ""), site),
        )
        return next((text for text in candidates if text), "")[:1_000]

    def authors(self) -> tuple[str, ...]:
        """Return the names of the authors, without addresses."""
        given = self.described.get("author")
        people = given if isinstance(given, list) else [given]
        names = [_text(person.get("name")) if isinstance(person, dict) else _text(person) for person in people]
        names = [name for name in names if name] or list(self._metas("citation_author", "dc.creator"))
        if not names:
            names = list(self._metas("author")) or list(page_signs.authors_of(self.article, self.byline()))
        clean = (name for name in names if "@" not in name and not fragments.is_web_address(name))
        return tuple(dict.fromkeys(clean))[:_MOST_AUTHORS]

    def published(self) -> datetime | None:
        """Return the date of publication as UTC."""
        said = (
            _text(self.described.get("datePublished")),
            self._meta("article:published_time"),
            self._meta("citation_publication_date").replace("/", "-"),
            *page_signs.dates_of(self.root, self.article),
        )
        return next((moment for text in said if text and (moment := dates.from_text(text, self.language()))), None)

    def updated(self) -> datetime | None:
        """Return the date of the last change as UTC."""
        said = (_text(self.described.get("dateModified")), self._meta("article:modified_time"))
        return next((moment for text in said if text and (moment := dates.from_text(text))), None)

    def language(self) -> str:
        """Return the tag that the page declares, or an empty text."""
        return language_tag(self.root.get("lang") or self._meta("content-language") or "") or ""

    def canonical(self) -> str:
        """Return the page's own address, if it names one of the same site, else where it was found."""
        for link in self.root.iter("link"):
            if "canonical" in (link.get("rel") or "").lower().split():
                named = fragments.absolute(link.get("href") or "", self.url)
                if named and url_key(named).split("/")[0] == url_key(self.url).split("/")[0]:
                    return named
        return self.url

    def alternates(self) -> tuple[Alternate, ...]:
        """Return the page's translations (`link rel="alternate" hreflang`), itself included."""
        found = dict[str, Alternate]()
        for link in self.root.iter("link"):
            tag = (link.get("hreflang") or "").strip()
            if not _TAG.fullmatch(tag) or "alternate" not in (link.get("rel") or "").lower().split():
                continue
            if url := fragments.absolute(link.get("href") or "", self.url):
                found.setdefault(tag, Alternate(language=tag, url=url))
        return tuple(found.values())[:_MOST_ALTERNATES]

    def categories(self) -> tuple[str, ...]:
        """Return the article's `rel="tag"` links, else its `article:tag` entries."""
        links = [_line(link) for link in self.article.iter("a") if "tag" in (link.get("rel") or "").lower().split()]
        return tuple(dict.fromkeys(filter(None, links or self._metas("article:tag"))))[:_MOST_CATEGORIES]

    def byline(self) -> str:
        """Return the line that names the author, as the page prints it."""
        for element in self.article.iter("p", "div", "span", "address"):
            named = _BYLINE_CLASS.search(element.get("class") or "")
            text = _line(element) if named or len(element) < 5 else ""  # noqa: PLR2004  a line, not a region
            if 0 < len(text) <= _LONGEST_LINE and (_BYLINE_TEXT.match(text) if not named else True):
                return text
        return ""

    def copyright(self) -> str:
        """Return the copyright line, the article's before the site's, without what is beside it."""
        for region in (self.article, self.root):
            for mark in region.xpath(_MARKED):
                short = [one for one in (mark.getparent(), *mark.getparent().iterancestors()) if _is_line(one)]
                # The widest line, e.g. a footer, is what a reader sees as one.
                found = _COPYRIGHT.search(_line(short[-1])) if short else None
                if found:
                    return found.group().strip(" .,-–—")
        return ""

    def image(self) -> Image | None:
        """Return the article's first picture of some size, with its description and credit."""
        for picture in self.article.iter("img"):
            url = fragments.absolute(_source(picture), self.url)
            if url and not _is_small(picture) and not _in_surroundings(picture, self.article):
                credit = _credit(page_signs.caption_of(picture))
                return Image(url=url, alt=fragments.one_line(picture.get("alt") or ""), credit=credit)
        url = fragments.absolute(_picture_address(self.described.get("image")) or self._meta("og:image"), self.url)
        return Image(url=url, alt=self._meta("og:image:alt"), credit="") if url else None

    def doi(self) -> str | None:
        """Return the DOI that the page declares for itself."""
        names = ("citation_doi", "prism.doi", "bepress_citation_doi", "dc.identifier", "dc.identifier.doi")
        return next((doi for text in self._metas(*names) if (doi := normalise_doi(text))), None)

    def origins(self, values: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
        """Return where `title`, `authors`, `published` and `updated` come from, as far as there are any."""
        described = {"title": "headline", "authors": "author", "published": "datePublished", "updated": "dateModified"}
        metas = {
            "title": ("og:title",),
            "authors": ("citation_author", "dc.creator", "author"),
            "published": ("article:published_time", "citation_publication_date"),
            "updated": ("article:modified_time",),
        }
        found = []
        for name, value in values.items():
            named = next((meta for meta in metas[name] if self._meta(meta)), "")
            origin = "JSON-LD" if self.described.get(described[name]) else named or "the page's own words"
            if value:
                found.append((name, origin))
        return tuple(found)

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


def _json_ld(root: "HtmlElement") -> dict[str, Any]:
    for item in json_ld_objects(root):
        if is_of_type(item, _ARTICLE_TYPES):
            return item
    return {}


def _without_site(title: str, site: str) -> str:
    """Take ` | Site` from the end of a title."""
    for mark in (" | ", " - ", " – ", " — ", " · ", " :: "):
        if site and title.endswith(f"{mark}{site}"):
            return title[: -len(mark) - len(site)].strip()
    return title


def _source(picture: "HtmlElement") -> str:
    for name in ("src", "data-src", "data-lazy-src", "data-original"):
        value = (picture.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return str(value)
    return str((picture.get("srcset") or picture.get("data-srcset") or "").strip().split(" ")[0])


def _is_small(picture: "HtmlElement") -> bool:
    sizes = (picture.get("width") or "", picture.get("height") or "")
    return any(size.isdigit() and int(size) < _SMALLEST_PICTURE for size in sizes)


def _in_surroundings(element: "HtmlElement", article: "HtmlElement") -> bool:
    for above in element.iterancestors():
        if above is article:
            return False
        if above.tag in {"nav", "aside", "form"} or re.search(
            r"comment|avatar|sidebar|related", above.get("class") or ""
        ):
            return True
    return False


def _picture_address(said: object) -> str:
    """Return the address in an `image` of schema.org: a text, an object, or a list of either."""
    first = said[0] if isinstance(said, list) and said else said
    url = first.get("url") if isinstance(first, dict) else first
    return url if isinstance(url, str) else ""


def _credit(caption: str) -> str:
    """Return who made the picture; a caption that does not say which part that is counts whole, so none is lost."""
    begin = _CREDIT_BEGIN.match(caption)
    if begin:
        return caption[begin.end() :].strip()
    inside = _CREDIT_INSIDE.search(caption)
    if inside:
        return caption[inside.end() :].strip(" .)") or caption
    return caption


def _is_line(element: "HtmlElement") -> bool:
    """Whether an element is a line or two, and no region."""
    return element.tag in _LINES and len(element) < 6 and len(element.text_content()) < 600  # noqa: PLR2004


def _line(element: "HtmlElement") -> str:
    return fragments.one_line(str(element.text_content()))


def _text(value: object) -> str:
    return fragments.plain(value) if isinstance(value, str) else ""
