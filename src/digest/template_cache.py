"""Compiled templates, kept as long as the process: compiling takes longer than all the rest of a rendering.

https://jinja.palletsprojects.com/en/stable/api/#bytecode-cache
"""

from functools import cache

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Shared by environments of the same kind, which differ only in the language. Jinja asks for the source's hash."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what is kept; Jinja drops it where the source has changed."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


@cache
def compiled_templates(kind: str) -> CompiledTemplates:
    """Return the one of this process for a kind of environment: what is compiled depends on its options."""
    del kind
    return CompiledTemplates()
