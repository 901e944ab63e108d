"""A segment: one sentence that has to exist in another locale, and what checks found about it."""

from dataclasses import dataclass
from typing import Literal

SegmentState = Literal["untranslated", "draft", "needs_edit", "approved"]
Severity = Literal["error", "warning", "info"]

Spans = tuple[tuple[int, int], ...]
"""[start, end) of words in a text, counted in code points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found; the words of the message are in the catalogues."""

    check: str
    severity: Severity
    message: str
    """Message id with `%(name)s` places."""
    values: tuple[tuple[str, str], ...] = ()
    where: str = ""
    """Segment key, file or story it belongs to."""
    source_spans: Spans = ()
    target_spans: Spans = ()
    finding_id: str = ""
    """Names this finding of exactly these words, where its author may dismiss it; empty where nobody may."""
    dismissed: str = ""
    """The reason why its author lets it stand; empty while it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One sentence in its own language and in one other locale."""

    key: str
    """`msgctxt`: story key, heading and number, e.g. `post-41/studies/2`."""
    source: str
    target: str = ""
    state: SegmentState = "untranslated"
    origin: str = ""
    """`human`, `memory`, `parallel`, or an engine's name and version."""
    previous_source: str | None = None
    """What the source said when the target was written, where it has changed since."""
    findings: tuple[str, ...] = ()
    """Lines for `#. finding:`."""
    glossary: str = ""
    """Mark of the terms that an engine was given for it; empty where it was given none."""
