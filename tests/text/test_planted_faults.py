"""Planted faults are caught at least as often as promised, and good pairs are left alone, in both directions."""

from pathlib import Path
from random import Random

import pytest

from digest.models.segment import Finding
from digest.text.findings import finding_line
from digest.text.glossary import read_glossary
from digest.text.pair_checks import check_pair
from planted_faults import FAULTS, TextPair

HERE = Path(__file__).resolve().parent
GLOSSARY = read_glossary("planted_glossary.csv", (HERE / "planted_glossary.csv").read_bytes())
LINES = (HERE / "good_pairs.tsv").read_text(encoding="utf-8").splitlines()
INTO_PORTUGUESE = [
    TextPair(source=line.split("\t")[0], target=line.split("\t")[1], source_lang="en", target_lang="pt_BR")
    for line in LINES
]
PAIRS = [*INTO_PORTUGUESE, *(pair.turned for pair in INTO_PORTUGUESE)]
AT_LEAST = {
    "separators_swapped": 0.9,
    "separator_lost": 0.7,
    "percent_lost": 0.9,
    "negation_lost": 0.85,
    "negation_added": 0.85,
    "association_to_cause": 0.85,
    "half_translated": 0.9,
    "hedge_lost": 0.85,
    "truncated": 0.9,
    "third_language": 0.95,
}
"""Share of planted faults; every fault that is not listed is always caught."""


def findings(pair: TextPair) -> dict[str, Finding]:
    found = check_pair(pair.source, pair.target, pair.source_lang, pair.target_lang, GLOSSARY)
    return {finding_line(one, pair.source, pair.target): one for one in found}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_caught(name: str) -> None:
    caught = []
    for number, pair in enumerate(PAIRS):
        faulty = FAULTS[name](pair, Random(f"{name} {number}"))
        if faulty is not None:
            caught.append(bool(findings(faulty).keys() - findings(pair).keys()))
    assert len(caught) >= 2
    assert sum(caught) / len(caught) >= AT_LEAST.get(name, 1.0)


def test_good_pairs_have_no_errors_and_hardly_a_warning() -> None:
    found = [one for pair in PAIRS for one in findings(pair).values()]
    assert [one for one in found if one.severity == "error"] == []
    assert len(found) <= 0.03 * len(PAIRS)
