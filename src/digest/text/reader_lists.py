"""Lists of readers as CSV: those that other tools export, and our own, read and written. Pure.

Which column means what is told by its heading, as Mailchimp, Substack, Ghost, Buttondown, listmonk, Brevo, MailerLite, Kit,
beehiiv, Google Contacts, Outlook and spreadsheets in English and Portuguese name them. Whether a row is somebody who gets mail
is told by its state, by a column that only those who left have (Mailchimp writes them to a file of their own, without a state),
or by the name that Mailchimp gives that file. A row whose state is not understood is nobody's guess and is skipped by the caller.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from digest.errors import FileFormatError

RowState = Literal["active", "left", "complained", "unknown"]
"""Whom a row is about: who complained left as well, and is never asked again."""

LARGEST_BYTES = 50_000_000
COLUMNS = ("email", "name", "locale", "audience", "timezone", "frequency", "status")
CONSENT_COLUMNS = ("consent_text", "consent_language", "consent_asked_at", "consent_at", "consent_how")

# Headings in lower case without accents and signs; the first column that fits serves.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "email": (
        "email",
        "emailaddress",
        "subscriberemail",
        "email1value",
        "primaryemail",
        "mail",
        "enderecodeemail",
        "correioeletronico",
        "emails",
        "subscriber",
    ),
    "name": ("name", "fullname", "nome", "nomecompleto", "subscribername", "displayname"),
    "first_name": ("firstname", "fname", "primeironome", "givenname"),
    "last_name": ("lastname", "lname", "sobrenome", "surname", "familyname"),
    "locale": ("locale", "language", "lang", "idioma", "lingua"),
    "audience": ("audience", "publico", "grupo", "group"),
    "timezone": ("timezone", "fuso", "fusohorario", "tz"),
    "frequency": ("frequency", "frequencia"),
    "newsletters": ("newsletters", "newsletter", "lists"),
    "status": ("status", "state", "emailmarketingstatus", "type", "situacao", "estado", "subscribedtoemails"),
    "consent_text": ("consenttext", "consent", "consentimento"),
    "consent_language": ("consentlanguage",),
    "consent_at": (
        "consentat",
        "confirmtime",
        "confirmedat",
        "optintime",
        "subscribedat",
        "subscriptiondate",
        "datadeinscricao",
        "addedtime",
        "createdat",
    ),
    # Mailchimp has both moments; where it has but one, that is the consent.
    "consent_asked_at": ("consentaskedat", "optintime"),
    "consent_how": ("consenthow",),
}
_OUR_DATES = frozenset({"consentat", "consentaskedat"})
_LEAVING = frozenset({
    "unsubtime", "cleantime", "unsubscribedat", "unsubscribed", "unsubscribedate", "unsubscriptiondate", "deletedat",
    "emaildisabled", "blacklisted", "blocklisted", "emailblacklisted", "emailblocklisted", "optedout", "bouncedat",
})  # fmt: skip
"""Headings of columns in which anything but a no says that the person left."""
_NO = frozenset({"", "false", "no", "n", "f", "nao", "null", "none", "never", "nunca"})
_ACTIVE = frozenset({
    "", "active", "enabled", "subscribed", "confirmed", "regular", "free", "paid", "premium", "comp", "gift",
    "ativo", "ativa", "inscrito", "inscrita", "assinante", "true", "yes", "sim", "1",
})  # fmt: skip
_LEFT = frozenset({
    "unsubscribed", "disabled", "blocklisted", "blacklisted", "bounced", "cleaned", "removed", "erased",
    "cancelled", "canceled", "inactive", "optout", "optedout", "invalid", "deleted", "suppressed", "banned",
    "cancelado", "cancelada", "cancelou", "descadastrado", "descadastrada", "inativo", "inativa", "removido", "removida",
    "bloqueado", "bloqueada", "false", "no", "nao", "0",
})  # fmt: skip
_COMPLAINED = frozenset({
    "complained", "complaint", "spam", "spamcomplaint", "spamreport", "reportedspam", "markedasspam", "abuse", "abusecomplaint",
    "reclamou", "denunciou", "marcoucomospam",
})  # fmt: skip
# By which name Mailchimp saves the parts of a list that have no state of their own.
_FILES = {"unsubscribed": "unsubscribed", "cleaned": "cleaned", "nonsubscribed": "not subscribed"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file that names somebody."""

    line: int
    values: Mapping[str, str] = field(repr=False)
    """By our own column names; an empty cell or a column that is not there is left out."""
    state: RowState


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
    separator, told = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)][told:]
    except csv.Error as error:
        message = f"{file}, line {reader.line_num}: {error}. Save it again as CSV."
        raise FileFormatError(message) from None
    columns = _columns([cell.strip() for cell in lines[0][1]] if lines else [])
    if "email" not in columns.places:
        message = f"{file} needs a first line that names its columns, one of them email."
        raise FileFormatError(message)
    meaning = {place: name for name, place in columns.places.items()} | dict.fromkeys(columns.leaving, "status")
    part = next((state for name, state in _FILES.items() if _plain(file).startswith(name)), "")
    return ReaderList(
        rows=tuple(_row(line, cells, columns, part) for line, cells in lines[1:]),
        understood=tuple((columns.headings[place], meaning[place]) for place in sorted(meaning)),
        ignored=tuple(heading for place, heading in enumerate(columns.headings) if place not in meaning and heading),
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


def _separator(text: str) -> tuple[str, int]:
    """Return what stands between cells, and how many lines say nothing else: spreadsheets write `sep=;` first."""
    first = text.partition("\n")[0].strip()
    if first[:4].casefold() == "sep=" and len(first) == len("sep=;"):
        return first[4], 1
    return max((",", ";", "\t"), key=first.count), 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    headings: Sequence[str]
    places: Mapping[str, int]
    leaving: Sequence[int]


def _columns(headings: Sequence[str]) -> _Columns:
    plain = [_plain(heading) for heading in headings]
    found: dict[str, int] = {}
    for name, spellings in _HEADINGS.items():
        free = (spelling for spelling in spellings if spelling in plain and plain.index(spelling) not in found.values())
        spelling = next(free, None)
        if spelling is not None:
            found[name] = plain.index(spelling)
    leaving = [place for place, heading in enumerate(plain) if heading in _LEAVING]
    return _Columns(headings=headings, places=found, leaving=leaving)


def _plain(heading: str) -> str:
    apart = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(char for char in apart if char.isalnum() and not unicodedata.combining(char))


def _row(line: int, cells: Sequence[str], columns: _Columns, part: str) -> Row:
    values = {
        name: text
        for name, place in columns.places.items()
        if place < len(cells) and (text := _without_guard(cells[place].strip()))
    }
    for name in ("consent_at", "consent_asked_at"):
        if name in values and _plain(columns.headings[columns.places[name]]) not in _OUR_DATES:
            values[name] = _date(values[name])
    if "email" in values:
        # Google Contacts writes all addresses of a person into one cell.
        values["email"] = values["email"].partition(":::")[0].strip()
    values["name"] = _whole_name(values)
    if part and "status" not in values:
        values["status"] = part
    gone = any(_plain(cells[place]).strip("0") not in _NO for place in columns.leaving if place < len(cells))
    kept = {name: text for name, text in values.items() if text}
    state = _state(values.get("status", ""))
    return Row(line=line, values=kept, state="left" if gone and state != "complained" else state)


def _whole_name(values: Mapping[str, str]) -> str:
    """Portuguese lists say "Nome" for the first name where there is a "Sobrenome"."""
    name, last = values.get("name", ""), values.get("last_name", "")
    if not name or ("first_name" not in values and not name.endswith(last)):
        name = f"{name or values.get('first_name', '')} {last}".strip()
    return name


def _state(written: str) -> RowState:
    state = _plain(written)
    if state in _ACTIVE:
        return "active"
    if state in _COMPLAINED:
        return "complained"
    return "left" if state in _LEFT else "unknown"


def _date(written: str) -> str:
    """Another tool's date as ISO 8601, empty where it is none without doubt: the reader stays, without that proof."""
    text = written.removesuffix(" UTC") + ("Z" if written.endswith(" UTC") else "")
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
