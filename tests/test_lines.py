"""Very many lines: the same as a list of them, without its memory."""

import secrets
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from digest.adapters.stores.record_json import decode_record, encode_record
from digest.models.lines import Lines
from digest.models.report import StageReport


def line(number: int) -> str:
    return f"blog{number // 30}.example.org/feed: new: “What is said in post {number} of many” (post-{number}-a1b2c3)"


@given(st.lists(st.text(st.characters(codec=None)), max_size=5), st.integers(0, 3))
def test_whatever_is_put_in_comes_out(lines: list[str], times: int) -> None:
    many = [*lines, *map(line, range(1_000 * times))]
    packed = Lines(many)

    assert packed == many
    assert list(packed) == many
    assert len(packed) == len(many)
    assert hash(packed) == hash(Lines(many))
    assert packed != [*many, "one more"]
    assert repr(Lines(lines)) == f"Lines({lines!r})"


def test_a_line_is_found_by_its_number() -> None:
    packed = Lines(map(line, range(2_500)))

    assert [packed[number] for number in (0, 999, 1_000, 2_400, -1)] == [
        line(number) for number in (0, 999, 1_000, 2_400, 2_499)
    ]
    assert packed[998:1_002] == tuple(map(line, range(998, 1_002)))


def test_more_lines_take_no_more_memory() -> None:
    tracemalloc.start()
    packed, kept = Lines(), list[int]()
    for number in range(60_000):
        packed.add([line(number) + secrets.token_hex(30)])
        if number % 30_000 == 29_999:
            kept.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()

    assert kept[1] - kept[0] < 100_000
    assert kept[1] < 2_000_000


def test_lines_that_lie_in_a_file_come_back_in_any_order() -> None:
    packed = Lines(secrets.token_hex(100) for _ in range(12_000))

    lines = list(packed)
    assert [packed[number] for number in (11_500, 3, 9_999)] == [lines[number] for number in (11_500, 3, 9_999)]
    packed.add(["one more"])
    assert list(packed) == [*lines, "one more"]


def test_a_report_with_them_is_stored_as_any_other() -> None:
    report = StageReport(stage="collect", made=Lines(map(line, range(1_001))))

    assert decode_record(StageReport, encode_record(report)) == report
