"""Files that a text names: what Markdown resolves is found, what is near is offered, what breaks lines is refused."""

import re
from pathlib import Path

import pytest
from support.file_names import COMPOSED, DECOMPOSED

from comsoc_cli.model.release import Release
from comsoc_cli.office import locating
from comsoc_cli.office.locating import Located, NotThere, locate
from comsoc_cli.office.media import mentions
from comsoc_cli.rendering.body import body_html


@pytest.mark.parametrize(
    ("src", "name"),
    [
        ("sala.jpg", "sala.jpg"),
        ("./sala.jpg", "sala.jpg"),
        ("sala%2Ejpg", "sala.jpg"),
        ("sala.jpg?v=2", "sala.jpg"),
        ("sala.jpg#x", "sala.jpg"),
        ("la sala.jpg", "la sala.jpg"),
        ("la%20sala.jpg", "la sala.jpg"),
        ("sala (1).jpg", "sala (1).jpg"),
        ("sala%20%281%29.jpg", "sala (1).jpg"),
        ("sala #2.jpg", "sala #2.jpg"),
        ("sala%20%232.jpg", "sala #2.jpg"),
        ("avance 100%.jpg", "avance 100%.jpg"),
        ("avance%20100%25.jpg", "avance 100%.jpg"),
        ("50%20off.jpg", "50%20off.jpg"),
        ("qué?.jpg", "qué?.jpg"),
        ("fotos/sala.jpg", "fotos/sala.jpg"),
        ("Fotos\\SALA.JPG", "fotos/sala.jpg"),
        ("SALA.JPG", "sala.jpg"),
        ("Acta.PDF", "acta.pdf"),
        (COMPOSED, COMPOSED),
        (COMPOSED.upper(), COMPOSED),
    ],
)
@pytest.mark.parametrize("folds", [False, True])
def test_a_file_that_lies_there_is_found(
    tmp_path: Path, src: str, name: str, folds: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same on a Mac and on Windows, where the system itself opens a name in another case."""
    monkeypatch.setattr(locating, "_FOLDS", folds)
    (tmp_path / "fotos").mkdir()
    for one in ("sala.jpg", "la sala.jpg", "sala (1).jpg", "sala #2.jpg", "avance 100%.jpg", "50%20off.jpg", "qué?.jpg",
                "fotos/sala.jpg", "acta.pdf", DECOMPOSED):  # fmt: skip
        (tmp_path / one).write_bytes(one.encode())
    found = locate(tmp_path, src)
    assert isinstance(found, Located)
    assert found.name == name
    assert found.path.read_bytes() == (DECOMPOSED if name == COMPOSED else name).encode()


def test_what_is_written_comes_before_what_may_be_meant(tmp_path: Path) -> None:
    for one in ("FOTO.jpg", "foto.jpg", "a%20b.jpg", "a b.jpg"):
        (tmp_path / one).write_bytes(b"")
    for src in ("FOTO.jpg", "foto.jpg", "a%20b.jpg", "a b.jpg"):
        found = locate(tmp_path, src)
        assert isinstance(found, Located)
        assert found.name == src


@pytest.mark.parametrize(
    ("src", "there", "near"),
    [
        ("Foto.JPG", ("FOTO.jpg", "foto.jpg"), "“FOTO.jpg”, “foto.jpg” was perhaps meant"),
        ("visita.jpg", ("visita.jpeg", "otra.png"), "“visita.jpeg” was perhaps meant"),
        ("visita_guasave.jpg", ("Visita Guasave (1).JPG",), "“Visita Guasave (1).JPG” was perhaps meant"),
        ("fotos/visita.jpg", ("fotos/visitas.jpg",), "“fotos/visitas.jpg” was perhaps meant"),
        ("visita.jpg", ("zanahoria.png", "visita.md"), "“visita.jpg” was not found"),
    ],
)
def test_of_what_is_not_there_the_nearest_is_offered(
    tmp_path: Path, src: str, there: tuple[str, ...], near: str
) -> None:
    for one in there:
        (tmp_path / one).parent.mkdir(exist_ok=True)
        (tmp_path / one).write_bytes(b"")
    found = locate(tmp_path, src)
    assert isinstance(found, NotThere)
    assert found.rule == "image-missing"
    assert str(found.message).endswith(near)


@pytest.mark.parametrize(
    "src", ["../secreto.jpg", "%2e%2e/secreto.jpg", "fuera/secreto.jpg", "fuera/SECRETO.JPG", "fuera/secret.jpg"]
)
def test_nothing_outside_is_found_or_offered(tmp_path: Path, src: str) -> None:
    (tmp_path / "adentro").mkdir()
    (tmp_path / "secreto.jpg").write_bytes(b"")
    (tmp_path / "adentro/fuera").symlink_to(tmp_path)
    found = locate(tmp_path / "adentro", src)
    assert isinstance(found, NotThere)
    assert found.rule == "path-outside"
    assert "secreto.jpg” was" not in str(found.message)


@pytest.mark.parametrize(
    "src", ["anexo\n.pdf", "anexo.pdf\n", "a\tb.pdf", "a\x1b[31m.pdf", "anexo\u202efdp.exe", "a\u2028.pdf", "a\x00.pdf"]
)
def test_a_name_that_breaks_a_line_is_an_error_whether_it_lies_there_or_not(tmp_path: Path, src: str) -> None:
    if "\0" not in src:
        (tmp_path / src).write_bytes(b"")
    found = locate(tmp_path, src)
    assert isinstance(found, NotThere)
    assert found.rule == "file-name"
    assert not re.search("[\x00-\x1f\u2028\u202e]", str(found.message))


MARKDOWN = [
    "![a](<mi foto.jpg>)",
    "![a](< mi foto.jpg > 'Un título')",
    "![a](mi foto.jpg)",
    "![a](foto (1).jpg)",
    "![a](foto(1).jpg)",
    '![a](foto (1).jpg "título (x)")',
    '![a](foto.jpg "Un título")',
    "![a]( foto.jpg )",
    "![a](foto #1.jpg)",
    "![a](100%.jpg)",
    "![a](mi%20foto.jpg)",
    r"![a](foto\_1.jpg)",
    r"![a](foto\(1.jpg)",
    "![a](foto_1_.jpg)",
    "![a](foto&b.jpg)",
    "![a](foto&amp;b.jpg)",
    "![a](Foto's.jpg)",
    "![a](visita “oficial”.jpg)",
    "![un [corchete] dentro](foto.jpg)",
    "Antes ![a](a b.jpg), entre ![b](<c d.jpg>) y después.",
    "[![a](mi foto.jpg)](https://prensa.example)",
    '<img src="mi foto.jpg" alt="x">',
    "<img alt='x' src='mi foto.jpg'>",
    "<img src=foto.jpg alt=x>",
    "![a][x]\n\n[x]: foto.jpg",
    '![a][x]\n\n[x]: <mi foto.jpg> "Título"',
    "![x]\n\n[x]: mi%20foto.jpg 'Título'",
    f"![a]({DECOMPOSED})",
    "![a](foto.jpg) (y no (esto))",
    "(![a](foto.jpg))",
]


@pytest.mark.parametrize("markdown", MARKDOWN)
def test_what_markdown_resolves_check_resolves(markdown: str) -> None:
    shown: list[str] = []

    def href(name: str) -> str:
        shown.append(name)
        return name

    srcs = [one.src for one in mentions(markdown, 1)]
    assert srcs
    text = Release(
        slug="x", language="es-MX", headline="H", date=None, body=markdown,  # type: ignore[arg-type]
        sources={src: f"archivo {number}" for number, src in enumerate(srcs)},
        files={f"archivo {number}": Path("/nowhere") for number in range(len(srcs))},
    )  # fmt: skip
    page = body_html(text, href, lambda what: f"MISSING {what}")
    assert "MISSING" not in page
    assert shown == [f"archivo {number}" for number in range(len(srcs))]
