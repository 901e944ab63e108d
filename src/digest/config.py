"""digest.toml and the environment, read once into a frozen `Config`.

All mistakes are reported at once, each with its line. Values written as `env:NAME` come from the
environment; secrets never show in `repr`.
"""

import hashlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from digest.alarm_settings import read_alarm
from digest.engine_config import engine_settings
from digest.errors import SettingsError
from digest.look_settings import read_archive, read_look
from digest.models.alarm import AlarmSettings
from digest.models.engine_settings import EngineSettings
from digest.models.forge import Pages
from digest.models.newsletter import Newsletter
from digest.models.sending import Sending
from digest.models.source import Source, SourceKind
from digest.models.vault import VaultSettings
from digest.preview_settings import read_pages
from digest.sending_settings import read_sending
from digest.settings_lines import settings_lines
from digest.settings_reader import Table
from digest.vault_settings import read_vault

SETTINGS_FILE = "digest.toml"

RESEARCH_URLS = {
    "pubmed": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
    "europepmc": "https://www.ebi.ac.uk/europepmc/webservices/rest",
    "crossref": "https://api.crossref.org",
    "scielo": "https://articlemeta.scielo.org/api/v1",
    "openalex": "https://api.openalex.org",
}
"""Research sources that need no address: only a query, or journals by their ISSN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Everything a run needs to know, checked."""

    folder: Path
    newsletters: tuple[Newsletter, ...]
    sources: tuple[Source, ...]
    state_url: str = field(repr=False)
    people_url: str = field(repr=False)
    sending: Sending
    inbox_url: str = field(default="", repr=False)
    """The mailbox that answers, bounces and requests to leave come to; empty where the author looks after it herself."""
    authserv_id: str = ""
    """The name under which that mailbox's server says who a sender is; empty where nobody joins by mail."""
    allow_private_addresses: bool = False
    contact: str = ""
    """Goes into the User-Agent, so that a site's owner can reach the author."""
    sentences_per_heading: int = 3
    look_up_studies: bool = True
    """Whether cited studies are looked up in Crossref and Europe PMC."""
    crossref_url: str = "https://api.crossref.org"
    europepmc_url: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    engines: EngineSettings
    full_sync: bool = False
    """Whether SQLite waits for the disk at each commit: also proof against a power cut, and slower."""
    vault: VaultSettings = field(default_factory=VaultSettings)
    alarm: AlarmSettings = field(default_factory=AlarmSettings)
    pages: Pages | None = None
    """Where previews are also put, if anywhere."""

    def newsletter(self, newsletter_id: str | None) -> Newsletter:
        """Return the newsletter asked for, or the only one. Raises SettingsError."""
        if newsletter_id is None and len(self.newsletters) == 1:
            return self.newsletters[0]
        for newsletter in self.newsletters:
            if newsletter.newsletter_id == newsletter_id:
                return newsletter
        known = ", ".join(newsletter.newsletter_id for newsletter in self.newsletters)
        message = f"Say which newsletter is meant with --newsletter: {known}."
        raise SettingsError(message)


def load_config(folder: Path, environment: Mapping[str, str] | None = None) -> Config:
    """Read `digest.toml` in a folder. Raises SettingsError with every mistake and its line."""
    path = folder / SETTINGS_FILE
    env = os.environ if environment is None else environment
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        where = "this folder" if folder == Path() else folder
        message = f"There is no {SETTINGS_FILE} in {where}. Go to your newsletter's folder, or name it with --folder."
        raise SettingsError(message) from None
    except OSError as error:
        message = f"{path} can not be read: {error.strerror}."
        raise SettingsError(message) from None
    text = _decoded(path, data)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = f"{path} is not valid TOML: {error}. Mend that line and run again."
        raise SettingsError(message) from None
    return parse_config(values, text=text, folder=folder, environment=env)


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"{path}, line {line}: not UTF-8. Save the file with the encoding UTF-8."
        raise SettingsError(message) from None


