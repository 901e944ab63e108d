"""Finds the names of people in prose, in English and Portuguese."""

import re

from digest.works.names import JOINS, OTHERS, PARTICLES, TITLES

_OPENERS = frozenset(
    "see e.g eg read in from by source veja ver leia em por de fonte cf also and e the segundo conforme para when while if as"
    " com a o os como".split()
)
_INITIAL = re.compile(r"(?:[A-Z]\.?-?){1,4}")
_LONGEST_PREDICATE = 8
"""Words: "wrote about it", "demonstraram mais uma vez"."""

_LONGEST_RUN = 60
"""Words; more are no list of authors that somebody writes in prose."""


def authors_at_end(text: str) -> str:
    """Return the names that a text ends with, or an empty text; the text has single blanks."""
    words = text.split()
    first = len(words)
    while first > max(0, len(words) - _LONGEST_RUN) and _may_be_of_a_name(words[first - 1]):
        first -= 1
    names = words[first:]
    joined = without_openers(" ".join(names))
    return joined if are_people(joined.split()) else ""


def authors_before_verb(text: str) -> str:
    """Return the names in a clause that ends with what they did: "As Ana Lima and her team showed"."""
    words = text.split()
    for _ in range(_LONGEST_PREDICATE):
        if not words or not words[-1].islower() or bare(words[-1]) in OTHERS:
            break
        words.pop()
        if authors := authors_at_end(" ".join(words)):
            return authors
    return ""


def full_names(text: str) -> str:
    """Return a whole text that lists two or more full names and nothing else, or an empty text."""
    parts = [part.split() for part in text.strip().split(",")]
    named = all(len(_capitals(part)) > 1 and all(map(_may_be_of_a_name, part)) for part in parts)
    return text.strip() if len(parts) > 1 and named else ""


def _capitals(words: list[str]) -> list[str]:
    return [word for word in words if word[:1].isupper()]


def authors_at_start(text: str) -> str:
    """Return the names that a text begins with, or an empty text; the text has single blanks."""
    words = text.split(maxsplit=_LONGEST_RUN)[:_LONGEST_RUN]
    stop = 0
    while stop < len(words) and _may_be_of_a_name(words[stop]):
        stop += 1
    while stop and words[stop - 1] in JOINS | PARTICLES:
        stop -= 1
    return " ".join(words[:stop]).rstrip(",;") if are_people(words[:stop]) else ""


def without_openers(authors: str) -> str:
    """Return names without the words that lead up to them: "See", "Segundo"."""
    names = authors.split()
    while names and bare(names[0]) in _OPENERS:
        names = names[1:]
    return " ".join(names).rstrip(",;")


def _may_be_of_a_name(word: str) -> bool:
    plain = bare(word)
    if plain in OTHERS or plain in JOINS or plain in PARTICLES:
        return not word.endswith(":")
    # A full stop ends a sentence unless it ends an initial or a title; a colon ends what stands before it.
    if word.endswith((".", "!", "?", ":")) and not _INITIAL.fullmatch(word) and plain not in TITLES:
        return False
    return word[:1].isupper()


def are_people(words: list[str]) -> bool:
    """Whether words that could be names say that they are: by a title, "and others", initials, or a list of names.

    Two capitalised words alone are no proof: `Attachment Theory: An Overview (2010)` names no author.
    """
    plain = [bare(word) for word in words]
    names = [word for word in words if word[:1].isupper() and bare(word) not in TITLES]
    if not names:
        return False
    if any(word in TITLES or word in OTHERS for word in plain) or has_initials(" ".join(words)):
        return True
    # Names on both sides of "and": "Grace Lima and her" is one person and the beginning of something else.
    joined = " ".join("&" if bare(word) in JOINS else word for word in words).split("&")
    return sum(1 for part in joined if _capitals(part.split())) > 1


def has_initials(text: str) -> bool:
    """Whether a word is an initial with its full stop."""
    return any(_INITIAL.fullmatch(word.rstrip(",;")) and "." in word for word in text.split())


def bare(word: str) -> str:
    """Return a word without the signs around it, in lower case."""
    return word.strip(".,;:()[]\"“”'‘’").lower()
