"""`digest subscribers`: the list, for the author."""

import argparse
import csv
import io
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from digest import bootstrap
from digest.cli import common
from digest.errors import DigestError, SettingsError
from digest.models.delivery import Subscriber
from digest.models.newsletter import Newsletter

LARGEST_FILE_BYTES = 50_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="add one reader")
    add.add_argument("address")
    add.add_argument("--locale", default="", help="pt_BR or en")
    add.add_argument("--audience", default="")
    add.add_argument("--timezone", default="")
    load = actions.add_parser("import", help="add the readers of a CSV file with a header; `email` is required")
    load.add_argument("file", type=Path)
    erase = actions.add_parser("erase", help="forget a reader; a keyed hash stays so that nobody adds them again")
    erase.add_argument("address")
    actions.add_parser("stats", help="how many readers, by locale and audience")


def run(arguments: argparse.Namespace) -> int:
    """Do one thing with the list; addresses are never printed."""
    config, newsletter = common.opened(arguments)
    with bootstrap.subscribers(config) as store:
        if arguments.action == "import":
            return _import(lambda reader: store.add(reader, now=common.now()), newsletter, arguments.file)
        if arguments.action == "add":
            reader = {"email": arguments.address, "locale": arguments.locale}
            reader |= {"audience": arguments.audience, "timezone": arguments.timezone}
            common.say(store.add(_subscriber(newsletter, reader), now=common.now()))
        elif arguments.action == "erase":
            known = store.erase(newsletter.newsletter_id, arguments.address, now=common.now())
            common.say("erased" if known else "not on the list")
        else:
            for locale, audience, number in store.counts_by_locale(newsletter.newsletter_id):
                common.say(f"{locale} {audience or '-'} {number}")
    return 0


def _import(add: Callable[[Subscriber], str], newsletter: Newsletter, path: Path) -> int:
    counts: dict[str, int] = {}
    for line, row in _rows(path):
        try:
            outcome = add(_subscriber(newsletter, row))
        except DigestError as error:
            common.say(f"  line {line}: skipped: {error}")
            outcome = "skipped"
        counts[outcome] = counts.get(outcome, 0) + 1
    common.say(", ".join(f"{number} {outcome}" for outcome, number in sorted(counts.items())) or "no rows")
    return 0


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, row) of a CSV file. Raises SettingsError where it is none."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            message = f"{path.name} is larger than 50 MB. Split it."
            raise SettingsError(message)
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        message = f"{path} can not be read: {error.strerror}."
        raise SettingsError(message) from None
    except UnicodeDecodeError:
        message = f"{path.name} is not UTF-8. Save it as CSV UTF-8."
        raise SettingsError(message) from None
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    if "email" not in (reader.fieldnames or ()):
        message = f"{path.name} needs a header line with a column called email."
        raise SettingsError(message)
    try:
        for row in reader:
            yield reader.line_num, {str(name): str(value or "").strip() for name, value in row.items() if name}
    except csv.Error as error:
        message = f"{path.name}, line {reader.line_num}: {error}."
        raise SettingsError(message) from None


def _subscriber(newsletter: Newsletter, row: dict[str, str]) -> Subscriber:
    locale = bootstrap.reader_locale(row.get("locale", ""), newsletter.locales)
    return Subscriber(
        subscriber_id=secrets.token_hex(8),
        newsletter_id=newsletter.newsletter_id,
        address=row["email"],
        locale=locale,
        audience=row.get("audience", ""),
        timezone=row.get("timezone", "") or newsletter.schedule.timezone,
        name=row.get("name", ""),
        consent_text=row.get("consent_text", ""),
        consent_at=_moment(row.get("consent_at", "")),
    )


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = "consent_at is not a date such as 2026-11-01T09:00:00+01:00."
        raise SettingsError(message) from None
    if moment.tzinfo is None:
        message = "consent_at needs a time zone, such as 2026-11-01T09:00:00+01:00."
        raise SettingsError(message)
    return moment
