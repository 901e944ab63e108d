"""A mail of plain text to one person, composed to bytes as `mime` composes editions."""

from datetime import datetime
from email.utils import format_datetime

from digest.errors import SettingsError
from digest.models.newsletter import Newsletter
from digest.models.sending import Signer
from digest.text import encoded_word, quoted_printable
from digest.text.dkim import Seal
from digest.text.mailbox import Mailbox, ascii_address, parse_mailbox


def answers_to(newsletter: Newsletter) -> str:
    """Return the address that answers and requests come to. Raises SettingsError."""
    return _mailbox(newsletter.reply_to or newsletter.sender).address


def plain_mail(
    newsletter: Newsletter,
    *,
    recipient: str,
    name: str,
    subject: str,
    text: str,
    locale: str,
    date: datetime,
    signer: Signer | None = None,
) -> bytes:
    """Return the mail: 7-bit, CRLF. `name` is the left part of its Message-ID.

    Raises SettingsError for an address that can not be written to, naming it nowhere.
    """
    if ascii_address(recipient) != recipient:
        raise SettingsError("The address can not be written to without SMTPUTF8.")
    sender = _mailbox(newsletter.sender)
    own = f"To: {recipient}\r\nDate: {format_datetime(date.replace(microsecond=0))}\r\n"
    own += f"Message-ID: <{name}@{sender.domain}>\r\n"
    head = (
        "\r\n".join(
            [
                sender.header("From"),
                *([_mailbox(newsletter.reply_to).header("Reply-To")] if newsletter.reply_to else []),
                encoded_word.header("Subject", subject),
                # These two keep holiday answers away (RFC 3834).
                "Auto-Submitted: auto-generated",
                "X-Auto-Response-Suppress: OOF",
                f"Content-Language: {locale.replace('_', '-')}",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable",
            ]
        )
        + "\r\n\r\n"
    ).encode("ascii")
    body = quoted_printable.encode(text.strip()).encode("ascii")
    own_bytes = own.encode("ascii")
    seal = Seal(signer, head, (body, b"", b"\r\n")) if signer else None
    signature = seal.header(own_bytes, b"", int(date.timestamp())) if seal else b""
    return b"".join((signature, own_bytes, head, body, b"\r\n"))


def _mailbox(text: str) -> Mailbox:
    mailbox = parse_mailbox(text)
    if mailbox is None:
        raise SettingsError('A mailbox of [sender] has to be one address in ASCII, as in "Name <letters@example.org>".')
    return mailbox
