"""A real IMAP server (Dovecot) with a mailbox of its own, on loopback, for as long as a test needs it."""

import getpass
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

NO_IMAP_SERVER = "there is no Dovecot (Debian package dovecot-imapd)"
_SECONDS = 20
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{base}/mail
first_valid_uid = 0
first_valid_gid = 0
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
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
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/mail
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """Where it is, and what lies in its mailbox."""

    url: str
    maildir: Path

    def deliver(self, message: bytes, *, name: str) -> None:
        """Put a message into the mailbox, as a delivery agent would."""
        path = self.maildir / "new" / f"{name}.test"
        path.write_bytes(message.replace(b"\r\n", b"\n"))
        path.chmod(0o644)


def imap_program() -> str | None:
    """Return the path of Dovecot, or None."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def running_imap() -> Iterator[ImapServer]:
    """Start one with an empty mailbox; run as root it hands the mailbox to nobody, so its folder is open to all."""
    with tempfile.TemporaryDirectory(prefix="digest-imap-") as folder:
        yield from _running(Path(folder))


def _running(base: Path) -> Iterator[ImapServer]:
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
    for name in ("run", "state", "mail/new", "mail/cur", "mail/tmp"):
        (base / name).mkdir(parents=True, mode=0o755)
    if os.geteuid() == 0:
        for path in (base / "mail", *(base / "mail").iterdir()):
            shutil.chown(path, user, group)
        base.chmod(0o755)
    port = _free_port()
    config = base / "dovecot.conf"
    config.write_text(_CONFIG.format(base=base, port=port, user=user, group=group), encoding="utf-8")
    program = imap_program()
    assert program, NO_IMAP_SERVER
    server = subprocess.Popen([program, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, base / "log")
        yield ImapServer(url=f"imap://reader:secret@127.0.0.1:{port}/INBOX", maildir=base / "mail")
    finally:
        server.terminate()
        server.wait(_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, log: Path) -> None:
    for _ in range(_SECONDS * 20):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            if connection.recv(4) == b"* OK":
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8") if log.exists() else "Dovecot did not start")
