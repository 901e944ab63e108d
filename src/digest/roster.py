"""The list of readers for the author: files of other tools into it, and out again. Addresses are never in a sentence."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

from digest.errors import DigestError, SettingsError
from digest.i18n import choose_locale
from digest.models.consent import PREFERENCES, Consent, Entry, How, Joining, Leaving
from digest.models.delivery import Subscriber
from digest.models.newsletter import Newsletter
from digest.ports_people import SubscriberStore
from digest.text.addresses import read_address
from digest.text.reader_lists import COLUMNS, CONSENT_COLUMNS, ReaderList, Row, read_list, write_list

ReaderStore = SubscriberStore
"""The port, under a name that commands may use."""

_FREQUENCIES = ("every", "monthly")
_OUT = ("left", "complained")
_HOW: dict[str, How] = {"import": "import", "author": "author", "confirmed": "confirmed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that is not taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would do; nothing of it is done yet."""

    joining: tuple[Joining, ...]
    leaving: tuple[Leaving, ...]
    """Who must never be written to."""
    skipped: tuple[Skipped, ...]
    understood: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows would be taken, kept out and skipped."""
        numbers = (len(self.joining), len(self.leaving), len(self.skipped))
        return dict(zip(("to add or update", "to keep out", "skipped"), numbers, strict=True))

    @property
    def without_consent(self) -> int:
        """How many rows prove no consent."""
        return sum(1 for one in self.joining if one.consent is None)

    @property
    def without_language(self) -> int:
        """How many rows name no language."""
        return sum(1 for one in self.joining if "locale" not in one.said)


def plan_import(data: bytes, newsletter: Newsletter, *, file: str, given: Mapping[str, str]) -> ImportPlan:
    """Read a list and decide on every row. `given` fills cells that are empty. Raises FileFormatError."""
    found = read_list(data, file=file)
    joining: list[Joining] = []
    leaving: list[Leaving] = []
    skipped: list[Skipped] = []
    seen: dict[str, int] = {}
    for row in found.rows:
        try:
            taken = _taken(row, newsletter, given, seen)
        except DigestError as error:
            skipped.append(Skipped(line=row.line, reason=str(error)))
            continue
        if isinstance(taken, Joining):
            joining.append(taken)
        else:
            leaving.append(taken)
    return _plan(found, joining, leaving, skipped)


def carry_out(plan: ImportPlan, newsletter: Newsletter, store: SubscriberStore, *, now: datetime) -> dict[str, int]:
    """Do what the plan says, all of it or, where the database fails, nothing; returns how many of each outcome."""
    outcomes = store.take(newsletter.newsletter_id, plan.joining, plan.leaving, now=now)
    counts = {outcome: outcomes.count(outcome) for outcome in outcomes}
    return {**counts, "kept out": len(plan.leaving), "skipped": len(plan.skipped)}


def joining(newsletter: Newsletter, values: Mapping[str, str], *, how: How) -> Joining:
    """Return one reader from named texts; `email` is required. Raises SettingsError for what can not be understood."""
    said = frozenset(name for name in PREFERENCES if values.get(name))
    subscriber = Subscriber(
        subscriber_id=secrets.token_hex(8),
        newsletter_id=newsletter.newsletter_id,
        address=values["email"],
        locale=choose_locale(values.get("locale", ""), newsletter.locales),
        audience=_audience(values.get("audience", ""), newsletter),
        timezone=_timezone(values.get("timezone", "")) or newsletter.schedule.timezone,
        name=values.get("name", ""),
        frequency="monthly" if _frequency(values.get("frequency", "")) == "monthly" else "every",
    )
    consent = Consent(
        how=_HOW.get(values.get("consent_how", ""), how),
        wording=values.get("consent_text", ""),
        language=values.get("consent_language", ""),
        asked_at=moment(values.get("consent_asked_at", ""), newsletter),
        confirmed_at=moment(values.get("consent_at", ""), newsletter),
    )
    return Joining(subscriber=subscriber, consent=consent if consent.proves_something else None, said=said)


def wishes(newsletter: Newsletter, values: Mapping[str, str]) -> dict[str, str]:
    """Return the preferences that were said, checked. Raises SettingsError."""
    said = joining(newsletter, {**values, "email": ""}, how="author")
    return {name: getattr(said.subscriber, name) for name in said.said}


def exported(entries: Iterable[Entry]) -> str:
    """Return the whole list as CSV that an import takes back: the last act of consent of each reader stands beside them."""
    return write_list((_cells(entry) for entry in entries), (*COLUMNS, *CONSENT_COLUMNS))


def shown(entry: Entry) -> dict[str, object]:
    """Return what is held about one reader, without the address."""
    held: dict[str, object] = {name: getattr(entry, name) for name in (*PREFERENCES, "status")}
    held["since"] = entry.since.isoformat()
    held["consents"] = [
        {
            "how": consent.how,
            "wording": consent.wording,
            "wording_sha256": consent.wording_sha256,
            "language": consent.language,
            "asked_at": consent.asked_at.isoformat() if consent.asked_at else None,
            "confirmed_at": consent.confirmed_at.isoformat() if consent.confirmed_at else None,
            "evidence": consent.evidence,
        }
        for consent in entry.consents
    ]
    return held


def moment(text: str, newsletter: Newsletter) -> datetime | None:
    """Read ISO 8601; a moment without a time zone is in the author's. Raises SettingsError."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = "its date of consent is not a date such as 2026-11-01T09:00:00+01:00."
        raise SettingsError(message) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(newsletter.schedule.timezone))
    try:
        return found.astimezone(UTC)
    except OverflowError:
        message = "its date of consent is out of all calendars."
        raise SettingsError(message) from None


