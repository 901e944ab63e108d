"""Sending: mails a second to Postfix's `smtp-sink`, against `smtp-source` and `smtplib` in the same run.

`bench_send.py 1000000` sends one issue to so many readers instead, and says what the ledger and the memory take.
"""

import itertools
import json
import queue
import resource
import shutil
import smtplib
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from cryptography.hazmat.primitives import serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: E402

from digest.adapters.mailers.dkim_key import load_signer  # noqa: E402
from digest.adapters.mailers.signing import SigningProcesses  # noqa: E402
from digest.adapters.mailers.smtp import SmtpMailer  # noqa: E402
from digest.adapters.stores import tables  # noqa: E402
from digest.adapters.stores.database import open_database, transaction  # noqa: E402
from digest.adapters.stores.ledger import SqlLedger  # noqa: E402
from digest.adapters.stores.people_key import read_people_key  # noqa: E402
from digest.models.delivery import Change, Delivery, DeliveryCounts, Frequency, HandOver, Parcel, Subscriber  # noqa: E402
from digest.models.edition import PERSONAL_LINK, RenderedEdition  # noqa: E402
from digest.models.sending import Signer  # noqa: E402
from digest.sending_ports import SendingTools  # noqa: E402
from digest.stages.send import send  # noqa: E402
from digest.text.addresses import read_address  # noqa: E402
from digest.text.mime import MessageTemplate, message_template  # noqa: E402
from digest.text.parcels import compose_editions, parcels_of  # noqa: E402
from fakes_send import ISSUE, NOW, approval, edition, newsletter  # noqa: E402
from postfix import sink  # noqa: E402
from unpacked import NO_PACKAGES, UNPACKED, unpacked_environment  # noqa: E402

MESSAGES = 5000
SIGNED_MESSAGES = 6000
CHUNK = 25
TURNS = 5
PAIRS = 15
"""Turns with and without the ledger alone: they differ by less than a machine's speed from one moment to the next."""
ROUND_TRIP_SECONDS = 0.05
SLOW_MESSAGES = 20
CONNECTIONS = 4


def big(locale: str) -> RenderedEdition:
    """An edition whose mail has about 20 KB."""
    words = "Vínculo seguro e atenção. Loneliness may raise the risk of early death. " * 45
    html = f"<!doctype html>\n<html lang='{locale}'>\n" + f"<p>{words}</p>\n" * 3 + f"<a href='{PERSONAL_LINK}'>x</a>\n"
    return edition(locale, html=html, text=f"{words}\n{PERSONAL_LINK}\n")


EDITIONS = (big("en"), big("pt_BR"))
SMALL = tuple(
    edition(locale, html=f"<p>x</p><a href='{PERSONAL_LINK}'>x</a>", text=PERSONAL_LINK) for locale in ("en", "pt_BR")
)


def rate(work: Callable[[], object], messages: int) -> float:
    started = time.perf_counter()
    work()
    return messages / (time.perf_counter() - started)


def smtp_source(port: int, size: int) -> float:
    """Postfix's own client, 8 sessions that stay open."""
    command = [str(UNPACKED / "usr/sbin/smtp-source"), "-s", "8", "-m", str(MESSAGES), "-l", str(size), "-d"]
    command += ["-f", "letters@example.org", "-t", "reader@example.net", f"127.0.0.1:{port}"]
    return rate(lambda: subprocess.run(command, check=True, env=unpacked_environment(), capture_output=True), MESSAGES)


def mails(template: MessageTemplate, count: int) -> Iterator[tuple[str, str, bytes]]:
    for number in range(count):
        address, token = f"reader{number}@example.net", f"{number:032}"
        yield address, token, template.message(recipient=address, token=token, date=NOW)


def with_smtplib(port: int, template: MessageTemplate, count: int) -> float:
    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port) as client:
            for address, _, message in mails(template, count):
                client.sendmail("letters@example.org", [address], message)

    return rate(work, count)


def without_ledger(port: int, parcels: Iterator[Parcel], count: int, connections: int) -> float:
    """Send by the mailer alone: who gets what is known, and nothing is written down."""

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        return len(settled) + len(beginning) > 0

    mailer = SmtpMailer(f"smtp://127.0.0.1:{port}", connections=connections)

    def work() -> None:
        with mailer.open():
            mailer.send(parcels, journal)

    return rate(work, count)


