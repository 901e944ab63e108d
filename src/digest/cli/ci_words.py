"""What the steps of a workflow say: in requests, in the preview, on the terminal and in the summary of the run."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from digest import bootstrap
from digest.bootstrap_ci import Runner
from digest.cli import common
from digest.config import Config
from digest.models.newsletter import Newsletter
from digest.models.report import Outcome, StageReport

if TYPE_CHECKING:
    from digest.approvals import Asked, Plea
    from digest.pipeline import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a step ended; told once, when what it learnt is saved, however often it was done over."""

    outcome: Outcome
    reason: str
    reports: Sequence[StageReport] = ()
    outputs: dict[str, str] = field(default_factory=dict)
    """What the next jobs are told."""
    code: int = 0


def tell(runner: Runner, arguments: argparse.Namespace, newsletter: Newsletter, ended: Ended) -> None:
    """Say how a step ended: to whoever reads the log, in the summary, and to the next jobs."""
    common.say_reports(ended.reports)
    common.say(ended.reason)
    summary = ""
    if runner.summary:
        from digest.i18n import words
        from digest.resources import resource_dir
        from digest.web.request_page import run_text

        summary = run_text(
            arguments.step,
            ended.outcome,
            ended.reason,
            ended.reports,
            templates_dir=resource_dir("templates"),
            words=words(_locale(newsletter, arguments)),
        )
    runner.tell(summary, ended.outputs)


def write_preview(desk: "Desk", newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    """Write the preview of an issue as files, in the author's language."""
    from digest.i18n import words
    from digest.resources import resource_dir
    from digest.web.preview_view import preview_view
    from digest.web.static import write_static_preview

    locale = _locale(newsletter, arguments)
    view = preview_view(desk, newsletter, locale)
    write_static_preview(arguments.preview, view, templates_dir=resource_dir("templates"), words=words(locale))


def writer(
    config: Config, newsletter: Newsletter, runner: Runner, arguments: argparse.Namespace
) -> "Callable[[Asked], Plea]":
    """Return what writes the text of a request, in the author's language."""
    pages = config.pages.link if config.pages and getattr(arguments, "preview", None) else ""
    return partial(_plea, newsletter, _locale(newsletter, arguments), (runner.run_url, pages))


def _plea(newsletter: Newsletter, locale: str, links: tuple[str, str], asked: "Asked") -> "Plea":
    from digest.i18n import words
    from digest.resources import resource_dir
    from digest.web.request_page import request_text

    templates = resource_dir("templates")
    return request_text(asked, newsletter, locale, links, templates_dir=templates, words=words(locale))


def _locale(newsletter: Newsletter, arguments: argparse.Namespace) -> str:
    return bootstrap.reader_locale(arguments.interface or newsletter.locales[0], ("en", "pt_BR"))
