"""The private key that signs mails (RFC 6376). Needs the extra `dkim`."""

import base64
from typing import TYPE_CHECKING, Any, NoReturn

from digest.errors import SettingsError
from digest.models.sending import Signer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_FEWEST_BITS = 2048


def load_signer(pem: str, *, domain: str, selector: str) -> Signer:
    r"""Return a signer; `pem` may have `\n` written out, as secrets often do. Raises SettingsError."""
    try:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import padding
    except ImportError:
        _refuse("it needs the package cryptography. Install digest with the extra 'dkim'")
    key = read_key(pem.replace("\\n", "\n").encode("utf-8", "replace"))
    # Made once: each costs as much as a part of the signature.
    scheme, algorithm = padding.PKCS1v15(), hashes.SHA256()
    return Signer(domain=domain, selector=selector, sign=lambda data: key.sign(data, scheme, algorithm))


def new_key() -> tuple[str, str]:
    """Return a new private key in PEM, and its public one as the `p` of its DNS record. Raises SettingsError."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
    except ImportError:
        _refuse("it needs the package cryptography. Install digest with the extra 'dkim'")
    key = rsa.generate_private_key(public_exponent=65537, key_size=_FEWEST_BITS)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem.decode("ascii"), base64.b64encode(public).decode("ascii")


def read_key(pem: bytes) -> "RSAPrivateKey":
    """Return the key of a PEM. Raises SettingsError."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key: Any = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        _refuse("it has to be an RSA private key in PEM without a password")
    if key.key_size < _FEWEST_BITS:
        _refuse(f"it has {key.key_size} bits; {_FEWEST_BITS} is the fewest that receivers trust")
    return key


def _refuse(why: str) -> NoReturn:
    # `from None`: the cause may quote the key.
    raise SettingsError(f"The DKIM key can not be used: {why}.") from None


def signs_for(signer: Signer, published: str) -> bool:
    """Whether the published key, the base64 of `p` in its record, verifies what the signer signs."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    said = b"digest doctor"
    try:
        key = load_der_public_key(base64.b64decode(published, validate=True))
        if isinstance(key, RSAPublicKey):
            key.verify(signer.sign(said), said, padding.PKCS1v15(), hashes.SHA256())
            return True
    except (ValueError, UnsupportedAlgorithm, InvalidSignature):
        pass
    return False
