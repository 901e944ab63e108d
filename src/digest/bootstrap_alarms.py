"""The composition root of the watch over the schedule: settings in, notices to the author out.

With `bootstrap` the only module that names adapters; they are imported where they are used.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from digest import alarms, mailroom
from digest.config import Config
from digest.errors import DigestError
from digest.models.alarm import Alarm, Notice, NotOpened
from digest.models.delivery import Accepted, Delivery, HandOver, Parcel
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, StageReport
from digest.pipeline import Workshop
from digest.ports_alarm import Board
from digest.text.mailbox import parse_mailbox
from digest.text.plain_mail import plain_mail
from digest.version import VERSION

STAGE = "watch"


_RECEIPTS = 200
"""Two weeks of runs; after that the author is reminded of what still stands."""


def watch(
    config: Config,
    shop: Workshop,
    missed: Problem | None,
    *,
    now: datetime,
    opened: Callable[[Alarm], None] = lambda _alarm: None,
) -> list[StageReport]:
    """Tell the author of a slot that passed without its mail and of a day without a good run: an issue, and a mail.

    What the receipts of earlier runs say was told is not told again. No report where there is nothing to tell.
    `opened` is called with each alarm whose issue is new, see `write`.
    """
    newsletter = shop.newsletter
    receipts = shop.receipts.receipts(newsletter.newsletter_id, _RECEIPTS)
    made: list[str] = []
    problems: list[Problem] = []
    told = {line for receipt in receipts for stage in receipt.stages if stage.stage == STAGE for line in stage.made}
    for alarm in alarms.alarms(receipts, missed, now=now):
        note = alarms.notice(alarm, newsletter)
        for way, tell in (("issue", _open_issue), ("mail", _write)):
            line = f"{way}: {note.title}"
            if line in told:
                continue
            failure = tell(config, newsletter, note)
            if failure is None:
                made.append(line)
                if way == "issue":
                    opened(alarm)
            elif failure:
                problems.append(Problem(where=f"telling you ({way})", what=failure))
        if not {f"issue: {note.title}", f"mail: {note.title}"} & {*told, *made}:
            problems.append(Problem(where=STAGE, what=note.title, mend=_NO_WAY))
    return [StageReport(stage=STAGE, made=tuple(made), problems=tuple(problems))] if made or problems else []


def write(config: Config, newsletter: Newsletter, fresh: str) -> StageReport:
    """Mail alarms that another job opened issues of: it knows them and has no mail server. Never raises."""
    made, problems = list[str](), list[Problem]()
    for alarm in alarms.read_alarms(fresh):
        note = alarms.notice(alarm, newsletter)
        failure = _write(config, newsletter, note)
        if failure is None:
            made.append(f"mail: {note.title}")
        else:
            problems.append(Problem(where="telling you (mail)", what=failure or "no mail server or approver is set"))
    return StageReport(stage=STAGE, made=tuple(made), problems=tuple(problems))


_NO_WAY = "Nobody could be told. Set a mail server in [sender], or a repository in [alarm]."


def heartbeat(config: Config) -> StageReport:
    """Tell the address that watches over the runs that this one ended well, where there is one. Never raises."""
    if not config.alarm.heartbeat:
        return StageReport(stage=STAGE)
    from digest.adapters.http import HttpClient, HttpRequest
    from digest.models.source import Fetched

    client = HttpClient(user_agent=f"digest/{VERSION}", allow_private_addresses=config.allow_private_addresses)
    answer = client.fetch(HttpRequest(url=config.alarm.heartbeat))
    if isinstance(answer, Fetched):
        return StageReport(stage=STAGE, made=("heartbeat sent",))
    # Not the client's own words: they may name the address, and that is all it takes to forge a heartbeat.
    problem = Problem(
        where="heartbeat", what="its address did not take it", mend="Check `heartbeat` of the table [alarm]."
    )
    return StageReport(stage=STAGE, problems=(problem,))


def _open_issue(config: Config, _newsletter: Newsletter, notice: Notice) -> str | None:
    """Return None if an issue is there now, else why not; empty where no repository is set."""
    if not config.alarm.repository or not config.alarm.token:
        return ""
    posted = _board(config).post(notice)
    return posted.reason if isinstance(posted, NotOpened) else None


def _board(config: Config) -> Board:
    from digest.adapters.boards.github_issues import GitHubIssues
    from digest.adapters.http_api import ApiClient

    settings = config.alarm
    client = ApiClient(
        user_agent=f"digest/{VERSION}", allow_private_addresses=config.allow_private_addresses, total_timeout=30
    )
    return GitHubIssues(client, api=settings.api, repository=settings.repository, token=settings.token)


def _write(config: Config, newsletter: Newsletter, notice: Notice) -> str | None:
    """Return None if the author's mail server took it, else why not; empty where there is no server or address."""
    address = next((name for name in newsletter.approvers if parse_mailbox(name)), "")
    sender = parse_mailbox(newsletter.sender)
    if not config.sending.smtp_url or not address or sender is None:
        return ""
    row = Delivery(
        issue_id=STAGE,
        newsletter_id=newsletter.newsletter_id,
        subscriber_id="",
        locale=newsletter.locales[0],
        state="planned",
        token=STAGE,
    )
    outcomes: list[HandOver] = []

    def journal(settled: Sequence[tuple[Parcel, HandOver]], _beginning: Sequence[Parcel]) -> bool:
        outcomes.extend(outcome for _, outcome in settled)
        return True

    try:
        message = plain_mail(
            newsletter,
            recipient=address,
            name=f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.{STAGE}",
            subject=notice.title,
            text=notice.text,
            locale=newsletter.locales[0],
            date=datetime.now(UTC),
            signer=mailroom.signer(config.sending, newsletter.sender),
        )
        mailer = mailroom.mailer(config.sending)
        parcel = Parcel(delivery=row, sender=sender.address, recipient=address, message=message)
        with mailer.open():
            mailer.send(iter((parcel,)), journal)
    except DigestError as error:
        return str(error)
    return None if any(isinstance(outcome, Accepted) for outcome in outcomes) else "the mail server did not take it"
