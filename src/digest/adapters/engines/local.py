"""Firefox Translations on this machine, through the package `fxtranslate` (extra `[local]`).

Models are fetched by `digest models fetch` and then read from their folder: translating never asks the network. The
package cuts in silence what is too long for a model, so it gets one sentence at a time, and links stay outside.
"""

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from digest.models.engine import Draft, EngineFailure, Translated, TranslationRequest, TranslationResult
from digest.text.batches import joined, parted
from digest.text.draft_faults import restored_translation
from digest.text.language import primary_subtag
from digest.text.placeholders import Protected, around_links

PACKAGE = "fxtranslate"
MODEL_ROLES = {
    "model.": "model",
    "vocab.": "vocab",
    "srcvocab.": "src_vocab",
    "trgvocab.": "trg_vocab",
    "lex.": "shortlist",
}
"""What a file of a model is, by the beginning of its name as Mozilla calls it."""
_FETCH = "Run `digest models fetch` once with a connection, or write the text yourself."


class LocalModel(Protocol):
    """One direction of translation."""

    def translate(self, text: str) -> str:
        """Translate one sentence."""
        ...


class ModelMissingError(Exception):
    """The model or the package is not on this machine; the message says what to do."""


class FirefoxTranslations:
    """Translator over models in a folder; `load` returns the model of (source, target) or raises ModelMissingError."""

    def __init__(self, load: Callable[[str, str], LocalModel], *, release: str) -> None:
        self._load = load
        self._release = release

    @property
    def name(self) -> str:
        """Package and release."""
        return f"{PACKAGE}:{self._release}"

    def translate(self, requests: Sequence[TranslationRequest]) -> tuple[TranslationResult, ...]:
        """Translate each story's sentences, one after the other: a model belongs to its thread."""
        models: dict[tuple[str, str], LocalModel | EngineFailure] = {}
        results: list[TranslationResult] = []
        for request in requests:
            pair = (primary_subtag(request.source_language), primary_subtag(request.locale))
            if pair not in models:
                models[pair] = self._model(*pair)
            model = models[pair]
            parts = parted(request)
            done: list[TranslationResult] = [
                model if isinstance(model, EngineFailure) else self._translated(part, model) for part in parts
            ]
            results.append(joined(request, done))
        return tuple(results)

    def _model(self, source: str, target: str) -> LocalModel | EngineFailure:
        try:
            return self._load(source, target)
        except ModelMissingError as error:
            return EngineFailure(kind="absent", reason=f"local: {error}", mend=_FETCH)

    def _translated(self, request: TranslationRequest, model: LocalModel) -> Translated:
        origin = f"{self.name}/{primary_subtag(request.source_language)}-{primary_subtag(request.locale)}"
        drafts: list[Draft] = []
        notes: list[str] = []
        for passage in request.passages:
            text, fault = _sentence(passage.text, model, request)
            if fault:
                notes.append(f"{passage.key}: the answer was left out, since {fault}")
            else:
                drafts.append(Draft(key=passage.key, text=text, origin=origin))
        return Translated(drafts=tuple(drafts), notes=tuple(notes))


def _sentence(text: str, model: LocalModel, request: TranslationRequest) -> tuple[str, str]:
    pieces: list[str] = []
    for piece, is_link in around_links(text):
        pieces.append(piece if is_link or not any(char.isalpha() for char in piece) else _piece(piece, model))
    whole = " ".join("".join(pieces).split())
    links = tuple(piece for piece, is_link in around_links(text) if is_link)
    # The links are ours, so the checks of a draft see the words without them.
    bare = whole
    for link in links:
        bare = bare.replace(link, "", 1)
    bare_source = "".join(piece for piece, is_link in around_links(text) if not is_link)
    asked = Protected(text=bare_source, values=())
    made, fault = restored_translation(bare, asked, source_language=request.source_language, locale=request.locale)
    return (whole if made else "", fault)


def _piece(piece: str, model: LocalModel) -> str:
    """Translate the words and keep the white space around them."""
    before = piece[: len(piece) - len(piece.lstrip())]
    after = piece[len(piece.rstrip()) :]
    try:
        return f"{before}{model.translate(piece.strip())}{after}"
    except ValueError:
        return ""


def load_model(folder: Path) -> Callable[[str, str], LocalModel]:
    """Return the loader over the models in a folder, which never asks the network."""

    def load(source: str, target: str) -> LocalModel:
        try:
            import fxtranslate
        except ImportError:
            raise ModelMissingError('the package is not installed; install "article-digest[local]".') from None
        files = _files(folder, source, target)
        try:
            model: LocalModel = fxtranslate.Translator(**files)
        except ValueError as error:
            raise ModelMissingError(f"the model {source}-{target} can not be used: {error}.") from None
        return model

    return load


def _files(folder: Path, source: str, target: str) -> dict[str, bytes]:
    """The arguments of `fxtranslate.Translator`. Raises ModelMissingError."""
    pair = folder / f"{source}-{target}"
    try:
        paths = sorted(path for path in pair.iterdir() if path.is_file())
        found = {role: path.read_bytes() for path in paths if (role := _role(path.name))}
    except OSError:
        raise ModelMissingError(f"the model {source}-{target} is not on this machine.") from None
    if vocabulary := found.pop("vocab", None):
        found |= {"src_vocab": vocabulary, "trg_vocab": vocabulary}
    if not found.keys() >= {"model", "src_vocab", "trg_vocab"}:
        raise ModelMissingError(f"the model {source}-{target} is not complete.")
    return found


def _role(name: str) -> str:
    return next((role for beginning, role in MODEL_ROLES.items() if name.startswith(beginning)), "")


def has_models(folder: Path) -> bool:
    """Whether a folder holds the model of any pair."""
    return any(_role(path.name) == "model" for path in folder.glob("*-*/*"))


def installed_release() -> str | None:
    """Return the version of the package, or None where it is not installed; nothing is loaded."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None
