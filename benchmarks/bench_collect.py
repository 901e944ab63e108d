"""Collect from 500 local feeds of 30 entries behind nginx: the first run and an unchanged one, beside lemon24's `reader`.

The same once more behind a server that thinks for 200 ms before each answer. `--feeds 100 200` (or `DIGEST_BENCH_FEEDS`) sets
other numbers, one line of figures each; `--alone` leaves `reader` out, for numbers that it would take too long for: `--feeds 10000
--alone` shows, beside the same for a fifth of the feeds, that memory stays and time grows with their number. Where nginx or
`reader` (see requirements-reader.txt) can not be had, the figures say so. Feeds are made with a fixed seed.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_connection, socket
from typing import Any

HERE = Path(__file__).resolve().parent
PEER = Path(tempfile.gettempdir()) / "digest-bench-reader"
ENTRIES = 30
THINKING_SECONDS = 0.2
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 1024; }}
http {{
  access_log off; types {{ application/rss+xml xml; }}
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d;
  scgi_temp_path {folder}/e;
  server {{ listen 0.0.0.0:{port}; root {folder}/www; }}
}}
"""


def write_feeds(folder: Path, feeds: int) -> None:
    chance = random.Random(1)
    vocabulary = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(4_000)]

    def words(count: int) -> str:
        return " ".join(chance.choices(vocabulary, k=count))

    for number in range(feeds):
        home = f"https://blog{number}.example.org"
        items = "".join(
            f"<item><title>{words(7)}</title><link>{home}/{item}</link><guid isPermaLink='false'>b{number}-{item}</guid>"
            f"<dc:creator>Ana Example</dc:creator><pubDate>Thu, {1 + item % 28:02} Nov 2026 08:00:00 +0000</pubDate>"
            f"<description><![CDATA[<p>{words(30)}</p>]]></description><content:encoded><![CDATA["
            + "".join(f"<p>{words(60)} <a href='/x'>{words(2)}</a> <em>{words(3)}</em>.</p>" for _ in range(4))
            + "]]></content:encoded></item>"
            for item in range(ENTRIES)
        )
        (folder / f"{number}.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Blog {number}</title>'
            f"<link>{home}/</link><language>en</language>{items}</channel></rss>",
            encoding="utf-8",
        )


@contextmanager
def nginx(folder: Path, program: str) -> Iterator[int]:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    settings = folder / "nginx.conf"
    settings.write_text(NGINX.format(folder=folder, port=port), encoding="utf-8")
    server = subprocess.Popen([program, "-c", settings], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait()


@contextmanager
def thinking(folder: Path) -> Iterator[int]:
    words = [sys.executable, HERE / "thinking_server.py", folder, str(THINKING_SECONDS)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def peer_python() -> Path | None:
    """Return the interpreter that has `reader`, making its environment once; None where it can not be had."""
    python = PEER / "bin" / "python"
    if not (PEER / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", PEER], check=True)
        wanted = HERE / "requirements-reader.txt"
        made = subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "-r", wanted], capture_output=True, check=False
        )
        if made.returncode:
            return None
        (PEER / "ready").touch()
    return python


def one(python: Path | str, script: str, port: int, feeds: int, folder: Path) -> dict[str, float]:
    database = folder / f"{script}-{port}-{feeds}.db"
    said = subprocess.run(
        [python, HERE / script, str(port), str(feeds), database],
        capture_output=True,
        text=True,
        check=True,
        timeout=900,
    )
    figures: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return figures


def measure(feeds: int, *, alone: bool) -> dict[str, Any]:
    program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        return {"left_out": "nginx is not installed (Debian: nginx-light)"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "www").mkdir()
        folder.chmod(0o755)
        write_feeds(folder / "www", feeds)
        with nginx(folder, program) as port:
            ours = one(sys.executable, "collect_ours.py", port, feeds, folder)
            fifth = one(sys.executable, "collect_ours.py", port, feeds // 5, folder)
            python = None if alone else peer_python()
            peer = one(python, "collect_reader.py", port, feeds, folder) if python else None
        with thinking(folder / "www") as port:
            slow = one(sys.executable, "collect_ours.py", port, feeds, folder) if python else None
            slow_peer = one(python, "collect_reader.py", port, feeds, folder) if python else None
    figures: dict[str, Any] = {
        "first_run_seconds": round(ours["first"], 2),
        "unchanged_run_seconds": round(ours["unchanged"], 2),
        "processor_seconds": round(ours["cpu"], 1),
        "share_of_fetch_parse_store": [round(ours[f"share_{part}"], 2) for part in ("fetch", "parse", "store")],
        "largest_process_mb": round(ours["largest_mb"]),
        "largest_process_mb_of_a_fifth": round(fifth["largest_mb"]),
        "time_times_for_five_times_the_feeds": round(ours["first"] / fifth["first"], 2),
    }
    if peer is None or slow is None or slow_peer is None:
        return figures | {"reader": "left out" if alone else "could not be installed"}
    return figures | {
        "reader_first_run_seconds": round(peer["first"], 2),
        "reader_unchanged_run_seconds": round(peer["unchanged"], 2),
        "times_as_fast_first": round(peer["first"] / ours["first"], 2),
        "times_as_fast_unchanged": round(peer["unchanged"] / ours["unchanged"], 2),
        "reader_processor_times": round(peer["cpu"] / ours["cpu"], 2),
        "unchanged_run_seconds_at_200_ms": round(slow["unchanged"], 2),
        "reader_unchanged_run_seconds_at_200_ms": round(slow_peer["unchanged"], 2),
        "times_as_fast_unchanged_at_200_ms": round(slow_peer["unchanged"] / slow["unchanged"], 2),
    }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--feeds", type=int, nargs="+", default=[int(os.environ.get("DIGEST_BENCH_FEEDS", "500"))])
    options.add_argument("--alone", action="store_true")
    asked = options.parse_args()
    for count in asked.feeds:
        figures = measure(count, alone=asked.alone)
        print(json.dumps({"name": f"collect from {count} feeds of {ENTRIES} entries", **figures}))
