"""The terms of the glossary as an engine needs them: those that a text holds, in one direction."""

import re
from functools import cache

from digest.models.engine import Term
from digest.models.glossary import Glossary
from digest.text.language import primary_subtag

_ENDING = r"\w{0,3}"
"""Plural and gender endings that a term may have."""


def terms_in(text: str, glossary: Glossary, language: str, locale: str) -> tuple[Term, ...]:
    """Return the terms that a text holds, in the order of the glossary; the first form of the target is to be used."""
    lowered = text.casefold()
    return tuple(term for term in directed(glossary, language, locale) if _pattern(term.source).search(lowered))


@cache
def directed(glossary: Glossary, language: str, locale: str) -> tuple[Term, ...]:
    """Return all terms from one language into another; none for other languages than the glossary's two."""
    pair = (primary_subtag(language), primary_subtag(locale))
    if pair == ("en", "pt"):
        return tuple(Term(source=form, target=one.pt[0]) for one in glossary.terms if one.pt for form in one.en)
    if pair == ("pt", "en"):
        return tuple(Term(source=form, target=one.en[0]) for one in glossary.terms if one.en for form in one.pt)
    return ()


@cache
def _pattern(form: str) -> re.Pattern[str]:
    words = (re.escape(word) + _ENDING for word in form.casefold().split())
    return re.compile(r"\b" + r"\s+".join(words) + r"\b")
