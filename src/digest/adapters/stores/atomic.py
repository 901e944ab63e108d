"""Files that are replaced whole or not at all, whatever breaks in between."""

import errno
import os
import secrets
from pathlib import Path

from digest.errors import StorageError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def read_if_there(path: Path) -> bytes | None:
    """Return a file's bytes, or None where there is no such file. Raises StorageError where it can not be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"{_short(path)} can not be read ({error.strerror}). Check the folder and run the command again."
        raise StorageError(message) from error


def write_atomic(path: Path, data: bytes) -> bool:
    """Replace a file by `data` and return True, or return False and touch nothing if it holds these bytes already.

    The bytes are on the disk before they take the file's name, so a crash leaves the old file or the new one.
    Raises StorageError; the old file is then as it was. One writer a folder at a time.
    """
    try:
        _remove_leftovers(path.parent)
    except OSError as error:
        raise StorageError(failure_sentence(path, error)) from error
    if read_if_there(path) == data:
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise StorageError(failure_sentence(path, error)) from error
    return True


def remove(path: Path) -> bool:
    """Remove a file; False if it was not there. Raises StorageError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StorageError(failure_sentence(path, error)) from error
    return True


def failure_sentence(path: Path, error: OSError) -> str:
    """Say what went wrong and what to do; names the file by its last two parts, never by where this machine keeps it."""
    if error.errno in _FULL:
        return f"The disk is full, so {_short(path)} was not changed. Free some space and run the command again."
    if error.errno in _FORBIDDEN:
        return (
            f"{_short(path)} may not be written here. Change the permissions of its folder and run the command again."
        )
    return f"{_short(path)} can not be written ({error.strerror}). Check the folder and run the command again."


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _replace(path: Path, data: bytes) -> None:
    # In the same folder, because only a rename within one file system is atomic.
    temporary = path.with_name(f".digest-{secrets.token_hex(8)}.tmp")
    try:
        # Opened with the modes of a new file, not with the private ones of `tempfile`: others may read the author's words.
        with os.fdopen(os.open(temporary, _FLAGS, 0o666), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _remove_leftovers(folder: Path) -> None:
    """Remove what a killed run left half-written; the caller is the folder's only writer."""
    for leftover in folder.glob(".digest-*.tmp"):
        leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable too; Windows has no handle for a folder and needs none."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
