"""The programs that people edit PO files with: GNU gettext's own, and the library that Weblate reads and writes with."""

import shutil
import subprocess
from pathlib import Path

import pytest

PYTHON = "/usr/bin/python3"
"""Of the system: Weblate's library is under another licence and no part of this program, so it runs beside it."""

WEBLATE = """
import sys
from translate.storage import pypo
store = pypo.pofile.parsefile(sys.argv[1])
store.updateheader(add=True, X_Generator="Weblate 5.14", Last_Translator="Ana Example <ana@example.org>")
for unit in store.units:
    key = unit.getcontext()
    if key in sys.argv[4:]:
        unit.target = sys.argv[3]
        unit.markfuzzy(False)
        unit.prev_msgid, unit.prev_msgctxt = [], []
store.savefile(sys.argv[2])
"""


def gettext(*words: str) -> None:
    if shutil.which(words[0]) is None:
        pytest.skip("GNU gettext is not installed (Debian package gettext)")
    subprocess.run(words, check=True, capture_output=True, timeout=60)


def weblate(file: Path, after: Path, *edited: str, words: str = "Palavras dela.") -> None:
    if shutil.which("pogrep") is None or not Path(PYTHON).exists():
        pytest.skip("the Translate Toolkit is not installed (Debian package translate-toolkit)")
    subprocess.run(
        [PYTHON, "-c", WEBLATE, str(file), str(after), words, *edited], check=True, capture_output=True, timeout=60
    )
