"""What the statuses of the services mean, in one sentence each; a service's own words are never repeated."""

from digest.adapters.http_api import ApiAnswer, Unreached
from digest.models.engine import EngineFailure, FailureKind

_STATUSES: dict[int, tuple[FailureKind, str, str]] = {
    400: ("unusable", "the service does not understand the request (400)", "Check the model's name and the base_url."),
    401: (
        "key",
        "the service does not accept the key (401)",
        "Put a valid key into the secret that the settings name.",
    ),
    402: ("payment", "the account has no credit (402)", "Add credit at the service, or choose another engine."),
    403: ("key", "the key is not allowed to do this (403)", "Check the key's rights, or choose another engine."),
    404: ("unusable", "there is no such model or address (404)", "Check the model's name and the base_url."),
    410: ("unusable", "the service was closed for good (410)", "Choose another engine in the settings."),
    413: ("unusable", "the text is too long for the service (413)", "Shorten the text, or choose another engine."),
    429: ("busy", "the service asks for fewer requests (429)", "Run the same command again later."),
    456: (
        "quota",
        "the characters of this month are used up (456)",
        "Wait for the next month, or choose another engine.",
    ),
    529: ("busy", "the service is overloaded (529)", "Run the same command again later."),
}


def status_failure(name: str, answer: ApiAnswer) -> EngineFailure:
    """Say what a refusal means; `name` is the engine."""
    kind: FailureKind = "server"
    reason, mend = f"the service failed ({answer.status})", "Run the same command again later."
    if answer.status in _STATUSES:
        kind, reason, mend = _STATUSES[answer.status]
    if answer.retry_after_seconds:
        mend = f"Run the same command again in {answer.retry_after_seconds} seconds or later."
    return EngineFailure(kind=kind, reason=f"{name}: {reason}.", mend=mend)


def unreached_failure(name: str, unreached: Unreached) -> EngineFailure:
    """Say that there was no answer."""
    return EngineFailure(
        kind="timeout" if unreached.timed_out else "unreachable",
        reason=f"{name}: {unreached.reason}.",
        mend="Check the connection and the base_url, then run the same command again.",
    )
