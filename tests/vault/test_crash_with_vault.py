"""A run that sends from a vault dies at each of its steps: nobody gets a mail twice, nobody is left out unseen."""

import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from digest import bootstrap_vault
from digest.errors import StaleSnapshotError
from vault_folder import Machine, World, send, world

READERS = ("r0", "r1", "r2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """All that a crash at one step leaves behind."""

    what: str
    world: World
    machine: Machine
    bodies: tuple[str, ...]


def list_in_vault(place: Path) -> World:
    """The author has put her list into the vault."""
    made = world(place)
    home = made.machine("home")
    home.add(*READERS)
    assert home.digest("state", "push", "people") == 0
    return made


STEPS = (
    ("frozen", 0, 0),
    ("before the claim is pushed", 0, 0),
    ("claim pushed", 2, 0),
    ("handing", 2, 1),
    ("body out", 2, 1),
    ("sent", 2, 0),
    ("before the second claim is pushed", 2, 0),
    ("second claim pushed", 1, 0),
    ("run ended", 1, 0),
    ("results pushed", 0, 0),
)
"""What was done last, and how many mails are then uncertain on another machine, and on the same one."""


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Moment]:
    """One run, and a copy of everything after each of its steps."""
    place = tmp_path_factory.mktemp("vault")
    first = list_in_vault(place / "first")
    runner = first.machine("runner")
    found: dict[str, Moment] = {}
    bodies: list[str] = []

    def keep(what: str) -> None:
        second = {
            "before the claim is pushed": "before the second claim is pushed",
            "claim pushed": "second claim pushed",
        }
        name = what if what not in found else second.get(what, "")
        if name:
            copy = place / f"{len(found):02}"
            left = copied(first, copy).known("runner")
            found[name] = Moment(what=name, world=World(place=copy), machine=left, bodies=tuple(bodies))

    send(runner, bodies, step=keep)
    assert sorted(bodies) == list(READERS)
    assert set(found) == {what for what, *_ in STEPS}
    return found


def copied(original: World, place: Path) -> World:
    """Copy the remote and every machine; a copy knows the copy of the remote."""
    shutil.copytree(original.place, place)
    for config in place.glob("*/.git/config"):
        config.write_text(config.read_text().replace(str(original.place), str(place)))
    return World(place=place)


def check(moment: Moment, machine: Machine, again: list[str], uncertain: int) -> None:
    counts = machine.counts()
    times = Counter([*moment.bodies, *again])
    assert max(times.values(), default=0) == 1, moment.what
    assert counts.total == len(READERS), moment.what
    assert counts.uncertain == uncertain, moment.what
    assert counts.sent + counts.uncertain == len(READERS), moment.what
    # Whoever got nothing is among the uncertain, for the author to decide; nobody is lost in silence.
    assert len(READERS) - len(times) <= counts.uncertain, moment.what


@pytest.mark.parametrize(("what", "uncertain"), [(what, lost) for what, lost, _ in STEPS])
def test_a_machine_that_is_lost_leaves_what_it_had_claimed_uncertain(
    moments: dict[str, Moment], tmp_path: Path, what: str, uncertain: int
) -> None:
    other, again = copied(moments[what].world, tmp_path / "copy").machine("other"), list[str]()
    send(other, again)
    check(moments[what], other, again, uncertain)


@pytest.mark.parametrize(("what", "uncertain"), [(what, known) for what, _, known in STEPS])
def test_the_same_machine_knows_which_mails_never_began(
    moments: dict[str, Moment], tmp_path: Path, what: str, uncertain: int
) -> None:
    same, again = copied(moments[what].world, tmp_path / "copy").known("runner"), list[str]()
    send(same, again)
    check(moments[what], same, again, uncertain)


def test_a_last_step_saves_what_a_killed_run_knew(moments: dict[str, Moment], tmp_path: Path) -> None:
    left = copied(moments["sent"].world, tmp_path / "copy")
    # The step of a workflow that runs whatever happened before it.
    assert left.known("runner").digest("state", "push", "people") == 0
    other, again = left.machine("other"), list[str]()
    send(other, again)
    check(moments["sent"], other, again, 0)


def test_a_folder_knows_its_own_push_though_it_died_before_it_could_note_it(tmp_path: Path) -> None:
    made = list_in_vault(tmp_path / "dying")
    runner = made.machine("runner")
    assert runner.digest("state", "pull", "people") == 0
    note = runner.folder / ".digest" / "vault-people.json"
    bodies: list[str] = []

    class KilledError(Exception):
        """Stands for the end of the process, which leaves the note as it was during the push."""

    def die(what: str) -> None:
        if what == "claim pushed":
            shutil.copytree(made.place, tmp_path / "left")
            raise KilledError

    hook = made.remote / "hooks" / "post-receive"
    hook.write_text(f'#!/bin/sh\ncp -n "{note}" "{tmp_path}/note"\n')
    hook.chmod(0o755)
    with pytest.raises(KilledError):
        send(runner, bodies, step=die)
    for config in (tmp_path / "left").glob("*/.git/config"):
        config.write_text(config.read_text().replace(str(made.place), str(tmp_path / "left")))
    left = World(place=tmp_path / "left")
    shutil.copy(tmp_path / "note", left.known("runner").folder / ".digest" / "vault-people.json")
    assert left.known("runner").digest("state", "push", "people") == 0
    other = left.machine("other")
    counts = send(other, bodies)
    assert sorted(bodies) == list(READERS)
    assert (counts.sent, counts.uncertain) == (3, 0)


def test_two_runners_at_once_never_write_to_the_same_reader(tmp_path: Path) -> None:
    made = list_in_vault(tmp_path / "two")
    one, two = made.machine("one"), made.machine("two")
    bodies: list[str] = []
    met = False

    def meet(what: str) -> None:
        nonlocal met
        if what == "body out" and not met:
            met = True
            send(two, bodies)

    # The second takes all that the first has not claimed; the first is refused its next claim, and keeps what it knows.
    counts = send(one, bodies, step=meet)
    assert sorted(bodies) == list(READERS)
    assert (counts.sent, counts.uncertain) == (3, 0)
    third = made.machine("third")
    assert third.digest("state", "pull", "people") == 0
    assert third.counts() == counts


def test_results_that_could_not_be_pushed_never_lead_to_a_second_mail(tmp_path: Path) -> None:
    made = list_in_vault(tmp_path / "lost")
    runner, bodies = made.machine("runner"), list[str]()

    def refuse(what: str) -> None:
        if what == "run ended":
            hook = made.remote / "hooks" / "pre-receive"
            hook.write_text("#!/bin/sh\nexit 1\n")
            hook.chmod(0o755)

    with pytest.raises(Exception, match="could not be written"):
        send(runner, bodies, step=refuse)
    (made.remote / "hooks" / "pre-receive").unlink()
    other = made.machine("other")
    again: list[str] = []
    counts = send(other, again)
    assert again == []
    assert (counts.sent, counts.uncertain) == (2, 1)
    # The first one is found again, and tells what it knew.
    with pytest.raises(StaleSnapshotError):
        bootstrap_vault.pull(runner.config, "people")
    assert runner.digest("state", "pull", "people", "--discard") == 0
    assert runner.counts().sent == 3


def test_what_she_changed_and_did_not_push_is_in_the_vault_before_a_send_begins(tmp_path: Path) -> None:
    made = list_in_vault(tmp_path / "hers")
    home, other = made.known("home"), made.machine("other")
    home.add("new")
    met = False

    def meet(what: str) -> None:
        nonlocal met
        if what == "before the claim is pushed" and not met:
            met = True
            assert other.digest("state", "pull", "people") == 0
            other.add("another")
            assert other.digest("state", "push", "people") == 0

    # Her claim is refused and done over upon what the other wrote: neither the one nor the other is lost.
    bodies: list[str] = []
    send(home, bodies, step=meet)
    assert sorted(bodies) == sorted([*READERS, "new", "another"])


def test_where_both_were_changed_nothing_is_given_up_and_nothing_is_sent(tmp_path: Path) -> None:
    made = list_in_vault(tmp_path / "both")
    home, other = made.known("home"), made.machine("other")
    assert other.digest("state", "pull", "people") == 0
    other.add("another")
    assert other.digest("state", "push", "people") == 0
    home.add("new")
    bodies: list[str] = []
    with pytest.raises(StaleSnapshotError, match="--discard"):
        send(home, bodies)
    assert (bodies, home.readers()) == ([], 4)
