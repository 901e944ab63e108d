"""Runs a parser where it can do no harm: large bodies in a process of their own that is ended when its time is over."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

_IN_PROCESS_BYTES = 256_000
"""A body up to this size can not keep a parser busy for long (measured: tests of hostile bodies)."""

_MOST_UNCLOSED = 2_000
"""More `<` than `>` by this much: no text, and forgiving parsers need quadratic time for it."""

SECONDS = 20.0
_MEMORY_BYTES = 2_000_000_000

Result = TypeVar("Result")


class ParserFailedError(Exception):
    """The parser raised, died, or was not ready in time; the message is one sentence."""


def run_isolated(function: Callable[..., Result], body: bytes, *arguments: object, seconds: float = SECONDS) -> Result:
    """Return `function(body, *arguments)`; the body decides where it runs. Raises ParserFailedError.

    The function has to be one of a module, and its result picklable.
    """
    arguments = (body, *arguments)
    if len(body) <= _IN_PROCESS_BYTES and body.count(b"<") - body.count(b">") < _MOST_UNCLOSED:
        try:
            return function(*arguments)
        except Exception as error:  # a parser of other people on hostile bytes may raise anything
            raise ParserFailedError(BROKEN) from error
    return _in_process_of_its_own(function, arguments, seconds)


BROKEN = "it can not be read: the parser gave up on it"


def _in_process_of_its_own(function: Callable[..., Result], arguments: tuple[object, ...], seconds: float) -> Result:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, function, arguments), daemon=True)
    try:
        process.start()
        theirs.close()
        if not ours.poll(seconds):
            raise ParserFailedError(f"it can not be read within {seconds:g} seconds")
        answer: tuple[Result] | None = ours.recv()
    except (EOFError, OSError) as error:
        raise ParserFailedError(BROKEN) from error
    finally:
        ours.close()
        if process.pid is not None:
            process.kill()
            process.join()
    if answer is None:
        raise ParserFailedError(BROKEN)
    return answer[0]


def _work(pipe: Connection, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    limit_memory()
    try:
        pipe.send((function(*arguments),))
    except Exception:  # noqa: BLE001  as above; the parent says so
        pipe.send(None)


def limit_memory() -> None:
    """Let a hostile body take only so much memory from the process it is read in."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
