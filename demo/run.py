"""`make demo`: the real main job on the example site, through the commands an author would type."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import tomli_w
from babel.messages.pofile import read_po, write_po

from site_server import serving

HERE = Path(__file__).resolve().parent
OUT = Path(os.environ.get("DIGEST_DEMO_OUT", HERE / "out")).resolve()
AUTHOR = OUT / "author"
USUAL_PORT = 8731


def main() -> int:
    """Run the whole story and say where to look."""
    OUT.mkdir(parents=True, exist_ok=True)
    port_file = OUT / "port"
    port = int(port_file.read_text(encoding="ascii")) if port_file.exists() else USUAL_PORT
    try:
        server = serving(HERE / "site", port)
        with server as used:
            port_file.write_text(str(used), encoding="ascii")
            return tell(f"http://127.0.0.1:{used}")
    except OSError as error:
        if AUTHOR.exists():
            print(f"demo: port {port} is taken ({error.strerror}). Stop what uses it, or run `make demo-clean`.")
            return 2
        with serving(HERE / "site", 0) as used:
            port_file.write_text(str(used), encoding="ascii")
            return tell(f"http://127.0.0.1:{used}")


def tell(base: str) -> int:
    """Prepare, let the author write, preview, approve and write the mails."""
    first = not AUTHOR.exists()
    if first:
        make_author_folder(base)
        digest("subscribers", "import", str(AUTHOR / "subscribers.csv"))
    digest("prepare")
    issue = newest_issue()
    if first:
        heading("The author writes her own words on one study, in both languages")
        write_words(issue)
        digest("prepare", "--issue", issue)
        translate_words(issue)
        digest("prepare", "--issue", issue)
    digest("review", issue)
    digest("preview", issue, "--static", str(OUT / "preview"))
    digest("approve", issue)
    digest("send", issue, "--dry-run", "--out", str(OUT / "mail"))
    where_to_look(issue)
    return 0


def make_author_folder(base: str) -> None:
    """Copy the example author's folder, with the address of the example site."""
    heading("Making the example author's folder")
    shutil.copytree(HERE / "author", AUTHOR)
    for path in AUTHOR.rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"@BASE@", base.encode()))


def digest(*words: str) -> None:
    """Run one command, shown as a user would type it."""
    heading("digest " + " ".join(relative(word) for word in words))
    command = [sys.executable, "-m", "digest", "--folder", str(AUTHOR), *words]
    finished = subprocess.run(command, check=False)  # noqa: S603 - our own program with our own arguments
    if finished.returncode:
        print(f"demo: the command ended with exit code {finished.returncode}")
        raise SystemExit(finished.returncode)


def relative(word: str) -> str:
    """Show paths below the checkout as a user sees them."""
    path = Path(word)
    return str(path.relative_to(HERE.parent)) if path.is_relative_to(HERE.parent) else word


def newest_issue() -> str:
    """The issue that `prepare` made, from the public status."""
    command = [sys.executable, "-m", "digest", "--folder", str(AUTHOR), "status", "--json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own program
    return str(json.loads(answer)[-1]["issue"])


def author_words() -> tuple[str, list[dict[str, str]]]:
    """The DOI of the study and the sentences she types."""
    values = tomllib.loads((AUTHOR / "author-words.toml").read_text(encoding="utf-8"))
    return values["doi"], values["words"]


def write_words(issue: str) -> None:
    """Type her sentences into issue.toml, as she would in an editor."""
    doi, words = author_words()
    path = AUTHOR / "issues" / issue / "issue.toml"
    values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    for story in values["stories"]:
        if story.get("doi") == doi:
            story["sections"] = [{"heading": "words", "sentences": [word["en"] for word in words]}]
            print(f"  written under {story['title']!r}")
    path.write_text(tomli_w.dumps(values, multiline_strings=True), encoding="utf-8")


def translate_words(issue: str) -> None:
    """Type their Portuguese into pt_BR.po, as she would in Poedit."""
    _, words = author_words()
    portuguese = {word["en"]: word["pt_BR"] for word in words}
    path = AUTHOR / "issues" / issue / "pt_BR.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="pt_BR")
    for message in catalogue:
        if message.id in portuguese:
            message.string = portuguese[message.id]
            message.flags.discard("fuzzy")
    with path.open("wb") as file:
        write_po(file, catalogue, width=0)


def heading(text: str) -> None:
    """Set a step apart."""
    print(f"\n== {text}", flush=True)


def where_to_look(issue: str) -> None:
    """Print the paths and how to look at them."""
    heading("Look at the result")
    mails = sorted((OUT / "mail").glob("*.eml"))
    print(f"  preview   {relative(str(OUT / 'preview' / 'index.html'))}   open it in a browser")
    print(f"  mails     {relative(str(OUT / 'mail'))}/*.eml   {len(mails)} files; open them in a mail program")
    print(f"  issue     {relative(str(AUTHOR / 'issues' / issue))}   issue.toml and pt_BR.po are yours to edit")
    print("  again     `make demo` finds nothing new; `make demo-clean` starts afresh")


if __name__ == "__main__":
    sys.exit(main())
