"""The mailers: a real server that misbehaves in every phase, and a folder."""

import ssl
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from certificates import certificate
from digest.adapters.mailers.folder import FolderMailer
from digest.adapters.mailers.pacing import Pacer
from digest.adapters.mailers.smtp import SmtpMailer
from digest.adapters.mailers.smtp_url import parse_server
from digest.errors import DeliveryError, SettingsError, StorageError
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel, Refused, TryLater, Unknown
from digest.text.mime import message_template
from fakes_send import EDITIONS, ISSUE, NOW, newsletter
from smtp_server import HANG_UP, HANG_UP_IN_BODY, SILENCE, Answer, Phase, Post, obliging, running

SENDER = "letters@example.org"
SECRET = "s3cret-words"
TEMPLATE = message_template(EDITIONS[1], newsletter(), ISSUE)
MAIL = TEMPLATE.message(recipient="jo.reader@example.net", token="a" * 32, date=NOW)


def at(phase: Phase, reply: str, *, times: int = 1) -> Answer:
    """Answer so the first times that a phase is reached."""
    return lambda reached, number, _: reply if reached == phase and number <= times else ""


def mailer_to(
    post: Post, *, scheme: str = "smtp", login: str = "", tls: ssl.SSLContext | None = None, connections: int = 1
) -> SmtpMailer:
    return SmtpMailer(
        f"{scheme}://{login}127.0.0.1:{post.port}",
        tls=tls,
        connections=connections,
        pacer=Pacer(first_pause=0.0),
        timeout_seconds=10,
        dot_timeout_seconds=0.3,
    )


def nothing() -> None:
    """No ledger is told."""


def parcel(number: int = 0, *, data: bytes = MAIL, recipient: str = "jo.reader@example.net") -> Parcel:
    row = Delivery(
        issue_id=ISSUE, newsletter_id="bonds", subscriber_id=f"s{number}", locale="en", state="claimed", token="a" * 32
    )
    return Parcel(delivery=row, sender=SENDER, recipient=recipient, message=data)


def give(
    mailer: SmtpMailer | FolderMailer,
    before_body: Callable[[], None] = nothing,
    data: bytes = MAIL,
    recipient: str = "jo.reader@example.net",
) -> HandOver:
    outcomes: list[HandOver] = []

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        outcomes.extend(outcome for _, outcome in settled)
        for _ in beginning:
            before_body()
        return True

    mailer.send(iter([parcel(data=data, recipient=recipient)]), journal)
    (outcome,) = outcomes
    return outcome


def one(answer: Answer = obliging, *, pipelining: bool = True) -> tuple[HandOver, Post, list[str]]:
    """Give one message to a server that answers so; also whether the ledger was told before the body."""
    told: list[str] = []
    with running(Post(answer=answer, pipelining=pipelining)) as post, (mailer := mailer_to(post)).open():
        outcome = give(mailer, lambda: told.append(f"{len(post.messages)} kept"))
    return outcome, post, told


def test_an_accepted_message_is_kept_once_and_byte_for_byte() -> None:
    outcome, post, told = one()
    assert isinstance(outcome, Accepted)
    assert outcome.reply == "250 OK queued"
    assert post.messages == [MAIL]
    assert post.recipients == ["jo.reader@example.net"]
    assert told == ["0 kept"]


