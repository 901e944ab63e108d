"""`digest state`: the databases and their encrypted snapshots in the vault."""

import argparse
from pathlib import Path

from digest import bootstrap, bootstrap_keys, bootstrap_vault
from digest.cli import common
from digest.errors import SettingsError
from digest.i18n import Words, fill, words
from digest.models.message import Said
from digest.models.vault import SNAPSHOT_NAMES, SnapshotName


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--interface", choices=("en", "pt_BR"), help="your language (default: the newsletter's first)")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    pull = _action(actions, "pull", "bring the databases of this folder to what the vault has")
    pull.add_argument("--discard", action="store_true", help="give up what was changed here and not pushed")
    push = _action(actions, "push", "put the databases of this folder into the vault")
    push.add_argument("--new", action="store_true", help="also where the vault has lost its snapshot")
    _action(actions, "rotate", "seal the snapshots with a new key")
    _action(actions, "new-key", "make a key anew where the one before is lost")
    drill = _action(actions, "restore-drill", "open the snapshots as after a loss, and change nothing")
    drill.add_argument("--key", type=Path, metavar="FILE", help="try the key in this file, for one snapshot")


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, what: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(name, help=what, description=what)
    parser.add_argument(
        "names", nargs="*", choices=[*SNAPSHOT_NAMES, []], metavar="NAME", help="state, people; default: both"
    )
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Do it for each database, and say in a line what was done."""
    config, newsletter = common.opened(arguments)
    names: tuple[SnapshotName, ...] = tuple(arguments.names) or SNAPSHOT_NAMES
    says = words(arguments.interface or bootstrap.reader_locale(newsletter.locales[0], ("en", "pt_BR")))
    if arguments.action == "restore-drill":
        key = _read_key(arguments.key, names) if arguments.key else None
        for name in names:
            opened, *rows = bootstrap_keys.restore_drill(config, name, key)
            _say(says, opened)
            for row in rows:
                _say(says, row, before="  ")
        return 0
    with bootstrap.exclusive(config):
        for name in names:
            if arguments.action == "pull":
                _say(says, bootstrap_vault.pull(config, name, discard=arguments.discard))
            elif arguments.action == "push":
                _say(says, bootstrap_vault.push(config, name, new=arguments.new))
            elif arguments.action == "new-key":
                _say(says, bootstrap_keys.make_key(config.folder, name))
            else:
                _say(says, bootstrap_keys.rotate(config, name))
    return 0


def _say(says: Words, said: Said, before: str = "") -> None:
    common.say(f"{before}{fill(says.gettext(said.message), dict(said.values))}")


def _read_key(path: Path, names: tuple[SnapshotName, ...]) -> str:
    if len(names) != 1:
        message = "A key opens one snapshot. Name it: `digest state restore-drill people --key FILE`."
        raise SettingsError(message)
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        message = f"{path} can not be read as a key. Name a file that holds one, as `digest init` wrote it."
        raise SettingsError(message) from None