def _taken(row: Row, newsletter: Newsletter, given: Mapping[str, str], seen: dict[str, int]) -> Joining | Leaving:
    """Decide on one row: somebody who joins, or who must stay out. Raises DigestError with the reason."""
    address = row.values.get("email", "")
    if not address:
        message = "it has no address."
        raise SettingsError(message)
    mailbox = read_address(address).compared
    if mailbox in seen and row.state not in _OUT:
        message = f"the same mailbox stands in line {seen[mailbox]} already."
        raise SettingsError(message)
    if row.state == "unknown":
        message = f"its state {row.values.get('status', '')[:40]!r} is not understood: write active or unsubscribed."
        raise SettingsError(message)
    seen[mailbox] = row.line
    if row.state in _OUT:
        return Leaving(address=address, complained=row.state == "complained")
    wanted = [name for name in row.values.get("newsletters", "").split(";") if name.strip()]
    if wanted and newsletter.newsletter_id not in {name.strip() for name in wanted}:
        message = f"it is not for the newsletter {newsletter.newsletter_id}."
        raise SettingsError(message)
    return joining(newsletter, {**given, **row.values}, how="import")


def _plan(found: ReaderList, joining: list[Joining], leaving: list[Leaving], skipped: list[Skipped]) -> ImportPlan:
    return ImportPlan(
        joining=tuple(joining),
        leaving=tuple(leaving),
        skipped=tuple(skipped),
        understood=found.understood,
        ignored=found.ignored,
    )


def _audience(written: str, newsletter: Newsletter) -> str:
    if written and newsletter.audiences and written not in newsletter.audiences:
        message = f"there is no audience {written[:40]!r}. There are: {', '.join(newsletter.audiences)}."
        raise SettingsError(message)
    return written


def _timezone(written: str) -> str:
    if written and written not in available_timezones():
        message = f"{written[:40]!r} is no time zone. Write one such as America/Sao_Paulo."
        raise SettingsError(message)
    return written


def _frequency(written: str) -> str:
    if written and written not in _FREQUENCIES:
        message = f"{written[:40]!r} is no frequency. Write every or monthly."
        raise SettingsError(message)
    return written


def _cells(entry: Entry) -> dict[str, str]:
    cells = {name: str(getattr(entry, name)) for name in PREFERENCES}
    cells |= {"email": entry.address, "status": entry.status}
    if entry.consents:
        last = entry.consents[-1]
        cells |= {"consent_text": last.wording, "consent_language": last.language, "consent_how": last.how}
        cells["consent_asked_at"] = last.asked_at.isoformat() if last.asked_at else ""
        cells["consent_at"] = last.confirmed_at.isoformat() if last.confirmed_at else ""
    return cells
