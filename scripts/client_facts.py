"""Write anew which mail programs show what: `scripts/client-facts [VERSION]` of the npm package `caniemail` (needs npm).

Without a version it takes the newest; the workflow `client-facts.yml` does that once a month and proposes the difference.

caniemail.com publishes its tests under the MIT licence; this keeps the newest result of sixteen mail programs as one letter
each, in src/digest/text/gates/client_facts.tsv. Look at the difference, then run the tests: an entry of the policy that is
no longer needed fails, and so does a degradation that nobody accepted.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "src" / "digest" / "text" / "gates" / "client_facts.tsv"
NEWEST = "latest"
CLIENTS = (
    ("gmail", "desktop-webmail"),
    ("gmail", "ios"),
    ("gmail", "android"),
    ("gmail", "mobile-webmail"),
    ("apple-mail", "macos"),
    ("apple-mail", "ios"),
    ("outlook", "windows"),
    ("outlook", "windows-mail"),
    ("outlook", "macos"),
    ("outlook", "outlook-com"),
    ("outlook", "ios"),
    ("outlook", "android"),
    ("yahoo", "desktop-webmail"),
    ("yahoo", "ios"),
    ("yahoo", "android"),
    ("samsung-email", "android"),
)
HEADER = """\
# Made by `scripts/client-facts` from caniemail.com; do not edit.
# Copyright (c) 2019 HTeuMeuLeu, MIT licence (the permission notice is that of this project's LICENSE).
# Source: npm package caniemail {version}, data of {updated}.
# One line a feature: its name there, one letter a mail program (y shown, a in part, n not, u unknown), year tested, title.
"""


def table(data: Mapping[str, Any], version: str) -> str:
    """Return the table for the published data. Raises KeyError and TypeError where its form changed."""
    updated = str(data["last_update_date"])[:10]
    names = "\t".join(("feature", " ".join(f"{family}:{platform}" for family, platform in CLIENTS), "tested", "title"))
    lines = sorted(_lines(data["data"]))
    return HEADER.format(version=version, updated=updated) + "\n".join((names, *lines)) + "\n"


def _lines(features: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for feature in features:
        letters = "".join(_letter(feature["stats"].get(family, {}).get(platform, {})) for family, platform in CLIENTS)
        title = " ".join(str(feature["title"]).split())
        yield "\t".join((str(feature["slug"]), letters, str(feature["last_test_date"] or "")[:4] or "-", title))


def _letter(results: Mapping[str, str]) -> str:
    """The newest result: they are published in the order of the programs' versions."""
    newest = list(results.values())[-1] if results else "u"
    letter = str(newest)[:1]
    return letter if letter in "yanu" else "u"


def published(wanted: str) -> tuple[dict[str, Any], str]:
    """Fetch the data with npm; returns it with the version that it is of."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("client-facts: npm is needed (Debian: apt install npm)")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", f"caniemail@{wanted}"], cwd=folder, check=True, capture_output=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            return _file(packed, "data/caniemail.json"), str(_file(packed, "package.json")["version"])


def _file(packed: tarfile.TarFile, name: str) -> dict[str, Any]:
    try:
        file = packed.extractfile(f"package/{name}")
    except KeyError:
        file = None
    if file is None:
        raise SystemExit(f"client-facts: the package holds no {name}")
    values: dict[str, Any] = json.load(file)
    return values


def main(arguments: Sequence[str]) -> int:
    """Write the table."""
    data, version = published(arguments[0] if arguments else NEWEST)
    TABLE.write_text(table(data, version), encoding="utf-8")
    print(f"wrote {TABLE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
