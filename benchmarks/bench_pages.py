"""Reading an article's page, beside trafilatura called bare for the same answer: the text with its links, and who wrote what when.

Pages are made up with a fixed seed, of the shape that blogs have: menus, sidebar, comments, scripts, JSON-LD. Rounds of both
take turns; processor time, best and median.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from trafilatura import bare_extraction

from digest.adapters.sources.pages import parse_page

ROUNDS = 15


def made_page(paragraphs: int) -> bytes:
    """A post of some paragraphs with all that a theme puts around it."""
    chance = random.Random(paragraphs)
    vocabulary = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(4_000)]

    def words(count: int) -> str:
        return " ".join(chance.choices(vocabulary, k=count))

    menu = "".join(f'<li class="menu-item"><a href="/c/{one}">{words(2)}</a></li>' for one in range(40))
    links = "".join(f'<li><a href="/p/{one}">{words(4)}</a></li>' for one in range(8))
    sidebar = "".join(f'<div class="widget"><h3>{words(2)}</h3><ul>{links}</ul></div>' for _ in range(5))
    comments = "".join(f'<li class="comment"><div><p>{words(30)}</p></div></li>' for _ in range(10))
    head = "".join(
        f'<meta property="og:x{one}" content="{words(6)}"><script src="/{one}.js"></script>' for one in range(15)
    )
    style = "".join(f".a{one}{{color:#fff;margin:0}}" for one in range(300))
    title = words(5).capitalize()
    described = {
        "@type": "BlogPosting",
        "headline": title,
        "author": {"name": "Ana Example"},
        "datePublished": "2026-11-19T08:00:00Z",
    }
    text = "".join(
        f"{'<h2>' + words(3) + '</h2>' if one % 6 == 0 else ''}<p>{words(60)} <a href='https://doi.org/10.5555/{one}'>{words(3)}</a> "
        f"<em>{words(2)}</em> {words(10)}.</p>"
        for one in range(paragraphs)
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} | Blog</title>{head}<style>{style}</style>'
        f'<script type="application/ld+json">{json.dumps(described)}</script></head><body><header><nav><ul>{menu}</ul></nav></header>'
        f'<main><article class="post"><h1 class="entry-title">{title}</h1><div class="entry-meta">By <a rel="author" href="/a">Ana Example</a> '
        f'<time datetime="2026-11-19T08:00:00Z">19 Nov</time></div><figure><img src="/a.jpg" alt="Sea" width="900"><figcaption>Photo: B. Example'
        f'</figcaption></figure><div class="entry-content">{text}</div></article><section id="comments"><ol>{comments}</ol></section></main>'
        f'<aside class="sidebar">{sidebar}</aside><footer class="site-footer"><p>© 2026 Ana Example</p></footer></body></html>'
    ).encode()


def ours(body: bytes) -> None:
    assert parse_page(body, url="https://blog.example.org/post", content_type="text/html").text.blocks


def bare(body: bytes) -> None:
    assert bare_extraction(
        body, fast=True, include_comments=False, include_links=True, include_formatting=True, with_metadata=True
    )


def text_alone(body: bytes) -> None:
    assert bare_extraction(body, fast=True, include_comments=False, include_links=True, include_formatting=True)


def seconds(read: Callable[[bytes], None], pages: list[bytes]) -> float:
    """Processor seconds of reading all pages once."""
    started = time.process_time()
    for page in pages:
        read(page)
    return time.process_time() - started


def main() -> None:
    """Print one JSON line."""
    pages = [made_page(paragraphs) for paragraphs in (8, 15, 25, 40)]
    readers = {"ours": ours, "library": bare, "library_text_alone": text_alone}
    taken: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(ROUNDS + 1):
        for name, read in readers.items():
            taken[name].append(seconds(read, pages))
    # The first round loads what is loaded late.
    rounds = {name: times[1:] for name, times in taken.items()}
    figures = {
        f"{name}_ms_a_page_best_and_median": [
            round(1_000 * pick(times) / len(pages), 2) for pick in (min, statistics.median)
        ]
        for name, times in rounds.items()
    }
    ratios = [mine / theirs for mine, theirs in zip(rounds["ours"], rounds["library"], strict=True)]
    print(
        json.dumps(
            {
                "name": f"article from its page, {len(pages)} pages of {sum(map(len, pages)) // len(pages) // 1_000} KB",
                **figures,
                "times_the_library": round(statistics.median(ratios), 2),
            }
        )
    )


if __name__ == "__main__":
    main()
