"""Fixtures of more than one folder."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, settings

from browser import chromium
from imap_server import NO_DOVECOT, ImapServer, Mailbox, imap_program, running_imap

__all__ = ["chromium"]

_users = count(1)

# No test times the clock: on a busy machine an example takes as long as it takes.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if settings.get_current_profile_name() == "default":
    settings.load_profile("any-machine")


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
