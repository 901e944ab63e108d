"""What a job without the list of readers may know of sending: whether an issue is due, and whether all of it left."""

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
    return [name for name in names if not _is_noted(config, shop.newsletter, name)]


def missed(config: Config, shop: "Workshop", now: datetime) -> Problem | None:
    """Say that the last slot passed without its mail, as far as the folders of the issues tell."""
    from digest import dispatch

    def counts(name: str) -> DeliveryCounts:
        return DeliveryCounts(sent=1) if _is_noted(config, shop.newsletter, name) else DeliveryCounts()

    return dispatch.missed_slot(shop, now=now, too_old=TOO_OLD, counts=counts)


def note(config: Config, newsletter: Newsletter, name: str, counts: DeliveryCounts) -> None:
    """Write into the folder of an issue that nothing is left to send; counts only, for who got it the list alone knows.

    Uncertain mails are never sent by themselves, so they keep nothing open.
    """
    if counts.still_to_send or counts.later or counts.claimed or counts.handing:
        return
    folder = _folder(config, newsletter, name)
    rows = {"sent": counts.sent, "failed": counts.failed, "left": counts.suppressed, "uncertain": counts.uncertain}
    lines = "".join(f"{row} = {number}\n" for row, number in rows.items())
    text = f"# Written by `digest` when nothing was left to send. Counts only.\n{lines}"
    (folder / bootstrap_ci.SENT).write_text(text, encoding="utf-8")
    if bootstrap_ci.is_repository(config):
        bootstrap_ci.words(config).record(str(folder.relative_to(config.folder)), f"Note that {name} was sent")


def _is_noted(config: Config, newsletter: Newsletter, name: str) -> bool:
    return (_folder(config, newsletter, name) / bootstrap_ci.SENT).exists()


def _folder(config: Config, newsletter: Newsletter, name: str) -> Path:
    prefix = f"{newsletter.newsletter_id}-" if len(config.newsletters) > 1 else ""
    return config.folder / "issues" / f"{prefix}{name}"
