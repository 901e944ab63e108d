"""`digest ci`: the whole of one step of a workflow, so that it runs the same on any machine.

Every step is safe to repeat, and none needs what another one of the same run kept in memory. A step whose push to the
vault is refused reads again and does its work over; only then it says how it ended.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digest import bootstrap, bootstrap_ci
from digest.bootstrap_ci import Runner
from digest.bootstrap_vault import with_vault
from digest.cli import ci_due, ci_words, common
from digest.cli.ci_words import Ended
from digest.config import Config
from digest.errors import DecisionNeededError, DigestError, NotApprovedError, SettingsError
from digest.models.newsletter import Newsletter
from digest.models.report import Problem, RunReceipt, StageReport, joined

if TYPE_CHECKING:
    from digest.approvals import Counter, Step
    from digest.models.alarm import Alarm
    from digest.pipeline import Workshop

_FAILED = 8
_STEPS = {
    "prepare": "collect, make the next issue, and open or update its pull request",
    "review": "after a push to the branch of an issue: render it again and say so in its pull request",
    "approve": "after a merge: approve what was shown, or ask again",
    "send": "send what is approved and due",
    "tend": "read the mailbox",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the steps."""
    steps = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, summary in _STEPS.items():
        step = steps.add_parser(name, help=summary, description=summary)
        step.add_argument("--interface", default="", help="language of what is written for the author: pt_BR or en")
        if name in {"prepare", "review", "send"}:
            step.add_argument("--issue", default="", help="the issue (default: the one that is due, or of the branch)")
        if name == "send":
            step.add_argument(
                "--alarms", default="", help="what to write to the author, as the job that prepares says it"
            )
        if name in {"prepare", "review"}:
            step.add_argument("--preview", type=Path, metavar="DIR", help="write the preview here as files")
            step.add_argument("--again", action="store_true", help="ask although the request was closed")


def run(arguments: argparse.Namespace) -> int:
    """Do one step and tell the runner what came of it."""
    config, newsletter = common.opened(arguments)
    runner = Runner.of()
    if runner.is_foreign():
        raise SettingsError("This was started by a pull request from another repository. Nothing is done for it.")
    steps: dict[str, Callable[[Config, Newsletter, Runner, argparse.Namespace], Ended]] = {
        "prepare": _prepare,
        "review": _review,
        "approve": _approve,
        "send": _send,
        "tend": _tend,
    }
    try:
        ended = steps[arguments.step](config, newsletter, runner, arguments)
    except DigestError as error:
        ci_words.tell(runner, arguments, newsletter, Ended(outcome="failed", reason=str(error)))
        raise
    ci_words.tell(runner, arguments, newsletter, ended)
    return ended.code


def _prepare(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> Ended:
    """A tick: what was merged meanwhile, what is new, what the next issue is now."""
    from digest import alarms, approvals, bootstrap_alarms, bootstrap_suggestions, pipeline, receipts, studies

    started = common.now()
    counter = bootstrap_ci.counter(config, runner, ci_words.writer(config, newsletter, runner, arguments))

    def work(shop: "Workshop") -> Ended:
        settled = approvals.settle(shop, counter, now=started)
        suggested = studies.take_suggestions(shop, bootstrap_suggestions.published(config, newsletter), now=started)
        watched = studies.watch_sent(shop, now=started)
        _, gathered = pipeline.gather(shop, now=started)
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=started)
        step = approvals.prepare(shop, counter, name, now=started, again=arguments.again)
        missed = ci_due.missed(config, shop, started)
        late = [StageReport(stage="send", problems=(missed,))] if missed else []
        opened: list[Alarm] = []
        told = bootstrap_alarms.watch(config, shop, missed, now=started, opened=opened.append)
        reports = [*settled, suggested, *gathered, watched, *step.reports, *late, *told]
        if missed and not step.failed:
            step = replace(step, ending=("waiting", receipts.problem_sentence(missed)))
        _save(shop, step, reports, started)
        # This job has no mail server: the one that sends is told what to write to her.
        ended = _ended(config, shop, arguments, step, reports, started, alarms=alarms.written(opened))
        return replace(ended, code=ended.code or (DecisionNeededError.exit_code if missed else 0))

    ended = _with_state(config, newsletter, work)
    if ended.outcome != "failed":
        beaten = bootstrap_alarms.heartbeat(config)
        ended = replace(ended, reports=(*ended.reports, beaten) if beaten.problems else ended.reports)
    return ended


