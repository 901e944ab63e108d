"""The composition root of `digest doctor`: the same parts as for work, each looked at by itself, nothing changed."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from digest import bootstrap, checkups
from digest.bootstrap_engines import engine_room
from digest.config import Config
from digest.errors import SourceError
from digest.models.checkup import Check
from digest.models.newsletter import Newsletter

_SECONDS = 20.0


def checks(
    config: Config, newsletter: Newsletter, *, now: datetime, nameservers: Sequence[tuple[str, int]] = ()
) -> Iterator[Check]:
    """Yield one finding after the other, as they are found out."""
    from digest.adapters.sources.assembled import sources_and_finder
    from digest.adapters.stores.glossary_file import glossary_over
    from digest.resources import resource_dir

    yield Check(check="settings", status="ok", detail="digest.toml can be used")
    yield checkups.schedule_check(newsletter, now)
    written = (config.folder / ".github" / "workflows" / "requests.yml").exists()
    yield from checkups.workflow_checks(newsletter, written=written)
    yield from _databases(config)
    reader, _ = sources_and_finder(
        bootstrap.http_client(config),
        contact=config.contact,
        crossref=config.crossref_url,
        europepmc=config.europepmc_url,
    )
    own = [source for source in config.sources if source.newsletter_id == newsletter.newsletter_id]
    yield from checkups.source_checks(own, reader)
    glossary = glossary_over(resource_dir("locales") / "glossary.csv", config.folder / "glossary.csv")
    yield from checkups.engine_checks(engine_room(config, newsletter, glossary))
    yield _mail_server(config)
    yield from _mailboxes(config)
    yield from _names(config, newsletter, nameservers)


def _databases(config: Config) -> Iterator[Check]:
    from digest.adapters.stores.database import open_database, upgrade

    for schema, url in (("state", config.state_url), ("people", config.people_url)):

        def look(schema: str = schema, url: str = url) -> str:
            engine = open_database(url, "state" if schema == "state" else "people")
            try:
                upgrade(engine, "state" if schema == "state" else "people")
            finally:
                engine.dispose()
            return "it opens and is up to date"

        yield checkups.guarded(f"database {schema}", look)


def _mail_server(config: Config) -> Check:
    from digest.adapters.mailers.smtp import SmtpMailer

    if not config.sending.smtp_url:
        mend = "Put its address into DIGEST_SMTP_URL before anything is sent; --dry-run needs none."
        return Check(check="mail server", status="warning", detail="none is set here", mend=mend)

    def look() -> str:
        with SmtpMailer(config.sending.smtp_url, timeout_seconds=_SECONDS).open():
            return "it answers and lets you in; nothing was sent"

    return checkups.guarded("mail server", look)


def _mailboxes(config: Config) -> Iterator[Check]:
    from digest.adapters.inboxes.imap import opened

    sending = config.sending
    canary = sending.canary.imap_url if sending.canary else ""
    for name, url in (("mailbox", config.inbox_url), ("sent folder", sending.sent_folder), ("canary", canary)):
        if url:

            def look(url: str = url) -> str:
                with opened(url):
                    return "it can be read"

            yield checkups.guarded(name, look)
    if not config.inbox_url:
        mend = "Set imap in [inbox], or look into it yourself: who asks to leave by mail has to be taken off the list."
        yield Check(check="mailbox", status="warning", detail="none is set here", mend=mend)


def _names(config: Config, newsletter: Newsletter, nameservers: Sequence[tuple[str, int]]) -> Iterator[Check]:
    from digest.adapters.mailers.dkim_key import signs_for
    from digest.adapters.names.dns import DnsTexts
    from digest.mailroom import signer
    from digest.text.mailbox import parse_mailbox

    selector, key = config.sending.dkim_selector, None
    if selector:
        if not config.sending.dkim_key:
            yield Check(check="DKIM key", status="warning", detail="its secret is not set here")
        else:
            signing = checkups.guarded(
                "DKIM key", lambda: "it can sign" if signer(config.sending, newsletter.sender) else ""
            )
            yield signing
            key = signer(config.sending, newsletter.sender) if signing.status == "ok" else None
    sender = parse_mailbox(newsletter.sender)
    try:
        texts = DnsTexts(nameservers).texts
    except SourceError as error:
        yield Check(check="names", status="warning", detail="not checked", mend=str(error))
        return
    yield from checkups.sender_checks(
        sender.domain if sender else "",
        texts,
        selector=selector if key else "",
        fits=lambda published: key is not None and signs_for(key, published),
    )