def alone(port: int, template: MessageTemplate, count: int, connections: int) -> float:
    """The mailer without a ledger."""

    def parcels() -> Iterator[Parcel]:
        for address, token, message in mails(template, count):
            row = Delivery(
                issue_id=ISSUE, newsletter_id="b", subscriber_id=token, locale="en", state="claimed", token=token
            )
            yield Parcel(delivery=row, sender="letters@example.org", recipient=address, message=message)

    return without_ledger(port, parcels(), count, connections)


def signed_alone(port: int, pem: str) -> float:
    """The same with signatures, made ahead by the chunk as sending does it."""
    own = load_signer(pem, domain="example.org", selector="digest")
    with closing(SigningProcesses(pem, own.sign)) as processes:
        signer = replace(own, side_by_side=processes.signatures)
        composed = compose_editions(ISSUE, newsletter(), EDITIONS, NOW, signer)

        def parcels() -> Iterator[Parcel]:
            ahead: deque[Iterator[Parcel | str]] = deque()
            for start in range(0, SIGNED_MESSAGES, CHUNK):
                ahead.append(parcels_of(composed, rows(start, CHUNK), lambda: NOW))
                if len(ahead) > 1:
                    yield from (one for one in ahead.popleft() if isinstance(one, Parcel))
            yield from (one for one in ahead.popleft() if isinstance(one, Parcel))

        return without_ledger(port, parcels(), SIGNED_MESSAGES, CONNECTIONS)


def rows(start: int, count: int) -> list[tuple[Delivery, Subscriber]]:
    """Return rows as a ledger gives them."""
    found = []
    for number in range(start, start + count):
        token, locale = f"{number:032}", "pt_BR" if number % 2 else "en"
        row = Delivery(
            issue_id=ISSUE, newsletter_id="b", subscriber_id=token, locale=locale, state="claimed", token=token
        )
        reader = Subscriber(
            subscriber_id=token, newsletter_id="b", address=f"reader{number}@example.net", locale=locale
        )
        found.append((row, reader))
    return found


class NoLedger:
    """Whom the list names, in its order, and nothing is remembered: what sending costs without a ledger.

    Readers, their tokens, verdicts on answers and all else are as with one.
    """

    def __init__(self, engine: Engine, total: int) -> None:
        self._engine, self._total = engine, total
        self._key = read_people_key(engine)
        self._connection = sqlite3.connect(str(engine.url.database))
        self._reached = ""
        self._sent = 0

    def sending(self, newsletter_id: str) -> AbstractContextManager[str]:
        return nullcontext(f"run of {newsletter_id}")

    def freeze(self, newsletter_id: str, issue_id: str, *_: object) -> DeliveryCounts:
        return self.counts(newsletter_id, issue_id)

    def claim(  # the form of a ledger, and so below
        self,
        newsletter_id: str,
        issue_id: str,
        run_id: str,  # noqa: ARG002
        size: int,
    ) -> tuple[tuple[Delivery, Subscriber], ...]:
        rows = self._connection.execute(_READERS, (newsletter_id, self._reached, size)).fetchall()
        self._reached = rows[-1][0] if rows else self._reached
        return tuple([self._pair(newsletter_id, issue_id, *row) for row in rows])

    def _pair(self, newsletter_id: str, issue_id: str, name: str, *row: str) -> tuple[Delivery, Subscriber]:
        address, locale, audience, timezone, called, frequency = row
        delivery = Delivery(
            issue_id=issue_id,
            newsletter_id=newsletter_id,
            subscriber_id=name,
            locale=locale,
            state="claimed",
            token=self._key.delivery_token(newsletter_id, issue_id, name),
            audience=audience,
        )
        return delivery, Subscriber(
            subscriber_id=name,
            newsletter_id=newsletter_id,
            address=address,
            locale=locale,
            audience=audience,
            timezone=timezone,
            name=called,
            frequency=cast("Frequency", frequency),
        )

    def record(self, changes: Sequence[Change]) -> None:
        self._sent += sum(change.state == "sent" for change in changes)

    def counts(self, newsletter_id: str, issue_id: str) -> DeliveryCounts:  # noqa: ARG002
        return DeliveryCounts(planned=self._total - self._sent, sent=self._sent, frozen=self._total)


_READERS = """
SELECT subscriber_id, address, locale, audience, timezone, name, frequency FROM subscribers
WHERE newsletter_id = ? AND subscriber_id > ? AND status = 'active' ORDER BY subscriber_id LIMIT ?
"""


