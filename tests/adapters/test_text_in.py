"""The text of sanitised markup is the same whether it is cut into blocks first or not."""

import random

import pytest

from digest.adapters.sources.fragments import blocks_of, sanitised, text_in, text_of

PIECES = (
    *(f"<{name}>" for name in "a br em p pre q s span li ul h2 hr i td th tr table tbody div dl dt figure".split()),
    *(f"</{name}>" for name in "a em p pre q s span li ul h2 i td th tr table div dl dt figure".split()),
    '<a href="/x?a=1&b=&quot;<p>">',
    '<img alt="<br>x > y" src="/a.png">',
    '<p lang="<em>">',
    ' a="b < c',
    "&lt;p&gt;",
    "&amp;lt;",
    "\u200b",
    "\n\n",
    *("one", "two ", " three", " R&amp;D "),
)


@pytest.mark.parametrize("seed", range(20))
def test_the_text_is_that_of_the_blocks(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(50):
        safe = sanitised("".join(chance.choices(PIECES, k=20)), "https://blog.example.org/posts/one")
        assert text_in(safe) == text_of(blocks_of(safe)), safe


def test_what_stands_in_an_attribute_begins_no_paragraph() -> None:
    assert text_in('<p>One <img alt="<p>two</p>"> three</p><p>four</p>') == "One three\n\nfour"
