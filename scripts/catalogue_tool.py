"""The catalogues of interface words: `locales/<locale>/LC_MESSAGES/digest.po`.

scripts/catalogues extract    print the template (.pot) with every message id of src/ and templates/
scripts/catalogues update     add new ids to every catalogue, retire unused ones; nothing is guessed (no fuzzy)
scripts/catalogues pseudo     print an English catalogue with accents, brackets and a third more letters, for layouts
scripts/catalogues check      end with 1 and one line a fault where a catalogue is not complete and sound
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.parsers import expat

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import PoFileError, read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE_LOCALE = "en"
_PLACE = re.compile(r"%\((\w+)\)[sd]")
_KEPT = re.compile(r"(%\(\w+\)[sd]|%%|<[^>]*>)")
_ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéîñöüýÁÇÉÎÑÖÜÝ")
_BARE_PERCENT = re.compile(r"%(?!\(\w+\)[sd]|%)")


def extracted(root: Path) -> Catalog:
    """Return every message id that the templates and the source mark. Raises what the extractors raise."""
    template = Catalog(project="digest", charset="utf-8", fuzzy=False, msgid_bugs_address="")
    for filename, _line, message, comments, context in _found(root):
        template.add(message, None, [(filename, 0)], auto_comments=comments, context=context)
    return template


@cache
def _found(root: Path) -> tuple[Any, ...]:
    """Read every file once in a process: that takes seconds, and a template made of it may be changed."""
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel leaves it untyped
    found = extract_from_dir(root, methods, options, keywords=DEFAULT_KEYWORDS, strip_comment_tags=True)
    return tuple(sorted(found, key=lambda one: (one[0], one[1])))


def catalogue_paths(root: Path) -> list[Path]:
    """Return the catalogues, sorted by locale."""
    return sorted((root / "locales").glob("*/LC_MESSAGES/digest.po"))


def read_catalogue(path: Path) -> Catalog:
    """Read one catalogue; its locale is the name of its folder. Raises PoFileError."""
    return read_po(BytesIO(path.read_bytes()), locale=path.parent.parent.name, abort_invalid=True)


def updated(catalogue: Catalog, template: Catalog) -> bytes:
    """Return the catalogue with the template's ids; in English an id says itself unless somebody wrote otherwise."""
    # The dates in the header would make every update a change.
    template.creation_date = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    if str(catalogue.locale) == SOURCE_LOCALE:
        for message in catalogue:
            if message.id and not any(_forms(message.string)):
                message.string = message.id
    written = BytesIO()
    write_po(written, catalogue, sort_output=True, include_lineno=False, width=120)
    return written.getvalue()


def faults(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Yield one line a fault: an id is missing, or its translation is a draft, empty, incomplete or not sound."""
    for wanted in template:
        if not wanted.id:
            continue
        name = _forms(wanted.id)[0]
        for form in _forms(wanted.id):
            if _BARE_PERCENT.search(form):
                yield f"{form!r}: a bare % in the message id; write %%"
        message = catalogue.get(wanted.id, wanted.context)
        if message is None:
            yield f"{name!r}: missing"
        else:
            yield from (f"{name!r}: {fault}" for fault in message_faults(message, catalogue.num_plurals))


def message_faults(message: Message, plurals: int) -> Iterator[str]:
    """Yield the faults of one translated message."""
    if message.fuzzy:
        yield "marked fuzzy: look at it and take the mark away"
    forms = _forms(message.string)
    if not all(forms):
        yield "empty" if len(forms) == 1 else "a plural form is empty"
    if message.pluralizable and len(forms) != plurals:
        yield f"{len(forms)} plural forms, {plurals} are needed"
    known = set(_places(_forms(message.id)))
    for form in filter(None, forms):
        if set(_places([form])) != known:
            yield f"places differ from the id: {sorted(set(_places([form])) ^ known)}"
        if _BARE_PERCENT.search(form):
            yield "a bare % in the translation; write %%"
        if not _is_sound_markup(form):
            yield "markup that is not well-formed"


def check(root: Path) -> list[str]:
    """Return all faults of all catalogues, each with its locale."""
    template = extracted(root)
    found: list[str] = []
    for path in catalogue_paths(root):
        locale = path.parent.parent.name
        try:
            catalogue = read_catalogue(path)
        except PoFileError as error:
            found.append(f"{locale}: {error}")
            continue
        found += [f"{locale}: {fault}" for fault in faults(template, catalogue)]
    return found or ([] if catalogue_paths(root) else ["there are no catalogues"])


def pseudo(template: Catalog) -> Catalog:
    """Return an English catalogue that shows what is not translated, cut off or glued together.

    Letters get accents, every text a third more length and brackets around it; places and markup stay.
    """
    made = Catalog(locale=SOURCE_LOCALE, fuzzy=False)
    for message in template:
        if message.id:
            forms = tuple(_accented(form) for form in _forms(message.id))
            made.add(message.id, forms if message.pluralizable else forms[0], context=message.context)
    return made


def _accented(text: str) -> str:
    parts = _KEPT.split(text)
    accented = "".join(part if index % 2 else part.translate(_ACCENTS) for index, part in enumerate(parts))
    padding = " ~" * max(1, round(len(text) * 0.35 / 2))
    return f"⟦{accented}{padding}⟧"


def main(arguments: Iterable[str]) -> int:
    """Run one command; 0 done, 1 faults found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("extract", "update", "pseudo", "check"))
    command = parser.parse_args(list(arguments)).command
    if command == "extract":
        write_po(sys.stdout.buffer, extracted(ROOT), sort_output=True, include_lineno=False, width=120)
    elif command == "pseudo":
        write_po(sys.stdout.buffer, pseudo(extracted(ROOT)), sort_output=True, include_lineno=False, width=120)
    elif command == "update":
        for path in catalogue_paths(ROOT):
            path.write_bytes(updated(read_catalogue(path), extracted(ROOT)))
    else:
        found = check(ROOT)
        print("\n".join(found) if found else "The catalogues are complete.")
        return 1 if found else 0
    return 0


def _forms(text: object) -> tuple[str, ...]:
    return tuple(str(form) for form in text) if isinstance(text, (tuple, list)) else (str(text or ""),)


def _places(forms: Iterable[str]) -> Iterator[str]:
    for form in forms:
        yield from _PLACE.findall(form)


def _is_sound_markup(text: str) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(f"<message>{text}</message>".encode(), True)  # noqa: FBT003
    except expat.ExpatError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
