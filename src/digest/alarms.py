"""What the author has to be told of her schedule, and in which words. Pure: values in, alarms and notices out."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from digest.i18n import words
from digest.models.alarm import Alarm, Notice
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, RunReceipt

_ISSUE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC")
SILENCE = timedelta(hours=26)
"""Longer than the longest that a schedule of several runs a day may be late for."""


def alarms(receipts: Sequence[RunReceipt], missed: Problem | None, *, now: datetime) -> tuple[Alarm, ...]:
    """Return what is wrong, whether it was told or not. `receipts` are those of earlier runs, in any order."""
    found = []
    since = silent_since(receipts, now=now)
    if since is not None:
        found.append(Alarm(kind="silent", name=f"{since.astimezone(UTC):%Y-%m-%d %H:%M} UTC"))
    if missed is not None:
        found.append(Alarm(kind="missed", name=missed.where.removeprefix("issue ")))
    return tuple(found)


def silent_since(receipts: Iterable[RunReceipt], *, now: datetime) -> datetime | None:
    """Return the end of the last good run if that is too long ago; of the first run at all where none was good."""
    receipts = list(receipts)
    good = [receipt.finished for receipt in receipts if receipt.outcome != "failed"]
    last = max(good) if good else min((receipt.started for receipt in receipts), default=now)
    return last if now - last > SILENCE else None


def written(found: Iterable[Alarm]) -> str:
    """Return alarms as one line for another job; it names an issue or a moment and nothing else."""
    return ";".join(f"{alarm.kind} {alarm.name}" for alarm in found)


def read_alarms(line: str) -> tuple[Alarm, ...]:
    """Return what `written` wrote; whatever else there is, is left out."""
    parts = [part.strip().partition(" ") for part in line.split(";")]
    missed = [Alarm(kind="missed", name=name) for kind, _, name in parts if kind == "missed" and _ISSUE.fullmatch(name)]
    silent = [
        Alarm(kind="silent", name=name) for kind, _, name in parts if kind == "silent" and _MOMENT.fullmatch(name)
    ]
    return (*missed, *silent)


def notice(alarm: Alarm, newsletter: Newsletter) -> Notice:
    """Put an alarm into words, in every language of the newsletter, the first of them in the title."""
    title = _title(alarm, newsletter, newsletter.locales[0])
    parts = [f"{_title(alarm, newsletter, locale)}\n\n{_what_to_do(alarm, locale)}" for locale in newsletter.locales]
    return Notice(title=title, text="\n\n---\n\n".join(parts) + "\n")


def _title(alarm: Alarm, newsletter: Newsletter, locale: str) -> str:
    says = words(locale)
    names = {"newsletter": newsletter.title(locale), "name": alarm.name}
    if alarm.kind == "missed":
        return says.gettext("%(newsletter)s: the issue of %(name)s did not leave in time") % names
    return says.gettext("%(newsletter)s: no run has ended well since %(name)s") % names


def _what_to_do(alarm: Alarm, locale: str) -> str:
    says = words(locale)
    if alarm.kind == "missed":
        return says.gettext(
            "The hours in which it was due are over, and not all readers have it. Look at the last run: its summary says "
            "why. An issue that was not approved can still be: approve it, and then start the job that sends by hand. "
            "Nobody gets it twice."
        )
    return says.gettext(
        "The runs came late, failed, or did not come at all. This one came. Look at the page of your repository that "
        "lists the runs: what is red says there what to do, and a schedule that was switched off can be switched on "
        "again there. Nothing is lost: the next run does what is due."
    )
