"""The environment of a child process that is measured too: for the few that run what no test runs in its own process."""

import os

from coverage import Coverage


def measured() -> dict[str, str]:
    """Return this process's environment; while it is measured, with what lets coverage (7.10 or later) start in a child.

    Only a child that ends by itself tells what it measured. A test marked `no_cover` has children that are not either.
    """
    running = Coverage.current()
    return os.environ | ({"COVERAGE_PROCESS_CONFIG": running.config.serialize()} if running else {})
