"""How often the checks find a planted fault, and how often they stop good translations.

    python benchmarks/measure_checks.py [PAIRS.jsonl ...] [--misses] [--flags]

A pairs file has one `{"source", "target", "source_lang", "target_lang"}` a line; without one, the project's own pairs are
measured. Every pair is taken in both directions. A fault counts as caught where the faulty pair has a finding that the
good pair has not.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "src"), str(HERE.parent / "tests")]

from digest.models.segment import Finding  # noqa: E402 - found on the path set above
from digest.text.findings import finding_line  # noqa: E402
from digest.text.glossary import read_glossary  # noqa: E402
from digest.text.pair_checks import check_pair  # noqa: E402
from planted_faults import FAULTS, TextPair  # noqa: E402

OWN = HERE.parent / "tests" / "text" / "good_pairs.tsv"
TRIES = 3
GLOSSARY = read_glossary("glossary.csv", (HERE.parent / "tests" / "text" / "planted_glossary.csv").read_bytes())


def pairs_of(paths: Iterable[Path]) -> Iterator[TextPair]:
    """Yield every pair in both directions."""
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if path.suffix == ".tsv":
                source, target = line.split("\t")
                pair = TextPair(source=source, target=target, source_lang="en", target_lang="pt_BR")
            else:
                pair = TextPair(**{name: json.loads(line)[name] for name in TextPair.__dataclass_fields__})
            yield pair
            yield pair.turned


def findings_of(pair: TextPair) -> dict[str, Finding]:
    """Return the findings of a pair by what they say of which words."""
    found = check_pair(pair.source, pair.target, pair.source_lang, pair.target_lang, GLOSSARY)
    return {finding_line(one, pair.source, pair.target): one for one in found}


def main() -> None:
    """Print one JSON line of noise and one a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--misses", action="store_true", help="print what was not caught")
    parser.add_argument("--flags", action="store_true", help="print what was flagged on good pairs")
    arguments = parser.parse_args()
    pairs = list(pairs_of(arguments.paths or [OWN]))
    noise(pairs, show=arguments.flags)
    for name in FAULTS:
        catches(name, pairs, show=arguments.misses)


def noise(pairs: list[TextPair], *, show: bool) -> None:
    """Count what is found on good pairs."""
    counts: Counter[str] = Counter()
    for pair in pairs:
        found = findings_of(pair)
        counts.update({f"{one.check} {one.severity}" for one in found.values()})
        counts.update({"any error"} if any(one.severity == "error" for one in found.values()) else ())
        for line in found if show else ():
            print(f"    {line}\n        {pair.source}\n        {pair.target}", file=sys.stderr)
    shares = {name: f"{100 * count / len(pairs):.1f} %" for name, count in sorted(counts.items())}
    print(json.dumps({"name": "good pairs flagged", "pairs": len(pairs), **shares}))


def catches(name: str, pairs: list[TextPair], *, show: bool) -> None:
    """Plant one fault wherever it fits and count what is found."""
    planted: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    checks: Counter[str] = Counter()
    for number, pair in enumerate(pairs):
        good = findings_of(pair)
        for attempt in range(TRIES):
            faulty = FAULTS[name](pair, Random(f"{name} {number} {attempt}"))
            if faulty is None:
                break
            new = [one for line, one in findings_of(faulty).items() if line not in good]
            planted[faulty.target_lang] += 1
            caught[faulty.target_lang] += bool(new)
            checks.update({f"{one.check} {one.severity}" for one in new})
            if show and not new:
                print(f"    {name}\n        {faulty.source}\n        {faulty.target}", file=sys.stderr)
    shares = {f"into {lang}": f"{caught[lang]} of {planted[lang]}" for lang in sorted(planted)}
    total = sum(planted.values())
    share = f"{100 * sum(caught.values()) / total:.1f} %" if total else "-"
    print(json.dumps({"name": f"planted: {name}", "caught": share, **shares, "by": dict(checks.most_common(3))}))


if __name__ == "__main__":
    main()
