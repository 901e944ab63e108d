"""`digest complete`: stage 2 alone."""

import argparse

from digest import bootstrap, pipeline
from digest.cli import common


def configure(parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""
    del parser


def run(arguments: argparse.Namespace) -> int:
    """Read the pages of articles that are not complete yet."""
    config, newsletter = common.opened(arguments)
    with bootstrap.exclusive(config), bootstrap.workshop(config, newsletter) as shop:
        common.say_reports([pipeline.complete_articles(shop, now=common.now())[1]])
    return 0
