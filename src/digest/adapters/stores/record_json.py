"""Frozen dataclasses as JSON and back, strictly: what does not fit its type is refused with the place where it lies."""

import dataclasses
import json
import types
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from digest.errors import FileFormatError

_Record = TypeVar("_Record")
_Decoder = Callable[[object, str], object]


def encode_record(record: object) -> str:
    """Return a dataclass as JSON text, ASCII only, so that even lone surrogates from a feed can be stored."""
    return _ENCODER.encode(record)


def decode_record(kind: type[_Record], body: str) -> _Record:
    """Read a dataclass back. Raises FileFormatError that names the field; a field left out gets its default."""
    try:
        data = json.loads(body)
        return cast("_Record", _decoder(cast("Hashable", kind))(data, kind.__name__))
    except (json.JSONDecodeError, RecursionError) as error:
        message = f"A stored {kind.__name__} is not JSON. It is left out until it is fetched again."
        raise FileFormatError(message) from error


def _plain(value: object) -> object:
    """Return what JSON has no form for as something that it has one for, one layer deep."""
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            message = "A moment without a time zone can not be stored."
            raise ValueError(message)
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Sequence):
        return tuple(value)
    return {name: getattr(value, name) for name in _names(cast("Hashable", type(value)))}


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cast("type[Any]", kind)))


_ENCODER = json.JSONEncoder(separators=(",", ":"), default=_plain, check_circular=False)


@cache
def _decoder(kind: Hashable) -> _Decoder:
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(cast("type[Any]", kind))
    origin = get_origin(kind)
    if origin is Literal:
        return _literal_decoder(get_args(kind))
    if origin in (tuple, Sequence):
        # Always tuple[X, ...]: no stored model has a tuple of fixed length.
        return _tuple_decoder(get_args(kind)[0])
    if origin in (Union, types.UnionType):
        return _optional_decoder(get_args(kind))
    return _moment if kind is datetime else _exact_decoder(cast("type", kind))


def _dataclass_decoder(kind: type[Any]) -> _Decoder:
    hints = get_type_hints(kind)
    decoders = {field.name: _decoder(hints[field.name]) for field in dataclasses.fields(kind)}

    def decode(data: object, where: str) -> object:
        if not isinstance(data, dict) or not decoders.keys() >= data.keys():
            raise _misfit(where)
        values = {name: decoders[name](value, f"{where}.{name}") for name, value in data.items()}
        try:
            return kind(**values)
        except TypeError:  # a field without default is missing
            raise _misfit(where) from None

    return decode


def _tuple_decoder(part: Hashable) -> _Decoder:
    item = _decoder(part)

    def decode(data: object, where: str) -> object:
        if not isinstance(data, list):
            raise _misfit(where)
        return tuple(item(value, f"{where}[{number}]") for number, value in enumerate(data))

    return decode


def _optional_decoder(parts: tuple[Any, ...]) -> _Decoder:
    (inner,) = (part for part in parts if part is not type(None))
    decode = _decoder(inner)
    return lambda data, where: None if data is None else decode(data, where)


def _literal_decoder(allowed: tuple[object, ...]) -> _Decoder:
    def decode(data: object, where: str) -> object:
        if not isinstance(data, str) or data not in allowed:
            raise _misfit(where)
        return data

    return decode


def _exact_decoder(kind: type) -> _Decoder:
    def decode(data: object, where: str) -> object:
        if type(data) is not kind:  # not isinstance: True is an int
            raise _misfit(where)
        return data

    return decode


def _moment(data: object, where: str) -> object:
    try:
        moment = datetime.fromisoformat(cast("str", data))
    except (TypeError, ValueError):
        raise _misfit(where) from None
    if moment.utcoffset() is None:
        raise _misfit(where)
    return moment.astimezone(UTC)


def _misfit(where: str) -> FileFormatError:
    return FileFormatError(f"A stored row does not fit at {where}. It is left out until it is fetched again.")
