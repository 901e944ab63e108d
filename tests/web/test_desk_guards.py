"""Who may speak to the desk, and what it never shows."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desk_folder import ISSUE, NOW, a_folder, a_room, served_desk
from digest import bootstrap
from digest.cli.preview import listening
from digest.config import load_config
from digest.errors import (
    DigestError,
    FileFormatError,
    NotApprovedError,
    SettingsError,
    StateConflictError,
    StorageError,
)
from digest.models.delivery import Subscriber
from digest.resources import resource_dir
from digest.web.sitting import Sitting

TOKEN = "let-me-in"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = a_folder(tmp_path_factory.mktemp("guards"))
    with bootstrap.subscribers(load_config(folder, {})) as store:
        reader = Subscriber(subscriber_id="r1", newsletter_id="bonds", address="reader@example.net", locale="pt_BR")
        store.add(reader, now=NOW)
    with served_desk(folder, token=TOKEN) as address:
        yield address


@pytest.fixture
def visitor(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base) as client:
        yield client


@pytest.fixture
def author(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, follow_redirects=True, headers={"Origin": base}) as client:
        assert client.get("/enter", params={"token": TOKEN}).status_code == 200
        yield client


@pytest.mark.parametrize("path", ["/", f"/issues/{ISSUE}", f"/issues/{ISSUE}/mail/pt_BR.html", "/nowhere"])
def test_nobody_gets_in_without_the_token(visitor: httpx.Client, path: str) -> None:
    assert visitor.get(path).status_code == 403
    assert visitor.get(path, headers={"Cookie": "digest_desk=guessed"}).status_code == 403


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_never_see(visitor: httpx.Client) -> None:
    assert visitor.get("/enter", params={"token": "wrong"}).status_code == 403
    cookie = visitor.get("/enter", params={"token": TOKEN, "to": "//evil.example.net"})
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.headers["set-cookie"].split("; "))
    assert cookie.headers["location"] == "/"


@pytest.mark.parametrize("host", ["evil.example.net", "127.0.0.1.example.net", ""])
def test_another_name_for_this_machine_is_refused(author: httpx.Client, host: str) -> None:
    assert author.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example.net"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_another_site_can_not_send_a_form(author: httpx.Client, headers: dict[str, str]) -> None:
    del author.headers["Origin"]
    for action in ("edit", "undo", "stories", "words", "approve", "withdraw"):
        assert author.post(f"/issues/{ISSUE}/{action}", headers=headers, data={}).status_code == 403


def test_an_approval_of_other_bytes_than_are_there_is_refused(author: httpx.Client) -> None:
    form = {"locale": "en", "seen-en": "0" * 64}
    answer = author.post(f"/issues/{ISSUE}/approve", data=form)
    assert answer.status_code == 409
    assert "Something changed after you looked" in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/issues/2020-01-01", 404),
        ("/issues/..%2F..", 404),
        (f"/issues/{ISSUE}/mail/xx.html", 404),
        ("/static/base.html", 404),
        ("/nowhere", 404),
    ],
)
def test_what_is_not_there_is_said_plainly(author: httpx.Client, path: str, status: int) -> None:
    assert author.get(path).status_code == status


def test_a_form_that_is_far_too_large_is_refused(author: httpx.Client) -> None:
    answer = author.post(f"/issues/{ISSUE}/edit", data={"text": "x" * 1_100_000})
    assert answer.status_code == 413
    assert "Nothing was saved: shorten it first." in answer.text


def test_every_answer_confines_the_page_and_the_mail_runs_no_script(author: httpx.Client) -> None:
    page = author.get(f"/issues/{ISSUE}")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    frame = author.get(f"/issues/{ISSUE}/mail/pt_BR.html", params={"images": "off"}).headers["content-security-policy"]
    assert "script-src" not in frame
    assert "default-src 'none'" in frame
    assert "img-src 'none'" in frame
    assert "allow-scripts" not in frame + page.text


def test_no_page_shows_an_address_of_a_reader(author: httpx.Client) -> None:
    for path in ("/", f"/issues/{ISSUE}"):
        assert "reader@" not in author.get(path).text
    assert '<td class="count">1</td>' in author.get("/").text


def test_the_pages_speak_the_language_she_chose(author: httpx.Client) -> None:
    assert (
        'lang="pt-BR"'
        in author.get("/language", params={"to": "pt_BR", "back": f"/issues/{ISSUE}"}).text.split("\n")[1]
    )
    assert "Leaves on" not in author.get("/").text


def test_the_desk_listens_on_loopback_alone_and_says_when_a_port_is_taken() -> None:
    with listening(0) as first:
        address, port = first.getsockname()
        assert address == "127.0.0.1"
        with pytest.raises(SettingsError, match=f"Port {port} can not be used"):
            listening(port)
    with pytest.raises(SettingsError, match="Port 99999"):
        listening(99999)


def test_a_file_broken_by_hand_is_named_with_its_line_and_the_other_issues_stay(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    (folder / "issues" / ISSUE / "issue.toml").write_text('id = "x\n', encoding="utf-8")
    from digest.web.asking import Ask
    from digest.web.front_page import issues_page

    with a_room(folder) as room:
        sitting = Sitting(room=room, token=TOKEN, now=lambda: NOW, templates=resource_dir("templates"))
        ask = Ask(path={}, query={}, form={}, interface="en", address="/", by_script=False)
        page = bytes(issues_page(sitting, ask).body).decode()
    assert "issue.toml, line 1" in page
    assert "/issues/2026-11-19" in page


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (StateConflictError("Somebody writes."), 409, "Outro comando do digest"),
        (StorageError("The disk is full."), 507, "o que você digitou continua"),
        (FileFormatError("pt_BR.po, line 3: no."), 422, "Corrija a linha"),
        (NotApprovedError("It is stale."), 409, "não dá para aprovar"),
    ],
)
def test_what_went_wrong_is_said_in_her_language_with_the_place_below(
    tmp_path: Path, error: DigestError, status: int, said: str
) -> None:
    from digest.web.asking import Ask
    from digest.web.author import failure

    with a_room(a_folder(tmp_path)) as room:
        sitting = Sitting(room=room, token=TOKEN, now=lambda: NOW, templates=resource_dir("templates"))
        ask = Ask(path={}, query={}, form={}, interface="pt_BR", address="/", by_script=False)
        answer = failure(sitting, ask, error)
    page = bytes(answer.body).decode()
    assert answer.status_code == status
    assert said in page
    assert f'<p class="detail" lang="en">{error}</p>' in page
