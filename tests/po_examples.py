"""Segments with all that a PO file has trouble with."""

from dataclasses import replace

from hypothesis import strategies as st

from digest.models.segment import Segment

# What sentences are made of, and what a PO file has trouble with.
_HARD = st.sampled_from(
    ["\\", '"', "\n", "\t", "\r", "%", "%(n)s", "{{", "}}", "#", "msgid ", "שלום", "عربي", "\u2028"]
)
WORDS = st.lists(_HARD | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1, max_size=8)
TEXTS = WORDS.map("".join).filter(lambda text: bool(text.strip()))
LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda line: not line.endswith("\\")
)
ORIGINS = st.sampled_from(["human", "memory", "parallel", "fxtranslate:0.5.0/en-pt", "a@b"])
UNTRANSLATED = st.builds(Segment, key=LINES, source=TEXTS)
TRANSLATED = st.builds(
    Segment,
    key=LINES,
    source=TEXTS,
    target=TEXTS,
    state=st.sampled_from(["draft", "approved"]),
    origin=ORIGINS,
    findings=st.lists(LINES, max_size=2).map(tuple),
    glossary=st.sampled_from(["", "0a1b2c3d"]),
)
CHANGED = st.builds(
    lambda segment, previous: replace(
        segment, state="needs_edit", previous_source=None if previous == segment.source else previous
    ),
    TRANSLATED,
    st.none() | TEXTS.map(lambda text: text.replace("\u2028", " ")),
)
FILES = st.lists(UNTRANSLATED | TRANSLATED | CHANGED, max_size=6, unique_by=lambda item: (item.key, item.source))
