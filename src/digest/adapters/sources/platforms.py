"""Where the platforms that people write blogs with keep their feeds: data, one row a platform.

Paths are joined to the address of the page (`./`), of its site (`/`), or added to it (`?`). `signs` are searched in the page's markup and
in its address, in small letters.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """One row: how a page shows what made it, and where the feed of such a site is."""

    name: str
    signs: tuple[str, ...]
    paths: tuple[str, ...]


WORDPRESS_POSTS = "/wp-json/wp/v2/posts?per_page=20&_embed=author"
"""Where its feed is switched off, its own interface often is not."""

PLATFORMS = (
    Platform("Wix", ("static.wixstatic.com", "wix.com website builder"), ("/blog-feed.xml", "/feed.xml")),
    Platform(
        "Squarespace", ("squarespace.com", "static1.squarespace"), ("?format=rss", "/blog?format=rss", "?format=json")
    ),
    Platform("WordPress", ("wp-content/", "wordpress"), ("./feed/", "/feed/", "/?feed=rss2", WORDPRESS_POSTS)),
    Platform("Ghost", ('content="ghost', "ghost.org"), ("/rss/",)),
    Platform("Substack", ("substackcdn.com", "substack.com"), ("/feed",)),
    Platform("Medium", ("medium.com",), ("/feed", "./feed")),
    Platform("Blogger", ("blogger.com", "blogspot."), ("/feeds/posts/default", "/feeds/posts/default?alt=rss")),
    Platform("Tumblr", ("tumblr.com",), ("/rss",)),
    Platform("Shopify", ("cdn.shopify.com",), ("/blogs/news.atom",)),
    Platform("Webflow", ("webflow",), ("/blog/rss.xml", "./rss.xml")),
    Platform("HubSpot", ("hubspot",), ("./rss.xml", "/blog/rss.xml")),
    Platform("Hugo", ('content="hugo',), ("./index.xml", "/index.xml")),
    Platform("Jekyll", ('content="jekyll', 'content="eleventy'), ("/feed.xml",)),
    Platform("Weebly", ("weebly.com", "editmysite.com"), ("./1/feed",)),
)

GENERIC_PATHS = (
    "./feed/", "/feed/", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/rss/", "/feed.json", "/feed.atom",
)  # fmt: skip
"""Tried where nothing tells the platform."""
