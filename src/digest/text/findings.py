"""What every check of words shares: how a finding is made, and how a PO file and a dismissal name it."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace

from digest.models.segment import Finding, Severity, Spans

Span = tuple[int, int]

_LONGEST_QUOTE = 80
_NONE = "-"


def found(
    check: str,
    severity: Severity,
    message: str,
    *,
    source_at: Iterable[tuple[int, int]] = (),
    target_at: Iterable[tuple[int, int]] = (),
    **values: str,
) -> Finding:
    """Return a finding; `source_at` and `target_at` are spans in code points, `values` fill the places of the message."""
    return Finding(
        check=check,
        severity=severity,
        message=message,
        values=tuple(values.items()),
        source_spans=tuple(source_at),
        target_spans=tuple(target_at),
    )


def words_at(text: str, spans: Spans) -> str:
    """Return the words of a finding on one side, one after the other, shortened; empty where it names none."""
    words = ", ".join(" ".join(text[start:end].split()) for start, end in spans)
    return words if len(words) <= _LONGEST_QUOTE else words[: _LONGEST_QUOTE - 1] + "…"


def differing(
    check: str, severity: Severity, message: str, sides: tuple[str, str], lost: Sequence[Span], new: Sequence[Span]
) -> Finding:
    """Return a finding whose message has places for the words of both `sides`: `%(source)s / %(target)s`."""
    source, target = (words_at(side, tuple(spans)) or _NONE for side, spans in zip(sides, (lost, new), strict=True))
    return found(check, severity, message, source_at=lost, target_at=new, source=source, target=target)


def finding_line(finding: Finding, source: str, target: str) -> str:
    """Return a finding as the PO file names it: `hedging warning "may" / -`."""
    sides = (words_at(source, finding.source_spans), words_at(target, finding.target_spans))
    left, right = (f'"{side}"' if side else _NONE for side in sides)
    return f"{finding.check} {finding.severity} {left} / {right}"


def identified(finding: Finding, source: str, target: str, *, where: str, locale: str = "") -> Finding:
    """Return a finding with its place and an id; words that change make another finding of it."""
    named = "\0".join((finding.check, where, locale, finding_line(finding, source, target), source, target))
    mark = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:12]
    values = (*finding.values, ("locale", locale)) if locale else finding.values
    return replace(finding, where=where, values=values, finding_id=mark)