def whole(
    port: int,
    folder: Path,
    signer: Signer | None = None,
    messages: int = MESSAGES,
    connections: int = CONNECTIONS,
    *,
    remembering: bool = True,
) -> float:
    """The whole stage on a database of its own, with its ledger or with `NoLedger`."""
    database = folder / f"{time.monotonic_ns()}.db"
    engine = open_database(database, "people")
    fill(engine, messages)
    tools = SendingTools(
        ledger=SqlLedger(engine) if remembering else NoLedger(engine, messages),
        mailer=SmtpMailer(f"smtp://127.0.0.1:{port}", connections=connections),
        now=lambda: NOW,
        stop=lambda: False,
        signer=signer,
        chunks_ahead=2 if signer else 1,
    )

    def work() -> None:
        assert send(ISSUE, newsletter(), EDITIONS, approval(EDITIONS), tools)[1].sent == messages

    found = rate(work, messages)
    engine.dispose()
    return found


def whole_signed(port: int, folder: Path, pem: str) -> float:
    """The same with signatures; that the processes which make them have to start is part of it."""
    alone = load_signer(pem, domain="example.org", selector="digest")
    with closing(SigningProcesses(pem, alone.sign)) as processes:
        return whole(port, folder, replace(alone, side_by_side=processes.signatures), SIGNED_MESSAGES)


def peak_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def large(size: int) -> dict[str, object]:
    """One issue to many readers: seconds, memory, and bytes a row. Mails are small: only their number counts."""
    folder = Path(tempfile.mkdtemp(prefix="digest-bench-"))
    database = folder / "people.db"
    engine = open_database(database, "people")
    fill(engine, size)
    engine.dispose()
    engine = open_database(database, "people")
    readers_bytes, before = database.stat().st_size, peak_mb()
    marks: list[float] = []
    sent_so_far = itertools.count(1)

    def now() -> datetime:
        if next(sent_so_far) % max(1, size // 4) == 0:
            marks.append(time.perf_counter())
        return NOW

    with sink() as port:
        tools = SendingTools(
            ledger=SqlLedger(engine),
            mailer=SmtpMailer(f"smtp://127.0.0.1:{port}", connections=CONNECTIONS),
            now=now,
            stop=lambda: False,
        )
        started, processor = time.perf_counter(), time.process_time()
        counts = send(ISSUE, newsletter(), SMALL, approval(SMALL), tools)[1]
        seconds, processor = time.perf_counter() - started, time.process_time() - processor
    assert counts.sent == size
    engine.dispose()
    ledger_bytes = database.stat().st_size - readers_bytes
    shutil.rmtree(folder)
    quarters = [round(later - earlier, 2) for earlier, later in itertools.pairwise(marks)]
    return {
        "name": "send to many",
        "readers": size,
        "seconds": round(seconds, 1),
        "processor_us_a_mail": round(processor / size * 1e6, 1),
        "seconds_of_the_quarters": quarters,
        "ledger_bytes_a_row": round(ledger_bytes / size, 1),
        "reader_bytes_a_row": round(readers_bytes / size, 1),
        "peak_mb_before": before,
        "peak_mb": peak_mb(),
    }


def fill(engine: Engine, size: int) -> None:
    """Put readers on the list faster than a list that is checked."""
    key = read_people_key(engine)
    with transaction(engine) as connection:
        for start in range(0, size, 5_000):
            rows = []
            for number in range(start, min(size, start + 5_000)):
                address = read_address(f"reader{number}@example.net")
                rows.append(
                    {
                        "newsletter_id": "bonds",
                        "subscriber_id": f"{number:016x}",
                        "address": address.sent_to,
                        "address_key": key.address_key(address),
                        "token": key.reader_token("bonds", f"{number:016x}"),
                        "locale": "pt_BR" if number % 2 else "en",
                        "audience": "",
                        "timezone": "",
                        "name": "",
                        "status": "active",
                        "created_at": NOW,
                    }
                )
            connection.execute(tables.subscribers.insert(), rows)


def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return pem.decode()


def bare_signatures(pem: str, count: int = 300) -> float:
    """What one core signs in a second of its own time, in this process, and does nothing else."""
    signer = load_signer(pem, domain="example.org", selector="digest")
    started = time.process_time()
    for _ in range(count):
        signer.sign(b"x" * 1200)
    return count / (time.process_time() - started)


class Delay:
    """Carries bytes one way and gives each on half a round trip later."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self.source, self.target = source, target
        self.waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()
        for work in (self.take, self.give):
            threading.Thread(target=work, daemon=True).start()

    def take(self) -> None:
        data = b"x"
        while data:
            try:
                data = self.source.recv(262_144)
            except OSError:
                data = b""
            self.waiting.put((time.monotonic() + ROUND_TRIP_SECONDS / 2, data))

    def give(self) -> None:
        while True:
            due, data = self.waiting.get()
            time.sleep(max(0.0, due - time.monotonic()))
            try:
                self.target.sendall(data)
            except OSError:
                return
            if not data:
                return


def far_away(port: int) -> tuple[int, Callable[[], None]]:
    """A proxy that makes the sink 50 ms away; returns its port and how to end it."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", port))
            for one, other in ((near, far), (far, near)):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Delay(one, other)

    threading.Thread(target=serve, daemon=True).start()
    return int(listening.getsockname()[1]), listening.close


