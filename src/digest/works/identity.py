"""What makes two records the same thing: DOIs, and addresses as keys."""

import hashlib
import posixpath
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

# Bounded repeats: a hostile text must not make the search quadratic.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d{1,9}){0,4}/[^\s\"'<>“”‘’«»|\\^`{}]+", re.IGNORECASE)
_PMID = re.compile(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/|europepmc\.org/(?:article|abstract)/MED/|\bPMID:?\s?|^pubmed:)"
    r"(\d{1,9})\b",
    re.IGNORECASE,
)
_PMCID = re.compile(
    r"(?:ncbi\.nlm\.nih\.gov/(?:pmc/)?articles?/|europepmc\.org/articles?/(?:PMC/)?|\bPMCID:?\s?)(PMC\d{1,9})\b",
    re.IGNORECASE,
)
# A part of every pattern above; most links of a text have none, and to search them by all three takes as long as to read it.
_MAY_NAME_A_STUDY = re.compile(r"10\.|%|med|pmid|pmc", re.IGNORECASE).search
_LONGEST_DOI = 300
"""Characters; what is longer was glued together by a broken feed."""

_TRAILING = ".,;:!?…·*_"
_BRACKETS = {")": "(", "]": "["}

_TRACKING_PREFIXES = ("utm_", "mtm_", "pk_", "hsa_", "__hs", "vero_")
_TRACKING = frozenset([
    "fbclid", "gclid", "dclid", "gbraid", "wbraid", "gclsrc", "msclkid", "twclid", "ttclid", "yclid", "igshid",
    "igsh", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "oly_anon_id", "oly_enc_id", "rb_clickid", "s_cid",
    "wickedid", "wt_mc", "at_campaign", "at_medium", "xtor", "ncid", "cmpid", "__twitter_impression",
])  # fmt: skip
# Parameters that change on every fetch, by host; `ref` and `source` may name a chapter and stay.
_TRACKING_BY_HOST = {
    "pubmed.ncbi.nlm.nih.gov": frozenset({"ff", "v", "fc"}),
    "medium.com": frozenset({"source"}),
}
_DEFAULT_PORTS = frozenset({80, 443})
_CLEAN_GUID = re.compile(r"[a-z0-9-]{3,40}")
_LONGEST_SLUG = 40
_KEPT = "-._~!$&'()*+,;=:@/"


def normalise_doi(text: str) -> str | None:
    """Return the DOI that a field holds, lower case (ISO 26324: case does not count), or None.

    Takes `doi:10…`, `https://doi.org/10…`, percent-encoded forms, and a query or fragment that a feed hung on it.
    """
    text = _unquoted(text.strip()) if text else ""
    match = _DOI.search(text)
    if match is None:
        return None
    doi = match.group()
    if re.search(r"https?://", text, re.IGNORECASE):
        doi = re.split(r"[?#&]", doi, maxsplit=1)[0]
    return _trimmed(doi)


def study_named_by(text: str) -> str:
    """Return which study an address or an id names: `doi:10.5555/1`, `pmid:1`, `pmcid:PMC1`, or an empty text."""
    if not _MAY_NAME_A_STUDY(text):
        return ""
    doi = normalise_doi(text)
    if doi:
        return f"doi:{doi}"
    named = _PMCID.search(text)
    if named:
        return f"pmcid:{named[1].upper()}"
    named = _PMID.search(text)
    return f"pmid:{named[1]}" if named else ""


def dois_in(text: str) -> tuple[str, ...]:
    """Return every DOI that a prose text spells out, in order, each once."""
    found = (normalise_doi(match.group()) for match in _DOI.finditer(text))
    return tuple(dict.fromkeys(doi for doi in found if doi))


@lru_cache(maxsize=20_000)
def url_key(url: str) -> str:
    """Return a key under which spellings of one address are equal, or an empty text for what is no web address.

    For comparing only; readers get the publisher's own link. http and https are equal; host in lower case and IDNA,
    default port, dot segments, tracking parameters, final slash and fragment (but for `#!`) do not count (RFC 3986
    section 6.2.2).
    """
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return ""
    authority = host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    query = _query(parts.query, host)
    return f"{authority}{_path(parts.path)}{'?' + query if query else ''}{fragment}"


def public_url(url: str) -> str:
    """Return host and path of an address, for messages: what a query or a user part hides never shows."""
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "an address that can not be read"
    where = host if port is None else f"{host}:{port}"
    return f"{where}{parts.path}".rstrip("/") or "an empty address"


def _unquoted(text: str) -> str:
    # Twice: feeds encode what is encoded already.
    return unquote(unquote(text)) if "%" in text else text


def _trimmed(doi: str) -> str | None:
    doi = doi[:_LONGEST_DOI]
    while doi:
        last = doi[-1]
        opening = _BRACKETS.get(last)
        if last in _TRAILING or (opening and doi.count(last) > doi.count(opening)):
            doi = doi[:-1]
        else:
            break
    return doi.lower() if _DOI.fullmatch(doi) else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        # The codec of the standard library: IDNA 2003, which serves for comparing.
        return host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError:
        return host


def _path(path: str) -> str:
    # quote(unquote()) spells each character in one way; a literal slash must not come out of %2F.
    pieces = (quote(unquote(piece), safe=_KEPT.replace("/", "")) for piece in path.split("/"))
    normal = posixpath.normpath("/" + "/".join(pieces).lstrip("/"))
    return "" if normal in {"/", "."} else normal


def _query(query: str, host: str) -> str:
    own = _TRACKING_BY_HOST.get(host, frozenset())
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return query
    kept = [(name, value) for name, value in pairs if not _tracks(name.lower(), own)]
    return urlencode(sorted(kept))


def _tracks(name: str, own: frozenset[str]) -> bool:
    return name in _TRACKING or name in own or name.startswith(_TRACKING_PREFIXES)


def content_identity(title: str, text: str) -> str:
    """Return the identity of an entry that has neither guid nor address."""
    return hashlib.sha256(f"{title}\0{text}".encode("utf-8", "replace")).hexdigest()


def keys_of(url: str, doi: str | None) -> tuple[str, ...]:
    """Return the keys under which an article is known to all sources: its address and its DOI."""
    address = url_key(url)
    return (*((f"url:{address}",) if address else ()), *((f"doi:{doi}",) if doi else ()))


def name_key(article_id: str) -> str:
    """Return the key for asking whether an article has this id."""
    return f"id:{article_id}"


def keys_parted(keys: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids among keys, and the other keys."""
    named = tuple(key.removeprefix("id:") for key in keys if key.startswith("id:"))
    return named, tuple(key for key in keys if not key.startswith("id:"))


@lru_cache(maxsize=2_000)
def article_names(guid: str, title: str, identity: str) -> tuple[str, ...]:
    """Return readable ids to choose from, best first: the guid if it is a clean slug, else the title's with a hash.

    `identity` is what is hashed; the last name is never taken.
    """
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
    slug = _slug(title)
    own = (guid,) if _CLEAN_GUID.fullmatch(guid) else ()
    return (*own, *(f"{slug}-{digest[:length]}" for length in (6, 10, len(digest))))


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > _LONGEST_SLUG:
        words = words[: _LONGEST_SLUG + 1].rpartition("-")[0] or words[:_LONGEST_SLUG]
    return words or "article"
