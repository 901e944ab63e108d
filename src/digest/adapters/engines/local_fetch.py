"""Fetches the models of Firefox Translations once, so that translating needs no network afterwards.

Mozilla delivers them to Firefox through Remote Settings (collection `translations-models-v2`, one record a file, packed
with zstd, each with its SHA-256). That service is not made for production use: fetch once, keep the folder, or name a
mirror that serves `records` and the files under the paths that the records name.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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
_ASIDE = "fetching"
"""Folder beside the files in use, for those that came whole while the rest has not."""
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
    missing = [path for path, file in wanted.items() if not _is_whole(path, file)]
    if not missing:
        return f"{source}-{target}: already there, version {files[0]['version']}"
    # All files are verified before the first is put in its place: half a model is none. What came whole is kept aside,
    # so that a fetch that was broken off goes on where it stopped.
    aside = place / _ASIDE
    for path in missing:
        if not _is_whole(aside / path.name, wanted[path]):
            _write(aside / path.name, _unpacked(client, wanted[path], root))
    size = sum((aside / path.name).stat().st_size for path in missing) / 1e6
    _put_in_place(place, missing, keep=set(wanted))
    return f"{source}-{target}: fetched version {files[0]['version']}, {size:.1f} MB"


def _is_whole(path: Path, file: Record) -> bool:
    """Whether a file is there as it should be; one that was damaged on this machine is fetched again."""
    try:
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == file["decompressedHash"]
    except OSError:
        return False


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


def _write(path: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    with _writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(body)
        os.replace(part, path)  # noqa: PTH105 - says better that it is atomic


def _put_in_place(place: Path, missing: Sequence[Path], *, keep: set[Path]) -> None:
    """Move what was kept aside to where it is used, then drop the files of an older version."""
    with _writing(place):
        for path in missing:
            os.replace(place / _ASIDE / path.name, path)  # noqa: PTH105 - the same
        shutil.rmtree(place / _ASIDE)
        for old in place.iterdir():
            if old.is_file() and old not in keep:
                old.unlink()


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"The models can not be written to {place}: {error.strerror}. Choose another folder in engines.local."
        raise EngineError(message) from None
