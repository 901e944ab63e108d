"""A citation in `issue.toml`: what the author wrote, what came of looking it up, and what she may decide.

To decide an `ask`, she sets `status = "confirmed"` and `doi` to one of the proposals, or `status = "not_found"`.
"""

from typing import get_args

from digest.adapters.stores.toml_tables import Table, inline, inline_texts, quoted
from digest.models.article import Citation, CitationStatus, Proposal

_KEYS = frozenset(
    {"text", "authors", "title", "year", "doi", "id", "journal", "status", "decided", "proposals", "translations"}
)
_PROPOSAL_KEYS = frozenset({"doi", "title", "authors", "year"})
_STATUSES: tuple[CitationStatus, ...] = get_args(CitationStatus)


def read_citation(table: Table) -> Citation:
    """Read one citation. Raises FileFormatError."""
    table.check_keys(_KEYS)
    return Citation(
        text=table.text("text"),
        authors=table.text("authors"),
        title=table.text("title"),
        year=table.number("year"),
        doi=table.optional("doi"),
        study_id=table.text("id"),
        journal=table.text("journal"),
        status=table.choice("status", _STATUSES, "unchecked"),
        by_author=table.text("decided") == "author",
        translations=table.pairs("translations"),
        proposals=tuple(_proposal(item) for item in table.tables("proposals")),
    )


def written_citation(citation: Citation) -> str:
    """Return one citation as an inline table; what is not known yet is left out."""
    asked = citation.status == "ask"
    return inline(
        {
            "text": quoted(citation.text) if citation.text else "",
            "authors": quoted(citation.authors) if citation.authors else "",
            "title": quoted(citation.title) if citation.title else "",
            "year": "" if citation.year is None else str(citation.year),
            "doi": "" if citation.doi is None else quoted(citation.doi),
            "id": quoted(citation.study_id) if citation.study_id else "",
            "journal": quoted(citation.journal) if citation.journal else "",
            "status": "" if citation.status == "unchecked" else quoted(citation.status),
            "translations": inline_texts(citation.translations) if citation.translations else "",
            "decided": quoted("author") if citation.by_author else "",
            "proposals": _array([_written_proposal(one) for one in citation.proposals]) if asked else "",
        }
    )


def _proposal(table: Table) -> Proposal:
    table.check_keys(_PROPOSAL_KEYS)
    return Proposal(
        doi=table.required("doi"), title=table.text("title"), authors=table.text("authors"), year=table.number("year")
    )


def _written_proposal(proposal: Proposal) -> str:
    return inline(
        {
            "doi": quoted(proposal.doi),
            "title": quoted(proposal.title),
            "authors": quoted(proposal.authors),
            "year": "" if proposal.year is None else str(proposal.year),
        }
    )


def _array(items: list[str]) -> str:
    return f"[{', '.join(items)}]" if items else ""
