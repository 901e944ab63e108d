"""A third language needs a folder in `locales/` and nothing else: proved with French, which is not shipped."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import catalogue_tool

# The source is read here, and run in another process.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
FRENCH = {
    "The studies": "Les études",
    "Read the full post": "Lire l’article complet",
    "Read in %(language)s": "Lire en %(language)s",
    "By %(author)s, %(date)s": "Par %(author)s, le %(date)s",
    "Unsubscribe": "Se désabonner",
}
SCRIPT = """
import json, sys
from dataclasses import replace
from digest.adapters.rendering.editions import TemplateEditionWriter
from digest.adapters.rendering.mjml import MrmlCompiler
from digest.i18n import choose_locale, known_locales
from digest.resources import resource_dir
from digest.stages.render import render
from golden_issue import GOLDEN_ISSUE, GOLDEN_NEWSLETTER, GOLDEN_SEGMENTS
writer = TemplateEditionWriter([resource_dir("templates")], MrmlCompiler())
newsletter = replace(GOLDEN_NEWSLETTER, locales=("pt_BR", "en", "fr"))
issue = replace(GOLDEN_ISSUE, send_untranslated=("fr",))
outcome = render(issue, GOLDEN_SEGMENTS, newsletter, writer, locales=newsletter.locales)
texts = {edition.name: (edition.html, edition.text) for edition in outcome.editions}
locales = known_locales(resource_dir("locales"))
print(json.dumps([texts, locales, choose_locale("fr-CA", locales)]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project with one more folder."""
    for name in ("src", "templates", "locales"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    template = catalogue_tool.extracted(ROOT)
    french = Catalog(locale="fr", fuzzy=False)
    for message in template:
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else [str(form) for form in message.id]
            said = tuple(FRENCH.get(form, f"[fr] {form}") for form in forms)
            french.add(message.id, said if message.pluralizable else said[0], context=message.context)
    path = tmp_path / "locales" / "fr" / "LC_MESSAGES" / "digest.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, french)
    return tmp_path


def test_a_third_language_needs_a_folder_and_nothing_else(project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(project / "src"), str(ROOT / "tests")])}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, env=environment, check=True, cwd=project
    )
    texts, locales, chosen = json.loads(done.stdout)
    html, text = texts["fr"]

    assert (locales, chosen) == (["en", "fr", "pt_BR"], "fr")
    assert '<html lang="fr" dir="ltr"' in html
    assert "Par Ana Example, le 20 novembre 2026" in text
    assert "LES ÉTUDES" in text
    assert '<span lang="en" dir="ltr">Close ties' in html
    assert '<span lang="fr" dir="ltr">Lire en français</span>' in texts["pt_BR"][0]
    assert "Lire en français:\nhttps://letters.example.org/2026-11-26/fr.html" in texts["en"][1]


def test_the_gate_of_the_catalogues_holds_the_third_language_too(project: Path) -> None:
    shutil.copy(ROOT / "babel.cfg", project)
    path = project / "locales" / "fr" / "LC_MESSAGES" / "digest.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="fr")
    catalogue.delete("Unsubscribe")
    with path.open("wb") as file:
        write_po(file, catalogue)
    assert catalogue_tool.check(project) == ["fr: 'Unsubscribe': missing"]
