"""A ledger whose claims are published before their mails leave, so that another machine can not send them again."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from digest.errors import DigestError
from digest.models.delivery import Change, Delivery, DeliveryCounts, DueAt, Subscriber, at_once
from digest.ports import Ledger


class PublishedLedger:
    """Ledger over another one."""

    def __init__(self, ledger: Ledger, publish: Callable[[str], None]) -> None:
        """`publish` is given the run that has just claimed, and raises DigestError where others can not be told."""
        self._ledger = ledger
        self._publish = publish
        self.failure: DigestError | None = None
        """Why the run stopped claiming, if it could not publish."""

    def sending(self, newsletter_id: str) -> AbstractContextManager[str]:
        """Hold the one sending lock and yield a run id; rows of dead runs fall back. Raises StateConflictError."""
        return self._ledger.sending(newsletter_id)

    def freeze(
        self, newsletter_id: str, issue_id: str, fingerprint: str, locales: Sequence[str], due_at: DueAt = at_once
    ) -> DeliveryCounts:
        """Freeze the recipients once, whatever happens later, and return the counts."""
        return self._ledger.freeze(newsletter_id, issue_id, fingerprint, locales, due_at)

    def claim(
        self, newsletter_id: str, issue_id: str, run_id: str, size: int
    ) -> tuple[tuple[Delivery, Subscriber], ...]:
        """Take rows and publish that; nothing where it can not be published, so that none of them is sent.

        It does not raise there: mails under way end first, and what is claimed is planned again at the end of the run.
        """
        if self.failure is not None:
            return ()
        rows = self._ledger.claim(newsletter_id, issue_id, run_id, size)
        if rows:
            try:
                self._publish(run_id)
            except DigestError as error:
                self.failure = error
                return ()
        return rows

    def record(self, changes: Sequence[Change]) -> None:
        """Durably write the states of several rows, all or none. Raises StateConflictError."""
        self._ledger.record(changes)

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
        """How many rows are in each state."""
        return self._ledger.counts(newsletter_id, issue_id)
