"""An SVG may draw, and do nothing else: on the newsroom's own address it is a document, not just a picture."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.drawings import NASTY, drawing
from support.offices import SETTINGS, Layout, a_release, comsoc

from comsoc_cli.model.approval import Approval, Assent
from comsoc_cli.office.release_text import ReleaseReader
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.vault import digest_of, read_vault, store


@pytest.mark.parametrize("field", ["images", "body", "attachments"])
def test_a_drawing_that_acts_is_an_error_and_stands_in_no_kit_and_on_no_page(office: Layout, field: str) -> None:
    matter: dict[str, object] = {"images": [{"src": "dibujo.svg", "alt": "Plano"}]} if field == "images" else {}
    matter |= {"attachments": ["dibujo.svg"]} if field == "attachments" else {}
    text = a_release("![Plano](dibujo.svg)" if field == "body" else "El plano va aparte.", **matter)
    data = NASTY["a script under a prefix"][0]
    root = office({"releases/becas.md": text, "releases/dibujo.svg": data})
    checked = comsoc(root, "check", "becas")
    assert checked.code == 1
    assert "dibujo.svg" in checked.said
    assert "<script>" in checked.said
    assert comsoc(root, "approve", "becas", "--by", "Ana Prueba", "--yes").code == 1
    comsoc(root, "build", "becas")
    page = (root / "dist/press/becas/index.html").read_text(encoding="utf-8")
    assert "media/dibujo.svg" not in page
    assert not list((root / "dist").rglob("dibujo.svg"))
    assert all(data not in path.read_bytes() for path in (root / "dist").rglob("*") if path.is_file())


def test_what_was_approved_before_keeps_its_place_and_page_without_the_drawing(office: Layout) -> None:
    root = office({"releases/becas.md": a_release("![Plano](dibujo.svg)\n\nEl texto queda.", date="2026-11-20 10:00")})
    place = open_office(root)
    text = ReleaseReader(place.settings, root).read(root / "releases/becas.md", "becas")[0]
    assert text
    (root / "releases/dibujo.svg").write_bytes(NASTY["a script"][0])
    text = replace(text, files={"dibujo.svg": root / "releases/dibujo.svg"})  # as an older comsoc read it
    moment = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    approval = Approval(
        slug="becas", revision=1, digest=digest_of(text, 1), assents=(Assent(by="Ana", at=moment),), number=1, year=2026
    )
    store(place, text, approval)
    assert not read_vault(place).problems.get("becas")
    comsoc(root, "build")
    page = (root / "dist/site/releases/becas/index.html").read_text(encoding="utf-8")
    assert "El texto queda." in page
    assert "Plano]" in page
    assert not list((root / "dist").rglob("dibujo.svg"))


@pytest.mark.parametrize("name", ["informe.html", "informe.xhtml", "datos.xml", "plano.svgz", "INFORME.HTM"])
def test_a_web_page_is_no_attachment(office: Layout, name: str) -> None:
    root = office({"releases/becas.md": a_release(attachments=[name]), f"releases/{name}": b"<html/>"})
    checked = comsoc(root, "check", "becas", "--json")
    assert [one["rule"] for one in checked.json["problems"] if one["severity"] == "error"] == ["file-script"]
    comsoc(root, "build", "becas")
    assert not list((root / "dist").rglob(name))


def test_a_logo_that_acts_is_an_error_and_shown_nowhere(office: Layout) -> None:
    settings = f'{SETTINGS}\n[identity]\nlogo = "logo.svg"\n'
    data = drawing('<image href="https://x.example/t.png"/>')
    root = office({"comsoc.toml": settings, "templates/logo.svg": data})
    checked = comsoc(root, "check")
    assert checked.code == 1
    assert "templates/logo.svg" in checked.said
    comsoc(root, "build")
    assert 'class="logo"' not in (root / "dist/press/becas/index.html").read_text(encoding="utf-8")
    (root / "templates/logo.svg").write_bytes(drawing('<path d="M0 0h9"/>'))
    comsoc(root, "build")
    assert 'class="logo"' in (root / "dist/press/becas/index.html").read_text(encoding="utf-8")
