from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FileFormatError, SettingsError
from digest.i18n import choose_locale, direction, fill, language_tag, load_words, normal_tag, words
from digest.models.issue import Reason
from digest.resources import resource_dir

BOTH = ("pt_BR", "en")
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'


def catalogue(root: Path, body: str, locale: str = "pt_BR") -> Path:
    path = root / locale / "LC_MESSAGES" / "digest.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + body, encoding="utf-8")
    return root


@pytest.mark.parametrize("tag", ["pt", "pt-BR", "pt-PT", "PT_br", "pt-AO", "pt_BR.UTF-8", " pt "])
def test_every_portuguese_gets_the_brazilian_edition(tag: str) -> None:
    assert choose_locale(tag, BOTH) == "pt_BR"


@pytest.mark.parametrize("tag", ["en", "en-GB", "fr", "de-LU", "", None, "ptx", "*", "not a tag", "en_US.UTF-8"])
def test_every_other_language_gets_english(tag: str | None) -> None:
    assert choose_locale(tag, BOTH) == "en"


def test_the_same_region_is_better_than_the_same_language() -> None:
    assert choose_locale("pt-PT", ("pt_BR", "pt_PT", "en")) == "pt_PT"
    assert choose_locale("pt", ("pt_BR", "pt_PT", "en")) == "pt_BR"


def test_without_english_the_first_locale_is_the_last_resort() -> None:
    assert choose_locale("fr", ("pt_BR",)) == "pt_BR"
    assert choose_locale("fr", ("pt_BR", "en_GB")) == "en_GB"


def test_without_any_locale_the_settings_are_wrong() -> None:
    with pytest.raises(SettingsError, match="no locale"):
        choose_locale("pt", ())


@given(st.text())
def test_any_string_gets_an_available_locale(tag: str) -> None:
    assert choose_locale(tag, BOTH) in BOTH


@pytest.mark.parametrize(
    ("written", "tag"),
    [("pt_BR", "pt-BR"), ("en", "en"), ("zh_hant_tw", "zh-Hant-TW"), ("ES-419", "es-419"), ("sl-rozaj", "sl-rozaj")],
)
def test_a_tag_has_one_spelling(written: str, tag: str) -> None:
    assert language_tag(written) == tag


@pytest.mark.parametrize(
    "written", ["", "12", 'pt" onload="x', "a", "-", "pt--BR", "<en>", "language-name-of-nine12345"]
)
def test_what_is_no_tag_is_undetermined(written: str) -> None:
    assert normal_tag(written) == "und"


def test_the_direction_follows_the_language() -> None:
    assert [direction(tag) for tag in ("pt-BR", "ar", "he-IL", "xx", "und")] == ["ltr", "rtl", "rtl", "ltr", "ltr"]


def test_a_moment_is_dated_where_it_is_read() -> None:
    late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    early = late.astimezone(ZoneInfo("Europe/Luxembourg"))

    assert late == early
    assert [words("en").date(one) for one in (late, early)] == ["November 20, 2026", "November 21, 2026"]


def test_dates_lists_and_numbers_follow_cldr() -> None:
    portuguese, english = words("pt_BR"), words("en")

    assert portuguese.date(date(2026, 11, 20)) == "20 de novembro de 2026"
    assert english.date(date(2026, 11, 20)) == "November 20, 2026"
    assert portuguese.list(["a", "b", "c"]) == "a, b e c"
    assert english.list(["a", "b", "c"]) == "a, b, and c"
    assert english.list([]) == ""
    assert portuguese.number(1204) == "1.204"
    assert english.number(1204) == "1,204"


def test_languages_are_called_what_the_reader_calls_them() -> None:
    assert words("en").language_name("pt_BR") == "Brazilian Portuguese"
    assert words("pt_BR").language_name("en") == "inglês"
    assert words("pt_BR").language_name("en-ZZ") == "inglês"
    assert words("en").language_name("xx") == "xx"


def test_a_reason_is_said_with_its_values() -> None:
    reason = Reason(message="Published in %(journal)s", values=(("journal", "100% %(Journal)s"),))

    assert words("pt_BR").say(reason) == "Publicado em 100% %(Journal)s"
    assert words("en").say(reason) == "Published in 100% %(Journal)s"
    assert words("en").gettext("") == ""


@given(st.text(), st.dictionaries(st.text(), st.text()))
def test_filling_a_message_never_fails(message: str, values: dict[str, str]) -> None:
    fill(message, values)


def test_a_place_without_a_value_stays_visible() -> None:
    assert fill("%(a)s and %(b)s, 100%% %d", {"a": "x"}) == "x and %(b)s, 100% %d"


def test_plural_forms_follow_the_catalogue(tmp_path: Path) -> None:
    root = catalogue(
        tmp_path, 'msgid "%(n)s text"\nmsgid_plural "%(n)s texts"\nmsgstr[0] "%(n)s texto"\nmsgstr[1] "%(n)s textos"\n'
    )
    spoken = load_words("pt_BR", root)

    assert [spoken.ngettext("%(n)s text", "%(n)s texts", n) for n in (0, 1, 2)] == [
        "%(n)s texto",
        "%(n)s texto",
        "%(n)s textos",
    ]


def test_a_draft_does_not_count_as_translated(tmp_path: Path) -> None:
    root = catalogue(tmp_path, '#, fuzzy\nmsgid "Comments"\nmsgstr "Comentos"\n')

    assert load_words("pt_BR", root).gettext("Comments") == "Comments"


@pytest.mark.parametrize("locale", ["fr", "../en", "pt_BR/..", ""])
def test_a_missing_catalogue_is_an_error_and_not_english(locale: str) -> None:
    with pytest.raises(SettingsError):
        words(locale)


@pytest.mark.parametrize("body", [b"nonsense\n", b'msgid "a"\nmsgstr "\xff"\n'])
def test_a_broken_catalogue_names_itself(tmp_path: Path, body: bytes) -> None:
    path = catalogue(tmp_path, "") / "pt_BR" / "LC_MESSAGES" / "digest.po"
    path.write_bytes(HEAD.encode() + body)

    with pytest.raises(FileFormatError, match=r"digest\.po of pt_BR"):
        load_words("pt_BR", tmp_path)


def test_a_catalogue_for_a_language_nobody_knows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="xx"):
        load_words("xx", catalogue(tmp_path, "", locale="xx"))


def test_templates_and_catalogues_are_found() -> None:
    assert (resource_dir("templates") / "email" / "digest.mjml").is_file()
    assert (resource_dir("locales") / "en").is_dir()
    with pytest.raises(FileNotFoundError, match="no-such-folder"):
        resource_dir("no-such-folder")
