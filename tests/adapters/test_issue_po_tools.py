"""The PO files of an issue in the hands of the programs that people edit them with: gettext's own, and Weblate's library."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.adapters.stores.issue_po import PoFile, po_bytes, read_po_file
from digest.models.segment import Segment
from po_examples import FILES
from po_tools import gettext, weblate

LONG = "a sentence that every editor breaks at its own width, as the preview of a mail would not, "
SEGMENTS = (
    Segment(key="post-41/title", source="Close ties", target="Laços próximos", state="approved", origin="human"),
    Segment(
        key="post-41/studies/1",
        source=f"“50 % of us”, says {LONG}(2010).",
        target=f"“50 % de nós”, diz {LONG}(2010).",
        state="draft",
        origin="deepl",
        glossary="0a1b2c3d",
        findings=('hedging warning "may" / -', 'numbers error "50 %" / "5 %"'),
    ),
    Segment(
        key="post-41/studies/2",
        source="Loneliness may hurt us.",
        target="A solidão pode ferir.",
        state="needs_edit",
        origin="fxtranslate:0.5.0/en-pt",
        previous_source=f'It "hurts": {LONG * 2}',
    ),
    Segment(key="post-41/studies/3", source="Not yet."),
    Segment(key="study-1/words/1", source="A\tb \\303 %(c)s {d}.", target="A\tb \\303 %(c)s {d}.", state="draft", origin="memory"),
    Segment(key="study-1/words/2", source="Not yet.", target="Ainda não.", state="draft", origin="parallel"),
)  # fmt: skip
BEFORE = read_po_file(
    "pt_BR.po",
    b'# Hers: keep this.\nmsgctxt "post-41/title"\nmsgid "Close ties"\nmsgstr "x"\n\n'
    b'#~ msgctxt "old/1"\n#~ msgid "Old"\n#~ msgstr "Velho"\n',
)


def written(place: Path, segments: tuple[Segment, ...] = SEGMENTS, before: PoFile = BEFORE) -> Path:
    file = place / "pt_BR.po"
    file.write_bytes(po_bytes(segments, before, project="bonds 2026-11-26", locale="pt_BR"))
    return file


def read(file: Path) -> PoFile:
    return read_po_file("pt_BR.po", file.read_bytes())


def by_key(file: Path) -> dict[str, Segment]:
    return {segment.key: segment for segment in read(file).segments}


ROUND_TRIPS: dict[str, Callable[[Path, Path], None]] = {
    "wrapped as Poedit wraps": lambda file, after: gettext("msgcat", "--width=79", f"-o{after}", str(file)),
    "wrapped narrowly": lambda file, after: gettext("msgcat", "--width=20", "--strict", f"-o{after}", str(file)),
    "not wrapped": lambda file, after: gettext("msgcat", "--no-wrap", f"-o{after}", str(file)),
    "letters as bytes": lambda file, after: gettext("msgcat", "--escape", f"-o{after}", str(file)),
    "another encoding": lambda file, after: gettext("msgconv", "--to-code=CP1252", f"-o{after}", str(file)),
    "merged with its own template": lambda file, after: gettext(
        "msgmerge", "--previous", "--quiet", f"-o{after}", str(file), str(file)
    ),
    "Weblate": weblate,
}


@pytest.mark.parametrize("way", ROUND_TRIPS)
def test_nothing_of_ours_is_lost_on_the_way_through_an_editor(way: str, tmp_path: Path) -> None:
    file, after = written(tmp_path), tmp_path / "after.po"
    ROUND_TRIPS[way](file, after)

    assert read(after).segments == SEGMENTS
    assert (read(after).notes, read(after).obsolete) == (read(file).notes, read(file).obsolete)
    # Written by us again it is the very file that it was.
    again = po_bytes(read(after).segments, read(after), project="bonds 2026-11-26", locale="pt_BR")
    assert again == file.read_bytes()


def test_another_order_changes_no_entry(tmp_path: Path) -> None:
    file, after = written(tmp_path), tmp_path / "after.po"
    gettext("msgcat", "--sort-output", f"-o{after}", str(file))
    assert by_key(after) == by_key(file)


def test_gettext_finds_no_fault_in_the_file(tmp_path: Path) -> None:
    gettext("msgfmt", "--check", "-o/dev/null", str(written(tmp_path)))


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(segments=FILES.filter(bool), width=st.sampled_from(["--width=30", "--no-wrap", "--escape"]))
def test_whatever_a_sentence_holds_comes_back_from_gettext(segments: list[Segment], width: str, tmp_path: Path) -> None:
    file, after = written(tmp_path, tuple(segments), PoFile()), tmp_path / "after.po"
    gettext("msgcat", width, f"-o{after}", str(file))
    assert read(after).segments == tuple(segments)


@pytest.mark.parametrize("note", ["#. finding: a path C:\\", "# her note \\", "# her note \\  "])
def test_a_comment_that_ends_with_a_backslash_does_not_swallow_the_flag_of_a_draft(note: str, tmp_path: Path) -> None:
    """GNU gettext takes such a line and the next for one: the draft would be approved in silence."""
    text = f'{note}\n#, fuzzy\nmsgctxt "k"\nmsgid "s"\nmsgstr "t"\n'
    before = read_po_file("pt_BR.po", text.encode())
    file, after = written(tmp_path, before.segments, before), tmp_path / "after.po"
    gettext("msgcat", f"-o{after}", str(file))
    assert [one.state for one in read(after).segments] == ["draft"]


def test_an_edit_in_weblate_is_hers_and_settles_its_entry_alone(tmp_path: Path) -> None:
    file, after = written(tmp_path), tmp_path / "after.po"
    edited = ("post-41/studies/1", "post-41/studies/2", "post-41/studies/3")
    weblate(file, after, *edited)

    now = by_key(after)
    assert {(now[key].state, now[key].target) for key in edited} == {("approved", "Palavras dela.")}
    assert [now[key].origin for key in edited] == ["human", "human", ""]
    assert all(now[key].previous_source is None for key in edited)
    assert {key: one for key, one in now.items() if key not in edited} == {
        one.key: one for one in SEGMENTS if one.key not in edited
    }


def test_a_draft_that_is_approved_as_it_is_keeps_its_maker(tmp_path: Path) -> None:
    file, after = written(tmp_path), tmp_path / "after.po"
    gettext("msgattrib", "--clear-fuzzy", "--clear-previous", f"-o{after}", str(file))
    approved = {
        one.key: replace(one, state="approved", previous_source=None) if one.target else one for one in SEGMENTS
    }
    assert by_key(after) == approved


def test_a_source_that_changed_asks_again_with_what_it_said_before(tmp_path: Path) -> None:
    file, after, template = written(tmp_path), tmp_path / "after.po", tmp_path / "new.pot"
    gettext("msgattrib", "--no-obsolete", "--clear-fuzzy", "--clear-previous", "--empty", f"-o{template}", str(file))
    template.write_bytes(template.read_bytes().replace(b'msgid "Close ties"', b'msgid "Close ties, long lives"'))
    gettext("msgmerge", "--previous", "--quiet", f"-o{after}", str(file), str(template))

    changed = by_key(after)["post-41/title"]
    assert (changed.state, changed.previous_source) == ("needs_edit", "Close ties")
    assert (changed.source, changed.target) == ("Close ties, long lives", "Laços próximos")
