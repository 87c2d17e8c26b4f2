"""The desk: which files are releases, and what stands in their way."""

import os
from pathlib import Path

import pytest
from support.offices import PIXEL, Layout, a_release
from support.processes import without_rights
from support.readings import rules, the_desk, the_problems, the_release

from comsoc_cli.office.desk import find_slugs, survey
from comsoc_cli.office.folder import UnknownRelease
from comsoc_cli.office.settings import open_office


def slugs(root: Path) -> list[str]:
    return sorted(the_desk(root).releases)


def test_an_office_without_a_desk_has_no_releases(office: Layout) -> None:
    assert slugs(office({"releases/becas.md": None})) == []


def test_a_file_is_a_release_called_like_the_file(office: Layout) -> None:
    assert slugs(office({"releases/agua.md": a_release()})) == ["agua", "becas"]


def test_a_folder_with_index_is_a_release_called_like_the_folder(office: Layout) -> None:
    files = {
        "releases/becas.md": None,
        "releases/feria/index.md": a_release(images=[{"src": "foto.png", "alt": "Feria"}]),
        "releases/feria/foto.png": PIXEL,
        "releases/feria/notas.md": "apuntes, que no son una publicación",
    }
    root = office(files)
    assert slugs(root) == ["feria"]
    assert the_release(root, "feria").files == {"foto.png": root / "releases" / "feria" / "foto.png"}


def test_folders_without_index_only_group(office: Layout) -> None:
    root = office({"releases/2026/11/agua.md": a_release(), "releases/2026/feria/index.md": a_release()})
    assert slugs(root) == ["agua", "becas", "feria"]


@pytest.mark.parametrize(
    "name",
    ["README.md", ".oculta.md", "_borrador.md", "notas.txt", "foto.png", ".git/x.md", "_viejas/a.md", "2026/README.md"],
)
def test_what_is_no_release_is_left_alone(office: Layout, name: str) -> None:
    desk = the_desk(office({f"releases/{name}": "no es una publicación"}))
    assert sorted(desk.releases) == ["becas"]
    assert desk.all_problems() == []


def test_a_translation_belongs_to_its_original(office: Layout) -> None:
    root = office({"releases/becas.en.md": a_release("It starts today.", headline="Scholarships start")})
    release = the_release(root)
    assert slugs(root) == ["becas"]
    assert [(text.language, text.headline) for text in release.translations] == [("en", "Scholarships start")]
    assert release.in_language("en-US").headline == "Scholarships start"
    assert release.in_language("es").headline == release.headline
    assert release.in_language("fr").headline == release.headline


def test_a_translation_in_a_folder_is_called_index(office: Layout) -> None:
    root = office(
        {"releases/becas.md": None, "releases/becas/index.md": a_release(), "releases/becas/index.en.md": a_release()}
    )
    assert [text.language for text in the_release(root).translations] == ["en"]


def test_a_release_has_any_number_of_translations(office: Layout) -> None:
    root = office({"releases/becas.en.md": a_release(), "releases/becas.pt-BR.md": a_release()})
    assert [text.language for text in the_release(root).translations] == ["en", "pt-BR"]


def test_a_name_that_only_looks_like_a_translation_is_a_release(office: Layout) -> None:
    assert slugs(office({"releases/informe.en.md": a_release()})) == ["becas", "informe.en"]


def test_a_broken_translation_keeps_the_release_from_being_made(office: Layout) -> None:
    root = office({"releases/becas.en.md": "---\nheadline: Scholarships\ndate: tomorrow\n---\n\nText.\n"})
    desk = the_desk(root)
    assert desk.broken == ["becas"]
    assert [(one.path, one.field) for one in desk.problems["becas"]] == [("releases/becas.en.md", "date")]


def test_two_releases_with_one_name_are_told_and_the_first_is_kept(office: Layout) -> None:
    root = office(
        {"releases/2026/becas.md": a_release(), "releases/becas.md": None, "releases/2027/becas.md": a_release()}
    )
    [problem] = the_problems(root)
    assert (problem.rule, problem.path) == ("slug-twice", "releases/2027/becas.md")
    assert "releases/2026/becas.md" in str(problem.message)
    assert "becas" not in the_desk(root).releases


def test_a_file_and_a_folder_with_one_name_are_told(office: Layout) -> None:
    root = office({"releases/becas/index.md": a_release()})
    assert rules(the_problems(root)) == ["slug-twice"]


def test_names_that_differ_only_in_their_case_are_one_name(office: Layout) -> None:
    root = office({"releases/a/Becas.md": a_release()})
    assert rules(the_desk(root).all_problems()) == ["slug-twice"]


@pytest.mark.parametrize("name", ["educación", "con espacio", "dos..puntos", "¿qué?", "-guion", "punto.", "a" * 210])
def test_a_name_that_cannot_be_an_address_is_told_with_a_better_one(office: Layout, name: str) -> None:
    root = office({f"releases/{name}.md": a_release()})
    [problem] = the_desk(root).all_problems()
    assert (problem.rule, problem.path) == ("slug", f"releases/{name}.md")
    assert slugs(root) == ["becas"]


def test_the_better_name_is_without_accents(office: Layout) -> None:
    [problem] = the_desk(office({"releases/Educación básica.md": a_release()})).all_problems()
    assert "“educacion-basica”" in str(problem.message)


