"""A real IMAP server (Dovecot) on loopback, one a session, where every test has a mailbox of its own."""

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
from dataclasses import dataclass, field
from pathlib import Path

PASSWORD = "pass-word"
NO_DOVECOT = "there is no Dovecot (Debian package dovecot-imapd)"
_SECONDS = 20
_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{base}/mail/%u
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
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={base}/home
}}
"""


@dataclass(slots=True, kw_only=True)
class Mailbox:
    """One user's mailbox, empty until something is delivered."""

    port: int
    root: Path
    user: str
    delivered: int = field(default=0)

    def url(self, folder: str = "INBOX", *, password: str = PASSWORD) -> str:
        return f"imap://{self.user}:{password}@127.0.0.1:{self.port}/{folder}"

    @property
    def maildir(self) -> Path:
        return self.root / self.user

    def deliver(self, mail: bytes, folder: str = "") -> None:
        """Put a mail into a folder as a delivery agent does; names sort as they came."""
        self.delivered += 1
        place = self.maildir / (f".{folder}" if folder else "")
        for name in ("cur", "new", "tmp"):
            (place / name).mkdir(parents=True, exist_ok=True)
        path = place / "new" / f"{self.delivered:05}.mail"
        path.write_bytes(mail.replace(b"\r\n", b"\n"))
        for one in (self.maildir, place, *place.iterdir(), path):
            _give(one)

    def files(self) -> list[Path]:
        """All mails of all folders."""
        return [path for path in self.maildir.rglob("*.mail*") if path.is_file()]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapServer:
    """A running server."""

    port: int
    root: Path

    def mailbox(self, user: str) -> Mailbox:
        """Return the mailbox of a user, who need not be known before."""
        return Mailbox(port=self.port, root=self.root, user=user)


def imap_program() -> str | None:
    """Return the path of Dovecot, or None."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


@contextmanager
def running_imap() -> Iterator[ImapServer]:
    """Start one; run as root it hands the mailboxes to nobody, so its folder is open to all."""
    with tempfile.TemporaryDirectory(prefix="digest-imap-") as folder:
        yield from _running(Path(folder))


def _owner() -> tuple[str, str]:
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    return user, grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, *_owner())


def _running(base: Path) -> Iterator[ImapServer]:
    user, group = _owner()
    for name in ("run", "state", "home", "mail"):
        (base / name).mkdir(parents=True, mode=0o755)
    for path in (base / "mail", base / "home"):
        _give(path)
    base.chmod(0o755)
    port = _free_port()
    config = base / "dovecot.conf"
    values = {"base": base, "port": port, "user": user, "group": group, "password": PASSWORD}
    config.write_text(_CONFIG.format(**values), encoding="utf-8")
    program = imap_program()
    assert program, NO_DOVECOT
    server = subprocess.Popen([program, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port, base / "log")
        yield ImapServer(port=port, root=base / "mail")
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
