"""Messages that a mailbox should never have got, made from a seed."""

import random
from collections.abc import Iterator

from mails_back import TOKEN, complaint, letter, report

_TRAPS = (
    b"From: a\r\n" * 3_000,
    b"Subject: =?utf-8?q?" + b"=FF" * 2_000 + b"?=\r\n\r\nx",
    b"Subject: =?x-none?b?////?=\r\nMessage-ID: <\xff@\x00>\r\n\r\n\x00",
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 90,
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=\r\n\r\n--\r\n",
    b"Content-Type: text/plain; charset=" + b"x" * 5_000 + b"\r\n\r\n" + b"\xe9" * 100,
    b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\nSubject: x\r\n\r\n" + b"> " * 20_000,
    b"Subject: unsubscribe " + b"a" * 60_000 + b"\r\n\r\n",
    b"\x00" * 1_000,
    b"",
    b"\r\n" * 2_000,
    b"To: " + b"letters+" + b"b" * 32 + b"@example.org, " * 500 + b"\r\n\r\n",
)


def hostile(seed: int, count: int) -> Iterator[bytes]:
    """Traps, and what servers send with bytes of it torn out, doubled, changed; tokens are guessed."""
    rng = random.Random(seed)
    shapes = (report("5.1.1"), report("5.2.2"), complaint(), letter(f"unsubscribe {TOKEN}"), letter(f"confirm {TOKEN}"))
    for number in range(count):
        if number % 25 == 0:
            yield rng.choice(_TRAPS) + b"%d" % number
            continue
        guess = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz234567", k=32)).encode()
        data = bytearray(rng.choice(shapes).replace(TOKEN.encode(), guess))
        for _ in range(rng.randint(0, 12)):
            at = rng.randrange(len(data))
            match rng.randrange(3):
                case 0:
                    data[at] = rng.randrange(256)
                case 1:
                    del data[at : at + rng.randrange(60)]
                    data += b" "
                case _:
                    data[at:at] = data[at : at + 40] * rng.randrange(4)
        yield bytes(data).replace(b"Message-ID: <", b"Message-ID: <%d-" % number, 1)
