"""The evidence label of a study, computed from its record: every part with where it comes from and when.

Nothing is concluded from what is missing: a record without a publication type is "not stated", never "no trial".
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from digest.models.issue import Reason
from digest.models.message import N_
from digest.models.work import Work, WorkSource
from digest.works.notices import noticed
from digest.works.sample import Sample, samples

SOURCE_NAMES: dict[WorkSource, str] = {
    "crossref": "Crossref", "pubmed": "PubMed", "europepmc": "Europe PMC", "scielo": "SciELO", "openalex": "OpenAlex",
    "feed": "feed",
}  # fmt: skip

ReadFrom = Literal["record", "abstract", "full text"]

DESIGNS = {
    "meta-analysis": N_("Design: meta-analysis (pools the results of many studies)"),
    "systematic review": N_("Design: systematic review (gathers all studies on a question)"),
    "protocol": N_("Design: study protocol (a plan, without results yet)"),
    "rct": N_("Design: randomised controlled trial (chance decided who got what)"),
    "trial": N_("Design: clinical trial"),
    "longitudinal": N_("Design: longitudinal (the same people were asked again over time)"),
    "cross-sectional": N_("Design: cross-sectional (one look at one moment; it can not show causes)"),
    "observational": N_("Design: observational (watched, nothing was changed; it can not show causes)"),
    "qualitative": N_("Design: qualitative (interviews or texts, not numbers)"),
    "case": N_("Design: report of single cases"),
    "review": N_("Design: review of other work"),
}
NO_DESIGN = N_("Study design: not stated in the record")
# The order decides: the strongest statement that a record makes about itself.
_BY_TYPE = (
    ("protocol", ("clinical trial protocol",)),
    ("meta-analysis", ("meta-analysis", "network meta-analysis")),
    ("systematic review", ("systematic review",)),
    ("rct", ("randomized controlled trial", "equivalence trial", "pragmatic clinical trial")),
    ("trial", ("controlled clinical trial", "clinical trial", "clinical trial, phase ii", "clinical trial, phase iii")),
    ("observational", ("observational study",)),
    ("case", ("case reports",)),
    ("review", ("review", "scoping review")),
)
_BY_WORDS = (
    ("protocol", r"study protocol|protocol for a|protocolo d[eo]"),
    ("meta-analysis", r"meta-?analy(?:sis|ses|tic)|met[aa]-?an[aá]lise"),
    ("systematic review", r"systematic(?:ally)? review|revis[aã]o sistem[aá]tica"),
    ("rct", r"randomi[sz]ed (?:controlled|clinical) trial|ensaio cl[ií]nico (?:controlado )?randomizado"),
    ("longitudinal", r"longitudinal|prospective cohort|estudo de coorte|daily diary"),
    ("cross-sectional", r"cross-sectional|transversal"),
    ("qualitative", r"qualitative|thematic analysis|qualitativ[oa]|an[aá]lise tem[aá]tica"),
    ("case", r"case (?:report|study|series)|estudo de caso|relato de caso"),
)
_ASSIGNED = re.compile(
    r"\b(?:were|was|been)\s+(?:\w+\s){0,2}?randomly\s+(?:assigned|allocated)|\bfo(?:i|ram)\s+(?:\w+\s)?(?:randomizad|aleatorizad)",
    re.IGNORECASE,
)
_NOT_THIS_STUDY = re.compile(
    r"\b(?:no|not|non|without|lack of|few|future|further|previous|prior|needed?|sem|não|nenhum|futuros?|faltam|anterior\w*)\W+(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:this|we|our|the present|a|an|este|esta|neste|nesta|realizou-se|um|uma)\b[^.]{0,60}$", re.IGNORECASE
)

TOOK_PART: dict[str, str] = {
    "people": N_("Took part: %(number)s people (“%(quote)s”)"),
    "couples": N_("Took part: %(number)s couples (“%(quote)s”)"),
    "families": N_("Took part: %(number)s families (“%(quote)s”)"),
    "animals": N_("Studied in animals, not in people: %(number)s (“%(quote)s”)"),
    "studies": N_("Rests on %(number)s studies (“%(quote)s”)"),
    "unknown": N_("Sample: “%(quote)s”"),
}
NO_SAMPLE = N_("Number of participants: not stated in the record")
IN_ANIMALS = N_("Studied in animals, not in people")
JOURNAL = N_("Published in the journal %(journal)s")
PREPRINT = N_("Preprint: not yet peer-reviewed")
NO_JOURNAL = N_("Where it was published: not stated in the record")
FUNDING = N_("Funding: %(funders)s")
NO_FUNDING = N_("Funding: not stated in the record")
NO_CONFLICT = N_("Conflicts of interest: the authors declare none")
CONFLICT = N_("Conflicts of interest: see the authors' statement in the article")
NO_STATEMENT = N_("Conflicts of interest: not stated in the record")
FREE = N_("Free to read")
NOT_FREE = N_("Full text by subscription only")
ACCESS_UNKNOWN = N_("Free to read or not: not stated in the record")
READ: dict[ReadFrom, str] = {
    "record": N_("Read for this digest: the record only"),
    "abstract": N_("Read for this digest: the abstract only"),
    "full text": N_("Read for this digest: the full text"),
}
NOTICES = {
    "retraction": N_("Retracted: do not rely on this study"),
    "concern": N_("Expression of concern: the journal doubts this study"),
    "correction": N_("A correction to this study was published"),
}
NOT_CHECKED = N_("Retractions and corrections: could not be checked")
_NONE_DECLARED = re.compile(
    r"\b(?:no (?:known |potential |relevant )?(?:conflicts?|competing|financial)|none(?: declared)?\b|nothing to (?:disclose|declare)"
    r"|not have any (?:conflicts?|competing)|nenhum conflito|não (?:há|possuem|têm) conflitos?)",
    re.IGNORECASE,
)
_FUNDERS_NAMED = 3
_LONGEST_AFTERTHOUGHT = 40


def label(work: Work, *, read_in: ReadFrom) -> tuple[Reason, ...]:
    """Return the parts of the label in their order; `source` and `date` are among the values of each."""
    parts = (
        *_notices(work), _design(work), *_participants(work), _published(work), _funding(work), _conflicts(work), _access(work),
    )  # fmt: skip
    told = tuple(_with_origin(part, work, field) for part, field in parts)
    return (*told, Reason(message=READ[read_in]))


def design(work: Work) -> tuple[str, bool]:
    """Return the study's design and whether it was only read from its words; an empty text where nothing says it."""
    types = {kind.lower() for kind in work.types}
    for name, kinds in _BY_TYPE:
        if types.intersection(kinds):
            return name, False
    return _design_in_words(work), True


