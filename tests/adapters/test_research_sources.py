"""Research sources on a local server: what is new is read page by page, every error is said, limits are kept."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

import http_server as local
import work_records as records
from digest.adapters.http import HttpClient
from digest.adapters.sources.assembled import asked_citations
from digest.adapters.sources.research import ResearchReader
from digest.adapters.sources.research_http import ResearchClient, Unusable, parsed, pause_seconds
from digest.adapters.sources.work_finder import ResearchFinder
from digest.models.article import Citation
from digest.models.inspect import EMPTY_FEED
from digest.models.resolution import AskAuthor, Confirmed, CouldNotCheck, NotFound
from digest.models.source import Blocked, Failed, FeedCache, Read, Source, SourceKind
from digest.models.work import Work

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that only moves when somebody waits."""

    at: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds
        self.waits.append(round(seconds, 3))


@dataclass
class Site:
    """A server that plays a research source, and the client that asks it."""

    url: str
    client: ResearchClient
    clock: Clock
    asked: list[str]

    def read(self, kind: SourceKind, cache: FeedCache | None = None, **changes: Any) -> object:
        source = Source(
            key="source-1",
            newsletter_id="bonds",
            kind=kind,
            url=self.url,
            section="research",
            language=None,
            limit=3,
            minimum_interval_minutes=30,
            query="couples",
            issns=("1234-5679",),
            collection="scl",
        )
        reader = ResearchReader(self.client, now=lambda: NOW, contact="a@example.org")
        return reader.read(replace(source, **changes), cache or FeedCache(source_key="source-1"))


class Everything(dict[str, local.Route]):
    """One route for every path."""

    def get(self, key: str, default: Any = None) -> Any:
        return self[""]


@contextmanager
def site(answer: Callable[[str, dict[str, str]], Any]) -> Iterator[Site]:
    """Serve; `answer` takes path and query, and returns JSON to be said, bytes, or a route of its own."""
    asked: list[str] = []

    def route(exchange: local.Exchange) -> None:
        parts = urlsplit(exchange.asked.path)
        asked.append(exchange.asked.path)
        said = answer(unquote(parts.path), {name: values[0] for name, values in parse_qs(parts.query).items()})
        if callable(said):
            said(exchange)
            return
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        exchange.answer(body, headers={"Content-Type": "application/json", **LIMITS})

    clock = Clock()
    with local.serving(Everything({"": route})) as server:
        http = HttpClient(user_agent="t", allow_private_addresses=True, total_timeout=5)
        client = ResearchClient(http.fetch, clock=clock, sleep=clock.sleep)
        yield Site(url=server.url(""), client=client, clock=clock, asked=asked)


LIMITS = {"X-Rate-Limit-Limit": "5", "X-Rate-Limit-Interval": "1s", "X-Concurrency-Limit": "1"}


def crossref_list(*works: dict[str, Any], cursor: str = "") -> dict[str, Any]:
    return {"message": {"items": list(works), "next-cursor": cursor}}


def titles(answer: object) -> list[str]:
    assert isinstance(answer, Read)
    return [entry.title for entry in answer.feed.entries]


def test_crossref_brings_studies_with_their_records_and_leaves_notices_out() -> None:
    erratum = records.crossref(DOI="10.5555/e", **{"update-to": [{"DOI": "10.5555/sleep.1", "type": "erratum"}]})
    with site(
        lambda path, query: crossref_list(records.crossref(), erratum, {"type": "journal-issue", "DOI": "10.5555/i"})
    ) as at:
        answer = at.read("crossref")

    assert titles(answer) == ["Shared worries and sleep in couples: A trial"]
    assert isinstance(answer, Read)
    [entry] = answer.feed.entries
    assert (entry.guid, entry.url, entry.doi) == (
        "doi:10.5555/sleep.1",
        "https://doi.org/10.5555/sleep.1",
        "10.5555/sleep.1",
    )
    assert entry.published == datetime(2024, 12, 20, tzinfo=UTC)
    assert entry.work
    assert entry.work.journal == "Journal of Nights"
    assert len(at.asked) == 1
    query = parse_qs(urlsplit(at.asked[0]).query)
    assert query["filter"] == ["from-index-date:2026-09-26,issn:1234-5679"]
    assert query["mailto"] == ["a@example.org"]


