"""Services on loopback that answer like OpenAI, Anthropic and DeepL do, and engines to ask them with."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import http_server
from digest.adapters.engines.anthropic import AnthropicMessages
from digest.adapters.engines.chat import ChatEngine
from digest.adapters.engines.deepl import DeepL, DeepLSettings
from digest.adapters.engines.local import FirefoxTranslations, LocalModel
from digest.adapters.engines.openai_chat import OpenAiChat
from digest.adapters.http_api import ApiClient
from digest.models.article import Heading
from digest.models.engine import (
    Draft,
    Passage,
    SummaryRequest,
    Term,
    Translated,
    TranslationRequest,
    TranslationResult,
)
from digest.ports import Translator
from digest.text.extract import source_sentences
from fakes_text import article_text

KEY = "key-that-nobody-may-see"
LINK = "https://doi.org/10.1000/xyz(2020)123"
PHRASES = {
    "Good company makes a hard week easier.": "Uma boa companhia deixa uma semana difícil mais leve.",
    "Loneliness may raise the risk of early death.": "A solidão pode aumentar o risco de morte precoce.",
    "The study is at {c1}.": "O estudo está em {c1}.",
    "The study is at ": "O estudo está em ",
    "The study is at": "O estudo está em",
    "The two trials agree & differ <somewhat>.": "Os dois ensaios concordam & diferem <um pouco>.",
    ".": ".",
}
SENTENCES = (
    "Good company makes a hard week easier.",
    f"The study is at {LINK}.",
    "Loneliness may raise the risk of early death.",
    "The two trials agree & differ <somewhat>.",
)
TRANSLATED = (
    "Uma boa companhia deixa uma semana difícil mais leve.",
    f"O estudo está em {LINK}.",
    "A solidão pode aumentar o risco de morte precoce.",
    "Os dois ensaios concordam & diferem <um pouco>.",
)

Scripted = Callable[[http_server.Exchange], None]


def passages(*texts: str) -> tuple[Passage, ...]:
    return tuple(Passage(key=f"post-1/studies/{number}", text=text) for number, text in enumerate(texts, start=1))


def asked(*texts: str, **fields: Any) -> TranslationRequest:
    known: dict[str, Any] = {"where": "post-1", "source_language": "en", "locale": "pt_BR"}
    return TranslationRequest(passages=passages(*texts), **known | fields)


STUDY = article_text(
    "We asked 308 adults in Brazil about close ties.",
    "Loneliness was associated with worse sleep in these adults.",
    "All of them were volunteers, so the results may not hold for others.",
)


def to_summarise(**fields: Any) -> SummaryRequest:
    headings: tuple[Heading, ...] = ("studies", "limitations")
    known: dict[str, Any] = {
        "where": "post-1",
        "text": STUDY,
        "headings": headings,
        "sentences_per_heading": 2,
        "quotable": True,
    }
    merged = known | fields
    return SummaryRequest(sentences=source_sentences(merged["text"]), **merged)


@dataclass
class Service:
    """A running service: `replies` are used up in turn, then it translates properly."""

    server: http_server.FaultServer
    replies: list[Scripted] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [json.loads(one.body) for one in self.server.asked if one.body]


@dataclass(frozen=True)
class Dialect:
    """How one kind of service speaks."""

    name: str
    path: str
    engine: Callable[..., Any]
    """Takes the service, and `timeout` in seconds; a language model also `styles`."""
    wrap: Callable[[str], bytes]
    """The model's text as the service's answer."""
    translate: Callable[[dict[str, Any]], bytes]
    """A proper answer to a request for translation."""

    @contextmanager
    def serving(self) -> Iterator[Service]:
        def route(exchange: http_server.Exchange) -> None:
            if service.replies:
                service.replies.pop(0)(exchange)
            else:
                exchange.answer(self.translate(json.loads(exchange.asked.body)))

        with http_server.serving({self.path: route}) as server:
            service = Service(server=server)
            yield service

    def says(self, text: str) -> Scripted:
        return lambda exchange: exchange.answer(self.wrap(text))


def _client(timeout: float = 5.0) -> ApiClient:
    return ApiClient(user_agent="digest/test", allow_private_addresses=True, total_timeout=timeout)


def _openai(service: Service, timeout: float = 5.0, styles: Mapping[str, str] | None = None) -> ChatEngine:
    model = OpenAiChat(base_url=service.server.url("/v1"), model="small", key=KEY)
    return ChatEngine(model, _client(timeout), styles=styles, sleep=service.slept.append)


def _anthropic(service: Service, timeout: float = 5.0, styles: Mapping[str, str] | None = None) -> ChatEngine:
    model = AnthropicMessages(base_url=service.server.url(""), model="small", key=KEY)
    return ChatEngine(model, _client(timeout), styles=styles, sleep=service.slept.append)


def deepl(service: Service, *terms: Term, timeout: float = 5.0) -> DeepL:
    settings = DeepLSettings(key=KEY, base_url=service.server.url(""), terms={("en", "pt"): terms})
    return DeepL(settings, _client(timeout), sleep=service.slept.append)


def _openai_body(text: str) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "stop"}]}).encode()


def _anthropic_body(text: str) -> bytes:
    return json.dumps({"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}).encode()


def data_of(request: dict[str, Any]) -> dict[str, Any]:
    """What stands in the block of a prompt."""
    block = str(request["messages"][-1]["content"])
    assert block.startswith("<data>\n")
    assert block.endswith("\n</data>")
    assert block.count("</data>") == 1
    read: dict[str, Any] = json.loads(block.removeprefix("<data>\n").removesuffix("\n</data>"))
    return read


def answer_of(request: dict[str, Any]) -> str:
    """A proper translation of what a prompt asks for."""
    return json.dumps({one: PHRASES[text] for one, text in data_of(request)["sentences"].items()})


def _deepl_text(text: str) -> str:
    plain = text.replace("<x>", "").replace("</x>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    made = PHRASES[plain].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return made.replace("{c1}", "<x>{c1}</x>")


def _deepl_answer(request: dict[str, Any]) -> bytes:
    return json.dumps({"translations": [{"text": _deepl_text(text)} for text in request["text"]]}).encode()


OPENAI = Dialect(
    name="openai_chat",
    path="/v1/chat/completions",
    engine=_openai,
    wrap=_openai_body,
    translate=lambda request: _openai_body(answer_of(request)),
)
ANTHROPIC = Dialect(
    name="anthropic",
    path="/v1/messages",
    engine=_anthropic,
    wrap=_anthropic_body,
    translate=lambda request: _anthropic_body(answer_of(request)),
)
DEEPL = Dialect(name="deepl", path="/v2/translate", engine=deepl, wrap=str.encode, translate=_deepl_answer)
CHATS = (OPENAI, ANTHROPIC)
SERVICES = (*CHATS, DEEPL)


class PhraseModel:
    """A local model that knows a few phrases; what it does not know comes back in English."""

    def translate(self, text: str) -> str:
        return PHRASES.get(text, text)


def local_engine() -> FirefoxTranslations:
    def load(source: str, target: str) -> LocalModel:
        return PhraseModel()

    return FirefoxTranslations(load, release="0.5.0")


class FakeEngine:
    """Translates by dictionary and counts what it is asked: calls and characters."""

    name = "fake:1"

    def __init__(self, phrases: dict[str, str] | None = None) -> None:
        self.phrases = PHRASES if phrases is None else phrases
        self.calls = 0
        self.characters = 0

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        self.calls += sum(bool(request.passages) for request in requests)
        self.characters += sum(len(passage.text) for request in requests for passage in request.passages)
        return tuple(self._translated(request) for request in requests)

    def _translated(self, request: TranslationRequest) -> Translated:
        known = [(one, self.phrases.get(one.text.replace(LINK, "{c1}"), "")) for one in request.passages]
        drafts = [Draft(key=one.key, text=text.replace("{c1}", LINK), origin=self.name) for one, text in known if text]
        notes = [f"{one.key}: not in the dictionary" for one, text in known if not text]
        return Translated(drafts=tuple(drafts), notes=tuple(notes))


@contextmanager
def every_translator() -> Iterator[dict[str, Translator]]:
    """All adapters and the fake, each with what it needs running."""
    with OPENAI.serving() as first, ANTHROPIC.serving() as second, DEEPL.serving() as third:
        yield {
            "openai_chat": OPENAI.engine(first),
            "anthropic": ANTHROPIC.engine(second),
            "deepl": DEEPL.engine(third),
            "local": local_engine(),
            "fake": FakeEngine(),
        }
