"""Tables that are read whole: on paper, on a phone and in a mail."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from support.texts import a_text, approved, documents

from comsoc_cli.rendering.body import body_html, in_media
from comsoc_cli.rendering.tables import in_mail, on_screen, on_sheet, shape_of

LINK = "https://navolato.example/transparencia/padron/2026/beneficiarios_del_programa_estatal.html"
NARROW = "| Día | Hora |\n|---|---|\n| Lunes | 9:00 |"


def a_table(columns: int, cell: str = "$1,250,000.50", last: str = "FOLIO-000987654321") -> str:
    """A table of so many columns, the last of which is money."""
    names = [f"Columna {number}" for number in range(1, columns)] + ["Folio"]
    cells = [f"{cell}"] * (columns - 1) + [last]
    return "\n".join(f"| {' | '.join(row)} |" for row in (names, ["---"] * columns, cells, cells))


def markup(text: str) -> str:
    return body_html(a_text(text), in_media, str)


def sheets(text: str) -> list[Any]:
    """The pages of the PDF."""
    text_ = a_text(text)
    return list(PdfReader(io.BytesIO(documents().pdf(approved(text_), text_))).pages)


BROAD = {
    "seven columns": a_table(7),
    "twelve columns": a_table(12),
    "twenty columns": a_table(20),
    "forty columns": a_table(40, "12", "XYZW"),
    "addresses": f"| Lugar | Sitio | Nota | Folio |\n|---|---|---|---|\n| Elota | {LINK} | {LINK} | F-000987654321 |",
    "one long word": f"| A | Folio |\n|---|---|\n| {'x' * 300} | FOLIO-000987654321 |",
}


@pytest.mark.parametrize("case", BROAD)
def test_no_column_is_lost_at_the_edge_of_a_sheet(case: str) -> None:
    last = "XYZW" if "XYZW" in BROAD[case] else "000987654321"
    found = []
    for page in sheets(BROAD[case]):
        edge = float(page.mediabox.width) - 30

        def within(text: str, sheet: list[float], at: list[float], *_: object, edge: float = edge) -> None:
            assert sheet[0] * at[4] + sheet[4] < edge or not text.strip(), text

        found.append(page.extract_text(visitor_text=within))
    assert last in re.sub(r"\s", "", "".join(found))


def test_only_the_broadest_turn_the_sheet_and_their_heading_goes_with_them() -> None:
    pages = sheets(f"Antes.\n\n## Montos por mes\n\n{a_table(13)}\n\nDespués.")
    boxes = [(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages]
    assert boxes == [(612, 792), (792, 612), (612, 792)]
    assert "Montos por mes" in pages[1].extract_text()
    assert "Después." in pages[2].extract_text()
    assert all(page.mediabox.width < 700 for page in sheets(a_table(6)))


def test_a_usual_table_is_laid_out_as_it_was() -> None:
    text = markup(NARROW)
    assert on_sheet(text) == text
    assert "broad" not in on_screen(text, "Tabla {number}", "Deslice")
    assert "hint" not in on_screen(text, "Tabla {number}", "Deslice")
    assert "broad" not in in_mail(text, "Deslice")


def test_a_frame_on_a_screen_can_be_reached_and_is_named() -> None:
    page = on_screen(markup(f"{NARROW}\n\nY\n\n{a_table(8)}"), "Tabla {number}", "Deslice")
    frames = re.findall(r'<div class="scroll[^"]*" role="region" tabindex="0" aria-label="([^"]*)">', page)
    assert frames == ["Tabla 1", "Tabla 2"]
    assert page.count("Deslice") == 1
    assert page.index("Deslice") < page.index('aria-label="Tabla 2"')
    assert page.count("<table") == page.count("</table></div>") == 2


def test_a_mail_says_that_a_broad_table_scrolls_and_its_words_are_small() -> None:
    mail = in_mail(markup(a_table(8)), "Deslice")
    assert '<p class="hint always">Deslice' in mail
    assert 'class="broad tight"' in mail
    assert "min-width" in mail


def test_page_and_mail_of_a_release_have_them() -> None:
    text = a_text(a_table(8))
    made = documents()
    page = made.page(approved(text), text)
    assert 'role="region" tabindex="0" aria-label="Tabla 1"' in page
    assert "Deslice para ver toda la tabla" in page


def test_the_shape_of_a_table_follows_its_words_and_spans() -> None:
    one = shape_of("<tr><th>Municipio</th><th>$1</th></tr><tr><td>Elota y Cosalá</td><td>22</td></tr>")
    assert one.words == (9, 2)
    assert not one.breaks
    spanning = shape_of(
        "<tr><th rowspan='2'>Uno</th><th colspan='2'>Dos y tres</th></tr><tr><td>Dos</td><td>Cuatro</td></tr>"
    )
    assert spanning.words == (3, 3, 6)
    assert shape_of(f"<tr><td>{LINK}</td></tr>").breaks
    assert shape_of("").words == (1,)


def test_the_widths_of_columns_are_a_whole() -> None:
    for columns in (2, 7, 12, 40):
        shape = shape_of("<tr>" + "<td>palabra larga de una celda</td>" * columns + "</tr>")
        assert sum(shape.shares(90)) == pytest.approx(100, abs=0.5)


def test_a_cell_within_a_table_within_a_table_is_no_riddle() -> None:
    inner = "<table><tr><td>uno</td></tr></table>"
    page = on_screen(f"<table><tr><td>{inner}</td></tr></table>", "Tabla {number}", "Deslice")
    assert page.count("<table>") == page.count("</table>") == 2
