"""Adding to suppressions.yaml: in order, whole or not at all, and nothing that stands there is lost."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import Layout, an_environment, comsoc
from support.suppressions import added, addresses

from comsoc_cli.office.files import FileFault
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.suppressions import read_suppressions


def test_two_machines_that_add_do_not_touch_the_same_lines(office: Layout, tmp_path: Path) -> None:
    old = "".join(f"  - email: {name}@x.example\n    since: 2026-01-05\n" for name in ("beto", "luz", "sara"))
    root = office({"suppressions.yaml": f"suppressions:\n{old}"})

    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-C", str(root), *words],
            env=an_environment(GIT_COMMITTER_NAME="Ana", EMAIL="a@x.example"),
            check=True,
            capture_output=True,
        )

    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all")
    git("commit", "--quiet", "-m", "x")
    git("checkout", "--quiet", "-b", "hers")
    added(root, "carla@x.example")
    git("commit", "--quiet", "-am", "hers")
    git("checkout", "--quiet", "main")
    added(root, "mario@x.example")
    git("commit", "--quiet", "-am", "mine")
    git("merge", "--quiet", "hers")
    assert addresses(root) == [f"{name}@x.example" for name in ("beto", "carla", "luz", "mario", "sara")]


@pytest.mark.parametrize(
    "data", [b"suppressions:\n  - email: 'a\n", b"\xff\xfe", b"- a@x.example\n", b"a: 1\na: 2\n", b"a\n---\nb\n"]
)
def test_a_file_that_cannot_be_read_stays_as_it_is(office: Layout, data: bytes) -> None:
    root = office({})
    (root / "suppressions.yaml").write_bytes(data)
    with pytest.raises(FileFault):
        added(root, "a@x.example")
    assert (root / "suppressions.yaml").read_bytes() == data
    answer = comsoc(root, "contacts", "suppress", "a@x.example")
    assert answer.code == 1
    assert "suppressions.yaml" in answer.err


# On the command line


def test_many_are_suppressed_at_once_also_from_standard_input(office: Callable[..., Path]) -> None:
    root = office()
    answer = comsoc(
        root, "contacts", "suppress", "mesa@diario.example", "-", "--reason", "rebote", "--detail", "5.1.1", "--json",
        stdin="cabina@radio.example\nnadie@otra.example\n",
    )  # fmt: skip
    assert answer.code == 0
    assert [(one["address"], one["added"]) for one in answer.json["suppressed"]] == [
        ("mesa@diario.example", True),
        ("cabina@radio.example", True),
        ("nadie@otra.example", True),
    ]
    assert "nadie@otra.example is not in contacts.yaml" in answer.err
    assert "mesa@diario.example is not" not in answer.err


def test_one_that_is_no_address_is_named_and_nothing_is_written(office: Callable[..., Path]) -> None:
    root = office()
    answer = comsoc(root, "contacts", "suppress", "mesa@diario.example", "nadie", "otro@", "--reason", "baja")
    assert answer.code == 2
    assert "“nadie”, “otro@”" in " ".join(answer.err.split())
    assert not (root / "suppressions.yaml").exists()


@pytest.mark.parametrize("words", [["-"], ["mesa@diario.example", "--reason", "reboet"], []])
def test_a_call_that_says_too_little_is_refused(office: Callable[..., Path], words: list[str]) -> None:
    root = office()
    assert comsoc(root, "contacts", "suppress", *words, stdin="").code == 2
    assert not (root / "suppressions.yaml").exists()


def test_a_sentence_in_place_of_a_reason_is_kept_as_its_detail(office: Callable[..., Path]) -> None:
    root = office()
    comsoc(root, "contacts", "suppress", "mesa@diario.example", "--reason", "lo pidió: hoy", "--detail", "#2")
    comsoc(root, "contacts", "suppress", "desk@wire.example", "--reason", "Rebote 5.1.1")
    found = read_suppressions(open_office(root))[0]
    assert [(one.reason, one.detail) for one in found.values()] == [
        ("rebote", "Rebote 5.1.1"),
        ("manual", "lo pidió: hoy #2"),
    ]


def test_the_plan_parts_those_who_asked_for_it_from_those_who_bounce(office: Callable[..., Path]) -> None:
    suppressions = """
        suppressions:
          - {email: mesa@diario.example, reason: rebote, detail: 5.1.1 user unknown}
          - {email: cabina@radio.example, reason: baja}
          - {email: desk@wire.example, reason: lo pidió el director}
    """
    root = office({"suppressions.yaml": suppressions})
    comsoc(root, "approve", "becas")
    words = ("send", "becas", "--segment", "media", "--dry-run")
    answer = comsoc(root, *words, lang="es")
    assert "baja 1, rebote 1, fuera por otra razón 1" in answer.out
    assert "mesa@diario.example  rebote (rebote: 5.1.1 user unknown)" in answer.out
    [found] = comsoc(root, *words, "--json").json["dispatches"]
    assert found["excluded"] == {"suppressed": 3}
    assert found["suppressed"] == {"baja": 1, "rebote": 1, "other": 1}
