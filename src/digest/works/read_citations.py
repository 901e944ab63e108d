"""From a text to its cited studies with what came of looking each up."""

import re
from collections.abc import Iterable

from digest.models.article import Citation
from digest.models.resolution import AskAuthor, Confirmed, Resolution
from digest.models.work import Work
from digest.works.align import titles_within
from digest.works.candidates import Candidates
from digest.works.citations import citations_in
from digest.works.resolve import resolve

_GOES_ON = re.compile(r"(?<=[a-zà-ÿ,])[ \t]*\n[ \t]*(?!https?:|www\.|doi|d[aeio]s? [A-ZÀ-Þ]|v[ao]n )(?=[a-zà-ÿ(&])")
"""A line that ends in the middle of a sentence and goes on in small letters was broken to fit a width."""

_YEAR = re.compile(r"\b(?:1[89]|20)\d{2}")
LONGEST_TEXT = 1_000_000


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the lines of a plain text, broken ones joined."""
    whole = _GOES_ON.sub(" ", text[:LONGEST_TEXT].replace("\r\n", "\n"))
    return tuple(line.strip() for line in whole.splitlines() if line.strip())


def read_citations(lines: Iterable[str], candidates: Candidates) -> tuple[tuple[Citation, Resolution], ...]:
    """Return each citation of a text with its resolution, in order, no work twice."""
    read = [(" ".join(line.split())) for line in lines]
    found = [(citation, resolve(citation, candidates)) for citation in citations_in(read)]
    known = {_name(result.work) for _, result in found if isinstance(result, Confirmed)}
    # Where the author gave a DOI of her own, a title beside it must not bring in another one.
    known |= {
        _name(work)
        for citation, result in found
        if citation.doi and isinstance(result, AskAuthor)
        for work in result.works
    }
    whole = {citation.text for citation, result in found if isinstance(result, Confirmed)}
    for line in read:
        if line in whole and len(_YEAR.findall(line)) == 1:
            continue
        for citation, _, _ in titles_within(line, candidates):
            result = resolve(citation, candidates)
            if isinstance(result, Confirmed) and _name(result.work) not in known:
                known.add(_name(result.work))
                found = [pair for pair in found if not _is_less_of(pair, citation)]
                found.append((citation, result))
    return tuple(_each_work_once(found))


def _is_less_of(pair: tuple[Citation, Resolution], whole: Citation) -> bool:
    """Whether a citation that could not be confirmed is the same place of the text, read worse."""
    citation, result = pair
    if isinstance(result, Confirmed) or citation.doi:
        return False
    return citation.year == whole.year and (citation.text in whole.text or whole.title in citation.text)


def _each_work_once(found: list[tuple[Citation, Resolution]]) -> Iterable[tuple[Citation, Resolution]]:
    seen: set[str] = set()
    for citation, result in found:
        name = _name(result.work) if isinstance(result, Confirmed) else ""
        if name not in seen:
            yield citation, result
        if name:
            seen.add(name)


def _name(work: Work) -> str:
    return work.doi or f"{work.title} {work.years}"
