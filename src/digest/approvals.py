"""Approval by pull request: what is asked, what a merge means, and when it asks again. Every function is safe to repeat.

One branch and one request an issue. A merge approves exactly the fingerprints that the request showed; what the words
render to has to be that, and the person who merged has to be an approver. In every other case a new request asks.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from digest import pipeline, receipts, repeats
from digest.errors import FileFormatError, NotApprovedError
from digest.models.forge import ApprovalRequest, Taken
from digest.models.message import N_
from digest.models.report import Outcome, Problem, StageReport
from digest.pipeline import Desk, Workshop
from digest.ports_forge import Forge, Words
from digest.stages import review

LONG_PAST = timedelta(days=8)
"""A merge is still looked at so long after the slot of its issue."""

NOT_AN_APPROVER = N_("It was merged by somebody who is not among the approvers of digest.toml.")
CHANGED_SINCE = N_("Its words changed after the fingerprints that the request showed.")
NOT_WHOLE = N_("Something stood against it when it was merged.")

END = "***"
"""Parts what the issue is from where its preview lies."""

RULE = "---"
"""Parts the reason why it asks once more from what the issue is."""

_SHOWN = re.compile(r"(?m)^ {0,3}([a-z]{2,3}(?:_[A-Za-z0-9]+)*(?:\.[a-z0-9-]+)?) +([0-9a-f]{64})\r?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What a request says: its title, and its text, which also lies in the folder of the issue."""

    title: str
    body: str
    run: str = ""
    """Where the preview of exactly this is; said in the request alone, since every run has another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the words of a request are made from."""

    issue_id: str
    desk: Desk | None = None
    """None where its files can not be read."""
    broken: str = ""
    """What is wrong with a file that somebody edited."""
    reason: str = ""
    """Why it is asked again: one of the messages above, or empty."""
    detail: str = ""
    before: str = ""
    """What an earlier text of the same request said in front of all."""
    at: datetime

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """(edition, fingerprint) of what a merge approves."""
        return review.fingerprints(self.desk.outcome.editions) if self.desk else ()


