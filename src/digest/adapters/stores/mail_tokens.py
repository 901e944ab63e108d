"""Finds whom a token belongs to: a reader's own link, or one mail."""

import hmac

from sqlalchemy import Connection, RowMapping, bindparam, select

from digest.adapters.stores import tables
from digest.adapters.stores.people_key import PeopleKey, issue_mark

_readers = tables.subscribers.c
_mails = tables.deliveries.c
_sendings = tables.sendings.c
# Built once, for building them costs more than running them, and a mailbox may be full of wrong tokens.
_STORED = select(_mails.issue_id, _mails.subscriber_id).where(
    _mails.newsletter_id == bindparam("newsletter"), _mails.token == bindparam("token")
)
_ISSUES = select(_sendings.issue_id).where(_sendings.newsletter_id == bindparam("newsletter"))
_ONE = select(_mails.state).where(
    _mails.newsletter_id == bindparam("newsletter"),
    _mails.issue_id == bindparam("issue"),
    _mails.subscriber_id == bindparam("reader"),
)
_BY_TOKEN = select(tables.subscribers).where(
    _readers.newsletter_id == bindparam("newsletter"), _readers.token == bindparam("token")
)
_BY_ID = select(tables.subscribers).where(
    _readers.newsletter_id == bindparam("newsletter"), _readers.subscriber_id == bindparam("reader")
)


def mail_of_token(connection: Connection, key: PeopleKey, newsletter_id: str, token: str) -> tuple[str, str] | None:
    """Return (issue, reader's id) of the mail with this token, None where there is none."""
    stored = connection.execute(_STORED, {"newsletter": newsletter_id, "token": token}).first()
    if stored is not None:
        return stored[0], stored[1]
    mark, subscriber_id = key.whose_mail(token)
    for issue_id in connection.scalars(_ISSUES, {"newsletter": newsletter_id}):
        if issue_mark(issue_id) == mark and _is_its_own(key, (newsletter_id, issue_id, subscriber_id), token):
            mail = {"newsletter": newsletter_id, "issue": issue_id, "reader": subscriber_id}
            return None if connection.execute(_ONE, mail).first() is None else (issue_id, subscriber_id)
    return None


def reader_of_token(connection: Connection, key: PeopleKey, newsletter_id: str, token: str) -> RowMapping | None:
    """Return the reader whom a personal link or a mail's own token belongs to, also one who left."""
    mail = mail_of_token(connection, key, newsletter_id, token)
    if mail is not None:
        return reader_of_mail(connection, newsletter_id, mail)
    return connection.execute(_BY_TOKEN, {"newsletter": newsletter_id, "token": token}).mappings().first()


def reader_of_mail(connection: Connection, newsletter_id: str, mail: tuple[str, str]) -> RowMapping | None:
    """Return the reader of (issue, reader's id)."""
    return connection.execute(_BY_ID, {"newsletter": newsletter_id, "reader": mail[1]}).mappings().first()


def _is_its_own(key: PeopleKey, mail: tuple[str, str, str], token: str) -> bool:
    return hmac.compare_digest(key.delivery_token(*mail).encode(), token.encode("utf-8", "replace"))
