"""`issue.toml`: everything round-trips, what the author types by hand is read, mistakes name their line."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.adapters.stores.issue_toml import issue_bytes, read_issue
from digest.errors import FileFormatError
from digest.models.article import Citation, Image, Picture, PictureState, Proposal
from digest.models.issue import Candidate, Dismissal, Issue, Note, Reason, Section, Sentence, Story

FILE = "issues/2026-11-26/issue.toml"
HEAD = 'id = "2026-11-26"\nnewsletter = "bonds"\ndue = "2026-11-26"\n'

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
PLAIN = TEXTS.filter(lambda text: "%" not in text and text)
REASONS = st.builds(Reason, message=PLAIN) | st.builds(
    lambda value: Reason(message="Cites %(count)s studies, 100%% of them.", values=(("count", value),)), TEXTS
)
SENTENCES = st.builds(
    Sentence,
    text=TEXTS.filter(lambda text: bool(text.strip())),
    anchors=st.lists(st.integers(1, 999), max_size=3).map(tuple),
)
SECTIONS = st.lists(
    st.sampled_from(["studies", "implications", "limitations", "words"]), unique=True, max_size=4
).flatmap(
    lambda headings: st.tuples(
        *(
            st.builds(Section, heading=st.just(heading), sentences=st.lists(SENTENCES, max_size=3).map(tuple))
            for heading in headings
        )
    )
)
FILLED = TEXTS.filter(bool)
DISMISSALS = st.builds(Dismissal, finding_id=FILLED, check=TEXTS, where=TEXTS, words=TEXTS, reason=FILLED)
CITATIONS = st.builds(
    Citation,
    text=TEXTS,
    authors=TEXTS,
    title=TEXTS,
    year=st.none() | st.integers(1, 3000),
    doi=st.none() | TEXTS,
    journal=TEXTS,
)
PICTURES = st.builds(
    Picture,
    state=st.sampled_from(get_args(PictureState)),
    width=st.integers(0, 10**6),
    height=st.integers(0, 10**6),
    size=st.integers(0, 10**9),
)
STORIES = st.builds(
    Story,
    key=TEXTS,
    kind=st.sampled_from(["post", "study"]),
    section=TEXTS,
    article_id=TEXTS.filter(bool),
    url=TEXTS,
    language=TEXTS,
    title=TEXTS,
    authors=st.lists(TEXTS, max_size=2).map(tuple),
    published=MOMENTS,
    categories=st.lists(TEXTS, max_size=2).map(tuple),
    journal=TEXTS,
    doi=st.none() | TEXTS,
    image=st.none() | st.builds(Image, url=TEXTS.filter(bool), alt=TEXTS, credit=TEXTS, seen=st.none() | PICTURES),
    copyright=TEXTS,
    comments_url=TEXTS,
    citations=st.lists(CITATIONS, max_size=2).map(tuple),
    label=st.lists(REASONS, max_size=2).map(tuple),
    reasons=st.lists(REASONS, max_size=2).map(tuple),
    sections=SECTIONS,
    tier=st.sampled_from([None, "lead", "standard", "also"]),
)
NOTES = st.builds(
    Note,
    audience=TEXTS.filter(bool),
    language=TEXTS.filter(bool),
    sentences=st.lists(TEXTS.map(lambda text: " ".join(text.split())).filter(bool), min_size=1, max_size=3).map(tuple),
)
CANDIDATES = st.builds(
    Candidate,
    article_id=TEXTS.filter(bool),
    title=TEXTS,
    url=TEXTS,
    section=TEXTS,
    published=MOMENTS,
    reasons=st.lists(REASONS, max_size=2).map(tuple),
)
ISSUES = st.builds(
    Issue,
    issue_id=st.just("2026-11-26"),
    newsletter_id=st.just("bonds"),
    due=st.dates(),
    stories=st.lists(STORIES, max_size=3, unique_by=lambda story: story.key).map(tuple),
    candidates=st.lists(CANDIDATES, max_size=3).map(tuple),
    notes=st.lists(NOTES, max_size=2, unique_by=lambda note: note.audience).map(tuple),
    dismissed=st.lists(DISMISSALS, max_size=2).map(tuple),
    subject=st.dictionaries(TEXTS, TEXTS, max_size=2).map(lambda subject: tuple(subject.items())),
    send_untranslated=st.lists(TEXTS, max_size=2).map(tuple),
    curated_at=MOMENTS,
    chosen=st.lists(TEXTS, max_size=2).map(tuple),
)


def read(text: str | bytes) -> Issue:
    data = text.encode() if isinstance(text, str) else text
    return read_issue(FILE, data, newsletter_id="bonds", issue_id="2026-11-26")


@settings(deadline=None)
@given(ISSUES)
def test_every_issue_is_read_as_it_was_written(issue: Issue) -> None:
    data = issue_bytes(issue)
    assert read(data) == issue
    assert issue_bytes(read(data)) == data


@settings(deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_content_is_an_issue_or_a_located_error(content: str | bytes) -> None:
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    try:
        read(data)
    except FileFormatError as error:
        assert str(error).startswith(f"{FILE}, line ")  # noqa: PT017 -- most contents are errors, some are issues


def test_a_note_typed_in_one_piece_is_kept_sentence_by_sentence() -> None:
    typed = HEAD + '[[notes]]\nlanguage = "pt-BR"\ntext = """\nOi, gente!\nChegou o frio. Cuidem-se.\n"""\n'
    (note,) = read(typed).notes

    assert note == Note(audience="everyone", language="pt-BR", sentences=("Oi, gente!", "Chegou o frio.", "Cuidem-se."))
    assert b'[[notes]]\naudience = "everyone"\nlanguage = "pt-BR"\nsentences = [' in issue_bytes(read(typed))


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ('[[notes]]\ntext = "Hi."', "line 4: 'language' is missing"),
        ('[[notes]]\nlanguage = "en"\ntext = "Hi."\n[[notes]]\nlanguage = "en"\ntext = "Ho."', "line 7: .* two notes"),
        ('[[notes]]\nlanguage = "en"\nwords = "Hi."', "line 6: the key 'words' is not known"),
    ],
)
def test_a_mistake_in_a_note_names_its_line(notes: str, said: str) -> None:
    with pytest.raises(FileFormatError, match=said):
        read(HEAD + notes)


def test_a_note_without_words_is_none() -> None:
    assert read(HEAD + '[[notes]]\nlanguage = "en"\ntext = " "').notes == ()


def test_the_file_reads_as_the_author_would_write_it() -> None:
    story = Story(
        key="post-1",
        kind="post",
        section="posts",
        article_id="post-1",
        url="https://blog.example.org/1",
        language="en",
        title="Bonds",
        authors=("A. Example",),
        published=datetime(2026, 11, 20, 8, tzinfo=UTC),
        reasons=(Reason(message="Cites %(count)s studies.", values=(("count", "3"),)),),
        sections=(Section(heading="studies", sentences=(Sentence(text="It may help.", anchors=(4, 5)),)),),
    )
    issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=(story,))
    body = issue_bytes(issue).decode().partition("\n\n")[2]
    assert (
        body
        == HEAD
        + """
