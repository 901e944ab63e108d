"""What a job without the list of readers may know of sending: whether an issue is due, and whether all of it left."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import bootstrap_ci
from digest.cli.run import TOO_OLD
from digest.config import Config
from digest.models.delivery import DeliveryCounts
from digest.models.newsletter import Newsletter
from digest.models.report import Problem

if TYPE_CHECKING:
    from digest.pipeline import Workshop


def due(config: Config, shop: "Workshop", now: datetime) -> list[str]:
    """Approved issues whose slot has come and whose folder does not say that nothing is left to send."""
    from digest import dispatch

    names = dispatch.due_issues(shop, now=now, too_old=TOO_OLD)
    return [name for name in names if not _is_over(noted(config, shop.newsletter, name))]


def missed(config: Config, shop: "Workshop", now: datetime) -> Problem | None:
    """Say that the last slot passed without its mail, as far as the folders of the issues tell."""
    from digest import dispatch

    def counts(name: str) -> DeliveryCounts:
        found = noted(config, shop.newsletter, name)
        # An issue is done too where nobody was on the list.
        return DeliveryCounts(sent=1) if _is_over(found) else found or DeliveryCounts()

    return dispatch.missed_slot(shop, now=now, too_old=TOO_OLD, counts=counts)


def note(config: Config, newsletter: Newsletter, name: str, counts: DeliveryCounts) -> None:
    """Write into the folder of an issue how many mails left; counts only, for who got it the list alone knows."""
    folder = _folder(config, newsletter, name)
    waiting = counts.still_to_send + counts.later + counts.claimed + counts.handing
    rows = {"sent": counts.sent, "failed": counts.failed, "left": counts.suppressed, "uncertain": counts.uncertain}
    lines = "".join(f"{row} = {number}\n" for row, number in (rows | {"waiting": waiting}).items())
    text = f"# Written by `digest` after sending. Counts only; nothing is left to send when none is waiting.\n{lines}"
    (folder / bootstrap_ci.SENT).write_text(text, encoding="utf-8")
    if bootstrap_ci.is_repository(config):
        bootstrap_ci.words(config).record(str(folder.relative_to(config.folder)), f"Note what was sent of {name}")


def noted(config: Config, newsletter: Newsletter, name: str) -> DeliveryCounts | None:
    """Return what `note` wrote; None where nothing readable is there, for then the list itself is asked."""
    try:
        rows = tomllib.loads((_folder(config, newsletter, name) / bootstrap_ci.SENT).read_text("utf-8"))
        sums = {row: int(rows.get(row, 0)) for row in ("sent", "failed", "left", "uncertain", "waiting")}
    except (OSError, ValueError, TypeError):
        return None
    return DeliveryCounts(
        sent=sums["sent"],
        failed=sums["failed"],
        suppressed=sums["left"],
        uncertain=sums["uncertain"],
        planned=sums["waiting"],
    )


def _is_over(counts: DeliveryCounts | None) -> bool:
    """Uncertain mails are never sent by themselves, so they keep nothing open."""
    return counts is not None and not counts.still_to_send


def _folder(config: Config, newsletter: Newsletter, name: str) -> Path:
    prefix = f"{newsletter.newsletter_id}-" if len(config.newsletters) > 1 else ""
    return config.folder / "issues" / f"{prefix}{name}"
