"""Drafting: own posts get a summary, the author's words stay, somebody else's text stays out."""

from dataclasses import replace

import pytest

from digest.stages.draft import draft, numbered_sentences
from fakes_text import article, article_text, issue, section, story

POST = article_text(
    "# The studies",
    "The first review brought together 148 studies on close ties.",
    "The second one looked at loneliness among 70 couples.",
    "# Implications",
    "Small gestures between people may be worth noticing.",
    "# Limitations",
    "The sample was small, so it may not describe everyone.",
)


def test_a_post_of_hers_gets_an_anchored_summary_in_the_order_of_the_headings() -> None:
    made, report = draft(issue(story()), {"post-1": article(POST)})

    sections = made.stories[0].sections
    assert [one.heading for one in sections] == ["studies", "implications", "limitations"]
    sources = numbered_sentences(article(POST))
    assert all(sentence.text == sources[sentence.anchors[0] - 1] for one in sections for sentence in one.sentences)
    assert report.made == ("post-1: 4 sentences under studies, implications, limitations",)
    assert report.problems == ()


def test_the_number_of_sentences_a_heading_is_kept() -> None:
    made, _ = draft(issue(story()), {"post-1": article(POST)}, sentences_per_heading=1)

    assert [len(one.sentences) for one in made.stories[0].sections] == [1, 1, 1]


def test_sections_that_exist_are_never_touched() -> None:
    before = issue(story(section("studies", "My own words.")))

    made, report = draft(before, {"post-1": article(POST)})

    assert made == before
    assert report.skipped == ("post-1: it has its words already",)


def test_an_extract_follows_its_text_when_that_is_edited_and_words_of_hers_stay() -> None:
    made, _ = draft(issue(story()), {"post-1": article(POST)})
    studies, implications, limitations = made.stories[0].sections
    hers = replace(implications, sentences=(replace(implications.sentences[0], text="My own words."),), origin="")
    before = replace(made, stories=(replace(made.stories[0], sections=(studies, hers, limitations)),))
    blocks = tuple(replace(one, text=one.text.replace("148", "149")) for one in POST.blocks)

    after, report = draft(before, {"post-1": article(replace(POST, blocks=blocks))})

    assert [one.text for one in after.stories[0].sections[0].sentences] == [
        "The first review brought together 149 studies on close ties.",
        "The second one looked at loneliness among 70 couples.",
    ]
    assert after.stories[0].sections[1:] == (hers, limitations)
    assert report.made == ("post-1: its text was edited, so studies was taken from it again",)
    assert draft(after, {"post-1": article(replace(POST, blocks=blocks))})[0] == after


def test_drafting_again_changes_nothing() -> None:
    articles = {"post-1": article(POST)}
    made, _ = draft(issue(story()), articles)

    assert draft(made, articles)[0] == made


def test_somebody_elses_study_gets_no_machine_text() -> None:
    before = issue(story(kind="study"))

    made, report = draft(before, {"post-1": article(POST, rights="third-party")})

    assert made == before
    assert report.made == ()
    assert report.problems == ()
    assert report.skipped == ("post-1: somebody else's text, only the author's words are shown",)


@pytest.mark.parametrize("rights", ["cc0", "cc-by"])
def test_an_open_study_is_quoted_but_its_implications_are_hers_to_write(rights: str) -> None:
    made, report = draft(issue(story(kind="study")), {"post-1": article(POST, rights=rights)})

    assert [one.heading for one in made.stories[0].sections] == ["studies", "limitations"]
    assert report.problems == ()


def test_missing_limitations_are_left_out_and_told() -> None:
    text = replace(POST, blocks=POST.blocks[:-2])

    made, report = draft(issue(story()), {"post-1": article(text)})

    assert [one.heading for one in made.stories[0].sections] == ["studies", "implications"]
    assert [(problem.where, problem.what) for problem in report.problems] == [
        ("post-1", "Nothing was found for the heading limitations; it is left out.")
    ]


def test_an_article_without_text_or_unknown_is_a_problem_and_stops_nothing() -> None:
    before = issue(story(), story(key="post-2", article_id="gone"), story(key="post-3", article_id="full"))

    made, report = draft(before, {"post-1": article(article_text()), "full": article(POST)})

    assert [bool(one.sections) for one in made.stories] == [False, False, True]
    assert [(problem.where, problem.what) for problem in report.problems] == [
        ("post-1", "Its text was not read, so there is no summary."),
        ("post-2", "Its article is not known."),
    ]
    assert report.skipped == ("post-1: no sentence could be chosen",)
