"""The vault keeps exactly what was approved, and notices whatever was changed there."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.offices import PIXEL, Layout, a_release, lay_out
from support.readings import rules, the_release

from comsoc_cli.model.approval import Approval, Assent, Revision
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import Vault, approval_text, digest_of, next_number, read_vault, store

AT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def approve(root: Path, slug: str = "becas", revision: int = 1, *, number: int | None = 1, year: int = 2026) -> Path:
    """Put a release of the desk into the vault, as `approve` does; returns its folder."""
    release = the_release(root, slug)
    approval = Approval(
        slug=slug,
        revision=revision,
        digest=digest_of(release, revision),
        assents=(Assent(by="Ana Ruiz <ana@sinaloa.example>", at=AT),),
        author="Beto «El de guardia»: Soto",
        number=number,
        year=year,
    )
    return store(open_office(root), release, approval)


def the_vault(root: Path) -> Vault:
    return read_vault(open_office(root))


def kept(root: Path, slug: str = "becas") -> Revision:
    """The newest revision of a release in the vault."""
    newest = the_vault(root).newest(slug)
    assert newest
    return newest


def with_media(office: Layout) -> Path:
    """An office whose release has a translation, pictures and an attachment."""
    text = a_release(
        "Texto.\n\n![Entrega](fotos/otra%20más.png)",
        images=[{"src": "foto.png", "alt": "Aula"}],
        attachments=["anexo.pdf"],
    )
    translation = a_release("Text.", headline="Scholarships start", images=[{"src": "sign.png", "alt": "A sign"}])
    return office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": text,
            "releases/becas/index.en.md": translation,
            "releases/becas/foto.png": PIXEL,
            "releases/becas/fotos/otra más.png": PIXEL + b"otra",
            "releases/becas/anexo.pdf": b"%PDF-1.7 anexo",
            "releases/becas/sign.png": PIXEL + b"sign",
            "releases/becas/apuntes.txt": "no forma parte de la publicación",
        }
    )


def test_an_empty_vault_has_nothing(office: Layout) -> None:
    vault = the_vault(office())
    assert (vault.revisions, vault.problems) == ({}, {})


def test_what_was_approved_comes_back_as_it_was(office: Layout) -> None:
    root = with_media(office)
    folder = approve(root)
    desk, revision = the_release(root), kept(root)
    assert folder == root / "approved" / "becas" / "r1"
    assert revision.intact
    assert the_vault(root).problems == {}
    assert revision.release.body == desk.body
    assert revision.release.headline == desk.headline
    assert revision.release.frontmatter == desk.frontmatter
    assert [text.headline for text in revision.release.translations] == ["Scholarships start"]
    assert {name: path.read_bytes() for name, path in revision.release.files.items()} == {
        name: path.read_bytes() for name, path in desk.files.items()
    }
    assert all(path.is_relative_to(folder) for path in revision.release.files.values())
    assert not (folder / "apuntes.txt").exists()


def test_the_approval_says_who_when_and_what(office: Layout) -> None:
    root = office()
    approve(root, number=41)
    approval = kept(root).approval
    assert (approval.slug, approval.revision, approval.number, approval.year) == ("becas", 1, 41, 2026)
    assert (approval.by, approval.at) == ("Ana Ruiz <ana@sinaloa.example>", AT)
    assert approval.author == "Beto «El de guardia»: Soto"
    assert approval.digest.startswith("sha256:")


@pytest.mark.parametrize(
    "by", ['Ana "La Jefa"', "Ana: jefa", "- Ana", "Ana # jefa", "no", "Ñandú 🦤", "null", "12", "{a: b}"]
)
def test_any_name_can_approve(by: str, tmp_path: Path, office: Layout) -> None:
    root = office()
    folder = approve(root)
    approval = replace(kept(root).approval, assents=(Assent(by=by, at=AT, recorded_by=by, via=by),), author=by)
    (folder / "approval.yaml").write_text(approval_text(approval), encoding="utf-8")
    assert kept(root).approval == approval


def test_a_single_file_is_kept_with_its_translation_and_media(office: Layout) -> None:
    files = {
        "releases/becas.md": a_release(images=[{"src": "foto.png", "alt": "Aula"}]),
        "releases/becas.en.md": a_release("Text."),
        "releases/foto.png": PIXEL,
        "releases/ajena.png": PIXEL,
    }
    root = office(files)
    folder = approve(root)
    assert kept(root).intact
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["approval.yaml", "foto.png", "index.en.md", "index.md"]


def test_a_text_that_takes_its_date_from_its_name_is_kept_with_it(office: Layout) -> None:
    slug = "2026-11-05-becas"
    root = office({f"releases/{slug}.md": a_release(date=None)})
    approve(root, slug)
    assert kept(root, slug).intact
    assert kept(root, slug).release.date == the_release(root, slug).date


@pytest.mark.parametrize("name", ["r1", ".oculto", "anexo ñ (1).pdf", "a/b/c.pdf"])
def test_a_file_of_any_name_is_kept(office: Layout, name: str) -> None:
    root = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(attachments=[name]),
            f"releases/becas/{name}": b"anexo",
        }
    )
    approve(root)
    assert kept(root).intact
    assert kept(root).release.files[name].read_bytes() == b"anexo"


def test_revisions_come_oldest_first(office: Layout) -> None:
    root = office()
    for revision in (1, 2, 10, 9):
        approve(root, revision=revision)
    assert [one.ordinal for one in the_vault(root).revisions["becas"]] == [1, 2, 9, 10]
    assert kept(root).ordinal == 10


def test_only_the_releases_that_are_wanted_are_read(office: Layout) -> None:
    root = office({"releases/agua.md": a_release()})
    approve(root)
    approve(root, "agua")
    assert set(read_vault(open_office(root), {"agua"}).revisions) == {"agua"}


def test_storing_again_replaces_the_whole_folder(office: Layout) -> None:
    root = with_media(office)
    approve(root)
    lay_out(root, {"releases/becas/index.md": a_release("Otro texto.")})
    (root / "releases" / "becas" / "index.en.md").unlink()
    folder = approve(root)
    assert sorted(path.name for path in folder.iterdir()) == ["approval.yaml", "index.md"]
    assert kept(root).intact
    assert [path.name for path in folder.parent.iterdir()] == ["r1"]


@pytest.mark.parametrize("name", [".r1.new", ".r1.old", "apuntes", "r0", "r01", "rx", ".git"])
def test_other_folders_in_the_vault_are_no_revisions(office: Layout, name: str) -> None:
    root = office()
    approve(root)
    shutil.copytree(root / "approved" / "becas" / "r1", root / "approved" / "becas" / name)
    assert [one.ordinal for one in the_vault(root).revisions["becas"]] == [1]


# The digest

CHANGES: dict[str, dict[str, str | bytes]] = {
    "the frontmatter": {"releases/becas/index.md": a_release(headline="Arrancan las becas")},
    "the body": {"releases/becas/index.md": a_release("El programa arranca mañana.")},
    "one letter": {"releases/becas/index.md": a_release("El programa arranca hoy en todo el Estado.")},
    "a key that comsoc does not know": {"releases/becas/index.md": a_release(otra="x")},
    "white space within the body": {
        "releases/becas/index.md": a_release("El programa  arranca hoy en todo el estado.")
    },
}


def in_a_folder(office: Layout, **files: str | bytes) -> Path:
    return office({"releases/becas.md": None, "releases/becas/index.md": a_release(), **files})


@pytest.mark.parametrize("change", CHANGES)
def test_the_digest_changes_with(office: Layout, change: str) -> None:
    before = digest_of(the_release(in_a_folder(office)), 1)
    after = digest_of(the_release(lay_out(in_a_folder(office), CHANGES[change])), 1)
    assert before != after


def test_the_digest_changes_with_slug_and_revision(office: Layout) -> None:
    root = office({"releases/agua.md": a_release()})
    becas, agua = the_release(root), the_release(root, "agua")
    assert len({digest_of(becas, 1), digest_of(becas, 2), digest_of(agua, 1)}) == 3


@pytest.mark.parametrize("name", ["foto.png", "fotos/otra más.png", "anexo.pdf", "sign.png", "index.en.md"])
def test_the_digest_changes_with_every_file(office: Layout, name: str) -> None:
    root = with_media(office)
    before = digest_of(the_release(root), 1)
    with (root / "releases" / "becas" / name).open("ab") as file:
        file.write(b"x")
    assert digest_of(the_release(root), 1) != before


def test_the_digest_changes_when_a_translation_comes_or_goes(office: Layout) -> None:
    root = with_media(office)
    before = digest_of(the_release(root), 1)
    (root / "releases" / "becas" / "index.en.md").unlink()
    assert digest_of(the_release(root), 1) != before


@pytest.mark.parametrize(
    "matter",
    [
        "headline: Becas\nkind: boletin\ndate: 2026-11-23\ntopics: [a, b]",
        "topics: [a, b]\ndate: 2026-11-23\nkind: boletin\nheadline: Becas",
        "# comentario\nheadline: Becas  # otro\n\nkind: boletin\ndate: 2026-11-23\ntopics: [a, b]",
        "headline: 'Becas'\nkind: \"boletin\"\ndate: '2026-11-23'\ntopics: ['a', \"b\"]",
        "headline: Becas\nkind: boletin\ndate: 2026-11-23\ntopics:\n  - a\n  - b",
        "headline: >-\n  Becas\nkind:   boletin\ndate: 2026-11-23\ntopics:\n- a\n- b",
        "headline: Becas\nkind: boletin\ndate: 2026-11-23\ntopics: [a, b]\nsubhead:\nembargo: ~",
        "headline: !!str Becas\nkind: boletin\ndate: 2026-11-23\ntopics: [a, b]",
    ],
)
def test_the_digest_does_not_change_with_the_way_of_writing(office: Layout, matter: str) -> None:
    plainly = "headline: Becas\nkind: boletin\ndate: 2026-11-23\ntopics: [a, b]"
    one = the_release(office({"releases/becas.md": f"---\n{plainly}\n---\n\nTexto.\n"}))
    other = the_release(office({"releases/becas.md": f"\n---\n{matter}\n---\n\n\nTexto.\n\n\n"}))
    assert digest_of(one, 1) == digest_of(other, 1)


def test_the_digest_does_not_change_with_line_ends_or_a_byte_order_mark(office: Layout) -> None:
    one = the_release(office())
    other = the_release(office({"releases/becas.md": b"\xef\xbb\xbf" + a_release().replace("\n", "\r\n").encode()}))
    assert digest_of(one, 1) == digest_of(other, 1)


def test_the_digest_does_not_change_when_a_file_becomes_a_folder(office: Layout) -> None:
    root = office()
    one = digest_of(the_release(root), 1)
    (root / "releases" / "becas.md").unlink()
    assert digest_of(the_release(in_a_folder(office)), 1) == one


# What was changed in the vault

Tamper = Callable[[Path], object]
TAMPERED: dict[str, Tamper] = {
    "a file added": lambda folder: (folder / "extra.png").write_bytes(b"x"),
    "a file added in a folder": lambda folder: lay_out(folder, {"otra/extra.png": b"x"}),
    "a hidden file added": lambda folder: (folder / ".extra").write_bytes(b"x"),
    "a picture taken away": lambda folder: (folder / "foto.png").unlink(),
    "an attachment taken away": lambda folder: (folder / "anexo.pdf").unlink(),
    "a picture exchanged": lambda folder: (folder / "foto.png").write_bytes(PIXEL + b"x"),
    "the text edited": lambda folder: (folder / "index.md").write_text(a_release("Otra cosa."), encoding="utf-8"),
    "a translation edited": lambda folder: (folder / "index.en.md").write_text(a_release("Other."), encoding="utf-8"),
    "a translation taken away": lambda folder: (folder / "index.en.md").unlink(),
    "a translation added": lambda folder: (folder / "index.pt.md").write_text(a_release("Texto."), encoding="utf-8"),
    "a translation renamed": lambda folder: (folder / "index.en.md").rename(folder / "index.fr.md"),
    "the revision's number": lambda folder: folder.rename(folder.with_name("r2")),
    "the release's name": lambda folder: folder.parent.rename(folder.parent.with_name("agua")),
    "the digest": lambda folder: edit(folder / "approval.yaml", "digest: sha256:", "digest: sha256:0"),
    "the text unreadable": lambda folder: (folder / "index.md").write_bytes(b"\xff"),
    "the text taken away": lambda folder: (folder / "index.md").unlink(),
    "the approval taken away": lambda folder: (folder / "approval.yaml").unlink(),
}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("change", TAMPERED)
def test_it_is_noticed_when_the_vault_was_changed(office: Layout, change: str) -> None:
    root = with_media(office)
    TAMPERED[change](approve(root))
    vault = the_vault(root)
    [(slug, problems)] = vault.problems.items()
    assert slug in {"becas", "agua"}
    assert rules(problems) == ["vault"]
    assert problems[0].is_error
    assert not any(revision.intact for revisions in vault.revisions.values() for revision in revisions)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"digest: [",
        b"- a\n",
        b"slug: becas\n",
        b"slug: becas\nrevision: uno\nyear: 2026\ndigest: x\napprovals:\n  - {by: Ana, at: 2026-11-23}\n",
        b"slug: becas\nrevision: 1\nyear: 2026\ndigest: x\napprovals: []\n",
        b"slug: becas\nrevision: 1\nyear: 2026\ndigest: x\napprovals: Ana\n",
        b"slug: becas\nrevision: 1\nyear: 2026\ndigest: x\napprovals:\n  - {by: Ana, at: ayer}\n",
        b"slug: becas\nrevision: 1\nyear:\ndigest: x\napprovals:\n  - {by: Ana, at: 2026-11-23}\n",
        b"slug: becas\nrevision: 1\nyear: 2026\ndigest: x\nnumber: [1]\napprovals:\n  - {by: Ana, at: 2026-11-23}\n",
    ],
)
def test_a_broken_approval_is_told_and_approves_nothing(office: Layout, content: bytes) -> None:
    root = office()
    (approve(root) / "approval.yaml").write_bytes(content)
    vault = the_vault(root)
    assert vault.newest("becas") is None
    assert [one.path for one in vault.problems["becas"]] == ["approved/becas/r1/approval.yaml"]


def test_an_approval_copied_from_another_release_approves_nothing(office: Layout) -> None:
    root = office({"releases/agua.md": a_release()})
    approve(root)
    other = approve(root, "agua")
    shutil.copy(root / "approved" / "becas" / "r1" / "approval.yaml", other / "approval.yaml")
    assert the_vault(root).newest("agua") is None
    assert rules(the_vault(root).problems["agua"]) == ["vault"]


def test_an_approval_copied_from_an_earlier_revision_approves_nothing(office: Layout) -> None:
    root = office()
    first = approve(root)
    second = approve(root, revision=2)
    shutil.copy(first / "approval.yaml", second / "approval.yaml")
    assert [one.ordinal for one in the_vault(root).revisions["becas"]] == [1]
    assert rules(the_vault(root).problems["becas"]) == ["vault"]


def test_one_broken_revision_does_not_hide_the_others(office: Layout) -> None:
    root = office({"releases/agua.md": a_release()})
    approve(root)
    (approve(root, "agua") / "approval.yaml").write_bytes(b"")
    assert the_vault(root).newest("becas")


# Numbers


def number_after(office: Layout, *given: tuple[str, int, int], kind: str = "boletin", year: int = 2026) -> int | None:
    """The next number after these were given to releases: kind, year, number."""
    names = [f"texto-{place}" for place in range(len(given))]
    root = office({f"releases/{name}.md": a_release(kind=what) for name, (what, *_) in zip(names, given, strict=True)})
    for name, (_, when, number) in zip(names, given, strict=True):
        approve(root, name, number=number, year=when)
    return next_number(the_vault(root), open_office(root).settings, kind, year)


def test_the_first_number_of_a_year_is_one(office: Layout) -> None:
    assert number_after(office) == 1


def test_numbers_follow_the_highest_one(office: Layout) -> None:
    assert number_after(office, ("boletin", 2026, 3), ("boletin", 2026, 7), ("boletin", 2026, 5)) == 8


def test_every_year_has_its_own_series(office: Layout) -> None:
    assert number_after(office, ("boletin", 2025, 900)) == 1


def test_every_kind_has_its_own_series(office: Layout) -> None:
    assert number_after(office, ("posicionamiento", 2026, 12)) == 1


def test_a_correction_keeps_the_number_and_takes_no_other(office: Layout) -> None:
    root = office()
    approve(root, number=4)
    approve(root, revision=2, number=4)
    assert next_number(the_vault(root), open_office(root).settings, "boletin", 2026) == 5


def test_a_series_may_begin_in_mid_year(office: Layout) -> None:
    from support.offices import SETTINGS

    root = office({"comsoc.toml": SETTINGS + "\n[kinds.boletin]\nfirst_number = 412\n"})
    assert next_number(the_vault(root), open_office(root).settings, "boletin", 2026) == 412


def test_a_kind_without_numbers_has_none(office: Layout) -> None:
    assert number_after(office, kind="aviso") is None


def test_a_store_that_fails_leaves_what_was_there(office: Layout) -> None:
    from comsoc_cli.office.files import StoreUnusable

    root = with_media(office)
    approve(root)
    release = the_release(root)
    approval = replace(kept(root).approval, digest=digest_of(release, 1))
    (root / "releases" / "becas" / "sign.png").unlink()
    with pytest.raises(StoreUnusable):
        store(open_office(root), release, approval)
    assert kept(root).intact
    assert [path.name for path in (root / "approved" / "becas").iterdir()] == ["r1"]
