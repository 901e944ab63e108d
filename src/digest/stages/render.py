"""Stage 6: an issue and its translations to what readers get, in every locale, with what stands against sending it."""

from collections.abc import Mapping, Sequence

from digest import i18n
from digest.errors import FileFormatError
from digest.models.edition import RenderedEdition, RenderOutcome
from digest.models.issue import Issue
from digest.models.newsletter import Newsletter
from digest.models.segment import Finding, Segment
from digest.ports import EditionWriter, IssueFiles, RenderedFiles
from digest.text.gates.edition import gate_findings
from digest.text.inbox_checks import inbox_findings, repeated_subjects
from digest.text.issue_checks import (
    edition_findings,
    empty_headings,
    picture_findings,
    translation_findings,
    unknown_audiences,
    unsafe_links,
)
from digest.views.edition import edition_view, own_audiences

_ISSUES_REMEMBERED = 6
"""So many earlier issues may not have the same subject."""


def render(
    issue: Issue,
    segments: Mapping[str, Sequence[Segment]],
    newsletter: Newsletter,
    editor: EditionWriter,
    *,
    locales: Sequence[str],
) -> RenderOutcome:
    """Return one edition a locale, in the order given, and one for each audience with a note; and all findings.

    `segments` are by locale. Raises FileFormatError (a template) and SettingsError (no catalogue for a locale).
    """
    editions: list[RenderedEdition] = []
    findings: list[Finding] = [
        *empty_headings(issue),
        *unsafe_links(issue, newsletter),
        *picture_findings(issue),
        *unknown_audiences(issue, newsletter),
    ]
    for locale in locales:
        translated, words = segments.get(locale, ()), i18n.words(locale)
        findings += translation_findings(issue, translated, locale)
        for audience in ("", *own_audiences(issue, newsletter)):
            edition = editor.write(edition_view(issue, translated, newsletter, words, audience=audience))
            editions.append(edition)
            findings += edition_findings(edition)
            findings += inbox_findings(edition)
            findings += gate_findings(edition, newsletter.legal)
    return RenderOutcome(editions=tuple(editions), findings=tuple(findings))


def seen_before(
    editions: Sequence[RenderedEdition], issue: Issue, issues: IssueFiles, rendered: RenderedFiles
) -> tuple[Finding, ...]:
    """Compare the subjects with those of the last approved issues; one that can not be read is no reason to stop."""
    earlier = [name for name in issues.issue_ids(issue.newsletter_id) if name < issue.issue_id]
    found: list[Finding] = []
    for name in reversed(earlier[-_ISSUES_REMEMBERED:]):
        try:
            if rendered.read_approval(issue.newsletter_id, name) is not None:
                found += repeated_subjects(editions, name, rendered.read_rendered(issue.newsletter_id, name))
        except FileFormatError:
            continue
    return tuple(found)
