"""An author's folder with a prepared issue, written by the stores themselves: no site is asked for it."""

import atexit
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from digest import bootstrap_desk, pipeline
from digest.config import load_config
from digest.desk.room import Room
from digest.models.article import Article, ArticleText, Block
from digest.models.issue import Candidate, Issue, Reason, Section, Sentence, Story
from digest.models.segment import Segment
from digest.resources import resource_dir

ISSUE = "2026-11-26"
EARLIER = "2026-11-19"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SITE = "https://blog.example.org"
LONELY = "Loneliness may raise the risk of early death."
SOLIDAO = "A solidão pode aumentar o risco de morte precoce."
SETTINGS = """
[[newsletters]]
id = "bonds"
title = { en = "Bonds", pt_BR = "Laços" }
author = "Ana Example"
site = "https://blog.example.org/"
locales = ["pt_BR", "en"]
audiences = ["brazil", "expat"]
schedule = { every = "week", day = "thursday", time = "08:00", timezone = "Europe/Luxembourg", window = "12h" }
approvers = ["ana@example.org"]
legal = { name = "Ana Example", address = "1 Example Street", notice_url = "https://blog.example.org/legal" }

[[sources]]
kind = "feed"
url = "https://blog.example.org/feed/"
section = "posts"
language = "en"
limit = 2

[studies]
look_up = false

[sender]
from = "Ana Example <letters@example.org>"
smtp = "env:DIGEST_SMTP_URL"
"""


def a_folder(place: Path, *, stories: int = 2) -> Path:
    """Return a folder whose next issue has `stories` posts, one study and two candidates, Portuguese half done."""
    shutil.copytree(_prepared(stories), place / "author")
    return place / "author"


@lru_cache(maxsize=4)
def _prepared(stories: int) -> Path:
    place = tempfile.mkdtemp(prefix="digest-desk-")
    atexit.register(shutil.rmtree, place)
    folder = Path(place) / "author"
    folder.mkdir()
    (folder / "digest.toml").write_text(SETTINGS, encoding="utf-8")
    posts = [_post(number) for number in range(1, stories + 1)]
    with a_room(folder) as room:
        shop = room.shop
        for story in (*posts, _post(90), _post(91)):
            shop.articles.save_article(_article(story))
        shop.articles.save_article(_abstract())
        shop.issues.write_issue(_issue(EARLIER, (_post(80),)))
        shop.issues.write_segments(
            "bonds", EARLIER, "pt_BR", [_segment("post-80/studies/1", LONELY, SOLIDAO, "approved")]
        )
        candidates = tuple(_candidate(_post(number)) for number in (90, 91))
        shop.issues.write_issue(replace(_issue(ISSUE, (*posts, STUDY)), candidates=candidates))
        shop.issues.write_segments("bonds", ISSUE, "pt_BR", [one for post in posts for one in _translated(post)])
        pipeline.render_issue(shop, ISSUE)
    return folder


@contextmanager
def a_room(folder: Path) -> Iterator[Room]:
    """Open the desk of a folder."""
    config = load_config(folder, {})
    with bootstrap_desk.author_room(config, config.newsletters[0]) as room:
        yield room


def _post(number: int) -> Story:
    said = f"This is what study number {number} found."
    return Story(
        key=f"post-{number}",
        kind="post",
        section="posts",
        article_id=f"post-{number}",
        url=f"{SITE}/{number}",
        language="en",
        title=f"Bonds that last, part {number}",
        authors=("Ana Example",),
        published=NOW,
        reasons=(Reason(message="It is your own new post."),),
        sections=(
            Section(
                heading="studies", sentences=(Sentence(text=said, anchors=(1,)), Sentence(text=LONELY, anchors=(2,)))
            ),
            Section(
                heading="limitations", sentences=(Sentence(text="It was done in one country only.", anchors=(3,)),)
            ),
        ),
    )


STUDY = Story(
    key="study-1",
    kind="study",
    section="research",
    article_id="study-1",
    url="https://journal.example.org/1",
    language="en",
    title="Adult attachment and sleep",
    authors=("B. Example",),
    published=NOW,
    journal="Journal of Examples",
    label=(Reason(message="Study design: not stated in the record"),),
    sections=(Section(heading="words", sentences=(Sentence(text="Worth reading slowly."),)),),
)


def _abstract() -> Article:
    """Somebody else's study: its record says a few facts and holds no text that could be quoted."""
    article = _article(STUDY)
    text = replace(article.text, blocks=())
    return replace(article, rights="third-party", teaser="Somebody else's abstract.", text=text)


def _article(story: Story) -> Article:
    sentences = [sentence.text for section in story.sections for sentence in section.sentences]
    text = ArticleText(
        url=story.url, language="en", title=story.title, blocks=(Block(kind="paragraph", text=" ".join(sentences)),)
    )
    return Article(
        article_id=story.article_id,
        newsletter_id="bonds",
        source_key="source-1",
        section=story.section,
        guid=story.url,
        authors=story.authors,
        published=NOW,
        first_seen=NOW,
        rights="own",
        text=text,
        completed=True,
    )


def _issue(name: str, stories: Sequence[Story]) -> Issue:
    return Issue(
        issue_id=name, newsletter_id="bonds", due=date.fromisoformat(name), stories=tuple(stories), curated_at=NOW
    )


def _candidate(story: Story) -> Candidate:
    reason = Reason(message="The issue already carries %(limit)s newer ones of this source.", values=(("limit", "2"),))
    return Candidate(
        article_id=story.article_id, title=story.title, url=story.url, section="posts", published=NOW, reasons=(reason,)
    )


def _translated(post: Story) -> tuple[Segment, ...]:
    """Everything but the last sentence, which waits for her."""
    number = post.key.partition("-")[2]
    return (
        _segment(f"{post.key}/title", post.title, f"Laços que duram, parte {number}", "draft"),
        _segment(
            f"{post.key}/studies/1", post.sections[0].sentences[0].text, f"Foi isto que o estudo {number} viu.", "draft"
        ),
        _segment(f"{post.key}/studies/2", LONELY, SOLIDAO, "draft"),
    )


def _segment(key: str, source: str, target: str, state: str) -> Segment:
    return Segment(
        key=key, source=source, target=target, state="approved" if state == "approved" else "draft", origin="memory"
    )


@contextmanager
def served_desk(folder: Path, *, token: str) -> Iterator[str]:
    """Serve the desk of a folder on loopback and yield its address."""
    import uvicorn

    from digest.cli.preview import listening
    from digest.web.author import author_app
    from digest.web.sitting import Sitting

    templates = resource_dir("templates")
    with a_room(folder) as room, listening(0) as listener:
        app = author_app(
            Sitting(room=room, token=token, now=lambda: NOW, templates=templates), static=templates / "author"
        )
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="none", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
