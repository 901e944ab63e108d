"""Dovecot of one's own: one user, one Maildir, IMAP on 127.0.0.1."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from postfix import free_port, stopped, wait_for

PASSWORD = "pass-word"
NO_DOVECOT = "no Dovecot (Debian: apt install dovecot-imapd)"
_OWNER = "nobody"
_SETTINGS = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
ssl = no
disable_plaintext_auth = no
listen = 127.0.0.1
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
first_valid_uid = 1
mail_location = maildir:{home}/mail
stats_writer_socket_path =
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={home}/user
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Mailbox:
    """A running server and the folder where its mails lie."""

    port: int
    home: Path
    delivered: int = field(default=0)

    def url(self, folder: str = "", *, password: str = PASSWORD) -> str:
        return f"imap://author%40example.org:{password}@127.0.0.1:{self.port}/{folder}"

    def deliver(self, mail: bytes, folder: str = "") -> None:
        """Put a mail into a folder as a delivery agent does."""
        self.delivered += 1
        place = self.home / "mail" / (f".{folder}" if folder else "")
        for name in ("cur", "new", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True)
        path = place / "new" / f"{self.delivered}.mail"
        path.write_bytes(mail.replace(b"\r\n", b"\n"))
        _give(self.home / "mail")


@contextmanager
def running_dovecot() -> Iterator[Mailbox]:
    """Serve one mailbox until the block ends."""
    program = Path("/usr/sbin/dovecot")
    if not program.exists() or os.geteuid() != 0:
        pytest.skip(NO_DOVECOT)
    home, port = Path(tempfile.mkdtemp(prefix="digest-imap-")), free_port()
    home.chmod(0o755)
    for name in ("mail/cur", "mail/new", "mail/tmp", "user", "run", "state"):
        (home / name).mkdir(parents=True)
    values = {
        "home": home,
        "owner": _OWNER,
        "group": "nogroup",
        "password": PASSWORD,
        "port": port,
    }
    (home / "conf").write_text(_SETTINGS.format(**values))
    _give(home / "mail")
    _give(home / "user")
    command = [str(program), "-F", "-c", str(home / "conf")]
    try:
        with subprocess.Popen(command) as server, stopped(server):
            wait_for(port)
            yield Mailbox(port=port, home=home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _give(folder: Path) -> None:
    shutil.chown(folder, _OWNER, "nogroup")
    for path in folder.rglob("*"):
        shutil.chown(path, _OWNER, "nogroup")
