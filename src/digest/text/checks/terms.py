"""Checks of words: the author's glossary, and European Portuguese where Brazilian is meant."""

from collections.abc import Iterator

from digest.models.glossary import Glossary
from digest.models.message import N_
from digest.models.segment import Finding, Severity
from digest.text.checks.reading import Reading, Span
from digest.text.findings import found
from digest.text.glossary import Hit, forbidden_in, terms_in, uses_of


def glossary_terms(source: Reading, target: Reading, glossary: Glossary) -> Iterator[Finding]:
    """`glossary`: a forbidden word is an error where the source has its term, a missing preferred one a warning."""
    asked = _by_term(terms_in(glossary, source.text, source.language))
    used = _by_term(uses_of(glossary, target.text, target.language)) if asked else {}
    banned = _by_term(forbidden_in(glossary, target.text, target.language))
    for number, spans in banned.items():
        yield _forbidden(glossary, number, spans, asked.get(number, []), used.get(number, []), target)
    for number, spans in asked.items():
        if number not in used and number not in banned and _in(glossary, number, target.language):
            message = N_('The glossary has "%(preferred)s" for "%(term)s": write it so, or change the glossary.')
            preferred = _in(glossary, number, target.language)[0]
            words = source.text[slice(*spans[0])]
            yield found("glossary", "warning", message, source_at=spans, preferred=preferred, term=words)


def _forbidden(
    glossary: Glossary, number: int, spans: list[Span], asked: list[Span], used: list[Span], target: Reading
) -> Finding:
    words = ", ".join(target.text[start:end] for start, end in spans)
    preferred = "; ".join(_in(glossary, number, target.language)) or "-"
    # Where the term has its own word already, the forbidden one translates something else.
    stands_for_it = len(asked) > len(used) or not glossary.terms[number].en
    message = N_('The glossary forbids "%(forbidden)s" here: write "%(preferred)s".')
    if not stands_for_it:
        message = N_('The glossary forbids "%(forbidden)s" for a term it knows as "%(preferred)s": see what is meant.')
    severity: Severity = "error" if stands_for_it else "warning"
    return found("glossary", severity, message, source_at=asked, target_at=spans, forbidden=words, preferred=preferred)


def _by_term(hits: tuple[Hit, ...]) -> dict[int, list[Span]]:
    by_term: dict[int, list[Span]] = {}
    for hit in hits:
        by_term.setdefault(hit.term, []).append((hit.start, hit.end))
    return by_term


def _in(glossary: Glossary, number: int, language: str) -> tuple[str, ...]:
    term = glossary.terms[number]
    return {"en": term.en, "pt": term.pt}.get(language, ())
