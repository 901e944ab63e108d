"""DeepL: what it is told beside the sentences."""

import json
from collections.abc import Iterator

import pytest

import http_server as faults
from digest.models.engine import Term, Translated
from fakes_engines import DEEPL, KEY, SENTENCES, Service, asked, deepl

TERMS = (Term(source="attachment", target="apego"), Term(source="loneliness", target="solidão"))
OURS = "digest-en-pt-"


@pytest.fixture
def service() -> Iterator[Service]:
    with DEEPL.serving() as running:
        yield running


def with_glossaries(service: Service, *names: str) -> None:
    """The glossaries of an account, by name; ids are `id-` and the place."""

    def route(exchange: faults.Exchange) -> None:
        known = [{"name": name, "glossary_id": f"id-{number}"} for number, name in enumerate(names)]
        made = {"glossary_id": "id-new"}
        post = exchange.asked.method == "POST"
        exchange.answer(
            json.dumps(made if post else {"glossaries": known}).encode(), status="201 Created" if post else "200 OK"
        )

    service.server.routes["/v3/glossaries"] = route
    for number in range(len(names)):
        service.server.routes[f"/v3/glossaries/id-{number}"] = faults.status("204 No Content")


def calls(service: Service) -> list[str]:
    return [f"{one.method} {one.path}" for one in service.server.asked]


def test_brazilian_portuguese_is_named_and_placeholders_are_left_alone(service: Service) -> None:
    DEEPL.engine(service).translate([asked(*SENTENCES)])

    [sent] = service.sent
    assert (sent["source_lang"], sent["target_lang"], sent["tag_handling"]) == ("EN", "PT-BR", "xml")
    assert sent["text"][1] == "The study is at <x>{c1}</x>."
    assert sent["text"][3] == "The two trials agree &amp; differ &lt;somewhat&gt;."
    assert "glossary_id" not in sent


def test_the_glossary_is_pushed_when_it_changes_and_the_old_one_goes(service: Service) -> None:
    with_glossaries(service, f"{OURS}0123456789ab", "somebody else's")

    [result] = deepl(service, *TERMS).translate([asked(*SENTENCES)])

    assert isinstance(result, Translated)
    assert len(result.drafts) == 4
    assert calls(service) == [
        "GET /v3/glossaries",
        "POST /v3/glossaries",
        "DELETE /v3/glossaries/id-0",
        "POST /v2/translate",
    ]
    made, translation = service.sent
    assert made["dictionaries"] == [
        {
            "source_lang": "en",
            "target_lang": "pt",
            "entries": "attachment\tapego\nloneliness\tsolidão",
            "entries_format": "tsv",
        }
    ]
    assert translation["glossary_id"] == "id-new"

    service.server.asked.clear()
    with_glossaries(service, made["name"])
    deepl(service, *TERMS).translate([asked(*SENTENCES)])
    assert calls(service) == ["GET /v3/glossaries", "POST /v2/translate"]
    assert service.sent[0]["glossary_id"] == "id-0"


@pytest.mark.parametrize("route", [faults.status("403 Forbidden"), faults.page(b"nothing"), faults.cut_off])
def test_without_its_glossary_it_translates_and_says_so(service: Service, route: faults.Route) -> None:
    service.server.routes["/v3/glossaries"] = route

    [result] = deepl(service, *TERMS).translate([asked(*SENTENCES)])

    assert isinstance(result, Translated)
    assert len(result.drafts) == 4
    assert "without the glossary" in result.notes[0]
    assert KEY not in repr(result)


def test_a_free_key_goes_to_the_host_of_the_free_plan() -> None:
    from digest.adapters.engines.deepl import DeepLSettings

    free, paid = (DeepLSettings(key=f"k{end}", terms={}) for end in (":fx", ""))
    assert free.host != paid.host
    assert "k:fx" not in repr(free)
