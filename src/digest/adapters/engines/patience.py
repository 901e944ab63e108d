"""One more try for what a service can not do at this moment."""

from collections.abc import Callable, Sequence

from digest.adapters.http_api import ApiAnswer, ApiClient, ApiRequest, Unreached

_LATER = frozenset({429, 500, 502, 503, 504, 529})
_LONGEST_WAIT = 30
"""Seconds; who is asked to wait longer says so and ends."""
_PAUSE = 2
"""Where the service does not say how long."""


def call_patiently(
    client: ApiClient, requests: Sequence[ApiRequest], sleep: Callable[[float], None]
) -> list[ApiAnswer | Unreached]:
    """Call side by side; those that are asked to come later do so once, after the longest of the pauses asked for."""
    answers = list(client.call_many(requests))
    pauses = {number: pause for number, answer in enumerate(answers) if (pause := _pause(answer))}
    if pauses:
        sleep(float(max(pauses.values())))
        again = client.call_many([requests[number] for number in pauses])
        for number, answer in zip(pauses, again, strict=True):
            answers[number] = answer
    return answers


def _pause(answer: ApiAnswer | Unreached) -> int:
    """Seconds to wait before asking again, 0 for not at all."""
    if isinstance(answer, Unreached) or answer.status not in _LATER:
        return 0
    pause = _PAUSE if answer.retry_after_seconds is None else max(1, answer.retry_after_seconds)
    return pause if pause <= _LONGEST_WAIT else 0
