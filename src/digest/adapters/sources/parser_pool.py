"""Parsers in processes of their own that are kept for many bodies: both cores work, and a body that hangs is ended.

Threads here only wait: each owns one process and one pipe to it.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self, TypeVar

from digest.adapters.sources.isolated import BROKEN, SECONDS, ParserFailedError, limit_memory

Result = TypeVar("Result")


class ParserPool:
    """Runs functions of modules on bodies; a process begins with the first body that is given to it."""

    def __init__(self, count: int | None = None, *, seconds: float = SECONDS) -> None:
        self.count = count or min(os.cpu_count() or 1, 8)
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="digest-parser")
        self._own = threading.local()
        self._workers: set[_Worker] = set()

    def submit(self, function: Callable[..., Result], *arguments: object) -> "Future[Result]":
        """Return the future of `function(*arguments)`; it raises ParserFailedError."""
        return self._threads.submit(self._run, function, arguments)

    def __enter__(self) -> Self:
        """Nothing begins before it is needed."""
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """End every process, whatever it is at."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._workers):
            worker.end()
        self._threads.shutdown(wait=True)

    def _run(self, function: Callable[..., Result], arguments: tuple[object, ...]) -> Result:
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None:
            worker = self._own.worker = _Worker()
            self._workers.add(worker)
        try:
            return worker.call(function, arguments, self._seconds)
        except BaseException:
            # What it is at is not known any more.
            worker.end()
            self._workers.discard(worker)
            self._own.worker = None
            raise


class _Worker:
    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def call(self, function: Callable[..., Result], arguments: tuple[object, ...], seconds: float) -> Result:
        try:
            self._pipe.send((function, arguments))
            if not self._pipe.poll(seconds):
                message = f"it can not be read within {seconds:g} seconds"
                raise ParserFailedError(message)
            answer: tuple[Result] | None = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise ParserFailedError(BROKEN) from error
        if answer is None:
            raise ParserFailedError(BROKEN)
        return answer[0]

    def end(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    limit_memory()
    while True:
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any] | None = None
        try:
            answer = (function(*arguments),)
        except Exception:  # noqa: BLE001  a parser of other people on hostile bytes may raise anything; the caller says so
            answer = None
        pipe.send(answer)
