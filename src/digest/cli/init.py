"""`digest init`: a new author's folder from a short dialogue; every answer is an option too."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from digest import bootstrap_init, bootstrap_origin
from digest.cli import common
from digest.errors import SettingsError, SourceError
from digest.i18n import Words, fill, words
from digest.models.message import N_
from digest.models.setup import Answers, SiteFound

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KEYS = (("DIGEST_STATE_KEY", "state.txt"), ("DIGEST_PEOPLE_KEY", "people.txt"))

_QUESTIONS = {
    "site": N_("Address of your site"),
    "title_en": N_("Name of the newsletter in English"),
    "title_pt": N_("Name of the newsletter in Portuguese"),
    "language": N_("Language of your posts (en or pt-BR)"),
    "author": N_("Your name, as readers know it"),
    "sender": N_("Sender of the mails: your name, then the address in angle brackets"),
    "legal_name": N_("Who is responsible, for the footer"),
    "legal_address": N_("Postal address, for the footer"),
    "notice": N_("Address of your page with the legal notice"),
    "day": N_("Day of the week it is sent (monday to sunday)"),
    "time": N_("Time of day, such as 08:00"),
    "timezone": N_("Your time zone, such as Europe/Luxembourg or America/Sao_Paulo"),
    "approver": N_("Your own mail address"),
    "github": N_("Your name on GitHub (empty if you do not use it)"),
    "dkim": N_("Should the program sign the mails (DKIM)? Most providers do it themselves (yes or no)"),
}
_OPTIONAL = ("github",)
_YES = {"yes": True, "y": True, "sim": True, "s": True, "no": False, "n": False, "não": False, "nao": False}
MAY_ASK = N_(
    "On GitHub, in Settings, Actions, General, Workflow permissions: tick “Allow GitHub Actions to create and approve pull requests”."
)
PAGES = N_(
    "Pages of a private repository need a paid plan of GitHub. The archive may lie in a second, public repository or in any folder instead."
)

FROM_BRANCH = N_(
    "On GitHub, in Settings, Pages: choose “Deploy from a branch” and the branch “previews”. Everybody who knows the path in digest.toml can see the drafts there."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add every answer as an option."""
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIR", help="the new folder (default: --folder)")
    parser.add_argument("--interface", choices=("en", "pt_BR"), help="your language: en or pt_BR")
    for name, question in _QUESTIONS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", help=f"the answer to: {question}")
    parser.add_argument("--feed", help="the address of the feed, where it is not found by itself")
    parser.add_argument("--program", metavar="OWNER/NAME@COMMIT", help="where the workflows get the program from")
    parser.add_argument(
        "--pages", metavar="URL", default="", help="show previews there too, on a path nobody can guess"
    )
    parser.add_argument("--yes", action="store_true", help="ask nothing; what is missing is an error")
    parser.add_argument("--example", action="store_true", help="an example author, without asking anybody")
    parser.add_argument("--workflows", action="store_true", help="only write the workflows anew")
    parser.add_argument("--set-secrets", action="store_true", help="give GitHub the keys through its program gh")
    parser.add_argument(
        "--allow-private-addresses", action="store_true", help="for a site on your own machine or in your own network"
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask, write, make keys, and say what is left to do."""
    folder: Path = arguments.directory or arguments.folder
    program = _program(arguments)
    if arguments.workflows:
        files = bootstrap_init.workflows_of(program)
        for path in bootstrap_init.write_folder(folder, files, replacing=True):
            common.say(f"  {path}")
        return 0
    bootstrap_init.check_nothing_there(folder)
    asking = not arguments.yes and not arguments.example
    said = words(arguments.interface or _interface(asking=asking))
    answers = _example(said, program) if arguments.example else _answers(arguments, said, program, asking=asking)
    files = bootstrap_init.files_of(answers)
    signing = bootstrap_init.new_dkim_key(answers.sender) if answers.dkim else None
    written = bootstrap_init.write_folder(folder, files)
    keys = bootstrap_init.make_keys(folder)
    if signing:
        keys += bootstrap_init.write_dkim_key(folder, *signing)
    common.say(said.gettext(N_("Written:")))
    for path in (*written, *keys):
        common.say(f"  {path}")
    _secrets(arguments, folder, said, dkim=answers.dkim)
    if signing:
        _record(signing[1], signing[2], said)
    _what_next(answers, said)
    return 0


def _program(arguments: argparse.Namespace) -> str:
    given: str = arguments.program or ""
    if "/" in given:
        return given
    found = bootstrap_origin.where_the_program_lives()
    place = found.partition("@")[0]
    if given:
        return f"{place}@{given}" if place else given
    return found if "@" in found else ""


def _interface(*, asking: bool) -> str:
    if not asking:
        return "pt_BR" if os.environ.get("LANG", "").startswith("pt") else "en"
    answer = _line("Português (p) / English (e)? ").lower()
    return "pt_BR" if answer.startswith("p") else "en"


def _example(said: Words, program: str) -> Answers:
    return replace(bootstrap_init.EXAMPLE, interface=said.locale, program=program)


def _answers(arguments: argparse.Namespace, said: Words, program: str, *, asking: bool) -> Answers:
    """Ask for what is not given and can not be found out. Raises SettingsError naming what is missing."""
    given = {name: (getattr(arguments, name) or "").strip() for name in _QUESTIONS}
    if asking and not given["site"]:
        given["site"] = _ask(said, "site", "")
    found = _found(arguments, given["site"], said)
    defaults = {
        "title_en": found.title,
        "title_pt": given["title_en"] or found.title,
        "language": found.language,
        "legal_name": given["author"],
        "day": "thursday",
        "time": "08:00",
        "timezone": os.environ.get("TZ", "").lstrip(":") or "Europe/Luxembourg",
        "dkim": said.gettext(N_("no")),
    }
    for name in _QUESTIONS:
        usual = defaults.get(name, "") or (given["author"] if name == "legal_name" else "")
        if not given[name]:
            given[name] = _ask(said, name, usual) if asking else usual
    missing = [f"--{name.replace('_', '-')}" for name in _QUESTIONS if not given[name] and name not in _OPTIONAL]
    if missing:
        raise SettingsError(f"These answers are missing: {', '.join(missing)}.")
    if given["day"].lower() not in _DAYS:
        raise SettingsError(f"{given['day']!r} is not a day. Write it in English: {', '.join(_DAYS)}.")
    if given["dkim"].lower() not in _YES:
        raise SettingsError(f"{given['dkim']!r} is neither yes nor no. Give --dkim yes, or --dkim no.")
    site, dkim = given.pop("site"), _YES[given.pop("dkim").lower()]
    return Answers(
        interface=said.locale,
        site=site,
        feed=found.feed,
        program=program,
        private=arguments.allow_private_addresses,
        dkim=dkim,
        pages=arguments.pages,
        **given | {"day": given["day"].lower()},
    )


def _found(arguments: argparse.Namespace, site: str, said: Words) -> SiteFound:
    if arguments.feed or not site:
        return SiteFound(feed=arguments.feed or "", title="", language="")
    if "://" not in site:
        raise SettingsError(f"{site!r} is not a web address. Write it with https:// in front.")
    common.say(said.gettext(N_("Looking at your site …")))
    try:
        found = bootstrap_init.find_site(site, private=arguments.allow_private_addresses)
    except SourceError as error:
        raise SettingsError(str(error)) from None
    line = said.gettext(N_("Found the feed %(feed)s, in the language %(language)s."))
    common.say(fill(line, {"feed": found.feed, "language": found.language or "?"}))
    if found.twins:
        line = said.gettext(N_("Your posts say that they exist in %(languages)s too: your own translations are used."))
        common.say(fill(line, {"languages": ", ".join(found.twins)}))
    return found


def _ask(said: Words, name: str, usual: str) -> str:
    question = said.gettext(_QUESTIONS[name])
    while True:
        answer = _line(f"{question}{f' [{usual}]' if usual else ''}: ") or usual
        if answer or name in _OPTIONAL:
            return answer


def _line(question: str) -> str:
    try:
        return input(question).strip()
    except EOFError:
        common.say()
        raise SettingsError(
            "The answers ended here, and nothing was written. `digest init --help` names all."
        ) from None


def _secrets(arguments: argparse.Namespace, folder: Path, said: Words, *, dkim: bool) -> None:
    """Set the keys through `gh`, or say exactly what to set."""
    common.say()
    keys = (*_KEYS, ("DIGEST_DKIM_KEY", "dkim.pem")) if dkim else _KEYS
    if arguments.set_secrets and bootstrap_init.has_gh():
        done = all(
            bootstrap_init.set_secret(folder, name, (folder / ".digest" / "keys" / file).read_text(encoding="ascii"))
            for name, file in keys
        )
        if done:
            common.say(said.gettext(N_("GitHub has the keys now. Two secrets are left, which only you know:")))
            _mail_secrets(said)
            return
        common.say(said.gettext(N_("gh could not set the keys. Is the folder on GitHub, and are you signed in?")))
    common.say(
        said.gettext(N_("Secrets to set on GitHub (Settings, Secrets and variables, Actions, New repository secret):"))
    )
    for name, file in keys:
        line = said.gettext(N_("%(name)s: the whole text of the file %(file)s"))
        common.say(f"  {fill(line, {'name': name, 'file': f'.digest/keys/{file}'})}")
        common.say(f"    gh secret set {name} < .digest/keys/{file}")
    _mail_secrets(said)


def _record(name: str, record: str, said: Words) -> None:
    common.say()
    common.say(
        said.gettext(
            N_("Set this record where the names of your domain are kept; without it no mail counts as signed:")
        )
    )
    common.say(f"  {name}")
    common.say("  TXT")
    common.say(f"  {record}")


def _mail_secrets(said: Words) -> None:
    smtp = said.gettext(N_("%(name)s: your mail server, such as %(example)s"))
    common.say(f"  {fill(smtp, {'name': 'DIGEST_SMTP_URL', 'example': 'smtp+starttls://user:password@host:587'})}")
    imap = said.gettext(N_("%(name)s: the newsletter's mailbox, such as %(example)s"))
    common.say(f"  {fill(imap, {'name': 'DIGEST_IMAP_URL', 'example': 'imaps://user:password@host/INBOX'})}")
    common.say(
        said.gettext(N_("The key for the links to leave the list lies in the list itself: nothing to set for it."))
    )


def _what_next(answers: Answers, said: Words) -> None:
    common.say()
    if answers.program:
        line = said.gettext(N_("The workflows get the program from %(place)s."))
        common.say(fill(line, {"place": answers.program}))
        common.say(said.gettext(MAY_ASK))
    else:
        line = N_("No workflows were written, for nothing says where the program lives. Later: %(command)s")
        command = "digest init --workflows --program OWNER/NAME@COMMIT"
        common.say(fill(said.gettext(line), {"command": command}))
    if answers.pages:
        common.say(said.gettext(FROM_BRANCH))
    common.say(said.gettext(PAGES))
    common.say(said.gettext(N_("Make a copy of both key files on paper: nothing else opens the list of your readers.")))
