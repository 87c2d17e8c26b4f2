"""comsoc templates: what is packaged, and a copy that an office may change."""

from support.offices import ROOT, Layout, comsoc

PACKAGED = ROOT / "templates"


def test_the_list_says_which_are_packaged_and_which_the_offices_own(office: Layout) -> None:
    root = office({"templates/page.html": "", "templates/email.radio.txt": ""})
    rows = {row["name"]: row for row in comsoc(root, "templates", "list", "--json").json["templates"]}
    assert rows["page.html"] == {"name": "page.html", "own": True, "packaged": True}
    assert rows["email.radio.txt"] == {"name": "email.radio.txt", "own": True, "packaged": False}
    assert rows["release.txt"] == {"name": "release.txt", "own": False, "packaged": True}
    shown = comsoc(root, "templates", "list").out
    assert "new/release.md" in shown
    assert "fonts/" not in shown


def test_a_copy_is_the_packaged_one_and_builds(office: Layout) -> None:
    root = office()
    answer = comsoc(root, "templates", "copy", "page.html")
    assert (answer.code, answer.out) == (0, "templates/page.html\n")
    assert (root / "templates/page.html").read_bytes() == (PACKAGED / "page.html").read_bytes()
    assert comsoc(root, "build", "--only", "web").code == 0


def test_what_is_there_is_never_overwritten(office: Layout) -> None:
    root = office({"templates/page.html": "mía"})
    answer = comsoc(root, "templates", "copy", "page.html")
    assert answer.code == 3
    assert "templates/page.html" in answer.err
    assert (root / "templates/page.html").read_text(encoding="utf-8") == "mía"


def test_only_packaged_templates_can_be_copied(office: Layout) -> None:
    root = office()
    for name in ("nada.html", "../comsoc.toml", "fonts/OFL-source-sans-3.txt", ""):
        answer = comsoc(root, "templates", "copy", name)
        assert answer.code == 2
    assert not (root / "templates").exists()
