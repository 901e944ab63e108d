"""DKIM: what we sign, independent verifiers accept, and they notice every change."""

import base64
import hashlib
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import dkim as dkimpy
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.adapters.mailers.dkim_key import load_signer
from digest.errors import SettingsError
from digest.models.edition import PERSONAL_LINK
from digest.models.sending import Signer
from digest.text.dkim import relaxed_body
from digest.text.mime import message_template, proven_template
from digest.text.plain_mail import plain_mail
from fakes_send import EDITIONS, ISSUE, NOW, edition, newsletter
from unpacked import NO_PACKAGES, UNPACKED, unpacked_environment

SENT = NOW.replace(year=2025)
TOKEN = "a" * 32


@cache
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@cache
def record() -> str:
    """The DNS record of the key."""
    der = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return "v=DKIM1; k=rsa; p=" + "".join(der.decode().splitlines()[1:-1])


@cache
def signer() -> Signer:
    return load_signer(pem(private_key()), domain="example.org", selector="digest")


def signed(locale: str = "pt_BR", *, url: str = "") -> bytes:
    each = next(one for one in EDITIONS if one.locale == locale)
    template = message_template(each, replace(newsletter(), unsubscribe_url=url), ISSUE, signer())
    return template.message(recipient="jo.reader@example.net", token=TOKEN, date=SENT)


def verified(mail: bytes) -> bool:
    return bool(dkimpy.verify(mail, dnsfunc=lambda name, timeout=5: record().encode()))


@pytest.mark.parametrize("locale", ["pt_BR", "en"])
@pytest.mark.parametrize("url", ["", "https://lists.example.org/u/"])
def test_dkimpy_accepts_the_signature(locale: str, url: str) -> None:
    assert verified(signed(locale, url=url))


def test_dkimpy_accepts_the_signature_of_a_mail_of_plain_text() -> None:
    mail = plain_mail(
        newsletter(),
        recipient="jo.reader@example.net",
        name=f"{TOKEN}.confirm",
        subject="Você quer?",
        text="Sim.  \n\n.\nFim \n\n",
        locale="pt_BR",
        date=SENT,
        signer=signer(),
    )
    assert verified(mail)
    assert not verified(mail.replace(b"Fim", b"fim"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: X"),
        (b"To: jo.reader", b"To: joe.reader"),
        (b"secure", b"insecure"),
        (b"List-Id: <bonds", b"List-Id: <bands"),
        (b"Feedback-ID: 2026", b"Feedback-ID: 2027"),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nSubject: another\r\n"),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nTo: another@example.net\r\n"),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\nReply-To: another@example.net\r\n"),
    ],
)
def test_every_change_and_every_second_header_is_noticed(old: bytes, new: bytes) -> None:
    mail = signed("en")
    assert old in mail
    assert not verified(mail.replace(old, new, 1))


def test_what_servers_may_do_on_the_way_breaks_nothing() -> None:
    mail = signed("en").replace(b"Precedence: bulk", b"PRECEDENCE:  bulk ")
    assert verified(b"Received: from x by y; Thu, 26 Nov 2026 08:00:00 +0000\r\n" + mail + b"\r\n\r\n")


def test_lines_of_the_signature_are_short_and_it_stands_first() -> None:
    head = signed().partition(b"\r\n\r\n")[0]
    assert head.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org;\r\n")
    signature = head.partition(b"\r\nTo:")[0]
    assert max(map(len, signature.split(b"\r\n"))) <= 78


def test_a_signed_mail_still_carries_the_approved_bytes() -> None:
    for each in EDITIONS:
        proven_template(each, newsletter(), ISSUE, now=NOW, signer=signer())


def test_opendkim_accepts_the_signature_and_notices_a_change(tmp_path: Path) -> None:
    program = UNPACKED / "usr" / "sbin" / "opendkim"
    if not program.exists():
        pytest.skip(NO_PACKAGES)
    (tmp_path / "keys").write_text(f"digest._domainkey.example.org {record()}\n")
    (tmp_path / "conf").write_text(f"TestPublicKeys {tmp_path / 'keys'}\nMode v\n")

    def says(mail: bytes) -> str:
        (tmp_path / "mail.eml").write_bytes(mail)
        command = [str(program), "-x", str(tmp_path / "conf"), "-t", str(tmp_path / "mail.eml")]
        done = subprocess.run(command, env=unpacked_environment(), capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    # It ends with 0 either way, so its words count.
    assert "verification (s=digest, d=example.org, 2048-bit key) succeeded" in says(signed())
    assert "succeeded" not in says(signed("en").replace(b"secure", b"insecure", 1))


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet=" \t.a=\u00e9\n", max_size=200), st.text(alphabet=" \t.a\n", max_size=50))
def test_any_words_give_a_body_hash_that_dkimpy_computes_too(html: str, text: str) -> None:
    each = edition(html=f"{html}{PERSONAL_LINK}{html}", text=f"{text}{PERSONAL_LINK}{text}")
    cheap = Signer(domain="example.org", selector="s", sign=lambda data: b"")
    mail = message_template(each, newsletter(), ISSUE, cheap).message(
        recipient="jo@example.net", token=TOKEN, date=SENT
    )
    head, _, body = mail.partition(b"\r\n\r\n")
    expected = hashlib.sha256(dkimpy.canonicalization.Relaxed.canonicalize_body(body))
    assert b"bh=" + base64.b64encode(expected.digest()) + b";" in head


def test_a_body_of_blank_lines_is_empty() -> None:
    assert relaxed_body(b"\r\n \r\n\r\n") == b""
    assert relaxed_body(b"a \t b \r\n\r\n") == b"a b\r\n"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("nonsense", "RSA private key"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "RSA private key"),
        (pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)), "1024 bits"),  # noqa: S505  the point
    ],
)
def test_a_key_that_receivers_would_not_trust_is_refused(key: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as error:
        load_signer(key, domain="example.org", selector="s")
    assert len(str(error.value)) < 200


def test_a_key_with_written_out_line_ends_works() -> None:
    assert load_signer(pem(private_key()).replace("\n", "\\n"), domain="example.org", selector="s").sign(b"x")