[[stories]]
key = "post-1"
kind = "post"
section = "posts"
article = "post-1"
url = "https://blog.example.org/1"
title = "Bonds"
language = "en"
authors = ["A. Example"]
published = "2026-11-20T08:00:00+00:00"
reasons = [
  { says = "Cites 3 studies.", message = "Cites %(count)s studies.", values = { count = "3" } },
]

[[stories.sections]]
heading = "studies"
sentences = [
  { text = "It may help.", anchors = [4, 5] },
]
"""
    )


def test_an_almost_empty_file_is_an_empty_issue() -> None:
    assert read("") == Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26))


def test_a_candidate_moved_up_is_a_story_without_key_and_language() -> None:
    moved = """
[[stories]]
article = "study-9"
title = "Attachment"
url = "https://example.net/9"
section = "research"
reasons = ["I like it 100 %"]
"""
    (story,) = read(HEAD + moved).stories
    assert (story.key, story.language, story.article_id, story.kind) == ("", "", "study-9", "study")
    assert story.reasons == (Reason(message="I like it 100 %%"),)
    assert read(issue_bytes(read(HEAD + moved))) == read(HEAD + moved)


def test_a_story_moved_down_is_a_candidate() -> None:
    moved = '[[candidates]]\nkey = "post-1"\nkind = "post"\nlanguage = "en"\ntitle = "T"\ncategories = ["a"]\n'
    (candidate,) = read(HEAD + moved).candidates
    assert (candidate.article_id, candidate.title, candidate.section) == ("post-1", "T", "posts")


def test_the_authors_own_words_are_plain_texts() -> None:
    words = """
