"""The golden editions: `python tests/golden_editions.py` writes them anew, for you to look at before you commit."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
LOCALES = ("pt_BR", "en")

if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

from digest.models.edition import RenderedEdition, RenderOutcome  # noqa: E402 - found on the path set above
from digest.stages.render import render  # noqa: E402 - the same
from fakes_render import writer  # noqa: E402 - the same
from golden_issue import GOLDEN_ISSUE, GOLDEN_NEWSLETTER, GOLDEN_SEGMENTS  # noqa: E402 - the same


def golden() -> RenderOutcome:
    """Return the editions of the golden issue as they are rendered now."""
    return render(GOLDEN_ISSUE, GOLDEN_SEGMENTS, GOLDEN_NEWSLETTER, writer(), locales=LOCALES)


def as_lines(edition: RenderedEdition, kind: str) -> str:
    """Return one part of an edition as its golden file holds it: the HTML, one long line, with one tag a line."""
    return edition.html.replace("><", ">\n<") + "\n" if kind == "html" else edition.text


def main() -> None:
    """Write all golden files."""
    GOLDEN.mkdir(exist_ok=True)
    for edition in golden().editions:
        for kind in ("html", "txt"):
            (GOLDEN / f"digest.{edition.name}.{kind}").write_text(as_lines(edition, kind), encoding="utf-8")


if __name__ == "__main__":
    main()
