import re
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import StatementError

from digest.adapters.stores.database import open_database, transaction
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.marking import clean_reply
from digest.adapters.stores.people import PeopleStore
from digest.adapters.stores.people_key import PeopleKey, issue_mark, read_people_key
from digest.errors import SettingsError, StorageError
from digest.models.delivery import Subscriber
from digest.text.addresses import read_address

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
READER = Subscriber(subscriber_id="r1", newsletter_id="bonds", address="Hidden.One@example.org", locale="en")


@pytest.fixture
def people_engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'folder' / 'people.db'}", "people")
    yield engine
    engine.dispose()


def test_an_erased_address_is_in_no_file(people_engine: Engine, tmp_path: Path) -> None:
    store = PeopleStore(people_engine)
    store.add(replace(READER, name="Hidden Name"), now=NOW)
    assert b"hidden" in content(tmp_path).lower()
    assert store.erase("bonds", READER.address, now=NOW)
    assert b"hidden" not in content(tmp_path).lower()


def content(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_lock_that_can_not_be_opened_stops_the_sending(people_engine: Engine) -> None:
    Path(f"{people_engine.url.database}.lock").mkdir()
    with pytest.raises(StorageError, match="lock can not be opened"), SqlLedger(people_engine).sending("bonds"):
        raise AssertionError


def test_the_key_is_made_once_and_never_replaced(people_engine: Engine) -> None:
    key = read_people_key(people_engine)
    assert read_people_key(people_engine) == key
    assert len(key.value) == 32
    assert key.value.hex() not in repr(key)
    PeopleStore(people_engine).add(READER, now=NOW)
    with transaction(people_engine) as connection:
        connection.execute(text("DELETE FROM secrets"))
    with pytest.raises(StorageError, match="key"):
        read_people_key(people_engine)


def test_tokens_of_different_uses_and_readers_differ() -> None:
    key, other = PeopleKey(value=b"1" * 32), PeopleKey(value=b"2" * 32)
    tokens = [
        key.reader_token("ab", "c"),
        key.reader_token("a", "bc"),
        other.reader_token("ab", "c"),
        key.delivery_token("ab", "c", ""),
        key.delivery_token("ab", "", "c"),
    ]
    assert len(set(tokens)) == len(tokens)
    assert {len(token) for token in tokens} == {32}


@given(secret=st.binary(min_size=32, max_size=32), reader=st.binary(min_size=8, max_size=8), issue=st.text(max_size=20))
def test_a_token_names_its_mail_to_who_has_the_key_and_to_nobody_else(secret: bytes, reader: bytes, issue: str) -> None:
    key, other = PeopleKey(value=secret), PeopleKey(value=bytes(32) if secret != bytes(32) else b"1" * 32)
    token = key.delivery_token("bonds", issue, reader.hex())
    assert re.fullmatch("[a-z2-7]{32}", token)
    assert key.whose_mail(token) == (issue_mark(issue), reader.hex())
    assert other.whose_mail(token) != key.whose_mail(token)


@given(token=st.text())
def test_any_words_may_stand_where_a_token_is_expected(token: str) -> None:
    PeopleKey(value=b"1" * 32).whose_mail(token)


@pytest.mark.parametrize(
    ("written", "sent_to", "compared"),
    [
        (" Reader@Example.ORG ", "Reader@example.org", "reader@example.org"),
        ("a.b+c_d@sub.example.org", "a.b+c_d@sub.example.org", "a.b+c_d@sub.example.org"),
        ("r@BÜCHER.example.org", "r@xn--bcher-kva.example.org", "r@xn--bcher-kva.example.org"),
        ("r@localhost", "r@localhost", "r@localhost"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_an_address_is_kept_for_sending_and_folded_for_comparing(written: str, sent_to: str, compared: str) -> None:
    address = read_address(written)
    assert (address.sent_to, address.compared) == (sent_to, compared)
    assert "@" not in repr(address)


@pytest.mark.parametrize(
    "written",
    [
        "x" * 65 + "@example.org",
        "r@" + ".".join(["a" * 60] * 5),
        "r@" + "a" * 64 + ".org",
        ".r@example.org",
        "r..r@example.org",
        '"r r"@example.org',
        "r@example.org\r\nBcc: s@example.org",
        "r\x00@example.org",
        "r@exam\x00ple.org",
        "josé@example.org",
        "r@-example.org",
        "r@example..org",
        "r@example.org.",
        "r@[127.0.0.1]",
        "r@ü\u200d.example.org",
        "r@\ud800.example.org",
        "R <r@example.org>",
    ],
)
def test_what_no_server_would_take_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_address(written)
    shown = "".join(traceback.format_exception(refused.value))
    assert written not in shown
    assert "example" not in str(refused.value)


@given(written=st.text())
def test_any_text_is_read_as_an_address_or_refused(written: str) -> None:
    try:
        address = read_address(written)
    except SettingsError:
        return
    assert read_address(address.sent_to) == address
    assert address.sent_to.isascii()
    assert address.sent_to.isprintable()


@given(reply=st.text())
def test_a_cleaned_reply_has_no_address_and_no_control_character(reply: str) -> None:
    cleaned = clean_reply(f"{reply} someone@example.org {reply}")
    assert "someone@example.org" not in cleaned
    assert cleaned.isprintable()
    assert len(cleaned) <= 500


@pytest.mark.parametrize("shown", [str, repr])
def test_neither_reader_nor_error_shows_an_address(people_engine: Engine, shown: object) -> None:
    assert callable(shown)
    assert "Hidden.One" not in shown(READER)
    with transaction(people_engine) as connection, pytest.raises(StatementError) as refused:
        connection.execute(text("SELECT :address FROM nowhere"), {"address": READER.address})
    assert "Hidden.One" not in shown(refused.value)
