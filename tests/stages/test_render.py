from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.adapters.stores.issue_files import AuthorFolder
from digest.adapters.stores.rendered_files import RenderedFolder
from digest.errors import SettingsError
from digest.i18n import words
from digest.models.article import Image, Picture
from digest.models.edition import PERSONAL_LINK, Approval
from digest.models.edition_view import EditionView, Passage
from digest.models.issue import Issue, Note, Section, Sentence
from digest.models.segment import Finding, Segment
from digest.stages.render import render, seen_before
from digest.views.edition import edition_view
from fakes_render import BY_LOCALE, ISSUE, NEWSLETTER, POST, SEGMENTS, STUDY, TRANSLATIONS, PlainWriter
from golden_issue import GOLDEN_ISSUE, GOLDEN_NEWSLETTER, GOLDEN_SEGMENTS


def view(issue: Issue = ISSUE, segments: Sequence[Segment] = SEGMENTS, locale: str = "pt_BR") -> EditionView:
    return edition_view(issue, segments, NEWSLETTER, words(locale))


def findings(issue: Issue, segments: Sequence[Segment], locale: str = "pt_BR", **body: str) -> tuple[Finding, ...]:
    return of_the_words(render(issue, {locale: segments}, NEWSLETTER, PlainWriter(**body), locales=(locale,)).findings)


