"""The mail client against a whole Postfix: TLS, STARTTLS, login, and what comes out at the other end."""

import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from certificates import certificate
from digest.adapters.mailers.smtp import SmtpMailer
from digest.errors import DeliveryError
from digest.models.delivery import Delivery, HandOver, Parcel
from digest.text.canary import differences
from digest.text.mime import message_template
from fakes_send import EDITIONS, ISSUE, NOW, newsletter
from imap_server import PASSWORD
from postfix_server import Server, running_postfix

TEMPLATE = message_template(EDITIONS[1], newsletter(), ISSUE)


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    folder = tmp_path_factory.mktemp("tls")
    _, client = certificate(folder)
    folder.chmod(0o755)
    return folder / "server.pem", client


@pytest.fixture(scope="module")
def server(tls: tuple[Path, ssl.SSLContext]) -> Iterator[Server]:
    with running_postfix(tls[0]) as running:
        yield running


def mails(count: int, first: str) -> list[Parcel]:
    found = []
    for number in range(count):
        token = f"{first}{number:031}"
        row = Delivery(
            issue_id=ISSUE, newsletter_id="bonds", subscriber_id=token, locale="en", state="claimed", token=token
        )
        to = f"reader{number}@example.net"
        message = TEMPLATE.message(recipient=to, token=token, date=NOW)
        found.append(Parcel(delivery=row, sender="letters@example.org", recipient=to, message=message))
    return found


def sent(url: str, client: ssl.SSLContext, parcels: Sequence[Parcel]) -> list[str]:
    outcomes: list[HandOver] = []

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        outcomes.extend(outcome for _, outcome in settled)
        return len(beginning) >= 0

    mailer = SmtpMailer(url, tls=client, connections=2, timeout_seconds=20)
    with mailer.open():
        mailer.send(iter(parcels), journal)
    return [type(outcome).__name__ for outcome in outcomes]


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_everything_is_taken_and_comes_out_as_it_was_sent(
    scheme: str, server: Server, tls: tuple[Path, ssl.SSLContext]
) -> None:
    port = server.submissions if scheme == "smtps" else server.submission
    parcels = mails(15, "a" if scheme == "smtps" else "b")
    assert sent(f"{scheme}://letters%40example.org:{PASSWORD}@127.0.0.1:{port}", tls[1], parcels) == ["Accepted"] * 15
    received = arrived(server.kept, [TEMPLATE.message_id(each.delivery.token) for each in parcels])
    for each in parcels:
        mail = received[TEMPLATE.message_id(each.delivery.token)]
        assert differences(each.message, mail, TEMPLATE.personal_link(each.delivery.token)) == ()


def arrived(folder: Path, ids: Sequence[str]) -> dict[str, bytes]:
    """Wait until the server has relayed them all, each once."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        texts = [path.read_bytes() for path in folder.iterdir()]
        found = {name: [text for text in texts if f"Message-ID: {name}".encode() in text] for name in ids}
        if all(found.values()):
            assert all(len(copies) == 1 for copies in found.values())
            # What the sink writes before the mail: X-Client-Addr and the like.
            return {name: copies[0].replace(b"\n", b"\r\n") for name, copies in found.items()}
        threading.Event().wait(0.2)
    raise AssertionError


def test_a_wrong_password_is_refused_by_a_real_server(server: Server, tls: tuple[Path, ssl.SSLContext]) -> None:
    url = f"smtps://letters%40example.org:wrong-{PASSWORD}@127.0.0.1:{server.submissions}"
    with pytest.raises(DeliveryError, match="refuses user and password: 535") as error:
        sent(url, tls[1], mails(1, "c"))
    assert PASSWORD not in str(error.value)


def test_nobody_sends_without_a_login(server: Server, tls: tuple[Path, ssl.SSLContext]) -> None:
    assert sent(f"smtp+starttls://127.0.0.1:{server.submission}", tls[1], mails(2, "d")) == ["Refused"] * 2
