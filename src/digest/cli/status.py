"""`digest status`: every issue and where it stands."""

import argparse
import json

from digest import bootstrap, pipeline
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace) -> int:
    """Print one line per issue; a broken issue is a line, not the end."""
    config, newsletter = common.opened(arguments)
    with bootstrap.workshop(config, newsletter) as shop:
        lines = pipeline.standing(shop)
    if arguments.json:
        common.say(json.dumps([{"issue": name, "state": state} for name, state in lines]))
        return 0
    for name, state in lines:
        common.say(f"{name}: {state}")
    if not lines:
        common.say("No issue yet. Run `digest prepare`.")
    return 0
