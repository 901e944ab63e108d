"""Other people's judges of a mail: the Nu checker and SpamAssassin find nothing that is ours."""

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from digest.text.mime import message_template
from golden_editions import golden
from golden_issue import GOLDEN_NEWSLETTER
from npm_packages import package, program

# The compiler's own: namespaces and properties for Outlook, and one attribute that it writes where a style is meant.
ENGINE = re.compile(r"“xmlns:[vo]” not allowed|“mso-[a-z-]+”|“vertical-align” not allowed on element “td”")
RECEIVED = (
    "Received: from mail.example.org (mail.example.org [93.184.216.34]) by mx.example.net with ESMTPS id 1;"
    " Thu, 26 Nov 2026 07:00:05 +0000\r\n"
)


def nu_errors(*pages: Path) -> list[str]:
    jar = package("vnu-jar", "build", "dist", "vnu.jar")
    java = program("java", "default-jre-headless")
    # One thread's stack, and no second compiler: the start is most of what it costs.
    command = [java, "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", str(jar), "--format", "json", "--exit-zero-always"]
    done = subprocess.run([*command, *map(str, pages)], capture_output=True, text=True, check=True)
    messages = json.loads(done.stderr)["messages"]
    return [f"{one['message']} {one.get('extract', '')[:80]}" for one in messages if one["type"] == "error"]


def test_the_nu_checker_finds_only_what_the_compiler_writes_for_outlook(tmp_path: Path) -> None:
    pages = [tmp_path / f"{edition.name}.html" for edition in golden().editions]
    for path, edition in zip(pages, golden().editions, strict=True):
        path.write_text(edition.html, encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><html lang=en><title>a</title><p id=a>b</i><p id=a>", encoding="utf-8")
    errors = [one for one in nu_errors(*pages, broken) if not ENGINE.search(one)]

    assert len(errors) == 2, errors
    assert "Stray end tag “i”" in errors[0]
    assert "Duplicate ID “a”" in errors[1]


def test_spamassassin_gives_no_points() -> None:
    (edition,) = (one for one in golden().editions if one.name == "pt_BR")
    template = message_template(edition, GOLDEN_NEWSLETTER, "2026-11-26")
    letter = template.message(
        recipient="reader@example.net", token="0" * 32, date=datetime(2026, 11, 26, 7, tzinfo=UTC)
    )
    command = [program("spamassassin", "spamassassin"), "--local", "--test-mode"]
    done = subprocess.run(command, input=RECEIVED.encode() + letter, capture_output=True, check=False)
    report = done.stdout.decode("utf-8", "replace").rpartition("Content analysis details:")[2]
    points = re.search(r"\((-?[\d.]+) points", report)

    assert points, done.stderr.decode("utf-8", "replace")[-500:]
    assert float(points[1]) <= 0, report
