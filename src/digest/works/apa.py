"""One line of APA style, 7th edition, in each locale: authors, year, title, journal, volume, pages, DOI."""

from collections.abc import Sequence

from digest.models.work import Person, Work

_MOST_NAMED = 20
_NO_DATE = {"en": "n.d.", "pt_BR": "s.d."}


def apa_line(work: Work, locale: str) -> str:
    """Return the reference of a work without markup; what the record lacks is left out."""
    year = str(work.years[0]) if work.years else _NO_DATE.get(locale, "n.d.")
    # The title it was published under: a reference must lead to the work.
    title = work.title
    parts = [
        # Where nobody is named the title stands in the authors' place.
        *(
            (f"{_authors(work.authors, locale)} ({year}).", _ended(title))
            if work.authors
            else (_ended(title), f"({year}).")
        ),
        _place(work),
    ]
    line = " ".join(part for part in parts if part)
    return f"{line} https://doi.org/{work.doi}" if work.doi else line


def _authors(people: Sequence[Person], locale: str) -> str:
    names = [_name(person) for person in people]
    if len(names) == 1:
        return names[0]
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[: _MOST_NAMED - 1])}, … {names[-1]}"
    before = ", ".join(names[:-1])
    return f"{before} e {names[-1]}" if locale.startswith("pt") else f"{before}, & {names[-1]}"


def _name(person: Person) -> str:
    initials = " ".join(f"{word[0].upper()}." for word in person.given.replace("-", " ").replace(".", " ").split())
    return f"{person.family}, {initials}" if initials else person.family


def _place(work: Work) -> str:
    if work.is_preprint:
        return "[Preprint]."
    if not work.journal:
        return ""
    volume = f", {work.volume}" + (f"({work.issue})" if work.issue else "") if work.volume else ""
    pages = f", {work.pages.replace('-', '–')}" if work.pages else ""
    return f"{work.journal}{volume}{pages}."


def _ended(title: str) -> str:
    return title if not title or title[-1] in ".?!" else f"{title}."
