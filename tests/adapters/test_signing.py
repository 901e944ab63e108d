"""Signatures made side by side, by processes that may die."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

import dkim as dkimpy
import pytest

from digest.adapters.mailers.dkim_key import load_signer, new_key
from digest.adapters.mailers.signing import SigningProcesses, fastest_arithmetic
from digest.models.delivery import Delivery, Parcel
from digest.models.sending import Signer
from digest.text.parcels import compose_editions, parcels_of
from fakes_send import EDITIONS, ISSUE, NOW, newsletter, readers

MANY = [b"%d" % number for number in range(400)]
ZEN_3 = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nflags\t\t: fpu avx2 adx\n\nprocessor\t: 1\n"


@cache
def key() -> tuple[str, str]:
    """Return the private and the public key."""
    return new_key()


@cache
def alone() -> Signer:
    return load_signer(key()[0], domain="example.org", selector="digest")


@pytest.fixture
def processes() -> Iterator[SigningProcesses]:
    """Give two that start when it pays."""
    with closing(SigningProcesses(key()[0], alone().sign, processes=2)) as found:
        yield found


def test_they_sign_as_one_process_does(processes: SigningProcesses) -> None:
    few = list(processes.signatures(MANY[:20]))
    before = processes.process_ids
    many = [list(processes.signatures(MANY[start : start + 100])) for start in (0, 100)]
    assert (len(before), len(processes.process_ids)) == (0, 2)
    assert few == [alone().sign(message) for message in MANY[:20]]
    assert [*many[0], *many[1]] == [alone().sign(message) for message in MANY[:200]]


def test_what_is_asked_for_ahead_comes_in_its_order(processes: SigningProcesses) -> None:
    first, second, third = (processes.signatures(MANY[start : start + 150]) for start in (0, 150, 300))
    assert [*first, *second, *third] == [alone().sign(message) for message in MANY]


@pytest.mark.parametrize("killed", [(0,), (0, 1)])
def test_where_a_process_dies_this_one_signs_the_rest(processes: SigningProcesses, killed: tuple[int, ...]) -> None:
    first = processes.signatures(MANY[:200])
    found = [next(first) for _ in range(7)]
    for number in killed:
        os.kill(processes.process_ids[number], signal.SIGKILL)
    found += [*first, *processes.signatures(MANY[200:])]
    assert found == [alone().sign(message) for message in MANY]
    assert processes.process_ids == ()


def test_what_nobody_fetched_is_not_taken_for_the_next(processes: SigningProcesses) -> None:
    first, second = processes.signatures(MANY[:200]), processes.signatures(MANY[200:210])
    next(first)
    del first
    assert list(second) == [alone().sign(message) for message in MANY[200:210]]


def test_they_end_with_whoever_asked(processes: SigningProcesses) -> None:
    list(processes.signatures(MANY[:200]))
    ids = processes.process_ids
    processes.close()
    assert not [one for one in ids if Path(f"/proc/{one}").exists()]


def test_receivers_accept_all_of_them(processes: SigningProcesses) -> None:
    signer = replace(alone(), side_by_side=processes.signatures)
    composed = compose_editions(ISSUE, newsletter(), EDITIONS, NOW, signer)
    rows = []
    for number, reader in enumerate(readers(160)):
        row = Delivery(
            issue_id=ISSUE,
            newsletter_id="bonds",
            subscriber_id=reader.subscriber_id,
            locale="pt_BR" if number % 2 else "en",
            state="claimed",
            token=f"{number:032}",
        )
        rows.append((row, reader))
    # Not a date to come: verifiers refuse that.
    parcels = list(parcels_of(composed, rows, lambda: NOW.replace(year=2025)))
    assert len(processes.process_ids) == 2
    record = f"v=DKIM1; k=rsa; p={key()[1]}".encode()
    for parcel, (row, reader) in zip(parcels, rows, strict=True):
        assert isinstance(parcel, Parcel)
        assert (parcel.delivery, parcel.recipient) == (row, reader.address)
        assert row.token.encode() in parcel.message
        assert dkimpy.verify(parcel.message, dnsfunc=lambda name, timeout=5: record)


@pytest.mark.parametrize(
    ("facts", "chosen"),
    [
        (ZEN_3, {"OPENSSL_ia32cap": ":~0x80000"}),
        (ZEN_3.replace("AuthenticAMD", "GenuineIntel"), {}),
        (ZEN_3.replace("family\t: 25", "family\t: 26"), {}),
        (ZEN_3.replace("avx2", "avx2 avx512ifma"), {}),
        (ZEN_3.replace("adx", ""), {}),
        ("", {}),
        ("\xff no facts", {}),
    ],
)
def test_avx2_is_preferred_where_it_was_measured_to_be_faster(
    tmp_path: Path, facts: str, chosen: dict[str, str]
) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(facts, "latin-1")
    assert fastest_arithmetic({}, file) == chosen
    assert fastest_arithmetic({"OPENSSL_ia32cap": "0"}, file) == {}
    assert fastest_arithmetic({}, tmp_path / "none") == {}
