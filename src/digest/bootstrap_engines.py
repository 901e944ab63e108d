"""The part of the composition root that makes the engines of an author."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from digest.config import Config
from digest.errors import SettingsError
from digest.models.engine_settings import SummaryEngine
from digest.models.glossary import Glossary
from digest.models.newsletter import Newsletter
from digest.resources import resource_dir
from digest.version import VERSION

if TYPE_CHECKING:
    from digest.adapters.engines.choice import EngineRoom
    from digest.ports import Summariser

LONGEST_STYLE = 6_000
"""Characters of a page on style that go along with every question."""
MODEL_SECONDS = 900.0
"""A model has some 30 MB, and lines may be slow."""


def engine_room(config: Config, newsletter: Newsletter, glossary: Glossary) -> "EngineRoom":
    """The engines of the settings; nothing of theirs is loaded before one is asked for."""
    from digest.adapters.engines.choice import EngineRoom
    from digest.text.terms import directed

    return EngineRoom(
        config.engines,
        user_agent=f"digest/{VERSION}",
        scope=newsletter.newsletter_id,
        styles=_styles(config, newsletter),
        terms={(one, other): directed(glossary, one, other) for one, other in (("en", "pt"), ("pt", "en"))},
    )


def summariser_named(name: SummaryEngine, config: Config, newsletter: Newsletter) -> "Summariser | None":
    """The engine of a name as the settings set it up, None where that is extracts. Raises SettingsError."""
    chat = {"openai_chat": config.engines.openai_chat, "anthropic": config.engines.anthropic}.get(name)
    if chat and chat.missing:
        message = f"{name} needs a {chat.missing}: set it in [engines.{name}] of digest.toml."
        raise SettingsError(message)
    named = replace(config, engines=replace(config.engines, summary=name))
    summariser, _ = engine_room(named, newsletter, Glossary()).summariser()
    return None if summariser.name == "extractive" else summariser


def _styles(config: Config, newsletter: Newsletter) -> dict[str, str]:
    """How each language is to be written: the author's own page, else the one that comes along."""
    found = {}
    for locale in newsletter.locales:
        places = (config.folder / f"style.{locale}.md", resource_dir("locales") / locale / "style.md")
        page = next((place for place in places if place.is_file()), None)
        if page is not None:
            found[locale.partition("_")[0]] = _page(page)[:LONGEST_STYLE]
    return found


def _page(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        message = f"The file {path.name} can not be read: make it readable, or take it away."
        raise SettingsError(message) from None


def fetch_models(config: Config, newsletter: Newsletter) -> tuple[str, ...]:
    """Fetch the models of the local engine between all languages of a newsletter. Raises EngineError."""
    from digest.adapters.engines.local_fetch import fetch_models
    from digest.adapters.http import HttpClient

    client = HttpClient(
        user_agent=f"digest/{VERSION}",
        allow_private_addresses=config.allow_private_addresses,
        total_timeout=MODEL_SECONDS,
    )
    languages = sorted({locale.partition("_")[0] for locale in newsletter.locales})
    pairs = [(one, other) for one in languages for other in languages if one != other]
    local = config.engines.local
    return fetch_models(client, Path(local.folder), pairs, mirror=local.mirror)
