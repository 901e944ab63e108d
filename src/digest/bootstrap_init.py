"""The composition root of `digest init`: a site in, the files of a new folder out.

With `bootstrap` one of the few modules that name adapters.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from string import Template

from digest import bootstrap_keys
from digest.config import parse_config
from digest.errors import SettingsError, SourceError, StorageError
from digest.models.setup import Answers, SiteFound
from digest.resources import resource_dir
from digest.version import VERSION

EXAMPLE = Answers(
    interface="en",
    site="https://blog.example.org/",
    feed="https://blog.example.org/feed/",
    language="en",
    title_en="Bonds",
    title_pt="Laços",
    author="Ana Example",
    sender="Ana Example <letters@example.org>",
    legal_name="Ana Example",
    legal_address="1 Example Street, L-1000 Luxembourg",
    notice="https://blog.example.org/legal",
    day="thursday",
    time="08:00",
    timezone="Europe/Luxembourg",
    approver="ana@example.org",
    github="ana-example",
)
_PROGRAM = re.compile(r"([A-Za-z0-9-]+/[A-Za-z0-9._-]+)@([0-9a-f]{40})")
_ID = re.compile(r"[^a-z0-9]+")
_GH_SECONDS = 60
SELECTOR = "digest"
_DKIM = f'dkim = {{ selector = "{SELECTOR}", key = "env:DIGEST_DKIM_KEY" }}'
_NO_DKIM = f"# {_DKIM}"


def find_site(url: str, *, private: bool) -> SiteFound:
    """Return the feed of a site, its language and its twins. Raises SourceError with what to give instead."""
    from digest.adapters.http import HttpClient, HttpRequest
    from digest.adapters.sources.discovery import Discovery
    from digest.adapters.sources.pages import parse_page
    from digest.adapters.sources.robots import Robots
    from digest.models.source import Fetched

    client = HttpClient(user_agent=f"digest/{VERSION}", allow_private_addresses=private)
    found = Discovery(client, Robots(client)).find(url)
    if not isinstance(found, tuple):
        reason = getattr(found, "reason", "the site did not answer with a page")
        raise SourceError(f"No posts were found at {url}: {reason} Give the address of the feed with --feed.")
    answer, feed = found
    language = feed.language or ""
    twins: tuple[str, ...] = ()
    newest = next((entry.url for entry in feed.entries if entry.url), "")
    page = client.fetch(HttpRequest(url=newest)) if newest else None
    if isinstance(page, Fetched):
        read = parse_page(page.body, url=page.url, content_type=page.content_type)
        language = language or read.text.language or ""
        own = language.partition("-")[0]
        named = dict.fromkeys(one.language for one in read.alternates if one.language != "x-default")
        twins = tuple(name for name in named if name and name.partition("-")[0] != own)
    return SiteFound(feed=answer.url, title=feed.title or "", language=language, twins=twins)


def files_of(answers: Answers) -> dict[str, str]:
    """Return every file of a new folder by its path. Raises SettingsError with every mistake in the answers."""
    words = _words(answers)
    settings = _filled(f"digest.{answers.interface}.toml", words | _lines(answers)).rstrip("\n") + "\n"
    try:
        parse_config(tomllib.loads(settings), text=settings, folder=Path(), environment={})
    except SettingsError as error:
        raise SettingsError(f"These answers make no settings that can be used. {error}") from None
    shown = {name: text.strip('"') for name, text in words.items()}
    files = {
        "digest.toml": settings,
        "README.md": _filled(f"README.{answers.interface}.md", shown),
        ".gitignore": _template("gitignore.txt"),
        "glossary.csv": "en,pt_BR,forbidden,note,source\n",
    }
    return files | (workflows_of(answers.program) if answers.program else {})


def workflows_of(program: str) -> dict[str, str]:
    """Return the workflows that call the program's. Raises SettingsError where that can not be named so."""
    found = _PROGRAM.fullmatch(program)
    if not found:
        message = f"{program!r} does not say where the program lives. Write owner/name@commit, with all 40 digits."
        raise SettingsError(message)
    # Not at the full hour, when everybody's runs start; the same for everybody who writes them anew.
    minute = 7 + sum(program.encode()) % 46 // 2 * 2
    values = {"@PROGRAM@": found[1], "@REF@": found[2], "@MINUTE@": str(minute), "@MAILBOX@": str((minute + 20) % 60)}
    files = {}
    for name in ("digest.yml", "requests.yml"):
        text = _template(name)
        for place, value in values.items():
            text = text.replace(place, value)
        files[f".github/workflows/{name}"] = text
    return files


