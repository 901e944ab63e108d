"""Lines of text that there may be very many of."""

import json
import tempfile
import weakref
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import eq
from typing import overload

_BLOCK = 1_000
"""Lines that are packed together."""

_IN_MEMORY_BYTES = 500_000
"""What is packed beyond this lies in a file without a name, which is gone with its last reader."""


class Lines(Sequence[str]):
    """A sequence of lines to add to, which takes hardly any memory however many they are.

    Ten thousand feeds of thirty entries make a report of 300,000 lines; nobody asks for them before the end.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._packed = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  it lives as long as the lines
        weakref.finalize(self, self._packed.close)
        self._ends = [0]
        self._last: list[str] = []
        self.add(lines)

    def add(self, lines: Iterable[str]) -> None:
        """Put lines at the end."""
        self._last += lines
        while len(self._last) >= _BLOCK:
            # As JSON: whatever a line contains comes back.
            block = zlib.compress(json.dumps(self._last[:_BLOCK]).encode("ascii"), 1)
            self._packed.seek(self._ends[-1])
            self._packed.write(block)
            self._ends.append(self._ends[-1] + len(block))
            del self._last[:_BLOCK]

    def __len__(self) -> int:
        return self._blocks * _BLOCK + len(self._last)

    def __iter__(self) -> Iterator[str]:
        return chain(chain.from_iterable(map(self._block, range(self._blocks))), self._last)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        number, place = divmod(range(len(self))[index], _BLOCK)
        return (self._block(number) if number < self._blocks else self._last)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(eq, self, other))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Lines({list(self)!r})"

    @property
    def _blocks(self) -> int:
        return len(self._ends) - 1

    def _block(self, number: int) -> list[str]:
        begin, end = self._ends[number : number + 2]
        self._packed.seek(begin)
        lines: list[str] = json.loads(zlib.decompress(self._packed.read(end - begin)))
        return lines
