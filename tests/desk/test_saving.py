"""Saving at the desk: into the issue's own files, and never over words that somebody else wrote."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk_folder import ISSUE, LONELY, NOW, a_folder, a_room
from digest import pipeline
from digest.desk import approving, saving
from digest.desk.refused import RefusedError
from digest.desk.room import Room
from digest.desk.units import LONGEST, Unit, read_unit

KEY = "post-1/studies/2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def unit(room: Room, key: str = KEY, locale: str = "pt_BR") -> Unit:
    words = saving.words_of(room.shop, ISSUE)
    return read_unit(words.issue, dict(words.segments)[locale], locale, key)


def save(room: Room, text: str, *, key: str = KEY, locale: str = "pt_BR", seen: str = "") -> Unit | saving.Conflict:
    now = unit(room, key, locale)
    history = saving.History()
    return saving.save_text(room.shop, history, ISSUE, locale=locale, key=key, text=text, seen=seen or now.mark)


def po(folder: Path) -> str:
    return (folder / "issues" / ISSUE / "pt_BR.po").read_text(encoding="utf-8")


def fill_in(room: Room) -> None:
    for key in ("post-1/limitations/1", "post-2/limitations/1", "study-1/words/1"):
        save(room, "Um só país.", key=key)


def test_a_translation_is_written_into_the_po_file_and_rendered(folder: Path) -> None:
    with a_room(folder) as room:
        save(room, "A solidão talvez aumente o risco.")
        assert unit(room).origin == "human"
    assert "A solidão talvez aumente o risco." in po(folder)
    assert "talvez aumente" in (folder / "issues" / ISSUE / "rendered" / "pt_BR.html").read_text(encoding="utf-8")


def test_words_written_in_between_are_shown_and_not_lost(folder: Path) -> None:
    with a_room(folder) as room:
        seen = unit(room).mark
        save(room, "Palavras da outra aba.")
        answer = save(room, "Minhas palavras.", seen=seen)
        assert isinstance(answer, saving.Conflict)
        assert (answer.unit.text, answer.hers) == ("Palavras da outra aba.", "Minhas palavras.")
    assert "Palavras da outra aba." in po(folder)


def test_an_edited_source_sentence_asks_for_its_translation_again(folder: Path) -> None:
    with a_room(folder) as room:
        save(room, "Loneliness may be a risk.", locale="en")
        assert (unit(room).state, unit(room).previous_source) == ("needs_edit", LONELY)
        assert unit(room, locale="en").text == "Loneliness may be a risk."


def test_an_emptied_source_sentence_leaves_and_the_others_keep_their_translations(folder: Path) -> None:
    with a_room(folder) as room:
        save(room, "", key="post-1/studies/1", locale="en")
        assert unit(room, "post-1/studies/1").source == LONELY
        assert unit(room, "post-1/studies/1").text.startswith("A solidão")


@pytest.mark.parametrize("key", ["subject", "preheader"])
def test_subject_and_first_line_can_be_typed_and_given_up_again(folder: Path, key: str) -> None:
    def shown() -> str:
        with a_room(folder) as room:
            return str(getattr(pipeline.open_issue(room.shop, ISSUE).outcome.editions[0], key))

    made = shown()
    with a_room(folder) as room:
        save(room, "Uma linha minha", key=key)
    assert shown() == "Uma linha minha"
    with a_room(folder) as room:
        save(room, "", key=key)
    assert shown() == made


def test_undo_gives_back_the_very_words(folder: Path) -> None:
    history = saving.History()
    with a_room(folder) as room:
        save(room, "Antes.")
        before = saving.words_of(room.shop, ISSUE)
        for locale, text in (("pt_BR", "Um passo."), ("en", "A step.")):
            mark = unit(room, locale=locale).mark
            saving.save_text(room.shop, history, ISSUE, locale=locale, key=KEY, text=text, seen=mark)
        saving.undo(room.shop, history, ISSUE)
        saving.undo(room.shop, history, ISSUE)
        assert saving.words_of(room.shop, ISSUE) == before
        with pytest.raises(RefusedError, match="nothing to undo"):
            saving.undo(room.shop, history, ISSUE)


def test_undo_never_takes_back_what_somebody_else_wrote(folder: Path) -> None:
    history = saving.History()
    with a_room(folder) as room:
        saving.save_text(room.shop, history, ISSUE, locale="pt_BR", key=KEY, text="Um passo.", seen=unit(room).mark)
        save(room, "Outra pessoa.")
        with pytest.raises(RefusedError, match="changed after"):
            saving.undo(room.shop, history, ISSUE)
    assert "Outra pessoa." in po(folder)


def test_far_too_much_text_is_refused_and_nothing_is_changed(folder: Path) -> None:
    before = po(folder)
    with a_room(folder) as room, pytest.raises(RefusedError, match="100000 characters"):
        save(room, "ã" * 100_000)
    assert po(folder) == before


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=60)
    | st.sampled_from(['"\\n"\nmsgid "x"', "a\r\nb\x0b\x00c", "<b>x</b> &amp; %(n)s", "“a” – b\u00ad"])
)
def test_whatever_is_pasted_comes_back_as_one_line_of_text(folder: Path, text: str) -> None:
    with a_room(folder) as room:
        save(room, text)
        found = unit(room).text
    assert found == " ".join(found.split())
    assert len(found) <= LONGEST
    assert "\x00" not in found


def test_one_language_is_approved_while_the_other_has_open_errors(folder: Path) -> None:
    with a_room(folder) as room:
        desk = pipeline.open_issue(room.shop, ISSUE)
        seen = {edition.locale: edition.fingerprint for edition in desk.outcome.editions}
        approving.approve(room.shop, ISSUE, seen=seen, locales=("en",), by="ana@example.org", now=NOW)
        assert approving.approved_locales(pipeline.open_issue(room.shop, ISSUE)) == ("en",)
        fill_in(room)
        desk = pipeline.open_issue(room.shop, ISSUE)
        assert desk.review.state == "ready"
        seen = {edition.locale: edition.fingerprint for edition in desk.outcome.editions}
        approving.approve(room.shop, ISSUE, seen=seen, locales=("pt_BR",), by="ana@example.org", now=NOW)
        assert pipeline.is_approved(room.shop, ISSUE)


def test_an_approval_of_something_else_than_was_seen_is_refused(folder: Path) -> None:
    with a_room(folder) as room:
        fill_in(room)
        editions = pipeline.open_issue(room.shop, ISSUE).outcome.editions
        seen = {edition.locale: edition.fingerprint for edition in editions}
        save(room, "Mudou.")
        with pytest.raises(RefusedError, match="changed after you looked"):
            approving.approve(room.shop, ISSUE, seen=seen, locales=("pt_BR", "en"), by="ana@example.org", now=NOW)
        assert not pipeline.is_approved(room.shop, ISSUE)


def test_a_change_after_the_approval_opens_the_issue_again_and_a_withdrawal_too(folder: Path) -> None:
    with a_room(folder) as room:
        fill_in(room)
        pipeline.approve(room.shop, ISSUE, approved_by="ana@example.org", how="desk", now=NOW)
        save(room, "Depois da aprovação.")
        assert not pipeline.is_approved(room.shop, ISSUE)
        pipeline.approve(room.shop, ISSUE, approved_by="ana@example.org", how="desk", now=NOW)
        assert approving.withdraw(room.shop, ISSUE)
        assert not pipeline.is_approved(room.shop, ISSUE)
        assert not approving.withdraw(room.shop, ISSUE)
