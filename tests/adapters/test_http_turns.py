"""Ten thousand requests take few tasks and few connections, and hosts that have to wait hold nobody up."""

import asyncio
from collections.abc import Sequence

import http_server as faults
from digest.adapters.http import HttpClient, HttpRequest
from digest.adapters.http_transport import Batch, Client
from digest.adapters.http_turns import Turns
from digest.models.source import FetchResult, Unchanged


def requests(host: str, count: int) -> list[HttpRequest]:
    return [HttpRequest(url=f"http://{host}/{number}") for number in range(count)]


def given_out(asked: Sequence[HttpRequest], count: int, *, waiting: Sequence[str] = (), per_host: int = 1) -> list[str]:
    """Return what is asked first, each answered at once, while some hosts have to wait for an hour after their first."""

    async def take() -> list[str]:
        begun = set[str]()
        turns = Turns(
            asked, per_host=per_host, seconds_left=lambda host: 3600.0 if host in begun and host in waiting else 0.0
        )
        taken = list[str]()
        for _ in range(count):
            request = await turns.next()
            assert request is not None
            begun.add(request.url.split("/")[2])
            taken.append(request.url.removeprefix("http://"))
            turns.done(request)
        return taken

    return asyncio.run(take())


def test_a_host_of_many_feeds_that_has_to_wait_does_not_hold_up_the_others() -> None:
    asked = [*requests("a.example.org", 1_000), *requests("b.example.org", 3), *requests("c.example.org", 2)]

    assert given_out(asked, 6, waiting=["a.example.org"]) == [
        "a.example.org/0",
        "b.example.org/0",
        "c.example.org/0",
        "b.example.org/1",
        "c.example.org/1",
        "b.example.org/2",
    ]


def test_requests_to_one_host_keep_their_order() -> None:
    assert given_out(requests("a.example.org", 4), 4) == [f"a.example.org/{number}" for number in range(4)]


def test_a_host_that_waited_is_asked_when_its_time_has_come() -> None:
    async def take() -> tuple[HttpRequest | None, HttpRequest | None]:
        left = iter([0.001, 0.0])
        turns = Turns(requests("a.example.org", 1), per_host=1, seconds_left=lambda _host: next(left))
        request = await turns.next()
        assert request is not None
        turns.done(request)
        return request, await turns.next()

    request, end = asyncio.run(take())
    assert request is not None
    assert end is None


def test_the_next_request_to_a_host_waits_for_the_answer_to_the_one_before() -> None:
    async def take() -> list[bool]:
        turns = Turns(requests("a.example.org", 4), per_host=2, seconds_left=lambda _host: 0.0)
        first, _ = await turns.next(), await turns.next()
        third = asyncio.create_task(turns.next())
        await asyncio.sleep(0)
        before = third.done()
        assert first is not None
        turns.done(first)
        return [before, await third is not None]

    assert asyncio.run(take()) == [False, True]


def test_no_more_tasks_live_at_once_than_there_are_places() -> None:
    alive = list[int]()

    async def fetch(_client: Client, _request: HttpRequest) -> FetchResult:
        alive.append(len(asyncio.all_tasks()))
        await asyncio.sleep(0)
        return Unchanged(max_age_seconds=None)

    asked = [one for number in range(500) for one in requests(f"{number}.example.org", 2)]
    batch = Batch(fetch, asked, guarded=True, concurrency=8, per_host=1)
    batch.run()

    assert len(list(batch.results())) == len(alive) == 1_000
    # And the one that gives out the requests.
    assert max(alive) <= 8 + 1


def test_no_more_connections_are_open_at_once_than_there_are_places() -> None:
    with faults.serving({"/ok": faults.page(b"x")}, host="0.0.0.0") as server:
        asked = [HttpRequest(url=server.url("/ok", host=f"127.0.1.{1 + number}")) for number in range(100)]
        client = HttpClient(user_agent="digest/test", allow_private_addresses=True, concurrency=4)

        assert len(list(client.fetch_many(asked))) == 100
        # One more: the server may see an end later than the next beginning.
        assert server.most_at_once <= 4 + 1


def test_a_request_that_leads_to_another_host_queues_there_and_keeps_the_end_waiting() -> None:
    async def take() -> list[str]:
        turns = Turns(
            [*requests("a.example.org", 1), *requests("b.example.org", 2)], per_host=1, seconds_left=lambda _: 0
        )
        at_a, at_b = await turns.next(), await turns.next()
        assert at_a is not None
        assert at_b is not None
        onward = HttpRequest(url="http://b.example.org/led")
        turns.done(at_a)
        turns.add(onward)
        turns.done(at_b)
        taken = [at_a.url, at_b.url]
        while request := await turns.next():
            taken.append(request.url)
            turns.done(request)
        return taken

    assert [url.removeprefix("http://") for url in asyncio.run(take())] == [
        "a.example.org/0",
        "b.example.org/0",
        "b.example.org/1",
        "b.example.org/led",
    ]
