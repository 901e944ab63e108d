"""`digest doctor` looks at real servers and says for each part how it is and how to mend it."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from author_folder import Author, author_at_work
from digest.models.checkup import Check
from digest.text.sender_records import dkim_check, dmarc_check, spf_check, tags_of
from dns_server import name_server
from smtp_server import Post, running

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLISHED = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
NAMES = {
    "example.org": ("something else", "v=spf1 include:mail.example.net -all"),
    "_dmarc.example.org": ("v=DMARC1; p=quarantine",),
    "one._domainkey.example.org": (f"v=DKIM1; k=rsa; p={PUBLISHED}",),
}


def asked(
    author: Author, capsys: pytest.CaptureFixture[str], names: Mapping[str, tuple[str, ...]] = NAMES
) -> tuple[int, dict[str, Check]]:
    """Ask the doctor with a name server of our own: exit code, and what was found by name."""
    capsys.readouterr()
    with name_server(names) as address:
        code = author.digest("doctor", "--json", "--dns", address)
    found = [Check(**one) for one in json.loads(capsys.readouterr().out)]
    return code, {check.check: check for check in found}


def test_all_is_well_where_every_part_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with author_at_work(tmp_path) as author, running(Post()) as post:
        monkeypatch.setenv("DIGEST_SMTP_URL", f"smtp://127.0.0.1:{post.port}")
        monkeypatch.setenv("DIGEST_DKIM_KEY", PEM.replace("\n", "\\n"))
        with (author.folder / "digest.toml").open("a") as settings:
            settings.write('dkim = { selector = "one", key = "env:DIGEST_DKIM_KEY" }\n')
        code, found = asked(author, capsys)
        assert code == 0
        assert [name for name, check in found.items() if check.status == "broken"] == []
        wanted = ("mail server", "DKIM key one._domainkey.example.org", "SPF of example.org", "DMARC of example.org")
        assert {found[name].status for name in wanted} == {"ok"}
        assert {check.status for name, check in found.items() if name.startswith("source ")} == {"ok"}
        assert found["mailbox"].status == found["translations"].status == "warning"
        assert post.messages == []
        with name_server(None) as failing:
            assert author.digest("doctor", "--dns", failing) == 0
        said = capsys.readouterr().out
        assert "things looked at: 0 broken" in said
        assert "no name server answered" in said
        assert PEM[40:80] not in said


def test_each_broken_part_is_told_with_its_mend_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with author_at_work(tmp_path) as author:
        (author.site / "pubmed.xml").write_text("<html>moved</html>")
        monkeypatch.setenv("DIGEST_SMTP_URL", "smtp://someone:secret-word@127.0.0.1:9")
        code, found = asked(author, capsys, {})
        broken = {name for name, check in found.items() if check.status == "broken"}
        assert code == 2
        assert {"mail server", "SPF of example.org"} <= broken
        assert any(name.endswith("pubmed.xml") and found[name].status != "ok" for name in found)
        assert all(found[name].mend for name in broken)
        assert "secret-word" not in repr(found)
        with (author.folder / "digest.toml").open("a") as settings:
            settings.write("nonsense = 1\n")
        code, found = asked(author, capsys)
        assert (code, found["settings"].status, len(found)) == (2, "broken", 1)


def test_a_name_server_is_an_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with author_at_work(tmp_path) as author:
        assert author.digest("doctor", "--dns", "127.0.0.1:dns") == 2
        assert "is not an address" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ((), "broken"),
        (("v=spf1 -all", "v=spf1 ~all"), "broken"),
        (("v=spf1 " + "include:a.example " * 11 + "-all",), "broken"),
        (("v=spf1 +all",), "warning"),
        (("v=spf10 -all",), "broken"),
        (("V=SPF1 ip4:192.0.2.1 a mx ~all", "google-site-verification=x"), "ok"),
    ],
)
def test_spf_records_are_judged_as_receivers_do(records: tuple[str, ...], status: str) -> None:
    assert spf_check("example.org", records).status == status


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ((), "warning"),
        (("v=DMARC1; p=none", "v=DMARC1; p=reject"), "warning"),
        (("v=DMARC1; p=maybe",), "warning"),
        (("v = DMARC1 ; p = REJECT ; rua=mailto:a@example.org",), "ok"),
    ],
)
def test_dmarc_records_are_judged_as_receivers_do(records: tuple[str, ...], status: str) -> None:
    assert dmarc_check("example.org", records).status == status


@pytest.mark.parametrize(
    ("records", "key", "status"),
    [
        ((), "other", "broken"),
        (("v=DKIM1; p=",), "other", "broken"),
        (("v=DKIM1; p=AAAA",), "other", "broken"),
        (("v=DKIM1; p=AAAA",), "own", "ok"),
    ],
)
def test_a_published_key_has_to_be_that_of_the_settings(records: tuple[str, ...], key: str, status: str) -> None:
    assert dkim_check("one._domainkey.example.org", records, fits=key == "own").status == status


def test_a_key_in_several_pieces_is_read_whole() -> None:
    assert tags_of("v=DKIM1; p=AB CD\n EF; t")["p"] == "ABCDEF"
