"""What readers suggest is looked up, offered and counts for her profile; none of their words are kept beside it."""

from dataclasses import replace
from datetime import UTC, date, datetime

from digest.models.article import Article
from digest.models.inbox import Writes
from digest.models.interests import Interests
from digest.models.issue import Issue
from digest.stages.complete_studies import look_up
from digest.stages.curate import BY_A_READER, curate
from digest.works.suggested import studies_suggested, suggestion
from digest.works.taste import taste
from fakes_stores import FakeStateStore
from fakes_works import FakeFinder, FakeWorkStore
from works_examples import CROSSREF

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LETTER = Writes(
    topic="Article suggestion",
    text="I read doi:10.5555/SLEEP.1 when my marriage ended.",
    links=("https://pubmed.ncbi.nlm.nih.gov/9000001/", "https://shop.example.org/2010"),
)


def looked_up(name: str = "doi:10.5555/sleep.1") -> Article:
    known = {"10.5555/sleep.1": CROSSREF, "pmid:9000001": CROSSREF}
    [article], _ = look_up(
        [suggestion(name, "bonds", NOW)], FakeStateStore(), FakeWorkStore(), FakeFinder(known=known), now=NOW
    )
    return article


def curated(article: Article, past: tuple[Issue, ...] = ()) -> Issue | None:
    issue, _ = curate([article], (), past, None, newsletter_id="bonds", due=date(2026, 11, 26), now=NOW)
    return issue


def test_only_the_studies_of_a_letter_are_taken() -> None:
    assert studies_suggested([LETTER, LETTER]) == ("pmid:9000001", "doi:10.5555/sleep.1")
    assert studies_suggested([replace(LETTER, wants_to_leave=True)]) == ()


def test_a_flood_of_letters_is_bounded() -> None:
    letters = [
        replace(LETTER, text=" ".join(f"10.5555/{number}.{other}" for other in range(9)), links=())
        for number in range(99)
    ]
    assert len(studies_suggested(letters)) == 30


def test_a_suggestion_is_called_as_its_record_calls_it_and_is_offered_but_not_chosen() -> None:
    for name in ("doi:10.5555/sleep.1", "pmid:9000001"):
        article = looked_up(name)
        assert (article.text.title, article.text.language, article.doi) == (CROSSREF.title, "en", "10.5555/sleep.1")
        issue = curated(article)
        assert issue is not None
        assert issue.stories == ()
        [candidate] = issue.candidates
        assert candidate.section == "research"
        assert candidate.reasons[0].message == BY_A_READER


def test_what_nobody_knows_is_not_offered() -> None:
    assert curated(suggestion("doi:10.5555/none", "bonds", NOW)) is None


def test_what_was_offered_once_is_not_offered_again() -> None:
    issue = curated(looked_up())
    assert issue is not None
    assert curated(looked_up(), (replace(issue, issue_id="2026-11-19"),)) is None


def test_suggestions_count_for_the_profile() -> None:
    profile = taste([looked_up()], (), Interests())
    assert profile.weights["sleep"] > 0
    assert profile.sources["sleep"] == CROSSREF.title
