"""Which studies fit this author: BM25 over her own words, with recency, diversity, and the reason for each choice.

Her profile is a weighted set of terms from her posts, the studies she cited, declared topics, picks and skips; a study
is scored by those terms in its title, keywords and abstract (research-feeds, section 6). The same input gives the same
order, and every score can be told in words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, log10, sqrt
from typing import Literal

from digest.works.terms import stems, terms

ProfileKind = Literal["post", "cited", "topic", "suggestion", "pick", "skip", "passed"]

_WEIGHTS: dict[ProfileKind, float] = {
    "post": 1.0, "cited": 1.5, "topic": 3.0, "suggestion": 1.0, "pick": 1.5, "skip": -0.5, "passed": -0.1,
}  # fmt: skip
"""A pick of hers is worth a study she cited. A skip is worth less: it may have been for want of space."""

_MOST_TERMS = 80
_K1, _B = 1.2, 0.75
_IN_TITLE, _IN_KEYWORDS, _IN_ABSTRACT = 3, 2, 1
_PAIR = 1.3
"""Two words together say more than each alone."""

_HALF_LIFE_DAYS = 365.0
_KNOWN_JOURNAL, _STRONG_DESIGN = 1.05, 1.05
"""Small enough that neither outranks the topic."""

_LAMBDA = 0.7
_COMPARED = 60
"""Best ones among which likeness is looked at; below that nobody reads."""

_PER_JOURNAL, _PER_TOPIC = 2, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Liked:
    """One text that says what the author is interested in."""

    kind: ProfileKind
    name: str
    """How a reason calls it: the title of her post, of the study, or the topic."""
    text: str
    when: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankable:
    """What is looked at in a study; `abstract` in English where there is one, for most of her words are found there."""

    name: str
    title: str
    keywords: str = ""
    abstract: str = ""
    journal: str = ""
    language: str = ""
    published: date | None = None
    strong_design: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One term that a study shares with the profile."""

    term: str
    weight: float
    source: str
    """Whose word it is: the title of a post, or a topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A study with its score and what made it, the weightiest first."""

    name: str
    score: float
    because: tuple[Because, ...]
    known_journal: bool = False
    strong_design: bool = False
    vector: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The terms of an author with their weights, and the text that brought each first."""

    weights: Mapping[str, float]
    sources: Mapping[str, str]
    journals: frozenset[str] = frozenset()


def profile_of(liked: Iterable[Liked], journals: Iterable[str] = ()) -> Profile:
    """Return the profile; within a kind the newest text counts most (1 / (1 + log10 rank))."""
    by_kind: defaultdict[ProfileKind, list[Liked]] = defaultdict(list)
    for one in liked:
        by_kind[one.kind].append(one)
    weights: defaultdict[str, float] = defaultdict(float)
    sources: dict[str, tuple[float, str]] = {}
    for kind, texts in sorted(by_kind.items()):
        texts.sort(key=lambda one: (one.when or date.min, one.name), reverse=True)
        for rank, one in enumerate(texts, start=1):
            counts = Counter(terms(one.text))
            norm = sqrt(sum(count * count for count in counts.values())) or 1.0
            strength = _WEIGHTS[kind] / (1 + (log10(rank) if kind != "topic" else 0.0))
            for term, count in counts.items():
                gain = strength * (1 + log(count)) / norm
                weights[term] += gain
                if gain > sources.get(term, (0.0, ""))[0]:
                    sources[term] = (gain, one.name)
    named = {term: name for term, (_, name) in sources.items()}
    return Profile(
        weights=dict(weights), sources=named, journals=frozenset(name.casefold() for name in journals if name)
    )


def rank(studies: Sequence[Rankable], profile: Profile, *, today: date) -> tuple[Scored, ...]:
    """Return all studies, best first; equal scores by date, then by name."""
    counted = [_counts(study, profile) for study in studies]
    common = Counter(term for counts, _ in counted for term in counts)
    total = len(studies)
    rarity = {term: log(1 + (total - number + 0.5) / (number + 0.5)) for term, number in common.items()}
    best = sorted(rarity, key=lambda term: (-profile.weights[term] * rarity[term], term))[:_MOST_TERMS]
    worst = [term for term in rarity if profile.weights[term] < 0]
    useful = {term: profile.weights[term] * rarity[term] * (_PAIR if " " in term else 1.0) for term in {*best, *worst}}
    usual = sum(length for _, length in counted) / total if total else 1.0
    scored = [
        _scored(study, counts, length / (usual or 1.0), useful, profile, today)
        for study, (counts, length) in zip(studies, counted, strict=True)
    ]
    dates = {study.name: study.published or date.min for study in studies}
    return tuple(sorted(scored, key=lambda one: (-one.score, -dates[one.name].toordinal(), one.name)))


def chosen(
    ranked: Sequence[Scored], studies: Mapping[str, Rankable], number: int, *, reserve: str = "pt"
) -> tuple[str, ...]:
    """Return the names of up to `number` studies that are good and unlike each other.

    At most two of a journal and two of a topic as long as there are others; one place is for a study written in
    `reserve`, if any of them fits the profile at all.
    """
    fitting = [one for one in ranked if one.score > 0] or list(ranked)
    pool = fitting[:_COMPARED]
    taken: list[Scored] = []
    while pool and len(taken) < number:
        allowed = [one for one in pool if _within_caps(one, taken, studies)] or pool
        top = allowed[0].score or 1.0
        best = max(
            allowed, key=lambda one: (_LAMBDA * one.score / top - (1 - _LAMBDA) * _likeness(one, taken), one.score)
        )
        taken.append(best)
        pool.remove(best)
    names = [one.name for one in taken]
    if reserve and number > 1 and len(names) == number and not any(_is_in(reserve, studies[name]) for name in names):
        other = next((one.name for one in ranked if one.score > 0 and _is_in(reserve, studies[one.name])), None)
        if other:
            names[-1] = other
    return tuple(names)


def beside_the_usual(ranked: Sequence[Scored], taken: Sequence[str]) -> str:
    """Return a study that fits by other terms than all that are taken, the best one, or an empty text."""
    known = set(taken)
    usual = {term for one in ranked if one.name in known for term in _topic(one)}
    others = (one for one in ranked if one.score > 0 and one.name not in known and not usual.intersection(_topic(one)))
    return next((one.name for one in others), "")


def _is_in(language: str, study: Rankable) -> bool:
    return study.language.lower().startswith(language)


def _counts(study: Rankable, profile: Profile) -> tuple[Counter[str], int]:
    """Return how often each term of the profile stands in a study, weighted by place, and the study's length."""
    counts: Counter[str] = Counter()
    length = 0
    known = profile.weights
    for text, weight in ((study.title, _IN_TITLE), (study.keywords, _IN_KEYWORDS), (study.abstract, _IN_ABSTRACT)):
        found = stems(text)
        length += len(found)
        before = ""
        for stem in found:
            # A pair is only known where both of its words are.
            known_stem = stem if stem in known else ""
            if known_stem:
                counts[stem] += weight
                if before and (pair := f"{before} {stem}") in known:
                    counts[pair] += weight
            before = known_stem
    return counts, length


