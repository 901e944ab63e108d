"""The command line: reads the arguments, runs one command, turns expected failures into one sentence."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, cast

from digest.errors import DigestError
from digest.version import VERSION

COMMANDS: dict[str, str] = {
    "init": "make a new newsletter's folder: settings, glossary, workflows, keys",
    "run": "do whatever is due now: collect, prepare, send what is approved; safe to repeat",
    "prepare": "collect articles and make the next issue (stages 1 to 6)",
    "collect": "ask the sources for new articles",
    "complete": "read the pages of new articles",
    "curate": "choose what the next issue carries, with reasons",
    "draft": "draft the summaries of the next issue",
    "localise": "bring the next issue into every locale",
    "render": "render the next issue",
    "preview": "write the preview of an issue as files",
    "review": "show what state an issue is in and what blocks it",
    "approve": "approve exactly what was rendered",
    "send": "send an approved issue",
    "tend": "read the mailbox: who left, what bounced, who wrote",
    "subscribers": "add, import, erase or count readers",
    "sources": "show how each source is; import and export lists of feeds (OPML)",
    "status": "show every issue and where it stands",
    "receipt": "show what a run did and why",
    "ci": "the whole of one step of a workflow: reads the event, does it, writes the job's summary",
    "doctor": "look at settings, sources, engines, mail server, mailbox and names, and say how to mend what is broken",
    "inspect": "show how the tool reads a feed or a page",
    "models": "fetch the models of the local engine",
    "state": "carry the databases between machines in encrypted snapshots",
    "db": "upgrade the databases",
}
USAGE_EXIT_CODE = 2


class Command(Protocol):
    """What each module of `digest.cli` named after a command offers."""

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's own arguments."""
        ...

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit code."""
        ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = _command_name(words)
    parser = parser_for(name)
    if name is None:
        parser.parse_args(words)
        parser.print_help()
        return USAGE_EXIT_CODE
    parsed = parser.parse_args(words)
    command = _load(name)
    try:
        return command.run(parsed)
    except DigestError as error:
        print(f"digest: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("digest: stopped; run the same command again to go on", file=sys.stderr)
        return 130


def _command_name(words: Sequence[str]) -> str | None:
    """The first word that is a command, so that only its module is imported."""
    return next((word for word in words if word in COMMANDS), None)


def parser_for(name: str | None) -> argparse.ArgumentParser:
    """Return the parser, with the arguments of one command."""
    parser = argparse.ArgumentParser(
        prog="digest", description="Bilingual article digests that only send approved words."
    )
    parser.add_argument("--version", action="version", version=f"digest {VERSION}")
    parser.add_argument("--folder", type=Path, default=Path(), help="the newsletter's folder (default: this one)")
    parser.add_argument("--newsletter", help="which newsletter, if digest.toml holds several")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for command, summary in COMMANDS.items():
        sub = commands.add_parser(command, help=summary, description=summary)
        if command == name:
            _load(command).configure(sub)
    return parser


def _load(name: str) -> Command:
    return cast("Command", importlib.import_module(f"digest.cli.{name}"))
