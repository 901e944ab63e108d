"""A network of one's own (Linux namespaces): names resolve as a test says, and public addresses end on this machine.

Run as a program inside `unshare` it brings the network up, types the commands of its argument and prints what happened as
JSON; `commands_in_own_network` does that. Nothing of the program under test is replaced.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import dns.message
import dns.rdatatype
import dns.rrset
import pytest

import http_server as faults

PUBLIC, OTHER_PUBLIC, METADATA = "93.184.215.14", "93.184.215.15", "169.254.169.254"
NO_NAMESPACES = "no network namespaces here (Linux: unshare and ip, and the right to use them)"
UNSHARE = ("unshare", "--map-root-user", "--mount", "--net")

Names = Mapping[str, Sequence[Sequence[str]]]
"""By name the addresses of the first answer, of the second, and so on; the last goes on for ever."""


@dataclass(frozen=True, slots=True)
class Happened:
    """What a network saw."""

    said: str
    codes: list[int]
    asked: list[tuple[str, str, str]]
    """(address that was connected to, `Host`, path)."""
    resolved: list[tuple[str, list[str]]]
    """Each answer to a question for a name."""

    def touched(self) -> set[str]:
        """The addresses that were connected to."""
        return {address for address, _, _ in self.asked}


def commands_in_own_network(
    commands: Sequence[Sequence[str]], *, names: Names, answers: Mapping[str, tuple[str, dict[str, str], str]]
) -> Happened:
    """Type `digest` commands there. `answers`: by path the status line, the headers and the body, at every address."""
    if not shutil.which("unshare") or not shutil.which("ip"):
        pytest.skip(NO_NAMESPACES)
    if subprocess.run([*UNSHARE, "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode:
        pytest.skip(NO_NAMESPACES)
    job = json.dumps({"commands": commands, "names": names, "answers": answers})
    done = subprocess.run(
        [*UNSHARE, sys.executable, __file__], input=job, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return Happened(said["said"], said["codes"], [tuple(one) for one in said["asked"]], said["resolved"])


def _main() -> None:
    job = json.load(sys.stdin)
    _bring_up()
    resolved, asked = list[tuple[str, list[str]]](), list[tuple[str, str, str]]()
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 53))
    threading.Thread(target=_resolve, args=(names, job["names"], resolved), daemon=True).start()
    with faults.serving({}, host="0.0.0.0", port=80) as server:
        server.routes |= {path: _route(answer, asked) for path, answer in job["answers"].items()}
        done = [
            subprocess.run([sys.executable, "-m", "digest", *words], capture_output=True, text=True, check=False)
            for words in job["commands"]
        ]
    said = "".join(one.stdout + one.stderr for one in done)
    happened = {"said": said, "codes": [one.returncode for one in done], "asked": asked, "resolved": resolved}
    sys.stdout.write(json.dumps(happened))


def _bring_up() -> None:
    """Give the loopback device public addresses and that of the clouds' metadata; let names be asked here alone."""
    _ip("link", "set", "lo", "up")
    for address in (PUBLIC, OTHER_PUBLIC, METADATA):
        _ip("addr", "add", f"{address}/32", "dev", "lo")
    folder = Path(tempfile.mkdtemp())
    for name, text in (("resolv.conf", "nameserver 127.0.0.1\n"), ("nsswitch.conf", "hosts: files dns\n")):
        (folder / name).write_text(text, encoding="ascii")
        subprocess.run(["mount", "--bind", folder / name, f"/etc/{name}"], check=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _resolve(sock: socket.socket, names: Names, resolved: list[tuple[str, list[str]]]) -> None:
    turns = dict.fromkeys(names, 0)
    while True:
        asked, peer = sock.recvfrom(4096)
        query = dns.message.from_wire(asked)
        answer, (question,) = dns.message.make_response(query), query.question
        name = question.name.to_text(omit_final_dot=True)
        if question.rdtype == dns.rdatatype.A and name in names:
            addresses = list(names[name][min(turns[name], len(names[name]) - 1)])
            turns[name] += 1
            resolved.append((name, addresses))
            answer.answer.append(dns.rrset.from_text(question.name, 0, "IN", "A", *addresses))
        sock.sendto(answer.to_wire(), peer)


def _route(answer: tuple[str, dict[str, str], str], asked: list[tuple[str, str, str]]) -> faults.Route:
    line, headers, body = answer

    def route(exchange: faults.Exchange) -> None:
        address = exchange.connection.getsockname()[0]
        asked.append((address, exchange.asked.headers.get("host", ""), exchange.asked.path))
        with suppress(OSError):
            exchange.answer(body.encode(), status=line, headers=headers)

    return route


if __name__ == "__main__":
    _main()
