"""A whole Postfix of one's own: TLS on 465 style and STARTTLS ports, login through Dovecot, everything relayed to a sink."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from imap_server import NO_DOVECOT, PASSWORD
from postfix import free_port, kept, stopped, wait_for
from unpacked import NO_PACKAGES, UNPACKED, unpacked_environment

USER = "letters@example.org"
_FOLDERS = ("active bounce corrupt defer deferred flush hold incoming maildrop pid private public saved trace").split()
_MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
daemon_directory = {programs}
command_directory = {commands}
shlib_directory = no
meta_directory = {home}/conf
mail_owner = daemon
setgid_group = games
default_privs = nobody
import_environment = MAIL_CONFIG MAIL_LOGTAG TZ LANG=C LD_LIBRARY_PATH
export_environment = TZ LANG=C LD_LIBRARY_PATH
maillog_file = {home}/log
maillog_file_prefixes = {home}
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
default_transport = smtp:[127.0.0.1]:{onward}
smtp_tls_security_level = none
smtp_dns_support_level = disabled
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {certificate}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = unix:{home}/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
"""
_MASTER = """
127.0.0.1:{submission} inet n - n - - smtpd
127.0.0.1:{submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
_AUTH = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/auth.log
protocols =
ssl = no
default_internal_user = daemon
default_internal_group = daemon
default_login_user = nobody
stats_writer_socket_path =
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
service anvil {{
  chroot =
}}
service auth {{
  unix_listener {home}/auth {{
    mode = 0666
  }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running Postfix and the folder in which what it relays is kept."""

    submission: int
    submissions: int
    kept: Path
    log: Path


@contextmanager
def running_postfix(certificate: Path) -> Iterator[Server]:
    """Serve submission until the block ends; `certificate` holds key and certificate in PEM."""
    programs = UNPACKED / "usr/lib/postfix/sbin"
    if not (programs / "master").exists() or os.geteuid() != 0:
        pytest.skip(NO_PACKAGES)
    if not Path("/usr/sbin/dovecot").exists():
        pytest.skip(NO_DOVECOT)
    home = Path(tempfile.mkdtemp(prefix="digest-postfix-"))
    home.chmod(0o755)
    submission, submissions = free_port(), free_port()
    try:
        with kept() as (onward, folder):
            _lay_out(home)
            values = {
                "home": home,
                "programs": programs,
                "commands": UNPACKED / "usr/sbin",
                "onward": onward,
                "certificate": certificate,
                "submission": submission,
                "submissions": submissions,
                "password": PASSWORD,
            }
            (home / "conf/main.cf").write_text(_MAIN.format(**values))
            (home / "conf/master.cf").write_text(_MASTER.format(**values))
            (home / "auth.conf").write_text(_AUTH.format(**values))
            environment = {**unpacked_environment(), "MAIL_CONFIG": str(home / "conf")}
            auth = ["/usr/sbin/dovecot", "-F", "-c", str(home / "auth.conf")]
            master = [str(programs / "master"), "-d", "-c", str(home / "conf")]
            with (
                subprocess.Popen(auth) as login,
                stopped(login),
                subprocess.Popen(master, env=environment) as server,
                stopped(server),
            ):
                wait_for(submission)
                wait_for(submissions)
                yield Server(submission=submission, submissions=submissions, kept=folder, log=home / "log")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _lay_out(home: Path) -> None:
    for name in ("conf", "data", "run", "state", "queue"):
        (home / name).mkdir()
    for name in _FOLDERS:
        (home / "queue" / name).mkdir()
    for name in ("data", *(f"queue/{name}" for name in _FOLDERS if name != "pid")):
        shutil.chown(home / name, "daemon", "daemon")
