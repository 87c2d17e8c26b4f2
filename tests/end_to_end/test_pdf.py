"""The PDF: tagged, with its fonts, the same bytes each time, and nothing in it from elsewhere."""

import hashlib
import io
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import IndirectObject
from support.letters import a_delivery, letters, parsed
from support.offices import PIXEL, ROOT, lay_out
from support.texts import EVENT, SINALOA, a_text, approved, documents, with_picture

from comsoc_cli.rendering.pdf import PdfFault, pdf_bytes, taggable

BODY = """
El gobernador entregó las primeras **becas** del programa estatal[^1], «un acto de justicia», dijo.

## Montos y municipios

| Municipio | Becas | Monto |
|---|---:|---:|
| Culiacán | 12,000 | $ 3,400.50 |
| Ahome | 8,100 | $ 2,100.00 |

1. Registro en línea
2. Entrega
    - en escuelas
    - en módulos

> «Ñandú, pingüino, café»

Vea [las reglas](https://becas.example/reglas).

[^1]: Cifra preliminar.
"""


def pdf_of(folder: Path | None = None, body: str = BODY, **changes: Any) -> bytes:
    """The PDF of an approved release; `folder` holds the office's own templates."""
    text = a_text(body, **changes)
    return documents(folder).pdf(approved(text), text)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf), strict=True)


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def resolved(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def objects(reader: PdfReader) -> Iterator[Any]:
    """Every object in the file."""
    for number in range(1, int(resolved(reader.trailer["/Size"]))):
        try:
            yield IndirectObject(number, 0, reader).get_object()
        except Exception:
            continue


@pytest.fixture(scope="module")
def sample() -> bytes:
    """The PDF of a release with everything in it."""
    return pdf_of(
        kind="invitacion", event=EVENT, subhead="48 mil estudiantes", summary=("Pago en enero", "Registro en línea")
    )


def test_it_is_a_pdf_that_a_strict_reader_takes(sample: bytes) -> None:
    assert sample.startswith(b"%PDF-1.")
    assert sample.rstrip().endswith(b"%%EOF")
    assert len(read(sample).pages) >= 1


def test_its_text_can_be_read_and_copied(sample: bytes) -> None:
    words = words_of(sample)
    for phrase in ("Arranca el programa de becas", "primeras becas", "12,000", "Ñandú, pingüino, café", "Palacio"):
        assert phrase in words


def test_it_is_tagged_with_language_and_title(sample: bytes) -> None:
    reader = read(sample)
    root: Any = resolved(reader.trailer["/Root"])
    assert resolved(root["/MarkInfo"])["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "es-MX"
    assert reader.metadata
    assert "Arranca el programa de becas" in str(reader.metadata.title)
    assert resolved(root["/ViewerPreferences"])["/DisplayDocTitle"]


def test_its_structure_names_headings_tables_and_lists(sample: bytes) -> None:
    tags = {str(one["/S"]) for one in objects(read(sample)) if isinstance(one, dict) and "/S" in one}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI", "/Link"} <= tags


def test_a_translation_has_its_own_language() -> None:
    root: Any = resolved(read(pdf_of(language="en"))).trailer["/Root"]
    assert resolved(root)["/Lang"] == "en"


def test_every_font_is_embedded(sample: bytes) -> None:
    fonts = [one for one in objects(read(sample)) if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor"]
    assert fonts
    for font in fonts:
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font), font
    simple = [one for one in objects(read(sample)) if isinstance(one, dict) and one.get("/Type") == "/Font"]
    for font in simple:
        if font["/Subtype"] != "/Type0":
            assert "/FontDescriptor" in font, font


def fonts_of(pdf: bytes) -> set[str]:
    """The families of the fonts in a PDF, as the style sheet names them."""
    descriptors = [one for one in objects(read(pdf)) if isinstance(one, dict) and one.get("/Type") == "/FontDescriptor"]
    return {str(one["/FontFamily"]) if "/FontFamily" in one else str(one["/FontName"]) for one in descriptors}


@pytest.mark.parametrize(
    "body",
    [
        "El ñandú, el pingüino y la cigüeña: ¿cuánto cuestan? ¡Nada! ÁÉÍÓÚÑÜ",
        "«Uno», “dos”, ‘tres’ — cuatro – cinco… • · $ € % ° º ª ² ½ × & @ # ©",
        "Wałęsa, Škoda, Dvořák, Erdoğan, Čapek",
        "- uno\n    - dos\n        - tres\n\n1. cuatro",
        "Uno[^1].\n\n[^1]: Nota.",
    ],
)
def test_its_fonts_are_those_that_comsoc_ships_so_that_every_machine_gives_the_same_page(body: str) -> None:
    assert all("Sheet" in family for family in fonts_of(pdf_of(body=body))), fonts_of(pdf_of(body=body))


# The same bytes


def test_the_same_release_gives_the_same_bytes() -> None:
    first = pdf_of()
    pdf_of(body="Otro texto, con otras letras: wxyz ßøÆ 987.", headline="Otro")
    assert pdf_of() == first


IN_ANOTHER_PROCESS = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from test_pdf import pdf_of
pdf_of(body="Otro texto antes.")
print(hashlib.sha256(pdf_of()).hexdigest())
"""


def test_another_process_on_another_day_gives_the_same_bytes() -> None:
    folder = Path(__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={
            **os.environ,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
            "LANG": "C",
        },
    )
    assert done.stdout.strip() == hashlib.sha256(pdf_of()).hexdigest(), done.stderr


def test_the_environment_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    pdf_of(body="Uno.")
    assert "SOURCE_DATE_EPOCH" not in os.environ
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    pdf_of(body="Uno.")
    assert os.environ["SOURCE_DATE_EPOCH"] == "5"


def test_a_release_from_before_1970_has_a_pdf() -> None:
    assert words_of(pdf_of(body="Uno.", date=datetime(1955, 5, 1, tzinfo=SINALOA)))


def test_two_releases_are_told_apart_by_their_identifier() -> None:
    one, other = read(pdf_of(body="Uno.")), read(pdf_of(body="Uno.", slug="otra"))
    assert one.trailer["/ID"] != other.trailer["/ID"]


# Pictures


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 90)).save(out, "PNG")
    return out.getvalue()


def pictures_in(pdf: bytes) -> int:
    return sum(1 for one in objects(read(pdf)) if isinstance(one, dict) and one.get("/Subtype") == "/Image")


def test_the_releases_own_picture_is_in_it_with_its_alt(tmp_path: Path) -> None:
    text = with_picture(tmp_path, a_picture(), "Texto.\n\n![Mesa de registro](foto.png)")
    pdf = documents().pdf(approved(text), text)
    assert pictures_in(pdf) == 1
    alts = {str(one["/Alt"]) for one in objects(read(pdf)) if isinstance(one, dict) and "/Alt" in one}
    assert {"Aula llena", "Mesa de registro"} <= alts


@pytest.mark.parametrize("data", [b"", b"no es una foto", PIXEL[:40], b"<svg xmlns='http://www.w3.org/2000/svg'"])
def test_a_picture_that_is_broken_does_not_keep_the_pdf_from_being_made(tmp_path: Path, data: bytes) -> None:
    text = with_picture(tmp_path, data)
    assert "Texto." in words_of(documents().pdf(approved(text), text))


# Nothing from elsewhere

SECRET = "frase-secreta-de-prueba"


def leaks(pdf: bytes) -> bool:
    """Whether anything of the secret files came into a PDF: as a file, a picture, or words."""
    reader = read(pdf)
    streams = [one.get_data() for one in objects(reader) if hasattr(one, "get_data")]
    files = [one for one in objects(reader) if isinstance(one, dict) and one.get("/Type") == "/EmbeddedFile"]
    everything = b"".join(streams) + words_of(pdf).encode()
    return bool(files) or bool(reader.attachments) or pictures_in(pdf) > 0 or SECRET.encode() in everything


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """Files that are nobody's business, beside an office's templates."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="15">{SECRET}</text></svg>'
    return lay_out(
        tmp_path,
        {
            "secreto.txt": SECRET,
            "secreto.png": a_picture(),
            "secreto.svg": svg,
            "secreto.css": f"p::after{{content:'{SECRET}'}}",
        },
    )


HARM = [
    '<link rel=attachment href="{place}.txt">',
    '<link rel=stylesheet href="{place}.css">',
    '<a rel=attachment href="{place}.txt">x</a>',
    '<img src="{place}.png" alt=x>',
    '<img src="{place}.svg" alt=x>',
    '<object data="{place}.png"></object>',
    '<embed src="{place}.svg">',
    '<style>@import url("{place}.css");</style>',
    '<style>p {{ background: url("{place}.png") }}</style>',
    '<style>p::after {{ content: url("{place}.svg") }}</style>',
    '<style>li {{ list-style-image: url("{place}.png") }}</style><ul><li>x</ul>',
    '<style>p {{ border-image: url("{place}.png") 10 }}</style>',
    '<svg width=9 height=9><image href="{place}.png" width=9 height=9 /></svg>',
]


@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("way", ["file", "up", "coded", "absolute"])
def test_a_template_puts_nothing_from_outside_into_it(outside: Path, harm: str, way: str) -> None:
    place = {
        "file": f"file://{outside}/secreto",
        "up": "../secreto",
        "coded": "%2e%2e/secreto",
        "absolute": f"/{str(outside).lstrip('/')}/secreto",
    }[way]
    shown = harm.format(place=place)
    lay_out(
        outside / "templates",
        {"pdf.html": f"<html lang=es><head><title>Becas</title></head><body><h1>Becas</h1><p>Texto.</p>{shown}</body>"},
    )
    assert not leaks(pdf_of(outside / "templates"))


def test_what_lies_beside_the_templates_may_be_used(outside: Path) -> None:
    folder = lay_out(
        outside / "templates",
        {
            "pdf.html": "<html lang=es><title>Becas</title><h1>Becas</h1><img src=escudo.png alt=Escudo>",
            "escudo.png": a_picture(),
        },
    )
    assert pictures_in(pdf_of(folder)) == 1


def test_an_office_extends_the_packaged_template(outside: Path) -> None:
    harm = f'<link rel=attachment href="file://{outside}/secreto.txt">'
    text = '{% extends "comsoc/pdf.html" %}{% block head %}{{ super() }}' + harm + "{% endblock %}"
    pdf = pdf_of(lay_out(outside / "templates", {"pdf.html": text}))
    assert not leaks(pdf)
    assert "Arranca el programa de becas" in words_of(pdf)


def test_a_text_puts_nothing_from_outside_into_it(outside: Path) -> None:
    body = "\n\n".join(harm.format(place=f"file://{outside}/secreto") for harm in HARM)
    pdf = pdf_of(body=f"Antes.\n\n{body}\n\n![x](file://{outside}/secreto.png)\n\nDespués.")
    reader = read(pdf)
    assert not reader.attachments
    assert pictures_in(pdf) == 0


def test_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    asked: list[object] = []

    def ask(*address: object, **_: object) -> None:
        asked.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", ask)
    monkeypatch.setattr(socket, "getaddrinfo", ask)
    markup = (
        '<html lang=es><title>x</title><h1>x</h1><img src="https://mal.example/x.png" alt=x><img src=//mal.example/y>'
    )
    style = "<style>@import url(https://mal.example/z.css)</style>"
    pdf_bytes(
        markup + style, media={}, asset=lambda _: None, moment=datetime.now(SINALOA), identifier="x", release="becas"
    )
    assert asked == []


# Warnings and faults


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What WeasyPrint has to say; the level that the renderer sets is put aside."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, ear, level = logging.getLogger("weasyprint"), Ear(logging.WARNING), logging.getLogger("weasyprint").level
    logger.setLevel(logging.WARNING)
    logger.addHandler(ear)
    monkeypatch.setattr(logger, "setLevel", lambda _: None)
    yield heard
    monkeypatch.undo()
    logger.removeHandler(ear)
    logger.setLevel(level)


def test_weasyprint_has_nothing_to_say_of_our_templates(warnings: list[str], tmp_path: Path) -> None:
    text = with_picture(tmp_path, a_picture(), BODY)
    documents().pdf(approved(text), text)
    pdf_of(kind="invitacion", event=EVENT)
    assert warnings == []


def test_this_would_be_heard(warnings: list[str], tmp_path: Path) -> None:
    pdf_of(lay_out(tmp_path, {"pdf.html": "<style>p { colour: red }</style><h1>x</h1><img src=nada.png alt=x>"}))
    assert len(warnings) >= 2


def test_what_the_renderer_gives_up_on_is_a_refusal_that_names_the_release() -> None:
    with pytest.raises(PdfFault) as refusal:
        pdf_bytes(
            "<html lang=es><title>x</title>",
            media={},
            asset=lambda _: None,
            moment=None,  # type: ignore[arg-type]
            identifier="x",
            release="becas",
        )
    assert "becas" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<a href="x"><em>uno</em></a>', '<em><a href="x">uno</a></em>'),
        ('<a href="x"><strong><em>uno</em></strong></a>', '<strong><em><a href="x">uno</a></em></strong>'),
        ('<a href="x">uno <em>dos</em></a>', '<a href="x">uno dos</a>'),
        ('<a href="x"><em>uno</em> y <em>dos</em></a>', '<a href="x">uno y dos</a>'),
        ('<a href="x"><img src="a.jpg" alt="b"></a>', '<img src="a.jpg" alt="b">'),
    ],
)
def test_a_link_has_text_of_its_own(markup: str, found: str) -> None:
    assert taggable(markup) == found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # WeasyPrint leaves its profile open
