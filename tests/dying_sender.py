"""Sends an issue and kills itself before something is durable for the n-th time: `python dying_sender.py URL N FILE`.

That is a COMMIT, or a note beside a SQLite file; `clear` as a fourth argument counts how often notes are forgotten.
Each body that "goes out" is a line of FILE. Run by `contracts/test_crash.py`.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import event

from digest.adapters.stores import sending_notes
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


def main(url: str, last: int, bodies: Path, counted: tuple[str, ...] = ("COMMIT", "add")) -> None:
    engine = open_database(url, "people")
    moments = 0

    def maybe_die(what: object) -> None:
        nonlocal moments
        moments += what in counted
        if moments == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_notes(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == sending_notes.__file__:
            maybe_die(frame.f_code.co_name)

    def watch(connection: Any, *_: object) -> None:
        connection.set_trace_callback(maybe_die)

    if engine.dialect.name == "sqlite":
        # At the driver, for the ledger's own statements go past SQLAlchemy.
        event.listen(engine, "checkout", watch)
    else:
        event.listen(engine, "commit", lambda _: maybe_die("COMMIT"))
    sys.setprofile(watch_notes)
    ledger = SqlLedger(engine)
    with ledger.sending(NEWSLETTER) as run_id:
        send(ledger, bodies, run_id)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *([(word,) for word in sys.argv[4:]]))
