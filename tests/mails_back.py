"""Messages as they come back to a newsletter's mailbox; all of them written here, in the shapes of common servers."""

TOKEN = "abcdefghijklmnopqrstuvwxyz234567"


def report(
    status: str, *, action: str = "failed", said: str = "smtp; 550 no", to: str = "letters@example.org"
) -> bytes:
    """A delivery report with the headers of the mail it is about (RFC 3464)."""
    return f"""From: MAILER-DAEMON@mx.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
Message-ID: <report-{status}-{action}@mx.example.net>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I could not deliver your mail.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; someone@example.net
Action: {action}
Status: {status}
Diagnostic-Code: {said}

--B
Content-Type: text/rfc822-headers

From: Letters <letters@example.org>
Message-ID: <{TOKEN}.2026-11-26@example.org>
Subject: Bonds

--B--
""".replace("\n", "\r\n").encode()


def old_report(
    words: str,
    *,
    sender: str = "MAILER-DAEMON@mx.example.net",
    subject: str = "failure notice",
    to: str = f"letters+{TOKEN}@example.org",
    headers: str = "",
) -> bytes:
    """A report of the time before RFC 3464, as some servers still write them: words, then the mail."""
    text = (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <old-1@mx.example.net>\n{headers}\n{words}\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <letters+{TOKEN}@example.org>\n"
        f"Message-ID: <{TOKEN}.2026-11-26@example.org>\nSubject: 550 5.1.1 reasons to read\n\nHello 5.2.2.\n"
    )
    return text.replace("\n", "\r\n").encode()


def complaint() -> bytes:
    """A feedback report (RFC 5965)."""
    return f"""From: fbl@provider.example.net
To: fbl@example.org
Subject: complaint
Message-ID: <fbl-1@provider.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

A spam complaint.

--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1

--B
Content-Type: message/rfc822

From: Letters <letters@example.org>
Message-ID: <{TOKEN}.2026-11-26@example.org>
Subject: Bonds

Hello.

--B--
""".replace("\n", "\r\n").encode()


def letter(subject: str, body: str = "", *, number: int = 1, headers: str = "") -> bytes:
    """What a person writes."""
    text = (
        f"From: reader@example.net\nTo: letters@example.org\nSubject: {subject}\n"
        f"Message-ID: <letter-{number}@example.net>\nDate: Thu, 26 Nov 2026 09:00:00 +0100\n{headers}"
        f"Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    )
    return text.replace("\n", "\r\n").encode()
