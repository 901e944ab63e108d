"""`digest prepare --estimate` and `digest models fetch`, as an author types them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import http_server as faults
from author_folder import Author, author_at_work
from model_mirror import FILES, RECORDS, listing, record, zstd


@pytest.fixture
def author(tmp_path: Path) -> Iterator[Author]:
    with author_at_work(tmp_path) as at_work:
        yield at_work


def set_engines(author: Author, text: str) -> None:
    path = author.folder / "digest.toml"
    head, _, rest = path.read_text(encoding="utf-8").partition("[engines]\n")
    path.write_text(f"{head}{text}\n[sender]\n{rest.partition('[sender]')[2]}", encoding="utf-8")


def test_an_estimate_says_the_cost_and_asks_nobody(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    def never(exchange: faults.Exchange) -> None:
        exchange.answer(b"{}")

    with faults.serving({"/v1/chat/completions": never}) as service:
        set_engines(
            author,
            f'[engines.openai_chat]\nmodel = "small"\nbase_url = "{service.url("/v1")}"\nallow_private_addresses = true\n'
            'price_in = 1\nprice_out = 4\n[engines.deepl]\nkey = "k:fx"\n',
        )
        assert author.digest("prepare", "--estimate") == 0
        said = capsys.readouterr().out.splitlines()
        assert service.asked == []

    assert said[-2].startswith("summaries by openai_chat:small: ")
    assert "about 0.0" in said[-2]
    assert said[-1].startswith("translations by deepl: ")
    assert said[-1].endswith("set its price in digest.toml to see the cost")
    assert not list(author.issue_folder().glob("*.po"))


def test_an_estimate_without_paid_engines_is_nothing(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert author.digest("prepare", "--estimate") == 0
    said = capsys.readouterr().out.splitlines()

    assert said[-2:] == ["summaries by extractive: no call, no cost", "translations by none: no call, no cost"]


def test_models_that_can_not_be_fetched_end_with_a_sentence(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    with faults.serving({}) as mirror:
        set_engines(author, f'[engines.local]\nmirror = "{mirror.url("")}"\n')
        assert author.digest("models", "fetch") == 6

    assert "could not be fetched" in capsys.readouterr().err


def test_models_are_fetched_from_a_mirror_and_a_broken_off_fetch_goes_on(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    back = {name.replace("enpt", "pten"): body for name, body in FILES.items()}
    theirs = [record(name, body, sourceLanguage="pt", targetLanguage="en") for name, body in back.items()]
    routes = {f"/files/{name}": faults.page(zstd(body)) for name, body in (FILES | back).items()}
    routes |= {"/records": listing(*RECORDS, *theirs), "/files/lex.50.50.pten.s2t.bin": faults.cut_off}
    with faults.serving(routes) as mirror:
        set_engines(author, f'[engines.local]\nmirror = "{mirror.url("")}"\n')
        assert author.digest("models", "fetch") == 6
        mirror.routes["/files/lex.50.50.pten.s2t.bin"] = faults.page(zstd(back["lex.50.50.pten.s2t.bin"]))
        assert author.digest("models", "fetch") == 0
        paths = [asked.path for asked in mirror.asked]

    said = capsys.readouterr().out.splitlines()
    assert [line.partition(",")[0] for line in said] == ["en-pt: already there", "pt-en: fetched version 3.1"]
    assert {paths.count(f"/files/{name}") for name in FILES} == {1}
    models = author.folder / ".digest" / "models"
    assert {path.name: path.read_bytes() for path in models.glob("*/*") if path.is_file()} == FILES | back


def test_what_has_no_words_is_drafted_by_a_service_once_and_waits(
    author: Author, capsys: pytest.CaptureFixture[str]
) -> None:
    def service(exchange: faults.Exchange) -> None:
        texts = json.loads(exchange.asked.body)["text"]
        answers = [{"text": "As palavras dela, que ninguém traduziu ainda."} for _ in texts]
        exchange.answer(json.dumps({"translations": answers}).encode())

    with faults.serving({"/v2/translate": service}) as running:
        address = running.url("")
        set_engines(author, f'[engines.deepl]\nkey = "k"\nbase_url = "{address}"\nallow_private_addresses = true\n')
        assert author.digest("prepare") == 0
        author.say_on_a_study("Her own words, which nobody has translated yet.")
        assert author.digest("prepare") == 0
        first = len(running.asked)
        assert author.digest("prepare") == 0
        assert len(running.asked) == first

    said = capsys.readouterr().out
    assert "translations by deepl: a key for DeepL is there" in said
    assert "drafted by deepl" in said
    written = (author.issue_folder() / "pt_BR.po").read_text(encoding="utf-8")
    assert "#. origin: deepl@" in written
    assert "#, fuzzy" in written
    pages = author.folder / "pages"
    assert author.digest("preview", "--static", str(pages)) == 0
    assert ">deepl</span>" in (pages / "status.html").read_text(encoding="utf-8")


def chat_service(*drafted: Mapping[str, object]) -> faults.Route:
    def answer(exchange: faults.Exchange) -> None:
        said = {"limitations": list(drafted), "studies": [], "implications": []}
        body = {"choices": [{"message": {"content": json.dumps(said)}, "finish_reason": "stop"}]}
        exchange.answer(json.dumps(body).encode())

    return answer


ARTICLE = "We asked 308 adults about close ties. All of them were volunteers, so this may not hold for others."


def test_a_summary_is_inspected_as_an_engine_drafts_it(
    author: Author, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "article.json"
    path.write_text(json.dumps({"article": ARTICLE, "lang": "en"}), encoding="utf-8")
    drafted = {
        "text": "In this study all of the adults were volunteers, so it may not hold for others.",
        "anchors": ["s2"],
    }
    with faults.serving({"/v1/chat/completions": chat_service(drafted, drafted)}) as service:
        address = service.url("/v1")
        set_engines(
            author,
            f'[engines.openai_chat]\nmodel = "small"\nbase_url = "{address}"\nallow_private_addresses = true\n',
        )
        (author.folder / "style.en.md").write_text("- Never say utilise.", encoding="utf-8")
        capsys.readouterr()
        assert author.digest("inspect", "--engine", "openai_chat", "--sentences", "1", "summary", str(path)) == 0
        assert b"Never say utilise" in service.asked[0].body

    said = json.loads(capsys.readouterr().out)
    assert said["engine"] == "openai_chat:small"
    assert said["sections"] == [{"heading": "limitations", "sentences": [{"text": drafted["text"], "anchors": [1]}]}]


def test_an_engine_that_fails_is_an_error_line(
    author: Author, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "article.json"
    path.write_text(json.dumps({"article": ARTICLE, "lang": "en"}), encoding="utf-8")
    with faults.serving({"/v1/chat/completions": faults.status("401 Unauthorized")}) as service:
        address = service.url("/v1")
        set_engines(
            author,
            f'[engines.openai_chat]\nmodel = "small"\nbase_url = "{address}"\nallow_private_addresses = true\n',
        )
        capsys.readouterr()
        assert author.digest("inspect", "--engine", "auto", "summary", str(path)) == 6

    assert json.loads(capsys.readouterr().out)["error"].startswith("openai_chat:small")


def test_an_engine_that_is_not_set_up_is_named(author: Author, capsys: pytest.CaptureFixture[str]) -> None:
    assert author.digest("inspect", "summary", "--engine", "anthropic", "--batch") == 2
    assert "anthropic needs a model" in capsys.readouterr().err
