"""Approval: exactly these bytes, by somebody who may, with nothing open."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from digest.errors import NotApprovedError
from digest.models.edition import Approval, RenderedEdition
from digest.models.segment import Finding, Segment
from digest.stages.review import Review, approve, approved_segments, fingerprints, narrowed, review

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def edition(locale: str = "en", html: str = "<p>Hello</p>") -> RenderedEdition:
    """A small edition."""
    return RenderedEdition(locale=locale, subject="Bonds", preheader="Hello", html=html, text="Hello\n")


ERROR = Finding(check="untranslated", severity="error", message="This sentence has no translation yet.")


def approval_of(*editions: RenderedEdition) -> Approval:
    """An approval of these bytes."""
    marks = fingerprints(editions)
    return Approval(
        issue_id="2026-11-26", approved_by="a@example.org", approved_at=NOW, how="command", fingerprints=marks
    )


@pytest.mark.parametrize(
    ("files", "fresh", "findings", "approval", "expected"),
    [
        ((), (edition(),), (), None, "not_rendered"),
        ((edition(),), (edition(html="<p>Mended</p>"),), (), None, "changed"),
        ((edition(),), (edition(),), (ERROR,), None, "blocked"),
        ((edition(),), (edition(),), (), None, "ready"),
        ((edition(),), (edition(),), (), approval_of(edition()), "approved"),
        ((edition(),), (edition(),), (), approval_of(edition(html="<p>Other</p>")), "ready"),
        ((edition(html="<p>X</p>"),), (edition(),), (), approval_of(edition()), "changed"),
        ((edition(), edition("pt_BR")), (edition(), edition("pt_BR")), (), approval_of(edition()), "ready"),
    ],
)
def test_the_state_follows_from_files_words_findings_and_approval(
    files: tuple[RenderedEdition, ...],
    fresh: tuple[RenderedEdition, ...],
    findings: tuple[Finding, ...],
    approval: Approval | None,
    expected: str,
) -> None:
    assert review(files, fresh, findings, approval).state == expected


def approved(reviewed: Review, by: str = "a@example.org", shown: str | None = None) -> Approval:
    """Approve one edition."""
    return approve(
        "2026-11-26",
        (edition(),),
        reviewed,
        approved_by=by,
        approvers=("A@example.org",),
        how="command",
        now=NOW,
        shown=shown,
    )


def test_an_approval_holds_the_fingerprint_of_each_edition() -> None:
    assert approved(Review(state="ready")).fingerprints == (("en", edition().fingerprint),)


@pytest.mark.parametrize(
    ("reviewed", "by", "shown"),
    [
        (Review(state="ready"), "stranger@example.org", None),
        (Review(state="ready"), "", None),
        (Review(state="not_rendered"), "a@example.org", None),
        (Review(state="changed"), "a@example.org", None),
        (Review(state="blocked", blocks=(ERROR,)), "a@example.org", None),
        (Review(state="ready"), "a@example.org", "0000"),
    ],
)
def test_everything_else_is_refused(reviewed: Review, by: str, shown: str | None) -> None:
    with pytest.raises(NotApprovedError):
        approved(reviewed, by, shown)


def test_what_she_saw_is_checked_by_the_start_of_its_fingerprint() -> None:
    assert approved(Review(state="ready"), shown=edition().fingerprint[:12].upper()).how == "command"


def test_approving_clears_the_drafts_that_were_shown_and_only_those() -> None:
    shown = Segment(key="a/studies/1", source="One.", target="Um.", state="draft", origin="parallel")
    gone = Segment(key="a/studies/2", source="Two.", target="Dois.", state="draft", origin="memory")
    empty = Segment(key="a/studies/3", source="Three.")
    needed = {"a/studies/1": "One.", "a/studies/3": "Three."}
    states = [segment.state for segment in approved_segments((shown, gone, empty), needed)]
    assert states == ["approved", "draft", "untranslated"]


def test_a_second_language_keeps_since_when_the_first_is_approved_while_its_bytes_stay() -> None:
    english, portuguese = edition(), edition("pt_BR")
    first = approval_of(english)
    later = replace(approval_of(english, portuguese), approved_at=NOW + timedelta(days=1))
    both = narrowed(later, ("pt_BR",), first)
    mended = narrowed(replace(later, fingerprints=fingerprints((edition(html="<p>Mended</p>"), portuguese))), (), first)

    assert (both.fingerprints, both.first_at) == (fingerprints((english, portuguese)), NOW)
    assert narrowed(replace(both, approved_at=NOW + timedelta(days=2)), (), both).first_at == NOW
    assert (len(mended.fingerprints), mended.first_at) == (2, NOW + timedelta(days=1))


def test_one_byte_more_is_another_fingerprint() -> None:
    assert edition().fingerprint != edition(html="<p>Hello</p> ").fingerprint
    assert len({edition().fingerprint, edition("pt_BR").fingerprint}) == 1
