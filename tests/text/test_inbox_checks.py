"""The inbox row of an edition: subject and first line."""

import pytest

from digest.models.edition import RenderedEdition
from digest.text.inbox_checks import inbox_findings

SUBJECT = "Laços: vínculos próximos e vidas longas"
LINE = "Também nesta edição: morar longe sem perder o chão"


def said(subject: str = SUBJECT, preheader: str = LINE) -> list[tuple[str, str, str]]:
    edition = RenderedEdition(locale="pt_BR", audience="brazil", subject=subject, preheader=preheader, html="", text="")
    return [(one.check, one.severity, one.where) for one in inbox_findings(edition)]


def test_a_good_row_has_no_finding() -> None:
    assert said() == []


@pytest.mark.parametrize("subject", ["", " \n"])
def test_an_empty_subject_is_an_error(subject: str) -> None:
    assert ("subject", "error", "pt_BR.brazil") in said(subject=subject)


def test_a_subject_that_inboxes_cut_is_a_warning() -> None:
    assert said(subject="é" * 78) == []
    assert said(subject="é" * 79) == [("subject", "warning", "pt_BR.brazil")]


def test_an_empty_first_line_is_an_error() -> None:
    assert said(preheader=" ") == [("preheader", "error", "pt_BR.brazil")]


@pytest.mark.parametrize("line", [SUBJECT, SUBJECT.upper(), "Vínculos próximos", f"{SUBJECT}, e mais"])
def test_a_first_line_that_repeats_the_subject_is_a_warning(line: str) -> None:
    assert said(preheader=line) == [("preheader", "warning", "pt_BR.brazil")]


@pytest.mark.parametrize(("length", "fits"), [(29, False), (30, True), (100, True), (101, False)])
def test_a_first_line_has_a_length_that_inboxes_show(length: int, fits: bool) -> None:  # noqa: FBT001  a table
    assert said(preheader="x" * length) == ([] if fits else [("preheader", "warning", "pt_BR.brazil")])
