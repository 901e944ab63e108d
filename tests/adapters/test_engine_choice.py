"""Which engine is chosen, and that `auto` says why."""

from pathlib import Path
from typing import Any

import pytest

from digest.adapters.engines.choice import EngineRoom, summary_choice, translation_choice
from digest.config import load_config
from digest.errors import SettingsError
from digest.models.engine import EngineFailure
from digest.models.engine_settings import EngineSettings
from fakes_engines import KEY, SENTENCES, asked

NEWSLETTER = """
[[newsletters]]
id = "bonds"
title = { en = "Bonds", pt_BR = "Laços" }
author = "A. Example"
site = "https://blog.example.org/"
locales = ["pt_BR", "en"]
schedule = { every = "week", day = "thursday", timezone = "Europe/Luxembourg" }
approvers = ["author@example.org"]
legal = { name = "A. Example", address = "1 Example Street", notice_url = "https://blog.example.org/legal" }

[[sources]]
kind = "feed"
url = "https://blog.example.org/feed/"
section = "posts"

[sender]
from = "A. Example <letters@example.org>"
"""


def settings(folder: Path, text: str = "", **environment: str) -> EngineSettings:
    (folder / "digest.toml").write_text(NEWSLETTER + text, encoding="utf-8")
    return load_config(folder, environment).engines


def chosen(folder: Path, text: str = "", *, package: bool = False, models: bool = False, **env: str) -> tuple[str, str]:
    read = settings(folder, text, **env)
    return summary_choice(read).name, translation_choice(read, package=package, models=models).name


MODEL = '[engines.openai_chat]\nmodel = "small"\n'
OTHER = '[engines.anthropic]\nmodel = "small"\n'


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        ("", {}, ("extractive", "none")),
        ("", {"package": True}, ("extractive", "none")),
        ("", {"package": True, "models": True}, ("extractive", "local")),
        ("", {"OPENAI_API_KEY": KEY}, ("extractive", "none")),
        (MODEL, {}, ("extractive", "none")),
        (MODEL, {"OPENAI_API_KEY": KEY}, ("openai_chat", "openai_chat")),
        (MODEL, {"OPENAI_API_KEY": " "}, ("extractive", "none")),
        (OTHER, {"ANTHROPIC_API_KEY": KEY}, ("anthropic", "anthropic")),
        (OTHER, {"ANTHROPIC_API_KEY": KEY, "DEEPL_API_KEY": KEY}, ("anthropic", "deepl")),
        ("", {"DEEPL_API_KEY": KEY}, ("extractive", "deepl")),
        (
            '[engines.openai_chat]\nmodel = "s"\nbase_url = "http://127.0.0.1:9/v1"\nallow_private_addresses = true\n',
            {},
            ("openai_chat", "openai_chat"),
        ),
        ('[engines]\nsummary = "none"\ntranslation = "none"\n', {"DEEPL_API_KEY": KEY}, ("none", "none")),
    ],
)
def test_auto_takes_what_is_set_up(
    tmp_path: Path, text: str, environment: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert chosen(tmp_path, text, **environment) == expected


def test_auto_says_what_it_passed_over(tmp_path: Path) -> None:
    read = settings(tmp_path, MODEL)

    assert "openai_chat: no key; anthropic: no model" in summary_choice(read).why
    assert "digest models fetch" in translation_choice(read, package=True, models=False).why


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('[engines]\nsummary = "anthropic"\n', "anthropic needs a model"),
        ('[engines]\ntranslation = "openai_chat"\n\n' + MODEL, "openai_chat needs a key"),
        ('[engines]\ntranslation = "deepl"\n', "deepl needs a key"),
        ('[engines]\ntranslation = "google"\n', "has to be one of"),
        ("[engines.openai_chat]\nprice_in = -1\n", "negative"),
        ("[engines.openai_chat]\nprice_in = inf\n", "negative"),
        ('[engines.openai_chat]\nbase_url = "https://me:pass@host.example"\n', "user name"),
        ("[engines.deepl]\nmodel = 3\n", "unknown setting"),
    ],
)
def test_settings_that_can_not_work_are_told_with_their_line(tmp_path: Path, text: str, mistake: str) -> None:
    with pytest.raises(SettingsError, match=mistake) as error:
        settings(tmp_path, text)
    assert "line " in str(error.value)


def test_no_key_shows_in_a_repr(tmp_path: Path) -> None:
    (tmp_path / "digest.toml").write_text(NEWSLETTER + MODEL, encoding="utf-8")
    environment = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY, "DEEPL_API_KEY": KEY}
    config = load_config(tmp_path, environment)

    assert KEY not in f"{config} {config!r} {config.engines.deepl.key}"
    assert repr(config) != repr(load_config(tmp_path, {}))


def room(read: EngineSettings) -> EngineRoom:
    return EngineRoom(read, user_agent="digest/test", scope="bonds", terms={}, styles={})


def test_the_engines_of_the_settings_are_made(tmp_path: Path) -> None:
    keys = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY, "DEEPL_API_KEY": KEY}
    made = room(settings(tmp_path, MODEL + '[engines]\ntranslation = "anthropic"\n' + OTHER, **keys))
    assert made.summariser()[0].name == "openai_chat:small"
    assert made.translator()[0].name == "anthropic:small"
    assert room(settings(tmp_path, **keys)).translator()[0].name == "deepl"
    assert (
        room(settings(tmp_path, '[engines]\ntranslation = "local"\n')).translator()[0].name.startswith("fxtranslate:")
    )


def test_without_an_engine_each_sentence_waits_and_the_reason_is_told(tmp_path: Path) -> None:
    engine, why = room(settings(tmp_path)).translator()
    [result] = engine.translate([asked(*SENTENCES)])

    assert isinstance(result, EngineFailure)
    assert (result.kind, result.reason) == ("absent", f"{why}.")


def test_an_engine_on_the_public_internet_is_asked_over_https_only_and_never_in_this_network(tmp_path: Path) -> None:
    for address in ("http://service.example/v1", "https://127.0.0.1/v1", "https://10.0.0.1/v1", "https://[::1]/v1"):
        text = f'[engines.openai_chat]\nmodel = "small"\nbase_url = "{address}"\n'
        [result] = room(settings(tmp_path, text, OPENAI_API_KEY=KEY)).translator()[0].translate([asked(*SENTENCES)])
        assert isinstance(result, EngineFailure)
        assert result.kind == "unreachable"
        assert KEY not in repr(result)