def _design_in_words(work: Work) -> str:
    titles = " ".join(title.text for title in work.titles)
    abstracts = " ".join(abstract.text for abstract in work.abstracts)
    for name, pattern in _BY_WORDS:
        if re.search(rf"\b(?:{pattern})", titles, re.IGNORECASE):
            return name
    if any(_is_own(match, abstracts) for match in _ASSIGNED.finditer(abstracts)):
        return "rct"
    for name, pattern in _BY_WORDS:
        found = re.finditer(rf"\b(?:{pattern})", abstracts, re.IGNORECASE)
        if any(_is_own(match, abstracts) and _OWN.search(abstracts[: match.start()]) for match in found):
            return name
    return ""


def _is_own(match: re.Match[str], text: str) -> bool:
    """Whether words speak of this study, and not of another or of one that is missing."""
    return _NOT_THIS_STUDY.search(text[max(0, match.start() - 60) : match.start()]) is None


Part = tuple[Reason, str]
"""What is said, and the field of the record that says it."""


def _design(work: Work) -> Part:
    name, guessed = design(work)
    if not name:
        return Reason(message=NO_DESIGN), "types"
    if guessed:
        return Reason(message=DESIGNS[name], values=(("read_from", "words"),)), "abstracts"
    return Reason(message=DESIGNS[name]), "types"


def _participants(work: Work) -> Iterator[Part]:
    words = {word.lower() for word in work.keywords}
    only_animals = "animals" in words and "humans" not in words
    found = _found_samples(work)
    if only_animals and not any(sample.unit == "animals" for sample in found):
        yield Reason(message=IN_ANIMALS), "keywords"
    for sample in found:
        values = (("number", f"{sample.number}"), ("quote", sample.quote))
        yield Reason(message=TOOK_PART[sample.unit], values=values), "abstracts"
    if not found:
        yield Reason(message=NO_SAMPLE), "abstracts"


def _found_samples(work: Work) -> tuple[Sample, ...]:
    for abstract in work.abstracts:
        if found := samples(abstract.text):
            return found
    return ()


def _published(work: Work) -> Part:
    if work.is_preprint:
        return Reason(message=PREPRINT), "types"
    if not work.journal:
        return Reason(message=NO_JOURNAL), "journal"
    return Reason(message=JOURNAL, values=(("journal", work.journal),)), "journal"


def _funding(work: Work) -> Part:
    if not work.funders:
        return Reason(message=NO_FUNDING), "funders"
    named = "; ".join(work.funders[:_FUNDERS_NAMED]) + (" …" if len(work.funders) > _FUNDERS_NAMED else "")
    return Reason(message=FUNDING, values=(("funders", named),)), "funders"


def _conflicts(work: Work) -> Part:
    if not work.conflicts:
        return Reason(message=NO_STATEMENT), "conflicts"
    whole = re.sub(r"^conflicts? of interests?\W*", "", work.conflicts.strip(), flags=re.IGNORECASE)
    return Reason(message=NO_CONFLICT if _denies_all(whole) else CONFLICT), "conflicts"


def _denies_all(statement: str) -> bool:
    """Whether a statement begins with "none" and says nothing else: who denies the rest has named something first."""
    denied = _NONE_DECLARED.search(statement)
    if denied is None:
        return False
    first, _, more = statement.partition(". ")
    alone = len(more) < _LONGEST_AFTERTHOUGHT and not re.search(
        r"\b(?:except|other than|exceto)\b", statement, re.IGNORECASE
    )
    return alone and denied.start() < len(first)


def _access(work: Work) -> Part:
    message = {True: FREE, False: NOT_FREE, None: ACCESS_UNKNOWN}[work.is_open]
    return Reason(message=message), "is_open"


def _notices(work: Work) -> Iterator[Part]:
    known = noticed(work)
    for kind in dict.fromkeys(notice.kind for notice in known.notices):
        yield Reason(message=NOTICES[kind]), "notices"
    if known.checked_at is None and not known.notices:
        yield Reason(message=NOT_CHECKED), "notices"


def _with_origin(part: Reason, work: Work, field: str) -> Reason:
    origin = next((one for one in work.origins if one.field == field), None)
    if origin is None:
        return part
    return Reason(
        message=part.message,
        values=(*part.values, ("source", SOURCE_NAMES[origin.source]), ("date", _day(origin.at))),
    )


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
