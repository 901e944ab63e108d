"""`<locale>.po`: the sentences of an issue with their translations, in the states that gettext knows.

The format is that of the GNU gettext manual, "The Format of PO Files"; what its parts mean to us is in DESIGN section 2.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, PoFileParser, unescape, write_po

from digest.adapters.stores.toml_tables import decoded, located
from digest.models.segment import Segment, SegmentState

HUMAN = "human"
_FUZZY = "fuzzy"

# One sentence a line: a change of one sentence is one changed line, and comments are never broken.
_WIDTH = 10_000_000
_CHARSET = re.compile(rb"charset=([A-Za-z0-9_.:-]+)")
_HEADER_BYTES = 4096
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_STRING_LINE = re.compile(r'(?P<obsolete>#~\s*)?(?:(?P<keyword>msg\w+(?:\[\w*\])?)\s+)?"(?:[^"\\]|\\.)*"')
_WORDED_LINE = re.compile(r'(?:#~\s*)?(?:msg|")')
_AFTER = {"": ("msgctxt", "msgid"), "msgctxt": ("msgid",), "msgid": ("msgstr",), "msgstr": ("msgctxt", "msgid")}
"""Which keyword may follow which."""
_ESCAPED_LINE = re.compile(r'(?:#[~|]+\s*)?(?:msg|")')
_BYTES = r"(?:\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{2}))+"
_ESCAPES = re.compile(rf"(?P<bytes>{_BYTES})|\\(?P<control>[abfv])|\\.")
_BYTE = re.compile(r"\\(?:x(?P<hex>..)|(?P<octal>[0-7]{1,3}))")
_CONTROLS = {"a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_MARKED_ORIGIN = re.compile(r"(.*)@([0-9a-f]{8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class PoFile:
    """The entries of a file, and what must survive although no segment holds it."""

    segments: tuple[Segment, ...] = ()
    notes: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Translators' own comments, by (key, source)."""
    obsolete: tuple[tuple[str, str, str], ...] = ()
    """`#~` entries: (key, source, target)."""


