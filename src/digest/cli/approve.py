"""`digest approve`: bind an approval to the rendered files."""

import argparse

from digest import bootstrap, pipeline
from digest.cli import common
from digest.models.newsletter import Newsletter


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("issue", help="the issue, e.g. 2026-11-26")
    parser.add_argument("--by", help="your address, one of the approvers (default: the only approver)")
    parser.add_argument(
        "--unchecked", action="store_true", help="approve although some retractions could not be checked"
    )
    parser.add_argument(
        "--shown", help="the start of a fingerprint you saw in the preview; refused if it is another now"
    )


def run(arguments: argparse.Namespace) -> int:
    """Approve and say what was approved."""
    config, newsletter = common.opened(arguments)
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        approval = pipeline.approve(
            shop,
            common.issue_id(arguments.issue),
            approved_by=arguments.by or _only_approver(newsletter),
            how="command",
            now=common.now(),
            shown=arguments.shown,
            unchecked=arguments.unchecked,
        )
    common.say(f"The issue {approval.issue_id} is approved. Exactly these bytes will be sent:")
    for locale, fingerprint in approval.fingerprints:
        common.say(f"  {locale}: {fingerprint}")
    return 0


def _only_approver(newsletter: Newsletter) -> str:
    return newsletter.approvers[0] if len(newsletter.approvers) == 1 else ""
