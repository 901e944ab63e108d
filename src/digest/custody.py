"""What to do when a folder and the vault each have a copy of a database. Pure: values in, a word out."""

from typing import Literal

from digest.models.vault import Mark

Taking = Literal["take", "keep", "same", "conflict"]


def taking(local: str | None, mark: Mark | None, held: str, version: str) -> Taking:
    """Decide about a snapshot: `take` it, `keep` what is here for it is newer, nothing to do, or a person decides.

    `local` and `held` are fingerprints of the database here and of the one in the vault, `version` names the latter.
    """
    if local is None:
        return "take"
    if local == held:
        return "same"
    if mark is not None and mark.version == version:
        return "keep" if local != mark.fingerprint else "same"
    if mark is not None and local == mark.fingerprint:
        return "take"
    return "conflict"
