"""A picture is looked at once and within limits; whatever lies at its address is said in one word."""

import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import http_server as faults
from digest.adapters.http import HttpClient
from digest.adapters.sources.pages import WebPageReader
from digest.adapters.sources.pictures import PICTURE_BYTES, read_picture
from digest.models.article import Picture
from digest.models.resolution import CouldNotCheck

WAVES = (Path(__file__).resolve().parents[2] / "demo" / "site" / "img" / "waves.png").read_bytes()
SIZES = st.integers(1, 0x3FFF)


def jpeg(width: int, height: int, *, baseline: bool) -> bytes:
    frame = struct.pack(">BHH", 8, height, width) + b"\x03" + b"\0" * 9
    camera = b"\xff\xe1" + struct.pack(">H", 14) + b"\xff\xc0thumbnail\0"[:12]
    return b"\xff\xd8" + camera + b"\xff\xff" + bytes([0xC0 if baseline else 0xC2]) + struct.pack(">H", 17) + frame


def webp(kind: bytes, payload: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(payload) + 12) + b"WEBP" + kind + struct.pack("<I", len(payload)) + payload


@given(SIZES, SIZES, st.booleans())
def test_every_form_gives_its_size(width: int, height: int, baseline: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height) + b"\x08\x02"
    extended = b"\0" * 4 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    lossless = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    lossy = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)

    assert read_picture(png) == ("png", width, height)
    assert read_picture(b"GIF89a" + struct.pack("<HH", width, height)) == ("gif", width, height)
    assert read_picture(jpeg(width, height, baseline=baseline)) == ("jpeg", width, height)
    for kind, payload in ((b"VP8X", extended), (b"VP8L", lossless), (b"VP8 ", lossy)):
        assert read_picture(webp(kind, payload)) == ("webp", width, height)


@given(
    st.sampled_from([b"", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8"]),
    st.binary(),
)
@example(b"\xff\xd8\xff", b"\xff" * 70_000)
@example(b"\xff\xd8\xff", b"\xe0\0\0" * 9)
def test_any_bytes_are_a_picture_or_none(start: bytes, rest: bytes) -> None:
    found = read_picture(start + rest)

    assert found is None or min(found[1:]) > 0


def test_what_lies_at_an_address_is_said_and_never_raises() -> None:
    routes = {
        "/waves.png": faults.page(WAVES, "image/png"),
        "/page.png": faults.page(b"<html>Not found</html>"),
        "/large.png": faults.page(WAVES + b"\0" * PICTURE_BYTES, "image/png"),
        "/bomb.png": faults.gzip_bomb,
        "/gone.png": faults.status("410 Gone"),
        "/refused.png": faults.status("403 Forbidden"),
        "/broken.png": faults.cut_off,
    }
    with faults.serving(routes) as server:
        reader = WebPageReader(HttpClient(user_agent="digest/test", allow_private_addresses=True))
        found = {path: reader.look_at(server.url(path)) for path in (*routes, "/nothing.png")}

    assert found["/waves.png"] == Picture(state="fine", width=1200, height=630, size=len(WAVES))
    states = {path: seen.state for path, seen in found.items() if isinstance(seen, Picture)}
    assert states == {
        "/waves.png": "fine", "/page.png": "gone", "/large.png": "too_large", "/bomb.png": "too_large",
        "/gone.png": "gone", "/nothing.png": "gone",
    }  # fmt: skip
    assert isinstance(found["/refused.png"], CouldNotCheck)


@pytest.mark.parametrize(
    ("rules", "state"),
    [(faults.page(b"User-agent: *\nDisallow: /", "text/plain"), "unknown"), (faults.status("500 No"), "")],
)
def test_a_picture_that_the_site_keeps_to_itself_is_not_asked_for(rules: faults.Route, state: str) -> None:
    with faults.serving({"/robots.txt": rules, "/waves.png": faults.page(WAVES, "image/png")}) as server:
        reader = WebPageReader(HttpClient(user_agent="digest/test", allow_private_addresses=True))
        found = reader.look_at(server.url("/waves.png"))

    assert getattr(found, "state", "") == state
    assert [asked.path for asked in server.asked] == ["/robots.txt"]
