"""What the stages ask of the outside, owned by the stages that call it. At most five methods each."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from digest.models.article import Article, Citation, CitationDecision, Sighting
from digest.models.delivery import (
    Change,
    Delivery,
    DeliveryCounts,
    DueAt,
    Journal,
    Parcel,
    Subscriber,
    at_once,
)
from digest.models.edition import Approval, RenderedEdition
from digest.models.edition_view import EditionView
from digest.models.engine import SummaryRequest, SummaryResult, TranslationRequest, TranslationResult
from digest.models.engine_use import EngineUse
from digest.models.issue import Issue
from digest.models.report import RunReceipt
from digest.models.resolution import CouldNotCheck, LookedUp, Resolution
from digest.models.segment import Segment
from digest.models.source import FeedCache, Source, SourceAnswer
from digest.models.work import Work


class SourceReader(Protocol):
    """Collect: asks many sources side by side and reads what they answer."""

    def read_all(self, asked: Sequence[tuple[Source, FeedCache]]) -> Iterable[tuple[Source, SourceAnswer]]:
        """Yield one answer a source as it comes; a body as the last one is `Unchanged`, what fails is an answer, too."""
        ...


class SourceMemory(Protocol):
    """Collect: what is remembered of sources and of what they brought. It asks for what one source needs, never for all."""

    def feed_caches(self, source_keys: Collection[str]) -> Mapping[str, FeedCache]:
        """Return what is remembered of each, or an empty `FeedCache`."""
        ...

    def save_collected(self, caches: Sequence[FeedCache], articles: Sequence[Article]) -> None:
        """Store new or edited articles of some sources and the validators that brought them, in one transaction."""
        ...

    def articles_of(self, newsletter_id: str, source_key: str) -> tuple[Article, ...]:
        """All articles of one source, oldest first seen first."""
        ...

    def left_behind(self, newsletter_id: str, source_keys: Collection[str]) -> tuple[Article, ...]:
        """All articles whose source is none of these: it was taken out of the settings, or has a new address there."""
        ...

    def sightings(self, newsletter_id: str, keys: Collection[str]) -> Mapping[str, Sighting]:
        """Return which stored article has each of these keys (`digest.works.identity.article_keys`), where one has."""
        ...


class HostMemory(Protocol):
    """Collect, complete: the pauses that hosts asked for (429, 503), which outlive a run."""

    def host_pauses(self) -> Mapping[str, datetime]:
        """Return until when (UTC) each host is left alone; past moments may be among them."""
        ...

    def save_host_pause(self, host: str, until: datetime) -> None:
        """Remember that a host asked for a pause."""
        ...


class ArticleStore(Protocol):
    """Complete, curate: what the machine remembers between runs."""

    def save_article(self, article: Article) -> None:
        """Store one article again, e.g. completed."""
        ...

    def articles(self, newsletter_id: str) -> tuple[Article, ...]:
        """All known articles of a newsletter, oldest first seen first."""
        ...


class ReceiptStore(Protocol):
    """Every command that does something: what the runs did, and what they asked of engines."""

    def save_receipt(self, receipt: RunReceipt) -> None:
        """Store what a run did."""
        ...

    def save_uses(self, newsletter_id: str, issue_id: str, uses: Sequence[EngineUse]) -> None:
        """Add to what engines were asked for an issue."""
        ...

    def receipts(self, newsletter_id: str, limit: int) -> tuple[RunReceipt, ...]:
        """The newest ones, newest first."""
        ...


class FolderWatch(Protocol):
    """Tells whether the author's folder was touched."""

    def fingerprint(self) -> str:
        """A text that differs when any file that an issue is made from, or the settings, changed."""
        ...


class WorkStore(Protocol):
    """Complete, curate, review: records of studies, and what the author decided about citations."""

    def works(self, newsletter_id: str) -> tuple[Work, ...]:
        """All stored records of a newsletter."""
        ...

    def save_works(self, newsletter_id: str, works: Sequence[Work]) -> None:
        """Store or replace records that have a DOI; what was logged of notices stays (`works.notices.with_log`)."""
        ...

    def decisions(self, newsletter_id: str) -> tuple[CitationDecision, ...]:
        """All decisions of the author."""
        ...

    def save_decision(self, decision: CitationDecision) -> None:
        """Store a decision; a later one on the same citation replaces it."""
        ...


class WorkFinder(Protocol):
    """Complete, review, send: asks the research sources; never raises."""

    def find(self, citation: Citation) -> Resolution | CouldNotCheck:
        """Look up which work a citation means."""
        ...

    def look_up(self, doi: str) -> LookedUp:
        """Return the record of a DOI, or of `pmid:1` or `pmcid:PMC1`, as it is now, with its notices."""
        ...


