"""The guarded client against a server that does everything wrong."""

import asyncio
import gzip
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

import http_server as faults
from digest.adapters.http import Asking, HttpClient, HttpRequest
from digest.adapters.http_rules import address_refusal, max_age_seconds, redirect_refusal, retry_after_seconds
from digest.adapters.http_transport import Batch, Client, is_public
from digest.adapters.http_turns import Onward
from digest.models.source import Blocked, Failed, Fetched, FetchResult, Gone, Unchanged

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
AGENT = "digest/test (+https://blog.example.org)"
ETAG = 'W/"é-41"'
LAST = "Thu, 19 Nov 2026 08:00:00 GMT"


def client(**changes: object) -> HttpClient:
    settings: dict[str, object] = {"user_agent": AGENT, "allow_private_addresses": True, "total_timeout": 10.0}
    return HttpClient(**(settings | changes))  # type: ignore[arg-type]


def asking(url: str) -> Asking:
    return Asking(HttpRequest(url=url), url, seconds=30.0)


@pytest.fixture(scope="module")
def server() -> Iterator[faults.FaultServer]:
    routes: dict[str, faults.Route] = {
        "/ok": faults.page(b"<p>hello</p>", Cache_Control="public, max-age=600", Set_Cookie="track=1"),
        "/cached": faults.conditional(b"<rss/>", etag=ETAG, last_modified=LAST),
        "/moved": faults.redirect("/ok", "301 Moved Permanently"),
        "/loop": faults.redirect("/loop"),
        "/elsewhere": faults.redirect("file:///etc/hostname"),
        "/nowhere": faults.status("302 Found"),
        "/gone": faults.status("410 Gone"),
        "/secret": faults.status("401 Unauthorized"),
        "/forbidden": faults.status("403 Forbidden"),
        "/broken": faults.status("500 Internal Server Error"),
        "/never-asked-304": faults.status("304 Not Modified"),
        "/silent": faults.silent,
        "/drip": faults.slow_drip,
        "/endless": faults.endless,
        "/cut": faults.cut_off,
        "/mail": faults.no_http,
        "/bomb": faults.gzip_bomb,
        "/gzip": faults.gzipped(b"<p>packed</p>" * 100),
        "/gzip-cut": faults.gzipped(b"<p>packed</p>" * 100, keep=30),
        "/gzip-lie": faults.page(b"not packed", Content_Encoding="gzip"),
        "/brotli": faults.page(b"??", Content_Encoding="br"),
    }
    with faults.serving(routes) as running:
        yield running


def test_a_body_comes_with_its_type_and_age(server: faults.FaultServer) -> None:
    answer = client().fetch(HttpRequest(url=server.url("/ok")))

    assert isinstance(answer, Fetched)
    assert (answer.body, answer.content_type, answer.max_age_seconds) == (
        b"<p>hello</p>",
        "text/html; charset=utf-8",
        600,
    )
    assert server.asked[-1].headers["user-agent"] == AGENT
    assert server.asked[-1].headers["accept-encoding"] == "gzip"


def test_validators_go_back_byte_for_byte(server: faults.FaultServer) -> None:
    first = client().fetch(HttpRequest(url=server.url("/cached")))
    assert isinstance(first, Fetched)
    second = client().fetch(HttpRequest(url=server.url("/cached"), etag=first.etag, last_modified=first.last_modified))

    assert second == Unchanged(max_age_seconds=600)
    assert server.asked[-1].headers["if-none-match"] == ETAG
    assert server.asked[-1].headers["if-modified-since"] == LAST


def test_a_304_that_nobody_asked_for_is_a_failure(server: faults.FaultServer) -> None:
    assert isinstance(client().fetch(HttpRequest(url=server.url("/never-asked-304"))), Failed)


def test_redirects_are_followed_and_the_last_address_is_told(server: faults.FaultServer) -> None:
    answer = client().fetch(HttpRequest(url=server.url("/moved")))

    assert isinstance(answer, Fetched)
    assert answer.url == server.url("/ok")


@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/loop", Failed, "redirects more than 5 times"),
        ("/elsewhere", Blocked, "only http and https"),
        ("/nowhere", Failed, "redirects"),
        ("/gone", Gone, "410"),
        ("/secret", Blocked, "password"),
        ("/forbidden", Blocked, "refuses"),
        ("/missing", Failed, "404"),
        ("/broken", Failed, "500"),
        ("/cut", Failed, "broke off"),
        ("/mail", Failed, "no HTTP"),
        ("/gzip-cut", Failed, "broke off"),
        ("/gzip-lie", Failed, "damaged"),
        ("/brotli", Failed, "not asked for"),
    ],
)
def test_every_bad_answer_is_one_sentence(
    server: faults.FaultServer, path: str, kind: type[Gone] | type[Blocked] | type[Failed], words: str
) -> None:
    answer = client().fetch(HttpRequest(url=server.url(path)))

    assert isinstance(answer, kind)
    assert words in answer.reason


