"""The guard of addresses by the commands themselves, among names that lie: rebinding, redirects, the clouds' metadata."""

from pathlib import Path

import pytest

from author_folder import DEMO
from own_network import METADATA, OTHER_PUBLIC, PUBLIC, Happened, commands_in_own_network

LOOPBACK = "127.0.0.1"
PAGE = (
    "<!doctype html><html lang='en'><head><title>Sea</title><link rel='alternate' hreflang='pt-BR' href='{0}'></head><body><article>"
    "<h1>The sea</h1><img src='{0}' alt='x'><p>"
    + "Words about the sea and the people who live by it. " * 30
    + "</p></article></body></html>"
)
ITEM = "<item><title>The sea at {0}</title><link>{0}</link><description>Words on {0}.</description></item>"
RSS = "<rss version='2.0'><channel><title>T</title>{}</channel></rss>"
TO_SECRETS = (
    f"http://{METADATA}/secret", "http://localhost/secret", "http://127.1/secret", "http://2852039166/secret",
    "http://0xa9fea9fe/secret", f"http://[::ffff:{METADATA}]/secret", "http://metadata.example.net/secret", "http://0/secret",
)  # fmt: skip


def folder(place: Path, addresses: list[str]) -> Path:
    """An author's folder with these feeds, and the guard as it is by default."""
    text = (DEMO / "author" / "digest.toml").read_text(encoding="utf-8").replace("@BASE@", "https://blog.example.org")
    head, rest = text.split("[[sources]]", 1)
    fetch, newsletters = head.split("[[newsletters]]", 1)
    assert "allow_private_addresses" in fetch
    sources = "".join(f'[[sources]]\nkind = "feed"\nurl = "{url}"\nsection = "posts"\n\n' for url in addresses)
    place.mkdir()
    (place / "digest.toml").write_text(
        f"[[newsletters]]{newsletters}{sources}{rest[rest.index('[engines]') :]}", encoding="utf-8"
    )
    return place


@pytest.fixture(scope="module")
def happened(tmp_path_factory: pytest.TempPathFactory) -> Happened:
    """One run of `collect` and of `complete` in a network where every address would answer."""
    page, feed = "200 OK", {"Content-Type": "application/rss+xml"}
    redirects = {f"/to-{number}": ("302 Found", {"Location": to}, "") for number, to in enumerate(TO_SECRETS)}
    answers = {
        "/good": (page, feed, RSS.format(ITEM.format("http://fine.example.net/post"))),
        "/turns": (page, feed, RSS.format(ITEM.format("http://two.example.net/post"))),
        "/post": (page, {"Content-Type": "text/html"}, PAGE.format(f"http://{METADATA}/secret")),
        "/to-itself": ("302 Found", {"Location": "http://one.example.net/secret"}, ""),
        "/to-another": ("301 Moved Permanently", {"Location": "http://later.example.net/secret"}, ""),
        "/no-gateway": ("502 Bad Gateway", {}, ""),
        "/secret": (page, feed, RSS.format(ITEM.format("http://fine.example.net/stolen"))),
        **redirects,
    }  # fmt: skip
    # A host for each, since one host is asked once a second.
    hosts = {f"to-{number}.example.net": [[PUBLIC]] for number in range(len(TO_SECRETS))}
    names = {
        "fine.example.net": [[PUBLIC]],
        "one.example.net": [[PUBLIC], [LOOPBACK]],
        "two.example.net": [[PUBLIC], [LOOPBACK]],
        "three.example.net": [[PUBLIC], [METADATA]],
        "four.example.net": [[PUBLIC]],
        "later.example.net": [[LOOPBACK]],
        "both.example.net": [[OTHER_PUBLIC, LOOPBACK]],
        "metadata.example.net": [[METADATA]],
        **hosts,
    }
    sources = [
        "http://fine.example.net/good",
        "http://one.example.net/to-itself",
        "http://two.example.net/turns",
        "http://three.example.net/no-gateway",
        "http://four.example.net/to-another",
        "http://both.example.net/secret",
        "http://metadata.example.net/secret",
        *(f"http://{host}/to-{number}" for number, host in enumerate(hosts)),
    ]
    place = folder(tmp_path_factory.mktemp("network") / "author", sources)
    commands = [["--folder", str(place), words] for words in ("collect", "complete")]
    return commands_in_own_network(commands, names=names, answers=answers)


def test_only_public_addresses_are_connected_to_whatever_names_and_redirects_say(happened: Happened) -> None:
    assert happened.codes == [0, 0]
    assert happened.touched() == {PUBLIC}
    assert not [path for _, _, path in happened.asked if path == "/secret"]
    assert "stolen" not in happened.said
    assert "Traceback" not in happened.said


def test_a_name_that_turns_private_is_resolved_again_and_refused(happened: Happened) -> None:
    for name in ("one.example.net", "two.example.net", "three.example.net"):
        answers = [addresses for asked, addresses in happened.resolved if asked == name]
        assert answers[0] == [PUBLIC], name
        assert answers[-1] != [PUBLIC], f"{name} was resolved once only, so that nothing was tried"
    assert "two.example.net/turns: 1 new" in happened.said


def test_each_refusal_has_its_reason_and_the_good_source_its_article(happened: Happened) -> None:
    refused = [line for line in happened.said.splitlines() if "public internet" in line]

    for name in ("one", "three", "four", "both", "metadata"):
        assert any(f"{name}.example.net" in line for line in refused), (name, happened.said)
    for number in range(len(TO_SECRETS)):
        assert any(f"to-{number}.example.net" in line for line in refused), (TO_SECRETS[number], happened.said)
    assert "Give the source another address in digest.toml" in happened.said
    assert "fine.example.net/good: 1 new" in happened.said
    assert "The translation at 169.254.169.254" in happened.said
