"""What `digest init` knows before it writes anything."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFound:
    """What a site's address alone tells."""

    feed: str
    title: str
    language: str
    """BCP 47 tag of the posts; empty where nothing says it."""
    twins: tuple[str, ...] = ()
    """Languages in which the newest post says it exists too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """All that the files of a new folder say."""

    interface: str
    """`pt_BR` or `en`: the language of what is written for the author."""
    site: str
    feed: str
    language: str
    title_en: str
    title_pt: str
    author: str
    sender: str
    legal_name: str
    legal_address: str
    notice: str
    day: str
    time: str
    timezone: str
    approver: str
    github: str = ""
    """Her name there, without the sign @."""
    program: str = ""
    """Where the program lives: owner/name@commit; empty where no workflows are wanted."""
    private: bool = False
    pages: str = ""
    """The address of the repository's pages, where previews are shown too; empty: nowhere."""
    dkim: bool = False
    """Whether the program signs the mails, because the provider does not."""
