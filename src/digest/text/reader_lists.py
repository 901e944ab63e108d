"""Lists of readers as CSV: those that other tools export, and our own, read and written. Pure.

Which column means what is told by its heading, as Mailchimp, Substack, Ghost, Buttondown, listmonk, Brevo, MailerLite and
spreadsheets in English and Portuguese name them. Whether a row is somebody who gets mail is told by its state; a row whose
state is not understood is nobody's guess and is skipped by the caller.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from digest.errors import FileFormatError

LARGEST_BYTES = 50_000_000
COLUMNS = ("email", "name", "locale", "audience", "timezone", "frequency", "status")
CONSENT_COLUMNS = ("consent_text", "consent_language", "consent_asked_at", "consent_at", "consent_how")

# Headings in lower case without accents and signs; the first column that fits serves.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "email": ("email", "emailaddress", "subscriberemail", "mail", "enderecodeemail", "correioeletronico", "emails"),
    "name": ("name", "fullname", "nome", "nomecompleto", "subscribername"),
    "first_name": ("firstname", "fname", "primeironome", "givenname"),
    "last_name": ("lastname", "lname", "sobrenome", "surname", "familyname"),
    "locale": ("locale", "language", "lang", "idioma", "lingua"),
    "audience": ("audience", "publico", "grupo", "group"),
    "timezone": ("timezone", "fuso", "fusohorario", "tz"),
    "frequency": ("frequency", "frequencia"),
    "newsletters": ("newsletters", "newsletter", "lists"),
    "status": (
        "status",
        "state",
        "type",
        "situacao",
        "estado",
        "subscribedtoemails",
        "activesubscription",
        "blacklisted",
    ),
    "consent_text": ("consenttext", "consent", "consentimento"),
    "consent_language": ("consentlanguage",),
    "consent_asked_at": ("consentaskedat",),
    "consent_at": (
        "consentat",
        "confirmtime",
        "optintime",
        "confirmedat",
        "subscribedat",
        "subscriptiondate",
        "createdat",
    ),
    "consent_how": ("consenthow",),
}
_ACTIVE = frozenset(
    {"", "active", "enabled", "subscribed", "confirmed", "regular", "ativo", "ativa", "inscrito", "true", "yes"}
)
_LEFT = frozenset({
    "unsubscribed", "disabled", "blocklisted", "blacklisted", "bounced", "cleaned", "complained", "removed", "erased",
    "cancelado", "cancelada", "descadastrado", "descadastrada", "false", "no",
})  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file that names somebody."""

    line: int
    values: Mapping[str, str] = field(repr=False)
    """By our own column names; an empty cell or a column that is not there is left out."""
    state: Literal["active", "left", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderList:
    """What a file says, and which of its columns were understood."""

    rows: tuple[Row, ...]
    understood: tuple[tuple[str, str], ...]
    """(heading in the file, our name)."""
    ignored: tuple[str, ...]


def read_list(data: bytes, *, file: str) -> ReaderList:
    """Read a CSV file. Raises FileFormatError, with the line, where it is none or has no column of addresses."""
    if len(data) > LARGEST_BYTES:
        message = f"{file} is larger than 50 MB. Split it."
        raise FileFormatError(message)
    text = _decoded(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        message = f"{file}, line {reader.line_num}: {error}. Save it again as CSV."
        raise FileFormatError(message) from None
    headings = [cell.strip() for cell in lines[0][1]] if lines else []
    places = _places(headings)
    if "email" not in places:
        message = f"{file} needs a first line that names its columns, one of them email."
        raise FileFormatError(message)
    meaning = {place: name for name, place in places.items()}
    return ReaderList(
        rows=tuple(_row(line, cells, places, headings) for line, cells in lines[1:]),
        understood=tuple((headings[place], meaning[place]) for place in sorted(meaning)),
        ignored=tuple(heading for place, heading in enumerate(headings) if place not in meaning and heading),
    )


def write_list(rows: Iterable[Mapping[str, str]], columns: Sequence[str]) -> str:
    """Return CSV that `read_list` reads back; cells that a spreadsheet would run as formulas get an apostrophe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(row.get(column, "")) for column in columns])
    return text.getvalue()


def _decoded(data: bytes) -> str:
    """Spreadsheets say UTF-16 and UTF-8 by a mark, and write Windows-1252 without one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max((",", ";", "\t"), key=first.count)


def _places(headings: Sequence[str]) -> dict[str, int]:
    plain = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for name, spellings in _HEADINGS.items():
        place = next((plain.index(spelling) for spelling in spellings if spelling in plain), None)
        if place is not None and place not in found.values():
            found[name] = place
    return found


def _plain(heading: str) -> str:
    apart = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(char for char in apart if char.isalnum() and not unicodedata.combining(char))


def _row(line: int, cells: Sequence[str], places: Mapping[str, int], headings: Sequence[str]) -> Row:
    values = {
        name: text
        for name, place in places.items()
        if place < len(cells) and (text := _without_guard(cells[place].strip()))
    }
    if "name" not in values:
        whole = " ".join(values[part] for part in ("first_name", "last_name") if part in values)
        values |= {"name": whole} if whole else {}
    heading = _plain(headings[places["status"]]) if "status" in places else ""
    return Row(line=line, values=values, state=_state(values.get("status", ""), heading))


def _state(written: str, heading: str) -> Literal["active", "left", "unknown"]:
    state = written.casefold()
    if heading == "blacklisted":
        state = {"true": "false", "yes": "no", "false": "true", "no": "yes"}.get(state, state)
    if state in _ACTIVE:
        return "active"
    return "left" if state in _LEFT else "unknown"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
