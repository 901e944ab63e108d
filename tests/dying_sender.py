"""Sends an issue and kills itself at the n-th COMMIT: `python dying_sender.py URL N FILE`.

Each body that "goes out" is a line of FILE. Run by `contracts/test_crash.py`.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger

NEWSLETTER = "bonds"
ISSUE = "2026-11-26"


def send(ledger: SqlLedger, bodies: Path, run_id: str) -> None:
    while rows := ledger.claim(NEWSLETTER, ISSUE, run_id, 2):
        for delivery, reader in rows:
            ledger.mark(delivery, "handing")
            with bodies.open("a") as log:
                log.write(f"{reader.subscriber_id}\n")
            ledger.mark(delivery, "sent", "250 ok")


def main(url: str, last: int, bodies: Path) -> None:
    engine = open_database(url, "people")
    commits = 0

    def maybe_die(statement: object) -> None:
        nonlocal commits
        commits += statement == "COMMIT"
        if commits == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(connection: Any, *_: object) -> None:
        connection.set_trace_callback(maybe_die)

    if engine.dialect.name == "sqlite":
        # At the driver, for the ledger's own statements go past SQLAlchemy.
        event.listen(engine, "checkout", watch)
    else:
        event.listen(engine, "commit", lambda _: maybe_die("COMMIT"))
    ledger = SqlLedger(engine)
    with ledger.sending(NEWSLETTER) as run_id:
        send(ledger, bodies, run_id)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
