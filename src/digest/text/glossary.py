"""`glossary.csv`: reading it, and finding its terms in a text whatever their number and gender."""

import csv
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO

from digest.errors import FileFormatError
from digest.models.glossary import Glossary, Term
from digest.text.language import primary_subtag

COLUMNS = ("en", "pt_BR", "forbidden", "note", "source")
LARGEST_BYTES = 1_000_000
_FORMS = re.compile(r"[;|\n]")
_DELIMITERS = ",;\t"
_TOKEN = re.compile(r"[^\W_]+")


def read_glossary(file: str, data: bytes) -> Glossary:
    """Read a glossary; `file` is how errors call it. Raises FileFormatError with file and line.

    UTF-8 with or without a byte order mark, commas, semicolons or tabs between the columns, in any order; `en` and
    `pt_BR` have to be there.
    """
    rows = _rows(file, _text(file, data))
    _, header = next(rows, (1, []))
    columns = [name.strip().replace("-", "_") for name in header]
    for name in columns:
        if name not in COLUMNS or columns.count(name) > 1:
            raise _located(file, 1, f"the column {name!r} is not known or stands twice; use {', '.join(COLUMNS)}")
    if not {"en", "pt_BR"} <= set(columns):
        raise _located(file, 1, f"the first line has to name the columns: {','.join(COLUMNS)}")
    terms = tuple(_term(file, line, dict(zip(columns, cells, strict=False)), cells, columns) for line, cells in rows)
    return glossary_of(terms)


def glossary_of(terms: Iterable[Term]) -> Glossary:
    """Return a glossary of terms with its fingerprint."""
    listed = tuple(terms)
    return Glossary(terms=listed, fingerprint=hashlib.sha256(repr(listed).encode("utf-8", "replace")).hexdigest())


def merged(seed: Glossary, own: Glossary) -> Glossary:
    """Return the author's glossary with what it leaves open: a seed term that she names, in either language, is hers."""
    hers = {form.casefold() for term in own.terms for form in (*term.en, *term.pt)}
    left = (term for term in seed.terms if not any(form.casefold() in hers for form in (*term.en, *term.pt)))
    return glossary_of((*own.terms, *left))


