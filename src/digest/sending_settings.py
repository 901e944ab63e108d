"""The settings of `[sender]` and `[canary]`."""

import re

from digest.models.sending import Canary, Sending
from digest.settings_reader import Table

_LONGEST_BOUNCE_NAME = 31
"""Of the 64 octets that a local part may have (RFC 5321 section 4.5.3.1.1), `+` and a token take 33."""


def read_sending(root: Table) -> Sending:
    """Read both tables; mistakes are noted in them."""
    sender = root.table("sender")
    dkim = sender.table("dkim", optional=True)
    sending = Sending(
        mailbox=sender.mailbox("from"),
        reply_to=sender.mailbox("reply_to", default=""),
        bounces=_bounces(sender),
        unsubscribe_url=_unsubscribe_url(sender),
        smtp_url=sender.secret("smtp", default=""),
        resend_key=sender.secret("resend_key", default=""),
        resend_url=sender.text("resend_url", default="") or "https://api.resend.com",
        sent_folder=sender.secret("sent_folder", default=""),
        connections=sender.integer("connections", default=2, low=1, high=20),
        per_minute=sender.integer("per_minute", default=0, low=0, high=1_000_000),
        per_minute_per_domain=sender.integer("per_minute_per_domain", default=0, low=0, high=1_000_000),
        dkim_selector=_selector(dkim),
        dkim_key=dkim.secret("key", default=""),
        canary=_canary(root),
    )
    dkim.finish()
    sender.finish()
    return sending


def _bounces(sender: Table) -> str:
    value = sender.mailbox("bounces", default="")
    if len(value.partition("@")[0]) > _LONGEST_BOUNCE_NAME:
        sender.mistake("bounces", f"may have {_LONGEST_BOUNCE_NAME} characters before the @ at most")
    return value


def _unsubscribe_url(sender: Table) -> str:
    value = sender.text("unsubscribe_url", default="")
    if value and not re.fullmatch(r"https://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9/._~-]*/?", value):
        sender.mistake("unsubscribe_url", "has to be an address such as https://lists.example.org/u/")
    return value if value.endswith("/") or not value else f"{value}/"


def _selector(dkim: Table) -> str:
    value = dkim.text("selector", default="")
    if value and not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?", value):
        dkim.mistake("selector", "may only hold letters, digits, hyphens and dots")
    if dkim.values and not value:
        dkim.mistake("selector", "is missing")
    return value


def _canary(root: Table) -> Canary | None:
    table = root.table("canary", optional=True)
    canary = Canary(
        address=table.mailbox("address", default=""),
        imap_url=table.secret("imap", default=""),
        wait_seconds=table.integer("wait_seconds", default=300, low=1, high=3600),
    )
    if table.values and not canary.address:
        table.mistake("address", "is missing")
    table.finish()
    # Without a way to read it back there is nothing to compare, as where the secret is not set on this machine.
    return canary if canary.address and canary.imap_url else None