class _Entries(Catalog):
    """A catalogue that leaves the header alone and refuses a second entry of one name, which Babel drops in silence."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self._file = file

    def __setitem__(self, id: object, message: Message) -> None:  # noqa: A002 -- the name is Babel's
        if not message.id:
            return
        known = self.get(message.id, message.context)
        if known is None:
            super().__setitem__(message.id, message)
        elif (known.string, known.flags) != (message.string, message.flags):
            told = f"the entry {message.context or message.id!r} stands twice with different words; delete one of them"
            raise located(self._file, message.lineno or 1, told)


def read_po_file(file: str, data: bytes) -> PoFile:
    """Read a PO file; `file` is how errors call it. Raises FileFormatError with file and line.

    Any encoding that the header names is read, with or without a byte order mark, with any line ends.
    """
    lines = _text(file, data).replace("\r\n", "\n").split("\n")
    _check_lines(file, lines)
    lines = [_without_byte_escapes(file, number, line, _charset(data)) for number, line in enumerate(lines, 1)]
    catalog = _Entries(file)
    # What an obsolete entry said before is of no use any more, and Babel can not read it.
    kept = ["" if line.lstrip().startswith("#~|") else line for line in lines]
    try:
        PoFileParser(catalog, abort_invalid=True).parse(kept)
    except PoFileError as error:
        message = str(error).rpartition(" on ")[0]
        raise located(file, error.lineno + 1, f"not a valid PO file: {message}") from error
    messages = [message for message in catalog if message.id]
    return PoFile(
        segments=tuple(_segment(message) for message in messages),
        notes={(message.context or "", str(message.id)): _notes(message) for message in messages if _notes(message)},
        obsolete=tuple(_words(message) for message in catalog.obsolete.values()),
    )


def _check_lines(file: str, lines: Sequence[str]) -> None:
    """Raise for what Babel would read in silence as other words than those that stand there."""
    last, last_obsolete = "", False
    for number, line in enumerate(map(str.strip, lines), 1):
        if not _WORDED_LINE.match(line):
            continue
        found = _STRING_LINE.fullmatch(line)
        if found is None:
            raise located(file, number, 'not a line of a PO file; text stands in quotes, with \\" for a quote in it')
        keyword, obsolete = found["keyword"], bool(found["obsolete"])
        if keyword is None:
            continue
        begun = last in {"msgctxt", "msgid"}
        if keyword not in _AFTER[last] or (begun and obsolete != last_obsolete):
            raise located(file, number, f"{keyword} has no place here; an entry is msgctxt, msgid, msgstr, no plurals")
        last, last_obsolete = keyword, obsolete
    if last in {"msgctxt", "msgid"}:
        raise located(file, len(lines), f"the last entry ends after its {last}")


def _without_byte_escapes(file: str, number: int, line: str, charset: str) -> str:
    """Return a line with letters where `msgcat --escape` wrote bytes in octal; Babel would read the digits."""
    if "\\" not in line or not _ESCAPED_LINE.match(line.lstrip()):
        return line

    def letters(found: re.Match[str]) -> str:
        if found["control"]:
            return _CONTROLS[found["control"]]
        if not found["bytes"]:
            return found.group()
        values = [int(one["hex"] or one["octal"], 16 if one["hex"] else 8) for one in _BYTE.finditer(found["bytes"])]
        try:
            said = bytes(values).decode(charset)
        except ValueError as error:
            told = f"{found.group()} is no text in the encoding {charset}; write the letter itself"
            raise located(file, number, told) from error
        return said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")

    return _ESCAPES.sub(letters, line)


def po_bytes(segments: Sequence[Segment], before: PoFile, *, project: str, locale: str) -> bytes:
    """Return the file of these segments; nothing in it depends on the clock.

    From `before` stay the translators' comments, the obsolete entries, and as obsolete entries the translations that no
    segment holds any more. A segment without a source can not be written in this format and is left out.
    """
    catalog = Catalog()
    for segment in segments:
        if segment.source:
            message = _message(segment, before.notes.get((segment.key, segment.source), ()))
            catalog[segment.source] = message
            # Babel takes "50 % de" for a placeholder of a program.
            message.flags = {_FUZZY} if _is_fuzzy(segment) else set()
    for key, source, target in _obsolete(segments, before):
        catalog.obsolete[f"{key}\0{source}"] = Message(source, target, context=key or None)
    file = BytesIO()
    write_po(file, catalog, width=_WIDTH, omit_header=True, include_previous=True)
    return _header(project, locale) + file.getvalue().rstrip(b"\n") + b"\n"


def _charset(data: bytes) -> str:
    charset = _CHARSET.search(data[:_HEADER_BYTES])
    name = charset[1].decode("ascii") if charset else "utf-8"
    return "utf-8" if name.lower() in {"utf-8", "utf8", "charset"} else name


def _text(file: str, data: bytes) -> str:
    name = _charset(data)
    if name == "utf-8":
        return decoded(file, data)
    try:
        return data.decode(name)
    except (LookupError, UnicodeError) as error:
        raise located(file, 1, f"the header says {name!r}, but the text is not; save it as UTF-8") from error


def _segment(message: Message) -> Segment:
    key, source, target = _words(message)
    previous = _previous(message.user_comments)
    comments = [comment.partition(":") for comment in message.auto_comments]
    state = _state(target, previous, fuzzy=_FUZZY in message.flags)
    return Segment(
        key=key,
        source=source,
        target=target,
        state=state,
        origin=_origin([rest.strip() for name, _, rest in comments if name == "origin"], target),
        previous_source=previous if state == "needs_edit" and previous != source else None,
        findings=tuple(rest.strip() for name, _, rest in comments if name == "finding"),
        glossary=next((rest.strip() for name, _, rest in comments if name == "glossary"), "") if target else "",
    )


def _words(message: Message) -> tuple[str, str, str]:
    target = str(message.string or "")
    return message.context or "", str(message.id), target if target.strip() else ""


def _state(target: str, previous: str | None, *, fuzzy: bool) -> SegmentState:
    if not target:
        return "untranslated"
    if not fuzzy:
        return "approved"
    return "draft" if previous is None else "needs_edit"


def _origin(origins: Sequence[str], target: str) -> str:
    """Whoever changed the words of a machine without changing its mark is a person."""
    if not origins or not target:
        return ""
    marked = _MARKED_ORIGIN.fullmatch(origins[0])
    if marked is None:
        return origins[0]
    return marked[1] if marked[2] == _mark(target) else HUMAN


def _previous(comments: Iterable[str]) -> str | None:
    """Return what `#| msgid` says, in one line or several."""
    said = " ".join(comment.removeprefix("|").strip() for comment in comments if comment.startswith("|"))
    _, found, strings = said.partition("msgid ")
    return "".join(unescape(string) for string in _STRING.findall(strings)) if found else None


def _notes(message: Message) -> tuple[str, ...]:
    return tuple(comment for comment in message.user_comments if comment and not comment.startswith("|"))


def _message(segment: Segment, notes: Sequence[str]) -> Message:
    target = segment.target if segment.target.strip() else ""
    comments = [f"finding: {line}" for finding in segment.findings if (line := " ".join(finding.split()))]
    if segment.origin and target:
        mark = "" if segment.origin == HUMAN else f"@{_mark(target)}"
        comments.insert(0, f"origin: {' '.join(segment.origin.split())}{mark}")
    if segment.glossary and target:
        comments.insert(1, f"glossary: {segment.glossary}")
    # Where nobody knows what the source said before, its own words hold the state.
    previous = (segment.previous_source or segment.source,) if segment.state == "needs_edit" and target else ()
    return Message(
        segment.source,
        target,
        auto_comments=[_ended(comment) for comment in comments],
        user_comments=[_ended(note) for note in notes],
        previous_id=previous,
        context=segment.key or None,
    )


def _ended(comment: str) -> str:
    """For gettext a line that ends with a backslash goes on in the next one: it would swallow the flag of a draft."""
    return f"{comment} ." if comment.rstrip().endswith("\\") else comment


def _is_fuzzy(segment: Segment) -> bool:
    return bool(segment.target.strip()) and segment.state != "approved"


def _obsolete(segments: Sequence[Segment], before: PoFile) -> list[tuple[str, str, str]]:
    """People's words are kept, unless a segment carries them on; the machine can make its own again."""
    held = {(segment.key, segment.source) for segment in segments}
    carried = {(segment.previous_source or segment.source, segment.target) for segment in segments}
    dropped = [
        (segment.key, segment.source, segment.target)
        for segment in before.segments
        if segment.state == "approved" or (segment.target and segment.origin == HUMAN)
    ]
    entries = {(key, source): target for key, source, target in (*before.obsolete, *dropped)}
    return [
        (key, source, target)
        for (key, source), target in entries.items()
        if (key, source) not in held and (source, target) not in carried
    ]


def _mark(target: str) -> str:
    return hashlib.sha256(target.encode("utf-8", "replace")).hexdigest()[:8]


def _header(project: str, locale: str) -> bytes:
    fields = (
        f"Project-Id-Version: {project}",
        f"Language: {locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {_plural_forms(locale)}",
    )
    return ('msgid ""\nmsgstr ""\n' + "".join(f'"{field}\\n"\n' for field in fields) + "\n").encode()


def _plural_forms(locale: str) -> str:
    try:
        return str(get_plural(locale).plural_forms)
    except (UnknownLocaleError, ValueError):
        return "nplurals=2; plural=(n != 1);"