[[stories]]
key = "study-9"

[[stories.sections]]
heading = "words"
sentences = [
  "This review may help.",
  \"\"\"
  It speaks about groups,
  not about you.\"\"\",
  "  ",
]
"""
    (story,) = read(HEAD + words).stories
    said = ("This review may help.", "It speaks about groups, not about you.")
    assert story.sections == (Section(heading="words", sentences=tuple(Sentence(text=text) for text in said)),)


def test_the_ways_to_write_a_moment_are_read_as_utc() -> None:
    for written in (
        '"2026-11-20T08:00:00+00:00"',
        '"2026-11-20T08:00:00Z"',
        '"2026-11-20T09:00:00+01:00"',
        '"2026-11-20T08:00"',
        "2026-11-20T08:00:00Z",
        "2026-11-20 08:00:00",
    ):
        (story,) = read(f'{HEAD}[[stories]]\nkey = "a"\npublished = {written}\n').stories
        assert story.published == datetime(2026, 11, 20, 8, tzinfo=UTC)
    (story,) = read(f'{HEAD}[[stories]]\nkey = "a"\npublished = 2026-11-20\n').stories
    assert story.published == datetime(2026, 11, 20, tzinfo=UTC)
    assert read("due = 2026-11-27\n").due == date(2026, 11, 27)


def test_byte_order_mark_and_windows_line_ends_are_read() -> None:
    data = b"\xef\xbb\xbf" + (HEAD + '[[stories]]\nkey = "a"\n').replace("\n", "\r\n").encode()
    assert [story.key for story in read(data).stories] == ["a"]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('id = "2026-11-26\n', 1, "not valid TOML"),
        (HEAD + "[[stories", 4, "not valid TOML"),
        ('id = "2026-12-03"\n', 1, "'id' is '2026-12-03'"),
        ('\nnewsletter = "other"\n', 2, "'newsletter' is 'other'"),
        (HEAD + "title = 'x'\n", 4, "the key 'title' is not known here"),
        (HEAD + "due2 = 1\n", 4, "the key 'due2' is not known here"),
        ('\n"t\\u0069tle" = 1\n', 1, "the key 'title' is not known here"),
        ("due = 7\n", 1, "'due' is not a day"),
        ('due = "tomorrow"\n', 1, "'due' is not a day"),
        ('stories = "none"\n', 1, "'stories' has to be a list of tables"),
        ("stories = [1]\n", 1, "'stories' has to be a list of tables"),
        ("subject = { en = 1 }\n", 1, "every value of 'subject'"),
        ("[[stories]]\ntitle = 'no name'\n", 1, "'key' is missing"),
        ("[[stories]]\nkey = 'a'\n[[stories]]\nkey = 'a'\n", 1, "'a' stands twice"),
        ("[[stories]]\nkey = 'a'\n\n[[stories]]\nkey = 'b'\ntitle = 3\n", 6, "'title' has to be text"),
        ("[[stories]]\nkey = 'a'\nkind = 'essay'\n", 3, "'kind' is 'essay'"),
        ("[[stories]]\nkey = 'a'\npublished = 'soon'\n", 3, "'published' is not a moment"),
        ("[[stories]]\nkey = 'a'\npublished = '0001-01-01T00:00:00+23:00'\n", 3, "'published' is not a moment"),
        ("[[stories]]\nkey = 'a'\npublished = 5\n", 3, "'published' is not a moment"),
        ("[[stories]]\nkey = 'a'\nauthors = 'Ana'\n", 3, "'authors' has to be a list"),
        ("[[stories]]\nkey = 'a'\nimage = { url = 'u', size = 3 }\n", 3, "'size' is not known"),
        ("[[stories]]\nkey = 'a'\nimage = { alt = 'u' }\n", 3, "'url' is missing"),
        (
            "[[stories]]\nkey = 'a'\ncitations = [\n  { title = 't', year = '2010' },\n]\n",
            4,
            "'year' has to be a whole",
        ),
        ("[[stories]]\nkey = 'a'\nreasons = [{ message = 'of %(n)s' }]\n", 3, "do not fit its values"),
        ("[[stories]]\nkey = 'a'\nreasons = [{ message = '100 % sure' }]\n", 3, "do not fit its values"),
        ("[[stories]]\nkey = 'a'\n[[stories.sections]]\nheading = 'method'\n", 4, "'heading' is 'method'"),
        ("[[stories]]\nkey = 'a'\n[[stories.sections]]\nsentences = [1]\n", 4, "'sentences' has to be a list of texts"),
        (
            "[[stories]]\nkey = 'a'\n[[stories.sections]]\nsentences = [{ text = 't', anchors = [0] }]\n",
            4,
            "counts the sentences of the source from 1",
        ),
        (
            "[[stories]]\nkey = 'a'\n[[stories.sections]]\nsentences = [{ text = 't', anchors = [true] }]\n",
            4,
            "a list of whole numbers",
        ),
        (
            "[[stories]]\nkey = 'a'\n" + "[[stories.sections]]\nheading = 'words'\n" * 2,
            3,
            "'words' stands twice",
        ),
        ("a = " + "[" * 5000 + "\n", 1, "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(text)
    assert str(caught.value).startswith(f"{FILE}, line {line}: ")
    assert said in str(caught.value)


def test_text_that_is_not_utf8_is_told_with_its_line() -> None:
    with pytest.raises(FileFormatError, match="line 2: the text is not UTF-8"):
        read(b'id = "2026-11-26"\n# Solid\xe3o\n')


def test_a_citation_to_decide_shows_its_proposals_and_comes_back() -> None:
    proposal = Proposal(doi="10.5555/ties", title="Ties “and” lives", authors="Hall-Lindt, Smythe", year=2010)
    asked = Citation(text="T (2010)", authors="", title="T", year=2010, status="ask", proposals=(proposal,))
    decided = replace(asked, status="confirmed", doi="10.5555/ties", proposals=(), by_author=True)
    story = Story(
        key="post-1",
        kind="post",
        section="posts",
        article_id="post-1",
        url="",
        language="en",
        title="A",
        authors=(),
        published=None,
        citations=(asked, decided),
    )
    issue = Issue(issue_id="2026-11-26", newsletter_id="bonds", due=date(2026, 11, 26), stories=(story,))
    data = issue_bytes(issue)

    assert b'status = "ask"' in data
    assert read(data).stories[0].citations == (asked, decided)


def test_a_finding_is_not_dismissed_without_a_reason() -> None:
    data = f'{HEAD}[[dismissed]]\nfinding = "0123456789ab"\nreason = ""\n'.encode()
    with pytest.raises(FileFormatError, match="line 6: 'reason' is missing or empty"):
        read_issue(FILE, data, newsletter_id="bonds", issue_id="2026-11-26")
