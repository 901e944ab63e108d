"""The author's own notes in `issue.toml`: one for everyone, one for each audience that she has something to say to."""

from collections.abc import Iterable

from digest.adapters.stores.toml_tables import Table, assignments, long_array, quoted
from digest.models.issue import EVERYONE, Note
from digest.text.sentences import split_sentences


def read_notes(table: Table) -> tuple[Note, ...]:
    """Read `[[notes]]`; one without words is none. Raises FileFormatError with the line."""
    notes: list[Note] = []
    for item in table.tables("notes"):
        note = _note(item)
        if any(note.audience == other.audience for other in notes):
            raise item.wrong("audience", f"there are two notes for {note.audience!r}; join them")
        notes.append(note)
    return tuple(note for note in notes if note.sentences)


def written_notes(notes: Iterable[Note]) -> str:
    """Return the tables of the notes, one sentence a line."""
    return "".join(f"\n[[notes]]\n{assignments(_values(note))}" for note in notes)


def _note(table: Table) -> Note:
    table.check_keys({"audience", "language", "text", "sentences"})
    language = table.required("language")
    # She may type a text in one piece; it is kept sentence by sentence, as it will be translated.
    sentences = (*table.texts("sentences"), *split_sentences(table.text("text"), language))
    joined = (" ".join(sentence.split()) for sentence in sentences)
    return Note(
        audience=table.text("audience", EVERYONE) or EVERYONE,
        language=language,
        sentences=tuple(sentence for sentence in joined if sentence),
    )


def _values(note: Note) -> dict[str, str]:
    return {
        "audience": quoted(note.audience),
        "language": quoted(note.language),
        "sentences": long_array([quoted(sentence) for sentence in note.sentences]),
    }
