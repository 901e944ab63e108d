"""The composition root: settings in, working parts out. The only module that names adapters.

Adapters are imported inside the functions, so that a command pays only for what it uses.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.config import Config
from digest.errors import SettingsError, SourceError
from digest.models.newsletter import Newsletter
from digest.resources import resource_dir
from digest.version import VERSION

if TYPE_CHECKING:
    from digest.adapters.http import HttpClient
    from digest.adapters.stores.folder_watch import TouchedFiles
    from digest.adapters.stores.people import PeopleStore
    from digest.adapters.stores.state import StateStore
    from digest.models.report import RunReceipt
    from digest.pipeline import Workshop
    from digest.ports import HostMemory

RECEIPTS_SEARCHED = 500


@contextmanager
def workshop(config: Config, newsletter: Newsletter) -> Iterator["Workshop"]:
    """Open what the stages 1 to 7 work with. Raises SettingsError and StorageError."""
    from digest.adapters.rendering.editions import TemplateEditionWriter
    from digest.adapters.rendering.mjml import MrmlCompiler
    from digest.adapters.sources.assembled import sources_and_finder
    from digest.adapters.sources.pages import WebPageReader
    from digest.adapters.stores.glossary_file import glossary_over
    from digest.adapters.stores.issue_files import AuthorFolder
    from digest.adapters.stores.rendered_files import RenderedFolder
    from digest.adapters.stores.work_shelf import SqlWorkStore
    from digest.bootstrap_engines import engine_room
    from digest.pipeline import Workshop

    several = len(config.newsletters) > 1
    glossary = glossary_over(resource_dir("locales") / "glossary.csv", config.folder / "glossary.csv")
    with state_store(config) as store:
        client = http_client(config, hosts=store)
        reader, finder = sources_and_finder(
            client, contact=config.contact, crossref=config.crossref_url, europepmc=config.europepmc_url
        )
        yield Workshop(
            newsletter=newsletter,
            sources=tuple(source for source in config.sources if source.newsletter_id == newsletter.newsletter_id),
            articles=store,
            memory=store,
            receipts=store,
            watch=watched_files(config),
            reader=reader,
            pages=WebPageReader(client),
            issues=AuthorFolder(config.folder, several=several),
            rendered=RenderedFolder(config.folder, several=several),
            engines=engine_room(config, newsletter, glossary),
            glossary=glossary,
            writer=TemplateEditionWriter((config.folder / "templates", resource_dir("templates")), MrmlCompiler()),
            sentences_per_heading=config.sentences_per_heading,
            works=SqlWorkStore(store.engine),
            finder=finder if config.look_up_studies else None,
        )


def watched_files(config: Config, *, issues: bool = True) -> "TouchedFiles":
    """Return what tells whether anything that issues are made from was touched, with the issues' own files or without."""
    from digest.adapters.stores.folder_watch import TouchedFiles

    names = ("digest.toml", "glossary.csv", "templates", *(("issues",) if issues else ()))
    places = [*(config.folder / name for name in names), resource_dir("templates"), resource_dir("locales")]
    return TouchedFiles(places, also=f"{VERSION} {config}")


def http_client(config: Config | None = None, *, hosts: "HostMemory | None" = None) -> "HttpClient":
    """The one guarded client."""
    from digest.adapters.http import HttpClient

    contact = f" (+{config.contact})" if config and config.contact else ""
    return HttpClient(
        user_agent=f"digest/{VERSION}{contact}",
        allow_private_addresses=config is not None and config.allow_private_addresses,
        hosts=hosts,
    )


@contextmanager
def state_store(config: Config) -> Iterator["StateStore"]:
    """Open the database of feed caches, articles and receipts."""
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.state import StateStore

    engine = open_database(config.state_url, "state", full_sync=config.full_sync)
    try:
        yield StateStore(engine)
    finally:
        engine.dispose()


@contextmanager
def exclusive(config: Config) -> Iterator[None]:
    """Let one command at a time change this folder. Raises StateConflictError."""
    from digest.adapters.stores.folder_lock import folder_lock

    with folder_lock(config.folder / ".digest" / "writing.lock"):
        yield


@contextmanager
def subscribers(config: Config) -> Iterator["PeopleStore"]:
    """Open the list."""
    from digest.adapters.stores.database import open_database
    from digest.adapters.stores.people import PeopleStore

    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        yield PeopleStore(engine)
    finally:
        engine.dispose()


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner can read. Raises SettingsError where there is one already."""
    from digest.adapters.stores.places import new_private_file

    new_private_file(path, text.encode("utf-8-sig"))


def stored_receipt(config: Config, newsletter_id: str, run_id: str | None) -> "RunReceipt":
    """Return one receipt, the last if none is named. Raises SettingsError where there is none."""
    with state_store(config) as store:
        found = store.receipts(newsletter_id, RECEIPTS_SEARCHED)
    for receipt in found:
        if run_id in (None, receipt.run_id):
            return receipt
    message = "There is no such run. `digest receipt` without a name shows the last one."
    raise SettingsError(message)


def upgrade_databases(config: Config) -> tuple[str, ...]:
    """Bring both databases up to date, and return their names. Raises StorageError."""
    from digest.adapters.stores.database import open_database

    open_database(config.state_url, "state").dispose()
    open_database(config.people_url, "people").dispose()
    return ("state", "people")


def reader_locale(tag: str, available: Sequence[str]) -> str:
    """The locale for a reader's BCP 47 tag (DESIGN, "Locale choice")."""
    from digest.i18n import choose_locale

    return choose_locale(tag, available)


def citation_reader(candidates: Path | None) -> Callable[[str], dict[str, Any]]:
    """Return what reads the cited studies of a text, as `digest inspect citations` prints them. Raises SettingsError.

    Without a file of candidates Crossref and Europe PMC are asked.
    """
    if candidates is None:
        from digest.adapters.sources.assembled import asked_citations

        client = http_client()
        return lambda text: {"citations": asked_citations(client, text)}
    from digest.adapters.sources.candidate_file import read_candidates
    from digest.models.inspect import citation_json
    from digest.works.read_citations import paragraphs, read_citations

    index = read_candidates(candidates, now=datetime.now(UTC))
    return lambda text: {"citations": [citation_json(*pair) for pair in read_citations(paragraphs(text), index)]}


def inspect(kind: str, body: bytes | None, *, url: str) -> dict[str, Any]:
    """Read one feed, page or mail, from bytes or from its address, as `digest inspect` prints it. Raises SourceError."""
    from digest.adapters.http import HttpRequest
    from digest.models.inspect import feed_json, page_json
    from digest.models.source import Fetched

    content_type = ""
    if body is None:
        answer = http_client().fetch(HttpRequest(url=url))
        if not isinstance(answer, Fetched):
            message = f"There is nothing to read: {getattr(answer, 'reason', 'the site says it has not changed')}."
            raise SourceError(message)
        body, url, content_type = answer.body, answer.url, answer.content_type
    if kind == "mail":
        from digest.models.inspect import findings_json
        from digest.text.gates.mail import mail_findings

        return findings_json(mail_findings(body))
    if kind == "feed":
        from digest.adapters.sources.feeds import parse

        return feed_json(parse(body, url=url, content_type=content_type))
    from digest.adapters.sources.pages import parse_page

    return page_json(parse_page(body, url=url, content_type=content_type))
