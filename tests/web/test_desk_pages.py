"""What the desk's pages show and do beyond words: studies to decide, notices, articles she brings, pictures of the list."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

import pytest
from starlette.responses import Response

from desk_folder import ISSUE, NOW, a_folder, a_room
from digest import pipeline
from digest.desk.refused import RefusedError
from digest.desk.stories import order_mark, words_on
from digest.desk.units import read_unit
from digest.models.article import ArticleText, Block, Citation, PageMark, Picture, Proposal
from digest.models.delivery import DeliveryCounts
from digest.models.engine_use import EngineCost, EngineUse
from digest.models.feed import ParsedPage
from digest.models.inbox import Writes
from digest.models.issue import Issue
from digest.models.report import StageReport
from digest.models.work import Notice, Work, WorkText
from digest.resources import resource_dir
from digest.web import desk_actions, desk_pages, status_page
from digest.web.asking import Ask
from digest.web.sitting import PARTS_KEPT, Sitting
from fakes_preview import Page

SAID = "A. Example: Sleep and bonds (2020)"
DOI = "10.5555/sleep"


@dataclass(frozen=True)
class OnePage:
    """Reads the same page at every address."""

    page: ParsedPage

    def read_page(self, url: str) -> ParsedPage:
        return self.page

    def look_again(self, url: str, mark: PageMark) -> PageMark:
        return mark

    def look_at(self, url: str) -> Picture:
        return Picture(state="unknown")


@pytest.fixture
def sitting(tmp_path: Path) -> Iterator[Sitting]:
    with a_room(a_folder(tmp_path)) as room:
        yield Sitting(room=room, token="x", now=lambda: NOW, templates=resource_dir("templates"))


def ask(**form: str) -> Ask:
    fields = {name: (value,) for name, value in form.items()}
    return Ask(path={"issue": ISSUE}, query={}, form=fields, interface="en", address="/", by_script=True)


def desk_page(sitting: Sitting) -> str:
    return bytes(desk_pages.issue_page(sitting, ask()).body).decode()


def cite(sitting: Sitting, citation: Citation) -> None:
    shop = sitting.room.shop
    issue = pipeline.existing_issue(shop, ISSUE)
    first = replace(issue.stories[0], citations=(citation,))
    shop.issues.write_issue(replace(issue, stories=(first, *issue.stories[1:])))


def test_a_doubtful_citation_is_asked_first_and_the_answer_is_written(sitting: Sitting) -> None:
    proposals = tuple(
        Proposal(doi=doi, title="Sleep", authors="A. Example", year=2020) for doi in (DOI, "10.5555/other")
    )
    cite(
        sitting, Citation(text=SAID, authors="A. Example", title="Sleep", year=2020, status="ask", proposals=proposals)
    )
    page = desk_page(sitting)
    assert page.index("Which study is meant?") < page.index('id="stories"')
    answer = {"key": "post-1", "number": "1", "doi": DOI}
    with pytest.raises(RefusedError):
        desk_actions.decide(sitting, ask(**answer, text="another citation"))
    assert desk_actions.decide(sitting, ask(**answer, text=SAID)).status_code == 204
    (citation,) = pipeline.existing_issue(sitting.room.shop, ISSUE).stories[0].citations
    assert (citation.doi, citation.by_author) == (DOI, True)
    assert "Which study is meant?" not in desk_page(sitting)


def test_a_retraction_stands_before_everything_else(sitting: Sitting) -> None:
    cite(
        sitting,
        Citation(text=SAID, authors="A. Example", title="Sleep", year=2020, doi=DOI.upper(), status="confirmed"),
    )
    notice = Notice(kind="retraction", doi=None, date="2025-01", source="crossref")
    work = Work(
        doi=DOI, titles=(WorkText(language="en", text="Sleep and bonds", source="crossref"),), notices=(notice,)
    )
    sitting.room.shop.works.save_works("bonds", (work,))
    page = desk_page(sitting)
    assert page.index("Retracted") < page.index('id="stories"')


def test_an_article_she_brings_is_offered_once_and_can_be_taken_in(sitting: Sitting) -> None:
    address = "https://blog.example.org/new"
    blocks = (Block(kind="paragraph", text="A study followed 40 couples. It lasted a year. More work is needed."),)
    read = ParsedPage(text=ArticleText(url=address, language="en", title="New post", blocks=blocks))
    shop = replace(sitting.room.shop, pages=OnePage(read))
    sitting.room = replace(sitting.room, opened=lambda: shop)
    for _ in range(2):
        desk_actions.add(sitting, ask(url=address))
    issue = pipeline.existing_issue(sitting.room.shop, ISSUE)
    assert [one.title for one in issue.candidates].count("New post") == 1
    desk_actions.arrange(sitting, ask(do="in", key=issue.candidates[0].article_id, seen=order_mark(issue)))
    assert "New post" in [story.title for story in pipeline.existing_issue(sitting.room.shop, ISSUE).stories]
    with pytest.raises(RefusedError, match="in the issue already"):
        desk_actions.add(sitting, ask(url=address))


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "file:///etc/passwd", "https://x.example.org/" + "a" * 3000]
)
def test_what_is_no_address_is_not_asked(sitting: Sitting, url: str) -> None:
    with pytest.raises(RefusedError, match="no address"):
        desk_actions.add(sitting, ask(url=url))


def test_a_page_that_can_not_be_read_is_said_and_nothing_is_stored(sitting: Sitting) -> None:
    empty = ParsedPage(text=ArticleText(url="", language="", title=""), problems=("The page is empty.",))
    shop = replace(sitting.room.shop, pages=OnePage(empty))
    sitting.room = replace(sitting.room, opened=lambda: shop)
    with pytest.raises(RefusedError, match="The page is empty"):
        desk_actions.add(sitting, ask(url="https://blog.example.org/empty"))


def cost(engine: str, price: float, paid: bool) -> EngineCost:  # noqa: FBT001 - one of three rows of a table
    use = EngineUse(work="translations", engine=engine, calls=2, sent=1200, received=1300)
    return EngineCost(use=use, paid=paid, price=price)


def test_where_nothing_was_spent_the_status_page_says_so(sitting: Sitting) -> None:
    html = bytes(status_page.status_page(sitting, ask()).body).decode()
    assert "Nothing was spent" in html
    assert "No mail came back." in html


def test_the_pictures_of_the_status_page_stand_in_tables_too(sitting: Sitting) -> None:
    counts = DeliveryCounts(sent=97, failed=2, suppressed=1)
    readers = (("pt_BR", "brazil", 60), ("en", "", 40))
    costs = {ISSUE: tuple(map(cost, ("deepl", "local", "anthropic:small"), (0.5, 0.0, 0.0), (True, False, True)))}
    sitting.room = replace(
        sitting.room,
        deliveries=lambda _: counts,
        readers=lambda: readers,
        came_back=lambda: {ISSUE: 3},
        costs=lambda: costs,
    )
    html = bytes(status_page.status_page(sitting, ask()).body).decode()
    page = Page(html)
    assert len(page.all("rect")) == 2 * 3 + (2 + 1) + 2 + 2
    assert all(said in html for said in ("5.0%", "3,600</td>", "about 0.50", "its price is not in the settings"))
    assert "deepl, local, anthropic:small" in html
    assert max(float(bar["x"]) + float(bar["width"]) for bar in page.all("rect")) <= status_page.WIDTH
    assert all(picture["aria-hidden"] == "true" for picture in page.all("svg"))
    assert all(f">{number}</td>" in html for number in (97, 60, 40))


def test_a_test_copy_goes_to_an_approver_and_to_nobody_else(sitting: Sitting) -> None:
    with pytest.raises(RefusedError, match="No mail server"):
        desk_actions.send_test(sitting, ask())
    sent: list[tuple[str, str]] = []

    def send(issue_id: str, address: str) -> StageReport:
        sent.append((issue_id, address))
        return StageReport(stage="send")

    sitting.room = replace(sitting.room, send_test=send)
    desk_actions.send_test(sitting, ask(by="stranger@example.net"))
    assert sent == [(ISSUE, "ana@example.org")]


def test_a_finding_is_let_stand_for_a_reason_and_can_be_opened_again(sitting: Sitting) -> None:
    shop = sitting.room.shop
    segments = shop.issues.read_segments("bonds", ISSUE, "pt_BR")
    wrong = [replace(one, target="O estudo 7 viu isto.") if one.key == "post-1/studies/1" else one for one in segments]
    shop.issues.write_segments("bonds", ISSUE, "pt_BR", wrong)
    finding = next(
        one for one in sitting.desk(ISSUE).review.findings if one.finding_id and one.where == "post-1/studies/1"
    )
    assert f'value="{finding.finding_id}"' in desk_page(sitting)
    desk_actions.dismiss(sitting, ask(finding=finding.finding_id, reason="The seventh of a series."))
    assert "Let stand: The seventh of a series." in desk_page(sitting)
    desk_actions.dismiss(sitting, ask(finding=finding.finding_id, reason=""))
    assert "Let stand:" not in desk_page(sitting)


def test_what_readers_write_is_shown_without_their_addresses(sitting: Sitting) -> None:
    letters = (
        Writes(
            topic="A question from bia@example.org",
            text="Does it hold for couples too?\nBia <bia@example.org>",
            links=("https://blog.example.net/piece", "https://example.net/?me=bia@example.org", "javascript:alert(1)"),
            wants_to_leave=True,
        ),
        Writes(topic="", text="Thank you"),
    )
    sitting.room = replace(sitting.room, letters=lambda: letters)
    page = desk_page(sitting)
    assert "Does it hold for couples too?" in page
    assert "Seems to want to leave" in page
    assert "Without a subject" in page
    assert 'value="https://blog.example.net/piece"' in page
    assert "bia@" not in page
    assert "javascript:" not in page


def test_a_story_that_was_taken_out_comes_back_with_her_words(sitting: Sitting) -> None:
    def issue() -> Issue:
        return pipeline.existing_issue(sitting.room.shop, ISSUE)

    study = next(story for story in issue().stories if story.kind == "study")
    desk_actions.own_words(sitting, ask(key=study.key, text="My own words.", was="Worth reading slowly."))
    desk_actions.arrange(sitting, ask(do="out", key=study.key, seen=order_mark(issue())))
    assert study.article_id not in [story.article_id for story in issue().stories]
    desk_actions.arrange(sitting, ask(do="in", key=study.article_id, seen=order_mark(issue())))
    assert words_on(next(story for story in issue().stories if story.article_id == study.article_id)) == "My own words."


def editions_now(answer: Response) -> dict[str, str]:
    named: dict[str, str] = json.loads(answer.headers[desk_actions.PRINTS])
    return named


def test_after_a_save_the_page_learns_which_mails_changed(sitting: Sitting) -> None:
    before = {one.name: one.fingerprint for one in sitting.desk(ISSUE).outcome.editions}
    issue, segments = sitting.desk(ISSUE).issue, sitting.desk(ISSUE).segments["pt_BR"]
    seen = read_unit(issue, segments, "pt_BR", "post-1/studies/1").mark
    answer = desk_actions.save(sitting, ask(locale="pt_BR", key="post-1/studies/1", text="Foi assim.", seen=seen))
    now = editions_now(answer)
    assert now == {one.name: one.fingerprint for one in sitting.desk(ISSUE).outcome.editions}
    assert now["en"] == before["en"]
    assert now["pt_BR"] != before["pt_BR"]


def test_an_approval_can_be_taken_back_while_a_file_can_not_be_read(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    with a_room(folder) as room:
        sitting = Sitting(room=room, token="x", now=lambda: NOW, templates=resource_dir("templates"))
        (folder / "issues" / ISSUE / "pt_BR.po").write_text("msgid broken", encoding="utf-8")
        answer = desk_actions.withdraw(sitting, ask())
    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert desk_actions.PRINTS not in answer.headers


def test_every_part_shows_what_it_was_asked_for_however_many_there_are(sitting: Sitting) -> None:
    names = [f"<{number}>" for number in range(PARTS_KEPT + 2)]
    for name in (*names, *names[:2]):
        assert f"&lt;{name[1:-1]}&gt;" in sitting.part(ask(), "author/plain.html", said=name, locale="en")
