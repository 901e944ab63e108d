"""What mail programs show: the table of facts, the policy, and the features that a mail uses."""

import json
import tomllib
from functools import cache

import pytest

from client_facts import CLIENTS, TABLE, table
from digest.text.gates.clients import Policy, facts, our_policy, read_facts, unneeded, unsupported
from digest.text.gates.edition import gate_findings
from digest.text.gates.features import used_features
from digest.text.gates.page import read_page
from fakes_mails import LEGAL, filled, more_html, with_html
from golden_editions import golden

PLANTED = [
    ('<div style="display:flex">', "css-display-flex"),
    ('<div style="display: inline-grid">', "css-display-grid"),
    ('<div style="position:absolute">', "css-position"),
    ('<div style="gap:4px">', "css-gap"),
    ('<div style="width:calc(100% - 2px)">', "css-unit-calc"),
    ('<div style="color:var(--ink)">', "css-variables"),
    ('<div style="color:light-dark(#111, #eee)">', "css-function-light-dark"),
    ('<div style="background:linear-gradient(#111, #222)">', "css-linear-gradient"),
    ('<div style="hyphens:auto">', "css-hyphens"),
    ('<div style="-webkit-box-shadow:0 0 1px #111">', "css-box-shadow"),
    ('<div style="font-family:system-ui">', "css-sytem-ui"),
    ('<div style="width:50vw">', "css-unit-vw"),
    ('<a href="#top">x</a>', "html-anchor-links"),
    ('<img src="https://a.example.org/a.webp?b=1" alt="x">', "image-webp"),
    ('<img src="data:image/png;base64,AAAA" alt="x">', "image-base64"),
    ('<img src="https://a.example.org/a.png" srcset="https://a.example.org/b.svg 2x" alt="x">', "image-svg"),
    ("<video></video>", "html-video"),
    ('<input type="checkbox">', "html-input-checkbox"),
    ("<section>x</section>", "html-semantics"),
    ('<p aria-hidden="true">x</p>', "html-aria-hidden"),
]
PLANTED_STYLES = [
    ("@font-face{font-family:a}", "css-at-font-face"),
    ("@import url(a.css);", "css-at-import"),
    ("@media (prefers-color-scheme: dark){p{color:#eee}}", "css-at-media-prefers-color-scheme"),
    ("@media (prefers-reduced-motion){p{color:#eee}}", "css-at-media-prefers-reduced-motion"),
    ("p{color:#111; b{color:#222}}", "css-nesting"),
    ("a:hover{color:#111}", "css-pseudo-class-hover"),
    ("p::before{content:'x'}", "css-pseudo-element-before"),
    ("h1 + p{margin:0}", "css-selector-adjacent-sibling"),
    ("p.a.b{margin:0}", "css-selector-chaining"),
    ("[lang]{margin:0 !important}", "css-important"),
    ("/* note */ p{margin:0}", "css-comments"),
    ("@supports (display:grid){p{margin:0}}", "css-at-supports"),
]


@cache
def used_by_ours() -> set[str]:
    return {feature for edition in golden().editions for feature in used_features(read_page(edition.html))}


@pytest.mark.parametrize(("extra", "feature"), PLANTED)
def test_a_planted_feature_is_seen(extra: str, feature: str) -> None:
    assert feature in used_features(read_page(more_html(extra).html))


@pytest.mark.parametrize(("style", "feature"), PLANTED_STYLES)
def test_a_planted_rule_is_seen(style: str, feature: str) -> None:
    assert feature in used_features(read_page(with_html("<style>", f"<style>{style}").html))


def test_what_stands_in_words_or_for_outlook_alone_is_no_feature() -> None:
    extra = "<p>display:flex @import</p><!--[if mso]><form></form><![endif]--><p title='position:absolute'>x</p>"
    used = used_features(read_page(more_html(extra).html))

    assert not {"css-display-flex", "css-at-import", "html-form", "css-position"} & set(used)


def test_a_property_whose_name_holds_another_is_not_taken_for_it() -> None:
    used = used_features(read_page(more_html('<p style="text-transform:none">x</p>').html))

    assert "css-transform" not in used


def test_what_core_programs_do_not_show_is_a_warning_and_what_is_denied_an_error() -> None:
    shadow = list(gate_findings(more_html('<p style="box-shadow:0 0 1px #111">x y</p>'), LEGAL))
    flex = list(gate_findings(more_html('<p style="display:flex">x y</p>'), LEGAL))
    by_check = {one.check: one for one in shadow}

    assert by_check["client_support"].severity == "warning"
    assert "“box-shadow” (box-shadow: 0 0 1px #111), which is not shown by" in filled(by_check["client_support"])
    assert [(one.check, one.severity) for one in flex if one.check == "client_support"] == [("client_support", "error")]


def test_our_mails_use_nothing_that_was_not_accepted() -> None:
    known, policy = facts(), our_policy()
    used = used_by_ours()

    assert [one for one in sorted(used) if unsupported(one, known, policy) and one not in policy.accepted] == []
    assert used & set(policy.denied) == set()


def test_no_acceptance_outlives_its_need() -> None:
    assert unneeded(used_by_ours(), facts(), our_policy()) == []


def test_an_unneeded_acceptance_is_noticed() -> None:
    policy = Policy(
        core=("gmail:ios",), accepted={"css-gap": "x", "css-color-scheme": "x", "html-table": "x"}, denied={}
    )

    assert unneeded({"css-color-scheme", "html-table"}, facts(), policy) == ["css-gap", "html-table"]


def test_every_acceptance_and_denial_is_of_a_known_feature_and_has_a_reason() -> None:
    policy, known = our_policy(), facts()

    assert set(policy.core) <= {f"{family}:{platform}" for family, platform in CLIENTS}
    assert len(policy.core) >= 12
    assert [name for name, reason in (*policy.accepted.items(), *policy.denied.items()) if len(reason) < 8] == []
    ours = {"html-script", "html-iframe", "html-embed"}
    assert {name for name in (*policy.accepted, *policy.denied) if name not in known} == ours
    assert not set(policy.accepted) & set(policy.denied)


def test_the_table_says_where_it_comes_from() -> None:
    lines = TABLE.read_text(encoding="utf-8").splitlines()

    assert "caniemail.com" in lines[0]
    assert lines[1].startswith("# Copyright (c) 2019 HTeuMeuLeu, MIT licence")
    assert len(facts()) > 250
    assert TABLE.stat().st_size < 20_000


def published() -> dict[str, object]:
    results = {"gmail": {"ios": {"2019-02": "y", "2024-01": "n #1"}}, "yahoo": {"android": {"1": "a #2"}}}
    feature = {"slug": "css-gap", "title": "gap,\n row-gap", "last_test_date": "2024-01-02", "stats": results}
    return {"last_update_date": "2026-05-13 14:45:41 +0000", "data": [feature]}


def test_the_newest_result_of_each_program_is_one_letter() -> None:
    text = table(json.loads(json.dumps(published())), "9.9.9")
    fact = read_facts(text)["css-gap"]

    assert "npm package caniemail 9.9.9, data of 2026-05-13" in text
    assert fact.title == "gap, row-gap"
    assert (fact.support["gmail:ios"], fact.support["yahoo:android"], fact.support["gmail:android"]) == ("n", "a", "u")


def test_the_policy_is_toml_that_people_can_read() -> None:
    assert set(tomllib.loads((TABLE.parent / "client_policy.toml").read_text("utf-8"))) == {
        "core",
        "accepted",
        "denied",
    }
