"""Retractions, expressions of concern and corrections of a work. "Not checked" is never "no notice"."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.models.work import Notice, Work

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


def news(before: Noticed, after: Noticed) -> tuple[Notice, ...]:
    """Return what was not known before: another kind, or another notice of a kind; for works that were sent already."""
    known = {(notice.kind, notice.doi) for notice in before.notices}
    kinds = {notice.kind for notice in before.notices}
    return tuple(
        notice
        for notice in after.notices
        if (notice.kind, notice.doi) not in known and (notice.doi or notice.kind not in kinds)
    )
