"""A PostgreSQL server of one's own, thrown away at the end: Debian's programs, a Unix socket, no network."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from digest.adapters.stores.all_tables import METADATA
from digest.adapters.stores.database import open_database, transaction
from digest.adapters.stores.schemas import Schema

USER = "digest"
NO_SERVER = "no PostgreSQL server programs (Debian: apt install postgresql)"
_OWNER = "postgres"


def programs() -> Path | None:
    """Folder with initdb and pg_ctl of the newest version, None where there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")]
    on_path = shutil.which("pg_ctl")
    if on_path and (Path(on_path).parent / "initdb").exists():
        found.append(Path(on_path).parent)
    return max(found, key=_version, default=None)


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server and yield the URL of an empty database."""
    folder = programs()
    assert folder is not None, NO_SERVER
    # Not pytest's own folder: its parents are closed to the server's user, and its name is too long for a socket.
    home = Path(tempfile.mkdtemp(prefix="digest-pg-"))
    if os.geteuid() == 0:
        shutil.chown(home, _OWNER, _OWNER)
    data = home / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off -c full_page_writes=off"
    try:
        _run(folder / "initdb", "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run(folder / "pg_ctl", "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            yield f"postgresql://{USER}@/postgres?host={home}"
        finally:
            _run(folder / "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def emptied(url: str | Path, schema: Schema) -> Engine:
    """Open a database, of this server or SQLite, without rows."""
    engine = open_database(url, schema)
    names = ", ".join(table.name for table in METADATA[schema].sorted_tables)
    if engine.dialect.name == "postgresql":
        with transaction(engine) as connection:
            connection.execute(text(f"TRUNCATE {names}"))
    return engine


def _run(*command: str | Path) -> None:
    # The server refuses to run as root.
    owner = _OWNER if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command],
        check=False,
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if "start" not in command else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if "start" not in command else subprocess.DEVNULL,
        text=True,
    )
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}"


def _version(folder: Path) -> int:
    found = re.search(r"/(\d+)/bin$", str(folder))
    return int(found.group(1)) if found else 0
