"""`digest subscribers`: the list, for the author. Addresses are read from her and never printed."""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from digest import bootstrap, roster
from digest.cli import common
from digest.config import Config
from digest.errors import DeliveryError, SettingsError
from digest.i18n import choose_locale
from digest.models.newsletter import Newsletter

_WISHES = ("name", "locale", "audience", "timezone", "frequency")
_UNKNOWN = "not on the list"
_SHOWN_ROWS = 50
"""So many reasons are printed; a list of another form altogether has one for every row."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _with_wishes(actions.add_parser("add", help="add one reader, with the consent you have"))
    _with_consent(add)
    ask = _with_wishes(
        actions.add_parser("ask", help="ask somebody by mail whether they want it; a yes puts them on the list")
    )
    change = _with_wishes(actions.add_parser("change", help="set some of a reader's preferences"))
    load = actions.add_parser("import", help="add the readers of a CSV file, as this or another tool writes it")
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="only say what would be done")
    load.add_argument("--locale", default="", help="for rows that name none: pt_BR or en")
    load.add_argument("--audience", default="", help="for rows that name none")
    _with_consent(load)
    save = actions.add_parser("export", help="write the whole list to a new file that only you can read")
    save.add_argument("file", type=Path)
    show = actions.add_parser("show", help="what is held about one reader, with the proof of consent, as JSON")
    erase = actions.add_parser("erase", help="forget a reader; a keyed hash stays so that nobody adds them again")
    for one in (add, ask, change, show, erase):
        one.add_argument("address")
    actions.add_parser("stats", help="how many readers, by locale and audience")


def run(arguments: argparse.Namespace) -> int:
    """Do one thing with the list."""
    config, newsletter = common.opened(arguments)
    if arguments.action == "ask":
        return _ask(config, newsletter, arguments)
    with bootstrap.subscribers(config) as store:
        _ACTIONS[arguments.action](store, newsletter, arguments)
    return 0


def _add(store: roster.ReaderStore, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    joining = roster.joining(newsletter, _said(arguments), how="author")
    common.say(store.take(newsletter.newsletter_id, [joining], [], now=common.now())[0])


def _ask(config: Config, newsletter: Newsletter, arguments: argparse.Namespace) -> int:
    """Say the same whether the address is on the list or not."""
    from digest import bootstrap_asking

    reader = roster.joining(newsletter, _said(arguments), how="confirmed").subscriber
    bootstrap_asking.ask(config, reader, evidence="the author, with digest subscribers ask")
    report = bootstrap_asking.send_questions(config, newsletter)
    for problem in report.problems:
        common.say(f"  problem: {problem.where}: {problem.what}")
    common.say("The question is put by mail, once a day at most. Whoever says yes is on the list after `digest tend`.")
    return DeliveryError.exit_code if report.problems else 0


def _change(store: roster.ReaderStore, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    wishes = roster.wishes(newsletter, _said(arguments))
    common.say("changed" if store.change(newsletter.newsletter_id, arguments.address, wishes) else _UNKNOWN)


def _erase(store: roster.ReaderStore, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    known = store.erase(newsletter.newsletter_id, arguments.address, now=common.now())
    common.say("erased" if known else _UNKNOWN)


def _export(store: roster.ReaderStore, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    bootstrap.write_private(arguments.file, roster.exported(store.entries(newsletter.newsletter_id)))
    common.say("Written. The file holds addresses in the clear: delete it when you are done.")


def _show(store: roster.ReaderStore, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    held = next(store.entries(newsletter.newsletter_id, arguments.address), None)
    common.say_lines(json.dumps(roster.shown(held), ensure_ascii=False, indent=2) if held else _UNKNOWN)


def _stats(store: roster.ReaderStore, newsletter: Newsletter, _arguments: argparse.Namespace) -> None:
    for locale, audience, number in store.counts_by_locale(newsletter.newsletter_id):
        common.say(f"{locale} {audience or '-'} {number}")


def _import(store: roster.ReaderStore, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    plan = _plan(newsletter, arguments)
    done = plan.counts if arguments.dry_run else roster.carry_out(plan, newsletter, store, now=common.now())
    common.say(", ".join(f"{number} {what}" for what, number in sorted(done.items()) if number) or "no rows")


def _plan(newsletter: Newsletter, arguments: argparse.Namespace) -> roster.ImportPlan:
    """Read the file and say what was understood of it."""
    path: Path = arguments.file
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"{path} can not be read: {error.strerror}."
        raise SettingsError(message) from None
    plan = roster.plan_import(data, newsletter, file=path.name, given=_said(arguments))
    for heading, name in plan.understood:
        common.say(f"  column {heading!r}: {name}")
    if plan.ignored:
        common.say(f"  not used: {', '.join(map(repr, plan.ignored))}")
    for row in plan.skipped[:_SHOWN_ROWS]:
        common.say(f"  line {row.line}: skipped: {row.reason}")
    if len(plan.skipped) > _SHOWN_ROWS:
        common.say(f"  and {len(plan.skipped) - _SHOWN_ROWS} more")
    if plan.without_language and len(newsletter.locales) > 1:
        chosen = choose_locale("", newsletter.locales)
        common.say(f"  {plan.without_language} without a language get {chosen} if they are new: see --locale")
    if plan.without_consent:
        common.say(f"  {plan.without_consent} without proof of consent: see --consent-text and --consent-at")
    return plan


def _with_wishes(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--name", default="")
    parser.add_argument("--locale", default="", help="pt_BR or en")
    parser.add_argument("--audience", default="")
    parser.add_argument("--timezone", default="", help="such as America/Sao_Paulo")
    parser.add_argument("--frequency", default="", help="every, or monthly for the first issue of each month")
    return parser


def _with_consent(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--consent-text", default="", help="the exact sentence they agreed to")
    parser.add_argument("--consent-language", default="", help="the language of that sentence, such as pt-BR")
    parser.add_argument("--consent-at", default="", help="when, such as 2026-11-01T09:00:00+01:00")


def _said(arguments: argparse.Namespace) -> Mapping[str, str]:
    names = (*_WISHES, "consent_text", "consent_language", "consent_at")
    said = {name: value for name in names if (value := getattr(arguments, name, ""))}
    return {**said, "email": arguments.address} if "address" in arguments else said


_ACTIONS = {
    "add": _add,
    "change": _change,
    "import": _import,
    "export": _export,
    "show": _show,
    "erase": _erase,
    "stats": _stats,
}
