"""Fetches the models of Firefox Translations once, so that translating needs no network afterwards.

Mozilla delivers them to Firefox through Remote Settings (collection `translations-models-v2`, one record a file, packed
with zstd, each with its SHA-256). That service is not made for production use: fetch once, keep the folder, or name a
mirror that serves `records` and the files under the paths that the records name.
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from digest.adapters.engines.local import MODEL_ROLES
from digest.adapters.http import HttpClient, HttpRequest
from digest.errors import EngineError
from digest.models.source import Fetched

_RECORDS = "https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/translations-models-v2/records"
_FILES = "https://firefox-settings-attachments.cdn.mozilla.net"
_RECORDS_BYTES = 20_000_000
_FILE_BYTES = 200_000_000
_VERSION = re.compile(r"3\.\d{1,4}")
"""What the package can read."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}")
_NEEDED = ({"model", "vocab"}, {"model", "srcvocab", "trgvocab"})

Record = Mapping[str, str | None]


def fetch_models(
    client: HttpClient, folder: Path, pairs: Sequence[tuple[str, str]], *, mirror: str = ""
) -> tuple[str, ...]:
    """Fetch the newest model of each pair that is not there yet, and return one line each. Raises EngineError."""
    try:
        from fxtranslate import discovery
    except ImportError:
        message = (
            'The package of the local engine is not installed. Install "article-digest[local]" and run this again.'
        )
        raise EngineError(message) from None
    body = _body(client, f"{mirror.rstrip('/')}/records" if mirror else _RECORDS, _RECORDS_BYTES)
    try:
        records: Sequence[Record] = discovery.parse_records(body.decode("utf-8", "replace"))
    except ValueError:
        message = "The list of models can not be read. Check engines.local.mirror, or try again later."
        raise EngineError(message) from None
    return tuple(_fetch_pair(client, folder, pair, records, mirror.rstrip("/") or _FILES) for pair in pairs)


def newest(records: Sequence[Record], source: str, target: str) -> tuple[Record, ...]:
    """Return the files of the newest whole model of a pair, none where there is none that the package can read."""
    sets: dict[tuple[int, str], list[Record]] = {}
    for record in records:
        if (record.get("sourceLanguage"), record.get("targetLanguage")) == (source, target) and _is_usable(record):
            minor = int(str(record["version"]).partition(".")[2])
            sets.setdefault((minor, record.get("architecture") or ""), []).append(record)
    whole = {
        place: files
        for place, files in sets.items()
        if any(needed <= {file["fileType"] for file in files} for needed in _NEEDED)
    }
    return tuple(whole[max(whole)]) if whole else ()


def _is_usable(record: Record) -> bool:
    return (
        _VERSION.fullmatch(record.get("version") or "") is not None
        and _NAME.fullmatch(record.get("name") or "") is not None
        and any((record.get("name") or "").startswith(beginning) for beginning in MODEL_ROLES)
        and bool(record.get("decompressedHash"))
    )


def _fetch_pair(client: HttpClient, folder: Path, pair: tuple[str, str], records: Sequence[Record], root: str) -> str:
    source, target = pair
    files = newest(records, source, target)
    if not files:
        message = f"There is no model for {source}-{target} in the list. Choose another engine for these languages."
        raise EngineError(message)
    place = folder / f"{source}-{target}"
    wanted = {place / str(file["name"]): file for file in files}
    missing = {path: file for path, file in wanted.items() if not path.is_file()}
    if not missing:
        return f"{source}-{target}: already there, version {files[0]['version']}"
    # All files are verified before the first is written: half a model is none.
    bodies = {path: _unpacked(client, file, root) for path, file in missing.items()}
    _write(place, bodies, keep=set(wanted))
    size = sum(map(len, bodies.values())) / 1e6
    return f"{source}-{target}: fetched version {files[0]['version']}, {size:.1f} MB"


def _unpacked(client: HttpClient, file: Record, root: str) -> bytes:
    from fxtranslate import discovery

    packed = _body(client, f"{root}/{file['location']}", _FILE_BYTES)
    try:
        return discovery.verify_and_decompress(packed, file["decompressedHash"])
    except ValueError:
        message = f"The file {file['name']} is damaged or was changed on its way. Run `digest models fetch` again."
        raise EngineError(message) from None


def _body(client: HttpClient, url: str, limit: int) -> bytes:
    answer = client.fetch(HttpRequest(url=url, max_bytes=limit))
    if isinstance(answer, Fetched):
        return answer.body
    reason = getattr(answer, "reason", "the site says it has not changed")
    message = f"The models could not be fetched: {reason}. Try again with a connection, or name a mirror."
    raise EngineError(message)


def _write(place: Path, bodies: Mapping[Path, bytes], *, keep: set[Path]) -> None:
    """Write each file whole or not at all, then drop those of an older version."""
    try:
        place.mkdir(parents=True, exist_ok=True)
        for path, body in bodies.items():
            part = path.with_name(f"{path.name}.part")
            part.write_bytes(body)
            os.replace(part, path)  # noqa: PTH105 - says better that it is atomic
        for old in place.iterdir():
            if old.is_file() and old not in keep:
                old.unlink()
    except OSError as error:
        message = f"The models can not be written to {place}: {error.strerror}. Choose another folder in engines.local."
        raise EngineError(message) from None
