"""Every gate that a rendered edition has to pass before its author is asked to approve it."""

from collections.abc import Iterator
from functools import lru_cache

from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.newsletter import Legal
from digest.models.segment import Finding
from digest.text.gates.access import access_findings
from digest.text.gates.clients import client_findings
from digest.text.gates.footer import law_findings
from digest.text.gates.links import link_findings
from digest.text.gates.page import MailPage, read_page
from digest.text.gates.same_words import word_findings
from digest.text.gates.weight import weight_findings


# An open desk asks again after every edit, and twice, for all editions.
@lru_cache(maxsize=16)
def gate_findings(edition: RenderedEdition, legal: Legal) -> tuple[Finding, ...]:
    """Return what stands against the bytes of one edition; `where` is its name."""
    return tuple(_gate_findings(edition, legal))


def _gate_findings(edition: RenderedEdition, legal: Legal) -> Iterator[Finding]:
    page, name = read_page(edition.html), edition.name
    yield from page_findings(page, name)
    yield from word_findings(page, edition.text, name)
    yield from law_findings(page, edition.text, legal, locale=edition.locale, leave_url=PERSONAL_LINK, where=name)


def page_findings(page: MailPage, where: str) -> Iterator[Finding]:
    """What can be said of an HTML part by itself."""
    yield from weight_findings(page, where)
    yield from link_findings(page, where)
    yield from client_findings(page, where)
    yield from access_findings(page, where)
