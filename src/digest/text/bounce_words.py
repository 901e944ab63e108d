"""What a mail server's words mean where its status code says no more than "no": RFC 3463 codes from English and Portuguese.

Whatever may be about the sender is taken for that first; a full mailbox comes before one that is gone.
"""

import re

_VAGUE = re.compile(r"[45]\.(?:0\.0|3\.0|5\.0)")
_POLICY = re.compile(
    r"\bspam\b|block ?list|black ?list|\bdnsbl\b|\brbl\b|\bpolicy\b|pol[ií]tica d|reputation|\b(?:dmarc|dkim|spf)\b"
    r"|not authenticated|unauthenticated|unable to relay|relay(?:ing)? (?:access )?(?:denied|not)|(?:ip|sender|message|mail) (?:is |was )?"
    r"(?:blocked|bloquead[ao])|rate limit|too many (?:messages|connections)|not accepting mail from|\bvirus\b",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"quota|mail ?box (?:is |for \S+ is )?full|full mail ?box|box space not enough|(?:too much mail|storage limit)"
    r"|(?:caixa (?:postal|de (?:correio|entrada))|caixa) (?:\S+ ){0,3}(?:cheia|lotada)|\bcota\b",
    re.IGNORECASE,
)
_WHO = r"(?:user|account|mail ?box|recipient|address(?:ee)?|person|alias)"
_QUEM = r"(?:usu[áa]rio|conta|destinat[áa]rio|caixa postal|endere[çc]o|e-?mail)"
_GONE = re.compile(
    rf"(?:unknown|no such|invalid|not a known) (?:local )?{_WHO}\b|\b{_WHO} (?:\S+ ){{0,2}}?(?:is |was |has been )?"
    r"(?:unknown|not (?:known|found|recognized|exist)|does(?: not|n['’]t) exist|no longer (?:exists|valid|available|in use)"
    r"|(?:disabled|discontinued|deactivated|suspended|inactive)\b)"
    r"|doesn['’]t have an? \S+ account|no mail ?box (?:here )?by that name|recipient name is not recognized"
    r"|not listed in (?:the )?domino directory|no longer valid|unrouteable address|invalid final delivery userid"
    rf"|\b{_QUEM} (?:\S+ ){{0,2}}?(?:inexistente|desconhecid[ao]|desativad[ao]|n[ãa]o (?:existe|encontrad[ao]|foi encontrad[ao]))",
    re.IGNORECASE,
)
_NO_HOST = re.compile(
    r"unknown host|non-?existent hosts?\b|host (?:or domain name )?(?:unknown|not found)|domain (?:\S+ ){0,2}?(?:does not exist|not found)|no such domain"
    r"|name service error for (?:name|domain)[^\n]{0,200}(?:not found|non-?existent)"
    r"|dom[íi]nio (?:\S+ )?(?:inexistente|n[ãa]o (?:existe|encontrado))",
    re.IGNORECASE,
)
_EDGE = re.compile(r"5\.4\.1\b.{0,20}recipient address rejected", re.IGNORECASE | re.DOTALL)
"""How Exchange Online says that its directory knows no such person."""


def status_of(status: str, words: str) -> str:
    """Return the status, or the one that the words tell where it is vague."""
    if _EDGE.search(f"{status} {words}"):
        return "5.1.1"
    if not _VAGUE.fullmatch(status):
        return status
    line = " ".join(words.split())
    meanings = ((_POLICY, "7.1"), (_FULL, "2.2"), (_NO_HOST, "1.2"), (_GONE, "1.1"))
    found = next((detail for pattern, detail in meanings if pattern.search(line)), "")
    # A server that says "later" knows of nobody that they are gone.
    if not found or (status.startswith("4") and found.startswith("1.")):
        return status
    return f"{status[0]}.{found}"
