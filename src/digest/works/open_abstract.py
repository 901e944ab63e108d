"""An abstract whose licence lets it be printed and translated, as the text of its article: CC0, CC BY, and no other.

CC BY-ND allows no translation, and every issue is read in two languages; CC BY-NC counts only for a newsletter that is
declared to be non-commercial. All other abstracts are for the author's eyes.
"""

import re
from dataclasses import replace

from digest.models.article import Article, ArticleText, Block, Rights
from digest.models.issue import Reason
from digest.models.message import N_
from digest.models.work import TextRights, Work, WorkText
from digest.works.rights import NAMES, Refused, may, rights_of

CREDIT = N_("Excerpts from the abstract by %(authors)s, licensed %(licence)s: %(url)s")
CREDIT_TRANSLATED = N_(
    "Excerpts from the abstract by %(authors)s, translated; the original is licensed %(licence)s: %(url)s"
)
CREDIT_CC0 = N_("Excerpts from the abstract")
_OPEN: dict[TextRights, Rights] = {"cc0": "cc0", "cc-by": "cc-by", "cc-by-nc": "cc-by"}
_URLS: dict[TextRights, str] = {
    "cc-by": "https://creativecommons.org/licenses/by/4.0/",
    "cc-by-nc": "https://creativecommons.org/licenses/by-nc/4.0/",
}
_LABEL = re.compile(r"^[^\W\d_][\w /&,-]{2,40}:\s+(?=\S)")
_AUTHORS_NAMED = 3


def with_open_abstract(article: Article, *, non_commercial: bool = False) -> Article:
    """Return a study with its open abstract as its text, and the abstract's own translation as its twin; else as it is."""
    if article.rights == "own" or article.work is None:
        return article
    work = article.work
    usable = [text for text in work.abstracts if _is_open(text, work, non_commercial=non_commercial)]
    first = next((text for text in usable if _same(text.language, article.text.language)), None)
    if first is None:
        return article
    other = next((text for text in usable if text.language and not _same(text.language, first.language)), None)
    return replace(
        article,
        rights=_OPEN[rights_of(first, work)],
        text=replace(article.text, blocks=_blocks(first)),
        twin=_twin(other, article) if other else None,
    )


def credit_of(article: Article) -> tuple[Reason, ...]:
    """Return the line that stands under an extract of a study's abstract; CC0 asks for no name."""
    work = article.work
    if article.rights not in {"cc0", "cc-by"} or work is None:
        return ()
    used = next((text for text in work.abstracts if _same(text.language, article.text.language)), None)
    rights = rights_of(used, work) if used else "unknown"
    if rights not in _URLS:
        return (Reason(message=CREDIT_CC0),)
    names = [person.family for person in work.authors[:_AUTHORS_NAMED]]
    more = " et al." if len(work.authors) > len(names) else ""
    authors = ", ".join(names) + more if names else work.journal or article.text.title
    url = work.licence_url if work.licence == rights and work.licence_url else _URLS[rights]
    return (Reason(message=CREDIT, values=(("authors", authors), ("licence", NAMES[rights]), ("url", url))),)


def as_translated(credit: Reason) -> Reason:
    """Return the line for an edition in another language."""
    return replace(credit, message=CREDIT_TRANSLATED) if credit.message == CREDIT else credit


def _is_open(text: WorkText, work: Work, *, non_commercial: bool) -> bool:
    rights = rights_of(text, work)
    uses = (
        may("print", rights, non_commercial=non_commercial),
        may("translate", rights, non_commercial=non_commercial),
    )
    return rights in _OPEN and not any(isinstance(use, Refused) for use in uses)


def _same(one: str, other: str) -> bool:
    return one.partition("-")[0].lower() == other.partition("-")[0].lower()


def _blocks(abstract: WorkText) -> tuple[Block, ...]:
    """Return the paragraphs; the labels of a structured abstract are no words of its sentences."""
    parts = [part.strip() for part in abstract.text.split("\n\n") if part.strip()]
    structured = len(parts) > 1 and all(_LABEL.match(part) for part in parts[:-1])
    return tuple(Block(kind="paragraph", text=_LABEL.sub("", part) if structured else part) for part in parts)


def _twin(abstract: WorkText, article: Article) -> ArticleText:
    titles = {title.language: title.text for title in (article.work.titles if article.work else ())}
    title = titles.get(abstract.language) or article.text.title
    return replace(article.text, language=abstract.language, title=title, blocks=_blocks(abstract), image=None)