@pytest.mark.parametrize("pipelining", [True, False])
@pytest.mark.parametrize(
    ("answer", "kind", "asked_for_body"),
    [
        (at("MAIL", "451 4.3.0 later"), TryLater, False),
        (at("RCPT", "450 4.2.0 greylisted"), TryLater, False),
        (at("DATA", "451 4.3.0 later"), TryLater, False),
        (at("DOT", "452 4.3.1 disk full"), TryLater, True),
        (at("MAIL", "550 no"), Refused, False),
        (at("RCPT", "550 5.1.1 <jo.reader@example.net> unknown"), Refused, False),
        (at("DATA", "554 5.7.1 no"), Refused, False),
        (at("DOT", "554 5.6.0 content"), Refused, True),
        (at("MAIL", "421 4.7.0 too many", times=2), TryLater, False),
        (at("RCPT", "421 4.7.0 too many", times=2), TryLater, False),
        (at("MAIL", HANG_UP, times=2), TryLater, False),
        (at("RCPT", HANG_UP, times=2), TryLater, False),
        (at("DATA", HANG_UP, times=2), TryLater, False),
        (at("DATA", "250 what", times=2), TryLater, False),
        (at("DOT", HANG_UP), Unknown, True),
        (at("DOT", SILENCE), Unknown, True),
        (at("DOT", "421 4.3.2 closing"), Unknown, True),
        (at("DOT", "333 what"), Unknown, True),
        (at("DOT", "nonsense"), Unknown, True),
    ],
)
def test_the_phase_decides_what_is_known(
    answer: Answer,
    kind: type[HandOver],
    asked_for_body: bool,  # noqa: FBT001  a table
    pipelining: bool,  # noqa: FBT001  a table
) -> None:
    outcome, post, told = one(answer, pipelining=pipelining)
    assert type(outcome) is kind
    assert bool(told) is asked_for_body
    assert post.messages == []
    assert "jo.reader" not in outcome.reply


def test_a_message_kept_by_a_server_that_hangs_up_is_unknown() -> None:
    with running(Post(answer=at("DOT", HANG_UP), keeps_what_it_drops=True)) as post:
        with (mailer := mailer_to(post)).open():
            assert isinstance(give(mailer), Unknown)
        assert sum(post.copies.values()) == 1


@pytest.mark.parametrize("answer", [at("MAIL", "421 4.7.0 too many"), at("MAIL", HANG_UP), at("DATA", HANG_UP)])
def test_a_server_that_hangs_up_before_the_body_is_asked_once_more(answer: Answer) -> None:
    outcome, post, _ = one(answer)
    assert isinstance(outcome, Accepted)
    assert post.connections == 2
    assert sum(post.copies.values()) == 1


def test_a_connection_lost_in_the_middle_of_the_body_delivers_nothing() -> None:
    body = MAIL + b"x" * 60 + (b"y" * 70 + b"\r\n") * 120_000
    with running(Post(answer=at("DATA", HANG_UP_IN_BODY))) as post, (mailer := mailer_to(post)).open():
        assert isinstance(give(mailer, data=body), TryLater)
        assert isinstance(give(mailer), Accepted)
        assert post.messages == [MAIL]


def gone_and_hung_up(phase: Phase, number: int, recipient: str) -> str:
    return {("RCPT", 1): "550 5.1.1 no", ("RSET", 1): HANG_UP}.get((phase, number), "")


def test_a_refused_reader_is_not_asked_again_because_the_server_hung_up_afterwards() -> None:
    outcome, post, _ = one(gone_and_hung_up)
    assert outcome == Refused(reply="550 5.1.1 no")
    assert (post.reached["RCPT"], post.messages) == (1, [])


@pytest.mark.parametrize(
    "answer",
    [
        gone_and_hung_up,
        at("DOT", HANG_UP),
        at("DOT", SILENCE),
        at("DOT", "421 bye"),
        at("RCPT", "550 5.1.1 no"),
        at("DOT", "554 no"),
    ],
)
def test_the_next_message_goes_through_after_any_trouble(answer: Answer) -> None:
    with running(Post(answer=answer)) as post, (mailer := mailer_to(post)).open():
        give(mailer)
        assert isinstance(give(mailer), Accepted)
        assert sum(post.copies.values()) == 1


def test_a_refused_sender_is_told_apart_from_a_refused_reader() -> None:
    outcome, _, _ = one(at("MAIL", "550 not allowed"))
    assert outcome == Refused(reply="the sender is refused: 550 not allowed")


