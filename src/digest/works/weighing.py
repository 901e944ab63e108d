"""Which of the new studies fit, in which order, and why; and why another does not. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from digest.models.article import Article
from digest.models.interests import Interests
from digest.models.issue import Reason
from digest.models.message import N_
from digest.works.ranking import Profile, Scored, beside_the_usual, chosen, rank
from digest.works.study_filters import refusal
from digest.works.taste import rankable

BECAUSE = N_("Because of %(terms)s, as in “%(source)s”.")
BECAUSE_TOPIC = N_("Because of %(terms)s.")
KNOWN_JOURNAL = N_("You cite its journal: %(journal)s")
STRONG_DESIGN = N_("It is a trial, or it gathers many studies.")
NO_MATCH = N_("It shares no topic with what you write.")
OUTSIDE = N_("It is a little outside your usual topics.")
_TERMS_TOLD = 3
_MANY = 8
"""Offered studies, from which on one place is for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """The new studies in the order in which they are offered, and those that are not offered."""

    order: tuple[str, ...]
    """Article ids: the chosen ones first, then the rest by score."""
    scored: Mapping[str, Scored]
    refused: Mapping[str, Reason]
    ranks: Mapping[str, int]
    """Place by score alone, from 1."""
    outside: str = ""
    """The one that is offered because it is beside what she usually reads."""


def weigh(
    studies: Sequence[Article],
    profile: Profile,
    wanted: Interests,
    *,
    number: int,
    today: date,
    elsewhere: Iterable[tuple[str, Reason]] = (),
) -> Weighing:
    """Filter, score and order studies; the first `number` are unlike each other; `elsewhere` are told already."""
    refused: dict[str, Reason] = dict(elsewhere)
    looked_at = {}
    for article in studies:
        study = rankable(article)
        reason = refusal(
            article.work,
            f"{study.title} {study.abstract}",
            article.text.language,
            study.published,
            wanted,
            today=today,
        )
        if reason:
            refused[article.article_id] = reason
        else:
            looked_at[article.article_id] = study
    ranked = rank(tuple(looked_at.values()), profile, today=today)
    first = chosen(ranked, looked_at, number)
    outside = beside_the_usual(ranked, first) if len(first) == number >= _MANY else ""
    if outside:
        # The last place but one: the last may be kept for work in Portuguese.
        first = (*first[:-2], outside, first[-1])
    rest = [one.name for one in ranked if one.name not in set(first)]
    return Weighing(
        order=(*first, *rest),
        scored={one.name: one for one in ranked},
        refused=refused,
        outside=outside,
        ranks={one.name: place for place, one in enumerate(ranked, start=1)},
    )


def _told(scored: Scored) -> list[str]:
    """Return the weightiest terms; a word of a pair that is told already says nothing new."""
    told: list[str] = []
    for because in scored.because:
        if not any(because.term in other.split() for other in told):
            told.append(because.term)
    return told[:_TERMS_TOLD]


def reasons(article: Article, scored: Scored, *, outside: bool = False) -> tuple[Reason, ...]:
    """Say why a study fits: the terms that count most and whose they are, its journal, its design."""
    told: list[Reason] = []
    if scored.because:
        first = scored.because[0]
        terms = ", ".join(_told(scored))
        if first.source and first.source.casefold() != first.term:
            told.append(Reason(message=BECAUSE, values=(("terms", terms), ("source", first.source))))
        else:
            told.append(Reason(message=BECAUSE_TOPIC, values=(("terms", terms),)))
    else:
        told.append(Reason(message=NO_MATCH))
    if outside:
        told.append(Reason(message=OUTSIDE))
    if scored.known_journal and article.journal:
        told.append(Reason(message=KNOWN_JOURNAL, values=(("journal", article.journal),)))
    if scored.strong_design:
        told.append(Reason(message=STRONG_DESIGN))
    return tuple(told)
