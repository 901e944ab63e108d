"""What several commands share: opening the newsletter and printing what was done."""

import argparse
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from digest.config import Config, load_config
from digest.errors import SettingsError
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport


def opened(arguments: argparse.Namespace) -> tuple[Config, Newsletter]:
    """Read the settings of the folder that the user is in or named. Raises SettingsError."""
    config = load_config(arguments.folder)
    return config, config.newsletter(arguments.newsletter)


def now() -> datetime:
    """The one place where commands ask the clock."""
    return datetime.now(UTC)


def issue_id(text: str) -> str:
    """Check an issue's name: the day it is due. Raises SettingsError."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        pass
    message = f"{text!r} is not an issue. An issue is named by the day it is due, such as 2026-11-26."
    raise SettingsError(message)


def say(line: str = "") -> None:
    """Print one line for the user, without control characters that a feed might have smuggled in."""
    # At once, also into a pipe: who waits for the address of the desk would wait for ever.
    print("".join(char if char.isprintable() or char == "\t" else " " for char in line), flush=True)


def say_lines(text: str) -> None:
    """Print several lines."""
    for line in text.split("\n"):
        say(line)


def say_reports(reports: Iterable[StageReport]) -> None:
    """Print what each stage made, skipped and could not do."""
    for report in reports:
        say(f"{report.stage}: {len(report.made)} made, {len(report.skipped)} skipped, {len(report.problems)} problems")
        for line in report.made:
            say(f"  + {line}")
        for line in report.skipped:
            say(f"  - {line}")
        for problem in report.problems:
            say(f"  ! {problem.where}: {problem.what}" + (f" {problem.mend}" if problem.mend else ""))


def warn(line: str) -> None:
    """Print one line on standard error."""
    print(f"digest: {line}", file=sys.stderr)
