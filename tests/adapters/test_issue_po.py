"""PO files: every segment round-trips, edits by hand are noticed, files of other tools are read."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.adapters.stores.issue_po import PoFile, po_bytes, read_po_file
from digest.errors import FileFormatError
from digest.models.segment import Segment
from po_examples import FILES

FILE = "issues/2026-11-26/pt_BR.po"


def written(*segments: Segment, before: PoFile | None = None) -> bytes:
    return po_bytes(segments, before or PoFile(), project="bonds 2026-11-26", locale="pt_BR")


def read(data: bytes | str) -> tuple[Segment, ...]:
    return read_po_file(FILE, data.encode() if isinstance(data, str) else data).segments


def a_draft(target: str = "A solidão pode ferir.") -> Segment:
    return Segment(
        key="post-41/studies/2",
        source="Loneliness may hurt.",
        target=target,
        state="draft",
        origin="fxtranslate:0.5.0/en-pt",
        findings=('hedging warning "may" / -',),
    )


@settings(deadline=None)
@given(FILES)
def test_every_segment_is_read_as_it_was_written(segments: list[Segment]) -> None:
    data = written(*segments)
    assert read(data) == tuple(segments)
    assert written(*segments, before=read_po_file(FILE, data)) == data


@settings(deadline=None)
@given(st.text(max_size=120) | st.binary(max_size=120))
def test_any_content_is_segments_or_a_located_error(content: str | bytes) -> None:
    try:
        read(content.encode("utf-8", "replace") if isinstance(content, str) else content)
    except FileFormatError as error:
        assert str(error).startswith(f"{FILE}, line ")  # noqa: PT017 -- most contents are errors, some are files


@settings(deadline=None)
@given(st.lists(st.sampled_from(['msgid "a"', 'msgctxt "c"', 'msgstr "b"', '"d"', "#, fuzzy", "#~ msgid", "msgstr[0] \"x\"",
                                 'msgid_plural "p"', "#| msgid", "#~| x", "", "<<<<<<< HEAD", "#: a:b", "msgstr[9] \"x\""]),
                max_size=12))  # fmt: skip
def test_any_order_of_lines_is_segments_or_a_located_error(lines: list[str]) -> None:
    try:
        read("\n".join(lines))
    except FileFormatError as error:
        assert str(error).startswith(f"{FILE}, line ")  # noqa: PT017 -- some orders are files


def test_the_file_is_as_the_design_shows_it() -> None:
    assert written(a_draft()).decode() == (
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: bonds 2026-11-26\\n"\n'
        '"Language: pt_BR\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n'
        "\n"
        "#. origin: fxtranslate:0.5.0/en-pt@0b68f6f5\n"
        '#. finding: hedging warning "may" / -\n'
        "#, fuzzy\n"
        'msgctxt "post-41/studies/2"\n'
        'msgid "Loneliness may hurt."\n'
        'msgstr "A solidão pode ferir."\n'
    )


def test_a_locale_that_babel_does_not_know_has_a_file_too() -> None:
    assert b"nplurals=2" in po_bytes((), PoFile(), project="p", locale="qq")


def test_a_long_sentence_and_a_long_comment_stay_on_one_line() -> None:
    long = a_draft("Uma frase bem-feita e longa. " * 40)
    assert len(written(replace(long, findings=("x - y " * 60,))).splitlines()) == len(written(a_draft()).splitlines())


def test_who_edits_a_machines_words_becomes_their_origin() -> None:
    edited = written(a_draft()).replace(b"pode ferir", b"talvez fira")
    (segment,) = read(edited)
    assert (segment.origin, segment.state, segment.target) == ("human", "draft", "A solidão talvez fira.")


def test_clearing_the_flag_in_an_editor_approves_the_machines_words_as_they_are() -> None:
    (segment,) = read(written(a_draft()).replace(b"#, fuzzy\n", b""))
    assert (segment.origin, segment.state) == ("fxtranslate:0.5.0/en-pt", "approved")


def test_emptied_words_are_untranslated_whatever_the_flag_says() -> None:
    (segment,) = read(written(a_draft(" ")))
    assert (segment.state, segment.target, segment.origin) == ("untranslated", "", "")
    (segment,) = read('#. origin: memory@00000000\n#, fuzzy\nmsgctxt "k"\nmsgid "s"\nmsgstr ""\n')
    assert (segment.state, segment.target, segment.origin) == ("untranslated", "", "")


def test_words_that_nobody_approved_are_never_written_as_approved() -> None:
    wrong = replace(a_draft(), state="untranslated")
    assert read(written(wrong))[0].state == "draft"


def test_the_same_sentence_twice_keeps_both_translations() -> None:
    one = Segment(key="a/studies/1", source="Yes.", target="Sim.", state="approved", origin="human")
    two = Segment(key="b/studies/1", source="Yes.", target="É.", state="draft", origin="human")
    assert read(written(one, two)) == (one, two)


def test_a_percent_sign_is_no_placeholder_of_a_program() -> None:
    data = written(Segment(key="k", source="50% developed, {all} of %(them)s."))
    assert b"format" not in data


def test_a_segment_without_source_has_no_entry() -> None:
    assert read(written(Segment(key="k", source=""))) == ()


def test_comments_of_translators_and_old_entries_survive() -> None:
    before = read_po_file(
        FILE,
        b'# keep this\n#. origin: human\nmsgctxt "k"\nmsgid "s"\nmsgstr "t"\n\n#~ msgctxt "o"\n#~| msgid "x"\n'
        b'#~ msgid "old"\n#~ msgstr "velho"\n',
    )
    data = written(*before.segments, before=before)
    assert b'# keep this\n#. origin: human\nmsgctxt "k"' in data
    assert b'#~ msgctxt "o"\n#~ msgid "old"\n#~ msgstr "velho"' in data
    assert written(*before.segments, before=read_po_file(FILE, data)) == data


def test_a_persons_translation_that_is_not_needed_now_is_kept_and_a_machines_is_not() -> None:
    human = Segment(key="a/studies/1", source="Yes.", target="Sim.", state="draft", origin="human")
    machine = replace(human, key="b/studies/1", origin="memory")
    before = read_po_file(FILE, written(human, machine))
    data = written(before=before)
    assert read(data) == ()
    assert read_po_file(FILE, data).obsolete == (("a/studies/1", "Yes.", "Sim."),)
    again = written(human, before=read_po_file(FILE, data))
    assert b"#~" not in again


def test_a_changed_source_is_not_kept_twice() -> None:
    before = Segment(key="k", source="Old.", target="Velho.", state="approved", origin="human")
    after = replace(before, source="New.", state="needs_edit", previous_source="Old.")
    assert b"#~" not in written(after, before=read_po_file(FILE, written(before)))


def test_words_that_moved_to_another_sentence_are_not_kept_twice() -> None:
    before = Segment(key="a/studies/1", source="Yes.", target="Sim.", state="approved", origin="human")
    after = replace(before, key="a/studies/2")
    assert b"#~" not in written(after, before=read_po_file(FILE, written(before)))


def test_a_file_of_poedit_is_read() -> None:
    text = (
        '\ufeffmsgid ""\r\nmsgstr ""\r\n"Content-Type: text/plain; charset=UTF-8\\n"\r\n"X-Generator: Poedit 3.5\\n"\r\n'
        '"POT-Creation-Date: nonsense\\n"\r\n"Plural-Forms: nplurals=x\\n"\r\n\r\n'
        '#. origin: human\r\n#, fuzzy\r\n#| msgctxt "k"\r\n#| msgid ""\r\n#| "Loneliness \\"hurts\\" "\r\n#| "us."\r\n'
        'msgctxt "k"\r\nmsgid ""\r\n"Loneliness may "\r\n"hurt us."\r\nmsgstr "A solidão "\r\n"pode ferir."\r\n'
    )
    assert read(text) == (
        Segment(
            key="k",
            source="Loneliness may hurt us.",
            target="A solidão pode ferir.",
            state="needs_edit",
            origin="human",
            previous_source='Loneliness "hurts" us.',
        ),
    )


def test_the_encoding_that_the_header_names_is_read() -> None:
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=ISO-8859-1\\n"\n\nmsgid "s"\nmsgstr "solidão"\n'
    assert read(text.encode("latin-1"))[0].target == "solidão"


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b'msgid "a"\nmsgstr "b\n', 2, "text stands in quotes"),
        (b'msgid "a"\nmsgstr "b"c"\n', 2, "text stands in quotes"),
        (b'msgid "a"\nmsgstr "b\\"\n', 2, "text stands in quotes"),
        (b'msgid "a"\nmsgstr[x] "b"\n', 2, "msgstr[x] has no place here"),
        (b'msgid "a"\n\n<<<<<<< HEAD\nmsgstr "b"\n', 3, "not a valid PO file"),
        (b'"a"\n', 1, "not a valid PO file"),
        (b'msgid "a"\nmsgid "b"\nmsgstr "c"\n', 2, "msgid has no place here"),
        (b'msgid "a"\n# note\nmsgstr "c"\n', 1, "missing msgstr"),
        (b'msgid "a"\nmsgstr "b"\nmsgstr "c"\n', 3, "msgstr has no place here"),
        (b'#~ msgid "a"\nmsgstr "b"\n', 2, "msgstr has no place here"),
        (b'msgctxt "k"\n', 2, "ends after its msgctxt"),
        (b'msgstr "c"\nmsgid "a"\nmsgstr "b"\n', 1, "msgstr has no place here"),
        (b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n', 2, "no plurals"),
        (b'msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 4, "stands twice with different words"),
        (b'msgid "a"\nmsgstr "solid\xe3o"\n', 2, "not UTF-8"),
        (b'msgid ""\nmsgstr "charset=klingon\\n"\n', 1, "the header says 'klingon'"),
        (b'msgid ""\nmsgstr "charset=ascii\\n"\n# \xe3\n', 1, "the header says 'ascii'"),
    ],
)
def test_a_broken_entry_is_told_with_its_line(data: bytes, line: int, said: str) -> None:
    with pytest.raises(FileFormatError) as caught:
        read(data)
    assert str(caught.value).startswith(f"{FILE}, line {line}: ")
    assert said in str(caught.value)


def test_the_same_entry_twice_with_the_same_words_is_one() -> None:
    assert len(read('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "b"\n')) == 1


WEBLATE = """# SOME DESCRIPTIVE TITLE.
msgid ""
msgstr ""
"Project-Id-Version: bonds 2026-11-26\\n"
"Language: pt_BR\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"X-Generator: Weblate 5.14\\n"

#. origin: deepl@{mark}
#. glossary: 0a1b2c3d
#. finding: hedging warning "may" / -
#, fuzzy
#| msgid "Loneliness could hurt."
msgctxt "post-41/studies/2"
msgid ""
"Loneliness "
"may hurt."
msgstr ""
"A solidão pode "
"ferir."
"""


def test_a_machines_draft_survives_an_editor_that_wraps_lines() -> None:
    before = replace(
        a_draft(), origin="deepl", glossary="0a1b2c3d", state="needs_edit", previous_source="Loneliness could hurt."
    )
    mark = written(before).decode().partition("deepl@")[2][:8]

    assert read(WEBLATE.format(mark=mark)) == (before,)
    mended = (
        WEBLATE.format(mark=mark).replace('#, fuzzy\n#| msgid "Loneliness could hurt."\n', "").replace("ferir", "doer")
    )
    [approved] = read(mended)
    assert (approved.state, approved.origin, approved.target) == ("approved", "human", "A solidão pode doer.")
