"""Which engine is used, and why; a pure decision over what is there, then the engine itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digest.adapters.engines.plain import Extractive, NoEngine
from digest.models.engine import Term
from digest.models.engine_settings import ChatSettings, EngineSettings
from digest.ports import Summariser, Translator

if TYPE_CHECKING:
    from digest.adapters.engines.chat import ChatEngine

_CHATS = ("openai_chat", "anthropic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The name of an engine and one sentence on why it is this one."""

    name: str
    why: str


def summary_choice(settings: EngineSettings) -> Choice:
    """Choose what summarises: what is named, else a language model that is set up, else extracts."""
    if settings.summary != "auto":
        return Choice(name=settings.summary, why="it is named in the settings")
    return _first_chat(settings) or Choice(name="extractive", why=f"no language model is set up ({_passed(settings)})")


def translation_choice(settings: EngineSettings, *, package: bool, models: bool) -> Choice:
    """Choose what translates; `package` and `models` say whether `[local]` is installed and a model is there."""
    if settings.translation != "auto":
        return Choice(name=settings.translation, why="it is named in the settings")
    if settings.deepl.key.given:
        return Choice(name="deepl", why="a key for DeepL is there, which keeps to the glossary")
    if chat := _first_chat(settings):
        return chat
    if package and models:
        return Choice(name="local", why="no service is set up and its models are on this machine")
    local = "no model for local; run `digest models fetch`" if package else 'local is not installed: "[local]"'
    return Choice(name="none", why=f"no engine can be used (deepl: no key; {_passed(settings)}; {local})")


def _first_chat(settings: EngineSettings) -> Choice | None:
    for name in _CHATS:
        if not _chat(settings, name).missing:
            return Choice(name=name, why="its model and its key are set")
    return None


def _passed(settings: EngineSettings) -> str:
    return "; ".join(f"{name}: no {_chat(settings, name).missing}" for name in _CHATS)


def _chat(settings: EngineSettings, name: str) -> ChatSettings:
    return settings.anthropic if name == "anthropic" else settings.openai_chat


class EngineRoom:
    """Makes the engines of an author when they are asked for; nothing is loaded before."""

    def __init__(
        self,
        settings: EngineSettings,
        *,
        user_agent: str,
        scope: str,
        terms: Mapping[tuple[str, str], tuple[Term, ...]],
        styles: Mapping[str, str],
    ) -> None:
        """`terms` go to a service with a glossary, `styles` (by language) to language models."""
        self._settings = settings
        self._user_agent = user_agent
        self._scope = scope
        self._terms = terms
        self._styles = styles

    def summariser(self) -> tuple[Summariser, str]:
        """Return what summarises, and why it is this one."""
        choice = summary_choice(self._settings)
        if choice.name in _CHATS:
            return self._chat_engine(choice.name), choice.why
        return Extractive() if choice.name == "extractive" else NoEngine(), choice.why

    def translator(self) -> tuple[Translator, str]:
        """Return what translates, and why it is this one."""
        from digest.adapters.engines import local

        release = local.installed_release()
        folder = Path(self._settings.local.folder)
        choice = translation_choice(self._settings, package=release is not None, models=local.has_models(folder))
        if choice.name in _CHATS:
            return self._chat_engine(choice.name), choice.why
        if choice.name == "deepl":
            return self._deepl(), choice.why
        if choice.name == "local":
            return local.FirefoxTranslations(local.load_model(folder), release=release or "?"), choice.why
        chosen = self._settings.translation == "none"
        mend = "Set up an engine (see docs/explanation/engines.md), or write the text yourself."
        return NoEngine() if chosen else NoEngine(f"{choice.why}.", mend), choice.why

    def _chat_engine(self, name: str) -> "ChatEngine":
        from digest.adapters.engines.anthropic import AnthropicMessages
        from digest.adapters.engines.chat import ChatEngine
        from digest.adapters.engines.openai_chat import OpenAiChat
        from digest.adapters.http_api import ApiClient

        chat = _chat(self._settings, name)
        service = AnthropicMessages if name == "anthropic" else OpenAiChat
        client = ApiClient(
            user_agent=self._user_agent,
            allow_private_addresses=chat.allow_private_addresses,
            total_timeout=float(chat.timeout_seconds),
            at_once=chat.requests_at_once,
        )
        asked = service(base_url=chat.base_url, model=chat.model, key=chat.key.value)
        return ChatEngine(asked, client, styles=self._styles)

    def _deepl(self) -> Translator:
        from digest.adapters.engines.deepl import DeepL, DeepLSettings
        from digest.adapters.http_api import ApiClient

        account = self._settings.deepl
        client = ApiClient(
            user_agent=self._user_agent,
            allow_private_addresses=account.allow_private_addresses,
            total_timeout=float(account.timeout_seconds),
            at_once=account.requests_at_once,
        )
        settings = DeepLSettings(
            key=account.key.value,
            base_url=account.base_url,
            formality=account.formality,
            scope=f"digest-{self._scope}",
            terms=self._terms,
        )
        return DeepL(settings, client)
