"""Saving at the desk: into the issue's own files, and never over words that somebody else wrote."""

from collections.abc import Callable
from pathlib import Path

import pytest

from desk_folder import ISSUE, LONELY, NOW, a_folder, a_room
from digest import pipeline
from digest.desk import approving, saving, stories
from digest.desk.history import Conflict, History
from digest.desk.refused import RefusedError
from digest.desk.room import Room
from digest.desk.units import Unit, read_unit
from digest.errors import StorageError
from digest.models.issue import Issue
from full_disk import files_of_at_most

KEY = "post-1/studies/2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path)


def unit(room: Room, key: str = KEY, locale: str = "pt_BR") -> Unit:
    words = saving.words_of(room.shop, ISSUE)
    return read_unit(words.issue, dict(words.segments)[locale], locale, key)


def save(room: Room, text: str, *, key: str = KEY, locale: str = "pt_BR", seen: str = "") -> Unit | Conflict:
    now = unit(room, key, locale)
    history = History()
    return saving.save_text(room.shop, history, ISSUE, locale=locale, key=key, text=text, seen=seen or now.mark)


def po(folder: Path) -> str:
    return (folder / "issues" / ISSUE / "pt_BR.po").read_text(encoding="utf-8")


def fill_in(room: Room) -> None:
    for key in ("post-1/limitations/1", "post-2/limitations/1"):
        save(room, "Foi feito em um só país.", key=key)
    save(room, "Vale a pena ler devagar.", key="study-1/words/1")


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
        assert isinstance(answer, Conflict)
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
    history = History()
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
    history = History()
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


PASTED = [
    '"\\n"\nmsgid "x"',
    "a\r\nb\x0b\x00c\u2028d",
    "<b>x</b> &amp; %(n)s {{ 7 }}",
    "“a” – b\u00ad\u200b",
    "\ud800\u202e",
    " \t",
]


def test_whatever_is_pasted_comes_back_as_one_line_of_text(folder: Path) -> None:
    with a_room(folder) as room:
        for text in PASTED:
            save(room, text)
            found = unit(room).text
            assert found == " ".join(found.split())
            assert not {"\x00", "\u00ad", "\u202e", "\ud800"} & set(found)
            assert text in {found, *PASTED[:2], *PASTED[3:]}


def test_a_disk_without_room_is_told_and_the_files_stay_as_they_were(folder: Path) -> None:
    with a_room(folder) as room:
        now, before = unit(room), po(folder)
        with files_of_at_most(50), pytest.raises(StorageError, match=r"pt_BR\.po"):
            save(room, "Palavras que não cabem mais.", seen=now.mark)
        assert po(folder) == before
        save(room, "Agora cabem.", seen=now.mark)
    assert "Agora cabem." in po(folder)


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


def test_a_note_for_one_audience_makes_an_edition_of_its_own_that_is_approved_with_its_language(folder: Path) -> None:
    def noted(text: str, was: str = "") -> None:
        stories.rearrange(
            room.shop,
            History(),
            ISSUE,
            lambda issue: stories.with_note(issue, "brazil", "pt-BR", text, was=was),
            seen=None,
        )

    with a_room(folder) as room:
        noted("Um abraço. Até breve.")
        save(room, "A hug.", key="note.brazil/words/1", locale="en")
        save(room, "See you soon.", key="note.brazil/words/2", locale="en")
        assert unit(room, "note.brazil/words/2").kind == "source"
        desk = pipeline.open_issue(room.shop, ISSUE)
        seen = {edition.name: edition.fingerprint for edition in desk.outcome.editions}
        assert set(seen) == {"en", "en.brazil", "pt_BR", "pt_BR.brazil"}
        approving.approve(room.shop, ISSUE, seen=seen, locales=("en",), by="ana@example.org", now=NOW)
        assert approving.approved_locales(pipeline.open_issue(room.shop, ISSUE)) == ("en",)
        with pytest.raises(RefusedError, match="changed in the files"):
            noted("Outra coisa.", was="O que ela viu antes.")


def test_texts_are_moved_taken_out_and_taken_in_only_from_the_list_she_saw(folder: Path) -> None:
    history = History()
    with a_room(folder) as room:

        def change(do: Callable[[Issue], Issue], seen: str | None = None) -> list[str]:
            stories.rearrange(room.shop, history, ISSUE, do, seen=seen)
            return [story.key for story in pipeline.existing_issue(room.shop, ISSUE).stories]

        seen = stories.order_mark(pipeline.existing_issue(room.shop, ISSUE))
        assert change(lambda issue: stories.moved(issue, "post-2", 0), seen) == ["post-2", "post-1", "study-1"]
        with pytest.raises(RefusedError, match="list of texts changed"):
            change(lambda issue: stories.taken_out(issue, "post-1"), seen)
        assert change(lambda issue: stories.taken_out(issue, "post-1")) == ["post-2", "study-1"]
        assert change(lambda issue: stories.taken_in(room.shop, issue, "post-90", earlier=None)) == [
            "post-2",
            "post-90",
            "study-1",
        ]
        assert unit(room, "post-90/studies/1", "en").text.startswith("This is what study number 90")
        for _ in range(3):
            saving.undo(room.shop, history, ISSUE)
        assert pipeline.existing_issue(room.shop, ISSUE).stories[0].key == "post-1"
