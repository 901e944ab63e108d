"""Reads `[engines]` of digest.toml."""

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from digest.models.engine_settings import (
    ChatSettings,
    DeepLAccount,
    EngineSettings,
    Key,
    LocalModels,
    SummaryEngine,
    TranslationEngine,
)
from digest.settings_reader import Table

_FORMALITIES = ("default", "more", "less", "prefer_more", "prefer_less")


def engine_settings(table: Table, *, folder: Path, environment: Mapping[str, str]) -> EngineSettings:
    """Read the table and note its mistakes; the usual names of the services' keys are read where none is named."""
    settings = EngineSettings(
        summary=table.choice("summary", get_args(SummaryEngine), default="auto"),  # type: ignore[arg-type]  # checked
        translation=table.choice("translation", get_args(TranslationEngine), default="auto"),  # type: ignore[arg-type]  # checked
        openai_chat=_chat(
            table.table("openai_chat", optional=True),
            "https://api.openai.com/v1",
            environment.get("OPENAI_API_KEY", ""),
        ),
        anthropic=_chat(
            table.table("anthropic", optional=True),
            "https://api.anthropic.com",
            environment.get("ANTHROPIC_API_KEY", ""),
        ),
        deepl=_deepl(table.table("deepl", optional=True), environment.get("DEEPL_API_KEY", "")),
        local=_local(table.table("local", optional=True), folder),
    )
    _check_named(table, settings)
    table.finish()
    return settings


def _chat(table: Table, base_url: str, key: str) -> ChatSettings:
    settings = ChatSettings(
        base_url=table.web_address("base_url", default=base_url),
        model=table.text("model", default=""),
        key=Key(value=table.secret("key", default=key).strip()),
        allow_private_addresses=table.boolean("allow_private_addresses", default=False),
        requests_at_once=table.integer("requests_at_once", default=4, low=1, high=50),
        timeout_seconds=table.integer("timeout_seconds", default=120, low=5, high=1800),
        price_in=table.number("price_in", default=0.0),
        price_out=table.number("price_out", default=0.0),
    )
    table.finish()
    return settings


def _deepl(table: Table, key: str) -> DeepLAccount:
    account = DeepLAccount(
        key=Key(value=table.secret("key", default=key).strip()),
        base_url=table.web_address("base_url", default=""),
        formality=table.choice("formality", _FORMALITIES, default="default"),  # type: ignore[arg-type]  # checked
        allow_private_addresses=table.boolean("allow_private_addresses", default=False),
        requests_at_once=table.integer("requests_at_once", default=4, low=1, high=50),
        timeout_seconds=table.integer("timeout_seconds", default=60, low=5, high=1800),
        price=table.number("price", default=0.0),
    )
    table.finish()
    return account


def _local(table: Table, folder: Path) -> LocalModels:
    named = table.text("models", default="")
    models = LocalModels(
        folder=str(folder / named) if named else str(folder / ".digest" / "models"),
        mirror=table.web_address("mirror", default=""),
    )
    table.finish()
    return models


def _check_named(table: Table, settings: EngineSettings) -> None:
    """An engine that is named has to be usable; what `auto` can not use it passes over."""
    for role in ("summary", "translation"):
        name = getattr(settings, role)
        chat = {"openai_chat": settings.openai_chat, "anthropic": settings.anthropic}.get(name)
        if chat and chat.missing:
            table.mistake(role, f"{name} needs a {chat.missing} in [engines.{name}]")
        if name == "deepl" and not settings.deepl.key.given:
            table.mistake(role, "deepl needs a key in [engines.deepl], or in the environment as DEEPL_API_KEY")