def test_a_ledger_that_can_not_write_keeps_the_message_from_leaving() -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    with running(Post()) as post, (mailer := mailer_to(post)).open():
        with pytest.raises(OSError, match="No space"):
            give(mailer, full)
        assert isinstance(give(mailer), Accepted)
        assert sum(post.copies.values()) == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_where_the_next_mails_can_not_be_had_those_under_way_arrive_first(pipelining: bool) -> None:  # noqa: FBT001
    began, ended = list[Parcel](), list[HandOver]()

    def parcels() -> Iterator[Parcel]:
        yield from (parcel(number) for number in range(3))
        raise StorageError("The disk is full.")

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        began.extend(beginning)
        ended.extend(outcome for _, outcome in settled)
        return True

    with running(Post(pipelining=pipelining)) as post:
        mailer = mailer_to(post, connections=2)
        with mailer.open(), pytest.raises(StorageError):
            mailer.send(parcels(), journal)
        assert len(post.messages) == len(began) == 3
    assert [type(outcome) for outcome in ended] == [Accepted] * 3


def test_dots_at_the_start_of_lines_arrive_as_they_were() -> None:
    data = b"Message-ID: <x@example.org>\r\n\r\n.\r\n..two\r\n.end"
    with running(Post()) as post, (mailer := mailer_to(post)).open():
        assert isinstance(give(mailer, data=data), Accepted)
        assert post.messages == [data + b"\r\n"]


def test_an_address_that_could_break_out_of_a_command_never_reaches_the_server() -> None:
    with running(Post()) as post, (mailer := mailer_to(post)).open():
        for recipient in ("a@example.org>\r\nRCPT TO:<b@example.net", "é@example.org", "a b@example.org"):
            outcome = give(mailer, recipient=recipient)
            assert isinstance(outcome, Refused)
        assert not post.reached


def test_one_connection_serves_many_messages() -> None:
    with running(Post()) as post, (mailer := mailer_to(post)).open():
        for _ in range(20):
            give(mailer)
        assert post.connections == 1
        assert len(post.messages) == 20


