"""The part of the composition root that makes the engines of an author."""

from pathlib import Path
from typing import TYPE_CHECKING

from digest.config import Config
from digest.models.glossary import Glossary
from digest.models.newsletter import Newsletter
from digest.version import VERSION

if TYPE_CHECKING:
    from digest.adapters.engines.choice import EngineRoom

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
        terms={(one, other): directed(glossary, one, other) for one, other in (("en", "pt"), ("pt", "en"))},
    )


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
