"""Mails into a folder instead of a server: what a dry run makes."""

import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from digest.errors import StorageError
from digest.models.delivery import Accepted, HandOver, Journal, Parcel

_OWN_FILE = re.compile(r"\d{3,}-[A-Za-z0-9_]+-[A-Za-z0-9_-]{1,8}\.eml")
_TOKEN = re.compile(rb"^Message-ID: <([A-Za-z0-9_-]{1,8})", re.MULTILINE)
_LANGUAGE = re.compile(rb"^Content-Language: ([A-Za-z0-9-]+)", re.MULTILINE)


class FolderMailer:
    """Writes `001-pt_BR-3f9ac1d2.eml`, ...: number, locale, start of the token, and never an address."""

    def __init__(self, folder: Path) -> None:
        """Nothing is touched before `open`."""
        self._folder = folder
        self._number = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """Make the folder and clear what an earlier dry run left there; other files stay. Raises StorageError."""
        try:
            # Mails carry addresses, so nobody else on this machine may read them.
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in self._folder.iterdir():
                if _OWN_FILE.fullmatch(path.name):
                    path.unlink()
        except OSError as error:
            raise self._unusable(error) from None
        self._number = 0
        yield

    def send(self, parcels: Iterator[Parcel], journal: Journal) -> None:
        """Write one file a message, whole or not at all; the envelope is left out. Raises StorageError."""
        settled: list[tuple[Parcel, HandOver]] = []
        for parcel in parcels:
            if not journal(settled, [parcel]):
                return
            settled = [(parcel, self._written(parcel.message))]
        journal(settled, [])

    def _written(self, message: bytes) -> HandOver:
        self._number += 1
        head = message.partition(b"\r\n\r\n")[0]
        token, language = _first(_TOKEN, head, "mail"), _first(_LANGUAGE, head, "und").replace("-", "_")
        path = self._folder / f"{self._number:03}-{language}-{token}.eml"
        try:
            _write(path, message)
        except OSError as error:
            raise self._unusable(error) from None
        return Accepted(reply=f"written to {path.name}")

    def _unusable(self, error: OSError) -> StorageError:
        return StorageError(
            f"The folder {self._folder} can not be written: {error.strerror}. Name another one with --out."
        )


def _first(pattern: re.Pattern[bytes], head: bytes, otherwise: str) -> str:
    found = pattern.search(head)
    return found[1].decode("ascii") if found else otherwise


def _write(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".mail-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
