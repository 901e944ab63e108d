"""What the domain of the sender says in the DNS: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489). Pure."""

import re
from collections.abc import Sequence

from digest.models.checkup import Check

_SPF = re.compile(r"v=spf1(?:\s|$)", re.IGNORECASE)
_DMARC = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)", re.IGNORECASE)
_POLICIES = ("none", "quarantine", "reject")
_MOST_LOOK_UPS = 10
_LOOK_UP = re.compile(r"[+?~-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:)|redirect=", re.IGNORECASE)


def spf_check(domain: str, records: Sequence[str]) -> Check:
    """Judge the TXT records of the sender's domain."""
    name, found = f"SPF of {domain}", [record for record in records if _SPF.match(record)]
    if not found:
        mend = "Publish the SPF record that your mail provider names, as a TXT record of this domain."
        return Check(check=name, status="broken", detail="there is none: many servers refuse the mail", mend=mend)
    if len(found) > 1:
        mend = "Join them to one: several count as none (RFC 7208 section 3.2)."
        return Check(check=name, status="broken", detail=f"there are {len(found)}", mend=mend)
    terms = found[0].split()[1:]
    asked = sum(bool(_LOOK_UP.match(term)) for term in terms)
    if asked > _MOST_LOOK_UPS:
        mend = f"Name fewer servers in it: {_MOST_LOOK_UPS} look-ups are the most (RFC 7208 section 4.6.4)."
        return Check(check=name, status="broken", detail=f"it takes {asked} look-ups", mend=mend)
    if any(term.lower() in {"+all", "all"} for term in terms):
        mend = "End it with ~all or -all."
        return Check(check=name, status="warning", detail="it allows the whole world to send as you", mend=mend)
    return Check(check=name, status="ok", detail="there is one; whether it names your provider only a mail can show")


def dmarc_check(domain: str, records: Sequence[str]) -> Check:
    """Judge the TXT records of `_dmarc` below the sender's domain or the domain above it."""
    name, found = f"DMARC of {domain}", [record for record in records if _DMARC.match(record)]
    if len(found) != 1:
        detail = f"there are {len(found)}" if found else "there is none: large providers ask for it"
        mend = f'Publish one TXT record at _dmarc.{domain}, to begin with "v=DMARC1; p=none".'
        return Check(check=name, status="warning", detail=detail, mend=mend)
    policy = tags_of(found[0]).get("p", "").lower()
    if policy not in _POLICIES:
        mend = "Its p has to be none, quarantine or reject."
        return Check(check=name, status="warning", detail="its policy can not be read", mend=mend)
    return Check(check=name, status="ok", detail=f"there is one, policy {policy}")


def dkim_check(name: str, records: Sequence[str], *, fits: bool) -> Check:
    """Judge the TXT records at `selector._domainkey.domain`; `fits` says whether the key signs for one of them."""
    keys = [record for record in records if "p" in tags_of(record)]
    if not keys:
        mend = f"Publish your public key as the TXT record {name}."
        return Check(check=f"DKIM key {name}", status="broken", detail="there is none", mend=mend)
    if not any(tags_of(record)["p"] for record in keys):
        mend = "Publish a new key under another selector; an empty p says that this one was withdrawn."
        return Check(check=f"DKIM key {name}", status="broken", detail="it was withdrawn", mend=mend)
    if not fits:
        mend = "Publish the public half of the key in your settings, or set the private half of the published one."
        return Check(check=f"DKIM key {name}", status="broken", detail="it is not that of your settings", mend=mend)
    return Check(check=f"DKIM key {name}", status="ok", detail="it fits the key of your settings")


def tags_of(record: str) -> dict[str, str]:
    """Return the `name=value` pairs of a record (RFC 6376 section 3.2), values without white space."""
    parts = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): re.sub(r"\s+", "", value) for name, sign, value in parts if sign}
