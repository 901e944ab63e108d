"""Whatever sources send: `digest collect` ends well, says why of each, loses nothing, and touches no address it may not."""

import gzip
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import http_server as faults
from author_folder import DEMO
from digest.cli.main import main
from digest.errors import SettingsError

ITEM = (
    "<item><title>{0}</title><link>https://blog.example.org/{0}</link><description>Words of {0}.</description></item>"
)
RSS = "<rss version='2.0'><channel><title>Bonds</title>{}</channel></rss>"
GOOD = RSS.format(ITEM.format("holding-on")).encode()
LAUGHS = "<!DOCTYPE rss [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9)) + "]>"
OUTSIDE = "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\t ",
    "nothing-but-zeros": b"\0" * 50_000,
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "page": b"<!DOCTYPE html><html><head><title>x</title></head><body><p>Nothing here.</p></body></html>",
    "no-json": b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
    "deep-json": b'{"items": ' + b"[" * 50_000,
    "cut-off": RSS.format(ITEM.format("cut")).encode()[:120],
    "laughs": (LAUGHS + RSS.format("<item><title>&a9;</title></item>")).encode(),
    "outside-entity": (OUTSIDE + RSS.format("<item><title>read &x;</title></item>")).encode(),
    "deep-elements": b"<rss version='2.0'><channel>" + b"<a>" * 20_000,
    "deep-markup": RSS.format(
        f"<item><title>t</title><description>{'&lt;div&gt;' * 10_000}x</description></item>"
    ).encode(),
    "open-comments": RSS.format(
        f"<item><title>t</title><description>{'&lt;!--' * 20_000}</description></item>"
    ).encode(),
    "angle-brackets": b"<rss>" + b"<" * 100_000,
    "wrong-encoding": b"<?xml version='1.0' encoding='utf-32'?>" + GOOD,
    "unknown-encoding": b"<?xml version='1.0' encoding='zlib_codec'?>" + GOOD,
    "thousands": RSS.format(ITEM.format("one") * 2_000).encode(),
    "scripts": RSS.format(
        "<item><title>&lt;script>stolen()&lt;/script>Sea</title><link>javascript:stolen()</link><guid>s</guid><description>"
        "&lt;p onclick='stolen()'>Sea&lt;/p>&lt;img src='data:text/html,stolen()'>&lt;style>stolen{}&lt;/style></description></item>"
    ).encode(),
    "impossible-dates": RSS.format(
        "<item><title>d</title><guid>d</guid><pubDate>Thu, 99 Zzz 99999</pubDate></item>"
    ).encode(),
}
REFUSED = {
    "not-found": faults.status("404 Not Found"),
    "broken-server": faults.status("500 Internal Server Error"),
    "too-often": faults.status("429 Too Many Requests", Retry_After="99999999999999999999"),
    "away": faults.status("503 Service Unavailable", Retry_After="yesterday"),
    "gone": faults.status("410 Gone"),
    "locked": faults.status("401 Unauthorized"),
    "round-and-round": faults.redirect("/round-and-round"),
    "to-a-file": faults.redirect("file:///etc/passwd"),
    "to-nowhere": faults.redirect("http://["),
    "bomb": faults.page(gzip.compress(b"<rss>" + b" " * 40_000_000), Content_Encoding="gzip"),
    "packed-otherwise": faults.page(GOOD, Content_Encoding="br"),
    "not-packed": faults.page(GOOD, Content_Encoding="gzip"),
    "broken-off": lambda exchange: exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss>"),
    "no-http": lambda exchange: exchange.send(b"SSH-2.0-OpenSSH\r\n"),
    "nothing-said": lambda _exchange: None,
    "endless-headers": lambda exchange: exchange.send(b"HTTP/1.1 200 OK\r\n" + b"X-Long: y\r\n" * 50_000),
}
FINE = {
    "wrong-encoding",
    "unknown-encoding",
    "deep-markup",
    "open-comments",
    "scripts",
    "impossible-dates",
    "good",
    "moody",
}


@pytest.fixture(scope="module")
def evil() -> Iterator[faults.FaultServer]:
    routes = {f"/{name}": faults.page(body, "application/rss+xml") for name, body in BODIES.items()}
    routes |= {f"/{name}": route for name, route in REFUSED.items()}
    routes |= {"/good": faults.page(GOOD), "/moody": faults.page(RSS.format(ITEM.format("moody")).encode())}
    with faults.serving(routes, host="0.0.0.0") as server:
        yield server


def folder(place: Path, addresses: list[str], *, private: bool) -> Path:
    """An author's folder with these sources."""
    text = (DEMO / "author" / "digest.toml").read_text(encoding="utf-8").replace("@BASE@", "https://blog.example.org")
    head, rest = text.split("[[sources]]", 1)
    tail = rest[rest.index("[engines]") :]
    if not private:
        head = head.replace("allow_private_addresses = true", "allow_private_addresses = false")
    sources = "".join(
        f'[[sources]]\nkind = "feed"\nurl = "{url}"\nsection = "others"\nlimit = 2\n\n' for url in addresses
    )
    place.mkdir()
    (place / "digest.toml").write_text(head + sources + tail, encoding="utf-8")
    return place


# Linux counts what the parent of a process had in memory as the child's own until it starts; this parent is small.
SMALL_PARENT = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
sys.exit(done.returncode)
"""


def collected(place: Path) -> tuple[str, int]:
    """What `digest collect` says in a process of its own, and the most memory that it took (MB)."""
    words = [sys.executable, "-m", "digest", "--folder", str(place), "collect", "--force"]
    done = subprocess.run(
        [sys.executable, "-c", SMALL_PARENT, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    said, _, megabytes = done.stdout.rstrip().rpartition("\n")
    return said, int(megabytes)


def asked_again(place: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `digest collect` says, in this process."""
    assert main(["--folder", str(place), "collect", "--force"]) == 0
    return "".join(capsys.readouterr())


