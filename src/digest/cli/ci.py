"""`digest ci`: the whole of one step of a workflow, so that it runs the same on any machine.

Every step is safe to repeat, and none needs what another one of the same run kept in memory.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from digest import bootstrap, bootstrap_ci
from digest.bootstrap_ci import Runner
from digest.bootstrap_vault import carried
from digest.cli import ci_due, common
from digest.config import Config
from digest.errors import DecisionNeededError, DigestError, NotApprovedError, SettingsError
from digest.models.newsletter import Newsletter
from digest.models.report import Outcome, Problem, RunReceipt, StageReport, joined

if TYPE_CHECKING:
    from digest.approvals import Asked, Plea, Step
    from digest.models.alarm import Alarm
    from digest.pipeline import Desk, Workshop

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
    steps: dict[str, Callable[[Config, Newsletter, Runner, argparse.Namespace], int]] = {
        "prepare": _prepare,
        "review": _review,
        "approve": _approve,
        "send": _send,
        "tend": _tend,
    }
    try:
        return steps[arguments.step](config, newsletter, runner, arguments)
    except DigestError as error:
        _tell(runner, arguments, newsletter, "failed", str(error))
        raise


def _prepare(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> int:
    """A tick: what was merged meanwhile, what is new, what the next issue is now."""
    from digest import alarms, approvals, bootstrap_alarms, bootstrap_suggestions, pipeline, receipts, studies

    started = common.now()
    counter = bootstrap_ci.counter(config, runner, _writer(newsletter, runner, arguments))
    with carried(config, ("state",)), bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
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
        if missed:
            step = replace(step, ending=("waiting", receipts.problem_sentence(missed)))
        _save(shop, step, reports, started)
        # This job has no mail server: the one that sends is told what to write to her.
        code = _done(config, shop, runner, arguments, step, reports, started, alarms=alarms.written(opened))
    if code == 0:
        bootstrap_alarms.heartbeat(config)
    return code or (DecisionNeededError.exit_code if missed else 0)


def _review(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> int:
    """An edit: the same words rendered again; no source is asked."""
    from digest import approvals

    started = common.now()
    name = arguments.issue or approvals.issue_of(runner.ref, newsletter.newsletter_id)
    if not name:
        raise SettingsError("This branch is none of an issue of this newsletter. Name one with --issue.")
    counter = bootstrap_ci.counter(config, runner, _writer(newsletter, runner, arguments))
    with carried(config, ("state",)), bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        step = approvals.prepare(shop, counter, common.issue_id(name), now=started, again=arguments.again)
        _save(shop, step, step.reports, started)
        return _done(config, shop, runner, arguments, step, step.reports, started)


def _approve(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> int:
    """A merge: an approval, or a new request that says why not."""
    from digest import approvals

    started = common.now()
    counter = bootstrap_ci.counter(config, runner, _writer(newsletter, runner, arguments))
    with carried(config, ("state",)), bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        reports = approvals.settle(shop, counter, now=started)
        due = ci_due.due(config, shop, started)
    asked_again = any(report.problems for report in reports)
    made = any(report.made for report in reports) and not asked_again
    reason = "What was merged is approved." if made else "Nothing was merged that waits for an approval."
    _tell(
        runner,
        arguments,
        newsletter,
        "waiting" if asked_again else "done" if made else "nothing_due",
        "What was merged is not approved: a new request asks again." if asked_again else reason,
        reports,
        send="true" if due else "false",
    )
    return NotApprovedError.exit_code if asked_again else 0


def _send(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> int:
    """What is approved and due, or one issue that was named; everything else is refused."""
    from digest import bootstrap_alarms, mailroom, receipts
    from digest.cli.send import exit_code

    started = common.now()
    reports, sentences, code = list[StageReport](), list[str](), 0
    if arguments.alarms:
        reports.append(bootstrap_alarms.write(config, newsletter, arguments.alarms))
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
    tried = any(report.stage == "send" for report in reports)
    reason = " ".join(sentences) or ("Nothing was sent." if tried else "Nothing is due.")
    _tell(runner, arguments, newsletter, "failed" if code else "done" if sentences else "nothing_due", reason, reports)
    return code


def _tend(config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> int:
    """The mailbox, where one is set."""
    from digest import bootstrap_people, bootstrap_suggestions

    if not config.inbox_url:
        _tell(runner, arguments, newsletter, "nothing_due", "No mailbox is set in [inbox], so none was read.")
        return 0
    with carried(config, ("people",)):
        tended = bootstrap_people.tend_mailbox(config, newsletter.newsletter_id)
        report = joined(tended, bootstrap_suggestions.publish(config, newsletter))
    _tell(runner, arguments, newsletter, "done", "The mailbox was read.", [report])
    return 0


def _save(
    shop: "Workshop", step: "Step", reports: "list[StageReport] | tuple[StageReport, ...]", started: datetime
) -> None:
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


def _done(
    config: Config,
    shop: "Workshop",
    runner: Runner,
    arguments: argparse.Namespace,
    step: "Step",
    reports: "list[StageReport] | tuple[StageReport, ...]",
    started: datetime,
    **more: str,
) -> int:
    if step.desk is not None and arguments.preview:
        _write_preview(step.desk, shop.newsletter, arguments)
    outcome, reason = step.ending
    outputs = more | {"send": "true" if ci_due.due(config, shop, started) else "false"}
    outputs["preview"] = "true" if step.desk is not None and arguments.preview else "false"
    _tell(runner, arguments, shop.newsletter, outcome, reason, reports, **outputs)
    return _FAILED if step.failed else 0


def _write_preview(desk: "Desk", newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    from digest.i18n import words
    from digest.resources import resource_dir
    from digest.web.preview_view import preview_view
    from digest.web.static import write_static_preview

    locale = _locale(newsletter, arguments)
    view = preview_view(desk, newsletter, locale)
    write_static_preview(arguments.preview, view, templates_dir=resource_dir("templates"), words=words(locale))


def _writer(newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace) -> "Callable[[Asked], Plea]":
    return partial(_plea, newsletter, _locale(newsletter, arguments), runner.run_url)


def _plea(newsletter: Newsletter, locale: str, run: str, asked: "Asked") -> "Plea":
    from digest.i18n import words
    from digest.resources import resource_dir
    from digest.web.request_page import request_text

    templates = resource_dir("templates")
    return request_text(asked, newsletter, locale, run, templates_dir=templates, words=words(locale))


def _locale(newsletter: Newsletter, arguments: argparse.Namespace) -> str:
    return bootstrap.reader_locale(arguments.interface or newsletter.locales[0], ("en", "pt_BR"))


def _tell(
    runner: Runner,
    arguments: argparse.Namespace,
    newsletter: Newsletter,
    outcome: Outcome,
    reason: str,
    reports: "list[StageReport] | tuple[StageReport, ...]" = (),
    **outputs: str,
) -> None:
    common.say_reports(reports)
    common.say(reason)
    summary = ""
    if runner.summary:
        from digest.i18n import words
        from digest.resources import resource_dir
        from digest.web.request_page import run_text

        templates, locale = resource_dir("templates"), _locale(newsletter, arguments)
        summary = run_text(arguments.step, outcome, reason, reports, templates_dir=templates, words=words(locale))
    runner.tell(summary, outputs)
