"""The documentation: every command and setting it names exists, every one that exists is named, examples run."""

import re
import shlex
from pathlib import Path

import pytest

from digest.cli import main as command_line
from digest.config import load_config

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")


def written_commands() -> list[str]:
    """Every `digest ...` in code spans and code blocks."""
    found = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found |= set(re.findall(r"`(digest [a-z-][^`\n]*)`", text))
        found |= set(re.findall(r"(?m)^(digest [a-z-][^\n]*)$", text))
    return sorted(found)


@pytest.mark.parametrize("command", written_commands())
def test_every_command_in_the_docs_is_understood(command: str) -> None:
    words = [word for word in shlex.split(command)[1:] if not word.startswith("[")]
    if words[-1:] == ["COMMAND"] or not words:
        return
    words = ["2026-11-26" if word == "ISSUE" else word for word in words]
    name = next(word for word in words if word in command_line.COMMANDS)
    command_line.parser_for(name).parse_args(words)


@pytest.mark.parametrize("command", sorted(command_line.COMMANDS))
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"`digest {command}" in REFERENCE


def test_the_complete_settings_of_the_reference_are_accepted(tmp_path: Path) -> None:
    example = REFERENCE.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "digest.toml").write_text(example, encoding="utf-8")
    config = load_config(tmp_path, {"DIGEST_SMTP_URL": "smtp://localhost"})
    assert config.newsletters[0].reply_to == "author@example.org"
    assert config.sources[0].newsletter_id == "bonds"


def test_every_setting_the_program_reads_is_in_the_reference() -> None:
    names = (
        "config.py",
        "engine_config.py",
        "sending_settings.py",
        "settings_reader.py",
        "vault_settings.py",
        "alarm_settings.py",
        "preview_settings.py",
    )
    sources = (ROOT / "src" / "digest" / name for name in names)
    getters = (
        "text|texts|secret|integer|number|boolean|choice|identifier|locales|web_address|mailbox|translations|tables?"
    )
    keys = {key for path in sources for key in re.findall(rf'\.(?:{getters})\("(\w+)"', path.read_text("utf-8"))}
    assert len(keys) > 20
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", REFERENCE)) == []


def test_every_exit_code_of_the_program_is_in_the_reference() -> None:
    from digest import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.DigestError)]
    assert len(kinds) > 5
    assert [kind.__name__ for kind in kinds if f"| {kind.exit_code} |" not in REFERENCE] == []


def test_links_between_pages_lead_somewhere() -> None:
    dead = [
        (page.name, target)
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert dead == []
