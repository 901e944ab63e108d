"""The composition root of asking people whether they want the newsletter. With `bootstrap` it alone names adapters."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from digest import bootstrap_vault, mailroom
from digest.config import Config
from digest.errors import DigestError, StaleSnapshotError
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel, Refused, Subscriber, TryLater
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, StageReport
from digest.text.smtp_replies import is_about_the_reader

if TYPE_CHECKING:
    from digest.adapters.stores.askings import SqlAskings
    from digest.models.asking import Asking


def ask(config: Config, subscriber: Subscriber, *, evidence: str) -> None:
    """Open the question for one address; says nothing of whether it is known. Raises SettingsError."""
    with _askings(config) as askings:
        askings.ask(subscriber, evidence=evidence, now=_now())


def send_questions(config: Config, newsletter: Newsletter) -> StageReport:
    """Mail the questions that are open. What fails is tried by the next run, and the report says why."""
    return _send(config, newsletter, lambda: None)


def send_published_questions(config: Config, newsletter: Newsletter) -> list[StageReport]:
    """Mail the questions that are open on a machine that may be lost, or be one of two: the list travels by the vault.

    That they are asked is in the vault before the first leaves, so that no other machine asks as well. No report where
    no mailbox could take an answer. Raises as `bootstrap_vault.push`.
    """
    if not config.inbox_url:
        return []
    return bootstrap_vault.with_vault(
        config, ("people",), lambda: [_send(config, newsletter, lambda: bootstrap_vault.publish_claims(config))]
    )


def are_open(config: Config, newsletter: Newsletter) -> bool:
    """Whether somebody is still to be asked."""
    with _askings(config) as askings:
        return bool(askings.unsent(newsletter.newsletter_id))


def _send(config: Config, newsletter: Newsletter, publish: Callable[[], None]) -> StageReport:
    try:
        with _askings(config) as askings:
            waiting = askings.unsent(newsletter.newsletter_id)
            return _sent(config, newsletter, askings, waiting, publish) if waiting else StageReport(stage="tend")
    except StaleSnapshotError:
        raise
    except DigestError as error:
        return StageReport(stage="tend", problems=(Problem(where="questions", what=str(error)),))


def _sent(
    config: Config,
    newsletter: Newsletter,
    askings: "SqlAskings",
    waiting: "Sequence[Asking]",
    publish: Callable[[], None],
) -> StageReport:
    from digest import asking

    signer = mailroom.signer(config.sending, newsletter.sender)
    mailer = mailroom.mailer(config.sending, open_network=config.allow_private_addresses)
    asked = {one.token: (one, asking.question(newsletter, one, now=_now(), signer=signer)) for one in waiting}
    outcomes, begun = list[HandOver](), set[str]()

    def parcels() -> Iterator[Parcel]:
        for one, mail in asked.values():
            yield Parcel(delivery=_row(one), sender=mail.sender, recipient=one.subscriber.address, message=mail.message)

    def journal(settled: Sequence[tuple[Parcel, HandOver]], beginning: Sequence[Parcel]) -> bool:
        begun.update(parcel.delivery.token for parcel in beginning)
        for parcel, outcome in settled:
            outcomes.append(outcome)
            _settle(askings, asked[parcel.delivery.token][0], outcome)
        return True

    with mailer.open():
        for one, mail in asked.values():
            askings.begin(one, mail, _now())
        try:
            publish()
            mailer.send(parcels(), journal)
        finally:
            for token in asked.keys() - begun:
                askings.put_back(asked[token][0])
    taken = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    trouble = [outcome.reply for outcome in outcomes if not isinstance(outcome, Accepted)]
    return StageReport(
        stage="tend",
        made=(f"{taken} people asked whether they want the newsletter",) if taken else (),
        problems=tuple(
            Problem(where="questions", what=f"{len(trouble)} questions were not taken; the server said: {words}")
            for words in trouble[:1]
        ),
    )


def _settle(askings: "SqlAskings", one: "Asking", outcome: HandOver) -> None:
    if isinstance(outcome, Refused) and is_about_the_reader(outcome.reply):
        askings.drop(one)
    elif isinstance(outcome, (Refused, TryLater)):
        askings.put_back(one)


def _row(one: "Asking") -> Delivery:
    """Stand for a row of the ledger where none is written."""
    return Delivery(
        issue_id="confirm",
        newsletter_id=one.subscriber.newsletter_id,
        subscriber_id="",
        locale=one.subscriber.locale,
        state="planned",
        token=one.token,
    )


@contextmanager
def _askings(config: Config) -> Iterator["SqlAskings"]:
    from digest.adapters.stores.askings import SqlAskings
    from digest.adapters.stores.database import open_database

    engine = open_database(config.people_url, "people", full_sync=config.full_sync)
    try:
        yield SqlAskings(engine)
    finally:
        engine.dispose()


def _now() -> datetime:
    return datetime.now(UTC)
