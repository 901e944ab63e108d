"""What the law asks a newsletter to show of its author: a reading list in code, not legal advice.

Everywhere: who writes, where to find them, the legal notice, and how to leave (France: CPCE L34-5, LCEN; Luxembourg: laws of
14 August 2000 and 30 May 2005; Germany: DDG section 5, UWG section 7). A regulated profession names its title and register
(Luxembourg, Germany). Psychologists registered in Brazil show full name, the word psicóloga or psicólogo, and their CRP
number (Código de Ética, article 20; Resolução CFP 03/2007, articles 53 and 54).
"""

import re
from collections.abc import Iterator

from digest.models.message import N_
from digest.models.newsletter import Legal
from digest.models.segment import Finding
from digest.text.gates.links import links_of
from digest.text.gates.page import MailPage
from digest.text.links import safe_link
from digest.text.plain import one_line

CRP = re.compile(r"CRP[ -]?(?:0[1-9]|1\d|2[0-4])\s?/\s?\d{3,6}")
"""Regional councils are numbered 01 to 24."""
_PSYCHOLOGIST = re.compile(r"psic[óo]log[ao]", re.IGNORECASE)
_NAMES_REGISTER = frozenset({"LU", "DE"})
_LEAVE = re.compile(
    r"unsubscribe|opt.?out|cancelar|descadastr|desinscrev|sair da lista|d[ée]sabonn|d[ée]sinscri|abmelden|abbestellen",
    re.IGNORECASE,
)
_NOTICE = re.compile(r"legal|imprint|impressum|mentions|privacy|privacidade|datenschutz", re.IGNORECASE)
_NOT_A_WORD = re.compile(r"[\W_]+")
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}-)?\d{4,5}(?:-\d{3})?\b")


def law_findings(
    page: MailPage, text: str, legal: Legal, *, locale: str, leave_url: str, where: str
) -> Iterator[Finding]:
    """Yield what the footer of an edition lacks under the law that its author's settings name."""
    for part, words, links in (("HTML", page.words, links_of(page)), ("TXT", text, tuple(text.split()))):
        for message, value in _owed_words(legal, locale):
            if value and not _shows(words, value):
                yield _error(message, where, part=part, value=one_line(value))
        for message, link in ((N_("The %(part)s part does not lead to the legal notice."), safe_link(legal.notice_url)),
                              (N_("The %(part)s part has no link to unsubscribe."), leave_url)):  # fmt: skip
            if link and link not in links:
                yield _error(message, where, part=part)
    yield from _missing_settings(legal, locale, where)


def bare_law_findings(page: MailPage, text: str, where: str) -> Iterator[Finding]:
    """The same for a mail whose author's settings are not known: what any reader can see."""
    words = f"{page.words}\n{text}"
    links = [(link.get("href") or "", "".join(map(str, link.itertext()))) for link in page.all("a")]
    if not any(_LEAVE.search(target) or _LEAVE.search(label) for target, label in links):
        yield _error(N_("The %(part)s part has no link to unsubscribe."), where, part="HTML")
    if not _LEAVE.search(text):
        yield _error(N_("The %(part)s part has no link to unsubscribe."), where, part="TXT")
    if not any(_NOTICE.search(target) or _NOTICE.search(label) for target, label in links):
        yield _warning(N_("There is no link to a legal notice."), where)
    if not _POSTCODE.search(words):
        yield _warning(N_("There is no postal address."), where)
    if _PSYCHOLOGIST.search(words) and not CRP.search(words):
        yield _warning(N_("A psychologist in Brazil shows the CRP number, such as CRP 06/12345."), where)


def _owed_words(legal: Legal, locale: str) -> Iterator[tuple[str, str]]:
    yield N_("The %(part)s part does not show the name “%(value)s”."), legal.name
    yield N_("The %(part)s part does not show the address “%(value)s”."), legal.address
    yield N_("The %(part)s part does not show the profession “%(value)s”."), legal.profession_in(locale)
    yield N_("The %(part)s part does not show the register “%(value)s”."), legal.register
    yield N_("The %(part)s part does not show the CRP number “%(value)s”."), legal.crp


def _missing_settings(legal: Legal, locale: str, where: str) -> Iterator[Finding]:
    if legal.country == "BR" and not legal.crp:
        yield _error(N_("In Brazil the footer shows the CRP number: set `crp` in `legal`."), where)
    is_psychologist = legal.country == "BR" or bool(legal.crp)
    if is_psychologist and locale.startswith("pt") and not _PSYCHOLOGIST.search(legal.profession_in(locale)):
        yield _error(N_("In Brazil the footer says psicóloga or psicólogo: set `profession` in `legal`."), where)
    if legal.country in _NAMES_REGISTER and legal.professions and not legal.register:
        yield _warning(N_("A regulated profession names its register: set `register` in `legal`."), where)


def _shows(words: str, value: str) -> bool:
    # Nearly always it stands there as it was given; the second look takes longer than all other gates.
    return value in words or _squeezed(value) in _squeezed(words)


def _squeezed(text: str) -> str:
    """Only letters and digits, in small letters: a wrapped address is still that address."""
    return _NOT_A_WORD.sub("", text.casefold())


def _error(message: str, where: str, **values: str) -> Finding:
    return Finding(check="law_footer", severity="error", message=message, values=tuple(values.items()), where=where)


def _warning(message: str, where: str) -> Finding:
    return Finding(check="law_footer", severity="warning", message=message, where=where)
