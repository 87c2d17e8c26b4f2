"""The office's look: a few lines in comsoc.toml reach page, newsroom, PDF and mail alike."""

import email
import email.policy
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from support.offices import SETTINGS, Layout, comsoc


def a_logo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (120, 60), "#7a1f2b").save(out, "PNG")
    return out.getvalue()


def built(office: Layout, identity: str, **files: bytes) -> Path:
    named = {f"templates/{name.replace('_', '.')}": data for name, data in files.items()}
    root = office({"comsoc.toml": f"{SETTINGS}\n[identity]\n{identity}\n", **named})
    assert comsoc(root, "approve", "becas").code == 0
    answer = comsoc(root, "build")
    assert answer.code == 0, answer.said
    return root


def test_colour_and_typeface_reach_page_newsroom_and_mail(office: Layout) -> None:
    root = built(office, 'color = "#7a1f2b"\ntypeface = "sans"')
    kit = root / "dist/press/becas"
    for path in (kit / "index.html", kit / "email.html", root / "dist/site/index.html"):
        page = path.read_text(encoding="utf-8")
        assert "#7a1f2b" in page
        assert "#0f4c5c" not in page
        assert "Georgia" not in page
    assert PdfReader(kit / "becas.pdf").pages


def test_the_logo_is_in_every_document(office: Layout) -> None:
    root = built(office, 'logo = "logo.png"', logo_png=a_logo())
    kit = root / "dist/press/becas"
    for path in (kit / "index.html", kit / "email.html", root / "dist/site/index.html"):
        assert 'src="data:image/png;base64,' in path.read_text(encoding="utf-8")
    message = email.message_from_bytes((kit / "email.eml").read_bytes(), policy=email.policy.default)
    [picture] = [part for part in message.walk() if part.get_content_type() == "image/png"]
    assert picture.get_content() == a_logo()
    assert f"cid:{picture['Content-ID'].strip('<>')}" in message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert len(PdfReader(kit / "becas.pdf").pages[0].images) == 1


def test_a_logo_that_is_not_there_is_told_and_the_rest_is_built(office: Layout) -> None:
    root = built(office, 'logo = "logo.svg"')
    answer = comsoc(root, "check")
    assert answer.code == 0
    assert "templates/logo.svg" in answer.said
    assert 'class="logo"' not in (root / "dist/press/becas/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("identity", "word"),
    [
        ('color = "rojo"', "#0f4c5c"),
        ('color = "#ffee88"', "4.5"),
        ('dark = "#111111"', "4.5"),
        ('logo = "../secreto.png"', "logo.svg"),
        ('typeface = "comic"', "serif"),
    ],
)
def test_a_look_that_cannot_be_is_refused_with_its_line(office: Layout, identity: str, word: str) -> None:
    root = office({"comsoc.toml": f"{SETTINGS}\n[identity]\n{identity}\n"})
    answer = comsoc(root, "build")
    assert answer.code == 5
    assert re.search(r"comsoc\.toml:\d+, identity\.", answer.err)
    assert word in answer.err
