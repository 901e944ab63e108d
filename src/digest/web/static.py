"""The author's preview as plain files: what readers will get, and where every sentence comes from.

The page works from a folder, without a server and without JavaScript. It shows words only, never anything of readers.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from digest.desk.ease import Ease
from digest.errors import FileFormatError, StorageError
from digest.models.edition import Approval, RenderedEdition
from digest.models.issue import Candidate, Reason, SectionHeading
from digest.models.segment import Finding, SegmentState
from digest.web.environment import Words, author_environment

FINGERPRINT_SHOWN = 12
"""Digits of a fingerprint that are enough to tell two renderings apart."""

_DARK_RULE = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_DARK_PART = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_HEAD = re.compile(r"<head(?:\s[^>]*)?>", re.IGNORECASE)
FORCED_DARK = (
    "<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}img{filter:invert(1) hue-rotate(180deg)}</style>"
)
"""An imitation of mail programs that turn a light mail around by themselves."""

_ENDINGS = (".html", ".dark.html", ".forced.html", ".bare.html", ".source.txt", ".txt")
_FILE_NAME = re.compile(r"[A-Za-z]{2,8}(?:_[A-Za-z0-9]{1,8})*(?:\.[A-Za-z0-9-]{1,40})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewTranslation:
    """One sentence in one other locale."""

    locale: str
    text: str
    """Empty where there is none."""
    state: SegmentState
    origin: str = ""
    """As in `Segment`: `human`, `memory`, `parallel` or an engine."""
    previous_source: str | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSentence:
    """One text of a story, what it rests on, and what it is in the other locales."""

    key: str
    """`msgctxt`, e.g. `post-41/studies/2`."""
    text: str
    sources: tuple[str, ...] = ()
    """The sentences of the article that it is anchored in."""
    translations: tuple[PreviewTranslation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSection:
    """The sentences under one heading."""

    heading: SectionHeading
    sentences: tuple[PreviewSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewStory:
    """One story of the issue."""

    key: str
    kind: Literal["post", "study", "note"]
    title: str
    url: str
    language: str
    """BCP 47 tag of what it was written in."""
    sections: tuple[PreviewSection, ...] = ()
    others: tuple[PreviewSentence, ...] = ()
    """Title, picture description, tags and the like, as far as they are translated."""
    label: tuple[Reason, ...] = ()
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()
    eases: tuple[Ease, ...] = ()
    """How hard the article, the words on it and their translations are to read."""
    for_author_only: str = ""
    """Abstract or teaser of somebody else: shown to her, never to readers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """An issue as its author sees it."""

    newsletter: str
    issue_id: str
    due: date
    state: Literal["not_rendered", "changed", "blocked", "ready", "approved"]
    editions: tuple[RenderedEdition, ...]
    stories: tuple[PreviewStory, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    blocks: tuple[Finding, ...] = ()
    """Errors that stand against an approval."""
    warnings: tuple[Finding, ...] = ()
    approval: Approval | None = None


def write_static_preview(
    directory: Path, view: PreviewView, *, templates_dir: Path, words: Words, beside: Mapping[str, bytes] | None = None
) -> Path:
    """Write the preview into `directory` and return its `index.html`; `beside` are the pages of all issues, if any.

    Raises StorageError, and FileFormatError where a template is broken. What stays in the folder from an older preview
    is replaced; other files are left alone.
    """
    pages = dict(beside or {})
    files = pages | preview_files(view, templates_dir=templates_dir, words=words, beside=bool(pages))
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name in _stale(directory, files):
            (directory / name).unlink()
        for name, data in files.items():
            (directory / name).write_bytes(data)
    except OSError as error:
        message = f"The preview can not be written ({error.strerror}). Name another folder with --static."
        raise StorageError(message) from error
    return directory / "index.html"


def preview_files(view: PreviewView, *, templates_dir: Path, words: Words, beside: bool = False) -> dict[str, bytes]:
    """Return every file of the preview by its name; the same view gives the same bytes."""
    from jinja2 import TemplateError
    from markupsafe import Markup

    environment = author_environment(templates_dir, words)
    try:
        guard = environment.get_template("author/frame_guard.html").render()
        # Ours, without a place for anybody's text; and the policy names its hash, so it has to stay as it is.
        style = Markup(environment.get_template("author/preview.css").render().strip())  # noqa: S704
        index = environment.get_template("author/preview.html").render(
            view=view,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            lang=words.lang,
            shown=FINGERPRINT_SHOWN,
            beside=beside,
        )
    except TemplateError as error:
        message = f"The template of the preview can not be used: {error}. Install digest again."
        raise FileFormatError(message) from error
    files = {"index.html": index}
    for edition in view.editions:
        files |= _edition_files(edition, guard)
    return {name: text.encode("utf-8", "replace") for name, text in files.items()}


def in_scheme(html: str, scheme: Literal["light", "dark"]) -> str:
    """Return a mail as readers with that colour scheme see it, whatever the scheme of the author's own screen."""
    dark = scheme == "dark"
    html = _DARK_RULE.sub("@media all" if dark else "@media not all", html)
    # The condition may be one of several, or stand in a `media` attribute.
    return _DARK_PART.sub("(min-width:0)" if dark else "(max-width:0)", html)


def guarded(html: str, guard: str) -> str:
    """Return a page with the guard at the top of its head: no scripts, no forms, no search engines."""
    head = _HEAD.search(html)
    place = head.end() if head else 0
    return html[:place] + guard + html[place:]


def _edition_files(edition: RenderedEdition, guard: str) -> dict[str, str]:
    name, light = _name(edition.name), in_scheme(edition.html, "light")
    return {
        f"{name}.html": guarded(light, guard),
        f"{name}.dark.html": guarded(in_scheme(edition.html, "dark"), guard),
        f"{name}.forced.html": guarded(light, guard + FORCED_DARK),
        f"{name}.bare.html": guarded(light, guard.replace("img-src https: http:", "img-src 'none'")),
        f"{name}.source.txt": edition.html,
        f"{name}.txt": edition.text,
    }


def _name(locale: str) -> str:
    if not _FILE_NAME.fullmatch(locale):
        message = f"{locale[:40]!r} is not a locale. Write it as pt_BR or en in digest.toml."
        raise FileFormatError(message)
    return locale


def _stale(directory: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """Files of editions that an older preview had and this one has not."""
    for entry in directory.iterdir():
        name = entry.name.removesuffix(".dark.html")
        if entry.name != name and _FILE_NAME.fullmatch(name):
            for file in (f"{name}{ending}" for ending in _ENDINGS):
                if file not in files and (directory / file).exists():
                    yield file
