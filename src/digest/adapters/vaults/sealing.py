"""A snapshot as it lies in the vault: gzip, padded with zeros to a size class, encrypted with age.

Everybody who has the key can open it without this program: `age -d -i KEYFILE FILE | gunzip`. The size classes hide
how many readers there are: a list of some thousands is as large as an empty one.
"""

import gzip
import zlib
from typing import Any

from digest.errors import SettingsError, StorageError
from digest.models.vault import SnapshotName, variable_of

SMALLEST_CLASS = 256 * 1024
LARGEST = 90 * 1024 * 1024
"""Git hosts refuse files of 100 MiB."""
_COMMENT = "#"


def new_identity() -> tuple[str, str]:
    """Return a new secret key and its public one, as age writes them."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def size_class(length: int) -> int:
    """Return the size that a compressed snapshot is padded to: the next power of two, a quarter of a MiB at least."""
    return max(SMALLEST_CLASS, 1 << max(length - 1, 0).bit_length())


def seal(name: SnapshotName, database: bytes, key: str, *, most: int = LARGEST) -> bytes:
    """Compress, pad and encrypt. Raises SettingsError for a key that is none, StorageError for too large a database."""
    import pyrage

    packed = gzip.compress(database, compresslevel=6, mtime=0)
    if len(packed) > most:
        message = (
            f"The database '{name}' has grown too large for a git branch. Move it to PostgreSQL: put the server's "
            f"address into `{name}` of the table [storage]."
        )
        raise StorageError(message)
    padded = packed.ljust(min(size_class(len(packed)), most), b"\0")
    sealed: bytes = pyrage.encrypt(padded, [_identities(name, key)[0].to_public()])
    return sealed


def unseal(name: SnapshotName, sealed: bytes, key: str) -> bytes:
    """Return the database. Raises SettingsError for a key that does not open it, StorageError for broken bytes."""
    import pyrage

    identities = _identities(name, key)
    try:
        padded = pyrage.decrypt(sealed, identities)
    except pyrage.DecryptError as error:
        if "key" in str(error).lower():
            message = (
                f"The key of '{name}' does not open its snapshot: it is another one, or it was replaced since. "
                f"Put the newest key into {variable_of(name)}."
            )
            raise SettingsError(message) from None
        raise _broken(name) from None
    try:
        return zlib.decompressobj(wbits=31).decompress(padded)
    except zlib.error:
        raise _broken(name) from None


def check_key(name: SnapshotName, key: str) -> str:
    """Return the public key of the first identity. Raises SettingsError where there is none."""
    return str(_identities(name, key)[0].to_public())


def _identities(name: SnapshotName, key: str) -> list[Any]:
    try:
        from pyrage import IdentityError, x25519
    except ImportError:
        message = "The vault needs the package pyrage, which is not installed. Install digest with the extra 'actions'."
        raise SettingsError(message) from None
    words = [line.strip() for line in key.splitlines()]
    words = [word for line in words if not line.startswith(_COMMENT) for word in line.split()]
    if not words:
        message = (
            f"There is no key of '{name}'. Put it into the secret {variable_of(name)}, as `digest init` showed it."
        )
        raise SettingsError(message)
    try:
        return [x25519.Identity.from_str(word) for word in words]
    except IdentityError:
        message = (
            f"The key of '{name}' is not one of age: it begins with AGE-SECRET-KEY-1 and has 74 characters. "
            f"Copy the whole line into {variable_of(name)}."
        )
        raise SettingsError(message) from None


def _broken(name: SnapshotName) -> StorageError:
    return StorageError(
        f"The snapshot of '{name}' in the vault is cut short or was tampered with, so it is not used. "
        "Put back a copy that opens, as the page on the vault describes."
    )
