"""Every WorkStore remembers records and decisions, by newsletter."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import work_records as records
from digest.adapters.sources import crossref_work
from digest.adapters.stores.database import open_database
from digest.adapters.stores.work_shelf import SqlWorkStore
from digest.models.article import CitationDecision
from digest.models.work import Notice, SeenNotice
from digest.ports import WorkStore
from fakes_works import FakeWorkStore

WORK = crossref_work.works_of([records.crossref()], records.AT)[0]


@pytest.fixture(params=["fake", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WorkStore]:
    if request.param == "fake":
        yield FakeWorkStore()
        return
    engine = open_database(str(tmp_path / "state.db"), "state")
    yield SqlWorkStore(engine)
    engine.dispose()


def test_a_record_comes_back_whole_and_a_later_one_replaces_it(store: WorkStore) -> None:
    store.save_works("bonds", [WORK, replace(WORK, doi=None)])
    assert store.works("bonds") == (WORK,)
    assert store.works("other") == ()

    later = replace(WORK, journal="Another Journal")
    store.save_works("bonds", [later])
    assert store.works("bonds") == (later,)


def test_when_a_notice_was_first_seen_stays_whatever_is_stored_later(store: WorkStore) -> None:
    corrected = replace(WORK, notices=(Notice(kind="correction", doi="10.5555/c", date="", source="crossref"),))
    store.save_works("bonds", [corrected])
    store.save_works("bonds", [replace(corrected, notices_checked_at=records.AT + timedelta(days=7))])
    store.save_works("bonds", [WORK])
    [work] = store.works("bonds")
    assert work.notices == ()
    assert work.notices_seen == (SeenNotice(kind="correction", doi="10.5555/c", at=records.AT),)


def test_a_decision_comes_back_and_a_later_one_replaces_it(store: WorkStore) -> None:
    moment = datetime(2026, 11, 25, 9, tzinfo=UTC)
    decision = CitationDecision(newsletter_id="bonds", key="ties 2010", doi="10.5555/ties", decided_at=moment)
    store.save_decision(decision)
    none_of_them = replace(decision, doi=None)
    store.save_decision(none_of_them)

    assert store.decisions("bonds") == (none_of_them,)
    assert store.decisions("other") == ()
