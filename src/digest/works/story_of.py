"""An article as a story of an issue: what its record says, and nothing else."""

from digest.models.article import Article, Citation
from digest.models.issue import Candidate, Reason, Story
from digest.models.message import N_
from digest.models.work import Work
from digest.works.apa import apa_line
from digest.works.evidence import READ, ReadFrom, label
from digest.works.suggested import SUGGESTED

_WHOLE_TEXT = 1_500
"""Words of a page from which it is the study itself and not its abstract."""


def story_of(article: Article, reasons: tuple[Reason, ...]) -> Story:
    """Return an article as a story without words yet."""
    own = article.rights == "own"
    return Story(
        key=article.article_id,
        kind="post" if own else "study",
        section=_section(article),
        article_id=article.article_id,
        url=article.text.url,
        language=article.text.language,
        title=article.text.title,
        authors=article.authors,
        published=article.published,
        categories=article.text.categories if own else (),
        journal=article.journal,
        doi=article.doi,
        image=article.text.image if own else None,
        copyright=article.text.copyright if own else "",
        comments_url=article.comments_url,
        citations=article.citations if own else _own_citation(article),
        titles=() if own or article.work is None else _titles(article.work),
        references=() if own or article.work is None else _references(article.work),
        free_url=article.work.free_url if article.work and not own else "",
        label=() if own else label_of(article),
        reasons=reasons,
    )


def _own_citation(article: Article) -> tuple[Citation, ...]:
    """A study cites itself: the facts of its record, nothing else."""
    year = article.published.year if article.published else None
    known_year = article.citations[0].year if article.citations else year
    return (
        Citation(
            text="",
            authors="; ".join(article.authors),
            title=article.text.title,
            year=known_year,
            doi=article.doi,
            journal=article.journal,
        ),
    )


def _titles(work: Work) -> tuple[tuple[str, str], ...]:
    """One title a language, where there are several."""
    titles = {title.language: title.text for title in reversed(work.titles) if title.language}
    return tuple(sorted(titles.items())) if len(titles) > 1 else ()


def _references(work: Work) -> tuple[tuple[str, str], ...]:
    return tuple((locale, apa_line(work, locale)) for locale in ("en", "pt_BR"))


def label_of(article: Article) -> tuple[Reason, ...]:
    """Only what the record says; what it does not say is said to be unknown (DESIGN, "Evidence labels")."""
    whole = sum(len(block.text.split()) for block in article.text.blocks) >= _WHOLE_TEXT
    if article.work:
        read: ReadFrom = "full text" if whole else "abstract" if article.work.abstracts else "record"
        return label(article.work, read_in=read)
    parts = [Reason(message=N_("Study design: not stated in the record"))]
    if article.journal:
        parts.append(Reason(message=N_("Published in %(journal)s"), values=(("journal", article.journal),)))
    parts.append(Reason(message=READ["full text"] if whole else N_("Read from the feed record only")))
    return tuple(parts)


def candidate_of(article: Article, *reasons: Reason) -> Candidate:
    """Return an article as one that was not chosen."""
    return Candidate(
        article_id=article.article_id,
        title=article.text.title,
        url=article.text.url,
        section=_section(article),
        published=article.published,
        reasons=reasons,
    )


def _section(article: Article) -> str:
    """What a reader suggested stands among the studies."""
    return "research" if article.section == SUGGESTED else article.section
