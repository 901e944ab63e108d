"""`digest inspect feed`, `page`, `citations` and `mail`: how the tool reads one thing, one JSON line per input."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from digest.bootstrap import citation_reader
from digest.bootstrap import inspect as inspect_one
from digest.errors import DigestError, SettingsError

LARGEST_FILE_BYTES = 5_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("kind", choices=("feed", "page", "citations", "mail"))
    parser.add_argument("inputs", nargs="*", metavar="FILE_OR_URL")
    parser.add_argument("--batch", action="store_true", help='read JSON lines such as {"path": ...} or {"url": ...}')
    parser.add_argument(
        "--candidates", type=Path, metavar="FILE", help="citations: compare with these Crossref works, ask nobody"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print one JSON line per input, in order; a bad input is a line with `error`."""
    if not arguments.batch and not arguments.inputs:
        message = "Name a file or an address, or give JSON lines on standard input with --batch."
        raise SettingsError(message)
    read = citation_reader(arguments.candidates) if arguments.kind == "citations" else None
    for asked in _asked(arguments):
        try:
            answer = read(_text(asked)) if read else _inspect(arguments.kind, asked)
        except DigestError as error:
            answer = {"error": str(error)}
        print(json.dumps(answer, ensure_ascii=True), flush=True)
    return 0


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