def test_reading_goes_on_where_the_last_visit_ended_and_then_only_asks_for_what_is_new() -> None:
    many = [records.crossref(DOI=f"10.5555/n.{number}", relation={}) for number in range(50)]

    def answer(path: str, query: dict[str, str]) -> object:
        number = 0 if query["cursor"] == "*" else int(query["cursor"])
        return crossref_list(*many, cursor=str(number + 1)) if number < 4 else crossref_list()

    with site(answer) as at:
        first = at.read("crossref")
        assert isinstance(first, Read)
        assert len(at.asked) == 3
        second = at.read("crossref", FeedCache(source_key="s", etag=first.etag))
        assert isinstance(second, Read)
        assert [parse_qs(urlsplit(asked).query)["cursor"][0] for asked in at.asked[3:]] == ["3", "4"]
        third = at.read("crossref", FeedCache(source_key="s", etag=second.etag))

    assert "from-index-date%3A2026-11-23" in at.asked[-3] or "from-index-date%3A2026-11-23" in at.asked[-2]
    assert isinstance(third, Read)


def test_one_request_is_enough_where_nothing_is_new() -> None:
    empty: dict[str, Any] = {
        "crossref": crossref_list(),
        "europepmc": {"resultList": {"result": []}},
        "pubmed": {"esearchresult": {"idlist": [], "count": "0"}},
        "scielo": {"objects": []},
        "openalex": {"results": [], "meta": {}},
    }
    kinds: tuple[SourceKind, ...] = ("crossref", "europepmc", "pubmed", "scielo", "openalex")
    for kind in kinds:
        said = empty[kind]
        with site(lambda path, query, said=said: said) as at:  # type: ignore[misc]
            answer = at.read(kind)
        assert isinstance(answer, Read)
        assert answer.feed.problems == (EMPTY_FEED,)
        assert len(at.asked) == 1


def test_pubmed_is_searched_and_then_fetched() -> None:
    def answer(path: str, query: dict[str, str]) -> object:
        if path.endswith("/esearch.fcgi"):
            assert query["term"] == "(couples) AND (1234-5679[is])"
            return {"esearchresult": {"idlist": ["9000001"], "count": "1"}}
        return records.pubmed()

    with site(answer) as at:
        assert titles(at.read("pubmed")) == ["Shared worries and sleep in couples: A trial"]
    assert [urlsplit(asked).path for asked in at.asked] == ["/esearch.fcgi", "/efetch.fcgi"]


def test_europe_pmc_openalex_and_scielo_are_read() -> None:
    with site(lambda path, query: {"resultList": {"result": [records.europepmc()]}}) as at:
        assert titles(at.read("europepmc")) == ["Shared worries and sleep in couples: A trial"]
    with site(lambda path, query: {"results": [records.openalex()], "meta": {}}) as at:
        assert titles(at.read("openalex")) == ["Shared worries and sleep in couples: A trial"]
    listing = {"objects": [{"code": "S1"}]}
    with site(lambda path, query: records.scielo() if "code" in query else listing) as at:
        answer = at.read("scielo")
    assert titles(answer) == ["Preocupações divididas e sono em casais: um ensaio"]
    assert isinstance(answer, Read)
    assert answer.feed.entries[0].language == "pt"


ERRORS: list[tuple[Any, str]] = [
    (local.status("400 Bad Request"), "the site answered 400"),
    (local.status("404 Not Found"), "there is nothing at this address (404)"),
    (local.status("410 Gone"), "the site says that it is gone for good (410)"),
    (local.status("429 Too Many Requests"), "the site asks for fewer requests (429)"),
    (local.status("500 Internal Server Error"), "the site answered 500"),
    (local.cut_off, ""),
    (b"<!DOCTYPE html><html><body>Sorry</body></html>", "the server answered with a web page instead of data"),
    (b'{"message": {"items": [', "the answer is not JSON, or it broke off"),
    (b"[" * 100_000, "the answer is not JSON, or it broke off"),
    ({"message": {"items": "changed"}}, "the answer has another shape than documented; nothing was read"),
    ([], "the answer has another shape than documented; nothing was read"),
]