def parse_config(values: Mapping[str, Any], *, text: str, folder: Path, environment: Mapping[str, str]) -> Config:
    """Turn the parsed file into a Config. Raises SettingsError listing every mistake, sorted by line."""
    mistakes: list[tuple[int, str]] = []
    lines = settings_lines(text)
    root = Table(values=values, path="", lines=lines, mistakes=mistakes, environment=environment)
    sending = read_sending(root)
    newsletters = tuple(_newsletter(table, sending) for table in root.tables("newsletters"))
    if not newsletters:
        root.mistake("newsletters", "at least one [[newsletters]] is needed")
    first = newsletters[0].newsletter_id if newsletters else ""
    known = {newsletter.newsletter_id for newsletter in newsletters}
    if len(known) < len(newsletters):
        root.mistake("newsletters", "two newsletters have the same id")
    sources = tuple(_source(table, first, known) for table in root.tables("sources"))
    if not sources:
        root.mistake("sources", "at least one [[sources]] is needed")
    fetch = root.table("fetch", optional=True)
    storage = root.table("storage", optional=True)
    engines = engine_settings(root.table("engines", optional=True), folder=folder, environment=environment)
    draft = root.table("draft", optional=True)
    inbox = root.table("inbox", optional=True)
    studies = root.table("studies", optional=True)
    config = Config(
        folder=folder,
        newsletters=newsletters,
        sources=sources,
        state_url=storage.secret("state", default="") or str(folder / ".digest" / "state.db"),
        people_url=storage.secret("people", default="") or str(folder / ".digest" / "people.db"),
        sending=sending,
        inbox_url=inbox.secret("imap", default=""),
        authserv_id=inbox.text("authserv_id", default=""),
        allow_private_addresses=fetch.boolean("allow_private_addresses", default=False),
        contact=fetch.text("contact", default="") or (newsletters[0].site if newsletters else ""),
        sentences_per_heading=draft.integer("sentences_per_heading", default=3, low=1, high=20),
        engines=engines,
        look_up_studies=studies.boolean("look_up", default=True),
        crossref_url=studies.text("crossref", default="") or "https://api.crossref.org",
        europepmc_url=studies.text("europepmc", default="") or "https://www.ebi.ac.uk/europepmc/webservices/rest",
        full_sync=storage.choice("synchronous", ("normal", "full"), default="normal") == "full",
        vault=read_vault(root, folder=folder, environment=environment),
        alarm=read_alarm(root, environment),
        pages=read_pages(root),
    )
    for table in (fetch, storage, draft, studies, inbox, root):
        table.finish()
    if mistakes:
        listed = "\n".join(f"  line {line}: {what}" if line else f"  {what}" for line, what in sorted(mistakes))
        count = len(mistakes)
        message = f"{SETTINGS_FILE} has {count} mistake{'s' if count > 1 else ''}:\n{listed}"
        raise SettingsError(message)
    return config


def _newsletter(table: Table, sending: Sending) -> Newsletter:
    locales = table.locales("locales")
    newsletter = Newsletter(
        newsletter_id=table.identifier("id"),
        titles=table.translations("title"),
        author=table.text("author"),
        site=table.web_address("site"),
        locales=locales,
        audiences=table.audiences("audiences"),
        schedule=table.table("schedule").schedule(),
        approvers=table.texts("approvers"),
        legal=table.table("legal").legal(),
        look=read_look(table.table("look", optional=True)),
        archive=read_archive(table),
        sender=sending.mailbox,
        reply_to=sending.reply_to,
        bounces=sending.bounces,
        unsubscribe_url=sending.unsubscribe_url,
        topics=table.texts("topics", default=()),
        muted=table.texts("muted", default=()),
        non_commercial=table.boolean("non_commercial", default=False),
    )
    table.finish()
    return newsletter


def _source(table: Table, first: str, known: set[str]) -> Source:
    kind = table.choice("kind", ("feed", "page", *RESEARCH_URLS))
    is_research = kind in RESEARCH_URLS
    url = table.web_address("url", default=RESEARCH_URLS[kind]) if is_research else table.web_address("url")
    newsletter_id = table.text("newsletter", default=first)
    if newsletter_id not in known:
        table.mistake("newsletter", f"there is no newsletter with the id {newsletter_id!r}")
    query = table.text("query", default="") if is_research else ""
    issns = table.issns("issn") if is_research else ()
    collection = table.choice("collection", ("scl", "psi"), default="scl") if kind == "scielo" else ""
    if kind == "scielo" and not issns:
        table.mistake("issn", 'is missing: SciELO is asked by journal, such as issn = ["0102-3772"]')
    elif is_research and not query and not issns:
        table.mistake("kind", 'needs a query, or a list of journals such as issn = ["1234-5679"]')
    asked = "\n".join((newsletter_id, kind, url, *((query, *issns, collection) if is_research else ())))
    key = hashlib.sha256(asked.encode()).hexdigest()[:12]
    source = Source(
        key=f"source-{key}",
        newsletter_id=newsletter_id,
        kind=cast("SourceKind", kind),
        url=url,
        section=table.identifier("section"),
        language=table.text("language", default="") or None,
        limit=table.integer("limit", default=3, low=1, high=50),
        minimum_interval_minutes=table.integer("minimum_interval_minutes", default=30, low=0, high=60 * 24 * 30),
        query=query,
        issns=issns,
        collection=collection,
        api_key=table.secret("api_key", default="") if is_research else "",
    )
    table.finish()
    return source