def _scored(
    study: Rankable,
    counts: Counter[str],
    length: float,
    useful: Mapping[str, float],
    profile: Profile,
    today: date,
) -> Scored:
    gains = {
        term: weight * counts[term] * (_K1 + 1) / (counts[term] + _K1 * (1 - _B + _B * length))
        for term, weight in useful.items()
        if term in counts
    }
    topic = sum(gains.values())
    known = study.journal.casefold() in profile.journals
    age = max(0, (today - study.published).days) if study.published else _HALF_LIFE_DAYS
    fresh = 0.5 + 0.5 * 0.5 ** (age / _HALF_LIFE_DAYS)
    bonus = (_KNOWN_JOURNAL if known else 1.0) * (_STRONG_DESIGN if study.strong_design else 1.0)
    told = sorted(gains.items(), key=lambda pair: (-pair[1], pair[0]))
    return Scored(
        name=study.name,
        score=topic * (fresh * bonus if topic > 0 else 1.0),
        because=tuple(
            Because(term=term, weight=gain, source=profile.sources.get(term, "")) for term, gain in told if gain > 0
        ),
        known_journal=known,
        strong_design=study.strong_design,
        vector=gains,
    )


def _within_caps(one: Scored, taken: Sequence[Scored], studies: Mapping[str, Rankable]) -> bool:
    journal = studies[one.name].journal.casefold()
    of_journal = sum(1 for other in taken if journal and studies[other.name].journal.casefold() == journal)
    of_topic = sum(1 for other in taken if _topic(one) and _topic(one) == _topic(other))
    return of_journal < _PER_JOURNAL and of_topic < _PER_TOPIC


def _topic(one: Scored) -> tuple[str, ...]:
    """The two terms that count most: one alone is the same for half of what fits a profile."""
    return tuple(because.term for because in one.because[:2])


def _likeness(one: Scored, taken: Sequence[Scored]) -> float:
    """Return the greatest cosine to one that is taken, 0 to 1."""
    return max((_cosine(one.vector, other.vector) for other in taken), default=0.0)


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    shared = sum(weight * right[term] for term, weight in left.items() if term in right)
    norms = sqrt(sum(weight * weight for weight in left.values())) * sqrt(
        sum(weight * weight for weight in right.values())
    )
    return shared / norms if norms else 0.0
