"""Where a database lies: its file, and its name in a sentence."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from digest.errors import SettingsError, StorageError

if TYPE_CHECKING:
    from sqlalchemy import Engine


def place_of(engine: "Engine") -> str:
    """Name a database in a sentence, without its password."""
    if engine.dialect.name == "sqlite":
        return f"the database {engine.url.database}"
    return "the PostgreSQL database"


def database_file(engine: "Engine") -> Path | None:
    """Return the file of a SQLite database, None for a server."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def private_file(path: Path) -> None:
    """Make a file that only its owner may read, unless it is there. Raises StorageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        message = f"{path} can not be made: {error.strerror}. Check that you may write in its folder."
        raise StorageError(message) from None


def new_private_file(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read. Raises SettingsError where one is there, StorageError."""
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        message = f"{path} is there already. Name a file that is not."
        raise SettingsError(message) from None
    except OSError as error:
        message = f"{path} can not be written: {error.strerror}."
        raise StorageError(message) from None
