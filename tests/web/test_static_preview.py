"""The static preview: everything the author has to see, nothing of readers, and no way in for hostile text."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.desk.ease import Ease
from digest.errors import FileFormatError, StorageError
from digest.models.edition import Approval
from digest.models.issue import Candidate, Reason
from digest.models.segment import Finding
from digest.web.static import (
    PreviewSection,
    PreviewSentence,
    PreviewTranslation,
    guarded,
    in_scheme,
    preview_files,
    write_static_preview,
)
from fakes_preview import TEMPLATES, Page, PlainWords, a_story, a_view, an_edition, index


def test_every_edition_has_its_files_and_the_index_is_returned(tmp_path: Path) -> None:
    page = write_static_preview(tmp_path / "a" / "b", a_view(), templates_dir=TEMPLATES, words=PlainWords())
    assert page == tmp_path / "a" / "b" / "index.html"
    assert {path.name for path in page.parent.iterdir()} == {
        "index.html",
        *(
            f"{locale}{end}"
            for locale in ("pt_BR", "en")
            for end in (".html", ".dark.html", ".forced.html", ".bare.html", ".source.txt", ".txt")
        ),
    }
    assert (page.parent / "en.txt").read_text("utf-8") == "Bonds\n"


def test_a_second_preview_leaves_nothing_of_the_first_and_other_files_alone(tmp_path: Path) -> None:
    write_static_preview(tmp_path, a_view(), templates_dir=TEMPLATES, words=PlainWords())
    (tmp_path / "notes.html").write_text("the author's own")
    only = a_view(editions=(an_edition("en"),))
    write_static_preview(tmp_path, only, templates_dir=TEMPLATES, words=PlainWords())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "en.bare.html",
        "en.dark.html",
        "en.forced.html",
        "en.html",
        "en.source.txt",
        "en.txt",
        "index.html",
        "notes.html",
    ]


def test_how_hard_the_words_are_stands_beside_the_article_with_the_longest_sentences() -> None:
    eases = (
        Ease(of="article", lang="en", band="very hard"),
        Ease(of="words", lang="en", band="easy", longest=("A <long> one.",)),
        Ease(of="translation", lang="pt_BR", band="hard", longest=("Uma longa.",)),
    )
    [shown] = re.findall(
        r'<details class="ease">.*?</details>', index(a_view(stories=(replace(a_story(), eases=eases),))), re.DOTALL
    )
    assert "The article: very hard to read · These words: easy to read" in shown
    assert "A &lt;long&gt; one." in shown
    assert '<li lang="pt-BR" dir="auto">Uma longa.</li>' in shown


def test_each_edition_is_framed_at_both_widths_in_both_schemes() -> None:
    frames = Page(index(a_view())).all("iframe")
    assert sorted((frame["src"], frame["class"]) for frame in frames) == sorted(
        (f"{locale}{scheme}.html", width)
        for locale in ("pt_BR", "en")
        for scheme in ("", ".dark", ".forced", ".bare")
        for width in ("phone", "desk")
    )
    assert all("allow-scripts" not in frame["sandbox"] for frame in frames)
    assert all("allow-same-origin" not in frame["sandbox"] for frame in frames)
    assert all(frame["title"] for frame in frames)


def test_the_dark_rules_are_always_on_in_the_dark_copy_and_off_in_the_light_one() -> None:
    html = an_edition().html
    dark, light = in_scheme(html, "dark"), in_scheme(html, "light")
    assert "@media all{p{color:#eee}}" in dark
    assert "@media screen and (min-width:0){" in dark
    assert "@media not all{p{color:#eee}}" in light
    assert "@media screen and (max-width:0){" in light
    assert "prefers-color-scheme" not in dark + light


def test_the_copies_carry_a_policy_and_ask_search_engines_to_stay_away() -> None:
    files = preview_files(a_view(), templates_dir=TEMPLATES, words=PlainWords())
    for name in ("en.html", "en.dark.html", "pt_BR.html"):
        page = files[name].decode()
        assert "default-src 'none'" in page
        assert "noindex" in page
        assert "script-src" not in page
        assert page.index('<head lang="x">') < page.index("Content-Security-Policy") < page.index("<style>")
    assert guarded("<p>x", "G") == "G<p>x"
    assert guarded("<header></header><HEAD><p>", "G") == "<header></header><HEAD>G<p>"


def test_the_page_allows_its_own_style_and_no_script() -> None:
    html = index(a_view())
    page = Page(html)
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert not page.all("script")
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.tags for name in attributes)
    assert {"name": "robots", "content": "noindex, nofollow, noarchive"} in page.all("meta")


def test_source_sentence_and_translation_stand_side_by_side() -> None:
    html = index(a_view())
    row = html[html.index('<tr id="post-1/studies/1">') :]
    row = row[: row.index("</tr>")]
    places = [row.index(text) for text in ("Loneliness may hurt us.", "It may hurt.", "Pode ferir.")]
    assert places == sorted(places)
    words = Page(row).words
    assert "draft" in words
    assert "machine: fxtranslate:0.5.0/en-pt" in words
    assert "hedging -" in words


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("human", "written by a person"),
        ("memory", "from an earlier issue"),
        ("parallel", "from your own translation of the post"),
        ("deepl", "machine: deepl"),
    ],
)
def test_the_origin_of_a_translation_is_told(origin: str, said: str) -> None:
    story = a_story()
    sentence = story.sections[0].sentences[0]
    told = replace(sentence, translations=(replace(sentence.translations[0], origin=origin),))
    story = replace(story, sections=(PreviewSection(heading="words", sentences=(told,)),))
    assert said in Page(index(a_view(stories=(story,)))).words


def test_a_sentence_whose_source_changed_shows_what_was_translated() -> None:
    changed = PreviewTranslation(locale="pt_BR", text="Fere.", state="needs_edit", previous_source="It hurts.")
    missing = PreviewTranslation(locale="pt_BR", text="", state="untranslated")
    sentences = (
        PreviewSentence(key="post-1/words/1", text="It may hurt.", translations=(changed,)),
        PreviewSentence(key="post-1/words/2", text="Or not.", translations=(missing,)),
        PreviewSentence(key="post-1/words/3", text="Who knows."),
    )
    story = replace(a_story(), sections=(PreviewSection(heading="limitations", sentences=sentences),))
    words = Page(index(a_view(stories=(story,)))).words
    assert "source changed" in words
    assert "It hurts." in words
    assert "not translated yet" in words
    assert "No source sentence: these are your own words." in words


def test_what_only_the_author_may_read_is_marked_and_in_no_edition() -> None:
    story = replace(a_story(), kind="study", sections=(), for_author_only="The secret abstract.")
    files = preview_files(a_view(stories=(story,)), templates_dir=TEMPLATES, words=PlainWords())
    words = Page(files.pop("index.html").decode()).words
    assert words.index("Only you see this") < words.index("The secret abstract.")
    assert "No words yet." in words
    assert not any(b"secret" in data for data in files.values())


def test_findings_name_the_sentence_and_its_language() -> None:
    error = Finding(
        check="untranslated",
        severity="error",
        message="No translation.",
        values=(("locale", "pt_BR"),),
        where="post-1/studies/1",
    )
    empty = Finding(
        check="empty", severity="warning", message="%(heading)s is empty.", values=(("heading", "Limitations"),)
    )
    note = Finding(check="note", severity="info", message="A note.", where="post-1")
    view = a_view(state="blocked", blocks=(error,), warnings=(empty,), stories=(replace(a_story(), findings=(note,)),))
    html = index(view, {"Limitations": "Limitações", "%(heading)s is empty.": "%(heading)s: vazio."})
    page = Page(html)
    assert {"href": "#post-1/studies/1"} in page.all("a")
    assert "Limitações: vazio." in page.words
    assert "A note." in page.words
    assert "Something has to be mended first" in page.words
    assert "digest approve" not in page.words


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("not_rendered", "Not rendered yet"),
        ("changed", "Changed since it was last rendered"),
        ("ready", "Ready for your approval"),
        ("approved", "Approved by author@example.org on 2026-11-25."),
    ],
)
def test_the_state_of_the_issue_is_told(state: str, said: str) -> None:
    approval = Approval(
        issue_id="2026-11-26",
        approved_by="author@example.org",
        approved_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
        how="command",
        fingerprints=(),
    )
    words = Page(index(a_view(state=state, approval=approval if state == "approved" else None))).words
    assert said in words
    assert ("digest approve 2026-11-26 --shown" in words) == (state == "ready")


def test_the_fingerprints_size_and_inbox_row_of_each_edition_are_shown() -> None:
    view = a_view()
    words = Page(index(view)).words
    for edition in view.editions:
        assert edition.fingerprint[:12] in words
        assert edition.subject in words
        assert edition.preheader in words
    assert "1 KB" in words
    assert "Portuguese (Brazil)" in words


def test_candidates_are_listed_with_their_reasons() -> None:
    candidate = Candidate(
        article_id="a",
        title="Attachment",
        url="https://example.net/a",
        section="research",
        published=datetime(2026, 11, 1, tzinfo=UTC),
        reasons=(Reason(message="%(limit)s newer ones.", values=(("limit", "2"),)),),
    )
    page = Page(index(a_view(candidates=(candidate,))))
    assert "2 newer ones." in page.words
    assert "2026-11-01" in page.words
    assert "https://example.net/a" in {link["href"] for link in page.all("a")}


def test_an_issue_without_anything_has_a_page_too() -> None:
    words = Page(index(a_view(editions=(), stories=(), state="not_rendered"))).words
    assert "There is no edition yet." in words
    assert "There is no story in this issue." in words
    assert "Every new article is in the issue." in words


def test_the_same_view_gives_the_same_bytes() -> None:
    first = preview_files(a_view(), templates_dir=TEMPLATES, words=PlainWords())
    assert preview_files(a_view(), templates_dir=TEMPLATES, words=PlainWords()) == first


def test_an_unknown_locale_is_called_by_its_code() -> None:
    assert "qq" in Page(index(a_view(editions=(an_edition("qq"),)))).words


def test_a_folder_that_can_not_be_written_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="Name another folder with --static"):
        write_static_preview(tmp_path / "file", a_view(), templates_dir=TEMPLATES, words=PlainWords())


def test_a_missing_template_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="Install digest again"):
        preview_files(a_view(), templates_dir=tmp_path, words=PlainWords())


def test_images_off_and_forced_dark_are_the_same_mail_seen_otherwise() -> None:
    files = preview_files(a_view(), templates_dir=TEMPLATES, words=PlainWords())
    assert b"img-src 'none'" in files["en.bare.html"]
    assert b"invert(1)" in files["en.forced.html"]
    assert files["en.source.txt"].decode() == an_edition("en").html
