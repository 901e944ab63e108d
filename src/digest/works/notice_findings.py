"""What stands against sending an issue because of the studies that it names."""

from collections.abc import Iterable, Iterator, Mapping

from digest.models.issue import Issue, Story
from digest.models.message import N_
from digest.models.segment import Finding
from digest.models.work import Work
from digest.works.notices import noticed
from digest.works.overlap import verbatim_overlap
from digest.works.rights import Refused, may, rights_of

CORRECTIONS = "corrections"
"""The section of items that tell of a notice: there it is the news, and stands against nothing."""

RETRACTED = N_(
    "“%(title)s” (%(doi)s) was retracted. Take it out, or say so in your own words and dismiss this with a reason."
)
CONCERN = N_("The journal published an expression of concern about “%(title)s” (%(doi)s).")
CORRECTED = N_("A correction to “%(title)s” (%(doi)s) was published. See whether what you say still holds.")
COPIED = N_("These words stand in the abstract, which may not be printed or not be translated: “%(words)s”")
ASK = N_("Which study is meant by “%(text)s” is not certain. Decide it, or it is printed without a link.")
UNCHECKED = N_("Which study is meant by “%(text)s” could not be looked up yet. It is printed without a link.")
_MESSAGES = {"retraction": RETRACTED, "concern": CONCERN, "correction": CORRECTED}


def notice_findings(issue: Issue, works: Mapping[str, Work], *, looked_up: bool = False) -> tuple[Finding, ...]:
    """Return an error for each retracted study, a warning for each other notice and each citation to decide.

    `looked_up` says that citations are looked up at all, so that one that is not yet is worth a word.
    """
    unchecked = (finding for story in issue.stories if looked_up for finding in _unchecked(story))
    return (*(finding for story in issue.stories for finding in _of_story(story, works)), *unchecked)


def _unchecked(story: Story) -> Iterator[Finding]:
    for citation in story.citations if story.kind == "post" else ():
        if citation.status == "unchecked" and citation.text and (citation.title or citation.doi):
            told = (("text", citation.text),)
            yield Finding(check="citation", severity="warning", message=UNCHECKED, values=told, where=story.key)


def overlap_findings(
    issue: Issue, works: Mapping[str, Work], translations: Iterable[tuple[str, str]], *, non_commercial: bool
) -> tuple[Finding, ...]:
    """Return an error for each sentence that has eight words in a row of an abstract that may not be printed.

    `translations` are (segment key, words in another language): an abstract is compared in every language it has.
    """
    told = list(translations)
    return tuple(
        Finding(check="overlap", severity="error", message=COPIED, values=(("words", words),), where=where)
        for story in issue.stories
        if story.kind == "study" and story.doi in works
        for where, sentence in _sentences(story, told)
        for words in _copied(sentence, works[story.doi or ""], non_commercial=non_commercial)
    )


def _sentences(story: Story, translations: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for section in story.sections:
        for number, sentence in enumerate(section.sentences, start=1):
            yield f"{story.key}/{section.heading}/{number}", sentence.text
    for key, words in translations:
        if key.startswith(f"{story.key}/") and not key.endswith("/title"):
            yield key, words


def _copied(sentence: str, work: Work, *, non_commercial: bool) -> Iterator[str]:
    for abstract in work.abstracts:
        rights = rights_of(abstract, work)
        # Whatever is printed is translated for the other readers.
        uses = [may(use, rights, non_commercial=non_commercial) for use in ("print", "translate")]
        if any(isinstance(use, Refused) for use in uses):
            for start, end in verbatim_overlap(sentence, abstract.text):
                yield sentence[start:end]


def dois_named(issue: Issue) -> tuple[str, ...]:
    """Return the DOIs of all studies that an issue prints, in order, each once."""
    return tuple(dict.fromkeys(doi for story in issue.stories for doi in _dois(story)))


def _dois(story: Story) -> Iterator[str]:
    if story.doi:
        yield story.doi
    for citation in story.citations:
        if citation.doi:
            yield citation.doi


def _of_story(story: Story, works: Mapping[str, Work]) -> Iterable[Finding]:
    for citation in story.citations:
        if citation.status == "ask":
            yield Finding(
                check="citation", severity="warning", message=ASK, values=(("text", citation.text),), where=story.key
            )
    if story.section == CORRECTIONS:
        return
    for doi in dict.fromkeys(_dois(story)):
        work = works.get(doi)
        for kind in dict.fromkeys(notice.kind for notice in noticed(work).notices) if work else ():
            yield Finding(
                check="notice",
                severity="error" if kind == "retraction" else "warning",
                message=_MESSAGES[kind],
                values=(("title", work.title if work else ""), ("doi", doi)),
                where=story.key,
            )