def main() -> None:
    """Measure as asked for."""
    if not (UNPACKED / "usr/sbin/smtp-sink").exists():
        sys.exit(NO_PACKAGES)
    print(json.dumps(large(int(sys.argv[1])) if len(sys.argv) > 1 else compared()))


def compared() -> dict[str, object]:
    """Measure in turns, so that a busy moment hits all alike: the best of each, and the median ratio within a turn."""
    template, pem = message_template(EDITIONS[0], newsletter(), ISSUE), private_key()
    size = len(next(mails(template, 1))[2])
    folder = Path(tempfile.mkdtemp(prefix="digest-bench-"))
    best: dict[str, float] = {}
    with sink() as port:
        turns: list[tuple[str, Callable[[], float]]] = [
            ("smtp_source_8_per_s", lambda: smtp_source(port, size)),
            ("smtplib_per_s", lambda: with_smtplib(port, template, MESSAGES // 4)),
            ("unsigned_4_per_s", lambda: alone(port, template, MESSAGES, CONNECTIONS)),
            ("without_ledger_4_per_s", lambda: whole(port, folder, remembering=False)),
            ("with_ledger_4_per_s", lambda: whole(port, folder)),
            ("signed_4_per_s", lambda: signed_alone(port, pem)),
            ("signed_with_ledger_4_per_s", lambda: whole_signed(port, folder, pem)),
            ("bare_signatures_a_core_per_s", lambda: bare_signatures(pem)),
        ]
        rounds = [{name: turn() for name, turn in turns} for _ in range(TURNS)]
        best |= {name: max(one[name] for one in rounds) for name, _ in turns}
        pairs = [(whole(port, folder), whole(port, folder, remembering=False)) for _ in range(PAIRS)]
        far, end = far_away(port)
        best["far_smtplib_1_per_s"] = with_smtplib(far, template, SLOW_MESSAGES)
        best["far_ours_1_per_s"] = alone(far, template, SLOW_MESSAGES * 3, 1)
        best["far_with_ledger_1_per_s"] = whole(far, folder, None, SLOW_MESSAGES * 3, 1)
        end()
    shutil.rmtree(folder)

    def ratio(what: str, against: str) -> float:
        return round(statistics.median(one[what] / one[against] for one in rounds), 2)

    return {
        "name": "send",
        "bytes": size,
        **{name: round(value, 1) for name, value in best.items()},
        "unsigned_to_source": ratio("unsigned_4_per_s", "smtp_source_8_per_s"),
        "signed_to_source": ratio("signed_with_ledger_4_per_s", "smtp_source_8_per_s"),
        "signed_to_bare_signatures": ratio("signed_with_ledger_4_per_s", "bare_signatures_a_core_per_s"),
        "ledger_to_none": round(statistics.median(with_one / without for with_one, without in pairs), 2),
        "ledger_to_mailer": ratio("with_ledger_4_per_s", "unsigned_4_per_s"),
        "signed_ledger_to_none": ratio("signed_with_ledger_4_per_s", "signed_4_per_s"),
        "far_ledger_to_none": round(best["far_with_ledger_1_per_s"] / best["far_ours_1_per_s"], 2),
        "far_to_smtplib": round(best["far_ours_1_per_s"] / best["far_smtplib_1_per_s"], 2),
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    main()