def _review(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> Ended:
    """An edit: the same words rendered again; no source is asked."""
    from digest import approvals

    started = common.now()
    name = arguments.issue or approvals.issue_of(runner.ref, newsletter.newsletter_id)
    if not name:
        raise SettingsError("This branch is none of an issue of this newsletter. Name one with --issue.")
    counter = bootstrap_ci.counter(config, runner, ci_words.writer(config, newsletter, runner, arguments))

    def work(shop: "Workshop") -> Ended:
        step = approvals.prepare(shop, counter, common.issue_id(name), now=started, again=arguments.again)
        _save(shop, step, step.reports, started)
        return _ended(config, shop, arguments, step, step.reports, started)

    return _with_state(config, newsletter, work)


def _approve(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> Ended:
    """A merge: an approval, or a new request that says why not."""
    started = common.now()
    counter = bootstrap_ci.counter(config, runner, ci_words.writer(config, newsletter, runner, arguments))
    return _with_state(config, newsletter, lambda shop: _settled(config, shop, counter, started))


def _settled(config: Config, shop: "Workshop", counter: "Counter", started: datetime) -> Ended:
    from digest import approvals

    reports = approvals.settle(shop, counter, now=started)
    outputs = {"send": "true" if ci_due.due(config, shop, started) else "false"}
    if any(report.problems for report in reports):
        return Ended(
            outcome="waiting",
            reason="What was merged is not approved: a new request asks again.",
            reports=reports,
            outputs=outputs,
            code=NotApprovedError.exit_code,
        )
    if any(report.made for report in reports):
        return Ended(outcome="done", reason="What was merged is approved.", reports=reports, outputs=outputs)
    reason = "Nothing was merged that waits for an approval."
    return Ended(outcome="nothing_due", reason=reason, reports=reports, outputs=outputs)


def _send(config: Config, newsletter: Newsletter, _runner: Runner, arguments: argparse.Namespace) -> Ended:
    """What is approved and due, or one issue that was named; everything else is refused."""
    from digest import bootstrap_alarms, bootstrap_asking, mailroom, receipts
    from digest.cli.send import exit_code

    started = common.now()
    reports, sentences, code = list[StageReport](), list[str](), 0
    if arguments.alarms:
        reports.append(bootstrap_alarms.write(config, newsletter, arguments.alarms))
    try:
        reports += bootstrap_asking.send_published_questions(config, newsletter)
    except DigestError as error:
        # Issues that are due do not wait for it.
        reports.append(StageReport(stage="tend", problems=(Problem(where="questions", what=str(error)),)))
        code = error.exit_code
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        for name in [common.issue_id(arguments.issue)] if arguments.issue else ci_due.due(config, shop, started):
            try:
                report, counts = mailroom.deliver(config, shop, name)
            except DigestError as error:
                reports.append(StageReport(stage="send", problems=(Problem(where=name, what=str(error)),)))
                code = error.exit_code
                continue
            reports.append(report)
            sentences.append(receipts.sent_sentence(name, counts))
            code = exit_code(counts) or code
            ci_due.note(config, newsletter, name, counts)
    trouble = [receipts.problem_sentence(problem) for report in reports for problem in report.problems]
    reason = " ".join(sentences) or " ".join(["Nothing was sent.", *trouble] if code else ["Nothing is due."])
    return Ended(
        outcome="failed" if code else "done" if sentences else "nothing_due", reason=reason, reports=reports, code=code
    )


def _tend(config: Config, newsletter: Newsletter, _runner: Runner, _arguments: argparse.Namespace) -> Ended:
    """The mailbox, where one is set; the job with the mail server is told whether somebody is to be asked."""
    from digest import bootstrap_asking, bootstrap_people, bootstrap_suggestions

    if not config.inbox_url:
        return Ended(outcome="nothing_due", reason="No mailbox is set in [inbox], so none was read.")

    def work() -> Ended:
        tended = bootstrap_people.tend_mailbox(config, newsletter.newsletter_id)
        report = joined(tended, bootstrap_suggestions.publish(config, newsletter))
        ask = bootstrap_asking.are_open(config, newsletter)
        outputs = {"ask": "true" if ask else "false"}
        return Ended(outcome="done", reason="The mailbox was read.", reports=(report,), outputs=outputs)

    return with_vault(config, ("people",), work)


def _with_state(config: Config, newsletter: Newsletter, work: "Callable[[Workshop], Ended]") -> Ended:
    def opened() -> Ended:
        with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
            return work(shop)

    return with_vault(config, ("state",), opened)


def _save(shop: "Workshop", step: "Step", reports: Sequence[StageReport], started: datetime) -> None:
    from digest import receipts

    calm = not any(report.problems for report in reports)
    receipt: RunReceipt = receipts.of_prepare(
        shop.newsletter.newsletter_id,
        step.ending,
        reports,
        started=started,
        finished=common.now(),
        basis=step.basis if calm else "",
    )
    shop.receipts.save_receipt(receipt)


def _ended(
    config: Config,
    shop: "Workshop",
    arguments: argparse.Namespace,
    step: "Step",
    reports: Sequence[StageReport],
    started: datetime,
    **more: str,
) -> Ended:
    if step.desk is not None and arguments.preview:
        ci_words.write_preview(step.desk, shop.newsletter, arguments)
        shown = bootstrap_ci.show_preview(config, arguments.preview)
        reports = [*reports, shown] if shown.made or shown.problems else reports
    outcome, reason = step.ending
    outputs = more | {"send": "true" if ci_due.due(config, shop, started) else "false"}
    outputs["preview"] = "true" if step.desk is not None and arguments.preview else "false"
    return Ended(outcome=outcome, reason=reason, reports=reports, outputs=outputs, code=_FAILED if step.failed else 0)
