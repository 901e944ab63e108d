"""Whether the people that a text names are among the authors of a record."""

import re
from collections.abc import Iterable
from functools import lru_cache

from digest.models.work import Person
from digest.works.titles import fold

TITLES = frozenset("dr dra drs dras prof profa profs professor professora professors doutor doutora phd".split())
OTHERS = frozenset(
    "colleague colleagues coauthor coauthors co-author co-authors collaborator collaborators team others al colega colegas"
    " colaborador colaboradora colaboradores colaboradoras coautor coautora coautores coautoras equipe outros outras col"
    " cols associates researchers pesquisadores pesquisadoras parceiros grupo group".split()
)
JOINS = frozenset("and & e y und with com".split())
PARTICLES = frozenset(
    "de da do dos das van von der den la le del di et her his their seu sua seus suas os as the ter du af bin ibn"
    " demais".split()
)
_NO_NAME = TITLES | JOINS | PARTICLES | {word for other in OTHERS for word in other.split("-")}
_PERSON_BREAK = re.compile(r"\s*(?:[,;&]|\band\b|\be\b|\bwith\b|\bcom\b|\by\b)\s*")
_POSSESSIVE = re.compile(r"['’]s\b")
_HALF = 2


@lru_cache(maxsize=20_000)
def surnames(authors: str) -> tuple[frozenset[str], ...]:
    """Return the words of each named person that can be a surname; initials, titles and "colleagues" are none."""
    parts = (name_words(part) for part in _PERSON_BREAK.split(authors))
    return tuple(part for part in parts if part)


def named_among(authors: str, record: Iterable[Person]) -> bool:
    """Whether at least half of the named people are authors of the record: people often name the famous one alone."""
    families = family_words(tuple(record))
    people = surnames(authors)
    found = sum(1 for person in people if person & families)
    return found > 0 and found * _HALF >= len(people)


@lru_cache(maxsize=20_000)
def family_words(people: tuple[Person, ...]) -> frozenset[str]:
    """Return the words of all surnames."""
    return frozenset(word for person in people for word in name_words(person.family))


def name_words(text: str) -> frozenset[str]:
    """Return the words of a name that can be a surname; a possessive counts as the name."""
    return frozenset(
        word
        for word in fold(_POSSESSIVE.sub("", text))
        if len(word) > 1 and word not in _NO_NAME and not word.isdigit()
    )
