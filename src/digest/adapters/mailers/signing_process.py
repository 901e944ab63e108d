"""Signs for `signing`, as a process of its own: `python -m digest.adapters.mailers.signing_process`.

Takes from its standard input the length of a PEM key (4 bytes, big-endian), the key, and then SHA-256 digests (32 bytes
each) until there are no more; answers each with a signature.
"""

import sys
from typing import BinaryIO

DIGEST_BYTES = 32
LENGTH_BYTES = 4


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answer until nobody asks any more. `asked` and `answers` are binary streams."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

    from digest.adapters.mailers.dkim_key import read_key

    key = read_key(asked.read(int.from_bytes(asked.read(LENGTH_BYTES))))
    scheme, algorithm = padding.PKCS1v15(), Prehashed(hashes.SHA256())
    while len(digest := asked.read(DIGEST_BYTES)) == DIGEST_BYTES:
        answers.write(key.sign(digest, scheme, algorithm))
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
