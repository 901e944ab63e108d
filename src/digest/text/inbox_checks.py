"""What an inbox shows of an edition: subject and first line, checked for length and for saying something."""

from collections.abc import Iterator, Sequence

from digest.models.edition import RenderedEdition
from digest.models.message import N_
from digest.models.segment import Finding, Severity

LONGEST_SUBJECT = 78
"""Characters: RFC 5322 section 2.1.1 asks for lines of at most 78, and hardly any inbox shows more."""
SHORTEST_PREHEADER = 30
LONGEST_PREHEADER = 100
"""Characters that inboxes show beside the subject; where there are fewer, they show what comes next in the mail."""


def inbox_findings(edition: RenderedEdition) -> Iterator[Finding]:
    """Yield what is wrong with the subject and the first line of one edition."""
    subject, line = edition.subject.strip(), edition.preheader.strip()
    if not subject:
        yield _finding(edition, "subject", N_("The subject is empty."), severity="error")
    elif len(subject) > LONGEST_SUBJECT:
        message = N_("The subject has %(length)s characters; many inboxes cut it, keep it below %(limit)s.")
        yield _finding(edition, "subject", message, length=len(subject), limit=LONGEST_SUBJECT)
    if not line:
        yield _finding(edition, "preheader", N_("The first line in the inbox is empty."), severity="error")
    elif line.casefold() in subject.casefold() or subject.casefold() in line.casefold():
        message = N_("The first line in the inbox repeats the subject; say something else there.")
        yield _finding(edition, "preheader", message)
    elif not SHORTEST_PREHEADER <= len(line) <= LONGEST_PREHEADER:
        message = N_("The first line in the inbox has %(length)s characters; from %(low)s to %(high)s are shown best.")
        yield _finding(edition, "preheader", message, length=len(line), low=SHORTEST_PREHEADER, high=LONGEST_PREHEADER)


def repeated_subjects(
    editions: Sequence[RenderedEdition], issue_id: str, sent: Sequence[RenderedEdition]
) -> Iterator[Finding]:
    """Yield the editions whose subject readers have seen before: `sent` are those of the issue `issue_id`."""
    before = {(one.locale, one.subject.strip().casefold()) for one in sent}
    for edition in editions:
        if (edition.locale, edition.subject.strip().casefold()) in before:
            message = N_("The subject is that of the issue %(issue)s; readers will think that they have read it.")
            values = (("issue", issue_id), ("locale", edition.locale))
            yield Finding(check="subject", severity="warning", message=message, values=values, where=edition.name)


def _finding(
    edition: RenderedEdition, check: str, message: str, severity: Severity = "warning", **values: int
) -> Finding:
    filled = tuple((name, str(value)) for name, value in values.items())
    return Finding(
        check=check,
        severity=severity,
        message=message,
        values=(*filled, ("locale", edition.locale)),
        where=edition.name,
    )
