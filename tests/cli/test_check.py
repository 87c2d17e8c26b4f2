"""comsoc check: the listing, JSON, annotations, explanations, what is mended, and where else the copy desk is heard."""

import json
import re
import shutil
from pathlib import Path

import pytest
from support.copydesk import LEAD, found_on
from support.offices import ROOT, SETTINGS, Layout, a_release, comsoc

POSTS = ROOT.parent / "shared" / "corpus" / "posts"
CLICK = f"{LEAD}\n\nMás datos: haga [clic aquí](http://sepyc.example)."


def test_the_listing_leads_to_the_spot_and_stands_below_the_headline(office: Layout) -> None:
    root = office(
        {"releases/becas.md": a_release(CLICK), "releases/agua.md": a_release(CLICK, headline="Llega el agua.")}
    )
    answer = comsoc(root, "check")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == "Llega el agua."
    assert lines.index("Arranca el programa estatal de becas") > lines.index("Llega el agua.")
    assert any(re.fullmatch(r"releases/becas\.md:12:17  warning  .*", line) for line in lines)
    assert any("[link-insecure]" in line for line in lines)
    assert "    “http://sepyc.example”  →  “https://sepyc.example”" in lines


def test_of_one_rule_three_places_are_listed_until_somebody_asks(office: Layout) -> None:
    body = LEAD + "".join(f"\n\n[Un dato {number}](http://a{number}.example)" for number in range(5))
    root = office({"releases/becas.md": a_release(body)})
    everything = comsoc(root, "check").out
    assert everything.count("releases/becas.md:") == 3
    assert "and 2 more of link-insecure" in everything
    assert "0 errors, 5 warnings." in everything
    assert comsoc(root, "check", "becas").out.count("http://a") == 5


def test_what_is_for_information_is_shown_when_somebody_asks(office: Layout) -> None:
    root = office({"releases/becas.md": a_release("Hoy.")})
    quiet = comsoc(root, "check")
    assert "text-short" not in quiet.out
    assert "--verbose" in quiet.out
    assert "text-short" in comsoc(root, "check", "--verbose").out
    assert "text-short" in comsoc(root, "check", "becas").out


def test_json_has_the_contracts_keys_and_the_spot(office: Layout) -> None:
    answer = comsoc(office({"releases/becas.md": a_release(CLICK)}), "check", "--json")
    [problem] = [one for one in answer.json["problems"] if one["rule"] == "link-insecure"]
    assert {name: problem[name] for name in ("path", "line", "field", "severity", "column", "words", "suggestion")} == {
        "path": "releases/becas.md",
        "line": 12,
        "field": "body",
        "severity": "warning",
        "column": 17,
        "words": "http://sepyc.example",
        "suggestion": "https://sepyc.example",
    }
    assert answer.json["warnings"] == 2


def test_annotations_are_escaped_as_github_reads_them(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(f"{LEAD} [100%\nde, avance: aquí](#)", colour="red")})
    answer = comsoc(root, "check", "--format", "github")
    lines = answer.out.splitlines()
    assert all(re.match(r"::(error|warning) file=[^,:]+(,line=\d+)?(,col=\d+)?,title=[\w-]+::", line) for line in lines)
    assert any("100%25" in line for line in lines)
    assert comsoc(root, "check", "--format", "gitlab").code == 2


def test_a_rule_explains_itself_in_and_out_of_an_office(office: Layout, tmp_path: Path) -> None:
    adjusted = SETTINGS + '[check.severity]\nlead-long = "error"\n[check.limits.lead-long]\naviso = 40\n'
    root = office({"comsoc.toml": adjusted})
    assert comsoc(root, "check", "--explain", "lead-long", "--json").json["limits"] == {"*": 60, "aviso": 40}
    told = comsoc(root, "check", "--explain", "lead-long", lang="es")
    assert told.code == 0
    assert all(words in told.out for words in ("error", "aviso 40", "✗", "✓", "comsoc: allow lead-long"))
    assert "warning" in comsoc(tmp_path, "check", "--explain", "lead-long").out
    unknown = comsoc(root, "check", "--explain", "lead-lonng")
    assert unknown.code == 2
    assert "lead-long" in unknown.err


