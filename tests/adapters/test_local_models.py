"""The local engine's models: fetched once from a mirror, verified, and used without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import http_server as faults
from digest.adapters.engines.local import FirefoxTranslations, ModelMissingError, has_models, load_model
from digest.adapters.engines.local_fetch import fetch_models, newest
from digest.adapters.http import HttpClient
from digest.errors import EngineError
from digest.models.engine import EngineFailure, Translated
from fakes_engines import LINK, PhraseModel, asked, local_engine
from model_mirror import FILES, RECORDS, listing, record, zstd

PAIR = [("en", "pt")]


@pytest.fixture
def mirror() -> Iterator[faults.FaultServer]:
    routes = {f"/files/{name}": faults.page(zstd(body)) for name, body in FILES.items()}
    with faults.serving({"/records": listing(*RECORDS), **routes}) as running:
        yield running


def fetched(mirror: faults.FaultServer, folder: Path) -> tuple[str, ...]:
    client = HttpClient(user_agent="digest/test", allow_private_addresses=True, total_timeout=1.0)
    return fetch_models(client, folder, PAIR, mirror=mirror.url(""))


def test_models_are_fetched_verified_and_then_left_alone(mirror: faults.FaultServer, tmp_path: Path) -> None:
    assert not has_models(tmp_path)
    assert fetched(mirror, tmp_path)[0].startswith("en-pt: fetched version 3.1")
    assert {path.name: path.read_bytes() for path in (tmp_path / "en-pt").iterdir()} == FILES
    assert has_models(tmp_path)

    before = len(mirror.asked)
    assert fetched(mirror, tmp_path) == ("en-pt: already there, version 3.1",)
    assert len(mirror.asked) == before + 1


def test_a_newer_model_takes_the_place_of_the_older(mirror: faults.FaultServer, tmp_path: Path) -> None:
    (tmp_path / "en-pt").mkdir()
    (tmp_path / "en-pt" / "model.enpt.old.bin").write_bytes(b"old")

    fetched(mirror, tmp_path)

    assert {path.name for path in (tmp_path / "en-pt").iterdir()} == set(FILES)


@pytest.mark.parametrize(
    ("path", "route", "told"),
    [
        ("/files/vocab.enpt.spm", faults.page(zstd(b"other words")), "damaged"),
        ("/files/vocab.enpt.spm", faults.page(b"no zstd"), "damaged"),
        ("/files/vocab.enpt.spm", faults.status("404 Not Found"), "could not be fetched"),
        ("/files/vocab.enpt.spm", faults.cut_off, "could not be fetched"),
        ("/files/vocab.enpt.spm", faults.silent, "could not be fetched"),
        ("/records", faults.page(b"<html>"), "can not be read"),
        ("/records", faults.status("503 Unavailable"), "could not be fetched"),
        ("/records", listing(), "no model for en-pt"),
        ("/records", listing(*RECORDS[:1]), "no model for en-pt"),
        ("/records", listing(*(one | {"name": "../../x"} for one in RECORDS)), "no model for en-pt"),
    ],
)
def test_half_a_model_or_another_one_is_never_used_and_the_next_fetch_goes_on_where_it_stopped(
    mirror: faults.FaultServer, tmp_path: Path, path: str, route: faults.Route, told: str
) -> None:
    well = mirror.routes[path]
    mirror.routes[path] = route

    with pytest.raises(EngineError, match=told):
        fetched(mirror, tmp_path)
    assert list(tmp_path.glob("*/*.*")) == []
    assert not has_models(tmp_path)
    kept = [file.name for file in tmp_path.rglob("*.*")]
    assert "vocab.enpt.spm" not in kept

    mirror.routes[path] = well
    before = len(mirror.asked)
    fetched(mirror, tmp_path)
    assert len(mirror.asked) - before == 1 + len(FILES) - len(kept)
    assert {file.name: file.read_bytes() for file in (tmp_path / "en-pt").iterdir()} == FILES


def test_a_file_that_was_damaged_on_this_machine_is_fetched_again(mirror: faults.FaultServer, tmp_path: Path) -> None:
    fetched(mirror, tmp_path)
    (tmp_path / "en-pt" / "vocab.enpt.spm").write_bytes(b"wor")

    assert "fetched version 3.1" in fetched(mirror, tmp_path)[0]
    assert {file.name: file.read_bytes() for file in (tmp_path / "en-pt").iterdir()} == FILES
    assert len([asked for asked in mirror.asked if "model" in asked.path]) == 1


def test_a_folder_that_can_not_be_written_is_told_with_another_choice(
    mirror: faults.FaultServer, tmp_path: Path
) -> None:
    (tmp_path / "en-pt").write_bytes(b"a file where the folder should be")
    with pytest.raises(EngineError, match="Choose another folder"):
        fetched(mirror, tmp_path)


def test_the_newest_version_that_can_be_read_is_chosen() -> None:
    def flat(**changes: str) -> list[dict[str, str | None]]:
        return [{k: str(v) for k, v in (record(name, body, **changes)).items()} for name, body in FILES.items()]

    records = [*flat(version="3.0"), *flat(version="3.10"), *flat(version="3.9"), *flat(version="4.0")]
    assert {one["version"] for one in newest([*records, *flat(version="3.11a1")], "en", "pt")} == {"3.10"}
    assert newest(records, "pt", "en") == ()


def test_a_missing_or_broken_model_is_told_with_what_to_do(tmp_path: Path) -> None:
    engine = FirefoxTranslations(load_model(tmp_path), release="0.5.0")
    [missing] = engine.translate([asked("Hello.")])
    for name, body in FILES.items():
        (tmp_path / "en-pt").mkdir(exist_ok=True)
        (tmp_path / "en-pt" / name).write_bytes(body)
    [broken] = engine.translate([asked("Hello.")])

    assert isinstance(missing, EngineFailure)
    assert isinstance(broken, EngineFailure)
    assert "not on this machine" in missing.reason
    assert "can not be used" in broken.reason
    assert "digest models fetch" in missing.mend
    (tmp_path / "en-pt" / "vocab.enpt.spm").unlink()
    with pytest.raises(ModelMissingError, match="not complete"):
        load_model(tmp_path)("en", "pt")


def test_links_stay_outside_what_the_model_sees() -> None:
    seen: list[str] = []

    class Watched(PhraseModel):
        def translate(self, text: str) -> str:
            seen.append(text)
            return super().translate(text)

    engine = FirefoxTranslations(lambda *_: Watched(), release="0.5.0")
    [result] = engine.translate([asked(f"The study is at {LINK}.", LINK)])

    assert isinstance(result, Translated)
    assert [draft.text for draft in result.drafts] == [f"O estudo está em {LINK}."]
    assert seen == ["The study is at"]


def test_a_model_that_cuts_or_repeats_the_source_gives_no_draft() -> None:
    long = "Nobody knows this sentence, which is rather long and holds much about loneliness and sleep in old age."
    [result] = local_engine().translate([asked(long)])

    assert isinstance(result, Translated)
    assert result.drafts == ()
    assert "untranslated" in result.notes[0]


@pytest.mark.online
def test_a_real_model_translates_after_one_fetch(tmp_path: Path) -> None:
    client = HttpClient(user_agent="digest/test", total_timeout=600.0)
    fetch_models(client, tmp_path, PAIR)
    engine = FirefoxTranslations(load_model(tmp_path), release="0.5.0")

    [result] = engine.translate([asked("Loneliness may raise the risk of early death.")])

    assert isinstance(result, Translated)
    assert "solidão" in result.drafts[0].text.lower()
