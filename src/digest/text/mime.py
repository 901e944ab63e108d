"""A mail of one edition, composed once and made personal per reader by joining bytes.

The standard library composes mails that break here: it encodes `List-Unsubscribe` (https://github.com/odoo/odoo/pull/289182),
emits lines of 78 and moves `Content-Language`. So the bytes are made by hand (RFC 5322, 2045, 2046, 2047) and read
back by the standard library, which proves that what leaves is what was approved.
"""

import html as html_markup
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.header import decode_header, make_header
from email.parser import BytesParser
from email.policy import compat32
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import quote

from digest.errors import DeliveryError, FileFormatError, NotApprovedError, SettingsError
from digest.models.edition import PERSONAL_LINK, RenderedEdition
from digest.models.newsletter import Newsletter
from digest.models.sending import Signer
from digest.text import encoded_word, quoted_printable
from digest.text.dkim import Seal
from digest.text.mailbox import Mailbox, ascii_address, parse_mailbox

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NOT_ATOM = re.compile(r"[^A-Za-z0-9-]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SAMPLE_ADDRESS = "reader@example.org"
_SAMPLE_TOKEN = "0" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalLinks:
    """How a reader leaves: by mail, and by one POST where the list has a web page (RFC 2369, 6068, 8058)."""

    address: str
    url: str
    """`https://.../` to which the token is added, or empty."""

    @property
    def prefix(self) -> str:
        """What stands before the token in the link that the reader sees."""
        return self.url or self._mailto

    @property
    def _mailto(self) -> str:
        return _mailto(self.address)

    def headers(self, token: str) -> str:
        """Return the header lines; URIs are never encoded and folded only between them, or big receivers ignore them."""
        if not self.url:
            return f"List-Unsubscribe: <{self._mailto}{token}>\r\n"
        return (
            f"List-Unsubscribe: <{self.url}{token}>,\r\n <{self._mailto}{token}>\r\n"
            "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTemplate:
    """One edition as a mail, whole but for the reader's own parts."""

    sender: str
    """The address of `From`."""
    bounces: str
    """Where bounces go, without the reader's token; empty for the address of `From`."""
    locale: str
    issue_name: str
    """The issue as it stands in a Message-ID."""
    domain: str
    links: PersonalLinks
    head: bytes
    """Headers that all readers share, through the blank line."""
    body: tuple[bytes, bytes, bytes]
    """What stands around the two places of the reader's token, which ends the link in the text and in the HTML."""
    seal: Seal | None = None

    def envelope_sender(self, token: str) -> str:
        """Return the address that a bounce of this mail comes back to (VERP: it tells whose mail it was)."""
        if not self.bounces:
            return self.sender
        local, _, domain = self.bounces.rpartition("@")
        return f"{local}+{token}@{domain}"

    def personal_link(self, token: str) -> str:
        """Return the reader's own unsubscribe link, plain ASCII."""
        return self.links.prefix + token

    def message_id(self, token: str) -> str:
        """Return the same Message-ID whenever the same issue is written to the same reader."""
        return f"<{token}.{self.issue_name}@{self.domain}>"

    def message(self, *, recipient: str, token: str, date: datetime) -> bytes:
        """Return the mail to one reader: 7-bit, CRLF.

        `recipient` is an ASCII address (`mailbox.ascii_address`), `token` opaque letters and digits, `date` aware.
        Raises ValueError for anything else, naming neither.
        """
        own, mark = self._own(recipient, token, date)
        signature = self.seal.header(own, mark, int(date.timestamp())) if self.seal else b""
        return self._joined(signature, own, mark)

    def draft(self, *, recipient: str, token: str, date: datetime) -> "Draft":
        """Return the same mail before it is signed, by the template's seal. Raises as `message`."""
        own, mark = self._own(recipient, token, date)
        assert self.seal is not None  # noqa: S101  a promise to the type checker; the caller has looked
        unsigned = self.seal.unsigned(own, mark, int(date.timestamp()))
        return Draft(unsigned.signed, lambda signature: self._joined(unsigned.header(signature), own, mark))

    def _own(self, recipient: str, token: str, date: datetime) -> tuple[bytes, bytes]:
        """Return the headers that are the reader's own, and the token."""
        if ascii_address(recipient) != recipient or not _TOKEN.fullmatch(token):
            message = "a recipient or a token can not stand in a header"
            raise ValueError(message)
        own = (
            f"To: {recipient}\r\nDate: {_date(date.replace(microsecond=0))}\r\nMessage-ID: {self.message_id(token)}\r\n"
            f"{self.links.headers(token)}"
        )
        return own.encode("ascii"), token.encode("ascii")

    def _joined(self, signature: bytes, own: bytes, mark: bytes) -> bytes:
        before, between, after = self.body
        return b"".join((signature, own, self.head, before, mark, between, mark, after))


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to one reader that waits for its signature."""

    signed: bytes
    """What its signature is made of."""
    message: Callable[[bytes], bytes]
    """Gives the mail, with the signature."""


def message_id(newsletter: Newsletter, issue_id: str, token: str) -> str:
    """Return the Message-ID of a mail from what the ledger knows of it."""
    return f"<{token}.{_issue_name(issue_id)}@{_mailbox(newsletter.sender, 'from').domain}>"


def message_template(
    edition: RenderedEdition, newsletter: Newsletter, issue_id: str, signer: Signer | None = None
) -> MessageTemplate:
    """Compose an edition. Raises SettingsError for the mailboxes and FileFormatError for what was rendered."""
    sender = _mailbox(newsletter.sender, "from")
    reply_to = _mailbox(newsletter.reply_to, "reply_to") if newsletter.reply_to else None
    bounces = _mailbox(newsletter.bounces, "bounces").address if newsletter.bounces else ""
    _check(edition)
    boundary = f"=_{edition.fingerprint[:32]}"
    issue_name = _issue_name(issue_id)
    head = _head(edition, newsletter, (sender, reply_to), issue_name, boundary)
    links = PersonalLinks(address=(reply_to or sender).address, url=newsletter.unsubscribe_url)
    body = _body(edition, boundary, links.prefix)
    return MessageTemplate(
        sender=sender.address,
        bounces=bounces,
        locale=edition.locale,
        issue_name=issue_name,
        domain=sender.domain,
        links=links,
        head=head,
        body=body,
        seal=Seal(signer, head, body) if signer else None,
    )


def proven_template(
    edition: RenderedEdition, newsletter: Newsletter, issue_id: str, *, now: datetime, signer: Signer | None = None
) -> MessageTemplate:
    """Compose an edition and read a sample of it back: its SHA-256 has to be the edition's own.

    Raises NotApprovedError where composing changed a byte, and what `message_template` raises.
    """
    template = message_template(edition, newsletter, issue_id, signer)
    sample = template.message(recipient=_SAMPLE_ADDRESS, token=_SAMPLE_TOKEN, date=now)
    subject, html, text = approved_parts(sample, template.personal_link(_SAMPLE_TOKEN))
    back = replace(edition, subject=subject, html=html, text=text)
    if back.fingerprint != edition.fingerprint:
        message = f"The mail in {edition.locale} would differ from what was approved. This is a bug; nothing was sent."
        raise NotApprovedError(message)
    return template


def approved_parts(message: bytes, personal_link: str) -> tuple[str, str, str]:
    """Read a mail back and give (subject, html, text) with the placeholder where the reader's link stands.

    By the standard library, not by what composed it. Raises DeliveryError where the mail is not what it should be.
    """
    parsed = BytesParser(policy=compat32).parsebytes(message)
    kinds = [part.get_content_type() for part in parsed.walk()]
    if kinds != ["multipart/alternative", "text/plain", "text/html"]:
        reason = "The composed mail has not the two parts it should have. This is a bug; nothing was sent."
        raise DeliveryError(reason)
    payloads = [part.get_payload(decode=True) for part in parsed.walk() if not part.is_multipart()]
    bodies = [data.replace(b"\r\n", b"\n").decode("utf-8") for data in payloads if isinstance(data, bytes)]
    subject = str(make_header(decode_header(str(parsed["Subject"]).replace("\r\n", ""))))
    text = _restored(bodies[0], personal_link)
    return subject, _restored(bodies[1], html_markup.escape(personal_link)), text


def _restored(body: str, link: str) -> str:
    if body.count(link) != 1:
        message = "The composed mail does not carry the reader's link once a part. This is a bug; nothing was sent."
        raise DeliveryError(message)
    return body.replace(link, PERSONAL_LINK)


def _issue_name(issue_id: str) -> str:
    return _NOT_ATOM.sub("-", issue_id).strip("-")


def _mailbox(text: str, setting: str) -> Mailbox:
    mailbox = parse_mailbox(text)
    if mailbox is None:
        message = (
            f'The setting `{setting}` of [sender] has to be one address in ASCII, as in "Name <letters@example.org>".'
        )
        raise SettingsError(message)
    return mailbox


def _check(edition: RenderedEdition) -> None:
    name = f"rendered/{edition.locale}"
    if not edition.subject.strip() or _CONTROL.search(edition.subject):
        message = f"{name}: the subject has to be one line of text. Mend the issue and run `digest prepare`."
        raise FileFormatError(message)
    for suffix, part in (("html", edition.html), ("txt", edition.text)):
        if part.count(PERSONAL_LINK) != 1:
            message = (
                f"{name}.{suffix} has to hold the place for the reader's own link once, and holds it "
                f"{part.count(PERSONAL_LINK)} times. Mend the template and run `digest prepare`."
            )
            raise FileFormatError(message)


def _head(
    edition: RenderedEdition,
    newsletter: Newsletter,
    mailboxes: tuple[Mailbox, Mailbox | None],
    issue_name: str,
    boundary: str,
) -> bytes:
    sender, reply_to = mailboxes
    list_name = _NOT_ATOM.sub("-", newsletter.newsletter_id).strip("-").lower()
    lines = [
        sender.header("From"),
        *([reply_to.header("Reply-To")] if reply_to else []),
        encoded_word.header("Subject", edition.subject),
        f"List-Id: <{list_name}.{sender.domain}>",
        # For the complaint figures of the big receivers: the issue, its kind and the list, nothing about the reader.
        f"Feedback-ID: {issue_name}:digest:{list_name}:{sender.domain}",
        # These three keep holiday answers away (RFC 3834).
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "X-Auto-Response-Suppress: OOF",
        f"Content-Language: {edition.locale.replace('_', '-')}",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        f' boundary="{boundary}"',
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _body(edition: RenderedEdition, boundary: str, link: str) -> tuple[bytes, bytes, bytes]:
    text_before, _, text_after = edition.text.partition(PERSONAL_LINK)
    html_before, _, html_after = edition.html.partition(PERSONAL_LINK)
    # The token gets a line of its own, so that it stands at the same place in every reader's mail.
    in_text = quoted_printable.open_ended(link)
    in_html = quoted_printable.open_ended(html_markup.escape(link))
    before = _opening(boundary, "plain", text_before) + in_text
    between = quoted_printable.continued(text_after) + f"\r\n{_opening(boundary, 'html', html_before)}" + in_html
    after = quoted_printable.continued(html_after) + f"\r\n--{boundary}--\r\n"
    return before.encode("ascii"), between.encode("ascii"), after.encode("ascii")


@lru_cache(maxsize=4)
def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@+')}?subject=unsubscribe%20"


@lru_cache(maxsize=4)
def _date(moment: datetime) -> str:
    return format_datetime(moment)


def _opening(boundary: str, kind: str, content: str) -> str:
    """Part header and what stands before the link, ending where a line begins."""
    headers = (
        f"--{boundary}\r\n"
        f"Content-Type: text/{kind}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return headers + quoted_printable.open_ended(content)
