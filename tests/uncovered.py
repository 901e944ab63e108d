"""The environment of child processes whose coverage is not measured."""

import os


def uncovered(**more: str) -> dict[str, str]:
    """Return this process's environment without what starts coverage in children, and `more`.

    A killed child never writes what it measured, and the demo's commands are measured where other tests call them;
    measuring takes as long as the work itself.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return {**kept, **more}
