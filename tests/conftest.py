"""Fixtures of more than one folder."""

from collections.abc import Iterator
from itertools import count

import pytest

from browser import chromium
from imap_server import NO_DOVECOT, ImapServer, Mailbox, imap_program, running_imap

__all__ = ["chromium"]

_users = count(1)


@pytest.fixture(scope="session")
def imap_server() -> Iterator[ImapServer]:
    """Give one Dovecot for all tests of this process."""
    if imap_program() is None:
        pytest.skip(NO_DOVECOT)
    with running_imap() as server:
        yield server


@pytest.fixture
def imap_mailbox(imap_server: ImapServer) -> Mailbox:
    """Give a mailbox that nobody has used."""
    return imap_server.mailbox(f"reader{next(_users)}")
