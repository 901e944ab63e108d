"""An issue is translated and mended in an editor of PO files, and what happens is what the design says."""

from pathlib import Path

import pytest

from author_folder import author_at_work
from digest.adapters.stores.issue_po import read_po_file
from po_tools import gettext, weblate


@pytest.mark.no_cover
def test_what_an_editor_of_po_files_settles_is_approved_and_what_it_changes_later_asks_again(tmp_path: Path) -> None:
    with author_at_work(tmp_path) as author:
        assert author.digest("prepare") == 0
        file = author.issue_folder() / "pt_BR.po"

        def keys(*states: str) -> list[str]:
            return [one.key for one in read_po_file("pt_BR.po", file.read_bytes()).segments if one.state in states]

        def edited(*names: str, words: str) -> None:
            after = tmp_path / "after.po"
            gettext("msgcat", "--width=79", f"-o{after}", str(file))
            weblate(after, after, *names, words=words)
            after.replace(file)

        open_ones = keys("untranslated", "draft", "needs_edit")
        assert open_ones
        edited(*open_ones, words="Uma frase escrita pela autora.")
        assert author.digest("prepare") == 0
        assert keys("untranslated", "draft", "needs_edit") == []
        assert author.digest("approve", author.issue) == 0
        # Our form again: one sentence a line, nothing of the editor's own.
        assert b"X-Generator" not in file.read_bytes()

        edited(open_ones[-1], words="Palavras dela.")
        assert author.digest("send", author.issue, "--dry-run") == 3
        assert author.digest("prepare") == 0
        assert "Palavras dela." in (author.issue_folder() / "rendered" / "pt_BR.txt").read_text("utf-8")
        assert author.digest("approve", author.issue) == 0
