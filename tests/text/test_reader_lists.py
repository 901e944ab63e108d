"""Lists of readers: what other tools write is understood, and whatever the file, the answer is rows or one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.errors import FileFormatError
from digest.text.reader_lists import read_list, write_list


def one(text: str, encoding: str = "utf-8") -> tuple[dict[str, str], str]:
    (row,) = read_list(text.encode(encoding), file="list.csv").rows
    return dict(row.values), row.state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Email Address,Status\na@example.org,Subscribed\n", "active"),
        ("email,name,status\na@example.org,Ana,enabled\n", "active"),
        ("email,name,status\na@example.org,Ana,blocklisted\n", "left"),
        ("Email,Type\na@example.org,regular\n", "active"),
        ("email,subscribed_to_emails\na@example.org,false\n", "left"),
        ("Email,active_subscription\na@example.org,true\n", "active"),
        ("EMAIL;FIRSTNAME;BLACKLISTED\na@example.org;Ana;Yes\n", "left"),
        ("EMAIL;FIRSTNAME;BLACKLISTED\na@example.org;Ana;No\n", "active"),
        ("E-mail\tSituação\na@example.org\tdescadastrada\n", "left"),
        ("email\na@example.org\n", "active"),
        ("email,status\na@example.org,on holiday\n", "unknown"),
    ],
)
def test_the_state_of_a_row_is_told_as_its_tool_writes_it(text: str, state: str) -> None:
    values, found = one(text)
    assert (values["email"], found) == ("a@example.org", state)


def test_names_in_two_columns_become_one() -> None:
    assert one("email,First Name,Last Name\na@example.org,Ana,Example\n")[0]["name"] == "Ana Example"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheet_may_be_saved_in_any_of_its_encodings(encoding: str) -> None:
    assert one("Endereço de e-mail;Nome\r\na@example.org;José\r\n", encoding)[0]["name"] == "José"


def test_columns_that_mean_nothing_to_us_are_named() -> None:
    found = read_list(b"email,Rating,\na@example.org,5,\n", file="list.csv")
    assert found.ignored == ("Rating",)
    assert found.understood == (("email", "email"),)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"name\nAna\n", b'email\n"a@example.org\n', b"\xff\xfe"])
def test_what_is_no_list_is_one_sentence_with_the_file(data: bytes) -> None:
    with pytest.raises(FileFormatError, match=r"list\.csv"):
        read_list(data, file="list.csv")


@given(st.binary(max_size=400))
def test_whatever_the_bytes_the_answer_is_rows_or_an_expected_error(data: bytes) -> None:
    for content in (data, b"email,name,status\n" + data):
        try:
            found = read_list(content, file="list.csv")
        except FileFormatError:
            continue
        assert all(row.line >= 1 for row in found.rows)


cells = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(cells.filter(lambda name: not name.startswith("'")))
def test_what_is_written_is_read_back_and_runs_no_formula(name: str) -> None:
    text = write_list([{"email": "a@example.org", "name": name}], ("email", "name"))
    assert one(text)[0].get("name", "") == name
    assert not text.splitlines()[1].partition(",")[2].startswith(("=", "+", "-", "@"))
