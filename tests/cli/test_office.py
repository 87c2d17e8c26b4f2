"""An office from its first minute: laid out, written in, looked at, checked; and what a wrong call gets."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from support.offices import SETTINGS, Answer, Layout, a_release, an_environment, comsoc, messages
from support.processes import on_a_terminal


def files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder but git's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git/" not in f"{path.relative_to(folder).as_posix()}"
    }


def test_a_new_office_drafts_approves_builds_and_sends_at_once(tmp_path: Path) -> None:
    first = comsoc(tmp_path, "init")
    assert first.code == 0, first.err
    laid_out = {"comsoc.toml", "contacts.yaml", "suppressions.yaml", ".gitignore", "releases/ejemplo.md"}
    assert laid_out <= set(files(tmp_path))
    assert (tmp_path / ".git").is_dir()
    assert all(name in first.out for name in laid_out)
    draft = comsoc(tmp_path, "new", "Abre la ventanilla única", "--no-edit")
    assert draft.code == 0, draft.err
    for words in (
        ["approve", "ejemplo"],
        ["build"],
        ["send", "ejemplo", "--segment", "media", "--yes"],
    ):
        answer = comsoc(tmp_path, *words)
        assert answer.code == 0, (words, answer.said)
    assert len(messages(tmp_path)) == 5
    assert (tmp_path / "dist/press/ejemplo/ejemplo.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "dist/site/releases/ejemplo/index.html").exists()
    status = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=tmp_path, env=an_environment(), capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert not re.search(r"dist/|outbox/|\.comsoc/", status), "git ignores what is built, sent and remembered"
    assert "approved/" in status
    assert "dispatches/" in status


def test_init_lays_out_a_folder_of_a_given_name_and_an_office_of_a_given_name(tmp_path: Path) -> None:
    answer = comsoc(tmp_path, "init", "prensa/nueva", "--name", 'Oficina "Uno" de Ñoñería')
    assert answer.code == 0, answer.err
    settings = tomllib.loads((tmp_path / "prensa/nueva/comsoc.toml").read_text())
    assert settings["office"]["name"] == 'Oficina "Uno" de Ñoñería'
    assert comsoc(tmp_path, "--office", "prensa/nueva", "check").code == 0


def test_what_a_new_office_has_in_comments_can_be_taken_into_use(tmp_path: Path) -> None:
    assert comsoc(tmp_path, "init").code == 0
    path = tmp_path / "comsoc.toml"
    text = re.sub(r"(?m)^# (\[+\w[\w.]*\]+$|\w+ = )", r"\1", path.read_text())
    assert "[[blackouts]]\nname" in text
    path.write_text(text.replace('["ana@prensa.example"]', '["ana@sinaloa.example"]'))
    settings = tomllib.loads(path.read_text())
    assert settings["approval"]["required"] == 1
    assert settings["blackouts"][0]["exempt"] == ["educacion", "salud", "proteccion-civil"]
    campaign = "2027-02-01T18:00:00+00:00"
    approved = comsoc(tmp_path, "approve", "ejemplo", "--json", now=campaign)
    assert approved.code == 0, approved.err
    assert {one["rule"] for one in approved.json["objections"]} == {"blackout", "placeholder"}


def test_init_never_overwrites(office: Layout, tmp_path: Path) -> None:
    folder = office()
    before = files(folder)
    answer = comsoc(folder, "init")
    assert answer.code == 2
    assert str(folder) in answer.err
    assert files(folder) == before
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "contacts.yaml").write_text("contacts: []\n")
    assert comsoc(mine, "init").code == 0
    assert (mine / "contacts.yaml").read_text() == "contacts: []\n"


def test_new_prints_the_path_of_a_draft_that_lacks_nothing_but_what_its_blanks_ask_for(office: Layout) -> None:
    folder = office()
    answer = comsoc(folder, "new", "Abre: la “ventanilla” #1 de trámites", "--no-edit")
    assert answer.code == 0, answer.err
    path = folder / answer.out.strip()
    assert path.is_file()
    assert path.parent == folder / "releases"
    assert "Abre: la “ventanilla” #1 de trámites" in path.read_text()
    checked = comsoc(folder, "check", path.stem, "--json").json
    assert {one["rule"] for one in checked["problems"] if one["severity"] == "error"} == {"blank"}
    assert comsoc(folder, "list", "--json").json["releases"][0]["headline"] == "Abre: la “ventanilla” #1 de trámites"


def test_new_never_overwrites_a_draft_of_the_same_name(office: Layout) -> None:
    folder = office()
    paths = [comsoc(folder, "new", "Mismo titular", "--no-edit").out.strip() for _ in range(2)]
    assert len(set(paths)) == 2
    assert all((folder / path).is_file() for path in paths)


@pytest.mark.parametrize("kind", ["boletin", "invitacion", "posicionamiento", "nota-informativa", "tarjeta", "aviso"])
def test_every_kind_has_a_draft_of_its_own_that_only_asks_for_its_blanks(office: Layout, kind: str) -> None:
    folder = office()
    path = comsoc(folder, "new", "Titular de prueba", "--kind", kind, "--no-edit").out.strip()
    checked = comsoc(folder, "check", "titular-de-prueba", "--json").json
    assert {one["rule"] for one in checked["problems"] if one["severity"] == "error"} == {"blank"}, checked
    text = (folder / path).read_text()
    assert f"kind: {kind}" in text
    assert ("event:" in text) is (kind == "invitacion")
    assert ("media" in text) is (kind != "tarjeta"), "a briefing note names nobody by itself"


def test_new_writes_what_it_was_told(office: Layout) -> None:
    folder = office()
    answer = comsoc(
        folder, "new", "Titular", "--segment", "radio", "--segment", "acreditada", "--date", "2026-12-01 10:00",
        "--embargo", "2026-12-01 18:00", "--language", "en", "--no-edit", "--json",
    )  # fmt: skip
    assert Path(answer.json["path"]).is_file()
    [row] = [row for row in comsoc(folder, "list", "--json").json["releases"] if row["slug"] == answer.json["slug"]]
    assert row["segments"] == ["radio", "acreditada"]
    assert row["date"] == "2026-12-01T10:00-07:00"
    assert row["embargo"] == "2026-12-01T18:00-07:00"


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (["new", "Titular", "--kind", "poema"], "boletin, invitacion"),
        (["new", "Titular", "--segment", "medios"], "media, radio, acreditada"),
        (["new", "Titular", "--date", "mañana"], "mañana"),
        (["new", "Titular", "--embargo", "2026-02-30"], "2026-02-30"),
        (["new", "   "], "HEADLINE"),
        (["new"], "HEADLINE"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_and_nothing_is_written(office: Layout, words: list[str], fact: str) -> None:
    folder = office()
    before = files(folder)
    answer = comsoc(folder, *words)
    assert answer.code == 2
    assert fact in answer.err
    assert files(folder) == before


def test_a_headline_of_any_signs_is_drafted_and_stays_within_the_desk(office: Layout) -> None:
    folder = office()
    for headline in ("../../fuera", "😀", "- uno: '\"\\"):
        answer = comsoc(folder, "new", "--no-edit", "--json", "--", headline)
        assert answer.code == 0, answer.err
        assert Path(answer.json["path"]).parent == folder / "releases"
    headlines = {row["headline"] for row in comsoc(folder, "list", "--json").json["releases"]}
    assert {"../../fuera", "😀", "- uno: '\"\\"} <= headlines


def test_list_shows_number_date_status_and_headline_newest_first(office: Layout) -> None:
    folder = office(
        {
            "releases/agua.md": a_release(headline="Agua para el sur", date="2026-11-20", segments=["radio"]),
            "releases/rota.md": "sin datos",
        }
    )
    assert comsoc(folder, "approve", "agua").code == 0
    rows = {row["slug"]: row for row in comsoc(folder, "list", "--json").json["releases"]}
    assert list(rows) == ["becas", "agua", "rota"]
    assert rows["agua"] == {
        "slug": "agua", "number": 1, "number_text": "1", "kind": "boletin",
        "date": "2026-11-20T00:00-07:00", "embargo": None,
        "status": "approved", "revision": 1, "headline": "Agua para el sur", "segments": ["radio"],
        "objections": [],
    }  # fmt: skip
    assert (rows["becas"]["status"], rows["becas"]["number"], rows["becas"]["revision"]) == ("draft", None, 0)
    shown = comsoc(folder, "list").out
    assert re.search(r"1 +2026-11-20 00:00 +approved +agua +Agua para el sur", shown)
    assert "rota" in shown


def test_list_chooses_by_status_and_knows_every_status(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(headline="Agua"), "releases/luz.md": a_release(headline="Luz")})

    def slugs(status: str) -> list[str]:
        return [row["slug"] for row in comsoc(folder, "list", "--status", status, "--json").json["releases"]]

    comsoc(folder, "approve", "agua")
    comsoc(folder, "approve", "luz")
    comsoc(folder, "send", "luz", "--segment", "media", "--yes")
    (folder / "releases/agua.md").write_text(a_release(headline="Más agua"))
    assert slugs("draft") == ["becas"]
    assert slugs("changed") == ["agua"]
    assert slugs("sent") == ["luz"]
    assert slugs("approved") == slugs("killed") == []
    wrong = comsoc(folder, "list", "--status", "perdido")
    assert wrong.code == 2
    assert "changed" in wrong.err


def test_check_finds_every_problem_of_every_file_in_one_run(office: Layout) -> None:
    folder = office(
        {
            "contacts.yaml": """
                segments:
                  media: {where: {type: prensa}, colour: red}
                contacts:
                  - {email: not an address, type: prensa}
                  - {email: a@x.example, until: soon}
            """,
            "releases/agua.md": a_release(headline=None, date="2026-02-30", image="falta.jpg"),
            "releases/luz.md": a_release(contact="nadie", segments=["medios"], colour="red"),
        }
    )
    answer = comsoc(folder, "check", "--json")
    assert answer.code == 1
    found = {(one["path"], one["line"], one["field"], one["severity"]) for one in answer.json["problems"]}
    assert {
        ("contacts.yaml", 2, "colour", "error"),
        ("contacts.yaml", 4, "email", "error"),
        ("contacts.yaml", 5, "until", "error"),
        ("releases/agua.md", 3, "date", "error"),
    } <= found
    fields = {(one["path"], one["field"], one["severity"]) for one in answer.json["problems"]}
    assert {
        ("releases/agua.md", "headline", "error"),
        ("releases/luz.md", "contact", "error"),
        ("releases/luz.md", "segments", "error"),
        ("releases/luz.md", "colour", "warning"),
    } <= fields
    errors = sum(one["severity"] == "error" for one in answer.json["problems"])
    warnings = sum(one["severity"] == "warning" for one in answer.json["problems"])
    assert (answer.json["errors"], answer.json["warnings"]) == (errors, warnings)
    assert {"path", "line", "field", "severity", "rule", "message"} <= set(answer.json["problems"][0])
    shown = comsoc(folder, "check")
    assert shown.code == 1
    assert all(place in shown.out for place in ("contacts.yaml:4", "contacts.yaml:5", "releases/agua.md:3"))


def test_check_of_one_release_says_nothing_of_the_others(office: Layout) -> None:
    folder = office({"releases/rota.md": "sin datos"})
    assert comsoc(folder, "check", "becas").code == 0
    assert comsoc(folder, "check", "releases/becas.md").code == 0
    assert comsoc(folder, "check", "rota").code == 1
    assert comsoc(folder, "check").code == 1


def test_strict_makes_warnings_count(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(colour="red")})
    easy = comsoc(folder, "check", "--json")
    assert (easy.code, easy.json["errors"], easy.json["warnings"]) == (0, 0, 1)
    assert comsoc(folder, "check", "--strict").code == 1


def test_check_shows_what_is_wrong_with_the_settings(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS + "\n[smpt]\nhost = 'x'\n"})
    answer = comsoc(folder, "check", "--json")
    assert answer.code == 1
    [problem] = answer.json["problems"]
    assert problem["path"] == "comsoc.toml"
    assert "smtp" in problem["message"], "the nearest known key is named"


EVERY_COMMAND = [
    ["list"], ["check"], ["build"], ["approve", "becas"], ["send", "becas", "--segment", "media"], ["status"],
    ["new", "Titular"], ["contacts", "list"], ["contacts", "suppress", "a@x.example"],
]  # fmt: skip


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=lambda words: words[0] + "-" + words[-1])
def test_without_an_office_every_command_says_so_and_writes_nothing(tmp_path: Path, words: list[str]) -> None:
    answer = comsoc(tmp_path, *words)
    assert answer.code == 5
    assert str(tmp_path) in answer.err
    assert "comsoc init" in answer.err
    assert answer.out == ""
    assert list(tmp_path.iterdir()) == []


def test_an_office_is_found_from_a_folder_below_it_and_by_name(office: Layout, tmp_path: Path) -> None:
    folder = office()
    assert comsoc(folder / "releases", "list", "--json").json["releases"][0]["slug"] == "becas"
    assert comsoc(tmp_path, "--office", str(folder), "list", "--json").json["releases"][0]["slug"] == "becas"


def test_an_office_folder_that_does_not_exist_is_not_replaced_by_the_one_around_it(office: Layout) -> None:
    answer = comsoc(office(), "--office", "otra", "list")
    assert answer.code == 5
    assert "otra" in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ["status", "beca"], ["check", "beca"], ["build", "beca"], ["approve", "beca"],
        ["send", "beca", "--segment", "media", "--yes"], ["send", "beca", "--test", "a@x.example"],
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_an_unknown_release_is_answered_with_the_nearest(office: Layout, words: list[str]) -> None:
    answer = comsoc(office(), *words)
    assert answer.code == 2
    assert "beca”" in answer.err
    assert "becas" in answer.err
    assert "comsoc list" in answer.err


def said_nothing_on_stdout(answer: Answer) -> bool:
    return answer.out == ""


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"], ["list", "--colour"], ["build", "--only", "web,paper"], ["build", "--jobs", "many"],
        ["send", "becas", "--segment"], ["send", "becas", "--segment", "media", "--limit", "0"], ["approve"],
        ["approve", "becas", "otra"], ["contacts", "frobnicate"], ["--lang", "fr", "list"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_call_is_one_sentence_and_the_right_form(office: Layout, words: list[str]) -> None:
    answer = comsoc(office(), *words)
    assert answer.code == 2
    assert said_nothing_on_stdout(answer)
    assert "--help" in answer.err
    assert len(answer.err.strip().splitlines()) <= 3


def test_the_interface_speaks_the_language_that_was_asked_for(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS.replace("[press", 'language = "en-US"\n\n[press', 1)})
    english = "There is no release"

    def said(*words: str, **environment: str) -> str:
        answer = comsoc(folder, *words, "status", "nada", **environment)
        assert "comsoc list" in answer.err
        return answer.err

    assert english in said(lang=""), "the office's language"
    assert english not in said(lang="es"), "COMSOC_LANG comes before it"
    assert english in said("--lang", "en", lang="es"), "and --lang before that"
    assert english not in said("--lang=es", lang="en")


def test_without_a_word_on_it_an_office_speaks_spanish_and_a_machine_its_own(office: Layout, tmp_path: Path) -> None:
    assert "There is no release" not in comsoc(office(), "status", "nada", lang="").err
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    assert "Usage:" in comsoc(nowhere, "--help", lang="", LANG="en_US.UTF-8").out
    assert "Uso:" in comsoc(nowhere, "--help", lang="", LANG="es_MX.UTF-8").out


def test_help_and_version_need_no_office(tmp_path: Path) -> None:
    shown = comsoc(tmp_path, "--help")
    assert shown.code == 0
    assert all(verb in shown.out for verb in ("init", "new", "list", "check", "build", "approve", "send", "status"))
    version = comsoc(tmp_path, "--version")
    assert (version.code, version.err) == (0, "")
    assert re.fullmatch(r"comsoc \d+\.\d+\S*\n", version.out)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["--version"], ["status", "--json"]])
def test_what_cannot_be_shown_is_no_success(office: Layout, words: list[str]) -> None:
    folder = office()
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([sys.executable, "-m", "comsoc_cli", *words], cwd=folder, env=an_environment(),
                               stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)  # fmt: skip
    assert ended.returncode == 5
    assert "could not be written" in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no disk that is always full")
@pytest.mark.parametrize(
    ("words", "code"), [(["send", "becas", "--segment", "media", "--yes"], 0), (["check", "nada"], 2), (["lst"], 2)]
)
def test_remarks_that_cannot_be_written_stop_nothing(office: Layout, words: list[str], code: int) -> None:
    folder = office()
    assert comsoc(folder, "approve", "becas").code == 0
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([sys.executable, "-m", "comsoc_cli", *words], cwd=folder, env=an_environment(),
                               stdout=subprocess.PIPE, stderr=full, text=True, timeout=60)  # fmt: skip
    assert ended.returncode == code
    assert len(messages(folder)) == (3 if code == 0 else 0)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("group", [[], ["contacts"], ["templates"]])
def test_help_cuts_no_sentence_short_and_speaks_one_language(tmp_path: Path, lang: str, group: list[str]) -> None:
    usage, *rest = comsoc(tmp_path, *group, "--help", lang=lang).out.splitlines()
    assert not [line for line in rest if line.endswith("...")]
    assert ("OPTIONS" in usage) == (lang == "en")


def test_who_mistypes_an_address_that_wants_no_more_mail_hears_of_it(office: Layout) -> None:
    folder = office()
    answer = comsoc(folder, "contacts", "suppress", "mesa@diaro.example")
    assert answer.code == 0
    assert "mesa@diaro.example is not in contacts.yaml" in answer.err
    assert "comsoc contacts suppress mesa@diario.example" in answer.err
    assert comsoc(folder, "contacts", "suppress", "mesa@diario.example").err == ""


def test_on_a_narrow_terminal_lines_end_between_words(office: Layout) -> None:
    headline = "Inicia el registro de las becas para el ciclo escolar 2026-2027 en los veinte municipios"
    slug = "inicia-el-registro-de-las-becas-para-el-ciclo-escolar"
    folder = office({f"releases/{slug}.md": a_release(headline=headline)})
    _, shown = on_a_terminal(folder, "list", typed="", waits_for="no question")
    lines = [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, lines)) <= 80
    assert any(line.endswith(slug) for line in lines)
    assert headline in " ".join(line.strip() for line in lines)
    _, said = on_a_terminal(folder, "send", slug, "--segment", "media", typed="", waits_for="no question")
    assert max(len(line) for line in said.splitlines()) <= 80
    _, audit = on_a_terminal(folder, "status", "--audit", typed="", waits_for="no question")
    assert "Traceback" not in audit
