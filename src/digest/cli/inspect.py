"""`digest inspect KIND`: how the tool reads one thing, one JSON line per input."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from digest.bootstrap import citation_reader
from digest.bootstrap import inspect as inspect_one
from digest.bootstrap_engines import summariser_named
from digest.bootstrap_words import word_inspector
from digest.cli.common import opened
from digest.errors import DigestError, SettingsError

LARGEST_FILE_BYTES = 5_000_000


_OF_WORDS = ("pair", "summary", "text", "locale")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("kind", choices=("feed", "page", "citations", "mail", *_OF_WORDS))
    parser.add_argument("inputs", nargs="*", metavar="INPUT", help="a file or an address; for locale a language tag")
    parser.add_argument("--batch", action="store_true", help='read JSON lines such as {"path": ...} or {"url": ...}')
    parser.add_argument(
        "--candidates", type=Path, metavar="FILE", help="citations: compare with these Crossref works, ask nobody"
    )
    parser.add_argument("--glossary", type=Path, metavar="FILE", help="pair: a glossary over the one that comes along")
    parser.add_argument(
        "--sentences", type=int, default=4, metavar="N", help="summary: at most so many where none is given"
    )
    parser.add_argument(
        "--engine",
        choices=("extractive", "auto", "openai_chat", "anthropic", "none"),
        default="extractive",
        help="summary: what drafts it where none is given; all but extractive are set up in digest.toml",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON line per input, in order; a bad input is a line with `error`, and of those named the exit code too."""
    if not arguments.batch and not arguments.inputs:
        message = "Name a file or an address, or give JSON lines on standard input with --batch."
        raise SettingsError(message)
    inspect, code = _reader(arguments), 0
    for asked in _asked(arguments):
        try:
            answer = inspect(asked)
        except DigestError as error:
            answer = {"error": str(error)}
            # Who sends lines reads lines.
            code = code if arguments.batch else error.exit_code
        print(json.dumps(answer, ensure_ascii=True), flush=True)
    return code


def _reader(arguments: argparse.Namespace) -> Callable[[dict[str, Any] | str], dict[str, Any]]:
    kind = arguments.kind
    if kind == "citations":
        read = citation_reader(arguments.candidates)
        return lambda asked: read(_text(asked))
    if kind in _OF_WORDS:
        # Extracts need no settings.
        asks = kind == "summary" and arguments.engine != "extractive"
        of_words = word_inspector(
            kind,
            arguments.glossary,
            sentences=max(1, arguments.sentences),
            summariser=summariser_named(arguments.engine, *opened(arguments)) if asks else None,
        )
        return lambda asked: of_words(_fields(kind, asked))
    return lambda asked: _inspect(kind, asked)


def _fields(kind: str, asked: dict[str, Any] | str) -> dict[str, Any]:
    """What a line gives, or what the file of an argument holds."""
    if isinstance(asked, str):
        raise SettingsError(asked)
    named = asked.get("path")
    if named is None or "text" in asked or "source" in asked:
        return asked
    if kind == "locale":
        return {"tag": named}
    said = _read(named).decode("utf-8-sig", "replace")
    if kind == "text":
        return asked | {"text": said}
    try:
        value = json.loads(said)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        message = f"The file {named} is not a JSON object."
        raise SettingsError(message)
    return value


def _asked(arguments: argparse.Namespace) -> Iterator[dict[str, Any] | str]:
    """Yield what is to be inspected, or a sentence on why a line can not be."""
    for word in arguments.inputs:
        yield {"url": word} if word.startswith(("http://", "https://")) else {"path": word}
    if not arguments.batch:
        return
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield f"line {number} is not JSON"
            continue
        yield value if isinstance(value, dict) else f"line {number} is not a JSON object"


def _inspect(kind: str, asked: dict[str, Any] | str) -> dict[str, Any]:
    if isinstance(asked, str):
        raise SettingsError(asked)
    path, url = asked.get("path"), asked.get("url")
    if path is None and not isinstance(url, str):
        message = "Give a path or a url."
        raise SettingsError(message)
    body = _read(path) if path is not None else None
    return inspect_one(kind, body, url=str(url or ""))


def _text(asked: dict[str, Any] | str) -> str:
    """The text whose citations are read: given, or in a file."""
    if isinstance(asked, str):
        raise SettingsError(asked)
    text = asked.get("text")
    if isinstance(text, str):
        return text[:LARGEST_FILE_BYTES]
    if asked.get("path") is None:
        message = "Give a text or a path."
        raise SettingsError(message)
    return _read(asked["path"]).decode("utf-8", "replace")


def _read(path: object) -> bytes:
    if not isinstance(path, str):
        message = "The path has to be a text."
        raise SettingsError(message)
    try:
        with Path(path).open("rb") as file:
            body = file.read(LARGEST_FILE_BYTES + 1)
    except (OSError, ValueError):
        message = f"The file {path} can not be read."
        raise SettingsError(message) from None
    if len(body) > LARGEST_FILE_BYTES:
        message = f"The file {path} is larger than 5 MB."
        raise SettingsError(message)
    return body
