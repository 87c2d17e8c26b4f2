"""Two machines of one office: a send asks what the other has done meanwhile, and only that holds it which matters."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import SEND, a_release, an_environment, comsoc, messages
from support.processes import on_a_terminal


def git(folder: Path, *words: str) -> None:
    environment = an_environment(GIT_COMMITTER_NAME="Bea Solís", EMAIL="bea@sinaloa.example")
    subprocess.run(["git", "-C", str(folder), *words], env=environment, check=True, capture_output=True)


def push(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "x")
    git(folder, "push", "--quiet", "origin", "HEAD:main")


@pytest.fixture
def two(office: Callable[..., Path], tmp_path: Path) -> tuple[Path, Path]:
    """Two machines with the same approved release, the same key, and one repository between them."""
    hers, mine, server = office({".gitignore": ".comsoc/\noutbox/\ndist/\n"}), tmp_path / "mine", tmp_path / "server"
    assert comsoc(hers, "approve", "becas").code == 0
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
    git(hers, "init", "--quiet", "--initial-branch=main")
    git(hers, "remote", "add", "origin", str(server))
    push(hers)
    git(tmp_path, "clone", "--quiet", str(server), str(mine))
    shutil.copytree(hers / ".comsoc", mine / ".comsoc")
    for root in (hers, mine):  # the same key, whichever sends first
        (root / ".comsoc/key").write_text("a" * 64 + "\n", encoding="utf-8")
    return mine, hers


def receipt(root: Path) -> dict[str, object]:
    [path] = (root / "dispatches").glob("*.json")
    facts: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return facts


def test_two_machines_that_send_without_having_pulled_write_to_nobody_twice(two: tuple[Path, Path]) -> None:
    mine, hers = two
    assert comsoc(hers, *SEND).code == 0
    push(hers)
    answer = comsoc(mine, *SEND, lang="es")
    assert answer.code == 3
    assert "Un colega (Ana Ruiz) envió o cambió algo que aquí falta: el envío de “becas”" in answer.err
    assert "git pull" in answer.err
    assert messages(mine) == []
    git(mine, "pull", "--quiet")
    assert comsoc(mine, *SEND).code == 0
    assert messages(mine) == []


def test_the_objection_stands_in_the_document_also_of_a_dry_run(two: tuple[Path, Path]) -> None:
    mine, hers = two
    assert comsoc(hers, *SEND).code == 0
    push(hers)
    answer = comsoc(mine, "send", "becas", "--segment", "media", "--dry-run", "--json")
    assert answer.code == 3
    assert answer.json["fetched"] is True
    assert [one["rule"] for one in answer.json["dispatches"][0]["objections"]] == ["not_pulled"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("suppressions.yaml", "(suppressions.yaml)"),
        ("contacts.yaml", "(contacts.yaml)"),
        ("comsoc.toml", "(comsoc.toml)"),
        ("approved/becas/nota.txt", "“becas” in approved/"),
        ("releases/luz.md", ""),
        ("approved/luz/r1/index.md", ""),
        ("templates/email.txt", ""),
        ("dispatches/20261123T170000Z-luz-r1.json", "another send"),
        ("dispatches/20261123T170000Z-becas-r1-test.json", ""),
    ],
)
def test_only_what_matters_to_the_send_holds_it(two: tuple[Path, Path], name: str, told: str) -> None:
    mine, hers = two
    path = hers / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("# algo más\n")
    push(hers)
    answer = comsoc(mine, *SEND)
    assert (answer.code, len(messages(mine))) == ((3, 0) if told else (0, 3))
    assert told in answer.err


def test_a_send_says_in_its_receipt_that_colleagues_were_asked(two: tuple[Path, Path]) -> None:
    mine, _ = two
    answer = comsoc(mine, *SEND)
    assert answer.code == 0
    assert "git push" in answer.err
    assert receipt(mine)["fetched"] is True


@pytest.mark.parametrize("words", [SEND, ("send", "--due", "--yes")])
def test_an_office_that_is_offline_sends_and_is_warned(two: tuple[Path, Path], words: tuple[str, ...]) -> None:
    mine, _ = two
    git(mine, "remote", "set-url", "origin", "http://127.0.0.1:1/prensa.git")
    answer = comsoc(mine, *words, "--json")
    assert (answer.code, answer.json["fetched"], len(messages(mine))) == (0, False, 3)
    assert "could not be looked up" in answer.err
    assert (receipt(mine)["fetched"], receipt(mine)["fetch_failure"]) == (False, "unreachable")


def test_a_timer_holds_what_a_colleague_has_sent_and_lets_the_others_go(two: tuple[Path, Path]) -> None:
    mine, hers = two
    (hers / "releases/luz.md").write_text(a_release("Llega la luz.", headline="Luz"), encoding="utf-8")
    assert comsoc(hers, "approve", "luz").code == 0
    push(hers)
    git(mine, "pull", "--quiet")
    assert comsoc(hers, "kill", "luz", "--reason", "Error", "--yes").code == 0
    push(hers)
    answer = comsoc(mine, "send", "--due", "--yes", "--json")
    assert answer.code == 3
    held = {one["release"]: [each["rule"] for each in one["objections"]] for one in answer.json["dispatches"]}
    assert held == {"becas": [], "luz": ["not_pulled"]}
    assert len(messages(mine)) == 3


def test_where_nothing_is_to_be_sent_nobody_is_asked(two: tuple[Path, Path]) -> None:
    mine, _ = two
    assert comsoc(mine, *SEND).code == 0
    git(mine, "remote", "set-url", "origin", "http://127.0.0.1:1/prensa.git")
    answer = comsoc(mine, "send", "--due", "--yes")
    assert (answer.code, answer.said) == (0, "")


def test_a_kill_and_a_test_ask_nobody(two: tuple[Path, Path]) -> None:
    mine, hers = two
    with (hers / "contacts.yaml").open("a", encoding="utf-8") as file:
        file.write("# algo más\n")
    push(hers)
    assert comsoc(mine, "send", "becas", "--test", "prensa@sinaloa.example").code == 0
    assert comsoc(mine, "kill", "becas", "--reason", "Error", "--yes").code == 0
    assert not (mine / ".git/FETCH_HEAD").exists()


def test_what_a_colleague_pushes_while_the_question_stands_holds_it(two: tuple[Path, Path], tmp_path: Path) -> None:
    mine, hers = two
    assert comsoc(hers, *SEND).code == 0
    git(hers, "add", "--all")
    git(hers, "commit", "--quiet", "-m", "x")
    # The colleague's push arrives with the second time that this machine asks.
    server, door = tmp_path / "server", tmp_path / "door"
    push_her_commit = f"git -C {hers} push --quiet {server} HEAD:main"
    door.write_text(f"#!/bin/sh\n[ -e {door}.1 ] && {push_her_commit}\ntouch {door}.1\nexec git upload-pack {server}\n")
    door.chmod(0o755)
    git(mine, "config", "protocol.ext.allow", "always")
    git(mine, "remote", "set-url", "origin", f"ext::{door}")
    code, shown = on_a_terminal(mine, "send", "becas", "--segment", "media", typed="3", waits_for="Enter cancels")
    assert "TO media" in shown
    assert "Ana Ruiz" in shown[shown.index("TO media") :]
    assert (code, messages(mine)) == (3, [])
