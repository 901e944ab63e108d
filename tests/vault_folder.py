"""An author's folder whose databases travel by a vault: a bare git remote beside it, and as many machines as needed."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from digest import bootstrap_keys, bootstrap_vault
from digest.adapters.stores.database import open_database
from digest.adapters.stores.ledger import SqlLedger
from digest.adapters.stores.people import PeopleStore
from digest.claims import PublishedLedger
from digest.cli.main import main
from digest.config import Config, load_config
from digest.models.delivery import Change, DeliveryCounts, Subscriber

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ISSUE = "2026-11-26"
SETTINGS = """
[[newsletters]]
id = "bonds"
title = { en = "Bonds", pt_BR = "Laços" }
author = "A. Example"
site = "https://blog.example.org/"
locales = ["pt_BR", "en"]
audiences = ["brazil"]
schedule = { every = "week", day = "thursday", time = "08:00", timezone = "Europe/Luxembourg", window = "12h" }
approvers = ["author@example.org"]
legal = { name = "A", address = "B", notice_url = "https://blog.example.org/legal" }
[[sources]]
kind = "feed"
url = "https://blog.example.org/feed/"
section = "posts"
[sender]
from = "A. Example <letters@example.org>"
[vault]
kind = "git"
"""


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True).stdout


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One checkout of her repository, on her desk or on a runner."""

    folder: Path

    @property
    def config(self) -> Config:
        return load_config(self.folder, {})

    def digest(self, *words: str) -> int:
        return main(["--folder", str(self.folder), *words])

    def add(self, *names: str) -> None:
        engine = open_database(self.config.people_url, "people")
        for name in names:
            reader = Subscriber(subscriber_id=name, newsletter_id="bonds", address=f"{name}@example.org", locale="en")
            PeopleStore(engine).add(reader, now=NOW)
        engine.dispose()

    def readers(self) -> int:
        engine = open_database(self.config.people_url, "people")
        try:
            return sum(count for _, _, count in PeopleStore(engine).counts_by_locale("bonds"))
        finally:
            engine.dispose()

    def counts(self) -> DeliveryCounts:
        engine = open_database(self.config.people_url, "people")
        try:
            return SqlLedger(engine).counts("bonds", ISSUE)
        finally:
            engine.dispose()


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A remote, and the machines that know it."""

    place: Path

    @property
    def remote(self) -> Path:
        return self.place / "remote.git"

    def machine(self, name: str) -> Machine:
        """Give a machine with nothing but the settings and the keys."""
        folder = self.place / name
        keys = self.place / "keys"
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet")
        git(folder, "remote", "add", "origin", str(self.remote))
        (folder / "digest.toml").write_text(SETTINGS, "utf-8")
        shutil.copytree(keys, folder / ".digest" / "keys")
        return Machine(folder=folder)

    def known(self, name: str) -> Machine:
        """Give a machine that is there."""
        return Machine(folder=self.place / name)

    def version(self, name: str) -> str:
        return git(self.remote, "for-each-ref", "--format=%(objectname)", f"refs/heads/vault/{name}").strip()


def world(place: Path) -> World:
    place.mkdir(exist_ok=True)
    subprocess.run(["git", "init", "--quiet", "--bare", str(place / "remote.git")], check=True)
    for file in bootstrap_keys.make_keys(place):
        (place / "keys").mkdir(exist_ok=True)
        shutil.move(file, place / "keys" / file.name)
    return World(place=place)


def send(machine: Machine, bodies: list[str], *, step: Callable[[str], None] = lambda _what: None) -> DeliveryCounts:
    """Send the issue as `mailroom` does, with two readers a claim and a list for a mail server; `step` sees each step."""
    config = machine.config

    def publish(run_id: str) -> None:
        step("before the claim is pushed")
        bootstrap_vault.publish_claims(config, run_id)
        step("claim pushed")

    def work() -> DeliveryCounts:
        engine = open_database(config.people_url, "people")
        ledger = PublishedLedger(SqlLedger(engine), publish)
        try:
            with ledger.sending("bonds") as run_id:
                ledger.freeze("bonds", ISSUE, "ff", ["en"])
                step("frozen")
                while rows := ledger.claim("bonds", ISSUE, run_id, 2):
                    for delivery, reader in rows:
                        ledger.record([Change(delivery=delivery, state="handing")])
                        step("handing")
                        bodies.append(reader.subscriber_id)
                        step("body out")
                        ledger.record([Change(delivery=delivery, state="sent", reply="250 ok")])
                        step("sent")
            step("run ended")
            if ledger.failure is not None:
                raise ledger.failure
            return ledger.counts("bonds", ISSUE)
        finally:
            engine.dispose()

    counts = bootstrap_vault.with_vault(config, ("people",), work)
    step("results pushed")
    return counts
