"""`digest sources`: how each source is, and lists of other feed readers in and out."""

import argparse
import json
import os
import re
import sys
import tomllib
from pathlib import Path

from digest import bootstrap, source_list
from digest.cli import common
from digest.config import SETTINGS_FILE, Config, parse_config
from digest.errors import SettingsError
from digest.models.newsletter import Newsletter

LARGEST_FILE_BYTES = 5_000_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("list", help="how each source is: well, failing, moved, gone")
    show.add_argument("--json", action="store_true", help="print JSON")
    actions.add_parser("export", help="print the sources as OPML, which other feed readers import")
    load = actions.add_parser("import", help="show what an OPML file of another feed reader would add to digest.toml")
    load.add_argument("file", type=Path)
    load.add_argument("--section", default="", help="the section of all of them (default: the folders of the file)")
    load.add_argument("--apply", action="store_true", help="write them to the end of digest.toml")


def run(arguments: argparse.Namespace) -> int:
    """Do one thing with the list of sources."""
    config, newsletter = common.opened(arguments)
    if arguments.action == "list":
        _list(config, newsletter, as_json=arguments.json)
    elif arguments.action == "export":
        own = [source for source in config.sources if source.newsletter_id == newsletter.newsletter_id]
        sys.stdout.write(source_list.opml_of(own, newsletter.title("en")).decode("utf-8"))
    else:
        _import(config, newsletter, arguments)
    return 0


def _list(config: Config, newsletter: Newsletter, *, as_json: bool) -> None:
    own = [source for source in config.sources if source.newsletter_id == newsletter.newsletter_id]
    with bootstrap.state_store(config) as store:
        caches = store.feed_caches([source.key for source in own])
    now = common.now()
    if as_json:
        rows = [source_list.health(source, caches[source.key], now) for source in own]
        common.say(json.dumps(rows, ensure_ascii=False))
        return
    for line in source_list.health_lines(own, caches, now):
        common.say(line)


def _import(config: Config, newsletter: Newsletter, arguments: argparse.Namespace) -> None:
    known = [source for source in config.sources if source.newsletter_id == newsletter.newsletter_id]
    tables, lines = source_list.additions(_body(arguments.file), known, arguments.section)
    if len(config.newsletters) > 1:
        tables = re.sub(
            r'(?m)^(kind = "\w+")$',
            lambda found: f"{found[1]}\nnewsletter = {json.dumps(newsletter.newsletter_id)}",
            tables,
        )
    for line in lines:
        common.say(line)
    if not tables:
        common.say("Nothing to add.")
    elif arguments.apply:
        _append(config, tables)
        common.say(f"Written to the end of {SETTINGS_FILE}.")
    else:
        common.say(f"To write this to the end of {SETTINGS_FILE}, give --apply:")
        for line in tables.splitlines():
            common.say(line)


def _append(config: Config, tables: str) -> None:
    """Write tables after everything that is there, comments included, if the whole still reads without a mistake."""
    path = config.folder / SETTINGS_FILE
    before = path.read_text(encoding="utf-8-sig")
    text = f"{before.rstrip()}\n{tables}"
    parse_config(tomllib.loads(text), text=text, folder=config.folder, environment=os.environ)
    new = path.with_name(f"{SETTINGS_FILE}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def _body(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            body = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        message = f"{path} can not be read: {error.strerror}."
        raise SettingsError(message) from None
    if len(body) > LARGEST_FILE_BYTES:
        message = f"{path} is larger than 5 MB."
        raise SettingsError(message)
    return body
