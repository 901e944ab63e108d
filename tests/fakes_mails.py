"""A mail that passes every gate, and the same mail with one fault."""

from dataclasses import replace

from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.segment import Finding
from digest.text.gates.edition import gate_findings
from fakes_render import NEWSLETTER

LEGAL = NEWSLETTER.legal
HTML = (
    '<!doctype html><html lang="en" dir="ltr"><head><title>Bonds</title><style>.a{color:#222}</style></head>'
    '<body><div role="article" lang="en" dir="ltr"><table role="presentation"><tr><td>'
    "<h1>Bonds</h1><h2>Close ties</h2><p>Words of the letter</p>"
    '<img src="https://blog.example.org/a.png" alt="Waves" width="536">'
    f'<p>{LEGAL.name}, {LEGAL.address}</p><a href="{LEGAL.notice_url}">Legal notice</a>'
    f'<a href="{PERSONAL_LINK}">Unsubscribe</a>'
    "</td></tr></table></div></body></html>"
)
TEXT = (
    f"Bonds\n\nClose ties\n\nWords of the letter\n\nPicture: Waves\nhttps://blog.example.org/a.png\n\n"
    f"{LEGAL.name}, {LEGAL.address}\n\nLegal notice:\n{LEGAL.notice_url}\n\nUnsubscribe:\n{PERSONAL_LINK}\n"
)
SOUND = RenderedEdition(locale="en", subject="Bonds", preheader="Close ties", html=HTML, text=TEXT)


def with_html(old: str, new: str) -> RenderedEdition:
    assert HTML.count(old) >= 1, old
    return replace(SOUND, html=HTML.replace(old, new, 1))


def more_html(extra: str) -> RenderedEdition:
    return with_html("<p>Words of", f"{extra}<p>Words of")


def found(edition: RenderedEdition) -> list[tuple[str, str]]:
    return [(one.check, one.severity) for one in gate_findings(edition, LEGAL)]


def said(edition: RenderedEdition) -> list[str]:
    return [filled(one) for one in gate_findings(edition, LEGAL)]


def filled(finding: Finding) -> str:
    return finding.message % dict(finding.values)
