"""Her own picks and skips feed the profile; what was chosen for her teaches it nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digest.models.article import Article, ArticleText, Citation
from digest.models.interests import Interests
from digest.models.issue import Candidate, Issue, Reason, Section, Sentence
from digest.models.source import Source
from digest.stages import curate
from digest.works.picks import TAKEN_OUT, YOUR_PICK, Hand, hand_in
from digest.works.ranking import Profile
from digest.works.story_of import candidate_of, story_of
from digest.works.taste import taste

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SEARCH = Source(
    key="search", newsletter_id="bonds", kind="feed", url="https://search.example.org/feed", section="research",
    language="en", limit=2, minimum_interval_minutes=30,
)  # fmt: skip
BLOG = replace(SEARCH, key="blog", section="posts")
FOLLOWS = Interests(topics=("loneliness",))


def article(name: str, title: str, *, days: int = 1, source: Source = SEARCH, doi: str | None = None) -> Article:
    return Article(
        article_id=name,
        newsletter_id="bonds",
        source_key=source.key,
        section=source.section,
        guid=name,
        authors=("A. Example",),
        published=NOW - timedelta(days=days),
        first_seen=NOW - timedelta(days=days),
        rights="own" if source.is_own else "third-party",
        text=ArticleText(url=f"https://search.example.org/{name}", language="en", title=title),
        doi=doi,
    )


STUDIES = [
    article("lonely", "Loneliness in old age", days=0),
    article("alone", "Loneliness and sleep"),
    article("grief", "Grief after the loss of a partner"),
    article("anger", "Anger between partners at home"),
]


def curated(
    articles: list[Article], past: tuple[Issue, ...] = (), current: Issue | None = None, *, day: int = 26
) -> Issue:
    due, now = date(2026, 11, day), NOW + timedelta(days=day - 26)
    issue, _ = curate.curate(
        articles, (BLOG, SEARCH), past, current, newsletter_id="bonds", due=due, now=now, interests=FOLLOWS
    )
    assert issue
    return issue


def names(issue: Issue) -> list[str]:
    return [story.article_id for story in issue.stories]


def moved_up(issue: Issue, name: str) -> Issue:
    """What she does in the file: the head of a candidate among the stories; then it is prepared again."""
    [candidate] = [one for one in issue.candidates if one.article_id == name]
    [study] = [one for one in STUDIES if one.article_id == name]
    bare = replace(story_of(study, candidate.reasons), key="", language="", title="")
    others = tuple(one for one in issue.candidates if one is not candidate)
    return curated(STUDIES, current=replace(issue, stories=(*issue.stories, bare), candidates=others))


def profile(*past: Issue) -> Profile:
    return taste(STUDIES, past, FOLLOWS)


def test_what_was_chosen_for_her_teaches_nothing() -> None:
    issue = curated(STUDIES)
    assert (names(issue), issue.chosen) == (["lonely", "alone"], ("lonely", "alone"))
    assert hand_in(issue) == Hand(picked=(), dropped=(), passed=())
    assert profile(issue) == profile()


def test_a_study_she_moves_up_counts_for_its_topic_and_those_beside_it_a_little_against() -> None:
    issue = moved_up(curated(STUDIES), "grief")
    assert names(issue) == ["lonely", "alone", "grief"]
    assert issue.chosen == ("lonely", "alone")
    assert hand_in(issue) == Hand(picked=("grief",), dropped=(), passed=("anger",))
    weights = profile(issue).weights
    assert weights["grief"] > 0 > weights["anger"] > -weights["grief"] / 10

    later = [article("g2", "Grief and friends", days=-1), article("b2", "Bridges of steel", days=-2)]
    following = curated([*STUDIES, *later, article("b3", "Roads of stone", days=-3)], past=(issue,), day=30)
    first = next(story for story in following.stories if story.article_id == "g2")
    assert ("source", "Grief after the loss of a partner") in first.reasons[0].values


def test_what_she_takes_out_counts_against_at_the_desk_and_in_the_file() -> None:
    issue = curated(STUDIES)
    without = tuple(story for story in issue.stories if story.article_id != "alone")
    deleted = replace(issue, stories=without)
    moved_down = replace(deleted, candidates=(candidate_of(STUDIES[1]), *issue.candidates))
    taken = candidate_of(STUDIES[1], Reason(message=TAKEN_OUT))
    at_the_desk = replace(deleted, candidates=(taken, *issue.candidates))
    for touched in (deleted, moved_down, at_the_desk):
        # Preparing again changes nothing about it.
        again = curated(STUDIES, current=touched)
        assert names(again) == ["lonely"]
        assert hand_in(again).dropped == ("alone",)
        assert profile(again).weights["sleep"] < 0
    # An issue made before the list was kept says it by the reason alone.
    assert hand_in(replace(at_the_desk, chosen=())).dropped == ("alone",)


def test_her_own_words_on_a_study_make_it_hers() -> None:
    issue = curated(STUDIES)
    words = Section(heading="words", sentences=(Sentence(text="I met this in my practice."),))
    spoken = replace(issue, stories=(replace(issue.stories[0], sections=(words,)), *issue.stories[1:]))
    assert hand_in(spoken) == Hand(picked=("lonely",), dropped=(), passed=())


def test_a_study_that_her_post_takes_the_place_of_was_not_taken_out_by_her() -> None:
    study = article("told", "Loneliness in cities", doi="10.5555/told")
    issue = curated([study])
    assert issue.chosen == ("told",)
    cited = Citation(text="", authors="", title="", year=None, doi="10.5555/told", status="confirmed")
    post = replace(article("post", "My post", days=-1, source=BLOG), citations=(cited,))
    again = curated([study, post], current=issue, day=27)
    assert (names(again), again.chosen) == (["post"], ())
    assert hand_in(again).dropped == ()


def test_her_posts_and_what_nobody_knows_any_more_are_no_failure() -> None:
    post = article("post", "My post", source=BLOG)
    issue = curated([post, *STUDIES])
    out = Candidate(
        article_id="gone", title="Forgotten ties", url="", section="research", published=None,
        reasons=(Reason(message=TAKEN_OUT),),
    )  # fmt: skip
    hers = candidate_of(post, Reason(message=TAKEN_OUT))
    touched = replace(issue, stories=(), candidates=(out, hers), chosen=("never heard of",))
    weights = taste([post, *STUDIES], (touched,), FOLLOWS).weights
    assert weights["forgotten"] < 0 < weights["post"]
    assert YOUR_PICK != TAKEN_OUT
