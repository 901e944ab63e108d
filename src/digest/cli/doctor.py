"""`digest doctor`: whether every part is in order, and the mend where one is not."""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict

from digest.cli import common
from digest.errors import SettingsError
from digest.models.checkup import Check

_SIGNS = {"ok": "+", "warning": "-", "broken": "!"}
_BROKEN_EXIT_CODE = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--dns", metavar="ADDRESS[:PORT]", default="", help="the name server to ask (default: this machine's)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Look at everything and print it, one line each; exit code 2 where something is broken."""
    found = []
    for check in _checks(arguments):
        found.append(check)
        if not arguments.json:
            common.say(
                f"{_SIGNS[check.status]} {check.check}: {check.detail}" + (f". {check.mend}" if check.mend else "")
            )
    if arguments.json:
        common.say(json.dumps([asdict(check) for check in found], ensure_ascii=False))
    broken = sum(check.status == "broken" for check in found)
    warnings = sum(check.status == "warning" for check in found)
    if not arguments.json:
        common.say(f"{len(found)} things looked at: {broken} broken, {warnings} to think about.")
    return _BROKEN_EXIT_CODE if broken else 0


def _checks(arguments: argparse.Namespace) -> Iterator[Check]:
    nameservers = _name_server(arguments.dns)
    try:
        config, newsletter = common.opened(arguments)
    except SettingsError as error:
        yield Check(check="settings", status="broken", detail=str(error), mend="Mend this first, then run it again.")
        return
    from digest import bootstrap_checkup

    yield from bootstrap_checkup.checks(config, newsletter, now=common.now(), nameservers=nameservers)


def _name_server(text: str) -> tuple[tuple[str, int], ...]:
    address, _, port = text.rpartition(":") if text.count(":") == 1 else (text, "", "53")
    if text and not (port.isascii() and port.isdigit()):
        message = f"--dns {text!r} is not an address such as 192.0.2.53 or 192.0.2.53:53."
        raise SettingsError(message)
    return ((address, int(port)),) if text else ()
