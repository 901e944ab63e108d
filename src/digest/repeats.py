"""Whether a run would only say again what the last one said: then the stages 3 to 6 are left out."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.models.article import Article
from digest.models.report import RunReceipt
from digest.pipeline import Workshop


def basis(shop: Workshop, articles: Sequence[Article], *, now: datetime) -> str:
    """SHA-256 of all that the stages 3 to 6 start from; the day counts too, for what is new grows old."""
    schedule = shop.newsletter.schedule
    day = now.astimezone(ZoneInfo(schedule.timezone)).date()
    seen = (shop.watch.fingerprint(), day, schedule.next_day(now), articles)
    return hashlib.sha256(repr(seen).encode("utf-8", "surrogatepass")).hexdigest()


def same_again(shop: Workshop, started_from: str) -> RunReceipt | None:
    """Return the last run's receipt if this run would end as that one did."""
    last = shop.receipts.receipts(shop.newsletter.newsletter_id, 1)
    return last[0] if last and last[0].basis == started_from else None
