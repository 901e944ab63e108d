"""Studies that readers suggest: what a letter links to, and nothing of its words. Pure."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from digest.models.article import Article, ArticleText, Citation
from digest.models.inbox import Writes
from digest.works.identity import dois_in, study_named_by

SUGGESTED = "suggestions"
"""Section and source of what readers suggest."""

_MOST_A_LETTER = 3
_MOST = 30
"""Anybody can write a letter: the newest ones count."""


def studies_suggested(letters: Iterable[Writes]) -> tuple[str, ...]:
    """Return the names of the studies (`doi:10.5555/1`, `pmid:1`) that letters lead to, the newest letter first."""
    named = (name for letter in letters if not letter.wants_to_leave for name in list(_named(letter))[:_MOST_A_LETTER])
    return tuple(dict.fromkeys(named))[:_MOST]


def suggestion(name: str, newsletter_id: str, now: datetime) -> Article:
    """Return a study as somebody suggests it: its record is looked up like that of any other."""
    kind, _, value = name.partition(":")
    is_doi = kind == "doi"
    address = (
        f"https://doi.org/{value}"
        if is_doi
        else f"https://europepmc.org/article/{'MED' if kind == 'pmid' else 'PMC'}/{value}"
    )
    return Article(
        article_id=f"suggested-{hashlib.sha256(name.encode()).hexdigest()[:12]}",
        newsletter_id=newsletter_id,
        source_key=SUGGESTED,
        section=SUGGESTED,
        guid=name,
        authors=(),
        published=None,
        first_seen=now,
        rights="third-party",
        text=ArticleText(url=address, language="", title=value),
        doi=value if is_doi else None,
        citations=(Citation(text="", authors="", title="", year=None, doi=value if is_doi else None),),
        completed=True,
    )


def _named(letter: Writes) -> Iterator[str]:
    found = [*(study_named_by(link) for link in letter.links), *(f"doi:{doi}" for doi in dois_in(letter.text))]
    # Names leave the list of readers: nobody's address may hide in one.
    yield from (name for name in found if name and "@" not in name)
