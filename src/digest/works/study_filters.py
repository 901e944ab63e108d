"""Which studies are not offered at all, each with its reason."""

from collections.abc import Collection
from datetime import date, timedelta

from digest.models.interests import Interests
from digest.models.issue import Reason
from digest.models.message import N_
from digest.models.work import Work
from digest.works.candidates import is_study
from digest.works.notices import noticed
from digest.works.terms import words

NO_STUDY = N_("It is a notice, an editorial or a letter, not a study.")
RETRACTED = N_("It was retracted.")
ANIMALS = N_("It studied animals only.")
TOO_OLD = N_("It came out more than %(days)s days ago.")
MUTED = N_("It is about “%(term)s”, which you muted.")
LANGUAGE = N_("It is written in a language that you do not follow: %(language)s")

_NO_RESEARCH = frozenset(
    {
        "published erratum", "retraction of publication", "retraction notice", "expression of concern", "editorial",
        "letter", "comment", "news", "biography", "erratum", "correction", "paratext", "corrected and republished article",
        "addendum", "obituary", "book-review", "book review",
    }
)  # fmt: skip


def refusal(
    work: Work | None, text: str, language: str, published: date | None, wanted: Interests, *, today: date
) -> Reason | None:
    """Return why a study is not offered, or None. `text` is title and abstract; without a record only they decide."""
    if work is not None and (reason := _by_record(work)):
        return Reason(message=reason)
    if published and today - published > timedelta(days=wanted.oldest_days):
        return Reason(message=TOO_OLD, values=(("days", str(wanted.oldest_days)),))
    primary = language.partition("-")[0].lower()
    if primary and wanted.languages and primary not in wanted.languages and primary != "und":
        return Reason(message=LANGUAGE, values=(("language", language),))
    said = words(text)
    for term in wanted.muted:
        if _has(said, words(term)):
            return Reason(message=MUTED, values=(("term", term),))
    return None


def _by_record(work: Work) -> str:
    kinds = {kind.lower() for kind in work.types}
    if not is_study(work) or _no_research(kinds):
        return NO_STUDY
    if noticed(work).is_retracted:
        return RETRACTED
    keywords = {word.lower() for word in work.keywords}
    return ANIMALS if "animals" in keywords and "humans" not in keywords else ""


def _no_research(kinds: Collection[str]) -> bool:
    """An editorial that is also a review is kept: a record may name several types."""
    named = {
        kind for kind in kinds if kind not in {"journal article", "journal-article"} and "research support" not in kind
    }
    return bool(named) and named <= _NO_RESEARCH


def _has(text: list[str], term: list[str]) -> bool:
    size = len(term)
    return size > 0 and any(text[at : at + size] == term for at in range(len(text) - size + 1))
