"""The composition root of a run that may have nothing to do; it opens nothing that takes time."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from digest import bootstrap, receipts, rests
from digest.config import Config
from digest.models.newsletter import Newsletter
from digest.models.report import RunReceipt
from digest.models.rest import Rest


class RestingPlace:
    """Says whether a run can rest; one a newsletter, used while the folder is locked."""

    def __init__(self, config: Config, newsletter: Newsletter) -> None:
        """Take the settings."""
        from digest.adapters.stores.rest_file import RestFile

        database = Path(config.state_url)
        self._file = RestFile(database.with_name(f"rest-{newsletter.newsletter_id}.json"), database)
        # Now, before the run looks: what she saves while it looks counts as touched after it.
        self._before = bootstrap.watched_files(config).fingerprint()
        self._state = (database, database.with_name(f"{database.name}-wal"))

    @classmethod
    def of(cls, config: Config, newsletter: Newsletter) -> "RestingPlace | None":
        """None where others may bring work that no file of this folder tells of: a mailbox, a database server."""
        return None if config.inbox_url or "://" in config.state_url else cls(config, newsletter)

    def rest(self, *, started: datetime, finished: datetime) -> RunReceipt | None:
        """Return the receipt, stored, of a run with nothing to do; None where the run has to look. Raises StorageError."""
        rest = self._file.read()
        if rest is None or not rests.holds(rest, self._touched(), now=started):
            return None
        receipt = rests.said_again(rest, run_id=receipts.new_run_id(started), started=started, finished=finished)
        self._file.save_receipt(receipt)
        self._file.write(replace(rest, receipt=receipt, touched=self._touched()))
        return receipt

    def found(self, receipt: RunReceipt, until: datetime | None) -> None:
        """Remember how a run ended that looked, once it has closed what it opened: None says that it had work."""
        if until is None or until <= receipt.finished:
            self._file.forget()
        else:
            self._file.write(Rest(receipt=receipt, until=until, touched=self._touched()))

    def _touched(self) -> str:
        """Tell the files as they were when this run began, and the state as it is now: runs alone write it."""
        from digest.adapters.stores.folder_watch import TouchedFiles

        return TouchedFiles(self._state, also=self._before).fingerprint()
