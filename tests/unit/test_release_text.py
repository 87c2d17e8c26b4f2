"""One release's file: what it may say, and every problem of it in one reading, with its line."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.offices import PIXEL, Layout, a_release
from support.readings import rules, sentences, the_desk, the_problems, the_release
from support.release_text import a_text

from comsoc_cli.model.problem import Problem, Severity

SINALOA = ZoneInfo("America/Mazatlan")


def problem_of(root: Path, slug: str = "becas") -> Problem:
    """The one problem of a release."""
    problems = the_problems(root, slug)
    assert len(problems) == 1, sentences(problems)
    return problems[0]


def test_a_valid_release_is_read_without_a_word(office: Layout) -> None:
    root = office()
    release = the_release(root)
    assert the_problems(root) == []
    assert release.headline == "Arranca el programa estatal de becas"
    assert release.date == datetime(2026, 11, 23, 10, 0, tzinfo=SINALOA)
    assert release.language == "es-MX"
    assert release.segments == ("media",)
    assert release.body == "El programa arranca hoy en todo el estado."


def test_an_empty_value_is_a_value_left_out(office: Layout) -> None:
    lines = ("headline: Becas", "date: 2026-11-23", "embargo:", "subhead: ~", "images:", "topics:", "contact:")
    root = office({"releases/becas.md": a_text(*lines)})
    assert the_problems(root) == []
    release = the_release(root)
    assert (release.embargo, release.subhead, release.images, release.topics) == (None, "", (), ())


# Headline and other texts


@pytest.mark.parametrize("line", ["subhead: Sin titular", "headline:", 'headline: ""', 'headline: "   "'])
def test_a_headline_must_be_there(office: Layout, line: str) -> None:
    root = office({"releases/becas.md": a_text("date: 2026-11-23", line)})
    problem = problem_of(root)
    assert (problem.rule, problem.field) == ("missing", "headline")


@pytest.mark.parametrize("value", [r'"Uno\nDos"', r'"Uno\rDos"', r'"Uno\u2028Dos"', r'"Uno\0Dos"', r'"Uno\x85Dos"'])
@pytest.mark.parametrize("field", ["headline", "subhead", "dateline"])
def test_what_ends_up_in_a_header_stands_on_one_line(office: Layout, field: str, value: str) -> None:
    others = ["headline: Becas"] if field != "headline" else []
    root = office({"releases/becas.md": a_text(*others, "date: 2026-11-23", f"{field}: {value}")})
    problem = problem_of(root)
    assert (problem.rule, problem.field, problem.line) == ("wrong-value", field, 3 + len(others))


def test_a_folded_headline_is_one_line(office: Layout) -> None:
    root = office({"releases/becas.md": a_text("headline: >", "  Arranca el", "  programa", "date: 2026-11-23")})
    assert the_release(root).headline == "Arranca el programa"


def test_names_of_other_tools_are_taken(office: Layout) -> None:
    lines = (
        "title: Becas",
        "description: Para todos",
        "tags: [educacion, jovenes]",
        "image: foto.png",
        "date: 2026-11-23",
    )
    root = office({"releases/becas.md": a_text(*lines), "releases/foto.png": PIXEL})
    release = the_release(root)
    assert (release.headline, release.subhead, release.topics) == ("Becas", "Para todos", ("educacion", "jovenes"))
    assert [image.src for image in release.images] == ["foto.png"]
    assert rules(the_problems(root)) == ["image-alt"]


def test_subtitle_is_a_subhead(office: Layout) -> None:
    root = office({"releases/becas.md": a_text("title: Becas", "subtitle: Para todos", "date: 2026-11-23")})
    assert the_release(root).subhead == "Para todos"


@pytest.mark.parametrize("lines", [("headline: Uno", "title: Dos"), ("title: Dos", "headline: Uno")])
def test_our_own_name_wins_over_another_tools_name(office: Layout, lines: tuple[str, str]) -> None:
    assert the_release(office({"releases/becas.md": a_text(*lines, "date: 2026-11-23")})).headline == "Uno"


def test_one_value_does_where_a_list_is_meant(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(topics="educacion", segments="media", summary="Un punto")})
    release = the_release(root)
    assert (release.topics, release.segments, release.summary) == (("educacion",), ("media",), ("Un punto",))


def test_an_unknown_key_is_a_warning_with_the_nearest_known_one(office: Layout) -> None:
    root = office({"releases/becas.md": a_text("headline: Becas", "date: 2026-11-23", "segmnets: [media]")})
    problem = problem_of(root)
    assert (problem.rule, problem.severity, problem.line, problem.field) == (
        "unknown-key",
        Severity.WARNING,
        4,
        "segmnets",
    )
    assert "“segments”" in str(problem.message)
    assert the_release(root).headline == "Becas"


@pytest.mark.parametrize("key", ["layout", "draft", "content", "handler", "slug", "body", "path", "files"])
def test_a_key_of_another_tool_is_only_a_warning(office: Layout, key: str) -> None:
    root = office({"releases/becas.md": a_text("headline: Becas", "date: 2026-11-23", f"{key}: algo")})
    assert [(one.rule, one.severity) for one in the_problems(root)] == [("unknown-key", Severity.WARNING)]
    assert the_release(root).slug == "becas"
    assert the_release(root).body == "Texto."


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("headline: [uno, dos]", "headline"),
        ("subhead: {a: b}", "subhead"),
        ("topics: {a: b}", "topics[1]"),
        ("segments: [[media]]", "segments[1]"),
        ("contact: [prensa]", "contact"),
        ("language: español", "language"),
        ("kind: [boletin]", "kind"),
        ("date: [2026, 11]", "date"),
        ("links: [{title: Audio}]", "links[1].url"),
        ("links: https://audio.example", "links[1]"),
        ("images: [{alt: Foto}]", "images[1].src"),
        ("images: [[foto.png]]", "images[1]"),
        ("event: mañana", "event"),
        ("event: {place: Palacio}", "event.start"),
        ("event: {start: pronto}", "event.start"),
    ],
)
def test_a_value_of_the_wrong_sort_is_an_error_on_its_line(office: Layout, line: str, field: str) -> None:
    key = line.partition(":")[0]
    others = [text for text in ("headline: Becas", "date: 2026-11-23") if not text.startswith(key)]
    root = office({"releases/becas.md": a_text(*others, line)})
    problem = problem_of(root)
    assert problem.is_error
    assert (problem.field, problem.line) == (field, 2 + len(others))


def test_every_problem_of_a_file_is_found_in_one_reading(office: Layout) -> None:
    text = a_text(
        "subhead: [uno]",
        "kind: bolletin",
        "date: 2026-02-30",
        "embargo: mañana",
        "topcs: [a]",
        "links: [{url: 'ftp://x'}]",
        r'dateline: "Culiacán\nSinaloa"',
        "images:",
        "  - {src: foto.png, atl: Foto}",
        "  - {alt: Sin fuente}",
    )
    problems = the_problems(office({"releases/becas.md": text}))
    assert sorted((problem.line, problem.field) for problem in problems) == sorted(
        [
            (2, "headline"),
            (2, "subhead"),
            (3, "kind"),
            (4, "date"),
            (5, "embargo"),
            (6, "topcs"),
            (7, "links[1].title"),
            (8, "dateline"),
            (10, "atl"),
            (11, "images[2].src"),
        ]
    )


def test_the_problems_of_all_files_are_found_in_one_run(office: Layout) -> None:
    root = office({"releases/uno.md": "sin datos", "releases/dos.md": a_text("headline: Dos", "kind: nada")})
    places = {(problem.path, problem.line) for problem in the_desk(root).all_problems()}
    assert {("releases/uno.md", 1), ("releases/dos.md", 3)} <= places


# Kinds


def test_an_unknown_kind_is_told_with_those_that_there_are(office: Layout) -> None:
    problem = problem_of(office({"releases/becas.md": a_release(kind="bolletin")}))
    assert (problem.field, problem.rule) == ("kind", "wrong-value")
    assert "boletin" in str(problem.message)
    assert "invitacion" in str(problem.message)


def test_an_invitation_needs_an_event(office: Layout) -> None:
    problem = problem_of(office({"releases/becas.md": a_release(kind="invitacion")}))
    assert (problem.field, problem.rule, problem.is_error) == ("event", "missing", True)


def test_an_event_has_moments_in_the_offices_zone(office: Layout) -> None:
    event = {"start": "2026-11-25 09:00", "end": "2026-11-25 10:00", "place": "Palacio de Gobierno"}
    release = the_release(office({"releases/becas.md": a_release(kind="invitacion", event=event)}))
    assert release.event
    assert release.event.start == datetime(2026, 11, 25, 9, 0, tzinfo=SINALOA)
    assert release.event.place == "Palacio de Gobierno"


# Dates


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-11-23", datetime(2026, 11, 23, 0, 0, tzinfo=SINALOA)),
        ("2026-11-23 10:00", datetime(2026, 11, 23, 10, 0, tzinfo=SINALOA)),
        ("2026-11-23 9:05", datetime(2026, 11, 23, 9, 5, tzinfo=SINALOA)),
        ("2026-11-23T10:00:30", datetime(2026, 11, 23, 10, 0, 30, tzinfo=SINALOA)),
        ("2026-11-23 10:00 h", datetime(2026, 11, 23, 10, 0, tzinfo=SINALOA)),
        ("2026-11-23T17:00Z", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("2026-11-23 11:00 -06:00", datetime(2026, 11, 23, 11, 0, tzinfo=timezone(timedelta(hours=-6)))),
        ("2026-11-23 11:00-0600", datetime(2026, 11, 23, 11, 0, tzinfo=timezone(timedelta(hours=-6)))),
        ("2026-11-23 22:30 +05:30", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("2026-11-23T11:00:00-06", datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=SINALOA)),
    ],
)
@pytest.mark.parametrize("quotation", ["", '"'])
def test_a_date_is_the_offices_unless_it_names_its_zone(
    office: Layout, typed: str, moment: datetime, quotation: str
) -> None:
    root = office({"releases/becas.md": a_text("headline: Becas", f"date: {quotation}{typed}{quotation}")})
    assert the_release(root).date == moment
    assert the_release(root).date.utcoffset() is not None


@pytest.mark.parametrize(
    "typed",
    [
        "2026-02-30",
        "2026-13-01",
        "2025-02-29",
        "2026-11-23 25:00",
        "2026-11-23 10:60",
        "2026-11-23 10",
        "23/11/2026",
        "mañana",
        "12:30",
        "0000-01-01",
        "2026-11-23 10:00 +99:00",
        "2026-11-23 10:00 Sinaloa",
    ],
)
@pytest.mark.parametrize("field", ["date", "embargo"])
def test_a_date_that_is_none_is_an_error_on_its_line(office: Layout, field: str, typed: str) -> None:
    first = ["date: 2026-11-23"] if field == "embargo" else []
    root = office({"releases/becas.md": a_text("headline: Becas", *first, f"{field}: {typed}")})
    problem = problem_of(root)
    assert (problem.field, problem.rule, problem.line) == (field, "wrong-value", 3 + len(first))
    assert typed in str(problem.message)
    assert "2026-11-23 10:00" in str(problem.message)


def test_a_missing_date_is_taken_from_the_files_name(office: Layout) -> None:
    root = office({"releases/2026-11-05-becas.md": a_text("headline: Becas")})
    assert the_release(root, "2026-11-05-becas").date == datetime(2026, 11, 5, tzinfo=SINALOA)


def test_a_missing_date_is_taken_from_the_folders_name(office: Layout) -> None:
    root = office({"releases/2026-11-05-becas/index.md": a_text("headline: Becas")})
    assert the_release(root, "2026-11-05-becas").date == datetime(2026, 11, 5, tzinfo=SINALOA)


def test_a_written_date_wins_over_the_files_name(office: Layout) -> None:
    root = office({"releases/2026-11-05-becas.md": a_text("headline: Becas", "date: 2026-11-23")})
    assert the_release(root, "2026-11-05-becas").date == datetime(2026, 11, 23, tzinfo=SINALOA)


@pytest.mark.parametrize("name", ["becas", "2026-becas", "becas-2026-11-05"])
def test_a_date_that_stands_nowhere_is_an_error(office: Layout, name: str) -> None:
    problem = problem_of(office({f"releases/{name}.md": a_text("headline: Becas")}), name)
    assert (problem.rule, problem.field) == ("missing", "date")


def test_an_impossible_date_in_a_files_name_is_an_error(office: Layout) -> None:
    name = "2026-02-30-becas"
    problem = problem_of(office({f"releases/{name}.md": a_text("headline: Becas")}), name)
    assert (problem.rule, problem.field) == ("wrong-value", "date")


def test_the_public_moment_is_the_later_of_date_and_embargo(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo="2026-11-23 18:00")})
    release = the_release(root)
    assert release.public_moment == datetime(2026, 11, 23, 18, 0, tzinfo=SINALOA)
    assert release.under_embargo(datetime(2026, 11, 24, 0, 59, tzinfo=UTC))
    assert not release.under_embargo(datetime(2026, 11, 24, 1, 0, tzinfo=UTC))


# Pictures, attachments, links


def test_pictures_and_attachments_that_are_there_are_found(office: Layout) -> None:
    text = a_release(
        "Texto.\n\n![La entrega](fotos/entrega.png)",
        images=[{"src": "./foto.png", "alt": "Aula", "credit": "Ana", "caption": "El aula"}],
        attachments=["anexo.pdf"],
    )
    files = {
        "releases/becas/index.md": text,
        "releases/becas.md": None,
        "releases/becas/foto.png": PIXEL,
        "releases/becas/fotos/entrega.png": PIXEL,
        "releases/becas/anexo.pdf": b"%PDF-1.7",
    }
    root = office(files)
    release = the_release(root)
    assert the_problems(root) == []
    assert set(release.files) == {"foto.png", "fotos/entrega.png", "anexo.pdf"}
    assert (release.images[0].credit, release.images[0].caption) == ("Ana", "El aula")


@pytest.mark.parametrize(
    "src", ["foto uno.png", "foto%20uno.png", "./foto%20uno.png", "foto%20uno.png?v=2", "a/../foto uno.png"]
)
def test_one_picture_has_many_spellings(office: Layout, src: str) -> None:
    root = office(
        {"releases/becas.md": a_release(images=[{"src": src, "alt": "Aula"}]), "releases/foto uno.png": PIXEL}
    )
    assert the_problems(root) == []
    assert set(the_release(root).files) == {"foto uno.png"}


@pytest.mark.parametrize(
    ("src", "rule"),
    [
        ("nada.jpg", "image-missing"),
        ("https://otro.example/foto.jpg", "image-remote"),
        ("//otro.example/foto.jpg", "image-remote"),
        ("data:image/png;base64,AAAA", "image-remote"),
        ("file:///etc/passwd", "image-remote"),
        ("javascript:alert(1)", "image-remote"),
        ("/static/foto.jpg", "image-elsewhere"),
        ("/etc/passwd", "path-outside"),
        ("../../etc/passwd", "path-outside"),
        ("../contacts.yaml", "path-outside"),
        ("..%2fcontacts.yaml", "path-outside"),
        ("%2e%2e/contacts.yaml", "path-outside"),
        ("fotos/../../contacts.yaml", "path-outside"),
        ("..\\\\contacts.yaml", "path-outside"),
        ("%2fetc%2fpasswd", "path-outside"),
        ("foto.jpg%00.png", "image-missing"),
        (".", "image-missing"),
        ("a" * 5000 + ".jpg", "image-missing"),
    ],
)
@pytest.mark.parametrize("place", ["images", "body"])
def test_a_picture_that_may_not_be_read_is_told_and_not_read(office: Layout, src: str, rule: str, place: str) -> None:
    if place == "images":
        text = a_text("headline: Becas", "date: 2026-11-23", f'images: [{{src: "{src}", alt: Foto}}]')
        field, line = "images[1]", 4
    else:
        text = a_text("headline: Becas", "date: 2026-11-23", body=f"Texto.\n\n![Foto]({src})")
        field, line = "body", 8
    root = office({"releases/becas.md": text})
    problem = problem_of(root)
    assert (problem.rule, problem.field, problem.line, problem.is_error) == (rule, field, line, True)


@pytest.mark.parametrize("src", ["nada.jpg", "https://otro.example/foto.jpg", "/static/foto.jpg"])
def test_a_picture_that_is_not_there_does_not_keep_a_page_from_being_made(office: Layout, src: str) -> None:
    root = office({"releases/becas.md": a_release(images=[{"src": src, "alt": "Foto"}])})
    assert the_release(root).files == {}


@pytest.mark.parametrize("src", ["../contacts.yaml", "/etc/passwd", "%2e%2e/contacts.yaml"])
def test_a_path_that_leads_out_keeps_the_page_from_being_made(office: Layout, src: str) -> None:
    root = office({"releases/becas.md": a_release(attachments=[src])})
    problem = problem_of(root)
    assert (problem.rule, problem.field) == ("path-outside", "attachments[1]")


@pytest.mark.parametrize("target", ["contacts.yaml", "/etc/passwd"])
def test_a_link_of_the_file_system_that_leads_out_is_not_followed(office: Layout, target: str) -> None:
    root = office({"releases/becas.md": a_release(images=[{"src": "foto.jpg", "alt": "Foto"}])})
    (root / "releases" / "foto.jpg").symlink_to(root / target)
    assert problem_of(root).rule == "path-outside"


def test_a_folder_that_links_out_is_not_followed(office: Layout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "otro"
    elsewhere.mkdir()
    (elsewhere / "foto.png").write_bytes(PIXEL)
    root = office({"releases/becas.md": a_release(images=[{"src": "fotos/foto.png", "alt": "Foto"}])})
    (root / "releases" / "fotos").symlink_to(elsewhere)
    assert problem_of(root).rule == "path-outside"


def test_a_link_within_the_folder_is_followed(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(images=[{"src": "a.png", "alt": "Foto"}]), "releases/b.png": PIXEL})
    (root / "releases" / "a.png").symlink_to("b.png")
    assert the_problems(root) == []


def test_a_link_that_goes_in_a_circle_is_a_missing_picture(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(images=[{"src": "a.png", "alt": "Foto"}])})
    (root / "releases" / "a.png").symlink_to("a.png")
    assert problem_of(root).is_error


@pytest.mark.parametrize("alt", ["", "   "])
def test_a_picture_without_alt_is_told_and_shown(office: Layout, alt: str) -> None:
    text = a_release(f"Texto.\n\n![{alt}](foto.png)", images=[{"src": "foto.png", "alt": alt}])
    root = office({"releases/becas.md": text, "releases/foto.png": PIXEL})
    assert [(one.rule, one.field) for one in the_problems(root)] == [("image-alt", "images[1]"), ("image-alt", "body")]
    assert set(the_release(root).files) == {"foto.png"}


@pytest.mark.parametrize(
    "body",
    [
        "![La entrega](foto.png)",
        '![La entrega](foto.png "Un título")',
        "![La entrega](<foto.png>)",
        "![La entrega](  foto.png  )",
        "[![La entrega](foto.png)](https://becas.example)",
        '<img src="foto.png" alt="La entrega">',
        "<IMG alt='La entrega' SRC='foto.png'>",
        "![La entrega][foto]\n\n[foto]: foto.png",
        "![La\nentrega](foto.png)",
        "![La entrega [de becas]](foto.png)",
        "1. Uno\n\n    ![La entrega](foto.png)",
        "> ![La entrega](foto.png)",
        "| a | b |\n|---|---|\n| ![La entrega](foto.png) | 2 |",
        '<img alt="La entrega"\n src="foto.png">',
    ],
)
def test_every_way_in_which_a_text_shows_a_picture_is_seen(office: Layout, body: str) -> None:
    root = office({"releases/becas.md": a_release(body), "releases/foto.png": PIXEL})
    assert the_problems(root) == []
    assert set(the_release(root).files) == {"foto.png"}


@pytest.mark.parametrize("body", ["```\n![x](nada.jpg)\n```", "~~~\n![x](nada.jpg)\n~~~", "    ![x](nada.jpg)"])
def test_a_picture_in_a_block_of_code_is_none(office: Layout, body: str) -> None:
    assert the_problems(office({"releases/becas.md": a_release("Texto.\n\n" + body)})) == []


@pytest.mark.parametrize("name", ["approval.yaml", "./approval.yaml", "index.pt.md", "index.pt-BR.md"])
def test_a_file_that_is_called_like_one_of_the_vaults_own_is_an_error(office: Layout, name: str) -> None:
    text = a_text("headline: Becas", "date: 2026-11-23", f"attachments: [{name}]")
    root = office({"releases/becas.md": text, f"releases/{name}": a_release()})
    problems = [one for one in the_desk(root).all_problems() if one.field == "attachments[1]"]
    assert [(problem.line, problem.is_error) for problem in problems] == [(4, True)]


@pytest.mark.parametrize("url", ["ftp://x.example", "javascript:alert(1)", "www.x.example", "https://", "https://a b"])
def test_a_link_must_be_an_address(office: Layout, url: str) -> None:
    problem = problem_of(office({"releases/becas.md": a_release(links=[{"title": "Audio", "url": url}])}))
    assert (problem.rule, problem.field) == ("link-url", "links[1].url")


def test_links_are_read(office: Layout) -> None:
    links = [
        {"title": "Audio completo", "url": "https://audio.example/a?b=1"},
        {"text": "Video", "url": "http://v.example"},
    ]
    release = the_release(office({"releases/becas.md": a_release(links=links)}))
    assert [(link.title, link.url) for link in release.links] == [
        ("Audio completo", "https://audio.example/a?b=1"),
        ("Video", "http://v.example"),
    ]


def test_lists_that_are_nested_by_reference_are_read_or_refused(office: Layout) -> None:
    lines = ["n0: &n0 [ja]"]
    lines += [f"n{n}: &n{n} {'[' * 40}*n{n - 1}{']' * 40}" for n in range(1, 60)]
    root = office({"releases/becas.md": a_text("headline: Becas", "date: 2026-11-23", *lines)})
    assert the_problems(root)