def test_every_bad_source_gets_its_reason_and_the_good_ones_their_articles(
    evil: faults.FaultServer, tmp_path: Path
) -> None:
    names = [*BODIES, *REFUSED, "good"]
    # A host each, as in life: a pause that one asks for is not everybody's.
    addresses = [evil.url(f"/{name}", host=f"127.0.1.{number}") for number, name in enumerate(names, 1)]
    place = folder(tmp_path / "author", addresses, private=True)

    said, megabytes = collected(place)

    for name, address in zip(names, addresses, strict=True):
        lines = [line for line in said.splitlines() if address.removeprefix("http://") in line]
        assert lines, f"nothing is said of {name}:\n{said}"
        problems = [line for line in lines if "new, 0 edited" not in line and ": new: " not in line]
        assert problems or name in FINE | {"thousands"}, f"no reason is given for {name}: {lines}"
    assert "holding-on" in said
    assert "Traceback" not in said
    assert "root:" not in said
    assert "stolen" not in said.replace("stolen()Sea", "")
    assert megabytes < 300


def test_what_was_stored_stays_when_a_source_turns_bad(
    evil: faults.FaultServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = evil.url("/moody", host="127.0.2.1")
    place = folder(tmp_path / "author", [address], private=True)
    assert "1 new" in asked_again(place, capsys)
    good = evil.routes["/moody"]
    for name in ("empty", "page", "cut-off", "deep-elements", "not-found", "gone"):
        evil.routes["/moody"] = evil.routes[f"/{name}"]
        asked_again(place, capsys)
    evil.routes["/moody"] = good

    assert "0 new, 0 edited, 1 unchanged" in asked_again(place, capsys)


def test_the_receipt_of_a_stage_alone_has_each_source_and_item_with_its_reason(
    evil: faults.FaultServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    addresses = [evil.url(path, host=f"127.0.4.{number}") for number, path in enumerate(("/good", "/not-found"), 1)]
    place = folder(tmp_path / "author", addresses, private=True)
    asked_again(place, capsys)
    assert main(["--folder", str(place), "receipt", "--json"]) == 0
    collected = json.loads(capsys.readouterr().out)
    assert main(["--folder", str(place), "complete"]) == 0
    capsys.readouterr()
    assert main(["--folder", str(place), "receipt", "--json"]) == 0
    completed = json.loads(capsys.readouterr().out)

    [stage] = collected["stages"]
    assert collected["outcome"] == "done"
    assert [line for line in stage["made"] if "127.0.4.1" in line and ": new: “holding-on”" in line]
    [problem] = stage["problems"]
    assert "127.0.4.2" in problem["where"]
    assert "404" in problem["what"]
    assert "digest.toml" in problem["mend"]
    assert completed["stages"][0]["stage"] == "complete"
    assert "holding-on" in " ".join(completed["stages"][0]["made"])


FORBIDDEN = (
    "http://127.0.0.1:{port}/good", "http://localhost:{port}/good", "http://[::1]:{port}/good", "http://2130706433:{port}/good",
    "http://0.0.0.0:{port}/good", "http://127.1:{port}/good", "http://127.0.0.1/good", "http://localhost/good",
    "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/latest/", "http://10.0.0.1/", "http://192.168.1.1/",
    "http://100.64.0.1/", "http://[64:ff9b::7f00:1]/", "http://[::ffff:127.0.0.1]/",
)  # fmt: skip


def test_no_address_of_a_private_network_is_touched(
    evil: faults.FaultServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = len(evil.asked)
    addresses = [address.format(port=evil.port) for address in FORBIDDEN]

    said = asked_again(folder(tmp_path / "author", addresses, private=False), capsys)

    assert len(evil.asked) == before
    assert said.count("public internet") + said.count("port") >= len(addresses), said


def test_a_secret_in_an_address_is_in_no_line(
    evil: faults.FaultServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = evil.url("/not-found?key=hunter2", host="127.0.3.1")

    said = asked_again(folder(tmp_path / "author", [address], private=True), capsys)

    assert "127.0.3.1" in said
    assert "hunter" not in said


def test_a_named_file_that_can_not_be_read_is_said_by_the_exit_code_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.xml").write_bytes(GOOD)

    code = main(["inspect", "feed", str(tmp_path / "none.xml"), str(tmp_path / "good.xml")])

    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert code == SettingsError.exit_code
    assert "none.xml" in first["error"]
    assert "entries" in second


def test_inspection_answers_every_bad_file_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, body in BODIES.items():
        (tmp_path / name).write_bytes(body)
    lines = [json.dumps({"path": str(tmp_path / name), "url": "https://blog.example.org/feed"}) for name in BODIES]
    lines += ["", "no json", "[]", "{}", '{"path": 1}', '{"path": "/not/there"}', json.dumps({"path": str(tmp_path)})]
    for kind in ("feed", "page"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\n".join(lines).encode())))

            assert main(["inspect", kind, "--batch"]) == 0

        answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert len(answers) in {len(lines), len(lines) - 1}, "an empty line may be passed over"
        for name, answer in zip(BODIES, answers, strict=False):
            assert name in FINE or kind == "page" or answer.get("problems") or answer.get("error"), (name, answer)
