"""What a build makes of bad pictures, texts, templates and folders: a sentence with the place, the others built."""

import io
import os
import re
import shutil
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from support.offices import ROOT, Layout, a_release, comsoc


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (1200, 800)) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PICTURES: dict[str, tuple[str, bytes, str]] = {
    "a drawing under another name": ("foto.jpg", SCRIPT, "is no picture"),
    "a page under another name": ("foto.png", b"<html><script>alert(1)</script></html>", "is no picture"),
    "a program": ("foto.jpg", b"MZ" + bytes(500), "is no picture"),
    "nothing": ("foto.jpg", b"", "is no picture"),
    "half of a photograph": ("foto.jpg", a_picture()[:5000], "the end of “foto.jpg” is missing"),
    "half of a plan": ("plano.png", a_picture("PNG")[:2000], "the end of “plano.png” is missing"),
}


def test_a_picture_that_is_none_is_told_with_its_line_and_the_others_are_built(office: Layout) -> None:
    files: dict[str, str | bytes | None] = {"releases/becas.md": a_release(headline="La que se puede")}
    for number, (name, data, _) in enumerate(PICTURES.values()):
        text = a_release(f"![Otra vez]({name})", headline=f"Titular {number}", images=[{"src": name, "alt": "Aula"}])
        files |= {f"releases/mal-{number}/index.md": text, f"releases/mal-{number}/{name}": data}
    root = office(files)
    answer = comsoc(root, "build")
    assert answer.code == 1
    for number, (_, _, told) in enumerate(PICTURES.values()):
        for line in (8, 11):
            place = f"releases/mal-{number}/index.md:{line}"
            assert re.search(rf"{re.escape(place)}\b.*{re.escape(told)}", answer.said), (place, told, answer.said)
        assert not (root / f"dist/press/mal-{number}").exists()
    assert (root / "dist/press/becas/becas.pdf").is_file()


@pytest.mark.parametrize(("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.jpg"), ("GIF", "a.gif"), ("WEBP", "a.webp")])
def test_a_picture_of_any_usual_format_is_none_of_these(office: Layout, kind: str, name: str) -> None:
    text = a_release(images=[{"src": name, "alt": "Aula"}])
    root = office({"releases/becas.md": text, f"releases/{name}": a_picture(kind) + b"what a camera adds"})
    assert comsoc(root, "build").code == 0


