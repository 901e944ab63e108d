"""What preparing an issue would ask of engines, and what that would cost; nothing is asked and nothing is written."""

from typing import TYPE_CHECKING

from digest import pipeline
from digest.models.engine_settings import EngineSettings
from digest.models.engine_use import EngineCost, EngineUse
from digest.pipeline import Workshop

if TYPE_CHECKING:
    from digest.text.meter import Meter

_PAID = frozenset({"openai_chat", "anthropic", "deepl"})
_TOKEN = 4
"""Characters of a token, more or less, in both languages."""
_INSTRUCTIONS = 3_500
"""Characters that go with each call to a language model."""


def estimate(shop: Workshop, issue_id: str) -> tuple[EngineUse, ...]:
    """Count what the stages 4 and 5 would ask for an issue as it is now. Raises NotApprovedError where there is none."""
    from digest.stages import draft, localise
    from digest.text.meter import Meter

    summariser, _ = shop.engines.summariser()
    translator, _ = shop.engines.translator()
    summaries, translations = Meter(), Meter()
    articles = pipeline.articles_by_id(shop)
    issue, _ = draft.draft(
        pipeline.existing_issue(shop, issue_id),
        articles,
        sentences_per_heading=shop.sentences_per_heading,
        summariser=summaries if costs(summariser.name) else summariser,
    )
    for locale in shop.newsletter.locales:
        memory = localise.past_words(shop.issues, shop.newsletter.newsletter_id, issue_id, locale)
        existing = shop.issues.read_segments(shop.newsletter.newsletter_id, issue_id, locale)
        segments, _ = localise.localise(issue, articles, existing, memory, locale)
        if costs(translator.name):
            localise.translate(issue, segments, translations, memory, shop.glossary, locale)
    return (
        _use("summaries", summariser.name, summaries),
        _use("translations", translator.name, translations),
    )


def cost_lines(uses: tuple[EngineUse, ...], settings: EngineSettings) -> tuple[str, ...]:
    """Say it in words, with the price where the settings name one."""
    return tuple(_line(use, settings) for use in uses)


def cost_of(use: EngineUse, settings: EngineSettings) -> EngineCost:
    """Return what a use costs by the prices of the settings."""
    return EngineCost(use=use, paid=costs(use.engine), price=price_of(use, settings))


def costs(name: str) -> bool:
    """Whether an engine of this name asks for money."""
    return name.partition(":")[0] in _PAID


def _use(work: str, engine: str, meter: "Meter") -> EngineUse:
    return EngineUse(work=work, engine=engine, calls=meter.calls, sent=meter.sent, received=meter.received)


def _line(use: EngineUse, settings: EngineSettings) -> str:
    if not use.calls:
        return f"{use.work} by {use.engine}: no call, no cost"
    what = f"{use.work} by {use.engine}: {use.calls} calls, {use.sent} characters sent, about {use.received} received"
    price = price_of(use, settings)
    return f"{what}, about {price:.2f}" if price else f"{what}; set its price in digest.toml to see the cost"


def price_of(use: EngineUse, settings: EngineSettings) -> float:
    """Return what a use costs, more or less, in the currency of the prices, 0 where there are none."""
    kind = use.engine.partition(":")[0]
    if kind not in _PAID:
        return 0.0
    if kind == "deepl":
        return use.sent * settings.deepl.price / 1e6
    chat = settings.anthropic if kind == "anthropic" else settings.openai_chat
    tokens_in = (use.sent + use.calls * _INSTRUCTIONS) / _TOKEN
    return (tokens_in * chat.price_in + use.received / _TOKEN * chat.price_out) / 1e6
