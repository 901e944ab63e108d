"""The list of issues and the status page as plain files beside the static preview: no server, no script, no address."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime

from digest.desk.room import Room
from digest.resources import resource_dir
from digest.web.asking import Ask
from digest.web.front_page import front_values
from digest.web.sitting import Sitting
from digest.web.status_page import status_values


def static_pages(room: Room, issue_id: str, interface: str, *, now: Callable[[], datetime]) -> dict[str, bytes]:
    """Return `issues.html` and `status.html`; `issue_id` is the one that lies beside them as `index.html`.

    Raises StorageError where the list of readers, of which they show counts, can not be opened.
    """
    from markupsafe import Markup

    sitting = Sitting(room=room, token="", now=now, templates=resource_dir("templates"), interface=interface)
    # Ours, without a place for anybody's text; and the policy names its hash, so it has to stay as it is.
    style = Markup((resource_dir("templates") / "author" / "desk.css").read_text(encoding="utf-8").strip())  # noqa: S704
    static = {
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "issue_id": issue_id,
    }
    pages = {
        "issues.html": ("author/issues.html", front_values(sitting, everything=True)),
        "status.html": ("author/status.html", status_values(sitting)),
    }
    return {
        name: sitting.html(template, _ask(name, interface), {**values, "static": static}).encode("utf-8", "replace")
        for name, (template, values) in pages.items()
    }


def _ask(address: str, interface: str) -> Ask:
    return Ask(path={}, query={}, form={}, interface=interface, address=address, by_script=False)
