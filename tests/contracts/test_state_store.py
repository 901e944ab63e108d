from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from digest.adapters.stores.state import StateStore
from digest.models.article import Alternate, Article, ArticleText, Block, Citation, Image
from digest.models.delivery import DeliveryCounts
from digest.models.engine_use import EngineUse
from digest.models.report import Problem, RunReceipt, StageReport
from digest.models.source import FeedCache
from fakes_stores import FakeStateStore

State = StateStore | FakeStateStore

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
TEXT = ArticleText(
    url="https://blog.example.org/41",
    language="pt-BR",
    title="Laços “fortes” — e fracos",
    categories=("laços", "pesquisa"),
    byline="A. Example",
    blocks=(Block(kind="heading", text="Os estudos"), Block(kind="item", text="line\u2028separator \U0001f331")),
    image=Image(url="https://blog.example.org/41.jpg", alt="Two trees", credit="B. Example"),
    copyright="© A. Example",
)
ARTICLE = Article(
    article_id="post-41",
    newsletter_id="bonds",
    source_key="source-0123456789ab",
    section="posts",
    guid="tag:blog.example.org,2026:41",
    authors=("A. Example",),
    published=NOON - timedelta(days=1),
    first_seen=NOON,
    rights="own",
    text=TEXT,
    teaser="In short.",
    twin=replace(TEXT, language="en", image=None),
    alternates=(Alternate(language="en", url="https://blog.example.org/en/41"),),
    citations=(Citation(text="Example (2010)", authors="C. Example", title="Ties", year=None, doi="10.5555/1"),),
    content_sha256="00ff",
    completed=True,
)
CACHE = FeedCache(
    source_key="source-0123456789ab",
    etag='"1"',
    last_modified="Wed, 25 Nov 2026 12:00:00 GMT",
    body_sha256="ab",
    next_at=NOON,
    errors=2,
    last_status="200",
    changed_at=NOON - timedelta(days=3),
    moved_to="https://blog.example.org/feed/",
    moved_since=NOON - timedelta(days=2),
    moved_seen=2,
    found_url="https://blog.example.org/feed.xml",
    pause_seconds=3_600,
    quiet="0 1 saturday",
)


def receipt(run_id: str, started: datetime) -> RunReceipt:
    return RunReceipt(
        run_id=run_id,
        newsletter_id="bonds",
        started=started,
        finished=started + timedelta(minutes=1),
        outcome="done",
        reason="sent",
        stages=(StageReport(stage="send", made=("3 mails",), problems=(Problem(where="x", what="y", mend="z"),)),),
        deliveries=DeliveryCounts(sent=3),
    )


def cache_of(state: State, key: str = CACHE.source_key) -> FeedCache:
    return state.feed_caches([key])[key]


def test_an_unknown_source_has_an_empty_cache(state: State) -> None:
    assert cache_of(state, "source-x") == FeedCache(source_key="source-x")


def test_what_was_collected_comes_back_as_it_was(state: State) -> None:
    state.save_collected([CACHE], [ARTICLE])
    assert cache_of(state) == CACHE
    assert state.articles("bonds") == (ARTICLE,)


def test_a_cache_is_stored_without_articles(state: State) -> None:
    state.save_collected([CACHE], [])
    state.save_collected([replace(CACHE, etag=None, next_at=None, errors=0)], [])
    assert cache_of(state) == replace(CACHE, etag=None, next_at=None, errors=0)
    assert state.articles("bonds") == ()


def test_an_article_stored_again_replaces_the_first(state: State) -> None:
    state.save_collected([CACHE], [replace(ARTICLE, completed=False)])
    state.save_article(ARTICLE)
    assert state.articles("bonds") == (ARTICLE,)


def test_articles_come_oldest_first_seen_first(state: State) -> None:
    later = replace(ARTICLE, article_id="a", first_seen=NOON + timedelta(microseconds=1))
    state.save_collected([CACHE], [later, replace(ARTICLE, article_id="c"), replace(ARTICLE, article_id="b")])
    assert [article.article_id for article in state.articles("bonds")] == ["b", "c", "a"]


