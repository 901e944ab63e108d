"""Words as no author types them and every feed brings them, and a page as a browser reads it."""

from html.parser import HTMLParser

from hypothesis import strategies as st

HOSTILE = st.one_of(
    st.text(st.characters(codec=None, exclude_categories=()), max_size=60),
    st.sampled_from(
        [
            '"><script>alert(1)</script>',
            '\'" onload="x',
            "</mj-text></mj-column><mj-raw><b>",
            "{{ view }} {% raw %} {# #}",
            "%(newsletter)s %s 100% %%",
            "<!-- --> ]]> <![CDATA[ &nbsp; &amp; &#60;script&#62;",
            "\x00\x1b\u202e\u2066\ud800\ufffe",
            "שלום עולם نص",
            "x" * 500,
            "word " * 100,
            "🙂🫶🏽👩‍👩‍👧",
            "Donaudampfschiff" * 13,
            'msgid "" \\n\\t\\"\nmsgstr "x"\n#, fuzzy\\',
            "${x} <% x %> #{x} [[x]]",
            "אבי כהן, Ana & <José> 100%",
        ]
    ),
)


class Seen(HTMLParser):
    """The tags, links and visible text of a page, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if tag == "a":
            self.links.append(values["href"] or "")
        if tag == "img":
            self.pictures.append(values)

    def handle_data(self, data: str) -> None:
        self.words.append(data)
