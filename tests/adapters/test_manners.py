"""Pauses that outlive a run, robots.txt, and the time between two requests to one host."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

import http_server as faults
from digest.adapters.http import HttpClient, HttpRequest
from digest.adapters.http_rules import Pace
from digest.adapters.sources.pages import WebPageReader
from digest.models.source import Blocked, Fetched
from fakes_stores import FakeStateStore

POST = f"<html><body><article><h1>A title</h1><p>{'Words of the post that are read. ' * 20}</p></article></body></html>".encode()


def client(hosts: FakeStateStore | None = None) -> HttpClient:
    return HttpClient(user_agent="digest/test", allow_private_addresses=True, hosts=hosts)


@pytest.mark.parametrize("line", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_pause_that_a_host_asked_for_outlives_the_run(line: str) -> None:
    store = FakeStateStore()
    with faults.serving({"/feed": faults.status(line, Retry_After="7200")}) as server:
        first = client(store).fetch(HttpRequest(url=server.url("/feed")))
        second = client(store).fetch(HttpRequest(url=server.url("/other")))

        assert len(server.asked) == 1
    assert isinstance(first, Blocked)
    assert isinstance(second, Blocked)
    assert 7_000 < (second.retry_after_seconds or 0) <= 7_201
    assert store.host_pauses()["127.0.0.1"] > datetime.now(UTC) + timedelta(minutes=110)


def test_a_pause_that_is_over_or_from_a_wrong_clock_holds_nobody_up() -> None:
    with faults.serving({"/feed": faults.page(b"<rss/>")}) as server:
        for until in (datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(days=900)):
            store = FakeStateStore()
            store.save_host_pause("127.0.0.1", until)
            assert isinstance(client(store).fetch(HttpRequest(url=server.url("/feed"))), Fetched)


def test_a_host_is_asked_once_a_second_and_this_machine_at_once() -> None:
    pace = Pace()
    pace.slow_down("slow.example.org", 99)

    assert [pace.wait("blog.example.org", now=now) for now in (100.0, 100.25, 100.5, 109.0)] == [0, 0.75, 1.5, 0]
    assert [pace.wait("slow.example.org", now=100.0) for _ in range(2)] == [0, 10]
    assert [pace.wait("127.0.0.1", now=100.0) for _ in range(2)] == [0, 0]


ROBOTS = b"""User-agent: *
Disallow: /private/
Disallow: /*?print=
Allow: /private/open$

User-agent: digest
Disallow: /not-for-digest
"""


def test_pages_that_robots_txt_refuses_are_not_asked_for() -> None:
    rules = ROBOTS.replace(b"User-agent: digest\nDisallow: /not-for-digest\n", b"")
    routes = {
        "/robots.txt": faults.page(rules, "text/plain"),
        "/post": faults.page(POST),
        "/private/open": faults.page(POST),
    }
    with faults.serving(routes) as server:
        reader = WebPageReader(client())
        pages = {
            path: reader.read_page(server.url(path))
            for path in ("/post", "/post?print=1", "/private/x", "/private/open")
        }

        assert [path for path, page in pages.items() if page.text.blocks] == ["/post", "/private/open"]
        assert pages["/private/x"].problems == ("The page is not asked for: the site's robots.txt does not allow it.",)
        assert [one.path for one in server.asked] == ["/robots.txt", "/post", "/private/open"]


def test_rules_for_this_program_by_name_come_before_those_for_all() -> None:
    routes = {"/robots.txt": faults.page(ROBOTS, "text/plain"), "/private/x": faults.page(POST)}
    with faults.serving(routes) as server:
        reader = WebPageReader(client())

        assert reader.read_page(server.url("/private/x")).text.blocks
        assert not reader.read_page(server.url("/not-for-digest")).text.blocks


def test_a_site_without_rules_allows_all_and_one_that_can_not_tell_them_is_left_alone() -> None:
    with faults.serving({"/post": faults.page(POST)}) as server:
        assert WebPageReader(client()).read_page(server.url("/post")).text.blocks
    broken = {"/robots.txt": faults.status("500 Internal Server Error"), "/post": faults.page(POST)}
    with faults.serving(broken) as server:
        page = WebPageReader(client()).read_page(server.url("/post"))

        assert "robots.txt can not be read now" in page.problems[0]
        assert len(server.asked) == 1


def test_a_redirect_is_followed_only_where_the_rules_of_its_target_allow_it() -> None:
    rules = faults.page(b"User-agent: *\nDisallow: /closed/", "text/plain")
    with faults.serving({"/robots.txt": rules, "/open/post": faults.page(POST)}, host="0.0.0.0") as other:
        there = {path: faults.redirect(other.url(path, "127.0.0.2")) for path in ("/open/post", "/closed/post")}
        with faults.serving(there) as server:
            reader = WebPageReader(client())
            opened, closed = (reader.read_page(server.url(path)) for path in there)

            assert opened.text.blocks
            assert closed.problems == ("The page is not asked for: the site's robots.txt does not allow it.",)
            assert [one.path for one in other.asked] == ["/robots.txt", "/open/post"]


def test_a_page_that_redirects_for_ever_ends_with_a_reason() -> None:
    with faults.serving({"/post": faults.redirect("/post")}) as server:
        page = WebPageReader(client()).read_page(server.url("/post"))

    assert "redirects more than 5 times" in page.problems[0]


def test_a_challenge_for_browsers_is_named() -> None:
    with faults.serving({"/feed": faults.status("403 Forbidden", cf_mitigated="challenge")}) as server:
        answer = client().fetch(HttpRequest(url=server.url("/feed")))

    assert isinstance(answer, Blocked)
    assert "only browsers" in answer.reason


def test_a_host_that_redirects_lead_to_is_asked_one_at_a_time_too() -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def shared(exchange: faults.Exchange) -> None:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        exchange.closing.wait(0.02)
        with lock:
            inside -= 1
        exchange.answer(b"<rss/>")

    with faults.serving({"/shared": shared}, host="0.0.0.0") as server:
        hosts = [f"127.0.8.{number}" for number in range(1, 7)]
        server.routes["/feed"] = faults.redirect(server.url("/shared", host="127.0.8.200"))
        # One asks the shared host first, and one is led from it to a host that others hold, and back.
        server.routes["/back"] = faults.redirect(server.url("/feed", host=hosts[0]))
        addresses = [server.url("/feed", host=host) for host in hosts] + [server.url("/back", host="127.0.8.200")]
        results = [result for _, result in client().fetch_many([HttpRequest(url=url) for url in addresses])]

    assert [type(result) for result in results] == [Fetched] * len(addresses)
    assert most == 1


def test_a_pause_belongs_to_the_host_that_asked_for_it_and_not_to_the_one_that_led_there() -> None:
    with faults.serving({}, host="0.0.0.0") as server:
        server.routes |= {
            "/feed": faults.redirect(server.url("/busy", host="127.0.8.200")),
            "/other": faults.page(b"<rss/>"),
            "/busy": faults.status("429 Too Many Requests", Retry_After="600"),
        }
        asking = client()
        first, again = (asking.fetch(HttpRequest(url=server.url("/feed", host="127.0.8.1"))) for _ in range(2))
        other = asking.fetch(HttpRequest(url=server.url("/other", host="127.0.8.1")))

    assert isinstance(first, Blocked)
    assert isinstance(again, Blocked)
    assert "pause before" in again.reason
    assert isinstance(other, Fetched)
    assert [one.path for one in server.asked].count("/busy") == 1