def test_a_file_that_is_not_utf8_is_told_with_its_line(office: Layout) -> None:
    root = office({"releases/becas.md": a_release("Año.").encode("latin-1")})
    [problem] = the_problems(root)
    assert (problem.rule, problem.line) == ("encoding", 5)


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"---\nheadline: a\x00b\n---\n", b"\xff\xfe-\x00-\x00-\x00"])
def test_a_file_that_is_no_text_is_told(office: Layout, data: bytes) -> None:
    assert rules(the_problems(office({"releases/becas.md": data}))) == ["encoding"]


def test_an_empty_file_is_told(office: Layout) -> None:
    assert rules(the_problems(office({"releases/becas.md": b""}))) == ["frontmatter"]


def test_a_file_that_may_not_be_read_is_told_and_the_others_are_read(office: Layout, tmp_path: Path) -> None:
    root = office({"releases/agua.md": a_release()})
    open_to_all(tmp_path)
    (root / "releases" / "becas.md").chmod(0)
    with without_rights():
        desk = the_desk(root)
    assert sorted(desk.releases) == ["agua"]
    assert rules(desk.all_problems()) == ["unreadable"]


def test_a_folder_that_may_not_be_read_is_told_and_the_others_are_read(office: Layout, tmp_path: Path) -> None:
    root = office({"releases/2025/agua.md": a_release()})
    open_to_all(tmp_path)
    (root / "releases" / "2025").chmod(0)
    with without_rights():
        desk = the_desk(root)
    (root / "releases" / "2025").chmod(0o755)
    assert sorted(desk.releases) == ["becas"]
    assert rules(desk.all_problems()) == ["unreadable"]


def open_to_all(folder: Path) -> None:
    """Let somebody without rights come as far as this folder, where the system's own folder allows it."""
    for path in (folder, *folder.parents[:-2]):
        if path.stat().st_uid == os.geteuid():
            path.chmod(0o755)


def test_a_file_that_leads_out_of_the_office_is_not_read(office: Layout, tmp_path: Path) -> None:
    secret = tmp_path / "secreto.md"
    secret.write_text(a_release("El secreto."), encoding="utf-8")
    root = office({"releases/becas.md": None})
    (root / "releases").mkdir()
    (root / "releases" / "becas.md").symlink_to(secret)
    assert slugs(root) == []
    assert rules(the_problems(root)) == ["path-outside"]


def test_a_translation_that_leads_out_of_the_office_is_not_read(office: Layout, tmp_path: Path) -> None:
    secret = tmp_path / "secreto.md"
    secret.write_text(a_release("El secreto."), encoding="utf-8")
    root = office()
    (root / "releases" / "becas.en.md").symlink_to(secret)
    assert "El secreto." not in [text.body for release in the_desk(root).releases.values() for text in release.texts]
    assert rules(the_problems(root)) == ["path-outside"]


def test_a_folder_that_leads_out_of_the_office_is_not_read(office: Layout, tmp_path: Path) -> None:
    (tmp_path / "otra").mkdir()
    (tmp_path / "otra" / "secreto.md").write_text(a_release(), encoding="utf-8")
    root = office()
    (root / "releases" / "otra").symlink_to(tmp_path / "otra")
    assert slugs(root) == ["becas"]


def test_a_file_that_leads_nowhere_is_told(office: Layout) -> None:
    root = office({"releases/becas.md": None, "releases/agua.md": a_release()})
    (root / "releases" / "becas.md").symlink_to("nada.md")
    assert rules(the_problems(root)) == ["unreadable"]


@pytest.mark.parametrize("circles", [1, 2])
def test_folders_in_a_circle_come_to_an_end(office: Layout, circles: int) -> None:
    root = office()
    for number in range(circles):
        (root / "releases" / f"vuelta-{number}").symlink_to(".")
    found: set[str] = set()
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(root)
        found |= set(survey_within(root, seconds=3))
    assert "becas" in found


def survey_within(root: Path, seconds: int) -> list[str]:
    """The slugs of an office; fails if it takes too long to find them."""
    import signal

    def too_long(*_: object) -> None:
        pytest.fail("the survey does not end")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        places, problems = survey(open_office(root))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    return [*places, *problems]


def test_only_the_releases_that_are_wanted_are_read(office: Layout) -> None:
    from comsoc_cli.office.desk import read_desk

    root = office({"releases/agua.md": "roto", "releases/feria.md": a_release()})
    desk = read_desk(open_office(root), ["feria"])
    assert (sorted(desk.releases), desk.all_problems()) == (["feria"], [])


@pytest.mark.parametrize(
    "wanted",
    [
        "feria",
        "releases/feria",
        "releases/feria/index.md",
        "releases/feria/index.en.md",
        "./releases/../releases/feria",
    ],
)
def test_a_release_is_meant_by_its_slug_or_by_any_of_its_files(
    office: Layout, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = office({"releases/feria/index.md": a_release(), "releases/feria/index.en.md": a_release()})
    monkeypatch.chdir(root)
    assert find_slugs(open_office(root), [wanted, wanted]) == ["feria"]


@pytest.mark.parametrize("wanted", ["beca", "becsa"])
def test_an_unknown_release_is_answered_with_the_nearest(office: Layout, wanted: str) -> None:
    with pytest.raises(UnknownRelease) as refusal:
        find_slugs(open_office(office()), [wanted])
    assert refusal.value.exit_code == 2
    assert "becas" in str(refusal.value.hint)


@pytest.mark.parametrize("wanted", ["", "..", "/etc/passwd", "contacts.yaml"])
def test_what_is_no_release_is_refused(office: Layout, wanted: str) -> None:
    with pytest.raises(UnknownRelease):
        find_slugs(open_office(office()), [wanted])
