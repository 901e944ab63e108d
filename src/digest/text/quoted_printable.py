"""Text to quoted-printable (RFC 2045 section 6.7): ASCII, CRLF, lines of 76 characters at most.

Written here because the standard library emits 78 characters where a line is full and begins with a dot
(https://github.com/python/cpython/issues/78206). No line begins with `.` or `From `, so that neither
dot-stuffing nor an mbox file changes a byte. `=_` can not occur, so a boundary that holds it is safe.
"""

LINE = 76
_SOFT_BREAK = "=\r\n"
_PLAIN = {code: chr(code) for code in range(0x20, 0x7F) if code != ord("=")}
_ATOMS = tuple(_PLAIN.get(code, f"={code:02X}") for code in range(256))


def encode(text: str) -> str:
    r"""Return ASCII that decodes to the same text, `\n` having become CRLF; no line break is added at the end."""
    return "\r\n".join(_line(line) for line in text.split("\n"))


def open_ended(text: str) -> str:
    """Encode what stands before a splice, ending where a new line of the encoding begins."""
    encoded = encode(text)
    return encoded if not encoded or encoded.endswith("\n") else encoded + _SOFT_BREAK


def continued(text: str) -> str:
    """Encode what stands after a splice, beginning with the soft break that ends the splice's line."""
    encoded = encode(text)
    return _SOFT_BREAK + encoded if encoded else ""


def _line(line: str) -> str:
    encoded = "".join([_ATOMS[byte] for byte in line.encode("utf-8")])
    if encoded.endswith(" "):
        encoded = encoded[:-1] + "=20"
    whole = _guarded(encoded)
    # Shorter than the limit, so that `open_ended` has room for its soft break.
    if len(whole) < LINE:
        return whole
    return _SOFT_BREAK.join(_wrapped(encoded))


def _wrapped(encoded: str) -> list[str]:
    """Cut into lines of 75, which leaves one for the `=` of the soft break."""
    lines: list[str] = []
    start = 0
    while start < len(encoded):
        end = _between_atoms(encoded, start + LINE - 1)
        guarded = _guarded(encoded[start:end])
        # The guard makes a full line two longer: the last atoms go to the next line.
        while len(guarded) >= LINE:
            end = _between_atoms(encoded, end - 1)
            guarded = _guarded(encoded[start:end])
        lines.append(guarded)
        start = end
    return lines


def _between_atoms(encoded: str, place: int) -> int:
    """Return the last place up to this one where no `=XX` is cut."""
    if place >= len(encoded):
        return len(encoded)
    for back in (1, 2):
        if encoded[place - back] == "=":
            return place - back
    return place


def _guarded(line: str) -> str:
    if line.startswith("."):
        return "=2E" + line[1:]
    if line.startswith("From "):
        return "=46" + line[1:]
    return line
