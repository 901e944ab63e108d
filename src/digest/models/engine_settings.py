"""Which engines an author has set up. Keys show in no `repr`: only whether there is one."""

from dataclasses import dataclass, field
from typing import Literal

SummaryEngine = Literal["auto", "openai_chat", "anthropic", "extractive", "none"]
TranslationEngine = Literal["auto", "openai_chat", "anthropic", "deepl", "local", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A secret of a service."""

    value: str = field(default="", repr=False)

    @property
    def given(self) -> bool:
        """Whether there is one."""
        return bool(self.value)

    def __str__(self) -> str:
        return "Key(given)" if self.value else "Key(none)"

    __repr__ = __str__


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSettings:
    """A language model behind an address."""

    base_url: str
    model: str = ""
    key: Key = Key()
    allow_private_addresses: bool = False
    """For a service on this machine or in this network, such as Ollama; then no key is needed."""
    requests_at_once: int = 4
    timeout_seconds: int = 120
    price_in: float = 0.0
    """For a million tokens sent, in whatever currency; only for estimates."""
    price_out: float = 0.0

    @property
    def missing(self) -> str:
        """Name of the setting without which it can not be used, empty where it can."""
        if not self.model:
            return "model"
        return "" if self.key.given or self.allow_private_addresses else "key"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLAccount:
    """An account at DeepL."""

    key: Key = Key()
    base_url: str = ""
    formality: Literal["default", "more", "less", "prefer_more", "prefer_less"] = "default"
    allow_private_addresses: bool = False
    requests_at_once: int = 4
    timeout_seconds: int = 60
    price: float = 0.0
    """For a million characters, in whatever currency; only for estimates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalModels:
    """Models on this machine."""

    folder: str
    mirror: str = ""
    """Address of the list of models, empty for Mozilla's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSettings:
    """All of them, and which one is to be used."""

    summary: SummaryEngine = "auto"
    translation: TranslationEngine = "auto"
    openai_chat: ChatSettings
    anthropic: ChatSettings
    deepl: DeepLAccount
    local: LocalModels