def test_both_kinds_of_tls_and_a_login_work(tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    credentials = (b"letters@example.org", SECRET.encode())
    login = f"letters%40example.org:{SECRET}@"
    for scheme, tls in (("smtps", {"implicit_tls": server}), ("smtp+starttls", {"starttls": server})):
        with running(Post(credentials=credentials), **tls) as post:
            with (mailer := mailer_to(post, scheme=scheme, login=login, tls=client)).open():
                assert isinstance(give(mailer), Accepted)
            assert post.messages == [MAIL]


def test_a_certificate_that_nobody_trusts_is_refused(tmp_path: Path) -> None:
    server, _ = certificate(tmp_path)
    for scheme, tls in (("smtps", {"implicit_tls": server}), ("smtp+starttls", {"starttls": server})):
        with (
            running(Post(), **tls) as post,
            pytest.raises(DeliveryError, match="TLS"),
            mailer_to(post, scheme=scheme).open(),
        ):
            pass


def assert_says_no_secret(error: pytest.ExceptionInfo[DeliveryError]) -> None:
    shown = "".join(map(str, (error.value, repr(error.value), error.value.__cause__)))
    assert SECRET not in shown
    assert error.value.__suppress_context__


@pytest.mark.parametrize(
    ("password", "words"),
    [(SECRET, "refuses user and password: 535 .*new app password"), (f"{SECRET}%C3%A9", "both have to be ASCII")],
)
def test_a_wrong_password_says_what_to_do_and_not_the_password(password: str, words: str, tmp_path: Path) -> None:
    server, client = certificate(tmp_path)
    with (
        running(Post(credentials=(b"u", b"other")), implicit_tls=server) as post,
        pytest.raises(DeliveryError, match=words) as error,
        mailer_to(post, scheme="smtps", login=f"u:{password}@", tls=client).open(),
    ):
        pass
    assert_says_no_secret(error)


def test_a_server_without_login_or_starttls_is_named() -> None:
    with running(Post()) as post:
        with pytest.raises(DeliveryError, match="sign in") as error, mailer_to(post, login=f"u:{SECRET}@").open():
            pass
        assert_says_no_secret(error)
        with pytest.raises(DeliveryError, match="smtps://"), mailer_to(post, scheme="smtp+starttls").open():
            pass


def test_no_server_at_all_says_so() -> None:
    with running(Post()) as post:
        pass
    with (
        pytest.raises(DeliveryError, match=rf"127\.0\.0\.1:{post.port} can not be used.*Check host"),
        mailer_to(post).open(),
    ):
        pass


def test_a_server_that_refuses_everybody_says_so() -> None:
    with running(Post()) as post:
        post.greeting = "554 5.3.2 closed"
        with pytest.raises(DeliveryError, match=r"refuses: 554 5\.3\.2 closed"), mailer_to(post).open():
            pass


def test_a_server_that_went_away_means_later() -> None:
    with ExitStack() as stack:
        with running(Post()) as post:
            mailer = mailer_to(post)
            stack.enter_context(mailer.open())
        assert isinstance(give(mailer), TryLater)
        assert isinstance(give(mailer), TryLater)


@pytest.mark.parametrize(
    "url", ["", "mail.example.org", "http://mail.example.org", "smtps://", "smtps://h:port", "smtps://u:s3cret-words@"]
)
def test_an_address_that_can_not_be_read_is_a_setting_to_mend(url: str) -> None:
    with pytest.raises(SettingsError, match="smtps://user") as error:
        SmtpMailer(url)
    assert SECRET not in str(error.value)


def test_a_password_is_never_sent_in_the_clear_to_another_machine() -> None:
    with pytest.raises(SettingsError, match="in the clear"):
        SmtpMailer(f"smtp://u:{SECRET}@mail.example.org")


def test_ports_and_names_are_read_from_the_address() -> None:
    server = parse_server(f"smtp+starttls://letters%40example.org:{SECRET}%2F@mail.example.org")
    assert (server.host, server.port, server.security) == ("mail.example.org", 587, "starttls")
    assert (server.user, server.password) == ("letters@example.org", f"{SECRET}/")
    assert parse_server("smtps://mail.example.org").port == 465
    assert SECRET not in repr(server)
    assert repr(SmtpMailer(f"smtps://u:{SECRET}@mail.example.org")) == "SmtpMailer(mail.example.org:465)"


def test_the_name_of_this_machine_is_not_told() -> None:
    with running(Post()) as post, mailer_to(post).open():
        assert post.greeted_by == ["[127.0.0.1]"]


def test_a_folder_gets_one_file_a_mail_without_the_address_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "mail"
    mailer = FolderMailer(folder)
    with mailer.open():
        told: list[int] = []
        for _ in range(2):
            assert isinstance(give(mailer, lambda: told.append(1)), Accepted)
        assert told == [1, 1]
    assert sorted(path.name for path in folder.iterdir()) == ["001-pt_BR-aaaaaaaa.eml", "002-pt_BR-aaaaaaaa.eml"]
    assert (folder / "001-pt_BR-aaaaaaaa.eml").read_bytes() == MAIL
    assert stat.S_IMODE((folder / "001-pt_BR-aaaaaaaa.eml").stat().st_mode) == 0o600


def test_a_second_dry_run_replaces_the_first_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "notes.eml").write_text("mine")
    for _ in range(2):
        mailer = FolderMailer(tmp_path)
        with mailer.open():
            give(mailer)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["001-pt_BR-aaaaaaaa.eml", "notes.eml"]


def test_a_mail_without_a_token_still_gets_a_safe_name(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    with mailer.open():
        give(mailer, data=b"To: x\r\n\r\n")
    assert [path.name for path in tmp_path.iterdir()] == ["001-und-mail.eml"]


def test_a_folder_that_can_not_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="--out"), FolderMailer(tmp_path / "file").open():
        pass
    mailer = FolderMailer(tmp_path / "gone")
    with mailer.open():
        (tmp_path / "gone").rmdir()
        with pytest.raises(StorageError, match="can not be written"):
            give(mailer)
    assert not (tmp_path / "gone").exists()


def test_a_file_that_can_not_be_put_in_place_leaves_no_half_behind(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path)
    with mailer.open():
        (tmp_path / "001-pt_BR-aaaaaaaa.eml").mkdir()
        with pytest.raises(StorageError, match="can not be written"):
            give(mailer)
    assert [path.name for path in tmp_path.iterdir()] == ["001-pt_BR-aaaaaaaa.eml"]