@pytest.mark.parametrize(("said", "reason"), ERRORS)
@pytest.mark.parametrize("kind", ["crossref", "europepmc", "pubmed", "scielo", "openalex"])
def test_every_error_is_an_answer_with_its_reason(kind: SourceKind, said: Any, reason: str) -> None:
    with site(lambda path, query: said) as at:
        answer = at.read(kind)

    assert isinstance(answer, Failed | Blocked)
    assert reason in answer.reason


def test_a_short_pause_is_waited_for_and_a_long_one_is_left_to_the_next_run() -> None:
    answers = iter([local.status("429 Too Many Requests", **{"Retry-After": "2"}), crossref_list(records.crossref())])
    with site(lambda path, query: next(answers)) as at:
        # The client below counts the pause by the real clock; here it is over at once.
        at.client._fetch = _forgetful(at.client._fetch)
        assert len(titles(at.read("crossref"))) == 1
        assert 2 in at.clock.waits
    with site(lambda path, query: local.status("429 Too Many Requests", **{"Retry-After": "3600"})) as at:
        blocked = at.read("crossref")
    assert isinstance(blocked, Blocked)
    assert blocked.retry_after_seconds == 3600
    assert len(at.asked) == 1


def _forgetful(fetch: Any) -> Any:
    http = fetch.__self__

    def ask(request: Any) -> Any:
        for pauses in (http._new_pauses, http._pauses or {}):
            pauses.clear()
        return fetch(request)

    return ask


def test_requests_keep_the_pace_that_the_headers_ask_for() -> None:
    with site(lambda path, query: crossref_list()) as at:
        for _ in range(4):
            at.read("crossref")
    assert at.clock.waits == [0.2, 0.2, 0.2]
    assert sum(at.client.requests.values()) == 4


@pytest.mark.parametrize(
    ("limits", "pause"),
    [
        ({"x-rate-limit-limit": "10", "x-rate-limit-interval": "1s"}, 0.1),
        ({"x-rate-limit-limit": "3", "x-rate-limit-interval": "1"}, 1 / 3),
        ({"x-rate-limit-limit": "50", "x-rate-limit-interval": "1m"}, 1.2),
        ({"x-rate-limit-limit": "1", "x-rate-limit-interval": "100h"}, 60.0),
        ({"x-rate-limit-limit": "0"}, None),
        ({"x-rate-limit-limit": "many"}, None),
        ({"x-rate-limit-limit": "5", "x-rate-limit-interval": "soon"}, None),
        ({}, None),
    ],
)
def test_limits_are_read_from_headers(limits: dict[str, str], pause: float | None) -> None:
    assert pause_seconds(limits) == pause


def finder(at: Site) -> ResearchFinder:
    return ResearchFinder(at.client, now=lambda: NOW, crossref=f"{at.url}/cr", europepmc=f"{at.url}/epmc")


CITED = Citation(text="", authors="Dr. Ann Example", title="Shared worries and sleep in couples: A trial", year=2025)


def test_a_citation_is_looked_up_in_crossref_and_then_in_europe_pmc() -> None:
    def answer(path: str, query: dict[str, str]) -> object:
        return crossref_list() if path.startswith("/cr") else {"resultList": {"result": [records.europepmc()]}}

    with site(answer) as at:
        found = finder(at).find(CITED)
    assert isinstance(found, Confirmed)
    assert found.work.doi == "10.5555/sleep.1"
    assert [urlsplit(asked).path for asked in at.asked] == ["/cr/works", "/epmc/search"]


