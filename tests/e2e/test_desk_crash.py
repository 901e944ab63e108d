"""Killed in the middle of a save: the desk opens again, and every text is the old one or the new one."""

import os
import random
from pathlib import Path

import httpx
import pytest

from desk_folder import ISSUE, a_folder
from digest.adapters.stores.issue_files import AuthorFolder
from digest.desk.units import read_unit
from digest.models.issue import Issue
from digest.models.segment import Segment
from dying_desk import DyingDesk, dying_desks

KILLS = int(os.environ.get("DIGEST_CRASH_KILLS", "10"))
LONGEST_SAVE = 24
"""Roughly the number of steps of writing that a change of a source sentence takes; a larger one lets it finish."""
EDITED = (("pt_BR", "post-1/studies/1"), ("en", "post-1/studies/2"), ("pt_BR", "subject"), ("pt_BR", "post-2/title"))


def said(folder: Path) -> dict[tuple[str, str], str]:
    """(locale, key) -> words, of all files; a file that is no longer whole is an error."""
    issue, entries = words(folder)
    segments = {("pt_BR", one.key): one.target for one in entries if one.target}
    sources = {("en", key): read_unit(issue, (), "en", key).text for _, key in EDITED if key != "subject"}
    return segments | sources | {(locale, "subject"): text for locale, text in issue.subject}


def words(folder: Path) -> tuple[Issue, tuple[Segment, ...]]:
    """The issue and its Portuguese."""
    files = AuthorFolder(folder, several=False)
    issue = files.read_issue("bonds", ISSUE)
    assert issue is not None
    return issue, files.read_segments("bonds", ISSUE, "pt_BR")


def save(desk: DyingDesk, folder: Path, place: tuple[str, str], text: str) -> bool:
    """Whether the desk said that it was saved."""
    locale, key = place
    issue, entries = words(folder)
    seen = read_unit(issue, entries if locale == "pt_BR" else (), locale, key).mark
    base = desk.link.partition("/enter")[0]
    headers = {"Origin": base, "X-Desk": "1"}
    with httpx.Client(base_url=base, headers=headers, timeout=60, follow_redirects=True) as author:
        assert author.get(desk.link).status_code == 200
        form = {"locale": locale, "key": key, "seen": seen, "text": text}
        try:
            return author.post(f"/issues/{ISSUE}/edit", data=form).status_code == 204
        except httpx.TransportError:
            return False


@pytest.mark.no_cover
def test_killed_at_any_moment_of_a_save_no_word_is_lost_or_half(tmp_path: Path) -> None:
    randomness = random.Random(int(os.environ.get("DIGEST_CRASH_SEED", "20261126")))
    folder = a_folder(tmp_path)
    kills = 0
    with dying_desks() as desks:
        for number in range(KILLS):
            place, text = randomness.choice(EDITED), f"Palavras de número {number} — “ç”."
            before = said(folder)
            desk = desks.open(randomness.randint(1, LONGEST_SAVE), folder)
            saved = save(desk, folder, place, text)
            killed = desk.end() < 0
            kills += killed
            after = said(folder)
            assert saved != killed
            assert after.get(place) in ({text} if saved else {text, before.get(place)})
            assert {**after, place: ""} == {**before, place: ""}
        desk = desks.open(0, folder)
        assert save(desk, folder, EDITED[0], "Por fim, isto.")
        assert desk.end() == 0
    assert said(folder)[EDITED[0]] == "Por fim, isto."
    assert kills >= KILLS // 3, "too few saves were killed: the test proves nothing"
