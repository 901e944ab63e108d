"""A sentence and its translation, compared: what is not said as it was said.

The checks are deterministic and independent of each other; what each is worth and how often it is wrong on good
translations is in docs/explanation. Severity: an `error` stands against an approval, a `warning` is shown.
"""

from collections.abc import Callable, Iterator

from digest.models.glossary import Glossary
from digest.models.segment import Finding
from digest.text.checks import claims, forms, number_checks, references, terms, variety
from digest.text.checks.reading import Reading, reading_of

Check = Callable[[Reading, Reading], Iterator[Finding]]

_CHECKS: tuple[Check, ...] = (
    forms.language,
    forms.length,
    forms.closing,
    number_checks.numbers,
    references.links,
    references.citations,
    claims.modal_negation,
    claims.negation,
    claims.hedging,
    claims.causal_shift,
    forms.doubled_words,
    forms.brackets,
    forms.double_space,
    variety.european,
    references.markup,
)


def check_pair(
    source: str, target: str, source_lang: str, target_lang: str, glossary: Glossary | None = None
) -> tuple[Finding, ...]:
    """Return what the checks find in a translation, in the order of the checks; never raises, whatever the texts hold.

    The languages are BCP 47 tags or locales (`en`, `pt-BR`, `pt_BR`). Spans count code points of the texts as given.
    An unchanged text has this one finding alone: it says everything else that is wrong with it.
    """
    said, made = reading_of(source, source_lang), reading_of(target, target_lang)
    missing = tuple(forms.whole(said, made))
    if not said.text.strip() or not made.text.strip():
        return missing
    same = tuple(forms.unchanged(said, made))
    if same:
        return (*missing, *same)
    found = [*missing]
    for check in _CHECKS:
        found += check(said, made)
    if glossary is not None and glossary.terms:
        found += terms.glossary_terms(said, made, glossary)
    return tuple(found)
