"""A name server on loopback that knows TXT records, for as long as a test needs it."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@contextmanager
def name_server(texts: Mapping[str, tuple[str, ...]] | None) -> Iterator[str]:
    """Serve until the block ends; yields `address:port`. A name that is not there does not exist; None fails always."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(sock, texts))
        thread.start()
        try:
            yield f"127.0.0.1:{sock.getsockname()[1]}"
        finally:
            sock.sendto(b"", sock.getsockname())
            thread.join(10)


def _serve(sock: socket.socket, texts: Mapping[str, tuple[str, ...]] | None) -> None:
    while True:
        asked, peer = sock.recvfrom(4096)
        if not asked:
            return
        query = dns.message.from_wire(asked)
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        (question,) = query.question
        records = texts.get(question.name.to_text(omit_final_dot=True)) if texts is not None else None
        if texts is None:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif records is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif question.rdtype == dns.rdatatype.TXT:
            # Strings of a record have at most 255 octets.
            parts = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in records]
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", *parts))
        sock.sendto(answer.to_wire(), peer)