TEXTS: dict[str, tuple[str, str]] = {
    "ten million characters": ("palabra " * 1_250_000, "releases/mal.md:10"),
    "a thousand quotations": ("> " * 1000 + "hondo", "nested too deeply"),
    "a thousand frames": ("<div>" * 1000 + "hondo" + "</div>" * 1000, "nested too deeply"),
    "lists within lists": ("\n".join("    " * depth + "- a" for depth in range(300)), "nested too deeply"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_text_beyond_measure_is_told_and_the_others_are_built(office: Layout, case: str) -> None:
    body, told = TEXTS[case]
    root = office({"releases/mal.md": a_release(body, headline="Sin medida")})
    answer = comsoc(root, "build")
    assert answer.code == 1
    assert "releases/mal.md" in answer.said
    assert told in answer.said
    assert (root / "dist/press/becas/becas.pdf").is_file()
    assert not (root / "dist/press/mal/mal.pdf").exists()


@pytest.mark.parametrize(
    "headline",
    [
        "Titular muy largo " * 22,
        "🎉 Arranca la fiesta 👩‍👩‍👧‍👦 del mar 🇲🇽",
        "بدء برنامج المنح الدراسية 2027",
        "x" * 400,
        "A<b>&\"'",
    ],
    ids=["400 characters", "emoji", "right to left", "one word", "signs of HTML"],
)
def test_no_headline_is_too_much(office: Layout, headline: str) -> None:
    root = office({"releases/becas.md": a_release(headline=headline.strip())})
    assert comsoc(root, "build").code == 0
    page = (root / "dist/press/becas/index.html").read_text(encoding="utf-8")
    assert page.count('<h1 dir="auto">') == 1
    [sheet] = PdfReader(root / "dist/press/becas/becas.pdf").pages
    assert "El programa arranca hoy" in sheet.extract_text()
    assert len((root / "dist/press/becas/becas.whatsapp.txt").read_text(encoding="utf-8")) < 1000


HARM = """
<script>alert(1)</script> [pulse](javascript:alert(1)) <link rel=attachment href="{0}"> <link rel=stylesheet href="{0}">

<style>@import url({0}); body {{background: url({0})}}</style> <p style="background:url({0})">uno</p>

![x]({0}) <img src="{0}"> <object data="{0}"></object> <iframe src="{0}"></iframe> <a href="{0}">dos</a>
"""
TEMPLATE = """{{% extends "comsoc/pdf.html" %}}
{{% block footer %}}<link rel=attachment href="{0}"><style>@import url({0}); p {{ background: url({0}) }}</style>
<img src="{0}" alt=x><object data="{0}"></object><svg xmlns="http://www.w3.org/2000/svg"><image href="{0}"/></svg>
{{% endblock %}}"""


def test_nothing_outside_is_read_for_a_text_or_a_template(office: Layout, tmp_path: Path) -> None:
    secret = tmp_path / "secreto.txt"
    secret.write_text("SECRETO-DE-FUERA")
    root = office(
        {
            "releases/becas.md": a_release(HARM.format(secret.as_uri())),
            "templates/pdf.html": TEMPLATE.format(secret.as_uri()),
        }
    )
    assert comsoc(root, "build").code == 0
    kit = root / "dist/press/becas"
    for path in kit.rglob("*"):
        assert path.is_dir() or b"SECRETO-DE-FUERA" not in path.read_bytes()
    pdf = PdfReader(kit / "becas.pdf")
    assert not pdf.attachments
    for name in ("index.html", "email.html"):
        page = (kit / name).read_text(encoding="utf-8")
        assert "alert(1)</script>" not in page
        assert not re.search(r"(?i)<[^>]*(javascript:|secreto\.txt)", page)


def test_a_font_that_is_missing_is_told_with_template_and_line_and_pages_are_built(office: Layout) -> None:
    style = '{% include "comsoc/pdf.css" %}\n@font-face { font-family: Nuestra; src: url("fonts/nuestra.woff2"); }\n'
    root = office({"templates/pdf.css": style + 'p { font-family: "Nuestra"; }\n'})
    answer = comsoc(root, "build", "--only", "web,pdf")
    assert answer.code == 1
    assert "templates/pdf.css:2" in answer.said
    assert "fonts/nuestra.woff2" in answer.said
    assert comsoc(root, "build", "--only", "web").code == 0
    shutil.copy(ROOT / "templates/fonts/source-serif-4-latin-600-normal.woff2",
                root / "templates/nuestra.woff2")  # fmt: skip
    (root / "templates/fonts").mkdir()
    (root / "templates/nuestra.woff2").rename(root / "templates/fonts/nuestra.woff2")
    assert comsoc(root, "build", "--only", "web,pdf").code == 0


# The folder that is built into


def test_a_build_into_a_link_builds_where_it_leads_and_takes_nothing_away_there(office: Layout, tmp_path: Path) -> None:
    root, elsewhere = office(), tmp_path / "elsewhere"
    (elsewhere / "press/ajena").mkdir(parents=True)
    (elsewhere / "press/ajena/index.html").write_text("de otra persona")
    (root / "dist").symlink_to(elsewhere)
    assert comsoc(root, "build").code == 0
    assert (elsewhere / "press/becas/becas.pdf").is_file()
    (root / "releases/becas.md").rename(root / "releases/libros.md")
    assert comsoc(root, "build").code == 0
    assert not (elsewhere / "press/becas").exists()
    assert (elsewhere / "press/libros/libros.pdf").is_file()
    assert (elsewhere / "press/ajena/index.html").read_text() == "de otra persona"


def test_a_kit_that_is_a_link_loses_nothing_of_what_lay_there(office: Layout, tmp_path: Path) -> None:
    root, elsewhere = office(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "nota.txt").write_text("de otra persona")
    (root / "dist/press").mkdir(parents=True)
    (root / "dist/press/becas").symlink_to(elsewhere)
    assert comsoc(root, "build", "--only", "web").code == 0
    assert (elsewhere / "index.html").is_file()
    assert (elsewhere / "nota.txt").read_text() == "de otra persona"


def test_a_build_onto_another_disk_is_a_build(office: Layout, tmp_path: Path) -> None:
    disk = Path("/dev/shm")
    if not os.access(disk, os.W_OK) or disk.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has one disk")
    root, folder = office(), disk / f"comsoc-{os.getpid()}"
    try:
        for code in (0, 0):
            assert comsoc(root, "build", "--only", "web", "--output", str(folder)).code == code
        assert (folder / "press/becas/index.html").is_file()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