Writer = Callable[[Asked], Plea]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Where requests are made and answered."""

    forge: Forge
    words: Words
    several: bool
    """Whether the settings name several newsletters, so that a branch says which one."""
    write: Writer
    keep: Callable[[str, str], None]
    """Writes the text of a request (second) into the folder of an issue (first)."""

    def branch(self, shop: Workshop, issue_id: str) -> str:
        """The branch of an issue."""
        return f"issue/{self._named(shop, issue_id)}"

    def path(self, shop: Workshop, issue_id: str) -> str:
        """The folder of an issue, from the author's."""
        return f"issues/{self._named(shop, issue_id)}"

    def _named(self, shop: Workshop, issue_id: str) -> str:
        return f"{shop.newsletter.newsletter_id}-{issue_id}" if self.several else issue_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a step did: the reports, how it ended, and the issue it was about."""

    reports: tuple[StageReport, ...]
    ending: tuple[Outcome, str]
    desk: Desk | None = None
    basis: str = ""
    failed: str = ""
    """A file that can not be read: the run is red, and the request says it too."""


def issue_of(branch: str, newsletter_id: str) -> str:
    """Return the issue that a branch is for, empty where it is none of ours."""
    found = re.fullmatch(rf"issue/(?:{re.escape(newsletter_id)}-)?(\d{{4}}-\d{{2}}-\d{{2}})", branch)
    return found[1] if found else ""


def shown_in(body: str) -> tuple[tuple[str, str], ...]:
    """Return the fingerprints that a request shows, sorted by edition."""
    return tuple(sorted(dict(_SHOWN.findall(body)).items()))


def settle(shop: Workshop, counter: Counter, *, now: datetime) -> list[StageReport]:
    """Approve what approvers merged, and ask again for what can not be approved so."""
    reports = []
    for issue_id in shop.issues.issue_ids(shop.newsletter.newsletter_id):
        schedule = shop.newsletter.schedule
        if now > schedule.ends(date.fromisoformat(issue_id)) + LONG_PAST or _has_approval(shop, issue_id):
            continue
        newest = _newest(counter.forge.requests_of(counter.branch(shop, issue_id)))
        if newest is not None and newest.state == "merged":
            reports.append(_answer(shop, counter, issue_id, newest, now=now))
    return reports


def prepare(shop: Workshop, counter: Counter, issue_id: str, *, now: datetime, again: bool = False) -> Step:
    """Stages 3 to 6 upon the words on the branch of an issue, and its request; the articles are those already gathered."""
    branch, path = counter.branch(shop, issue_id), counter.path(shop, issue_id)
    newest = _newest(counter.forge.requests_of(branch))
    if newest is not None and newest.state == "closed" and not again:
        reason = (
            f"The request for {issue_id} was closed, so nothing is asked. Reopen it on GitHub to go on with this issue."
        )
        return Step(reports=(), ending=("waiting", reason))
    seen = counter.words.look(branch)
    counter.words.take(seen, branch, path)
    shop = replace(shop, watch=_Commits(seen))
    basis = repeats.basis(shop, shop.articles.articles(shop.newsletter.newsletter_id), now=now)
    is_open = newest is not None and newest.state == "open"
    last = repeats.same_again(shop, basis)
    if last is not None and (is_open or last.outcome == "nothing_due"):
        line = f"nothing changed since {last.started:%Y-%m-%d %H:%M} UTC, so the issue and its request are as they were"
        return Step(
            reports=(StageReport(stage="curate", skipped=(line,)),), ending=(last.outcome, last.reason), basis=basis
        )
    try:
        desk, reports = pipeline.compose(shop, issue_id, now=now)
    except FileFormatError as error:
        return _broken(shop, counter, issue_id, error, seen, newest, now=now)
    if desk is None or desk.approval is not None:
        return Step(reports=tuple(reports), ending=receipts.waiting_for(desk), desk=desk, basis=basis)
    asked = Asked(issue_id=issue_id, desk=desk, before=_front(newest), at=now)
    line = _ask(shop, counter, asked, seen, newest, afresh=False)
    reports.append(StageReport(stage="review", made=(line,)))
    # What was pushed is what the next run starts from; it looks once more and then rests.
    return Step(reports=tuple(reports), ending=receipts.waiting_for(desk), desk=desk, basis=basis)


def _answer(shop: Workshop, counter: Counter, issue_id: str, merged: ApprovalRequest, *, now: datetime) -> StageReport:
    """Approve, or ask again and say why."""
    try:
        refusal = _approve(shop, issue_id, merged, counter.forge.merged_by(merged.number), now=now)
    except FileFormatError as error:
        return _asked_again(shop, counter, issue_id, merged, (NOT_WHOLE, str(error)), now=now)
    if refusal:
        return _asked_again(shop, counter, issue_id, merged, refusal, now=now)
    counter.words.record(counter.path(shop, issue_id), f"Approve the issue {issue_id}")
    return StageReport(stage="review", made=(f"the merge of request {merged.number} approved the issue {issue_id}",))


def _approve(
    shop: Workshop, issue_id: str, merged: ApprovalRequest, login: str, *, now: datetime
) -> tuple[str, str] | None:
    """Approve exactly what was shown, or return why not."""
    name = f"@{login}"
    if not login or name.casefold() not in {one.casefold() for one in shop.newsletter.approvers}:
        return NOT_AN_APPROVER, ""
    shown = shown_in(merged.body)
    if not shown or shown != review.fingerprints(pipeline.open_issue(shop, issue_id).outcome.editions):
        return CHANGED_SINCE, ""
    try:
        approval = pipeline.approve(shop, issue_id, approved_by=name, how="merge", now=now)
    except NotApprovedError as error:
        return NOT_WHOLE, str(error)
    if approval.fingerprints != shown:
        shop.rendered.remove_approval(shop.newsletter.newsletter_id, issue_id)
        return CHANGED_SINCE, ""
    return None


def _asked_again(
    shop: Workshop,
    counter: Counter,
    issue_id: str,
    merged: ApprovalRequest,
    why: tuple[str, str],
    *,
    now: datetime,
) -> StageReport:
    # The words stay as they were merged; whatever lies on the branch by now is not taken.
    seen, desk = counter.words.look(counter.branch(shop, issue_id)), None
    try:
        desk, _ = pipeline.compose(shop, issue_id, now=now)
        broken = ""
    except FileFormatError as error:
        broken = str(error)
    asked = Asked(issue_id=issue_id, desk=desk, broken=broken, reason=why[0], detail=why[1], at=now)
    line = _ask(shop, counter, asked, seen, None, afresh=True)
    problem = Problem(
        where=f"issue {issue_id}",
        what=f"request {merged.number} was merged, but nothing is approved: {why[0]} {why[1]}".strip(),
        mend="Look at the new request and merge that one.",
    )
    return StageReport(stage="review", made=(line,), problems=(problem,))


def _broken(
    shop: Workshop,
    counter: Counter,
    issue_id: str,
    error: FileFormatError,
    seen: Taken,
    newest: ApprovalRequest | None,
    *,
    now: datetime,
) -> Step:
    """An edit broke a file: the request says so and shows no fingerprint, so that its merge approves nothing."""
    line = _ask(shop, counter, Asked(issue_id=issue_id, broken=str(error), at=now), seen, newest, afresh=False)
    problem = Problem(where=f"issue {issue_id}", what=str(error), mend="Mend the file on the branch of the issue.")
    reason = f"The issue {issue_id} waits for you: one of its files can not be read."
    report = StageReport(stage="review", made=(line,), problems=(problem,))
    return Step(reports=(report,), ending=("failed", reason), failed=str(error))


def _ask(
    shop: Workshop, counter: Counter, asked: Asked, seen: Taken, newest: ApprovalRequest | None, *, afresh: bool
) -> str:
    """Put the words onto their branch and say in the request what they are now."""
    branch, path = counter.branch(shop, asked.issue_id), counter.path(shop, asked.issue_id)
    plea = counter.write(asked)
    counter.keep(path, plea.body)
    is_open = newest is not None and newest.state == "open"
    anew = afresh or (not is_open and newest is not None)
    changed = counter.words.publish(branch, path, f"Prepare the issue {asked.issue_id}", seen, afresh=anew)
    if newest is None or not is_open:
        opened = counter.forge.open_request(branch, plea.title, _whole(plea))
        return f"request {opened.number} asks for the approval of {asked.issue_id}"
    before = newest.body.replace("\r\n", "\n").partition(f"\n{END}\n")[0]
    if shown_in(before) != shown_in(plea.body) or before.split() != plea.body.split():
        counter.forge.update_request(newest.number, plea.title, _whole(plea))
        return f"request {newest.number} says what {asked.issue_id} is now"
    return f"request {newest.number} stays as it is" + (", its files are new" if changed else "")


def _whole(plea: Plea) -> str:
    return f"{plea.body}\n{END}\n\n{plea.run}\n" if plea.run else plea.body


def _has_approval(shop: Workshop, issue_id: str) -> bool:
    try:
        return shop.rendered.read_approval(shop.newsletter.newsletter_id, issue_id) is not None
    except FileFormatError:
        # Named by everything else that reads it; a merge can not mend it.
        return True


def _front(request: ApprovalRequest | None) -> str:
    """Why a request asks once more stays in it, whatever else is said anew."""
    front, rule, _ = request.body.replace("\r\n", "\n").partition(f"\n{RULE}\n") if request else ("", "", "")
    return front if rule else ""


def _newest(requests: tuple[ApprovalRequest, ...]) -> ApprovalRequest | None:
    """An open request counts before all others; else the newest."""
    return next((one for one in requests if one.state == "open"), requests[0] if requests else None)


class _Commits:
    """Every checkout is new files; what they hold is named by the commits they came from."""

    def __init__(self, seen: Taken) -> None:
        self._seen = seen

    def fingerprint(self) -> str:
        return f"{self._seen.base} {self._seen.tip}"
