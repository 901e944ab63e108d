"""The file beside a SQLite database that says what a run was about to do."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.adapters.stores.marking import clean_reply
from digest.adapters.stores.sending_notes import Note, SendingNotes, notes_file
from digest.errors import StateConflictError, StorageError
from full_disk import files_of_at_most

IDS = st.text("0123456789abcdef", min_size=1, max_size=16)
STATES = st.sampled_from(["handing", "sent", "failed", "planned", "uncertain"])
MOMENTS = st.integers(min_value=0, max_value=2**45)
NOTES = st.tuples(st.just("bonds"), st.just("2026-11-26"), IDS, STATES, MOMENTS, st.text().map(clean_reply))
TURNS = st.lists(st.lists(NOTES, min_size=1, max_size=3), max_size=6)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Name a database; its notes do not look into it."""
    return tmp_path / "people.db"


@pytest.fixture
def notes(database: Path) -> Iterator[SendingNotes]:
    """Give the notes of a run that has begun."""
    with closing(SendingNotes(database, full_sync=False)) as found:
        found.begin("run1")
        yield found


def note(reader: str, state: str = "handing", reply: str = "") -> Note:
    return "bonds", "2026-11-26", reader, state, 1_764_150_000_000, reply


def written(database: Path) -> bytes:
    """What is in the file, without the room that is left in it."""
    return notes_file(database).read_bytes().rstrip(b"\0")


def next_run(database: Path) -> SendingNotes:
    return SendingNotes(database, full_sync=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS, cut=st.integers(min_value=0, max_value=400))
def test_the_next_run_reads_what_was_noted_up_to_the_death(database: Path, turns: list[list[Note]], cut: int) -> None:
    with closing(SendingNotes(database, full_sync=False)) as dying:
        dying.begin("run1")
        begun = len(written(database))
        for turn in turns:
            dying.add(turn)
    whole = written(database)
    notes_file(database).write_bytes(whole[: max(begun, len(whole) - cut)])
    left = next_run(database).take_over()
    everything = [one for turn in turns for one in turn]
    assert left.run_id == "run1"
    assert list(left.notes) == everything[: len(left.notes)]
    assert cut or len(left.notes) == len(everything)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(turns=TURNS, last=st.lists(NOTES, min_size=1, max_size=3), data=st.data())
def test_a_note_that_was_half_written_is_none(
    database: Path, turns: list[list[Note]], last: list[Note], data: st.DataObject
) -> None:
    with closing(SendingNotes(database, full_sync=False)) as dying:
        dying.begin("run1")
        for turn in turns:
            dying.add(turn)
        before = len(written(database))
        dying.add(last)
    whole = bytearray(written(database))
    begin = data.draw(st.integers(before, len(whole) - 1))
    end = data.draw(st.integers(begin + 1, len(whole)))
    whole[begin:end] = bytes(end - begin)
    notes_file(database).write_bytes(whole)
    earlier = [one for turn in turns for one in turn]
    left = list(next_run(database).take_over().notes)
    assert left == [*earlier, *last][: len(left)]
    assert len(earlier) <= len(left) < len(earlier) + len(last)


def test_a_server_with_much_to_say_gets_the_room_for_it(database: Path, notes: SendingNotes) -> None:
    said = [note(f"r{number}", "sent", "é" * 500) for number in range(150)]
    for start in range(0, len(said), 3):
        notes.add(said[start : start + 3])
    assert list(next_run(database).take_over().notes) == said


def test_a_full_disk_is_said_and_what_was_noted_stays(database: Path, notes: SendingNotes) -> None:
    said = [note(f"r{number}", "sent", "é" * 500) for number in range(40)]
    notes.add(said)
    full_at = notes_file(database).stat().st_size + 1_000
    with files_of_at_most(full_at), pytest.raises(StorageError, match="disk"):
        notes.add([note(f"s{number}", "sent", "é" * 500) for number in range(60)])
    assert next_run(database).take_over().notes == said


def test_a_disk_without_room_for_notes_is_said_before_the_first_mail(database: Path) -> None:
    notes = SendingNotes(database, full_sync=False)
    with closing(notes), files_of_at_most(1_000), pytest.raises(StorageError, match="disk"):
        notes.begin("run1")


def test_what_the_rows_know_is_not_noted_twice(database: Path, notes: SendingNotes) -> None:
    notes.add([note("r1")])
    notes.clear()
    notes.add([note("r2")])
    assert next_run(database).take_over().notes == [note("r2")]


def test_notes_that_were_taken_over_stay_until_the_next_run_has_its_own(database: Path, notes: SendingNotes) -> None:
    notes.add([note("r1")])
    assert next_run(database).take_over() == next_run(database).take_over()
    with closing(next_run(database)) as following:
        following.take_over()
        following.begin("run2")
    left = next_run(database).take_over()
    assert (left.run_id, left.notes) == ("run2", [])


def test_a_run_that_lost_its_lock_learns_it_from_its_next_note(database: Path, notes: SendingNotes) -> None:
    with closing(next_run(database)) as following:
        following.take_over()
        with pytest.raises(StateConflictError):
            notes.add([note("r1")])
        following.begin("run2")
        with pytest.raises(StateConflictError):
            notes.add([note("r1")])
        notes.end()
        following.add([note("r2")])
    assert next_run(database).take_over().notes == [note("r2")]


@pytest.mark.parametrize("damage", [b"\xff\xfe\n", b"bonds\tno more\n", b"a\tb\tc\tsent\tnever\t250 ok\n"])
def test_damaged_notes_say_nothing(database: Path, notes: SendingNotes, damage: bytes) -> None:
    notes.add([note("r1")])
    notes_file(database).write_bytes(written(database) + damage + b"bonds\t2026-11-26\tr2\tsent\t0\t\n")
    left = next_run(database).take_over()
    assert (left.run_id, left.notes) == ("", ())


def test_nothing_is_left_of_a_run_that_ended(database: Path, notes: SendingNotes) -> None:
    notes.add([note("r1")])
    notes.end()
    assert list(database.parent.iterdir()) == []


def test_a_file_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "people.db.sending"
    folder.mkdir()
    with closing(SendingNotes(tmp_path / "people.db", full_sync=False)) as notes, pytest.raises(StorageError):
        notes.begin("run1")