class IssueFiles(Protocol):
    """Curate to review: the issue's own folder in the author's repository."""

    def issue_ids(self, newsletter_id: str) -> tuple[str, ...]:
        """All issues that have a folder, oldest first."""
        ...

    def read_issue(self, newsletter_id: str, issue_id: str) -> Issue | None:
        """Return the issue, or None where there is no `issue.toml`. Raises FileFormatError with file and line."""
        ...

    def write_issue(self, issue: Issue) -> bool:
        """Replace `issue.toml` whole or not at all; True if the bytes changed. Raises StorageError."""
        ...

    def read_segments(self, newsletter_id: str, issue_id: str, locale: str) -> tuple[Segment, ...]:
        """Entries of `<locale>.po` in file order, none where there is no file. Raises FileFormatError."""
        ...

    def write_segments(self, newsletter_id: str, issue_id: str, locale: str, segments: Sequence[Segment]) -> bool:
        """Replace `<locale>.po` whole or not at all; True if the bytes changed. Raises StorageError."""
        ...


class Summariser(Protocol):
    """Draft: summarises articles; every failure is a result, never an exception."""

    @property
    def name(self) -> str:
        """What reports call it, e.g. `anthropic:model`."""
        ...

    def summarise(self, requests: Sequence[SummaryRequest]) -> tuple[SummaryResult, ...]:
        """Return one result a request, in their order; calls run side by side."""
        ...


class Translator(Protocol):
    """Localise: translates sentences; every failure is a result, never an exception."""

    @property
    def name(self) -> str:
        """What reports call it, e.g. `deepl`."""
        ...

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        """Return one result a request, in their order; a passage has at most one draft."""
        ...


class Engines(Protocol):
    """Draft and localise: the engines that the author has set up."""

    def summariser(self) -> tuple[Summariser, str]:
        """Return what summarises, and one sentence on why it is this one."""
        ...

    def translator(self) -> tuple[Translator, str]:
        """Return what translates, and one sentence on why it is this one."""
        ...


class RenderedFiles(Protocol):
    """Render, review, send: what readers will get, and the approval of it."""

    def write_rendered(self, newsletter_id: str, issue_id: str, editions: Sequence[RenderedEdition]) -> bool:
        """Replace `rendered/`; True if any byte changed. Raises StorageError."""
        ...

    def read_rendered(self, newsletter_id: str, issue_id: str) -> tuple[RenderedEdition, ...]:
        """The editions as they lie in the files, sorted by locale."""
        ...

    def write_approval(self, newsletter_id: str, approval: Approval) -> None:
        """Write `approval.toml`. Raises StorageError."""
        ...

    def read_approval(self, newsletter_id: str, issue_id: str) -> Approval | None:
        """Return the approval, or None where there is none. Raises FileFormatError."""
        ...

    def remove_approval(self, newsletter_id: str, issue_id: str) -> bool:
        """Take the approval back; False where there was none. Raises StorageError."""
        ...


class MjmlCompiler(Protocol):
    """Render: MJML to HTML."""

    def compile(self, mjml: str) -> str:
        """Return HTML. Raises FileFormatError that names the line."""
        ...


class Ledger(Protocol):
    """Send: who gets it, and what became of it (DESIGN, "Claim before sending")."""

    def sending(self, newsletter_id: str) -> AbstractContextManager[str]:
        """Hold the one sending lock and yield a run id; rows of dead runs fall back. Raises StateConflictError."""
        ...

    def freeze(
        self, newsletter_id: str, issue_id: str, fingerprint: str, locales: Sequence[str], due_at: DueAt = at_once
    ) -> DeliveryCounts:
        """Freeze the recipients once, whatever happens later, and return the counts."""
        ...

    def claim(
        self, newsletter_id: str, issue_id: str, run_id: str, size: int
    ) -> tuple[tuple[Delivery, Subscriber], ...]:
        """Take up to `size` planned rows that are due; those who left meanwhile become `suppressed` and are not returned."""
        ...

    def record(self, changes: Sequence[Change]) -> None:
        """Durably write the states of several rows, all or none. Raises StateConflictError."""
        ...

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:
        """How many rows are in each state."""
        ...


class Mailer(Protocol):
    """Send: hands messages over."""

    def open(self) -> AbstractContextManager[None]:
        """Hold the connection for many messages. Raises DeliveryError when the server can not be used at all."""
        ...

    def send(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        """Hand messages over, inside `open`, until there are none or the journal says stop.

        A body leaves only after the journal was told of it. Never raises for what a server says.
        """
        ...


class EditionWriter(Protocol):
    """Render: an edition to the bytes that readers get."""

    def write(self, view: EditionView) -> RenderedEdition:
        """Return HTML and text of one edition. Raises FileFormatError (template, line) or SettingsError (catalogue)."""
        ...