def test_a_record_is_put_together_from_both_indexes_with_the_notices_of_both() -> None:
    retraction = {"commentCorrection": [{"type": "Retraction in", "reference": "J. doi: 10.5555/r."}]}

    def answer(path: str, query: dict[str, str]) -> object:
        if path.startswith("/cr"):
            assert path == "/cr/works/10.5555/sleep.1"
            return {"message": records.crossref()}
        return {"resultList": {"result": [records.europepmc(commentCorrectionList=retraction)]}}

    with site(answer) as at:
        work = finder(at).look_up("10.5555/sleep.1")
    assert isinstance(work, Work)
    assert [(notice.kind, notice.source) for notice in work.notices] == [("retraction", "europepmc")]
    assert work.notices_checked_at == NOW


def test_not_found_is_not_the_same_as_could_not_check() -> None:
    missing = local.status("404 Not Found")
    with site(lambda path, query: missing if path.startswith("/cr") else {"resultList": {"result": []}}) as at:
        assert isinstance(finder(at).look_up("10.5555/none"), NotFound)
    with site(lambda path, query: local.status("500 Internal Server Error")) as at:
        assert isinstance(finder(at).look_up("10.5555/none"), CouldNotCheck)
        assert isinstance(finder(at).find(CITED), CouldNotCheck)
    with site(
        lambda path, query: missing if path.startswith("/cr") else local.status("500 Internal Server Error")
    ) as at:
        assert isinstance(finder(at).look_up("10.5555/none"), CouldNotCheck)


@pytest.mark.parametrize(
    ("name", "query"), [("pmid:9000001", "EXT_ID:9000001 AND SRC:MED"), ("pmcid:PMC900", "PMCID:PMC900")]
)
def test_a_record_is_found_by_its_number_alone(name: str, query: str) -> None:
    def answer(path: str, asked: dict[str, str]) -> object:
        if path.startswith("/cr"):
            return {"message": records.crossref()}
        assert asked["query"] == query
        return {"resultList": {"result": [records.europepmc(id="1", pmid="1", pmcid=""), records.europepmc()]}}

    with site(answer) as at:
        work = finder(at).look_up(name)
        cited = finder(at).find(Citation(text="", authors="", title="", year=None, study_id=name))
        other = finder(at).find(replace(CITED, title="Quite another thing about bakers", study_id=name))
    assert isinstance(work, Work)
    assert (work.doi, work.pmid, {one.source for one in work.origins}) == (
        "10.5555/sleep.1",
        "9000001",
        {"crossref", "europepmc"},
    )
    assert isinstance(cited, Confirmed)
    assert isinstance(other, AskAuthor)


def test_a_number_that_leads_nowhere_is_not_found_and_one_without_doi_is_what_it_is() -> None:
    with site(lambda path, query: {"resultList": {"result": [records.europepmc(pmid="2")]}}) as at:
        assert isinstance(finder(at).look_up("pmid:9000001"), NotFound)
    with site(lambda path, query: {"resultList": {"result": [records.europepmc(doi="")]}}) as at:
        work = finder(at).look_up("pmid:9000001")
    assert isinstance(work, Work)
    assert (work.doi, work.pmid) == (None, "9000001")


def test_what_is_no_json_is_said_to_be_none() -> None:
    assert isinstance(parsed(b"  <html>"), Unusable)
    assert parsed(b'{"a": 1}') == {"a": 1}


def test_the_citations_of_a_text_are_looked_up_and_a_failure_is_said() -> None:
    text = f"Dr. Ann Example: {CITED.title} (2025)"
    http = HttpClient(user_agent="t", allow_private_addresses=True)
    with site(lambda path, query: crossref_list(records.crossref())) as at:
        [told] = asked_citations(http, text, crossref=at.url, europepmc=at.url)
    assert (told["status"], told["doi"]) == ("confirmed", "10.5555/sleep.1")
    with site(lambda path, query: local.status("500 Internal Server Error")) as at:
        [told] = asked_citations(http, text, crossref=at.url, europepmc=at.url)
    assert (told["status"], told["reasons"]) == ("unchecked", ["Crossref: the site answered 500."])
