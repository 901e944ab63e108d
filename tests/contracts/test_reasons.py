"""Why mails did not arrive is counted by codes and by how readers left; no words of a server are repeated."""

from datetime import UTC, datetime

from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.ledger_reasons import reason_counts
from digest.adapters.stores.people import PeopleStore
from digest.models.delivery import Change, DeliveryState, Subscriber

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ISSUE = "2026-11-26"
OUTCOMES: tuple[tuple[DeliveryState, str], ...] = (
    ("failed", "550 5.1.1 jo reader is unknown"),
    ("failed", "550-5.1.1 no such reader jo"),
    ("failed", "552 full, says jo"),
    ("planned", "the sender is refused: 530 5.7.0 sign in"),
    ("uncertain", "the server hung up: jo"),
    ("sent", "250 OK"),
)


def test_each_reason_is_counted_and_nobody_is_named(url: str) -> None:
    engine = open_database(url, "people")
    people, ledger = PeopleStore(engine), SqlLedger(engine, clock=lambda: NOW)
    for number in range(len(OUTCOMES) + 2):
        address = f"reader{number}@example.org"
        people.add(
            Subscriber(subscriber_id=f"{number:016x}", newsletter_id="bonds", address=address, locale="en"), now=NOW
        )
    ledger.freeze("bonds", ISSUE, "ff", ["en"])
    people.unsubscribe("bonds", "reader6@example.org", now=NOW)
    people.erase("bonds", "reader7@example.org", now=NOW)
    with ledger.sending("bonds") as run_id:
        rows = [delivery for delivery, _ in ledger.claim("bonds", ISSUE, run_id, 50)]
        ledger.record([Change(delivery=row, state="handing", reply="") for row in rows])
        ledger.record(
            [Change(delivery=row, state=state, reply=reply) for row, (state, reply) in zip(rows, OUTCOMES, strict=True)]
        )
    assert [(one.state, one.reason, one.count) for one in reason_counts(engine, "bonds", ISSUE)] == [
        ("failed", "550 5.1.1", 2),
        ("failed", "552", 1),
        ("planned", "the sender is refused: 530 5.7.0", 1),
        ("suppressed", "erased", 1),
        ("suppressed", "unsubscribed", 1),
        ("uncertain", "the server hung up", 1),
    ]
    engine.dispose()