def test_a_name_in_the_settings_that_no_rule_has_is_an_error_with_the_nearest(office: Layout) -> None:
    wrong = SETTINGS + '[check.severity]\nheadline-lon = "off"\n[check.limits]\nlead-lonng = 70\n'
    answer = comsoc(office({"comsoc.toml": wrong}), "check", "--json")
    assert answer.code == 1
    found = [
        (one["line"], one["field"], one["message"]) for one in answer.json["problems"] if one["severity"] == "error"
    ]
    assert [place[1] for place in found] == ["check.severity.headline-lon", "check.limits.lead-lonng"]
    assert all(place[0] for place in found)
    assert "headline-long" in found[0][2]
    assert "lead-long" in found[1][2]


@pytest.mark.parametrize(
    "table",
    [
        '[check.severity]\nlead-long = "loud"\n',
        "[check.limits]\nlead-long = -1\n",
        '[check.limits]\nlead-long = "many"\n',
        "[check.limits.lead-long]\nbolletin = 3\n",
        '[style]\nofficials = [""]\n',
        '[style.terms]\n"*" = "x"\n',
        "[check]\nrules = 1\n",
    ],
)
def test_settings_that_nothing_can_be_done_with(office: Layout, table: str) -> None:
    answer = comsoc(office({"comsoc.toml": SETTINGS + table}), "check", "--json")
    assert answer.code == 1
    assert [(one["path"], bool(one["line"])) for one in answer.json["problems"]] == [("comsoc.toml", True)]


def test_errors_alone_hold_an_approval_and_it_says_what_check_says(office: Layout) -> None:
    held = SETTINGS + '[check.severity]\nlink-insecure = "error"\n'
    root = office({"comsoc.toml": held, "releases/becas.md": a_release(CLICK)})
    refused = comsoc(root, "approve", "becas")
    assert refused.code == 1
    assert "releases/becas.md:12:17" in refused.err
    (root / "comsoc.toml").write_text(SETTINGS)
    let = comsoc(root, "approve", "becas")
    assert let.code == 0
    assert "clic aquí" in let.err
    assert "releases/becas.md" not in comsoc(office({"releases/becas.md": a_release("Hoy.")}), "approve", "becas").err


def test_an_approval_shows_five_warnings_and_says_where_the_rest_is(office: Layout) -> None:
    body = LEAD + "".join(f"\n\n[Un dato {number}](http://a{number}.example)" for number in range(8))
    answer = comsoc(office({"releases/becas.md": a_release(body)}), "approve", "becas")
    assert sum("http://" in line for line in answer.err.splitlines()) == 5
    assert "comsoc check becas" in answer.err


def test_a_build_looks_only_for_what_is_not_finished(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(f"{CLICK}\n\n[Contexto: qué se hizo]")})
    answer = comsoc(root, "build", "--only", "email", "--json")
    assert {one["rule"] for one in answer.json["releases"][0]["problems"]} == {"blank"}


def test_a_comment_to_the_copy_desk_reaches_no_reader(office: Layout) -> None:
    note = "<!-- comsoc: allow text-short SECRETO -->"
    root = office({"releases/becas.md": a_release(f"{note}\n{LEAD}\n\n- uno {note}\n")})
    comsoc(root, "approve", "becas")
    assert comsoc(root, "build", "--only", "web,email").code == 0
    outputs = [path for path in (root / "dist").rglob("*") if path.is_file()]
    assert outputs
    assert not [path for path in outputs if b"SECRETO" in path.read_bytes() or b"comsoc: allow" in path.read_bytes()]
    page = (root / "dist/press/becas/index.html").read_text()
    assert re.search(r'<p class="lead"><span class="dateline">.*El Gobierno del Estado', page), "the lead is the lead"


def test_what_is_safe_is_shown_then_mended_and_the_rest_is_told(office: Layout) -> None:
    before = a_release(f"{LEAD}  Hay  más.\n\nDatos: [clic aquí](https://sepyc.example).")
    root = office({"releases/becas.md": before})
    path = root / "releases/becas.md"
    asked = comsoc(root, "check", "--fix")
    assert asked.code == 2
    assert "--yes" in asked.err
    assert "releases/becas.md:10:107  double-space" in asked.out
    assert path.read_text() == before
    done = comsoc(root, "check", "--fix", "--yes", "--json")
    assert done.json["fixed"] == 2
    assert path.read_text() == before.replace("  Hay  más", " Hay más")
    rules = {one["rule"] for one in done.json["problems"]}
    assert "link-words" in rules
    assert "double-space" not in rules
    assert comsoc(root, "check", "--fix").code == 0, "nothing is left to ask about"


