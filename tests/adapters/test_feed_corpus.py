"""The corpus of feed shapes, read by the command a user would type, beside what it has to say (tests/golden/feeds)."""

import io
import json
import os
from pathlib import Path

import pytest

from digest.adapters.sources import dates
from digest.cli.main import main

TESTS = Path(__file__).resolve().parent.parent
FEEDS, GOLDEN = TESTS / "feeds", TESTS / "golden" / "feeds"
PAGES, GOLDEN_PAGES = TESTS / "pages", TESTS / "golden" / "pages"
NAMES = sorted(path.name for path in FEEDS.iterdir())


def inspected(kind: str, lines: list[dict[str, str]], capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    given = "\n".join(json.dumps(line) for line in lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        assert main(["inspect", kind, "--batch"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_shape_of_feed_says_what_its_golden_file_says(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"path": str(FEEDS / name), "url": "https://blog.example.org/feed"} for name in NAMES]

    shown = dict(zip(NAMES, inspected("feed", lines, capsys), strict=True))

    compare(shown, GOLDEN)


def test_every_platforms_page_gives_its_text_headings_and_facts_and_nothing_around_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = sorted(path.name for path in PAGES.iterdir())
    lines = [{"path": str(PAGES / name), "url": "https://blog.example.org/post"} for name in names]

    compare(dict(zip(names, inspected("page", lines, capsys), strict=True)), GOLDEN_PAGES)


def test_inspection_says_of_every_field_of_every_shape_where_it_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [{"path": str(FEEDS / name), "url": "https://blog.example.org/feed"} for name in NAMES]

    for name, feed in zip(NAMES, inspected("feed", lines, capsys), strict=True):
        entries = feed["entries"]
        assert isinstance(entries, list)
        for entry in entries:
            assert {field for field, value in entry.items() if value and field != "from"} == set(entry["from"]), name


def compare(shown: dict[str, dict[str, object]], folder: Path) -> None:
    for name, answer in shown.items():
        golden = folder / f"{name}.json"
        if os.environ.get("UPDATE_GOLDEN"):
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(json.dumps(answer, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        assert answer == json.loads(golden.read_text(encoding="utf-8")), name


FORMS = {
    "2026-11-19T08:00:00+00:00": """
        Thu, 19 Nov 2026 08:00:00 GMT|Thu, 19 Nov 2026 09:00:00 +0100|19 Nov 2026 05:00:00 -0300|Thu, 19 Nov 26 03:00:00 EST
        Thu, 19 Nov 2026 08:00 Z|Thursday, 19-Nov-26 08:00:00 GMT|Thu Nov 19 08:00:00 2026|Thu Nov 19 03:00:00 EST 2026
        Thu, 19 November 2026 10:00:00 CEST|Thu, Nov 19 2026 00:00:00 PST|2026-11-19T08:00:00Z|2026-11-19T05:00:00.123456-03:00
        2026-11-19T13:30:00,5+0530|2026-11-19 08:00:00|2026-11-19 05:00:00 -0300|2026-11-19 08:00:00 UTC|2026/11/19 08:00
        20261119T080000Z|20261119080000|2026-11-19T08:00|2026-11-19T05:00:00-03|Thu, 19 Nov 2026  08:00:00 +0000 (UTC)
        Nov 19th, 2026 at 8:00 am|11/19/2026 8:00:00 AM|qui, 19 nov 2026 05:00:00 BRT|Thu, 19 Nov 2026 06:00:00 BRST
        19 de novembro de 2026 às 08h00|quinta-feira, 19 de novembro de 2026, 8:00|Donnerstag, 19. November 2026 09:00:00 MEZ
        1795075200|1795075200000|Thu, 19 Nov 2026 8:0:00 GMT""",
    "2026-11-19T00:00:00+00:00": """
        2026-11-19|2026.11.19|20261119|2026-W47-4|2026-323|19/11/2026|11/19/2026|19.11.2026|November 19, 2026|2026 Nov 19
        19 de novembro de 2026|19 novembre 2026|19 nov. 2026|Wed, 18 Nov 2026 24:00:00 GMT""",
    "2026-03-01T00:00:00+00:00": "1º de março de 2026|1er mars 2026|1. März 2026|March 2026|2026-03|2026-3-1",
}


@pytest.mark.parametrize("moment", FORMS)
def test_dates_in_forty_forms_and_seven_languages(moment: str) -> None:
    for line in FORMS[moment].strip().splitlines():
        for text in line.strip().split("|"):
            found = dates.from_text(text)
            assert found is not None, text
            assert found.isoformat() == moment, text


@pytest.mark.parametrize(("language", "moment"), [("pt-BR", 3), ("en-GB", 3), ("en", 4), ("", 4)])
def test_the_language_decides_which_number_is_the_month(language: str, moment: int) -> None:
    found = dates.from_text("4/3/2026", language)

    assert found is not None
    assert found.month == moment


@pytest.mark.parametrize(
    "text", ["Thu, 01 Jan 1970 00:00:00 GMT", "0000-00-00", "yesterday", "", "2026-02-30", "99/99/2026"]
)
def test_what_is_no_date_stays_missing(text: str) -> None:
    assert dates.from_text(text) is None
