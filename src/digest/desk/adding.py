"""An article that the author brings herself, by its address."""

import hashlib
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from digest import pipeline
from digest.desk.refused import RefusedError
from digest.models.article import Article
from digest.models.feed import ParsedPage
from digest.models.issue import Candidate, Issue, Reason
from digest.models.message import N_
from digest.models.newsletter import Newsletter
from digest.pipeline import Workshop
from digest.text.links import safe_link
from digest.works.identity import url_key

BROUGHT = N_("You brought it by its address.")
UNREAD = N_("This page could not be read: %(reason)s Check the address and try again.")
LONGEST_ADDRESS = 2000


def brought(shop: Workshop, url: str, *, now: datetime) -> Article:
    """Read a page and store it as an article; one that is known already is not read again.

    Raises RefusedError where the address is none, or nothing can be read there.
    """
    address = safe_link(url.strip())
    if not address or len(address) > LONGEST_ADDRESS:
        raise RefusedError(N_("This is no address of a web page. It starts with https://"), status=422)
    known = {url_key(one.text.url): one for one in pipeline.articles_by_id(shop).values()}
    if (found := known.get(url_key(address))) is not None:
        return found
    page = shop.pages.read_page(address)
    if not page.text.blocks:
        reason = page.problems[0] if page.problems else ""
        raise RefusedError(UNREAD, status=422, reason=reason)
    article = article_of(page, address, shop.newsletter, now=now)
    shop.articles.save_article(article)
    return article


def article_of(page: ParsedPage, address: str, newsletter: Newsletter, *, now: datetime) -> Article:
    """Return a page as an article: hers where it stands on her own site, else somebody else's."""
    is_own = urlsplit(address).hostname == urlsplit(newsletter.site).hostname
    return Article(
        article_id=f"page-{hashlib.sha256(address.encode()).hexdigest()[:12]}",
        newsletter_id=newsletter.newsletter_id,
        source_key="",
        section="posts" if is_own else "research",
        guid=address,
        authors=page.authors,
        published=page.published,
        first_seen=now,
        rights="own" if is_own else "third-party",
        text=replace(page.text, url=page.text.url or address, title=page.text.title or address),
        alternates=page.alternates,
        doi=page.doi,
        completed=True,
    )


def with_candidate(issue: Issue, article: Article) -> Issue:
    """Offer an article, so that taking it in is the same step as for any other. Raises RefusedError if it is there."""
    if any(one.article_id == article.article_id for one in issue.stories):
        raise RefusedError(N_("This article is in the issue already."))
    candidate = Candidate(
        article_id=article.article_id,
        title=article.text.title,
        url=article.text.url,
        section=article.section,
        published=article.published,
        reasons=(Reason(message=BROUGHT),),
    )
    others = tuple(one for one in issue.candidates if one.article_id != article.article_id)
    return replace(issue, candidates=(candidate, *others))
