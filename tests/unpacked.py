"""Programs of Debian packages that were unpacked and not installed (`scripts/unpacked-packages`)."""

import os
from pathlib import Path

UNPACKED = Path(os.environ.get("DIGEST_UNPACKED", Path(__file__).parents[1] / ".unpacked" / "root"))
NO_PACKAGES = "the mail servers are not unpacked (scripts/unpacked-packages)"


def postfix_program(name: str) -> str:
    """Path of one of Postfix's programs."""
    return str(UNPACKED / "usr" / "sbin" / name)


def unpacked_environment() -> dict[str, str]:
    """Environment in which unpacked programs find their libraries."""
    folders = [
        UNPACKED / "usr/lib/postfix",
        UNPACKED / "usr/lib/x86_64-linux-gnu",
        UNPACKED / "usr/lib",
        UNPACKED / "usr/lib/dovecot/modules",
        UNPACKED / "usr/lib/dovecot",
    ]
    return {**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(map(str, folders))}
