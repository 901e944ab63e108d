"""Checks of what limits a claim: negation, hedges, and association told as cause."""

from collections.abc import Iterator

from digest.models.message import N_
from digest.models.segment import Finding
from digest.text.checks import modality
from digest.text.checks.reading import Reading
from digest.text.findings import found


def modal_negation(source: Reading, target: Reading) -> Iterator[Finding]:
    """`modal_negation`: "may not be so" told as "can not be so"."""
    perhaps = modality.may_nots(source)
    if len(perhaps) <= len(modality.may_nots(target)):
        return
    # "It may be that this does not help" has its perhaps elsewhere.
    hedged = len(modality.hedges(target)) >= len(modality.hedges(source))
    flat = modality.can_nots(target) if hedged and target.language == "en" else modality.flat_denials(target)
    if len(flat) > len(modality.can_nots(source)):
        message = N_(
            'The source says that something may not be so, the translation that it can not: say "may not" ("pode não").'
        )
        yield found("modal_negation", "error", message, source_at=perhaps, target_at=flat)


def negation(source: Reading, target: Reading) -> Iterator[Finding]:
    """`negation`: a "not" that is on one side only."""
    said, made = modality.negations(source), modality.negations(target)
    if len(said) == len(made):
        # "Failed to" has its "not" in the word, and so has "incapaz".
        strong = () if made or modality.soft_negations(target) else modality.strong_denials(source)
        if strong:
            message = N_("A negation of the source is missing: see whether the sentence still says the same.")
            yield found("negation", "warning", message, source_at=strong)
        return
    difference = len(said) - len(made)
    soft = modality.soft_negations(target) - modality.soft_negations(source)
    if difference > max(0, soft):
        message = N_("A negation of the source is missing: see whether the sentence still says the same.")
        yield found("negation", "warning", message, source_at=said, target_at=made)
    elif -difference > max(0, -soft):
        message = N_("The translation denies something that the source does not deny: see whether it says the same.")
        yield found("negation", "warning", message, source_at=said, target_at=made)


def hedging(source: Reading, target: Reading) -> Iterator[Finding]:
    """`hedging`: the source says "may" or "can", the translation is sure."""
    said, made = modality.hedges(source), modality.hedges(target)
    weaker = max(0, modality.weak_hedges(target) - modality.weak_hedges(source))
    if said and not made:
        # "Nem sempre" says "may not always".
        weaker += len(modality.may_nots(target))
    # Where "may" is gone, the "pode" that is left may be that of a "can".
    if said and target.language == "pt":
        said = tuple(sorted((*said, *modality.abilities(source))))
    if len(said) > len(made) + weaker:
        message = N_("The source says this with caution, the translation does not: keep words such as may or might.")
        yield found("hedging", "warning", message, source_at=said, target_at=made)
    elif not said and target.language == "pt":
        yield from _ability(source, target)


def _ability(source: Reading, target: Reading) -> Iterator[Finding]:
    said, made = modality.possibilities(source), modality.hedges(target)
    other = modality.weak_hedges(source) - len(modality.abilities(source))
    if len(said) > len(made) + max(0, modality.weak_hedges(target) - other):
        message = N_(
            'The source says that something can be so, the translation that it is: say "pode" where it is missing.'
        )
        yield found("hedging", "warning", message, source_at=said, target_at=made)


def causal_shift(source: Reading, target: Reading) -> Iterator[Finding]:
    """`causal_shift`: "is associated with" told as "causes"."""
    together = modality.associations(source)
    if not together:
        return
    fewer = len(together) > len(modality.associations_loosely(target))
    causal = modality.causes(target)
    if len(causal) > len(modality.causes_loosely(source)):
        message = N_(
            "The source says that two things go together, the translation that one causes the other: "
            'say "is associated with" ("está associado a").'
        )
        # Where every "associated" is still there, the cause may be a free translation of something else.
        yield found("causal_shift", "error" if fewer else "warning", message, source_at=together, target_at=causal)
    elif fewer and modality.changes(target) and not modality.changes(source):
        message = N_("The source speaks of an association, the translation of an effect: see whether it says the same.")
        yield found("causal_shift", "warning", message, source_at=together, target_at=modality.changes(target))
