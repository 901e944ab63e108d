"""The small composition root of `digest inspect pair | summary | text | locale`: a glossary, and no store or network."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.resources import resource_dir

if TYPE_CHECKING:
    from digest.ports import Summariser


def word_inspector(
    kind: str, glossary: Path | None, *, sentences: int, summariser: "Summariser | None" = None
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what reads one input; a named glossary stands over the one that comes along. Raises FileFormatError.

    Without a summariser, summaries are extracts.
    """
    from digest.adapters.stores.glossary_file import glossary_over, read_glossary_file
    from digest.inspection import inspector

    seed = resource_dir("locales") / "glossary.csv"
    terms = glossary_over(seed, glossary, needed=True) if glossary else read_glossary_file(seed)
    return inspector(kind, terms, sentences=sentences, summariser=summariser)
