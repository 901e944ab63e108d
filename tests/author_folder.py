"""An author's folder on the example site, for tests that type commands."""

import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from digest.cli.main import main
from site_server import serving

DEMO = Path(__file__).parents[1] / "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Her folder, and the site it reads."""

    folder: Path
    site: Path

    def digest(self, *words: str) -> int:
        """Type one command and return its exit code."""
        return main(["--folder", str(self.folder), *words])

    def copied(self, place: Path) -> "Author":
        """Return the same folder elsewhere, for a test of its own; the site stays shared and is left as it is."""
        shutil.copytree(self.folder, place / "author")
        return Author(folder=place / "author", site=self.site)

    def issue_folder(self) -> Path:
        """The newest issue's folder."""
        return max(path for path in (self.folder / "issues").iterdir() if path.is_dir())

    @property
    def issue(self) -> str:
        """The newest issue's name."""
        return self.issue_folder().name

    def say_on_a_study(self, sentence: str) -> None:
        """Type her own words under the last story, which is somebody else's study."""
        path = self.issue_folder() / "issue.toml"
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        values["stories"][-1]["sections"] = [{"heading": "words", "sentences": [sentence]}]
        path.write_text(tomli_w.dumps(values), encoding="utf-8")

    def fill_in(self) -> None:
        """Translate every open sentence of the newest issue, as a person would."""
        from babel.messages.pofile import read_po, write_po

        path = self.issue_folder() / "pt_BR.po"
        with path.open("rb") as file:
            catalogue = read_po(file, locale="pt_BR")
        for message in catalogue:
            if message.id and not message.string:
                message.string = "Uma frase escrita pela autora."
                message.flags.discard("fuzzy")
        with path.open("wb") as file:
            write_po(file, catalogue, width=0)


@contextmanager
def author_at_work(place: Path) -> Iterator[Author]:
    """Serve a copy of the example site and make a folder that reads it."""
    site = place / "site"
    shutil.copytree(DEMO / "site", site)
    with serving(site, 0) as port:
        folder = place / "author"
        shutil.copytree(DEMO / "author", folder)
        for path in folder.rglob("*"):
            if path.is_file():
                path.write_bytes(path.read_bytes().replace(b"@BASE@", f"http://127.0.0.1:{port}".encode()))
        yield Author(folder=folder, site=site)
