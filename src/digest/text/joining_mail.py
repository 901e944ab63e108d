"""Reads the mails of people who want the newsletter: they ask for it, or answer the question whether they do. Pure."""

import re
from email.message import Message
from email.utils import parseaddr

from digest.models.inbox import Asks, Confirms, Declines, Ignored, Meaning
from digest.text.plain import one_line, shortened

_MARK = r"(?P<token>[a-z2-7]{32})"
_CONFIRM = re.compile(rf"\bconfirm(?:ar?)?\s+{_MARK}(?![a-z2-7])", re.IGNORECASE)
_QUESTION_ID = re.compile(rf"<{_MARK}\.confirm@", re.IGNORECASE)
_GREETING = (
    r"(?:(?:oi|ol(?:á|a)|bom dia|boa (?:tarde|noite)|hi|hello|hey|dear|cara|prezada)\b(?:, ?)?[\w ]{0,40}[,.!\n]\s*)?"
)
# Words that begin a question as well ("Quero saber ...", "Pode me dizer ...") count only with what makes them a yes.
_YES = re.compile(
    rf"\W*{_GREETING}(?:yes|yep|ok|okay|sure|i (?:confirm|agree|do(?=\W*$|\W*\n))|confirm(?:o|ed|ado|ar)?|sim|aceito|concordo|claro"
    r"|com certeza|quero(?=\W*$|\W*\n|,? sim\b| (?:muito )?(?:receber|assinar)\b)|pode(?=\W*$|\W*\n| (?:ser|sim|enviar|mandar)\b))(?![\w-])",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\n]|$")
_NO = re.compile(r"\W*(?:no|nope|not|never|i don.?t|n(?:ã|a)o|nunca|unsubscribe|cancelar|remove|stop)\b", re.IGNORECASE)
_BUT = re.compile(r"\b(?:not|never|don.?t|n(?:ã|a)o|nunca|unsubscribe|cancelar|remove)\b", re.IGNORECASE)
_JOIN = re.compile(
    r"\W*(?:(?P<en>subscribe(?: me)?|join|sign (?:me )?up)|(?P<pt>(?:quero )?(?:assinar|receber|me inscrever)(?: a newsletter)?"
    r"|inscrever(?:-se)?|me inscreva|inscri(?:ç|c)(?:ã|a)o|cadastrar))\W*",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"(?:^|[;\s])dmarc\s*=\s*pass\b[^;]*?\bheader\.from\s*=\s*([a-z0-9.-]+)", re.IGNORECASE)
_LONGEST_ANSWER = 200
_LONGEST_EVIDENCE = 1_000


def answer(message: Message, subject: str, written: str) -> Meaning | None:
    """Return what an answer to our question means; None for a mail that is none.

    The token in the subject, which the link of the question writes there, is a yes. A plain answer counts as one only
    if it begins with a word that says yes and has none that takes it back: a question or an empty mail is no consent.
    """
    evidence = _evidence(message)
    if pressed := _CONFIRM.search(subject[:1_000]):
        return Confirms(token=pressed["token"].lower(), evidence=evidence)
    references = f"{message.get('In-Reply-To', '')} {message.get('References', '')}"[:10_000]
    question = _QUESTION_ID.search(references)
    if question is None:
        return None
    token, words = question["token"].lower(), written[:_LONGEST_ANSWER]
    if _NO.match(words):
        return Declines(token=token)
    yes = _YES.match(words)
    end = _SENTENCE_END.search(words, yes.end()) if yes else None
    agrees = end is not None and end[0] != "?" and not _BUT.search(words)
    return Confirms(token=token, evidence=evidence) if agrees else None


def request(message: Message, subject: str, authserv_id: str) -> Meaning | None:
    """Return the wish to join; None for a mail that has none, or where no server's verdict is trusted.

    Only the verdict of the receiver's own server counts (RFC 8601): the first such header, under its name.
    """
    wish = _JOIN.fullmatch(subject)
    if wish is None or not authserv_id:
        return None
    address = parseaddr(str(message.get("From", "")))[1]
    if not address or not _proved(message, authserv_id, address.rpartition("@")[2]):
        return Ignored(reason="asks for the newsletter from an address that nobody proved")
    return Asks(address=address, locale="en" if wish["en"] else "pt_BR", evidence=_evidence(message))


def _proved(message: Message, authserv_id: str, domain: str) -> bool:
    found = message.get_all("Authentication-Results", [])
    if len(message.get_all("From", [])) != 1 or not found:
        return False
    verdict = _COMMENT.sub(" ", " ".join(str(found[0]).split()))
    name = verdict.partition(";")[0].split()
    passed = _DMARC.search(verdict)
    by_us = bool(name) and name[0].casefold() == authserv_id.casefold()
    return by_us and passed is not None and passed[1].casefold() == domain.casefold()


def _evidence(message: Message) -> str:
    names = ("Message-ID", "Date", "Authentication-Results")
    said = (f"{name}: {one_line(str(message[name]))}" for name in names if message[name])
    return shortened("; ".join(said), _LONGEST_EVIDENCE)
