"""Whose approval counts: one person is one, under whatever name, and nobody approves what they wrote."""

import subprocess
from pathlib import Path

import pytest
from support.offices import SETTINGS, Answer, Layout, a_release, an_environment, comsoc
from support.people import ANA, BEA, EVA, as_
from support.readings import the_release
from support.standing import approve as approve_as_it_is

from comsoc_cli.checks.approvers import approver_problems
from comsoc_cli.model.approval import Revision
from comsoc_cli.model.person import Person
from comsoc_cli.office.authorship import address_of, authors
from comsoc_cli.office.git import Identity
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import read_vault

FOUR_EYES = "\n[approval]\nfour_eyes = true\n"


def git(root: Path, *words: str, who: Person = ANA) -> None:
    names = {"GIT_AUTHOR_NAME": who.name, "GIT_AUTHOR_EMAIL": who.email}
    names |= {"GIT_COMMITTER_NAME": who.name, "GIT_COMMITTER_EMAIL": who.email}
    subprocess.run(["git", "-C", str(root), *words], env=an_environment(**names), check=True, capture_output=True)


def commit(root: Path, who: Person, text: str | None = None, message: str = "x") -> None:
    """Commit everything that lies there as somebody, with another text of the release if one is given."""
    if not (root / ".git").exists():
        git(root, "init", "--quiet", "--initial-branch=main")
    if text is not None:
        (root / "releases/becas.md").write_text(a_release(text), encoding="utf-8")
    git(root, "add", "--all", who=who)
    git(root, "commit", "--quiet", "--message", message, who=who)


def approve(root: Path, who: Person, *words: str) -> Answer:
    return comsoc(root, "approve", "becas", *words, **as_(who))


# what git knows


def test_authors_are_all_who_committed_the_text_and_who_has_it_uncommitted(office: Layout) -> None:
    root = office()
    commit(root, ANA)
    commit(root, BEA, "Otro texto.", "x\n\nCo-authored-by: Luz Paz <luz@sinaloa.example>")
    here = Identity(EVA.name, EVA.email)
    assert set(authors(root, the_release(root), None, here)) == {ANA, BEA, Person("Luz Paz", "luz@sinaloa.example")}
    (root / "releases/becas.md").write_text(a_release("Sin confirmar."), encoding="utf-8")
    assert EVA in authors(root, the_release(root), None, here)


def test_who_changed_a_commit_of_another_is_an_author(office: Layout) -> None:
    root = office()
    commit(root, ANA)
    (root / "releases/becas.md").write_text(a_release("Otro texto."), encoding="utf-8")
    git(root, "add", "--all", who=BEA)
    git(root, "commit", "--quiet", "--amend", "--no-edit", who=BEA)
    assert {ANA, BEA} == set(authors(root, the_release(root), None, None))


def test_what_somebody_has_set_for_git_hides_no_author(office: Layout) -> None:
    root = office()
    commit(root, ANA)
    commit(root, BEA, "Otro texto.")
    git(root, "config", "log.showRoot", "false")
    git(root, "config", "diff.orderFile", "/nonexistent")
    assert {ANA, BEA} == set(authors(root, the_release(root), None, None, must_be_known=True))
    (root / "releases/becas.md").write_text(a_release("Sin confirmar."), encoding="utf-8")
    git(root, "update-index", "--assume-unchanged", "releases/becas.md")
    assert EVA in authors(root, the_release(root), None, Identity(EVA.name, EVA.email))


def test_a_change_that_was_taken_back_and_made_again_keeps_its_author(office: Layout, tmp_path: Path) -> None:
    root = office()
    commit(root, BEA)
    since = store_approved(root)
    commit(root, ANA, "Otro texto.")
    commit(root, ANA, "El programa arranca hoy en todo el estado.")
    commit(root, BEA, "Otro texto.")
    assert ANA in authors(root, the_release(root), since, None)


def store_approved(root: Path) -> Revision:
    """The text as it lies there, approved."""
    approve_as_it_is(root)
    newest = read_vault(open_office(root)).newest("becas")
    assert newest
    return newest