@pytest.mark.parametrize("language", ["es-MX", "en"])
def test_a_draft_of_any_kind_is_clean_once_its_blanks_are_filled(office: Layout, language: str) -> None:
    own = '[kinds.otra]\nlabel = "Otra"\nsegments = ["media"]\n'
    root = office({"comsoc.toml": SETTINGS + own, "releases/becas.md": None})
    for kind in ("boletin", "invitacion", "posicionamiento", "nota-informativa", "tarjeta", "aviso", "otra"):
        headline = f"Abre la biblioteca de Guasave, {kind}"
        answer = comsoc(root, "new", headline, "--kind", kind, "--language", language, "--no-edit", "--json")
        path = Path(answer.json["path"])
        assert "blank" in {one.rule for one in found_on(root) if path.name in one.path}
        path.write_text(filled(path.read_text(), FILLED[language]))
    checked = comsoc(root, "check", "--json").json["problems"]
    assert [one for one in checked if one["path"].startswith("releases") and one["severity"] != "info"] == []


def filled(text: str, words: dict[str, str]) -> str:
    """A draft as somebody has written it out."""
    text = re.sub(r"\[[A-ZÁÉÍÓÚÑ¿][^\]\n]{3,}\]", lambda found: words.get(found[0][1:5], words[""]), text)
    return text.replace("dateline:  ", "dateline: Guasave, Sinaloa").replace('place: ""', 'place: "Biblioteca"')


#: What stands in a blank, by how the blank begins.
FILLED = {
    "es-MX": {
        "": "La biblioteca pública de Guasave presta 12 mil libros a quien muestre su credencial",
        "Entr": "La biblioteca pública de Guasave abrió sus puertas con 12 mil libros para toda la familia.",
        "Nomb": "Ana Ruiz, directora de la biblioteca",
        "Núme": "911",
        "Hora": "18:00 h",
    },
    "en": {
        "": "The public library of Guasave lends 12,000 books to whoever shows a card of the town",
        "Lead": "The public library of Guasave opened its doors in the centre of town with 12,000 books for families.",
        "Name": "Ana Ruiz, head of the library",
        "Emer": "911",
        "Hour": "6:00 p.m.",
    },
}

KNOWN = "hoy también llega el agua a la población rural de estatal arranca programa y se llaman becas"


def dictionary(folder: Path) -> str:
    """A dictionary of hunspell in which a few words are."""
    words = KNOWN.split()
    folder.mkdir()
    (folder / "es_MX.aff").write_text("SET UTF-8\n", encoding="utf-8")
    (folder / "es_MX.dic").write_text("\n".join([str(len(words)), *words]), encoding="utf-8")
    return str(folder)


def test_spelling_by_the_dictionaries_that_there_are(office: Layout, tmp_path: Path) -> None:
    pytest.importorskip("hunspell", reason="the extra `spelling` is not installed")
    text = "Hoy tambien llega el agua a la poblacion rural de Elota y se llaman Choix. El programma DIF también llega."
    root = office({"releases/becas.md": a_release(text), "dictionary.txt": "elotense  # de Elota\n"})
    path = dictionary(tmp_path / "dics")
    found = json.loads(comsoc(root, "check", "--json", DICPATH=path).out)["problems"]
    told = [(one["rule"], one["words"], one["suggestion"]) for one in found if one["rule"] in {"accent", "spelling"}]
    assert told == [
        ("accent", "tambien", "también"),
        ("accent", "poblacion", "población"),
        ("spelling", "programma", "programa"),
    ]
    (root / "dictionary.txt").write_text("Programma\ntambien # así\npoblacion")
    again = comsoc(root, "check", "--json", DICPATH=path).json["problems"]
    assert not [one for one in again if one["rule"] in {"accent", "spelling"}]


@pytest.mark.skipif(not POSTS.is_dir(), reason="../shared/corpus/posts is not there")
def test_three_hundred_real_posts_are_checked(office: Layout) -> None:
    root = office({"releases/becas.md": None})
    shutil.copytree(POSTS, root / "releases", copy_function=shutil.copyfile)
    answer = comsoc(root, "check", "--json")
    assert answer.code in {0, 1}
    assert answer.json["warnings"]
