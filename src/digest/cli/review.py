"""`digest review`: where an issue stands and what blocks it."""

import argparse
import json

from digest import bootstrap, pipeline
from digest.cli import common
from digest.desk.dismissing import dismiss
from digest.models.segment import Finding
from digest.pipeline import Desk


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("issue", nargs="?", help="the issue (default: the next one)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--dismiss", metavar="FINDING", help="let a finding stand; the issue keeps the --reason")
    parser.add_argument("--reason", default="", help="why it may stand; without one the finding is open again")


def run(arguments: argparse.Namespace) -> int:
    """Print state, errors, warnings and fingerprints."""
    config, newsletter = common.opened(arguments)
    with bootstrap.workshop(config, newsletter) as shop:
        name = common.issue_id(arguments.issue) if arguments.issue else pipeline.next_issue_id(shop, now=common.now())
        if arguments.dismiss:
            with bootstrap.exclusive(config):
                dismiss(shop, name, arguments.dismiss, arguments.reason)
        desk = pipeline.open_issue(shop, name)
    if arguments.json:
        common.say(json.dumps(_as_json(desk), ensure_ascii=False))
        return 0
    common.say(f"{name}: {desk.review.state}")
    for finding in (*desk.review.blocks, *desk.review.warnings):
        named = f"[{finding.finding_id}] " if finding.finding_id else ""
        common.say(f"  {finding.severity}: {named}{_sentence(finding)}")
    for finding in desk.review.dismissed:
        common.say(f"  dismissed: {_sentence(finding)} ({finding.dismissed})")
    for edition in desk.outcome.editions:
        common.say(f"  {edition.name}: {edition.subject!r}, fingerprint {edition.fingerprint}")
    return 0


def _sentence(finding: Finding) -> str:
    said = finding.message % dict(finding.values)
    return f"{finding.where}: {said}" if finding.where else said


def _as_json(desk: Desk) -> dict[str, object]:
    return {
        "issue": desk.issue.issue_id,
        "state": desk.review.state,
        "findings": [
            {
                "id": finding.finding_id,
                "check": finding.check,
                "severity": finding.severity,
                "where": finding.where,
                "message": finding.message % dict(finding.values),
                "source_spans": [list(span) for span in finding.source_spans],
                "target_spans": [list(span) for span in finding.target_spans],
                "dismissed": finding.dismissed,
            }
            for finding in desk.review.findings
        ],
        "editions": [
            {
                "locale": edition.locale,
                "audience": edition.audience,
                "subject": edition.subject,
                "fingerprint": edition.fingerprint,
            }
            for edition in desk.outcome.editions
        ],
    }
