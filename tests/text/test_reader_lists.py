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
        ("email,name,status\na@example.org,Ana,Spam complaint\n", "complained"),
        ("Email;Situação;Descadastrado em\na@example.org;Marcou como spam;2026-01-02\n", "complained"),
        ("Email,Type\na@example.org,regular\n", "active"),
        ("email,subscribed_to_emails\na@example.org,false\n", "left"),
        ("Email,Type\na@example.org,premium\n", "active"),
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


MAILCHIMP = "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,TIMEZONE"
SUBSTACK = "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at"
GHOST = (
    "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers"
)
GOOGLE = "First Name,Middle Name,Last Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Value"


@pytest.mark.parametrize(
    ("file", "text", "states"),
    [
        # A reader who pays nothing is a reader; `email_disabled` is who left.
        (
            "email_list.laços.csv",
            f"{SUBSTACK}\na@example.org,false,,other,false,,\nb@example.org,true,,yearly,false,,\nc@example.org,false,,,true,,\n",
            ["active", "active", "left"],
        ),
        ("subscribed_members_export_1.csv", f"{MAILCHIMP}\na@example.org,Ana,E,3,,,\n", ["active"]),
        (
            "who-left.csv",
            f"{MAILCHIMP},UNSUB_TIME,UNSUB_REASON\na@example.org,Ana,E,3,,,,2025-02-01 09:00:00,N/A\n",
            ["left"],
        ),
        ("bounced.csv", f"{MAILCHIMP},CLEAN_TIME\na@example.org,Ana,E,3,,,,2025-02-01 09:00:00\n", ["left"]),
        ("unsubscribed_email_audience_export_1.csv", f"{MAILCHIMP}\na@example.org,Ana,E,3,,,\n", ["left"]),
        ("cleaned_members_export_1.csv", f"{MAILCHIMP}\na@example.org,Ana,E,3,,,\n", ["left"]),
        ("nonsubscribed_members_export_1.csv", f"{MAILCHIMP}\na@example.org,Ana,E,3,,,\n", ["unknown"]),
        (
            "members.csv",
            f"{GHOST}\n1,a@example.org,,,true\n2,b@example.org,,,false\n3,c@example.org,,,true,,,,2025-01-15T10:00:00.000Z\n",
            ["active", "left", "left"],
        ),
        ("contacts.csv", f"{GOOGLE}\nAna,,E,,* Friends,* Home,a@example.org ::: b@example.org,\n", ["active"]),
        ("brevo.csv", "CONTACT ID;EMAIL;FIRSTNAME;EMAIL_BLACKLISTED\n1;a@example.org;Ana;1\n2;b@example.org;Bo;0\n",
         ["left", "active"]),
        ("mailerlite.csv", "Subscriber,Name,Subscribed,Unsubscribed\na@example.org,Ana,2025-01-01,-\n", ["active"]),
        ("kit.csv", "id,first_name,email,status\n1,Ana,a@example.org,cancelled\n2,Bo,b@example.org,bounced\n",
         ["left", "left"]),
        ("lista.csv", "sep=;\nNome;Sobrenome;E-mail;Situação\nAna;E;a@example.org;Inscrita\n", ["active"]),
    ],
)  # fmt: skip
def test_the_exports_of_common_tools_say_who_left_and_who_gets_mail(file: str, text: str, states: list[str]) -> None:
    rows = read_list(text.encode(), file=file).rows
    assert [row.state for row in rows] == states
    assert [row.values["email"] for row in rows] == ["a@example.org", "b@example.org", "c@example.org"][: len(rows)]


def test_the_moments_of_consent_are_those_that_the_tool_wrote() -> None:
    values, _ = one(f"{MAILCHIMP}\na@example.org,Ana,E,3,2025-01-01 08:00:00,2025-01-02 09:00:00,\n")
    assert (values["consent_asked_at"], values["consent_at"]) == ("2025-01-01T08:00:00", "2025-01-02T09:00:00")
    assert one("email,created_at\na@example.org,2025-01-02 09:00:00 UTC\n")[0]["consent_at"].endswith("+00:00")


def test_another_tools_date_that_may_mean_two_days_proves_nothing_and_loses_nobody() -> None:
    values, state = one("email,created_at\na@example.org,02/03/2025\n")
    assert ("consent_at" in values, state) == (False, "active")
    assert one("email,consent_at\na@example.org,soon\n")[0]["consent_at"] == "soon"


@pytest.mark.parametrize(
    "text",
    [
        "email,First Name,Last Name\na@example.org,Ana,Example\n",
        "E-mail;Nome;Sobrenome\na@example.org;Ana;Example\n",
        "email,Name,First Name,Last Name\na@example.org,Ana Example,Ana,Example\n",
        "email,Name,Last Name\na@example.org,Ana Example,Example\n",
    ],
)
def test_names_in_two_columns_become_one(text: str) -> None:
    assert one(text)[0]["name"] == "Ana Example"


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
