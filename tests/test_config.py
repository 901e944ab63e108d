"""The settings: what a good file gives, and how mistakes are told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.config import Config, load_config
from digest.errors import SettingsError

GOOD = """\
[[newsletters]]
id = "bonds"
title = { en = "Bonds", pt_BR = "Laços" }
author = "A. Example"
site = "https://blog.example.org/"
locales = ["pt_BR", "en"]
audiences = ["brazil", "expat"]
schedule = { every = "week", day = "thursday", time = "08:00", timezone = "Europe/Luxembourg", window = "12h" }
approvers = ["author@example.org"]
legal = { name = "A. Example", address = "1 Example Street", notice_url = "https://blog.example.org/legal" }

[[sources]]
kind = "feed"
url = "https://blog.example.org/feed/"
section = "posts"
language = "en"

[sender]
from = "A. Example <letters@example.org>"
smtp = "env:DIGEST_SMTP_URL"
"""


def load(folder: Path, text: str, environment: dict[str, str] | None = None) -> Config:
    """Write the settings and read them."""
    (folder / "digest.toml").write_text(text, encoding="utf-8")
    return load_config(folder, environment or {})


def test_a_complete_file_is_read(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD, {"DIGEST_SMTP_URL": "smtp://localhost:25"})
    newsletter = config.newsletter(None)
    assert newsletter.title("pt_BR") == "Laços"
    assert newsletter.locales == ("pt_BR", "en")
    assert config.sources[0].is_own
    assert config.sending.smtp_url == "smtp://localhost:25"


def test_secrets_are_not_in_the_repr(tmp_path: Path) -> None:
    config = load(tmp_path, GOOD, {"DIGEST_SMTP_URL": "smtp://user:hunter2@mail.example.org"})
    assert "hunter2" not in repr(config)


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = (
        GOOD.replace('site = "https://blog.example.org/"', 'site = "blog"')
        .replace("Europe/Luxembourg", "Europe/Luxemburg")
        .replace('language = "en"', 'languge = "en"\nlimit = "many"')
        .replace('kind = "feed"', 'kind = "fed"')
    )
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    message = str(caught.value)
    assert "5 mistakes" in message
    assert "line 5: newsletters[0].site" in message
    assert "line 8: newsletters[0].schedule.timezone" in message
    assert "line 13: sources[0].kind" in message
    assert "line 16: sources[0].languge: unknown setting (did you mean 'language'?)" in message
    assert "line 17: sources[0].limit: has to be a whole number" in message


def test_a_missing_table_is_one_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"1 mistake:\n  sender: is missing"):
        load(tmp_path, GOOD.partition("[sender]")[0])


def test_an_empty_file_names_everything_that_is_needed(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"(?s)sender.*newsletters|newsletters.*sender"):
        load(tmp_path, "")


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        load(tmp_path, 'a = "b"\nc = = d\n')


def test_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "digest.toml").write_bytes('a = 1\nb = "Laços"\n'.encode("latin-1"))
    with pytest.raises(SettingsError, match="line 2: not UTF-8"):
        load_config(tmp_path, {})


def test_a_folder_without_settings_says_where_to_go(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"There is no digest\.toml"):
        load_config(tmp_path, {})


def test_two_newsletters_need_to_be_told_apart(tmp_path: Path) -> None:
    second = GOOD.partition("[[sources]]")[0].replace('id = "bonds"', 'id = "ties"')
    config = load(tmp_path, GOOD + second)
    with pytest.raises(SettingsError, match="bonds, ties"):
        config.newsletter(None)
    assert config.newsletter("ties").newsletter_id == "ties"


def test_a_password_in_a_source_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="user name") as caught:
        load(tmp_path, GOOD.replace("https://blog.example.org/feed/", "https://ana:hunter2@blog.example.org/feed/"))
    assert "hunter2" not in str(caught.value)


@given(st.text(max_size=200))
def test_whatever_the_file_says_the_answer_is_settings_or_a_settings_error(text: str) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        Path(folder, "digest.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(SettingsError):
            load_config(Path(folder), {})


def test_the_footer_may_name_country_profession_and_register(tmp_path: Path) -> None:
    more = ', country = "BR", profession = { pt_BR = "Psicóloga", en = "Psychologist" }, crp = "CRP 06/123456" }'
    legal = load(tmp_path, GOOD.replace('/legal" }', '/legal"' + more)).newsletters[0].legal
    assert legal.identity("pt_BR") == "A. Example, Psicóloga, CRP 06/123456"
    assert legal.identity("en") == "A. Example, Psychologist, CRP 06/123456"


def test_a_country_without_known_rules_and_a_number_no_council_gives_are_mistakes(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, GOOD.replace('/legal" }', '/legal", country = "XX", crp = "CRP 99/1" }'))
    assert "country: has to be one of: FR, LU, DE, BR" in str(caught.value)
    assert "crp: has to be a council's number such as CRP 06/123456" in str(caught.value)


def test_research_sources_need_a_query_or_journals_and_real_issns(tmp_path: Path) -> None:
    def research(lines: str) -> str:
        return GOOD + "\n[[sources]]\nsection = 'research'\n" + lines

    config = load(tmp_path, research("kind = 'crossref'\nissn = ['1752-0606', '0102-3772']"))
    source = config.sources[-1]
    assert (source.kind, source.url, source.issns) == (
        "crossref",
        "https://api.crossref.org",
        ("1752-0606", "0102-3772"),
    )
    for lines, said in (
        ("kind = 'pubmed'", "needs a query"),
        ("kind = 'crossref'\nissn = ['1752-0607']", "check digit"),
        ("kind = 'scielo'\nquery = 'casais'", "SciELO is asked by journal"),
        ("kind = 'feed'\nurl = 'https://a.example.org/'\nquery = 'x'", "unknown setting"),
    ):
        with pytest.raises(SettingsError, match=said):
            load(tmp_path, research(lines))
