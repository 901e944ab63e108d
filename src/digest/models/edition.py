"""What readers will get, and the author's approval of exactly that."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from digest.models.segment import Finding

PERSONAL_LINK = "https://personal-link.invalid/unsubscribe"
"""Stands once in HTML and once in text for the reader's own link (RFC 2606: `.invalid` never resolves)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedEdition:
    """One locale of an issue, ready to send, for all readers or for one audience."""

    locale: str
    audience: str = ""
    """Empty in the edition of every reader whose audience has none of its own."""
    subject: str
    preheader: str
    html: str
    text: str

    @property
    def name(self) -> str:
        """`pt_BR`, or `pt_BR.brazil` for an audience; how files and approvals call it."""
        return f"{self.locale}.{self.audience}" if self.audience else self.locale

    @property
    def fingerprint(self) -> str:
        """SHA-256 over subject, HTML and text, each preceded by its length in bytes."""
        digest = hashlib.sha256()
        for part in (self.subject, self.html, self.text):
            data = part.encode("utf-8")
            digest.update(b"%d:" % len(data))
            digest.update(data)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOutcome:
    """The editions of an issue and what stands against sending them."""

    editions: tuple[RenderedEdition, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved which bytes, when and how."""

    issue_id: str
    approved_by: str
    approved_at: datetime
    how: str
    """`command`, `desk` or `merge`."""
    fingerprints: tuple[tuple[str, str], ...]
    """(name of the edition, SHA-256), sorted by name."""
    since: datetime | None = None
    """When the first of these editions was approved, where an earlier approval did that and this one keeps it."""

    @property
    def first_at(self) -> datetime:
        """From when on readers may have had one of these editions."""
        return self.since or self.approved_at
