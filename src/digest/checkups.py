"""What `digest doctor` looks at: every part that can be out of order before anybody notices, each with its mend.

A part that fails is one line of the answer, never the end of it.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.errors import DigestError
from digest.models.checkup import Check
from digest.models.newsletter import Newsletter
from digest.models.source import FeedCache, Read, Source, Unchanged
from digest.ports import Engines, SourceReader
from digest.text.sender_records import dkim_check, dmarc_check, spf_check, tags_of
from digest.works.identity import public_url

Texts = Callable[[str], tuple[str, ...]]
"""The TXT records of a name; raises SourceError."""

_FULL_NAME = 2


def schedule_check(newsletter: Newsletter, now: datetime) -> Check:
    """When the next issue is due, in the author's time."""
    schedule = newsletter.schedule
    slot = schedule.slot(schedule.next_day(now)).astimezone(ZoneInfo(schedule.timezone))
    return Check(check="schedule", status="ok", detail=f"the next slot is {slot:%Y-%m-%d %H:%M} {schedule.timezone}")


def workflow_checks(newsletter: Newsletter, *, written: bool) -> Iterator[Check]:
    """What the workflows of `digest init` need on GitHub; its own settings can not be seen from here."""
    if not written:
        return
    detail = (
        "they are there. Only GitHub shows whether they may ask: in Settings, Actions, General, Workflow permissions, "
        "'Allow GitHub Actions to create and approve pull requests' has to be ticked. Pages of a private repository "
        "need a paid plan"
    )
    yield Check(check="workflows", status="ok", detail=detail)
    if any(name.startswith("@") for name in newsletter.approvers):
        yield Check(check="approval by merge", status="ok", detail="an approver is named as on GitHub")
    else:
        mend = "Add your name on GitHub with the sign @ in front, such as @ana."
        yield Check(check="approval by merge", status="warning", detail="no approver is named as on GitHub", mend=mend)


def source_checks(sources: Sequence[Source], reader: SourceReader) -> Iterator[Check]:
    """Ask every source once, as if for the first time; nothing is stored."""
    asked = [(source, FeedCache(source_key=source.key)) for source in sources]
    answers = reader.read_all(asked)
    for source, answer in answers:
        name = f"source {public_url(source.url)}"
        mend = "Open the address in a browser and mend it in digest.toml, or wait if the site is down."
        if isinstance(answer, Unchanged):
            yield Check(check=name, status="ok", detail="it answers")
        elif not isinstance(answer, Read):
            yield Check(check=name, status="broken", detail=answer.reason, mend=mend)
        elif answer.feed.problems:
            detail = " ".join(answer.feed.problems)
            yield Check(check=name, status="warning", detail=detail, mend="Tell the owner of the feed.")
        elif not answer.feed.entries:
            yield Check(check=name, status="warning", detail="it has no entries", mend=mend)
        else:
            yield Check(check=name, status="ok", detail=f"{len(answer.feed.entries)} entries")


def engine_checks(engines: Engines) -> Iterator[Check]:
    """Which engines would be used, and why; none of them is called."""
    yield guarded("summaries", lambda: "{.name}: {}".format(*engines.summariser()))
    check = guarded("translations", lambda: "{.name}: {}".format(*engines.translator()))
    if check.status == "ok" and check.detail.startswith("none:"):
        mend = "Set one up, see docs/explanation/engines.md, or write the translations yourself."
        check = Check(check=check.check, status="warning", detail=check.detail, mend=mend)
    yield check


def sender_checks(domain: str, texts: Texts, *, selector: str, fits: Callable[[str], bool]) -> Iterator[Check]:
    """What the DNS says of the sender's domain; `fits` tells whether a published DKIM key is that of the settings."""
    yield _asked(f"SPF of {domain}", lambda: spf_check(domain, texts(domain)))
    yield _asked(f"DMARC of {domain}", lambda: dmarc_check(domain, _dmarc(domain, texts)))
    if not selector:
        detail = "your provider signs, or nobody does: a test mail's header DKIM-Signature shows it"
        yield Check(check=f"DKIM of {domain}", status="ok", detail=detail)
        return
    name = f"{selector}._domainkey.{domain}"

    def judged() -> Check:
        records = texts(name)
        return dkim_check(name, records, fits=any(fits(tags_of(record).get("p", "")) for record in records))

    yield _asked(f"DKIM key {name}", judged)


def guarded(name: str, look: Callable[[], str]) -> Check:
    """Look at one part: what it says, or the expected failure, whose sentence carries the mend."""
    try:
        return Check(check=name, status="ok", detail=look())
    except DigestError as error:
        what, _, mend = str(error).partition(". ")
        return Check(check=name, status="broken", detail=what.rstrip("."), mend=mend)


def _dmarc(domain: str, texts: Texts) -> tuple[str, ...]:
    """Return the records at `_dmarc`, else those of the nearest domain above that has any, down to two labels."""
    labels = domain.split(".")
    while len(labels) >= _FULL_NAME:
        if records := texts(f"_dmarc.{'.'.join(labels)}"):
            return records
        labels = labels[1:]
    return ()


def _asked(name: str, look: Callable[[], Check]) -> Check:
    """A name that could not be looked up may be right: a warning."""
    try:
        return look()
    except DigestError as error:
        return Check(check=name, status="warning", detail=f"not checked: {error}")
