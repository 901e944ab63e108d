"""What mail programs will not show of a mail: caniemail's facts against our policy.

The facts are a table that `scripts/client-facts` writes; the policy is written by people: which programs count, and for every
degradation that was accepted the reason why readers lose nothing that matters.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from digest.models.message import N_
from digest.models.segment import Finding, Severity
from digest.text.gates.features import used_features
from digest.text.gates.page import MailPage

_NOT_SHOWN = "n"
_CLIENTS_NAMED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is known of one feature."""

    title: str
    support: Mapping[str, str]
    """Mail program -> `y` shown, `a` in part, `n` not, `u` unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What we ask of mail programs, and what we accept."""

    core: tuple[str, ...]
    """Programs in which everything has to work or be accepted; the others get what they can show."""
    accepted: Mapping[str, str]
    """Feature -> why readers of a program that does not show it lose nothing that matters."""
    denied: Mapping[str, str]
    """Feature -> why it may not be used at all."""


def client_findings(page: MailPage, where: str) -> Iterator[Finding]:
    """What core programs do not show and nobody accepted (warning), and what may not be used at all (error)."""
    refused = _refused()
    for feature, place in used_features(page).items():
        if feature in refused:
            severity, message, values = refused[feature]
            yield Finding(
                check="client_support",
                severity=severity,
                message=message,
                values=(*values, ("place", place)),
                where=where,
            )


@cache
def _refused() -> Mapping[str, tuple[Severity, str, tuple[tuple[str, str], ...]]]:
    """Feature -> what to say of it; prepared once, for all mails."""
    policy, known = our_policy(), facts()
    denied = N_("The mail uses “%(feature)s” (%(place)s), which has no place in a mail.")
    lost = N_("The mail uses “%(feature)s” (%(place)s), which is not shown by %(clients)s.")
    refused: dict[str, tuple[Severity, str, tuple[tuple[str, str], ...]]] = {}
    for feature, fact in known.items():
        clients = unsupported(feature, known, policy)
        if clients and feature not in policy.accepted:
            refused[feature] = ("warning", lost, (("feature", fact.title), ("clients", _named(clients))))
    for feature in policy.denied:
        title = known[feature].title if feature in known else f"<{feature.removeprefix('html-')}>"
        refused[feature] = ("error", denied, (("feature", title),))
    return refused


def unneeded(page_features: set[str], known: Mapping[str, Fact], policy: Policy) -> list[str]:
    """Accepted features that the mails do not use, or that every core program shows by now."""
    return [
        feature
        for feature in policy.accepted
        if feature not in page_features or not unsupported(feature, known, policy)
    ]


def unsupported(feature: str, known: Mapping[str, Fact], policy: Policy) -> tuple[str, ...]:
    """The core programs that do not show a feature."""
    fact = known.get(feature)
    return tuple(client for client in policy.core if fact and fact.support.get(client) == _NOT_SHOWN)


@cache
def facts() -> Mapping[str, Fact]:
    """Return the table that comes with the program."""
    return read_facts(_own("client_facts.tsv"))


@cache
def our_policy() -> Policy:
    """Return the policy that comes with the program."""
    return read_policy(_own("client_policy.toml"))


def read_facts(table: str) -> Mapping[str, Fact]:
    """Read what `scripts/client-facts` wrote."""
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    clients = rows[0][1].split(" ")
    return {
        feature: Fact(title=title, support=dict(zip(clients, letters, strict=True)))
        for feature, letters, _tested, title in rows[1:]
    }


def read_policy(text: str) -> Policy:
    """Read a policy."""
    values = tomllib.loads(text)
    return Policy(core=tuple(values["core"]), accepted=values["accepted"], denied=values["denied"])


def _own(name: str) -> str:
    return (resources.files("digest.text.gates") / name).read_text(encoding="utf-8")


def _named(clients: tuple[str, ...]) -> str:
    named = [client.replace(":", " ") for client in clients]
    return ", ".join(named[:_CLIENTS_NAMED]) + (" …" if len(named) > _CLIENTS_NAMED else "")
