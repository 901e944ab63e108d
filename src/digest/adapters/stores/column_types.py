"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz`, or ISO 8601 text of one width, which sorts as time. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """STRICT tables of SQLite know no date type."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | datetime | None:
        """Turn an aware value into what the database stores."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "A moment without a time zone can not be stored."
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - str or datetime
        """Return an aware UTC value; text that is no moment raises ValueError."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        if moment.utcoffset() is None:
            message = "A stored moment has no time zone."
            raise ValueError(message)
        return moment.astimezone(UTC)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC where there are many: `timestamptz`, or milliseconds since 1970. Refuses naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """STRICT tables of SQLite know no date type."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | datetime | None:
        """Turn an aware value into what the database stores."""
        if value is None:
            return None
        if value.utcoffset() is None:
            message = "A moment without a time zone can not be stored."
            raise ValueError(message)
        return as_milliseconds(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401 - int or datetime
        """Return an aware UTC value."""
        if value is None:
            return None
        moment: datetime = _EPOCH + value * _MILLISECOND if dialect.name == "sqlite" else value.astimezone(UTC)
        return moment


def as_milliseconds(moment: datetime) -> int:
    """Return an aware moment as SQLite stores an `Instant`."""
    return (moment - _EPOCH) // _MILLISECOND


def as_moment(stored: int | datetime | None) -> datetime | None:
    """Return an `Instant` as a driver gives it, in UTC."""
    return _EPOCH + stored * _MILLISECOND if isinstance(stored, int) else stored


class Words(TypeDecorator[str]):
    """Text from anywhere. NUL and lone surrogates, which the databases refuse, are written as escapes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make hostile text storable; ordinary text stays as it is."""
        del dialect
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")