def test_newsletters_do_not_see_each_other(state: State) -> None:
    state.save_collected([CACHE], [ARTICLE, replace(ARTICLE, newsletter_id="other")])
    assert state.articles("other") == (replace(ARTICLE, newsletter_id="other"),)
    assert state.articles("none") == ()


def test_moments_of_other_time_zones_are_the_same_moments(state: State) -> None:
    moment = NOON.astimezone(timezone(timedelta(hours=-3)))
    state.save_collected([replace(CACHE, next_at=moment)], [replace(ARTICLE, first_seen=moment)])
    assert cache_of(state).next_at == NOON
    assert state.articles("bonds")[0].first_seen == NOON


def test_articles_are_found_by_source_and_by_what_other_sources_call_them(state: State) -> None:
    other = replace(ARTICLE, article_id="post-42", source_key="source-b", doi="10.5555/x")
    state.save_collected([CACHE], [ARTICLE, other])
    state.save_article(replace(other, text=replace(TEXT, url="https://new.example.org/42")))

    assert [found.article_id for found in state.articles_of("bonds", "source-b")] == ["post-42"]
    assert [found.article_id for found in state.left_behind("bonds", ["source-b", "source-c"])] == ["post-41"]
    asked = ["id:post-41", "id:post-99", "url:new.example.org/42", "url:nowhere", "doi:10.5555/x"]
    seen = state.sightings("bonds", asked)
    assert {key: (one.article_id, one.source_key) for key, one in seen.items()} == {
        "id:post-41": ("post-41", CACHE.source_key),
        "url:new.example.org/42": ("post-42", "source-b"),
        "doi:10.5555/x": ("post-42", "source-b"),
    }
    assert state.sightings("bonds", ["url:blog.example.org/41"]), "an address it had before still leads to it"
    assert state.sightings("other", asked) == {}


def test_the_pause_that_a_host_asked_for_is_remembered(state: State) -> None:
    state.save_host_pause("blog.example.org", NOON)
    state.save_host_pause("blog.example.org", NOON + timedelta(hours=1))
    assert state.host_pauses() == {"blog.example.org": NOON + timedelta(hours=1)}


def test_hostile_text_is_stored_and_given_back(state: State) -> None:
    hostile = replace(ARTICLE, article_id="guid:\x00\ud800'\"; DROP TABLE articles", guid="\x00\ud800\u202e")
    state.save_collected([CACHE], [hostile])
    state.save_article(hostile)
    assert state.articles("bonds") == (hostile,)


def test_what_engines_were_asked_adds_up_by_issue_work_and_engine(state: State) -> None:
    use = EngineUse(work="translations", engine="deepl", calls=2, sent=900, received=950)
    words = EngineUse(work="summaries", engine="anthropic:a-model", calls=1, sent=4000, received=300)
    state.save_uses("bonds", "2026-11-26", [use, words, use])
    state.save_uses("bonds", "2026-11-26", [use])
    state.save_uses("bonds", "2026-11-26", [])
    state.save_uses("bonds", "2026-12-03", [])
    assert state.uses("bonds") == {
        "2026-11-26": (words, EngineUse(work="translations", engine="deepl", calls=6, sent=2700, received=2850))
    }
    assert state.uses("other") == {}


def test_receipts_come_newest_first(state: State) -> None:
    for number in range(3):
        state.save_receipt(receipt(f"run-{number}", NOON + timedelta(hours=number)))
    state.save_receipt(receipt("run-2", NOON + timedelta(hours=2)))
    assert state.receipts("bonds", 2) == (
        receipt("run-2", NOON + timedelta(hours=2)),
        receipt("run-1", NOON + timedelta(hours=1)),
    )
    assert state.receipts("other", 2) == ()
