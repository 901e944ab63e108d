"""Many records of one study become one work: by its identifiers, never by likeness alone.

A preprint and its published version, and the two DOIs of SciELO's language editions, are one work. Each field comes from
the source that is best for it (research-feeds, section 7) and keeps its origin.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from typing import Any

from digest.models.work import FieldOrigin, Notice, Work, WorkSource, WorkText
from digest.works.provenance import has_value
from digest.works.titles import likeness

_ORDER: tuple[WorkSource, ...] = ("crossref", "pubmed", "europepmc", "scielo", "openalex", "feed")
_BEST: dict[str, tuple[WorkSource, ...]] = {
    "abstracts": ("scielo", "pubmed", "europepmc", "crossref", "openalex", "feed"),
    "types": ("pubmed", "europepmc", "crossref", "scielo", "openalex", "feed"),
    "keywords": ("pubmed", "europepmc", "scielo", "openalex", "crossref", "feed"),
    "licence": ("crossref", "europepmc", "openalex", "scielo", "pubmed", "feed"),
    "licence_url": ("crossref", "europepmc", "openalex", "scielo", "pubmed", "feed"),
    "conflicts": ("pubmed", "europepmc", "crossref", "scielo", "openalex", "feed"),
    "free_url": ("scielo", "pubmed", "europepmc", "openalex", "crossref", "feed"),
}
_JOINED = frozenset({"types", "keywords", "languages", "issns", "funders", "notice_of", "preprints", "dates"})


def merged(works: Iterable[Work]) -> tuple[Work, ...]:
    """Return each study once, in the order in which it was first met."""
    groups: list[list[Work]] = []
    place: dict[str, int] = {}
    for work in works:
        names = names_of(work)
        met = sorted({place[name] for name in names if name in place})
        home = met[0] if met else len(groups)
        if not met:
            groups.append([])
        groups[home].append(work)
        for other in met[1:]:
            # Two groups turn out to be one study.
            groups[home] += groups[other]
            for one in groups[other]:
                place.update(dict.fromkeys(names_of(one), home))
            groups[other] = []
        place.update(dict.fromkeys(names, home))
    return tuple(merge(group) for group in groups if group)


def names_of(work: Work) -> frozenset[str]:
    """Return all that names a study or one of its versions."""
    dois = (work.doi, *work.other_dois, work.published_as, *work.preprints)
    pairs = (*(("doi", doi) for doi in dois), ("pmid", work.pmid), ("pmcid", work.pmcid), ("pid", work.scielo_pid))
    return frozenset(f"{kind}:{name}" for kind, name in pairs if name)


def same_study(one: Work, other: Work) -> bool:
    """Whether two records may be one study: same title and first author, years at most one apart. Only a proposal."""
    authors = {work.authors[0].family.casefold() for work in (one, other) if work.authors}
    near = any(abs(mine - theirs) <= 1 for mine in one.years for theirs in other.years)
    return len(authors) == 1 and near and likeness(one.title, other.title) == "equal"


def merge(group: Sequence[Work]) -> Work:
    """Make one work of the records of one study."""
    if len(group) == 1:
        return group[0]
    # The published version speaks before its preprint.
    ordered = sorted(group, key=lambda work: work.is_preprint)
    published = [work for work in ordered if not work.is_preprint] or ordered
    values: dict[str, Any] = {}
    origins: list[FieldOrigin] = []
    for field in fields(Work):
        holders = [work for work in _ranked(published, ordered, field.name) if has_value(work, field.name)]
        if holders and field.name not in _APART:
            values[field.name] = _value(field.name, holders)
            origins += _origins(field.name, holders)
    dois = dict.fromkeys(doi for work in ordered for doi in (work.doi, *work.other_dois) if doi)
    opens = [work.is_open for work in ordered if work.is_open is not None]
    seen = [work.first_seen for work in ordered if work.first_seen]
    checked = [work.notices_checked_at for work in ordered if work.notices_checked_at]
    doi = values.get("doi")
    return replace(
        Work(**values),
        other_dois=tuple(name for name in dois if name != doi),
        notices=_notices(ordered),
        is_preprint=all(work.is_preprint for work in ordered),
        is_open=any(opens) if opens else None,
        first_seen=min(seen, default=None),
        notices_checked_at=max(checked, default=None),
        origins=tuple(origins),
    )


_APART = frozenset("other_dois notices is_preprint is_open first_seen notices_checked_at notices_seen origins".split())


def _ranked(published: Sequence[Work], ordered: Sequence[Work], name: str) -> list[Work]:
    best = _BEST.get(name, _ORDER)
    return sorted(ordered, key=lambda work: (work not in published, best.index(_source(work))))


def _source(work: Work) -> WorkSource:
    return work.origins[0].source if work.origins else "feed"


def _value(name: str, holders: Sequence[Work]) -> object:
    if name in {"titles", "abstracts"}:
        return _by_language([text for work in holders for text in getattr(work, name)])
    if name in _JOINED:
        return tuple(dict.fromkeys(item for work in holders for item in getattr(work, name)))
    return getattr(holders[0], name)


def _origins(name: str, holders: Sequence[Work]) -> list[FieldOrigin]:
    used = holders if name in _JOINED or name in {"titles", "abstracts"} else holders[:1]
    found = (origin for work in used for origin in work.origins if origin.field == name)
    return list(dict.fromkeys(found))


def _by_language(texts: Sequence[WorkText]) -> tuple[WorkText, ...]:
    """One text a language, the best source's; one without language only where there is no other."""
    best: dict[str, WorkText] = {}
    for text in texts:
        best.setdefault(text.language, text)
    return tuple(text for language, text in best.items() if language or len(best) == 1)


def _notices(works: Sequence[Work]) -> tuple[Notice, ...]:
    """Every notice once; one without DOI says nothing beside one of its kind that has one."""
    found = list(dict.fromkeys(notice for work in works for notice in work.notices))
    named = {notice.kind for notice in found if notice.doi}
    kept: dict[tuple[str, str], Notice] = {}
    for notice in found:
        if notice.doi or notice.kind not in named:
            kept.setdefault((notice.kind, notice.doi or ""), notice)
    return tuple(kept.values())