def test_an_archive_gets_the_variant_that_it_asks_for() -> None:
    text = a_text(BODY)
    made = pdf_bytes(
        documents().from_template("pdf.html", approved(text), text),
        media={},
        asset=documents().templates.file,
        moment=text.date,
        identifier="becas",
        release="becas",
        variant="pdf/a-3a",
    )
    metadata = str(read(made).xmp_metadata.stream.get_data())  # type: ignore[union-attr]
    assert "pdfaid:part" in metadata
    assert "conformance" in metadata


def test_spaces_and_hyphens_without_a_glyph_are_set_as_usual_ones() -> None:
    text = a_text("Son 48\u202fmil becas para Sinaloa\u2011Norte.")
    [sheet] = PdfReader(io.BytesIO(documents().pdf(approved(text), text))).pages
    assert "Sinaloa-Norte" in sheet.extract_text()
    fonts = [str(one["/BaseFont"]) for one in sheet["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert all("Sheet-" in name for name in fonts), fonts


def test_every_variant_has_the_same_pdf_until_there_is_a_page(tmp_path: Path) -> None:
    made = letters(tmp_path, {"email.radio.txt": "Para radio\n"}, published=False)
    pdfs = []
    for delivery in (a_delivery(), a_delivery("Bea", "radio")):
        [attachment] = parsed(made.compose(delivery)).iter_attachments()
        pdfs.append(attachment.get_content())
    assert pdfs[0].startswith(b"%PDF-")
    assert pdfs[0] == pdfs[1]
