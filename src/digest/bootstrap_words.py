"""The small composition root of `digest inspect pair | summary | text | locale`: a glossary, and no store or network."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from digest.resources import resource_dir


def word_inspector(kind: str, glossary: Path | None, *, sentences: int) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return what reads one input; a named glossary stands over the one that comes along. Raises FileFormatError."""
    from digest.adapters.stores.glossary_file import glossary_over, read_glossary_file
    from digest.inspection import inspector

    seed = resource_dir("locales") / "glossary.csv"
    terms = glossary_over(seed, glossary, needed=True) if glossary else read_glossary_file(seed)
    return inspector(kind, terms, sentences=sentences)
