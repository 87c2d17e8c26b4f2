"""An approved folder, a mark or a receipt that is damaged or gone holds the release."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import KILL, SEND, SETTINGS, Layout, a_release, an_environment, comsoc, messages
from support.steps import AFTER, LATER, TO_HOLDERS, another_machine, done, embargoed, held, mentions, pull, sent, site


def test_a_damaged_approval_holds_every_approval_that_could_do_harm(sent_office: Path) -> None:
    (sent_office / "approved/becas/r1/approval.yaml").write_text("", encoding="utf-8")
    (sent_office / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    (sent_office / "releases/luz.md").write_text(a_release("Llega la luz.", headline="Luz"), encoding="utf-8")
    for slug in ("becas", "luz"):  # the second could be given the number of the first
        answer = comsoc(sent_office, "approve", slug)
        assert answer.code == 3
        assert "git checkout" in answer.err
    assert comsoc(sent_office, *SEND).code == 3


def test_a_text_whose_vault_is_gone_is_not_approved_anew_once_it_was_sent(sent_office: Path) -> None:
    shutil.rmtree(sent_office / "approved/becas")
    answer = comsoc(sent_office, "approve", "becas")
    assert answer.code == 3
    assert "comsoc correct" in answer.err


def test_a_replacement_that_a_power_cut_left_half_done_is_mended(office: Callable[..., Path]) -> None:
    root = office()
    comsoc(root, "approve", "becas")
    (root / "approved/becas/r1").rename(root / "approved/becas/.r1.old")
    assert comsoc(root, "approve", "becas").code == 0
    assert (root / "approved/becas/r1/approval.yaml").is_file()
    assert not (root / "approved/becas/.r1.old").exists()


# files that are not there


def test_without_the_mark_of_its_kill_a_release_is_held_all_the_same(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND, "--limit", "1"))
    done(comsoc(folder, *KILL))
    site(folder, LATER)
    (folder / "approved/becas/kill.yaml").unlink()
    said = held(comsoc(folder, *SEND, now=LATER), "kill.yaml", "dispatches/", "git pull")
    assert "“becas” was not sent" in said
    assert mentions(site(folder, LATER), "Arranca") == []
    assert comsoc(folder, "status", "--verify").code == 1
    assert comsoc(folder, "send", "--due", "--yes", now=LATER).code == 3
    assert len(messages(folder)) == 2


def test_without_the_change_of_its_embargo_a_release_is_held_all_the_same(office: Layout) -> None:
    folder = embargoed(office)
    done(comsoc(folder, *TO_HOLDERS))
    done(comsoc(folder, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
    (folder / "approved/becas/embargo.yaml").unlink()
    held(comsoc(folder, "send", "--due", "--yes", now=AFTER), "embargo.yaml")
    assert mentions(site(folder, AFTER), "becas") == []
    assert len(messages(folder)) == 2


def test_without_its_correction_the_wrong_text_goes_to_nobody(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND, "--limit", "1"))
    before = (folder / "releases/becas.md").read_text()
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "send", "becas", "--yes"))
    assert mentions(site(folder, LATER), "arranca en enero")
    shutil.rmtree(folder / "approved/becas/r2")
    (folder / "releases/becas.md").write_text(before)
    held(comsoc(folder, "send", "--due", "--yes", now=LATER), "approved/becas/r2")
    held(comsoc(folder, *SEND, now=LATER), "approved/becas/r2")
    assert mentions(site(folder, LATER), "releases/becas/index", "arranca hoy") == []
    assert len(messages(folder)) == 2


def test_a_page_goes_where_only_the_receipt_of_its_correction_was_pulled(office: Layout, tmp_path: Path) -> None:
    """Nothing changed in the vault since the last build: the receipt alone tells that the text was corrected."""
    folder = sent(office)
    assert mentions(site(folder, LATER), "arranca hoy")
    other = another_machine(folder, tmp_path / "other")
    done(comsoc(other, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(other, "approve", "becas"))
    done(comsoc(other, "send", "becas", "--yes"))
    shutil.copytree(other / "dispatches", folder / "dispatches", dirs_exist_ok=True)
    assert mentions(site(folder, LATER), "arranca hoy") == []
    pull(folder, other)
    after = site(folder, LATER)
    assert mentions(after, "arranca en enero")


def test_what_was_added_to_the_vault_is_told_with_a_way_to_lift_it(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS})
    done(comsoc(folder, "approve", "becas"))
    (folder / "approved/becas/r1/.DS_Store").write_bytes(b"Finder")
    done(comsoc(folder, *SEND, "--limit", "1"))
    (folder / "approved/becas/r1/notas.txt").write_bytes(b"Quitar el segundo parrafo")
    held(comsoc(folder, *SEND), "without those that were added")
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))


def test_without_the_folder_of_the_first_revision_the_later_one_is_held(office: Layout) -> None:
    folder = sent(office)
    done(comsoc(folder, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(folder, "approve", "becas"))
    shutil.rmtree(folder / "approved/becas/r1")
    held(comsoc(folder, "send", "becas", "--yes"), "approved/becas/r1", "git checkout")
    assert len(messages(folder)) == 3


def in_git(folder: Path) -> None:
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", *words], cwd=folder, env=an_environment(GIT_COMMITTER_NAME="Ana"), check=True)


def test_what_git_has_of_the_vault_and_the_folder_has_not_holds_the_release(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *KILL))
    in_git(folder)
    (folder / "approved/becas/kill.yaml").unlink()
    held(comsoc(folder, *SEND, now=LATER), "approved/becas/kill.yaml", "git checkout")
    assert mentions(site(folder, LATER), "Arranca") == []
    assert comsoc(folder, "status", "--verify").code == 1
    assert messages(folder) == []


@pytest.mark.parametrize("name", ["kill.yaml", "embargo.yaml", "audience.yaml"])
@pytest.mark.parametrize("how", ["a folder", "a link to nothing"])
def test_a_mark_that_is_no_file_holds_the_release(office: Layout, name: str, how: str) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    path = folder / "approved/becas" / name
    path.mkdir() if how == "a folder" else path.symlink_to("nowhere")
    held(comsoc(folder, *SEND), f"approved/becas/{name}")
    assert mentions(site(folder, LATER), "Arranca") == []


@pytest.mark.parametrize("how", ["taken away", "renamed", "of another release", "of a kill"])
def test_a_receipt_that_is_not_as_it_was_holds_what_it_told_of(office: Layout, how: str) -> None:
    folder = sent(office)
    in_git(folder)
    for path in (folder / ".comsoc").glob("ledger.db*"):
        path.unlink()
    [receipt] = (folder / "dispatches").iterdir()
    text = receipt.read_text(encoding="utf-8")
    if how == "taken away":
        receipt.unlink()
    elif how == "renamed":
        receipt.rename(receipt.with_name("copia.json"))
    elif how == "of another release":
        receipt.write_text(text.replace('"becas"', '"otro"'), encoding="utf-8")
    else:
        receipt.write_text(text.replace('"purpose": "release"', '"purpose": "kill"'), encoding="utf-8")
    held(comsoc(folder, *SEND), "dispatches/")
    assert len(messages(folder)) == 3
