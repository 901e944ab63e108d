"""Addresses and DOIs as keys."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.works.identity import article_names, dois_in, normalise_doi, public_url, url_key


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a/b?x=1&y=2",
        "http://example.org/a/b?x=1&y=2",
        "HTTPS://EXAMPLE.ORG:443/a/b?x=1&y=2",
        "http://example.org:80/a/./c/../b/?y=2&x=1",
        "https://example.org/a/b?x=1&y=2#part",
        "https://user:secret@example.org/a/b?x=1&y=2",
        "https://example.org/a/b?utm_source=feed&x=1&utm_medium=rss&y=2&fbclid=abc",
        "https://example.org/%61/b?y=2&x=1",
        " https://example.org./a//b?x=1&y=2\n",
    ],
)
def test_spellings_of_one_address_are_one_key(url: str) -> None:
    assert url_key(url) in {"example.org/a/b?x=1&y=2", "example.org/a//b?x=1&y=2"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.org/a", "https://example.org/b"),
        ("https://example.org/a", "https://example.org/A"),
        ("https://example.org/?p=1", "https://example.org/?p=2"),
        ("https://example.org/x?ref=chapter2", "https://example.org/x?ref=chapter3"),
        ("https://example.org/#!/one", "https://example.org/#!/two"),
        ("https://example.org:8080/", "https://example.org/"),
        ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "javascript:x()", "http://[::1", "mailto:a@example.org", "a/b"]
)
def test_what_is_no_web_address_has_no_key(url: str) -> None:
    assert url_key(url) == ""


def test_parameters_that_change_at_every_fetch_do_not_count() -> None:
    one, other = (f"https://pubmed.ncbi.nlm.nih.gov/25910392/?ff={n}&v=2.{n}" for n in (1, 2))

    assert url_key(one) == url_key(other) == "pubmed.ncbi.nlm.nih.gov/25910392"


def test_hosts_with_accents_are_one_in_both_spellings() -> None:
    assert url_key("https://laços.example.org/") == url_key("https://xn--laos-1oa.example.org/")


@given(st.text(max_size=80))
def test_a_key_is_made_of_anything_and_is_its_own_key(text: str) -> None:
    key = url_key(f"https://example.org/{text}")

    assert url_key(f"https://{key}") == key
    assert isinstance(url_key(text), str)
    assert isinstance(public_url(text), str)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ana:hunter2@example.org/feed?key=secret#x", "example.org/feed"),
        ("http://127.0.0.1:8731/", "127.0.0.1:8731"),
        ("", "an empty address"),
        ("http://[::1", "an address that can not be read"),
    ],
)
def test_messages_show_host_and_path_alone(url: str, shown: str) -> None:
    assert public_url(url) == shown


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1111/FAMP.12229", "10.1111/famp.12229"),
        ("doi: 10.1111/famp.12229.", "10.1111/famp.12229"),
        ("https://doi.org/10.1111/famp.12229?utm_source=x#y", "10.1111/famp.12229"),
        ("https://doi.org/10.1111%2Ffamp.12229", "10.1111/famp.12229"),
        ("10.1016/S0140-6736(99)02018-8).", "10.1016/s0140-6736(99)02018-8"),
        ("(10.1371/journal.pone.0079314)", "10.1371/journal.pone.0079314"),
        ("10.1002/(SICI)1097-0142(1999)1:1<1::AID>3", "10.1002/(sici)1097-0142(1999)1:1"),
        ("10.12/too-short", None),
        ("version 10.4 of 2020/21", None),
        ("10.1111/", None),
        ("10.1111/.,;", None),
        ("", None),
    ],
)
def test_a_doi_is_found_and_spelled_in_one_way(text: str, doi: str | None) -> None:
    assert normalise_doi(text) == doi


@given(st.text(max_size=120), st.from_regex(r"10\.[1-9][0-9]{3}/[a-z0-9]{1,12}", fullmatch=True))
def test_a_doi_in_prose_is_found_whatever_is_around_it(text: str, doi: str) -> None:
    assert doi in dois_in(f"{text} {doi}, and more")
    assert normalise_doi(f"https://doi.org/{doi}") == doi
    for found in dois_in(text):
        assert normalise_doi(found) == found


def test_a_clean_guid_is_the_best_name_and_anything_else_is_title_and_digits() -> None:
    own, *others = article_names("bonds-41", "Title", "x")
    assert own == "bonds-41"
    assert all(longer.startswith("title-") and longer.startswith(name) for name, longer in pairwise(others))
    assert article_names("", "…", "x")[0].startswith("article-")


@given(st.text(max_size=60), st.text(max_size=60))
def test_names_are_safe_for_files_and_keys(guid: str, title: str) -> None:
    for name in article_names(guid, title, guid + title):
        assert 0 < len(name) <= 105
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
