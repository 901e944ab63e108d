"""Retractions, expressions of concern and corrections of a work. "Not checked" is never "no notice"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.models.work import Notice, SeenNotice, Work

_RETRACTED_TITLE = re.compile(
    r"^\W{0,3}(?:retracted(?:\s+(?:article|chapter|paper))?|withdrawn|retratado|artigo\s+retratado)\s*[:\]\-–]",
    re.IGNORECASE,
)
_WEIGHT = {"retraction": 0, "concern": 1, "correction": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What is known about notices of one work at one moment."""

    notices: tuple[Notice, ...]
    """The heaviest first."""
    checked_at: datetime | None
    """None where no source that knows notices could be asked."""

    @property
    def is_retracted(self) -> bool:
        """Whether a source says that the work was retracted or withdrawn."""
        return any(notice.kind == "retraction" for notice in self.notices)

    def is_fresh(self, now: datetime, age: timedelta) -> bool:
        """Whether it was looked up within `age`."""
        return self.checked_at is not None and now - self.checked_at <= age


def noticed(work: Work) -> Noticed:
    """Return the notices of a work; a title that says "RETRACTED:" counts. A notice itself has none of these."""
    found = list(work.notices)
    titled = any(_RETRACTED_TITLE.match(title.text) for title in work.titles)
    if titled and not work.notice_of and not any(notice.kind == "retraction" for notice in found):
        source = work.titles[0].source
        found.append(Notice(kind="retraction", doi=None, date="", source=source))
    return Noticed(
        notices=tuple(sorted(found, key=lambda notice: (_WEIGHT[notice.kind], notice.date))),
        checked_at=work.notices_checked_at,
    )


def with_log(work: Work, before: Work | None) -> Work:
    """Return a record that also logs when each of its notices was first seen; `before` is what was stored.

    A notice that a source forgets stays in the log, so that it is no news when it comes back.
    """
    log = work.notices_seen
    if before:
        # What was stored before there was a log is no news either.
        log = _logged(before.notices_seen, noticed(before).notices, None)
    return replace(work, notices_seen=_logged(log, noticed(work).notices, work.notices_checked_at))


def untold(work: Work, told: Iterable[Work], sent_at: datetime) -> tuple[SeenNotice, ...]:
    """Return the notices first seen after `sent_at` that none of `told`, earlier states of the record, knew."""
    log: tuple[SeenNotice, ...] = ()
    for earlier in told:
        log = _logged(log, (*earlier.notices_seen, *noticed(earlier).notices), None)
    new = _logged(log, work.notices_seen, None)[len(log) :]
    return tuple(
        one
        for one in work.notices_seen
        if one.at is not None
        and one.at > sent_at
        and any((one.kind, one.doi) == (other.kind, other.doi) for other in new)
    )


def _logged(
    log: tuple[SeenNotice, ...], found: Iterable[Notice | SeenNotice], at: datetime | None
) -> tuple[SeenNotice, ...]:
    """Append what the log does not hold. A work is retracted once; one without DOI may be any of its kind."""
    entries = list(log)
    for notice in found:
        same_kind = [place for place, one in enumerate(entries) if one.kind == notice.kind]
        unnamed = [place for place in same_kind if entries[place].doi is None]
        if notice.doi in {entries[place].doi for place in same_kind} or (same_kind and not notice.doi):
            continue
        if unnamed:
            entries[unnamed[0]] = replace(entries[unnamed[0]], doi=notice.doi)
        elif not (same_kind and notice.kind == "retraction"):
            entries.append(SeenNotice(kind=notice.kind, doi=notice.doi, at=at))
    return tuple(entries)
