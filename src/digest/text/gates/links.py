"""Where the links and pictures of a mail lead: to https or a mail address, and to nobody who counts readers."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from digest.models.edition import PERSONAL_LINK
from digest.models.message import N_
from digest.models.segment import Finding, Severity
from digest.text.gates.page import MailPage, style_of
from digest.text.links import safe_link

_QUOTED = 120
_SMALLEST_PICTURE = 8
_TRACKING_KEYS = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_[ce]id|_hs(?:enc|mi)|mkt_tok|vero_id"
    r"|oly_(?:anon|enc)_id|ck_subscriber_id|s_cid|ml_subscriber(?:_hash)?|wickedid"
)
_TRACKING_HOSTS = re.compile(
    r"(?:^|\.)(?:list-manage\.com|sendgrid\.net|mailgun\.org|mandrillapp\.com|sendibt\d*\.com|hubspotlinks\.com|rs6\.net"
    r"|cmail\d+\.com|createsend\d*\.com|klclick\d*\.com|awstrack\.me|mjt\.lu|exacttarget\.com|google-analytics\.com"
    r"|litmus\.com|emltrk\.com|mailtrack\.io|beehiiv\.com|convertkit-mail\d*\.com)$"
)
_REMOTE = re.compile(r"url\(\s*['\"]?\s*(?:https?:)?//", re.IGNORECASE)


def link_findings(page: MailPage, where: str) -> Iterator[Finding]:
    """Yield links that readers can not follow or that report them, and whatever asks a server in secret."""
    for check, severity, message, values in (*_links(page), *_pictures(page), *_fonts(page)):
        yield Finding(check=check, severity=severity, message=message, values=tuple(values.items()), where=where)


def links_of(page: MailPage) -> tuple[str, ...]:
    """Every address of the mail once: those that can be followed, then those of pictures."""
    links = [(link.get("href") or "").strip() for link in page.all("a", "area")]
    pictures = [(image.get("src") or "").strip() for image in page.all("img")]
    return tuple(dict.fromkeys((*links, *pictures)))


_Fault = tuple[str, Severity, str, dict[str, str]]


def _links(page: MailPage) -> Iterator[_Fault]:
    for link in links_of(page):
        shown = {"link": link[:_QUOTED]}
        if not safe_link(link):
            yield "links", "error", N_("This link is not a whole https or mailto address: %(link)s"), shown
        elif link != PERSONAL_LINK and _reports(link):
            yield "tracking", "warning", N_("This link tells who follows it: %(link)s"), shown


def _pictures(page: MailPage) -> Iterator[_Fault]:
    for image in page.all("img"):
        sizes = [size for name in ("width", "height") if (size := _pixels(image.get(name), style_of(image).get(name)))]
        if sizes and min(sizes) < _SMALLEST_PICTURE:
            source = (image.get("src") or "")[:_QUOTED]
            message = N_("This picture is too small to be seen: it only tells who opened the mail. %(link)s")
            yield "tracking", "error", message, {"link": source}


def _fonts(page: MailPage) -> Iterator[_Fault]:
    styles = {*page.style_texts, *(one.get("style") or "" for one in page.elements)}
    is_linked = any("stylesheet" in (one.get("rel") or "").lower() for one in page.all("link"))
    is_imported = any(name == "import" for sheet in page.sheets for name, _ in sheet.at_rules)
    if is_linked or is_imported or any(_REMOTE.search(text) for text in styles):
        message = N_("The styles ask a server for a font or a picture; use system fonts, and pictures that are `img`.")
        yield "tracking", "error", message, {}


def _reports(link: str) -> bool:
    parts = urlsplit(link)
    keys = [key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)]
    return bool(_TRACKING_HOSTS.search(parts.hostname or "")) or any(map(_TRACKING_KEYS.fullmatch, keys))


def _pixels(attribute: str | None, style: str | None) -> int | None:
    """The size of a picture where it is given in pixels; a zero counts as one."""
    for text in (style or "", attribute or ""):
        found = re.fullmatch(r"(\d{1,6})(?:\.\d+)?(?:px)?", text.strip())
        if found:
            return max(int(found[1]), 1)
    return None
