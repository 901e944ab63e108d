"""The author's three headings, in both her languages, and what stands under each."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal

from digest.models.article import HEADINGS, Block, Heading

BlockLabel = Heading | Literal["introduction", "other", "heading"]
"""Where a block stands: before the first of her headings, under one, in an appendix, or a heading itself."""

_LONGEST = 90
"""Characters; a longer line is a sentence that begins like a heading."""

_MOST_WORDS = 4
"""Of a paragraph that is taken for a heading."""

_ARTICLE = r"(?:(?:the|this|these|our|some|its|their|o|os|a|as|um|uma|alguns|algumas|estes|seus|suas)\s+)?"
_ADJECTIVE = r"(?:(?:main|key|new|recent|clinical|practical|study|research|important|possible|what the)\s+)?"
_TAIL = (
    r"(?:\s+(?:of|for|and|on|in|to|about|from|behind|say|show|at|de|da|do|dos|das|para|e|em|na|no|sobre|por|a|"
    r"dizem|mostram|clinicas|praticas|principais|recentes)\b.*)?"
)
# Limitations come first: "Study limitations" and "Limitations of the studies" are limitations.
_FORMS: tuple[tuple[Heading, re.Pattern[str]], ...] = (
    (
        "limitations",
        re.compile(
            rf"{_ARTICLE}(?:{_ADJECTIVE}(?:limitations?|limits|caveats?)|(?:principais\s+)?(?:limitacoes|limitacao|limites|ressalvas))"
            rf"{_TAIL}"
        ),
    ),
    (
        "implications",
        re.compile(
            rf"{_ARTICLE}(?:{_ADJECTIVE}implications?|(?:principais\s+)?(?:implicacoes|implicacao)"
            rf"|what (?:this|it|that) (?:all )?means|o que (?:isso|isto) (?:significa|quer dizer)){_TAIL}"
        ),
    ),
    (
        "studies",
        re.compile(
            rf"{_ARTICLE}(?:{_ADJECTIVE}(?:stud(?:y|ies)|research|evidence)"
            rf"|(?:o que\s+)?(?:os\s+|as\s+)?(?:novos\s+|principais\s+)?(?:estudos?|pesquisas?|evidencias?)){_TAIL}"
        ),
    ),
)
_APPENDIX = re.compile(
    r"(?:references?|bibliography|works cited|sources?|literature|further reading|notes?|footnotes|about .*|comments?"
    r"|share .*|related .*|copyright|acknowledge?ments?|disclaimer|referencias?(?: bibliograficas)?|bibliografia"
    r"|fontes?|leituras?.*|para saber mais|notas?|sobre (?:a|o) autora?.*|comentarios?|compartilh.*|relacionad.*"
    r"|agradecimentos?|aviso)"
)
_EDGES = re.compile(r"^[\W\d_]+|[\W_]+$")


def heading_of(text: str) -> Heading | None:
    """Return which of the three headings a line is, or None.

    English and Portuguese forms; case, accents, numbering, a leading article and a final colon do not matter.
    """
    line = _plain(text)
    if not line or len(line) > _LONGEST:
        return None
    return next((heading for heading, form in _FORMS if form.fullmatch(line)), None)


def is_heading_line(block: Block) -> bool:
    """Whether a paragraph is one of the three headings, set in bold instead of as a heading."""
    return block.kind == "paragraph" and _looks_like_heading(block.text) and heading_of(block.text) is not None


def labels_of(blocks: Sequence[Block]) -> tuple[BlockLabel, ...]:
    """Return one label a block.

    A heading that is not hers stays inside the section (a sub-heading), but one that opens an appendix (references,
    about the author) makes what follows `other`.
    """
    labels: list[BlockLabel] = []
    current: BlockLabel = "introduction"
    for block in blocks:
        opened = _opened_by(block)
        if opened is None:
            labels.append("heading" if block.kind == "heading" else current)
        else:
            current = opened
            labels.append("heading")
    return tuple(labels)


def sections_of(blocks: Sequence[Block]) -> Mapping[Heading, tuple[str, ...]]:
    """Return the paragraphs and items under each of her headings; a heading that is absent is not a key."""
    labelled = list(zip(labels_of(blocks), blocks, strict=True))
    found = {heading: tuple(block.text for label, block in labelled if label == heading) for heading in HEADINGS}
    return {heading: texts for heading, texts in found.items() if texts}


def introduction_of(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the paragraphs before the first of her headings; all of them where she used none."""
    return tuple(block.text for label, block in zip(labels_of(blocks), blocks, strict=True) if label == "introduction")


def _opened_by(block: Block) -> BlockLabel | None:
    if block.kind == "item":
        return None
    if block.kind == "paragraph" and not _looks_like_heading(block.text):
        return None
    heading = heading_of(block.text)
    if heading is None and block.kind == "heading" and _APPENDIX.fullmatch(_plain(block.text)):
        return "other"
    return heading


def _looks_like_heading(text: str) -> bool:
    """A paragraph is taken for a heading only if it is one line of a few words that does not end as a sentence."""
    line = text.strip()
    return len(line.split()) <= _MOST_WORDS and not line.endswith((".", "!", "?", "…"))


def _plain(text: str) -> str:
    """Fold case, accents and white space; drop numbering, bullets and a final colon."""
    decomposed = unicodedata.normalize("NFKD", text[: 4 * _LONGEST])
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_EDGES.sub("", _EDGES.sub("", bare.strip())).split()).casefold()