def _text(file: str, data: bytes) -> str:
    if len(data) > LARGEST_BYTES:
        raise _located(file, 1, "the file is larger than 1 MB; a glossary is a few hundred lines")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _located(file, line, "the text is not UTF-8; save the file as CSV UTF-8") from None
    if "\0" in text:
        raise _located(file, text[: text.index("\0")].count("\n") + 1, "there is a NUL character; this is no text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _rows(file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every row that is not blank."""
    header = text.lstrip("\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(StringIO(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _located(file, line, f"this row can not be read ({error}); close every quote that is opened") from None


def _term(file: str, line: int, row: Mapping[str, str], cells: Sequence[str], columns: Sequence[str]) -> Term:
    if len(cells) > len(columns):
        told = f"this row has {len(cells)} cells and the first line {len(columns)}; put a cell with commas in quotes"
        raise _located(file, line, told)
    en, pt, forbidden = (_forms(row.get(name, "")) for name in ("en", "pt_BR", "forbidden"))
    if not forbidden and not (en and pt):
        raise _located(file, line, "a term needs both languages, or at least a forbidden word")
    shared = {form.casefold() for form in forbidden} & {form.casefold() for form in (*en, *pt)}
    if shared:
        raise _located(file, line, f"{min(shared)!r} is both the term and forbidden")
    note, source = (" ".join(row.get(name, "").split()) for name in ("note", "source"))
    return Term(en=en, pt=pt, forbidden=forbidden, note=note, source=source)


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(form for part in _FORMS.split(cell) if (form := " ".join(part.split())))


def _located(file: str, line: int, message: str) -> FileFormatError:
    return FileFormatError(f"{file}, line {line}: {message}.")


@dataclass(frozen=True, slots=True)
class Hit:
    """A term, or a forbidden word of it, as it stands in a text."""

    term: int
    """Its place in the glossary."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Form:
    term: int
    stems: tuple[str, ...]
    acronym: str
    """The form itself where it is written in capitals: `EFT` is not `eft`."""


_Index = Mapping[str, tuple[_Form, ...]]


def terms_in(glossary: Glossary, text: str, language: str) -> tuple[Hit, ...]:
    """Return the terms that a text uses, in order; of `attachment theory` and `attachment` the longer counts."""
    found: list[Hit] = []
    for hit in _hits(_index(glossary, primary_subtag(language), forbidden=False), text, language):
        if not found or hit.start >= found[-1].end:
            found.append(hit)
    return tuple(found)


def uses_of(glossary: Glossary, text: str, language: str) -> tuple[Hit, ...]:
    """Return every use of every term, also inside longer ones."""
    return tuple(_hits(_index(glossary, primary_subtag(language), forbidden=False), text, language))


def forbidden_in(glossary: Glossary, text: str, language: str) -> tuple[Hit, ...]:
    """Return the forbidden words that a text uses."""
    return tuple(_hits(_index(glossary, primary_subtag(language), forbidden=True), text, language))


def _hits(index: _Index, text: str, language: str) -> Iterator[Hit]:
    if not index:
        return
    places, stems = _stems_of(text, primary_subtag(language))
    for at, stem in enumerate(stems):
        for form in index.get(stem, ()):
            after = at + len(form.stems)
            if stems[at:after] != form.stems:
                continue
            start, end = places[at][0], places[after - 1][1]
            if not form.acronym or form.acronym in text[start:end]:
                yield Hit(form.term, start, end)


# The same text is asked for its terms and for forbidden words.
@lru_cache(maxsize=4)
def _stems_of(text: str, language: str) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
    tokens = list(_TOKEN.finditer(text))
    return tuple([token.span() for token in tokens]), tuple([_stem(token[0].lower(), language) for token in tokens])


@lru_cache(maxsize=16)
def _index(glossary: Glossary, language: str, *, forbidden: bool) -> _Index:
    """Map the first stem of each form to the forms that begin with it, longest first."""
    forms: dict[str, list[_Form]] = {}
    for number, term in enumerate(glossary.terms):
        listed = term.forbidden if forbidden else {"en": term.en, "pt": term.pt}.get(language, ())
        for form in listed:
            stems = tuple(_stem(token.lower(), language) for token in _TOKEN.findall(form))
            if stems:
                acronym = form if form.isupper() and len(form) > 1 else ""
                forms.setdefault(stems[0], []).append(_Form(number, stems, acronym))
    return {stem: tuple(sorted(listed, key=lambda form: -len(form.stems))) for stem, listed in forms.items()}


_PORTUGUESE_ENDS = (
    (re.compile(r"(?:oes|aes|aos)\Z"), "ao"),
    (re.compile(r"(?<=[aeou])is\Z"), "l"),
    (re.compile(r"ns\Z"), "m"),
    (re.compile(r"(?<=[^aeiou])[aoe]s?\Z|(?<=[aeiou])s\Z"), ""),
)
_ENGLISH_ENDS = (
    (re.compile(r"ies\Z"), "y"),
    (re.compile(r"(?:is|es|e)\Z|(?<=[^su])s\Z"), ""),
)
_SAME = {
    "do": "de", "da": "de", "dos": "de", "das": "de", "no": "em", "na": "em", "nos": "em", "nas": "em",
    "ao": "a", "aos": "a", "as": "a", "à": "a", "às": "a",
}  # fmt: skip
_AMERICAN = (("isation", "ization"), ("our", "or"), ("ising", "izing"), ("ised", "ized"))
_SHORT = 3


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    """Return a word (lower case) without accents, number and gender; British and American spelling are one."""
    if language == "pt" and word in _SAME:
        return _SAME[word]
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    for british, american in _AMERICAN if language == "en" else ():
        plain = plain.replace(british, american)
    for ending, instead in _PORTUGUESE_ENDS if language == "pt" else _ENGLISH_ENDS:
        shorter, count = ending.subn(instead, plain)
        if count and len(shorter) >= _SHORT:
            return shorter
    return plain
