"""Finds whom a token belongs to: a reader's own link, or one mail."""

import hmac

from sqlalchemy import Connection, RowMapping, and_, select

from digest.adapters.stores import tables
from digest.adapters.stores.people_key import PeopleKey, issue_mark

_readers = tables.subscribers.c
_mails = tables.deliveries.c
_sendings = tables.sendings.c


def mail_of_token(connection: Connection, key: PeopleKey, newsletter_id: str, token: str) -> tuple[str, str] | None:
    """Return (issue, reader's id) of the mail with this token, None where there is none."""
    query = select(_mails.issue_id, _mails.subscriber_id)
    stored = connection.execute(query.where(_mails.newsletter_id == newsletter_id, _mails.token == token)).first()
    if stored is not None:
        return stored[0], stored[1]
    mark, subscriber_id = key.whose_mail(token)
    for issue_id in connection.scalars(select(_sendings.issue_id).where(_sendings.newsletter_id == newsletter_id)):
        if issue_mark(issue_id) == mark and _is_its_own(key, (newsletter_id, issue_id, subscriber_id), token):
            row = and_(_mails.newsletter_id == newsletter_id, _mails.issue_id == issue_id)
            exists = connection.execute(query.where(row, _mails.subscriber_id == subscriber_id)).first()
            return None if exists is None else (issue_id, subscriber_id)
    return None


def reader_of_token(connection: Connection, key: PeopleKey, newsletter_id: str, token: str) -> RowMapping | None:
    """Return the reader whom a personal link or a mail's own token belongs to, also one who left."""
    mail = mail_of_token(connection, key, newsletter_id, token)
    own = _readers.token == token if mail is None else _readers.subscriber_id == mail[1]
    query = select(tables.subscribers).where(_readers.newsletter_id == newsletter_id, own)
    return connection.execute(query).mappings().first()


def _is_its_own(key: PeopleKey, mail: tuple[str, str, str], token: str) -> bool:
    return hmac.compare_digest(key.delivery_token(*mail).encode(), token.encode("utf-8", "replace"))
