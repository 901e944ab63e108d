"""`digest inspect pair | summary | text | locale`: one JSON line per input, in order, whatever the input."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from digest.cli.main import main

ARTICLE = (
    "Loneliness is common.\n\nWe asked 412 adults in a survey. Loneliness was associated\nwith poorer sleep. It may be linked"
    " to pain. The study can not show causes."
)


def asked(
    kind: str, lines: list[object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> list[dict[str, Any]]:
    said = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    assert main(["inspect", kind, "--batch", *words]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_pairs_are_answered_in_order_and_a_bad_one_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    glossary = tmp_path / "mine.csv"
    glossary.write_text("en,pt_BR,forbidden\ntrust,confiança,crédito\n", encoding="utf-8")
    pair = {"source_lang": "en", "target_lang": "pt-BR"}
    good, bad, broken, ours = asked(
        "pair",
        [
            {"source": "They met 12 times.", "target": "Eles se encontraram 12 vezes."} | pair,
            {"source": "They met 12 times.", "target": "Eles se encontraram 21 vezes."} | pair,
            "{",
            {"source": "Their trust grew.", "target": "O crédito deles cresceu."} | pair,
        ],
        monkeypatch,
        capsys,
        "--glossary",
        str(glossary),
    )
    assert good == {"findings": []}
    assert broken == {"error": "line 3 is not JSON"}
    found = bad["findings"][0]
    assert (found["check"], found["severity"]) == ("numbers", "error")
    assert (found["source_spans"], found["target_spans"]) == ([[9, 11]], [[20, 22]])
    assert "Write the number" in found["message"]
    assert found["messages"]["pt_BR"].endswith("Escreva o número do original.")
    assert [(one["check"], one["severity"]) for one in ours["findings"]] == [("glossary", "error")]


@pytest.mark.parametrize("line", [{"source": "a"}, {"source": 1, "target": "b"}, {}, [1], "5"])
def test_a_pair_without_its_fields_is_an_error_line(
    line: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked("pair", [line], monkeypatch, capsys)[0].keys() == {"error"}


def test_texts_tell_language_sentences_and_readability(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    english, spanish, empty = asked(
        "text",
        [{"text": "They met and they spoke. It was good."}, {"text": "Los niños no quieren comer."}, {"text": ""}],
        monkeypatch,
        capsys,
    )
    assert (english["language"], english["sentences"]) == ("en", ["They met and they spoke.", "It was good."])
    assert english["readability"]["band"] == "very easy"
    assert (spanish["language"], empty["language"], empty["sentences"]) == ("es", "und", [])
    file = tmp_path / "text.txt"
    file.write_text("Isso não é fácil para eles.", encoding="utf-8")
    assert main(["inspect", "text", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["language"] == "pt"


def test_locales_are_chosen_for_tags_and_headers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines: list[object] = [{"tag": "pt-PT"}, {"tag": "de"}, {"accept_language": "fr, pt;q=0.5"}, {"tag": None}]
    said = asked("locale", lines, monkeypatch, capsys)
    assert [line.get("locale", "error") for line in said] == ["pt_BR", "en", "pt_BR", "error"]
    assert main(["inspect", "locale", "pt_BR.UTF-8"]) == 0
    assert json.loads(capsys.readouterr().out)["locale"] == "pt_BR"


def test_a_summary_is_drafted_from_the_article_with_anchors_that_count_from_nought(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked("summary", [{"article": ARTICLE, "lang": "en"}], monkeypatch, capsys, "--sentences", "2")[0]
    sentences = [one for section in said["sections"] for one in section["sentences"]]
    assert len(sentences) == 2
    assert all(said["source_sentences"][one["anchors"][0]] == one["text"] for one in sentences)
    assert "The study can not show causes." in [one["text"] for one in sentences]


def test_a_given_summary_is_compared_and_its_spans_count_in_both_texts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = "Loneliness causes poorer sleep in 512 adults.\n\nLimitations\n\nThe study can not show causes."
    said = asked("summary", [{"article": ARTICLE, "summary": summary, "lang": "en"}], monkeypatch, capsys)[0]
    found = {one["check"]: one for one in said["findings"]}
    assert {"numbers_from_source", "causal_verbs"} <= found.keys()
    assert "limitations_present" not in found
    start, end = found["numbers_from_source"]["target_spans"][0]
    assert summary[start:end] == "512"
    start, end = found["causal_verbs"]["source_spans"][0]
    assert ARTICLE[start:end] == "associated"


def test_a_summary_in_sections_keeps_its_anchors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sections = [
        {"heading": "studies", "sentences": [{"text": "It was asked of 412 adults.", "anchors": [1]}, "It may hurt."]},
        {"heading": "limitations", "sentences": [{"text": "It can not show causes.", "anchors": [99]}]},
    ]
    said = asked("summary", [{"article": ARTICLE, "summary": sections, "lang": "en"}], monkeypatch, capsys)[0]
    assert said["sections"][0]["sentences"][0] == sections[0]["sentences"][0]
    assert ("anchored", "limitations/1") in {(one["check"], one["where"]) for one in said["findings"]}


@pytest.mark.parametrize(
    "summary",
    [5, [5], [{"heading": "x", "sentences": []}], [{"heading": "studies", "sentences": [5]}],
     [{"heading": "studies", "sentences": [{"text": "a", "anchors": ["1"]}]}]],
)  # fmt: skip
def test_a_summary_of_another_shape_is_an_error_line(
    summary: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = {"article": ARTICLE, "summary": summary, "lang": "en"}
    assert asked("summary", [line], monkeypatch, capsys)[0].keys() == {"error"}
