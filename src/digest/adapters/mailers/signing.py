"""Many DKIM signatures, made side by side in a few processes: each is a millisecond of pure arithmetic.

Processes, for the library keeps other threads out while it signs.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from digest.adapters.mailers.signing_process import LENGTH_BYTES

_WORTH_IT: Final = 150
"""Signatures that take as long as a process takes to start."""
_MOST_PROCESSES: Final = 4
_CPU_FACTS: Final = Path("/proc/cpuinfo")
_MODULE: Final = "digest.adapters.mailers.signing_process"


class SigningProcesses:
    """Signs with one key; starts its processes when so many signatures are asked for that it pays."""

    def __init__(self, pem: str, sign: Callable[[bytes], bytes], *, processes: int | None = None) -> None:
        """`pem` is the key of `sign`, which signs in this process: the few, and the rest where a process has died."""
        self._pem = pem.replace("\\n", "\n").encode("ascii", "replace")
        self._sign = sign
        self._count = processes or min(_MOST_PROCESSES, os.cpu_count() or 1)
        self._asked = self._size = 0
        self._processes: list[subprocess.Popen[bytes]] = []
        self._broken = False

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that sign; none yet, or none any more."""
        return tuple(process.pid for process in self._processes)

    def signatures(self, messages: Sequence[bytes]) -> Iterator[bytes]:
        """Begin to sign at once, and give the signature of each message in their order.

        RSASSA-PKCS1-v1_5 over SHA-256. What is asked for later is also to be fetched later.
        """
        self._asked += len(messages)
        if not self._processes and not self._broken and self._asked > _WORTH_IT:
            self._start()
        if self._processes:
            self._hand_out(messages)
        return self._fetched(messages, tuple(self._processes))

    def close(self) -> None:
        """End the processes: they go when nobody asks any more."""
        for process in self._processes:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            process.wait()
        self._processes.clear()

    def _start(self) -> None:
        self._size = len(self._sign(b""))
        environment = {**os.environ, **fastest_arithmetic(os.environ)}
        try:
            for _ in range(self._count):
                # In a session of its own: whoever stops this run by Ctrl-C stops it between two mails.
                process = subprocess.Popen(  # noqa: S603  our own module, by a fixed name
                    [sys.executable, "-m", _MODULE],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                    start_new_session=True,
                )
                self._processes.append(process)
                _give(process, len(self._pem).to_bytes(LENGTH_BYTES) + self._pem)
        except OSError:
            self._give_up()

    def _hand_out(self, messages: Sequence[bytes]) -> None:
        count = len(self._processes)
        digests = [sha256(message).digest() for message in messages]
        try:
            for number, process in enumerate(self._processes):
                _give(process, b"".join(digests[number::count]))
        except OSError:
            self._give_up()

    def _fetched(self, messages: Sequence[bytes], processes: Sequence[subprocess.Popen[bytes]]) -> Iterator[bytes]:
        fetched = 0
        try:
            for number, message in enumerate(messages):
                signature = self._answer(processes[number % len(processes)]) if processes else b""
                fetched += 1
                yield signature or self._sign(message)
        finally:
            if processes and fetched < len(messages):
                # Answers that nobody fetched would be taken for those of the next.
                self._give_up()

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes:
        """Return the next signature of a process; empty once one has failed."""
        if self._broken:
            return b""
        try:
            answer = _output(process).read(self._size)
        except OSError:
            answer = b""
        if len(answer) < self._size:
            self._give_up()
            return b""
        return answer

    def _give_up(self) -> None:
        self._broken = True
        self.close()


def fastest_arithmetic(environment: Mapping[str, str], facts: Path = _CPU_FACTS) -> dict[str, str]:
    """Return what to add to the environment of a process that signs.

    OpenSSL prefers the instructions ADX to AVX2 where a processor has both. On AMD's family 25 (Zen 3) AVX2 makes 1.6
    times as many RSA-2048 signatures (https://docs.openssl.org/master/man3/OPENSSL_ia32cap/ for the switch).
    """
    if "OPENSSL_ia32cap" in environment:
        return {}
    try:
        first = facts.read_text("ascii", "replace").partition("\n\n")[0]
    except OSError:
        return {}
    said = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in first.splitlines())}
    flags = said.get("flags", "").split()
    is_zen_3 = (said.get("vendor_id"), said.get("cpu family")) == ("AuthenticAMD", "25")
    if is_zen_3 and {"adx", "avx2"} <= set(flags) and "avx512ifma" not in flags:
        return {"OPENSSL_ia32cap": ":~0x80000"}
    return {}


def _give(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None  # noqa: S101  a promise to the type checker; it is a pipe
    process.stdin.write(data)
    process.stdin.flush()


def _output(process: subprocess.Popen[bytes]) -> BinaryIO:
    assert process.stdout is not None  # noqa: S101  as above
    return process.stdout  # type: ignore[return-value]