def test_packed_answers_are_unpacked(server: faults.FaultServer) -> None:
    answer = client().fetch(HttpRequest(url=server.url("/gzip")))

    assert isinstance(answer, Fetched)
    assert answer.body == b"<p>packed</p>" * 100


@pytest.mark.parametrize("path", ["/bomb", "/endless"])
def test_too_much_is_refused_before_it_is_there(server: faults.FaultServer, path: str) -> None:
    answer = client().fetch(HttpRequest(url=server.url(path), max_bytes=1_000_000))

    assert answer == Failed(reason="the answer is larger than 1 MB", too_large=True)


def packed_nothing(exchange: faults.Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    while True:
        exchange.send(gzip.compress(b"") * 2_000)


def byte_by_byte(exchange: faults.Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        exchange.send(b"1\r\n<\r\n" * 2_000)


def test_an_answer_that_never_becomes_anything_is_left_long_before_its_time() -> None:
    with faults.serving({"/nothing": packed_nothing, "/bytes": byte_by_byte}) as server:
        nothing = client().fetch(HttpRequest(url=server.url("/nothing"), max_bytes=100_000))
        pieces = client().fetch(HttpRequest(url=server.url("/bytes")))

    assert nothing == Failed(reason="the answer is larger than 0.1 MB", too_large=True)
    assert pieces == Failed(reason="the answer comes in too many small pieces")


def test_a_file_that_is_packed_itself_is_unpacked_within_the_same_limit() -> None:
    files = {"/fine": b"<urlset/>" * 100, "/bomb": b" " * 2_000_000}
    routes = {path: faults.page(gzip.compress(file), "application/gzip") for path, file in files.items()}
    routes["/cut"] = faults.page(gzip.compress(b"<urlset/>" * 100)[:-9], "application/gzip")
    routes["/no-gzip"] = faults.page(b"\x1f\x8b no", "application/gzip")
    with faults.serving(routes) as server:
        fine, bomb, cut, none = (
            client().fetch(HttpRequest(url=server.url(path), max_bytes=1_000_000)) for path in routes
        )

    assert isinstance(fine, Fetched)
    assert fine.body == files["/fine"]
    assert bomb == Failed(reason="the answer is larger than 1 MB", too_large=True)
    assert cut == Failed(reason="the packed answer broke off")
    assert none == Failed(reason="the packed answer is damaged")


@pytest.mark.parametrize("line", ["502 Bad Gateway", "504 Gateway Timeout"])
def test_a_gateway_with_nothing_behind_it_is_asked_once_more(line: str) -> None:
    answers = iter([faults.status(line), faults.page(b"<rss/>")])

    def waking(exchange: faults.Exchange) -> None:
        next(answers)(exchange)

    routes: dict[str, faults.Route] = {"/waking": waking, "/down": faults.status(line)}
    with faults.serving(routes) as server:
        woken, down = (client().fetch(HttpRequest(url=server.url(path))) for path in routes)

        assert isinstance(woken, Fetched)
        assert down == Failed(reason=f"the site answered {line[:3]}", status=int(line[:3]))
        assert [one.path for one in server.asked] == ["/waking"] * 2 + ["/down"] * 2


def test_other_failures_are_not_asked_again_in_the_same_run(server: faults.FaultServer) -> None:
    for path in ("/broken", "/missing", "/cut", "/forbidden"):
        before = len(server.asked)
        client().fetch(HttpRequest(url=server.url(path)))
        assert len(server.asked) == before + 1


def test_a_connection_that_is_refused_is_tried_once_more() -> None:
    tries = list[str]()

    class Closed(httpcore.AsyncMockBackend):
        async def connect_tcp(self, host: str, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
            tries.append(host)
            if len(tries) == 1:
                raise httpcore.ConnectError
            return await super().connect_tcp(host, *args, **options)

    async def asked() -> tuple[FetchResult | Asking, int]:
        inner = Client(guarded=False, backend=Closed([b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>"]))
        return await client()._try_twice(inner, asking("http://127.0.0.1/feed"))

    answer, _ = asyncio.run(asked())

    assert isinstance(answer, Fetched)
    assert tries == ["127.0.0.1", "127.0.0.1"]


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_a_slow_answer_ends_with_its_time(server: faults.FaultServer, path: str) -> None:
    started = time.monotonic()
    answer = client(total_timeout=0.2).fetch(HttpRequest(url=server.url(path)))

    assert answer == Failed(reason="there was no complete answer within 0.2 seconds")
    assert time.monotonic() - started < 5


def test_a_host_that_gives_no_answer_twice_is_left_alone_and_others_are_not() -> None:
    with faults.serving({"/silent": faults.silent, "/ok": faults.page(b"x")}, host="0.0.0.0") as server:
        patient = client(total_timeout=0.2)
        silent = [HttpRequest(url=server.url("/silent", host="127.0.9.1"), key="silent") for _ in range(20)]
        other = HttpRequest(url=server.url("/ok", host="127.0.9.2"), key="other")
        answers = [(request.key, answer) for request, answer in patient.fetch_many([*silent, other])]
        later = patient.fetch(HttpRequest(url=server.url("/ok", host="127.0.9.1")))

        assert [one.path for one in server.asked].count("/silent") == 2
        assert [type(answer) for key, answer in answers if key == "other"] == [Fetched]
        assert len(answers) == 21
        assert later == Failed(reason="the site gave no answer in time before, so it is not asked again now")


def test_an_answer_ends_the_count_of_silences() -> None:
    answers = iter([faults.silent, faults.page(b"x"), faults.silent, faults.page(b"x")])

    def moody(exchange: faults.Exchange) -> None:
        next(answers)(exchange)

    with faults.serving({"/moody": moody}) as server:
        patient = client(total_timeout=0.5)
        found = [patient.fetch(HttpRequest(url=server.url("/moody"))) for _ in range(4)]

    assert [type(one) for one in found] == [Failed, Fetched, Failed, Fetched]


def test_a_closed_port_and_a_wrong_name_are_told_apart() -> None:
    closed = client().fetch(HttpRequest(url="http://127.0.0.1:9/"))
    unknown = client().fetch(HttpRequest(url="http://no-such-host.invalid/"))

    assert closed == Failed(reason="the site can not be reached")
    assert unknown == Failed(reason="there is no site of this name")


def test_a_pause_counts_for_the_host_and_the_next_request_is_not_made() -> None:
    with faults.serving({"/": faults.status("429 Too Many Requests", Retry_After="120")}) as server:
        asking = client()
        first = asking.fetch(HttpRequest(url=server.url("/")))
        second = asking.fetch(HttpRequest(url=server.url("/other")))

        assert isinstance(first, Blocked)
        assert first.retry_after_seconds == 120
        assert isinstance(second, Blocked)
        assert len(server.asked) == 1


def test_cookies_are_not_kept(server: faults.FaultServer) -> None:
    requests = [HttpRequest(url=server.url("/ok"), key=str(number)) for number in range(3)]
    assert len(list(client().fetch_many(requests))) == 3

    assert all("cookie" not in asked.headers for asked in server.asked)


def test_a_password_in_an_address_stays_out_of_every_reason(server: faults.FaultServer) -> None:
    for path in ("/secret", "/cut", "/loop", "/missing"):
        url = server.url(path).replace("http://", "http://ana:hunter2@") + "?key=hunter3"
        assert "hunter" not in repr(client().fetch(HttpRequest(url=url)))


def test_many_answers_arrive_as_they_come_and_one_host_is_asked_one_at_a_time() -> None:
    with faults.serving({"/ok": faults.page(b"x"), "/silent": faults.silent}, host="0.0.0.0") as server:
        requests = [HttpRequest(url=server.url("/silent", host="127.0.0.2"), key="slow")]
        requests += [HttpRequest(url=server.url("/ok"), key=str(number)) for number in range(8)]
        keys = [request.key for request, _ in client(total_timeout=0.5).fetch_many(requests)]

        assert sorted(keys) == sorted(["slow", *map(str, range(8))])
        assert server.most_at_once <= 2


def test_more_requests_than_places_all_get_an_answer(server: faults.FaultServer) -> None:
    requests = [HttpRequest(url=server.url("/ok"), key=str(number)) for number in range(20)]

    answers = list(client(concurrency=2, per_host=5).fetch_many(requests))

    assert {request.key for request, answer in answers if isinstance(answer, Fetched)} == set(map(str, range(20)))


def test_whoever_stops_early_waits_for_nobody(server: faults.FaultServer) -> None:
    requests = [HttpRequest(url=server.url("/ok"), key="a"), HttpRequest(url=server.url("/silent"), key="b")]
    started = time.monotonic()

    answers = iter(client(per_host=2).fetch_many(requests))
    assert next(answers)[0].key == "a"
    del answers

    assert time.monotonic() - started < 5


def test_a_bug_in_the_thread_is_raised_to_the_caller() -> None:
    async def buggy(_client: Client, _request: HttpRequest) -> FetchResult:
        raise ZeroDivisionError

    batch = Batch(buggy, [HttpRequest(url="http://example.org/")], guarded=True, concurrency=1, per_host=1)
    batch.run()

    with pytest.raises(ExceptionGroup) as raised:
        list(batch.results())
    assert raised.group_contains(ZeroDivisionError)


def test_a_batch_that_is_stopped_before_it_begins_asks_nobody() -> None:
    async def never(_client: Client, _request: HttpRequest) -> FetchResult:
        raise AssertionError

    batch = Batch(never, [HttpRequest(url="http://example.org/")], guarded=True, concurrency=1, per_host=1)
    batch.stop()
    batch.run()

    assert list(batch.results()) == []


@pytest.mark.parametrize(
    "url", ["", "http://", "https://[::1", "ftp://example.org/", "http://exa mple.org/", "http://\0/", "x" * 10_000]
)
def test_an_unusable_address_is_a_result_too(url: str) -> None:
    assert isinstance(client().fetch(HttpRequest(url=url)), Failed | Blocked)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://0/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://192.168.1.1/",
        "http://[fd00::1]/",
        "http://224.0.0.1/",
    ],
)
def test_private_addresses_are_refused_in_every_spelling(url: str) -> None:
    answer = client(allow_private_addresses=False).fetch(HttpRequest(url=url))

    reason = "the name leads to an address that is not on the public internet"
    assert answer == Blocked(reason=reason, retry_after_seconds=None, forbidden=True)


def test_the_guard_stands_at_the_connection_and_not_only_at_the_address(server: faults.FaultServer) -> None:
    before = len(server.asked)

    answer = client(allow_private_addresses=False).fetch(HttpRequest(url=server.url("/ok", host="localhost")))

    assert isinstance(answer, Blocked)
    assert len(server.asked) == before


def test_a_redirect_into_a_private_network_is_refused() -> None:
    answered = [b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/admin\r\nContent-Length: 0\r\n\r\n"]
    inner = Client(guarded=True, backend=httpcore.AsyncMockBackend(answered))

    async def follow() -> FetchResult:
        guarded = client(allow_private_addresses=False)
        led = await guarded._fetch_one(inner, asking("http://93.184.215.14/"))
        assert isinstance(led, Onward)
        assert led.request.url == "http://10.0.0.1/admin"
        refused = await guarded._fetch_one(inner, led.request)
        assert not isinstance(refused, Onward)
        return refused

    assert "not on the public internet" in repr(asyncio.run(follow()))


def test_https_is_not_left_by_a_redirect() -> None:
    assert redirect_refusal("https://example.org/", "http://example.org/")
    assert not redirect_refusal("https://example.org/", "https://example.net/")
    assert not redirect_refusal("http://example.org/", "http://example.net/")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.0.0.1", False),
        ("fe80::1%eth0", False),
        ("64:ff9b::808:808", False),
        ("2002:0a00:1::", False),
        ("240.0.0.1", False),
        ("::127.0.0.1", False),
    ],
)
def test_public_means_the_public_internet(address: str, *, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("https://example.org/feed", False),
        ("http://example.org:80/", False),
        ("https://example.org:443/", False),
        ("https://example.org:8443/", True),
        ("http://example.org:25/", True),
        ("gopher://example.org/", True),
        ("http://example.org:99999/", True),
    ],
)
def test_only_the_ports_of_the_web_are_asked(url: str, *, refused: bool) -> None:
    assert bool(address_refusal(url, private_allowed=False)) is refused


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("99999999999999999999", 7 * 24 * 3600),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("Tue, 24 Nov 2026 08:10:00 GMT", 600),
        ("Tue, 24 Nov 2020 08:10:00 GMT", 0),
        ("Tue, 24 Nov 2199 08:10:00 GMT", 7 * 24 * 3600),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_week(value: str | None, seconds: int | None) -> None:
    assert retry_after_seconds(value, now=NOW) == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=600", 600),
        ("public, MAX-AGE = 60", 60),
        ("s-maxage=5", None),
        ("max-age=31536000", 24 * 3600),
        ("no-store, max-age=600", None),
        ("max-age=-1", None),
        (None, None),
    ],
)
def test_max_age_is_at_most_a_day(value: str | None, seconds: int | None) -> None:
    assert max_age_seconds(value) == seconds


@given(st.text())
def test_headers_of_any_text_are_read_without_failing(text: str) -> None:
    pause = retry_after_seconds(text, now=NOW)

    assert pause is None or 0 <= timedelta(seconds=pause) / timedelta(days=1) <= 7
    assert (max_age_seconds(text) or 0) <= 24 * 3600
