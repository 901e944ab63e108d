"""When a source is asked again, and what a series of answers means: gone, moved. Pure; times are UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from digest.models.source import FeedCache, Source
from digest.works.identity import public_url

FIRST_PAUSE = timedelta(minutes=30)
LONGEST_PAUSE = timedelta(days=1)
GONE_APART = timedelta(days=1)
"""Two 410 answers this far apart mean that a source is gone; one may be a slip of the server."""

MOVED_VISITS, MOVED_APART = 3, timedelta(days=7)
"""A permanent redirect is believed when this many visits over this time were led to one place: maintenance pages redirect too."""

GONE = "gone"
_LONGEST_SILENCE = timedelta(days=8)
"""A later `next_at` comes from a wrong clock and is not believed."""

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LONGEST_QUIET = 7 * 24
"""Hours; a feed that wants never to be read is not believed."""

_QUIET_SHARE = 24
"""A source that has brought nothing for a day is asked every hour, after 24 days once a day."""


def due(
    sources: Sequence[Source], caches: Mapping[str, FeedCache], now: datetime, *, force: bool = False
) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Return the sources to be asked now, and a line for each other one that is not gone."""
    ready, waiting = list[Source](), list[str]()
    for source in sources:
        cache = caches[source.key]
        if not force and is_gone(cache):
            continue
        if force or cache.next_at is None or not now < cache.next_at < now + _LONGEST_SILENCE:
            ready.append(source)
        else:
            waiting.append(f"{public_url(source.url)}: not due until {cache.next_at:%Y-%m-%d %H:%M} UTC")
    return tuple(ready), tuple(waiting)


def is_gone(cache: FeedCache) -> bool:
    """Whether a source was found to be gone for good."""
    return cache.last_status == GONE


def after_good(cache: FeedCache, source: Source, *, asked_pause: int | None, changed: bool, now: datetime) -> FeedCache:
    """Return what is remembered after an answer that could be used; `asked_pause` is the server's own wish in seconds."""
    changed_at = now if changed or cache.changed_at is None else cache.changed_at
    # A 304 does not repeat what the feed itself asked for.
    asked_pause = max(asked_pause or 0, cache.pause_seconds)
    wishes = [
        timedelta(minutes=source.minimum_interval_minutes),
        min(timedelta(seconds=asked_pause), LONGEST_PAUSE),
    ]
    if not source.is_own:
        # The author's own posts must not miss an issue, so her blog is asked at its minimum interval always.
        wishes.append(min((now - changed_at) / _QUIET_SHARE, LONGEST_PAUSE))
    next_at = now + min(max(wishes), _LONGEST_SILENCE)
    return replace(
        cache,
        next_at=next_at if source.is_own else after_quiet(next_at, cache.quiet),
        errors=0,
        last_status="read" if changed else "unchanged",
        changed_at=changed_at,
        gone_since=None,
    )


def after_quiet(moment: datetime, quiet: str) -> datetime:
    """Return the first moment from this one on that is in no hour and on no day of `quiet` (see `ParsedFeed`)."""
    skipped = frozenset(quiet.split())
    if not skipped:
        return moment
    hour = moment.replace(minute=0, second=0, microsecond=0)
    free = (hour + timedelta(hours=later) for later in range(_LONGEST_QUIET))
    found = next((one for one in free if not {str(one.hour), DAY_NAMES[one.weekday()]} & skipped), moment)
    return max(found, moment)


def after_failure(cache: FeedCache, reason: str, *, asked_pause: int | None, now: datetime) -> FeedCache:
    """Return what is remembered after a failure: the pause grows with each, and the validators stay the last good ones."""
    pause = min(FIRST_PAUSE * (1 << min(cache.errors, 10)), LONGEST_PAUSE)
    pause = max(pause, timedelta(seconds=asked_pause or 0))
    # What a page source was read from may be what broke: it is looked for again after two failures.
    found_url = cache.found_url if cache.errors == 0 else ""
    return replace(
        cache,
        next_at=now + pause,
        errors=cache.errors + 1,
        last_status=reason[:200],
        gone_since=None,
        found_url=found_url,
    )


def after_gone(cache: FeedCache, now: datetime) -> FeedCache:
    """Return what is remembered after a 410; see `is_gone`."""
    since = cache.gone_since or now
    gone = now - since >= GONE_APART
    return replace(
        cache,
        next_at=now + LONGEST_PAUSE,
        errors=cache.errors + 1,
        gone_since=since,
        last_status=GONE if gone else "410, asked once more in a day",
        found_url="",
    )


def after_redirect(cache: FeedCache, moved_to: str, now: datetime) -> FeedCache:
    """Return what is remembered of where permanent redirects lead."""
    if not moved_to:
        return replace(cache, moved_to="", moved_since=None, moved_seen=0)
    if moved_to != cache.moved_to:
        return replace(cache, moved_to=moved_to, moved_since=now, moved_seen=1)
    return replace(cache, moved_seen=min(cache.moved_seen + 1, 1_000))


def has_moved(cache: FeedCache, now: datetime) -> bool:
    """Whether a new address is to be proposed."""
    since = cache.moved_since
    return bool(cache.moved_to and since) and cache.moved_seen >= MOVED_VISITS and now - (since or now) >= MOVED_APART
