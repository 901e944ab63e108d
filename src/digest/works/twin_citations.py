"""How the author's own translation of a post names the studies that the post cites."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from digest.models.article import Citation
from digest.works.citations import citations_in


def with_translations(citations: Sequence[Citation], language: str, lines: Iterable[str]) -> tuple[Citation, ...]:
    """Pair the citations of a post with those of its translation; `lines` are the translation's.

    Two name the same study where they have the same DOI, or stand at the same place among those of one year and the
    translation has as many of that year. What can not be paired stays as it is.
    """
    theirs = [citation for citation in citations_in(lines) if citation.text]
    return tuple(_paired(citation, citations, theirs, language) for citation in citations)


def _paired(citation: Citation, mine: Sequence[Citation], theirs: Sequence[Citation], language: str) -> Citation:
    same = [other for other in theirs if citation.doi and other.doi == citation.doi]
    if not same and citation.year is not None:
        ours = [other for other in mine if other.year == citation.year]
        of_year = [other for other in theirs if other.year == citation.year]
        same = [of_year[ours.index(citation)]] if len(of_year) == len(ours) else []
    if not same or not citation.text or same[0].text == citation.text:
        return citation
    return replace(citation, translations=((language, same[0].text),))
