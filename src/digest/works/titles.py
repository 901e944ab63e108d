"""When two titles are the same: spelling, markup, accents and one slip of the pen do not count, every other word does.

A number, "part II", "a reply" or another population makes another study, so that a likeness in per cent decides nothing.
"""

import html
import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

Likeness = Literal["equal", "main", "longer", "close", "other"]
"""`main`: the cited title is the record's without its subtitle; `longer`: the record's is the cited one without its."""

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’‘`\u00b4](?=\w)")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "\u0131": "i"})
_EDITORIAL = re.compile(
    r"^\W{0,3}(?:retracted(?:\s+article)?|withdrawn|retratado|retratação)\s*[:\]\-–]\s*", re.IGNORECASE
)
_SUBTITLE = re.compile(r"\s*(?::|[?!]\s|\s[-–—]\s|—|\.\s)\s*")
_SEQUEL = re.compile(
    r"\b(?:parts?|partes?|[ivx]{1,4}|[2-9]|volume|vol|study|estudo|follow ?up|seguimento|acompanhamento|repl\w+|resposta|response"
    r"|comment\w*|comentario\w*|errat\w+|corr\w+|revisit\w*|update\w*|atualiza\w*|extension|retract\w*|introduction"
    r"|introducao|addendum|protocol\w*|years? later|anos depois)\b"
)
_LIGHT = frozenset(["a", "an", "the", "and", "o", "os", "as", "e", "um", "uma"])
# British and American spellings of one word.
_SPELLINGS = (
    (re.compile(r"is(ation|ations|ing|ed|e|es|er|ers)$"), r"iz\1"),
    (re.compile(r"^(behavi|col|fav|hon|lab|neighb|hum)our"), r"\1or"),
    (re.compile(r"^(p)aed"), r"\1ed"),
    (re.compile(r"^ageing$"), "aging"),
    (re.compile(r"^programmes?$"), "program"),
    (re.compile(r"^centre"), "center"),
    (re.compile(r"ll(ed|ing|or|ors)$"), r"l\1"),
)
_MADE_FROM_ANOTHER = re.compile(
    r"\b(?:reply|response|comment(?:ary)?|erratum|correction|corrigendum|review|resposta|réplica|comentário|errata|resenha)"
    r"\s+(?:to|on|of|a|à|ao|sobre|de|da|do)\W*$",
    re.IGNORECASE,
)
_SHORTEST_SLIP = 5
"""Letters: in a shorter word one letter makes another word."""

_WORDS_PER_SLIP = 6
_SHORTEST_MAIN = 4
_CLOSE = 0.72
_LONGEST_TITLE = 600


@lru_cache(maxsize=50_000)
def title_words(text: str) -> tuple[str, ...]:
    """Return the words of a title that count, folded and in order."""
    return tuple(_spelling(word) for word in fold(text) if word not in _LIGHT)


@lru_cache(maxsize=50_000)
def fold(text: str) -> tuple[str, ...]:
    """Return all words: no markup, no accents, lower case."""
    plain = _EDITORIAL.sub("", _TAG.sub(" ", html.unescape(text[:_LONGEST_TITLE])))
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHE.sub("", plain).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_LETTERS)
    return tuple(_WORD.findall(bare))


def is_sequel(record: str) -> bool:
    """Whether a subtitle makes another work of the same main title: its second part, a reply, a follow-up."""
    return _SEQUEL.search(" ".join(fold(record)[len(fold(main_title(record))) :])) is not None


def made_from_another(before: str) -> bool:
    """Whether the words before a title say that a reply to it, a review or an erratum of it is meant."""
    return _MADE_FROM_ANOTHER.search(before[-40:]) is not None


@lru_cache(maxsize=50_000)
def main_title(text: str) -> str:
    """Return a title without its subtitle."""
    plain = _TAG.sub(" ", html.unescape(text[:_LONGEST_TITLE])).strip()
    return _SUBTITLE.split(plain, maxsplit=1)[0]


def likeness(cited: str, record: str, *, may_be_close: bool = True) -> Likeness:
    """Say how a title that somebody wrote stands to the title of a record; `close` takes the longest to find out."""
    mine, theirs = title_words(cited), title_words(record)
    if not mine or not theirs:
        return "other"
    if same_words(mine, theirs):
        return "equal"
    if len(mine) >= _SHORTEST_MAIN and same_words(mine, title_words(main_title(record))):
        return "main"
    if len(theirs) >= _SHORTEST_MAIN and same_words(title_words(main_title(cited)), theirs):
        return "longer"
    return "close" if may_be_close and _nearness(mine, theirs) >= _CLOSE else "other"


def same_words(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two titles have the same words; a hyphen more and a slip of the pen in a long word are the same."""
    if one == other or "".join(one) == "".join(other):
        return True
    if len(one) != len(other):
        return False
    differing = [(left, right) for left, right in zip(one, other, strict=True) if left != right]
    allowed = max(1, len(one) // _WORDS_PER_SLIP)
    return len(one) >= _SHORTEST_MAIN and len(differing) <= allowed and all(_slip(*pair) for pair in differing)


def _nearness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _CLOSE:
        shorter, longer = sorted((set(one), set(other)), key=len)
        return len(shorter & longer) / len(shorter) if len(shorter) >= _SHORTEST_MAIN else 0.0
    return max(matcher.ratio(), len({*one} & {*other}) / max(len({*one}), len({*other})))


def _slip(one: str, other: str) -> bool:
    """Whether two long words differ by one letter missing, added, changed or swapped, but never by the first."""
    if min(len(one), len(other)) < _SHORTEST_SLIP or one[0] != other[0] or not (one.isalpha() and other.isalpha()):
        return False
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) > len(other):
        one, other = other, one
    at = next((place for place, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]


def _spelling(word: str) -> str:
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word