def of_the_words(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave out what the gates say of a body that is no mail; tests/gates tests them."""
    gates = {"accessibility", "client_support", "law_footer", "links", "same_words", "tracking"}
    return tuple(one for one in found if one.check not in gates)


def checks(found: Sequence[Finding]) -> list[tuple[str, str, str]]:
    return [(one.check, one.severity, one.where) for one in found]


def an_approval(issue_id: str) -> Approval:
    return Approval(
        issue_id=issue_id,
        approved_by="ana",
        approved_at=datetime(2026, 10, 1, tzinfo=UTC),
        how="command",
        fingerprints=(("pt_BR", "0" * 64),),
    )


def without(key: str) -> tuple[Segment, ...]:
    return tuple(segment for segment in SEGMENTS if segment.key != key)


def test_every_locale_gets_an_edition_in_the_order_asked() -> None:
    outcome = render(ISSUE, BY_LOCALE, NEWSLETTER, PlainWriter(), locales=("pt_BR", "en"))

    assert [edition.locale for edition in outcome.editions] == ["pt_BR", "en"]
    assert of_the_words(outcome.findings) == ()


def test_an_audience_with_a_note_has_an_edition_of_its_own_in_every_locale() -> None:
    outcome = render(GOLDEN_ISSUE, GOLDEN_SEGMENTS, GOLDEN_NEWSLETTER, PlainWriter(), locales=("pt_BR", "en"))

    assert [edition.name for edition in outcome.editions] == ["pt_BR", "pt_BR.brazil", "en", "en.brazil"]
    assert [one for one in outcome.findings if one.check in {"untranslated", "unknown_audience"}] == []


def test_everybody_reads_the_note_to_everyone_and_an_audience_its_own_after_it() -> None:
    editor = PlainWriter()
    render(GOLDEN_ISSUE, GOLDEN_SEGMENTS, GOLDEN_NEWSLETTER, editor, locales=("en",))
    plain, brazil = editor.views

    assert plain.note_heading == "A note from Ana Example"
    assert [note.key for note in plain.notes] == ["note.everyone"]
    assert [note.passages[0].text for note in brazil.notes] == [
        "November is grey here, and I have been thinking about phone calls. Thank you for your letters.",
        "On December 3 I will talk with you live, at 7 pm.",
    ]


def test_a_note_that_is_not_translated_is_an_error() -> None:
    outcome = render(
        GOLDEN_ISSUE, GOLDEN_SEGMENTS | {"en": ()}, GOLDEN_NEWSLETTER, PlainWriter(), locales=("pt_BR", "en")
    )

    assert ("untranslated", "error", "note.brazil/words/1") in checks(outcome.findings)


def test_a_note_that_nobody_would_get_is_an_error() -> None:
    issue = replace(ISSUE, notes=(Note(audience="brasil", language="pt", sentences=("Oi!",)),))
    outcome = render(issue, BY_LOCALE, NEWSLETTER, PlainWriter(), locales=("pt_BR",))

    assert ("unknown_audience", "error", "note.brasil") in checks(outcome.findings)
    assert [edition.name for edition in outcome.editions] == ["pt_BR"]


def test_a_locale_without_a_catalogue_is_an_error() -> None:
    with pytest.raises(SettingsError, match="fr"):
        render(ISSUE, BY_LOCALE, NEWSLETTER, PlainWriter(), locales=("fr",))


def test_an_edition_speaks_its_own_language() -> None:
    post = view().posts[0]

    assert post.title == Passage(text=TRANSLATIONS["bonds-41/title"])
    assert [tag.text for tag in post.tags] == ["Solidão", "Saúde"]
    assert [section.heading for section in post.sections] == ["Os estudos", "Implicações", "Limitações"]
    assert post.image
    assert post.image.alt.text == TRANSLATIONS["bonds-41/image_alt"]
    assert post.excerpt_note == "Trechos deste post, traduzidos do inglês"


def test_the_sentences_of_a_section_are_one_passage() -> None:
    (passage,) = view().posts[0].sections[0].passages

    assert passage.text == f"{TRANSLATIONS['bonds-41/studies/1']} {TRANSLATIONS['bonds-41/studies/2']}"


def test_what_she_wrote_in_the_editions_language_needs_no_translation() -> None:
    post = view(segments=(), locale="en").posts[0]

    assert post.title == Passage(text=POST.title)
    assert post.excerpt_note == "Excerpts from this post"
    assert findings(ISSUE, (), "en") == ()


def test_the_date_of_a_post_is_the_day_where_the_author_lives() -> None:
    assert view().posts[0].byline == "Por Ana Example, 20 de novembro de 2026"
    undated = replace(ISSUE, stories=(replace(POST, published=None, authors=()),))
    assert view(undated).posts[0].byline == "Por Ana Example"


def test_a_study_keeps_its_title_in_its_own_language() -> None:
    study, brazilian = view().studies

    assert study.title == Passage(text=STUDY.title, lang="en", dir="ltr")
    assert brazilian.title.lang == ""
    assert [one.title.lang for one in view(locale="en").studies] == ["", "pt"]


def test_a_study_links_to_its_doi_and_says_where_it_comes_from() -> None:
    study, other = view().studies

    assert study.url == "https://doi.org/10.5555/example.2026.7"
    assert other.url == "https://journal.example.net/8"
    assert study.source_line == "Silva M, Example J, Muster P et al. – Journal of Examples, 2026"
    assert study.label[1] == (Passage(text="Publicado em "), Passage(text="Journal of Examples", lang="en", dir="ltr"))
    assert view(locale="en").studies[0].label[1] == (Passage(text="Published in Journal of Examples"),)


def test_her_own_words_about_a_study_are_translated() -> None:
    (section,) = view().studies[0].sections

    assert section.heading == "Em minhas palavras"
    assert section.passages == (Passage(text=TRANSLATIONS[f"{STUDY.key}/words/1"]),)


def test_a_missing_translation_shows_the_source_and_says_so() -> None:
    (first, second) = view(segments=without("bonds-41/studies/2")).posts[0].sections[0].passages

    assert first.text == TRANSLATIONS["bonds-41/studies/1"]
    assert second == Passage(text=POST.sections[0].sentences[1].text, lang="en", dir="ltr", untranslated=True)


@pytest.mark.parametrize("key", [segment.key for segment in SEGMENTS])
def test_every_missing_translation_is_an_error(key: str) -> None:
    assert checks(findings(ISSUE, without(key))) == [("untranslated", "error", key)]


def test_the_author_may_choose_to_send_what_is_not_translated() -> None:
    issue = replace(ISSUE, send_untranslated=("pt_BR",))

    assert {one.severity for one in findings(issue, ())} == {"warning"}


def test_an_empty_translation_is_none() -> None:
    blank = [replace(segment, target=" \n") for segment in SEGMENTS]

    assert len(findings(ISSUE, blank)) == len(SEGMENTS)


def test_a_translation_of_other_words_is_not_shown() -> None:
    other = [replace(segment, source=segment.source + " Or not.") for segment in SEGMENTS]

    assert view(segments=other).posts[0].title.untranslated
    assert {one.check for one in findings(ISSUE, other)} == {"untranslated"}


def test_a_translation_from_before_a_change_is_a_warning() -> None:
    stale = [replace(one, state="needs_edit") if one.key == "bonds-41/title" else one for one in SEGMENTS]

    assert checks(findings(ISSUE, stale)) == [("stale", "error", "bonds-41/title")]


def test_an_uncertain_place_in_her_own_translation_is_a_warning_until_approved() -> None:
    line = 'alignment warning "the place in your own translation is uncertain"'
    unsure = [replace(SEGMENTS[0], state="draft", findings=(line,)), *SEGMENTS[1:]]
    approved = [replace(SEGMENTS[0], findings=(line,)), *SEGMENTS[1:]]

    assert checks(findings(ISSUE, unsure)) == [("alignment", "warning", SEGMENTS[0].key)]
    assert findings(ISSUE, approved) == ()


def test_nothing_is_called_translated_where_nothing_is() -> None:
    assert view(segments=()).posts[0].excerpt_note == "Trechos deste post"


def test_words_that_are_not_from_the_post_are_no_excerpt() -> None:
    typed = Section(heading="implications", sentences=(Sentence(text="Typed by hand."),))

    assert view(replace(ISSUE, stories=(replace(POST, sections=(typed,)),))).posts[0].excerpt_note == ""


def test_a_story_in_an_unknown_language_is_said_to_be_so() -> None:
    post = replace(POST, language="")
    (seen,) = view(replace(ISSUE, stories=(post,)), segments=()).posts

    assert seen.title == Passage(
        text='Close ties & "long" lives: what the research suggests', lang="und", dir="ltr", untranslated=True
    )


def test_an_empty_heading_is_left_out_with_a_warning() -> None:
    empty = (*POST.sections[:1], Section(heading="implications", sentences=(Sentence(text=" "),)))
    issue = replace(ISSUE, stories=(replace(POST, sections=empty),))
    found = findings(issue, SEGMENTS)

    assert [section.kind for section in view(issue).posts[0].sections] == ["studies"]
    assert checks(found) == [("empty_heading", "warning", "bonds-41")] * 2
    assert [one.values for one in found] == [(("heading", "Implications"),), (("heading", "Limitations"),)]


@pytest.mark.parametrize(("kilobytes", "severity"), [(79, None), (81, "warning"), (94, "warning"), (96, "error")])
def test_a_large_edition_is_a_warning_and_a_clipped_one_an_error(kilobytes: int, severity: str | None) -> None:
    found = findings(ISSUE, SEGMENTS, html="é" * (kilobytes * 512) + PERSONAL_LINK)

    assert [one.severity for one in found if one.check == "size"] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("part", "body"), [("html", ""), ("html", PERSONAL_LINK * 2), ("text", ""), ("text", PERSONAL_LINK * 2)]
)
def test_the_readers_own_link_has_to_stand_there_once(part: str, body: str) -> None:
    (found,) = findings(ISSUE, SEGMENTS, **{part: body})

    assert (found.check, found.severity, dict(found.values)["part"]) == ("personal_link", "error", part)


def test_an_unsafe_link_is_dropped_with_a_warning() -> None:
    unsafe = "javascript:alert(1)"
    post = replace(POST, url=unsafe, comments_url=unsafe, image=Image(url=unsafe, alt="", credit=""))
    issue = replace(ISSUE, stories=(post,))
    (seen,) = view(issue).posts

    assert (seen.url, seen.comments_url, seen.image) == ("", "", None)
    assert checks(findings(issue, SEGMENTS)) == [("unsafe_link", "warning", "bonds-41")] * 3


@pytest.mark.parametrize(
    ("seen", "severity", "words_of_it"),
    [
        (Picture(state="gone"), "warning", "There is no picture at https://blog.example.org/img/waves.png"),
        (Picture(state="too_large", size=5_000_000), "error", "has more than 5 MB"),
        (Picture(state="fine", width=6000, height=4000, size=2_400_000), "warning", "has 2 MB"),
        (Picture(state="fine", width=1200, height=630, size=48_000), "", ""),
        (Picture(state="unknown"), "", ""),
    ],
)
def test_a_picture_that_is_gone_or_too_large_is_a_finding(seen: Picture, severity: str, words_of_it: str) -> None:
    assert POST.image
    issue = replace(ISSUE, stories=(replace(POST, image=replace(POST.image, seen=seen)),))
    found = [one for one in findings(issue, SEGMENTS) if one.check == "picture"]

    assert [(one.severity, one.where) for one in found] == ([(severity, "bonds-41")] if severity else [])
    assert all(words_of_it in words("en").say(one) for one in found)
    assert (view(issue).posts[0].image is None) == (seen.state == "gone")
    untold = findings(issue, without("bonds-41/image_alt"))
    assert ("untranslated" in {one.check for one in untold}) == (seen.state != "gone")


def test_without_a_legal_notice_nothing_may_leave() -> None:
    newsletter = replace(NEWSLETTER, legal=replace(NEWSLETTER.legal, notice_url="http://blog.example.org/legal"))
    outcome = render(ISSUE, BY_LOCALE, newsletter, PlainWriter(), locales=("en",))

    assert checks(of_the_words(outcome.findings)) == [("unsafe_link", "error", "legal")]


def test_the_subject_is_hers_or_made_of_the_first_story() -> None:
    typed = replace(ISSUE, subject=(("pt_BR", " Meu \r\nassunto\x00 "),))

    assert view(typed).subject == "Meu assunto"
    assert view(typed, locale="en").subject == f"Bonds: {POST.title}"
    assert view().subject == f"Laços: {TRANSLATIONS['bonds-41/title']}"


def test_a_long_subject_is_cut_between_words() -> None:
    post = replace(POST, title="Ties and lives " * 40)
    subject = view(replace(ISSUE, stories=(post,)), locale="en").subject

    assert len(subject) <= 78
    assert subject.endswith(("Ties…", "and…", "lives…"))


def test_the_preheader_comes_from_the_second_story_or_the_first_sentence() -> None:
    alone = replace(ISSUE, stories=(POST,))
    bare = replace(ISSUE, stories=(replace(POST, sections=()),))

    assert view().preheader.startswith(f"Também nesta edição: {STUDY.title} · Solidão e vínculos")
    assert view(alone).preheader.startswith(TRANSLATIONS["bonds-41/studies/1"])
    assert view(bare).preheader == "Laços, 26 de novembro de 2026"


def test_the_preheader_never_repeats_the_subject() -> None:
    sentence = POST.sections[0].sentences[0].text
    alone = replace(
        ISSUE,
        stories=(replace(POST, sections=(Section(heading="studies", sentences=(Sentence(text=sentence),)),)),),
        subject=(("en", sentence),),
    )

    assert view(alone, locale="en").preheader == "Bonds, November 26, 2026"


def test_a_subject_that_an_earlier_issue_had_is_named(tmp_path: Path) -> None:
    issues, rendered = AuthorFolder(tmp_path, several=False), RenderedFolder(tmp_path, several=False)
    editions = render(ISSUE, BY_LOCALE, NEWSLETTER, PlainWriter(), locales=("pt_BR", "en")).editions
    sent = [replace(edition, subject=edition.subject.upper()) for edition in editions[:1]]
    for name, earlier in (("2026-10-01", sent), ("2026-10-08", sent), ("2026-10-15", editions[1:])):
        issues.write_issue(replace(ISSUE, issue_id=name))
        rendered.write_rendered("bonds", name, earlier)
    before = seen_before(editions, ISSUE, issues, rendered)
    for name in ("2026-10-01", "2026-10-15"):
        rendered.write_approval("bonds", an_approval(name))
    (tmp_path / "issues" / "2026-10-15" / "rendered" / "editions.toml").write_text("broken", encoding="utf-8")

    assert before == ()
    assert [
        (one.where, one.severity, dict(one.values)["issue"]) for one in seen_before(editions, ISSUE, issues, rendered)
    ] == [("pt_BR", "warning", "2026-10-01")]


def test_an_issue_without_stories_still_has_a_head() -> None:
    empty = view(replace(ISSUE, stories=()), ())

    assert empty.subject == "Laços: 26 de novembro de 2026"
    assert empty.preheader == "Laços, 26 de novembro de 2026"


def test_the_hint_names_the_other_languages() -> None:
    alone = replace(NEWSLETTER, locales=("en",))

    assert "inglês" in view().language_hint
    assert edition_view(ISSUE, (), alone, words("en")).language_hint == ""


def test_a_study_without_facts_says_nothing_about_itself() -> None:
    bare = replace(STUDY, authors=(), journal="", published=None, citations=(), doi=None, url="", title=" ")
    (study,) = view(replace(ISSUE, stories=(bare,)), ()).studies

    assert (study.source_line, study.url, study.title.text) == ("", "", STUDY.key)
    dated = replace(bare, published=datetime(2025, 1, 1, tzinfo=UTC))
    assert view(replace(ISSUE, stories=(dated,)), ()).studies[0].source_line == "2025"


def test_a_citation_without_the_authors_words_is_composed() -> None:
    assert [one.text.text for one in view().posts[0].citations] == [
        "Dr. Jane Example and her colleagues: Social Ties and the Risk of Death: A Review (2010)",
        "João Exemplo: Loneliness in Later Life (2015)",
    ]
    assert [one.url for one in view().posts[0].citations] == ["https://doi.org/10.5555/example.2010.1", ""]
