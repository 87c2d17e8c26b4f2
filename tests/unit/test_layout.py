"""Tables and long lines at every width of a terminal."""

import pytest

from comsoc_cli.cli.layout import on_screen, table_rows
from comsoc_cli.cli.terminal import width

HEADINGS = ["Address", "Name", "Outlet", "Segments"]
PEOPLE = [
    ["redaccion@diario-del-valle.example", "Mesa de redacción y cierre", "El Diario del Valle", "media, prensa, norte"],
    ["cabina@radio.example", "Cabina", "Radio Costa", "media"],
    ["desk@wire.example", "日本支局", "Wire", "media, internacional, acreditada"],
]
CUT = {1: 6, 2: 10, 3: 16}


class ATerminal:
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("room", [80, 100, 120, 200])
def test_a_person_is_one_line_that_fits(room: int) -> None:
    rows = table_rows(HEADINGS, PEOPLE, CUT, room)
    assert [row.count("\n") for row in rows] == [0] * 4
    assert all(width(row) <= room for row in rows)
    assert all(one[0] in row for one, row in zip(PEOPLE, rows[1:], strict=True))


def test_columns_line_up_whatever_the_letters() -> None:
    rows = table_rows(HEADINGS, PEOPLE, CUT, 200)
    places = {width(row[: row.index(one[2])]) for one, row in zip([HEADINGS, *PEOPLE], rows, strict=True)}
    assert len(places) == 1


def test_where_nobody_looks_nothing_is_cut() -> None:
    assert all(
        cell in row for one, row in zip(PEOPLE, table_rows(HEADINGS, PEOPLE, CUT, 0)[1:], strict=True) for cell in one
    )


def test_what_may_not_be_cut_stands_below_and_on_one_line_if_it_fits() -> None:
    headings = ["Release", "Headline", "Held by"]
    held = [["un-nombre-que-de-corto-no-tiene-mucho-de-un-boletin", "Arranca el programa", "sin aprobar todavía"]]
    [_, row] = table_rows(headings, held, None, 70)
    assert row.split("\n") == [held[0][0], "        Headline: Arranca el programa · Held by: sin aprobar todavía"]
    [_, row] = table_rows(headings, held, None, 50)
    assert row.split("\n")[1:] == ["        Headline: Arranca el programa", "        Held by: sin aprobar todavía"]


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize(
    "line",
    [
        "releases/becas/index.md:35  nota  Fernández Huerta 72, INFLESZ 68: bastante fácil; 15 palabras",
        "Aprobó     Dirección de Información, 16/11/2026 09:41; sin cambios desde entonces",
        "    aprobó Dirección de Información (lo registró Mesa de Redacción), 18/11/2026 10:30, y sigue igual",
        "Por llenar  prensa@prensa.sinaloa.example, atencion.medios@sinaloa.example, https://sinaloa.example/aviso",
    ],
)
def test_no_word_of_a_long_line_is_broken(line: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    parts = on_screen(line, ATerminal()).split("\n")
    assert " ".join(" ".join(parts).split()) == " ".join(line.split())
    assert all(width(part) <= columns or " " not in part.strip() for part in parts)
    assert all(part.startswith("  ") for part in parts[1:])
