"""What readers will get, as files beside the words, and the approval of it (port `RenderedFiles`)."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from digest.adapters.stores.atomic import read_if_there, remove, write_atomic
from digest.adapters.stores.issue_folders import IssueFolders, safe_name
from digest.adapters.stores.toml_tables import Table, assignments, encoded, located, parse, quoted
from digest.models.edition import Approval, RenderedEdition

_RENDERED = "rendered"
_EDITIONS = "editions.toml"
_APPROVAL = "approval.toml"
_OURS = re.compile(r"[a-z]{2,3}(?:_[A-Za-z0-9]+)*(?:\.[a-z0-9-]+)?\.(?:html|txt)")
_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_HOW = ("command", "desk", "merge")
_EDITION_KEYS = frozenset({"locale", "audience", "subject", "preheader", "fingerprint", "html_sha256", "text_sha256"})
_EDITIONS_HEAD = """\
# Written by `digest`. What is sent is what lies in the files beside this one; the hashes are for comparison only.
"""
_APPROVAL_HEAD = """\
# Written by `digest`. Only editions with exactly these fingerprints are sent. Delete this file to take it back.
"""


class RenderedFolder:
    """The folder `rendered/` and the file `approval.toml` of each issue."""

    def __init__(self, root: Path, *, several: bool) -> None:
        """`root` is the author's folder; `several` is whether its settings name more than one newsletter."""
        self._folders = IssueFolders(root=root, several=several)

    def write_rendered(self, newsletter_id: str, issue_id: str, editions: Sequence[RenderedEdition]) -> bool:
        """Replace `rendered/`; True if any byte changed. Raises StorageError.

        The list of editions is written last, so that after a crash the files show a rendering that no approval covers.
        """
        folder = self._folders.folder(newsletter_id, issue_id) / _RENDERED
        files = {name: data for edition in editions for name, data in _parts(edition).items()}
        changed = [write_atomic(folder / name, data) for name, data in files.items()]
        changed.append(write_atomic(folder / _EDITIONS, _editions_bytes(editions)))
        stale = [path for path in folder.iterdir() if _OURS.fullmatch(path.name) and path.name not in files]
        changed += [remove(path) for path in stale]
        return any(changed)

    def read_rendered(self, newsletter_id: str, issue_id: str) -> tuple[RenderedEdition, ...]:
        """Return the editions as they lie in the files, sorted by name. Raises FileFormatError.

        An edition without one of its files is left out: it can be neither approved nor sent.
        """
        folder = self._folders.folder(newsletter_id, issue_id) / _RENDERED
        data = read_if_there(folder / _EDITIONS)
        if data is None:
            return ()
        called = self._folders.called(newsletter_id, issue_id, _RENDERED)
        table = parse(f"{called}/{_EDITIONS}", data)
        table.check_keys({"editions"})
        read = [_edition(folder, called, item) for item in table.tables("editions")]
        return tuple(sorted((edition for edition in read if edition), key=lambda edition: edition.name))

    def write_approval(self, newsletter_id: str, approval: Approval) -> None:
        """Write `approval.toml`. Raises StorageError."""
        values = {
            "issue": quoted(approval.issue_id),
            "approved_by": quoted(approval.approved_by),
            "approved_at": quoted(approval.approved_at.isoformat()),
            "how": quoted(approval.how),
        }
        if approval.since:
            values["since"] = quoted(approval.since.isoformat())
        marks = {locale: quoted(fingerprint) for locale, fingerprint in approval.fingerprints}
        text = f"{_APPROVAL_HEAD}\n{assignments(values)}\n[fingerprints]\n{assignments(marks)}"
        write_atomic(self._folders.folder(newsletter_id, approval.issue_id) / _APPROVAL, encoded(text))

    def read_approval(self, newsletter_id: str, issue_id: str) -> Approval | None:
        """Return the approval, or None where there is none. Raises FileFormatError."""
        data = read_if_there(self._folders.folder(newsletter_id, issue_id) / _APPROVAL)
        if data is None:
            return None
        return _approval(parse(self._folders.called(newsletter_id, issue_id, _APPROVAL), data), issue_id)

    def remove_approval(self, newsletter_id: str, issue_id: str) -> bool:
        """Take the approval back; False where there was none. Raises StorageError."""
        return remove(self._folders.folder(newsletter_id, issue_id) / _APPROVAL)


def _parts(edition: RenderedEdition) -> dict[str, bytes]:
    name = _name(edition.locale, edition.audience)
    return {f"{name}.html": edition.html.encode("utf-8"), f"{name}.txt": edition.text.encode("utf-8")}


def _name(locale: str, audience: str) -> str:
    return f"{safe_name(locale)}.{safe_name(audience)}" if audience else safe_name(locale)


def _editions_bytes(editions: Sequence[RenderedEdition]) -> bytes:
    listed = sorted(editions, key=lambda edition: edition.name)
    return encoded(_EDITIONS_HEAD + "".join(f"\n[[editions]]\n{assignments(_edition_values(one))}" for one in listed))


def _edition_values(edition: RenderedEdition) -> dict[str, str]:
    html, text = _parts(edition).values()
    return {
        "locale": quoted(edition.locale),
        "audience": quoted(edition.audience) if edition.audience else "",
        "subject": quoted(edition.subject),
        "preheader": quoted(edition.preheader),
        "fingerprint": quoted(edition.fingerprint),
        "html_sha256": quoted(hashlib.sha256(html).hexdigest()),
        "text_sha256": quoted(hashlib.sha256(text).hexdigest()),
    }


def _edition(folder: Path, called: str, table: Table) -> RenderedEdition | None:
    table.check_keys(_EDITION_KEYS)
    locale, audience = safe_name(table.required("locale")), table.text("audience")
    name = _name(locale, audience)
    html = read_if_there(folder / f"{name}.html")
    text = read_if_there(folder / f"{name}.txt")
    if html is None or text is None:
        return None
    return RenderedEdition(
        locale=locale,
        audience=audience,
        subject=table.text("subject"),
        preheader=table.text("preheader"),
        html=_exactly(f"{called}/{name}.html", html),
        text=_exactly(f"{called}/{name}.txt", text),
    )


def _exactly(file: str, data: bytes) -> str:
    """Return the text that encodes to these very bytes: a byte order mark or a changed line end has to show."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise located(file, line, "the text is not UTF-8; delete the file and run `digest prepare` again") from error


def _approval(table: Table, issue_id: str) -> Approval:
    table.check_keys({"issue", "approved_by", "approved_at", "since", "how", "fingerprints"})
    if table.required("issue") != issue_id:
        raise table.wrong("issue", f"this approval is of another issue than {issue_id!r}; delete it and approve again")
    moment = table.moment("approved_at")
    if moment is None:
        raise table.wrong("approved_at", "'approved_at' is missing; delete this file and approve again")
    marks = table.pairs("fingerprints")
    if not marks or not all(_FINGERPRINT.fullmatch(mark) for _, mark in marks):
        raise table.wrong("fingerprints", "a fingerprint is not 64 hexadecimal digits; delete this file, approve again")
    return Approval(
        issue_id=issue_id,
        approved_by=table.required("approved_by"),
        approved_at=moment,
        since=table.moment("since"),
        how=table.choice("how", _HOW, "command"),
        fingerprints=tuple(sorted(marks)),
    )