def write_folder(folder: Path, files: Mapping[str, str], *, replacing: bool = False) -> tuple[Path, ...]:
    """Write new files, all or none. Raises SettingsError where one is there already, StorageError."""
    there = [name for name in files if (folder / name).exists()]
    if there and not replacing:
        message = f"{', '.join(there)} in {folder} would be overwritten. Nothing was written: name an empty folder."
        raise SettingsError(message)
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
            new.write_text(text, encoding="utf-8")
            new.replace(path)
    except OSError as error:
        message = f"{folder} can not be written: {error.strerror}. Name a folder in which you may write."
        raise StorageError(message) from None
    return tuple(folder / name for name in files)


def check_nothing_there(folder: Path) -> None:
    """Raise SettingsError where the folder has settings or keys, before anything is asked or written."""
    if (folder / "digest.toml").exists():
        raise SettingsError(f"There is a newsletter in {folder} already. Nothing was changed.")
    bootstrap_keys.check_no_keys(folder)


def make_keys(folder: Path) -> tuple[Path, ...]:
    """Make the keys of the vault. Raises SettingsError where there are any."""
    return bootstrap_keys.make_keys(folder)


def new_dkim_key(sender: str) -> tuple[str, str, str]:
    """Return a new key that signs mails in PEM, the name of its DNS record and what that says. Raises SettingsError."""
    from digest.adapters.mailers.dkim_key import new_key
    from digest.text.mailbox import parse_mailbox

    mailbox = parse_mailbox(sender)
    if mailbox is None:
        raise SettingsError(f"{sender!r} is no mail address, so nothing says which domain signs.")
    pem, public = new_key()
    return pem, f"{SELECTOR}._domainkey.{mailbox.domain}", f"v=DKIM1; k=rsa; p={public}"


def write_dkim_key(folder: Path, pem: str, name: str, record: str) -> tuple[Path, ...]:
    """Write the key, which only its owner may read, and its record beside it."""
    from digest.adapters.stores.places import new_private_file

    key, dns = (folder / ".digest" / "keys" / file for file in ("dkim.pem", "dkim-dns.txt"))
    new_private_file(key, pem.encode("ascii"))
    new_private_file(dns, f"{name}\nTXT\n{record}\n".encode())
    return key, dns


def has_gh() -> bool:
    """Whether GitHub's own program is on this machine."""
    return shutil.which("gh") is not None


def set_secret(folder: Path, name: str, value: str) -> bool:
    """Give a secret to the repository of a folder through `gh`, which reads it from its standard input."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program with a name of ours
            ["gh", "secret", "set", name],  # noqa: S607 - the gh of this machine
            cwd=folder,
            input=value,
            text=True,
            capture_output=True,
            check=False,
            timeout=_GH_SECONDS,
            env=dict(os.environ),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _words(answers: Answers) -> dict[str, str]:
    approvers = [answers.approver, *([f"@{answers.github.lstrip('@')}"] if answers.github else [])]
    named = _ID.sub("-", answers.title_en.lower()).strip("-")
    texts = {
        "id": named[:40].strip("-") if named[:1].isalpha() else "newsletter",
        "title_en": answers.title_en,
        "title_pt": answers.title_pt,
        "author": answers.author,
        "site": answers.site,
        "day": answers.day,
        "time": answers.time,
        "timezone": answers.timezone,
        "approvers": approvers,
        "legal_name": answers.legal_name,
        "legal_address": answers.legal_address,
        "notice": answers.notice,
        "feed": answers.feed,
        "language": answers.language,
        "sender": answers.sender,
        "private": answers.private,
    }
    # A text in JSON is one in TOML too.
    return {name: json.dumps(value, ensure_ascii=False) for name, value in texts.items()}


def _lines(answers: Answers) -> dict[str, str]:
    """The settings that are there or not."""
    pages = f"[preview]\npages = {json.dumps(answers.pages)}\npath = {json.dumps(secrets.token_hex(16))}\n"
    return {"dkim": _DKIM if answers.dkim else _NO_DKIM, "pages": pages if answers.pages else ""}


def _filled(name: str, words: Mapping[str, str]) -> str:
    return Template(_template(name)).substitute(words)


def _template(name: str) -> str:
    return (resource_dir("templates") / "init" / name).read_text(encoding="utf-8")
