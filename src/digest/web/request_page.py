"""The text of a request to approve an issue, and the summary of a step, in Markdown.

Titles come from feeds: no sign in them may be read as Markdown or HTML, nor call anybody by name.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from digest.approvals import Asked, Plea
from digest.i18n import fill
from digest.models.message import N_
from digest.models.newsletter import Newsletter
from digest.models.report import StageReport
from digest.web.environment import Words, author_environment

MOST_FINDINGS = 30
_SIGNS = re.compile(r"([\\`*_{}\[\]#|~<>]|^[+-])")
_WORD_JOINER = "\u2060"


def request_text(
    asked: Asked, newsletter: Newsletter, locale: str, links: tuple[str, str], *, templates_dir: Path, words: Words
) -> Plea:
    """Return what a request says; the same issue gives the same text.

    `links` are the address of the run that made it and that of the page where its preview opens, each may be empty.
    """
    environment = author_environment(templates_dir, words)
    environment.filters["plain"] = plain
    from markupsafe import Markup

    desk = asked.desk
    body = environment.get_template("author/request.md").render(
        asked=asked,
        desk=desk,
        before=Markup(asked.before),  # noqa: S704 - Markdown that stood in this request before
        title=newsletter.title(locale),
        marks=asked.marks,
        most=MOST_FINDINGS,
    )
    name = newsletter.title(locale)
    run, page = links
    lines = [
        fill(words.gettext(line), {"link": link})
        for line, link in (
            (N_("The preview of exactly this lies at the end of the run %(link)s."), run),
            (N_("A minute later it also opens at %(link)s"), page),
        )
        if link
    ]
    text = re.sub(r"\n{3,}", "\n\n", body).strip() + "\n"
    return Plea(title=f"{name}: {asked.issue_id}", body=text, run="\n\n".join(lines))


def run_text(
    step: str, outcome: str, reason: str, reports: Sequence[StageReport], *, templates_dir: Path, words: Words
) -> str:
    """Return the summary of a step."""
    environment = author_environment(templates_dir, words)
    environment.filters["plain"] = plain
    page = environment.get_template("author/run.md")
    return page.render(step=step, outcome=outcome, reason=reason, reports=reports)


def plain(text: str) -> str:
    """Return text of anybody as Markdown that shows just that, in one line."""
    line = " ".join(char for char in text.split() if char)
    shown = "".join(char for char in line if char.isprintable())
    return _SIGNS.sub(r"\\\1", shown).replace("@", f"@{_WORD_JOINER}")
