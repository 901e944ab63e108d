"""What a mirror of the local engine's models serves: small files in the shape of Mozilla's."""

import hashlib
import json

import http_server as faults

FILES = {
    "model.enpt.intgemm.alphas.bin": b"not a real model",
    "vocab.enpt.spm": b"words",
    "lex.50.50.enpt.s2t.bin": b"lex",
}


def zstd(body: bytes) -> bytes:
    """One raw block (RFC 8878): the smallest frame that holds a short text."""
    assert len(body) < 256
    return b"\x28\xb5\x2f\xfd\x20" + bytes([len(body)]) + (len(body) << 3 | 1).to_bytes(3, "little") + body


def record(name: str, body: bytes, **changes: str) -> dict[str, object]:
    kind = {"m": "model", "v": "vocab", "l": "lex"}[name[0]]
    known = {
        "name": name,
        "fileType": kind,
        "sourceLanguage": "en",
        "targetLanguage": "pt",
        "version": "3.1",
        "architecture": "base-memory",
        "decompressedHash": hashlib.sha256(body).hexdigest(),
    }
    return {**known, **changes, "attachment": {"location": f"files/{name}"}}


RECORDS = [record(name, body) for name, body in FILES.items()]


def listing(*records: dict[str, object]) -> faults.Route:
    return faults.page(json.dumps({"data": list(records)}).encode())
