"""What may be done with somebody else's text: printed, translated, or neither.

Facts (title, authors, design, numbers) are free; an abstract is not, unless the article's licence says so.
"""

from dataclasses import dataclass
from typing import Literal

from digest.models.message import N_
from digest.models.work import TextRights, Work, WorkText

Use = Literal["print", "translate"]

NAMES: dict[TextRights, str] = {
    "cc0": "CC0", "cc-by": "CC BY", "cc-by-sa": "CC BY-SA", "cc-by-nd": "CC BY-ND", "cc-by-nc": "CC BY-NC",
    "cc-by-nc-sa": "CC BY-NC-SA", "cc-by-nc-nd": "CC BY-NC-ND",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The text may be used so; with credit, unless it is CC0."""

    licence: TextRights
    credit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The text is for the author's eyes only."""

    reason: str


UNKNOWN = N_("The record gives no licence for this text.")
PUBLISHER = N_("The text belongs to the publisher.")
NO_DERIVATIVES = N_("The licence (%(licence)s) does not allow translations.")
NON_COMMERCIAL = N_(
    "The licence (%(licence)s) is for non-commercial use only, and the newsletter is not declared to be that."
)


def rights_of(text: WorkText, work: Work) -> TextRights:
    """Return the licence of a text: its own, else that of the article it belongs to."""
    return text.rights if text.rights != "unknown" else work.licence


def may(use: Use, rights: TextRights, *, non_commercial: bool = False) -> Allowed | Refused:
    """Decide whether a text may be printed or translated; `non_commercial` is what the author declared."""
    if rights == "unknown":
        return Refused(reason=UNKNOWN)
    if rights == "publisher":
        return Refused(reason=PUBLISHER)
    if "-nd" in rights and use == "translate":
        return Refused(reason=NO_DERIVATIVES)
    if "-nc" in rights and not non_commercial:
        return Refused(reason=NON_COMMERCIAL)
    return Allowed(licence=rights, credit=rights != "cc0")
