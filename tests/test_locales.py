import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import catalogue_tool

# It reads every file of the source, and runs none.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).resolve().parent.parent


def template(*ids: str | tuple[str, str]) -> Catalog:
    made = Catalog()
    for message in ids:
        made.add(message)
    return made


def faults(message: str | tuple[str, str], translation: str | tuple[str, ...], *, fuzzy: bool = False) -> list[str]:
    catalogue = Catalog(locale="pt_BR")
    catalogue.add(message, translation, flags=["fuzzy"] if fuzzy else [])
    return list(catalogue_tool.faults(template(message), catalogue))


def test_the_catalogues_are_complete_and_sound() -> None:
    assert catalogue_tool.check(ROOT) == []


def test_both_languages_are_there() -> None:
    assert [path.parent.parent.name for path in catalogue_tool.catalogue_paths(ROOT)] == ["en", "pt_BR"]


def test_the_english_catalogue_says_every_id_itself() -> None:
    catalogue = catalogue_tool.read_catalogue(ROOT / "locales" / "en" / "LC_MESSAGES" / "digest.po")

    assert [message.id for message in catalogue if message.id and message.id != message.string] == []


def test_the_words_that_stages_need_are_found_in_the_source() -> None:
    found = catalogue_tool.extracted(ROOT)

    for message in ("This sentence has no translation yet.", "Unsubscribe", "Study design: not stated in the record"):
        assert message in found


def test_a_sound_translation_has_no_fault() -> None:
    assert faults("Published in %(journal)s", "Publicado em %(journal)s") == []
    assert faults(("%(n)s text", "%(n)s texts"), ("%(n)s texto", "%(n)s textos")) == []


def test_a_missing_message_is_a_fault() -> None:
    assert list(catalogue_tool.faults(template("Comments"), Catalog(locale="pt_BR"))) == ["'Comments': missing"]


@pytest.mark.parametrize(
    ("message", "translation", "said"),
    [
        ("Comments", "", "empty"),
        ("By %(author)s", "Por %(autor)s", "places differ"),
        ("By %(author)s", "Por", "places differ"),
        ("Comments", "<b>Comentários", "not well-formed"),
        ("Comments", "Isto & aquilo", "not well-formed"),
        ("Comments", "100% seguro", "bare %"),
        ("100% sure", "100%% seguro", "bare %"),
        (("%(n)s text", "%(n)s texts"), ("%(n)s texto", ""), "plural form"),
        (("%(n)s text", "%(n)s texts"), ("%(n)s texto",), "plural forms"),
    ],
)
def test_an_unsound_translation_is_a_fault(
    message: str | tuple[str, str], translation: str | tuple[str, ...], said: str
) -> None:
    assert said in " ".join(faults(message, translation))


def test_a_draft_is_a_fault() -> None:
    assert "fuzzy" in " ".join(faults("Comments", "Comentários", fuzzy=True))


def test_an_update_adds_ids_and_guesses_nothing() -> None:
    catalogue = Catalog(locale="pt_BR", fuzzy=False)
    catalogue.add("Comments", "Comentários")

    written = catalogue_tool.updated(catalogue, template("Comment", "Comments")).decode()

    assert 'msgid "Comment"\nmsgstr ""' in written
    assert 'msgid "Comments"\nmsgstr "Comentários"' in written
    assert "fuzzy" not in written


def test_in_english_an_update_lets_new_ids_say_themselves() -> None:
    written = catalogue_tool.updated(Catalog(locale="en"), template("Comments")).decode()

    assert 'msgid "Comments"\nmsgstr "Comments"' in written


def test_a_second_update_changes_nothing(tmp_path: Path) -> None:
    found = catalogue_tool.extracted(ROOT)
    for path in catalogue_tool.catalogue_paths(ROOT):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(catalogue_tool.updated(catalogue_tool.read_catalogue(path), found))

        again = catalogue_tool.updated(catalogue_tool.read_catalogue(copy), found)

        assert again == copy.read_bytes()


def test_a_template_that_can_not_be_read_stops_the_extraction(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "broken.mjml").write_text('{{ _("Lost") }}{% nonsense %}', encoding="utf-8")
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())

    with pytest.raises(Exception, match="nonsense"):
        catalogue_tool.extracted(tmp_path)


def test_a_catalogue_that_can_not_be_read_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "locales" / "pt_BR" / "LC_MESSAGES" / "digest.po"
    path.parent.mkdir(parents=True)
    path.write_text("nonsense", encoding="utf-8")
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())

    assert "pt_BR: " in " ".join(catalogue_tool.check(tmp_path))


def test_no_catalogue_at_all_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "babel.cfg").write_bytes((ROOT / "babel.cfg").read_bytes())

    assert catalogue_tool.check(tmp_path) == ["there are no catalogues"]


@pytest.mark.parametrize(
    ("command", "said"),
    [("check", "complete"), ("extract", 'msgid "Unsubscribe"'), ("pseudo", 'msgstr "⟦Üñsübsçrîbé ~')],
)
def test_the_command_says_what_it_found(command: str, said: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert catalogue_tool.main([command]) == 0
    assert said in capfd.readouterr().out


def test_the_command_is_a_program_that_names_its_commands() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "catalogue_tool.py"), "nonsense"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "extract" in done.stderr