def test_with_four_eyes_who_changed_an_attachment_is_an_author(office: Layout) -> None:
    files = {"releases/becas.md": None, "releases/becas/lista.csv": "a,1\n"}
    root = office({**files, "releases/becas/index.md": a_release(attachments=["lista.csv"])})
    commit(root, BEA)
    (root / "releases/becas/lista.csv").write_text("a,2\n", encoding="utf-8")
    commit(root, ANA)
    text = the_release(root)
    assert ANA not in authors(root, text, None, None)
    assert ANA in authors(root, text, None, None, must_be_known=True)


def test_with_four_eyes_a_part_of_the_history_approves_nothing(office: Layout, tmp_path: Path) -> None:
    root = office({"comsoc.toml": SETTINGS + FOUR_EYES})
    commit(root, ANA)
    (root / "nota.txt").write_text("x", encoding="utf-8")
    commit(root, BEA)
    subprocess.run(["git", "clone", "--quiet", "--depth=1", root.as_uri(), "copy"], cwd=tmp_path, check=True)
    answer = approve(tmp_path / "copy", ANA)
    assert (answer.code, "git fetch --unshallow" in answer.err) == (3, True)
    assert not (tmp_path / "copy/approved").exists()


def test_a_text_that_was_moved_keeps_its_authors(office: Layout) -> None:
    root = office()
    commit(root, ANA)
    (root / "releases/becas.md").rename(root / "releases/otro.md")
    commit(root, BEA)
    (root / "releases/otro.md").rename(root / "releases/becas.md")
    commit(root, BEA)
    assert ANA in authors(root, the_release(root), None, None)


def test_what_another_person_approved_has_no_authors_any_more(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + FOUR_EYES})
    commit(root, ANA)
    refused = approve(root, ANA)
    assert (refused.code, "Ana Soto wrote" in refused.err) == (3, True), refused.said
    assert approve(root, BEA).code == 0
    commit(root, BEA, "Bea cambia el texto.")
    assert approve(root, BEA).code == 3
    assert approve(root, ANA).code == 0, "Bea read what Ana wrote, and Ana what Bea changed"
    written = (root / "approved/becas/r1/approval.yaml").read_text(encoding="utf-8")
    assert 'authors:\n  - name: "Bea Soto"\n    email: "bea@sinaloa.example"\n' in written


# at the counter


@pytest.mark.parametrize(
    ("front", "by"),
    [({"author": "Redacción"}, ()), ({}, ("--by", "Directora inventada")), ({"author": "Bea Soto"}, ("--by", "Eva"))],
)
def test_one_person_alone_does_not_write_and_approve(
    office: Layout, front: dict[str, str], by: tuple[str, ...]
) -> None:
    root = office({"comsoc.toml": SETTINGS + FOUR_EYES, "releases/becas.md": a_release(**front)})
    commit(root, ANA)
    answer = approve(root, ANA, *by)
    assert (answer.code, "Ana Soto wrote" in answer.err, (root / "approved").exists()) == (3, True, False)


def test_one_person_does_not_give_and_record_two_approvals(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + "\n[approval]\nrequired = 2\n"})
    assert approve(root, ANA, "--by", "Dirección").code == 0
    refused = approve(root, ANA)
    assert (refused.code, "another person" in refused.err) == (3, True)
    assert approve(root, BEA, "--by", "Secretaría").code == 0
    assert comsoc(root, "send", "becas", "--segment", "media", "--yes").code == 0


def test_a_name_among_the_approvers_is_told_with_the_address_to_write(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + '\n[approval]\napprovers = ["Ana Soto", "Luis Paz"]\n'})
    commit(root, ANA)
    assert address_of(root, "ANA SOTO") == ANA.email
    first, second = approver_problems(open_office(root))
    assert (first.rule, first.is_error, first.line == 17, ANA.email in str(first.message)) == (
        "approver-name",
        True,
        True,
        True,
    )
    assert "git config user.email" in str(second.message)
    refused = approve(root, ANA)
    assert (refused.code, f"write “{ANA.email}”" in refused.err) == (3, True)


def test_outside_of_a_repository_the_author_is_who_is_there(office: Layout) -> None:
    root = office()
    assert authors(root, the_release(root), None, Identity(EVA.name, EVA.email)) == (EVA,)
