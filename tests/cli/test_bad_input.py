"""Bad input: a sentence with the place, the contract's exit code, and nothing written or sent."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.offices import (
    CONTACTS,
    SEND,
    SETTINGS,
    Answer,
    Layout,
    a_release,
    an_environment,
    an_office,
    comsoc,
    messages,
)
from support.processes import a_full_disk

OUTSIDE = "SECRETO DE FUERA"


def tree(folder: Path) -> dict[str, bytes]:
    """Everything in an office but its locks and what a program remembers."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink() and ".comsoc" not in path.parts
    }


def told(answer: Answer, code: int, *facts: str) -> None:
    """The exit code, every fact, and in no case a stack trace or the words of a library."""
    assert answer.code == code, answer.said
    for fact in facts:
        assert fact in answer.said
    for jargon in ("Traceback", "made a mistake", "yaml.YAML", "pydantic", "sqlite3.", "Errno", "jinja2"):
        assert jargon not in answer.said


RELEASES: dict[str, tuple[str | bytes, list[str]]] = {
    "not UTF-8": ("---\nheadline: Título\n---\n".encode("latin-1"), ["releases/becas.md:2", "UTF-8"]),
    "bytes that are no text": (b"---\nheadline: a\0b\n---\n", ["releases/becas.md:2"]),
    "UTF-16": ("---\nheadline: a\n---\n".encode("utf-16"), ["releases/becas.md:1", "UTF-8"]),
    "empty": ("", ["releases/becas.md:1", "---"]),
    "no frontmatter": ("# Titular\n\nTexto.\n", ["releases/becas.md:1", "---"]),
    "frontmatter unclosed": ("---\nheadline: Titular\ndate: 2026-11-23\n\nTexto.\n", ["releases/becas.md:1", "---"]),
    "frontmatter a list": ("---\n- headline\n- date\n---\nTexto.\n", ["releases/becas.md:"]),
    "frontmatter a word": ("---\nheadline\n---\nTexto.\n", ["releases/becas.md:"]),
    "a duplicate key": (
        "---\nheadline: Uno\ndate: 2026-11-23\nheadline: Dos\n---\nTexto.\n",
        ["releases/becas.md:4", "headline", "2"],
    ),
    "a bracket unclosed": ("---\nheadline: [uno\ndate: 2026-11-23\n---\nTexto.\n", ["releases/becas.md:"]),
    "a colon in a text": ("---\nheadline: Uno: dos: tres\ndate: x\n---\nTexto.\n", ["releases/becas.md:2"]),
    "an alias to itself": ("---\nheadline: &a [*a]\n---\nTexto.\n", ["releases/becas.md:2"]),
    "a Python object": ("---\nheadline: !!python/name:os.system\ndate: [1]\n---\n", ["releases/becas.md:"]),
    "no headline": (a_release(headline=None), ["releases/becas.md:", "headline"]),
    "an empty headline": (a_release(headline="  "), ["releases/becas.md:", "headline"]),
    "a list for a headline": (a_release(headline=["a", "b"]), ["releases/becas.md:2", "headline"]),
    "an impossible date": (a_release(date="2026-02-30"), ["releases/becas.md:4", "2026-02-30"]),
    "an impossible hour": (a_release(date="2026-11-23 25:00"), ["releases/becas.md:4", "25:00"]),
    "an impossible zone": (a_release(date="2026-11-23 10:00+99:00"), ["releases/becas.md:4", "+99:00"]),
    "a date in words": (a_release(embargo="mañana"), ["releases/becas.md:8", "embargo", "mañana"]),
    "no date": (a_release(date=None), ["releases/becas.md:", "date"]),
    "an unknown kind": (a_release(kind="poema"), ["releases/becas.md:3", "poema", "boletin"]),
    "an invitation to nothing": (a_release(kind="invitacion"), ["releases/becas.md:", "event"]),
    "an unknown press contact": (a_release(contact="prensas"), ["releases/becas.md", "prensas", "prensa"]),
    "a line break in the headline": (a_release(headline="Uno\nBcc: x@y.example"), ["releases/becas.md:2", "headline"]),
    "another line separator": (a_release(headline="Uno\u2028Dos"), ["releases/becas.md:2", "headline"]),
    "a path that leads out": (a_release(attachments=["../../etc/passwd"]), ["releases/becas.md:8", "etc/passwd"]),
    "an absolute path": (a_release(attachments=["/etc/passwd"]), ["releases/becas.md:8", "/etc/passwd"]),
    "a hidden way out": (a_release(attachments=["fotos/../../x.txt"]), ["releases/becas.md:8", "x.txt"]),
    "a way out in the text": (a_release("![a](%2e%2e/%2e%2e/x.png)"), ["releases/becas.md:", "x.png"]),
}

SLUGS = {case: f"mal-{number}" for number, case in enumerate(RELEASES)}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What `check` says of an office with all of these releases, and a good one."""
    texts = {f"releases/{SLUGS[case]}.md": text for case, (text, _) in RELEASES.items()}
    return comsoc(an_office(tmp_path_factory.mktemp("bad") / "office", texts), "check")


@pytest.mark.parametrize("case", RELEASES)
def test_check_names_the_place_of_whatever_is_wrong_with_a_release(checked: Answer, case: str) -> None:
    path = f"releases/{SLUGS[case]}.md"
    mine = "\n".join(line for line in checked.out.splitlines() if line.startswith((path + ":", path + " ")))
    told(Answer(checked.code, mine, checked.err), 1, "error", *(_here(fact, path) for fact in RELEASES[case][1]))


def _here(fact: str, path: str) -> str:
    return fact.replace("releases/becas.md", path)


def test_check_says_nothing_of_what_is_right(checked: Answer) -> None:
    assert "releases/becas.md" not in checked.out


@pytest.mark.parametrize("case", ["frontmatter unclosed", "a path that leads out"])
def test_what_check_refuses_is_neither_approved_nor_sent_nor_built_nor_tested(office: Layout, case: str) -> None:
    text, facts = RELEASES[case]
    folder = office({"releases/becas.md": text})
    before = tree(folder)
    told(comsoc(folder, "approve", "becas"), 1, *facts)
    told(comsoc(folder, *SEND), 3, "becas")
    told(comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example"), 1, "becas")
    assert tree(folder) == before
    told(comsoc(folder, "build", "--only", "web"), 1, *facts)
    assert not (folder / "dist/press/becas").exists()


def test_a_release_that_was_approved_before_it_broke_on_the_desk_is_not_sent_unseen(office: Layout) -> None:
    folder = office()
    comsoc(folder, "approve", "becas")
    (folder / "releases/becas.md").write_text("---\nheadline: [\n")
    told(comsoc(folder, *SEND), 3, "becas")
    assert messages(folder) == []


def test_two_releases_with_one_slug_are_both_named(office: Layout) -> None:
    folder = office({"releases/2026/becas.md": a_release(headline="La otra")})
    for words in (["check"], ["approve", "becas"]):
        told(comsoc(folder, *words), 1, "releases/becas.md", "releases/2026/becas.md")
    told(comsoc(folder, *SEND), 3, "becas")
    assert not (folder / "approved").exists()


def test_a_file_name_that_is_no_slug_is_refused_with_a_better_one(office: Layout) -> None:
    told(comsoc(office({"releases/Niñez y paz.md": a_release()}), "check"), 1, "releases/Niñez y paz.md", "ninez-y-paz")


@pytest.mark.parametrize("attachment", ["enlace.txt", "fuera/secreto.txt"])
def test_a_link_that_leads_out_is_never_read(office: Layout, tmp_path: Path, attachment: str) -> None:
    (tmp_path / "secreto.txt").write_text(OUTSIDE)
    folder = office({"releases/becas.md": None, "releases/becas/index.md": a_release(attachments=[attachment])})
    (folder / "releases/becas/enlace.txt").symlink_to(tmp_path / "secreto.txt")
    (folder / "releases/becas/fuera").symlink_to(tmp_path)
    told(comsoc(folder, "check"), 1, "releases/becas/index.md:8", attachment)
    told(comsoc(folder, "approve", "becas"), 1, attachment)
    comsoc(folder, "build", "--only", "web")
    comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example")
    assert OUTSIDE not in b"".join(tree(folder).values()).decode("latin-1")


def test_a_release_that_is_itself_a_link_to_elsewhere_is_not_read(office: Layout, tmp_path: Path) -> None:
    (tmp_path / "fuera.md").write_text(a_release(headline=OUTSIDE))
    folder = office()
    (folder / "releases/enlace.md").symlink_to(tmp_path / "fuera.md")
    answer = comsoc(folder, "check")
    told(answer, 1, "releases/enlace.md")
    assert OUTSIDE not in answer.said + comsoc(folder, "list").said


def test_what_points_into_the_release_above_is_out_as_well(office: Layout) -> None:
    folder = office(
        {
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(attachments=["../secreta.txt"]),
            "releases/secreta.txt": OUTSIDE,
        }
    )
    comsoc(folder, "build", "--only", "web")
    assert not [name for name in tree(folder) if name.startswith("dist") and "secreta" in name]
    told(comsoc(folder, "approve", "becas"), 1, "../secreta.txt")


TEMPLATES = {
    "a loop without an end": "{% for one in range(10 ** 9) %}x{% endfor %}",
    "Python's internals": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "the internals of what it is given": "{{ office.__init__.__globals__ }}",
    "a template that includes itself": "{% include 'page.html' %}",
    "a file of the machine": "{% include '/etc/passwd' %}",
    "a sign that is missing": "\n\n{% if release %}",
    "a word that nobody knows": "\n{{ relase.headline }}",
    "a call of nothing": "{{ release.headline.nothing() }}",
}


@pytest.mark.parametrize("case", TEMPLATES)
def test_a_template_that_goes_wrong_is_named_with_the_release(office: Layout, case: str) -> None:
    folder = office({"templates/page.html": TEMPLATES[case]})
    answer = comsoc(folder, "build", "--only", "web")
    told(answer, 1, "templates/page.html", "becas")
    assert "root:" not in answer.said
    assert not (folder / "dist/press/becas/index.html").exists()


def test_a_mail_template_that_goes_wrong_stops_the_send_before_it_begins(office: Layout) -> None:
    folder = office({"templates/email.txt": "Buen día\n{{ relase.headline }}"})
    comsoc(folder, "approve", "becas")
    before = tree(folder)
    told(comsoc(folder, *SEND), 1, "templates/email.txt:2", "becas")
    told(comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example"), 1, "templates/email.txt:2")
    assert tree(folder) == before


def contacts(*lines: str, segments: str = "  media: {where: {type: prensa}}") -> str:
    rows = "\n".join(f"  - {line}" for line in lines)
    return f"segments:\n{segments}\ncontacts:\n{rows}\n"


GOOD = "{email: a@x.example, type: prensa}"
CIRCLE = "  media: {include: [radio]}\n  radio: {exclude: [norte]}\n  norte: {include: [media]}"
BOOKS: dict[str, tuple[str | bytes, list[str]]] = {
    "not UTF-8": ("segments:\n  media: {title: Prensa y difusión}\n".encode("latin-1"), ["contacts.yaml:2", "UTF-8"]),
    "no YAML": ("contacts: [\n", ["contacts.yaml"]),
    "a list": ("- a@x.example\n", ["contacts.yaml:1"]),
    "an address that is none": (contacts(GOOD, "{email: not an address}"), ["contacts.yaml:5", "not an address"]),
    "two addresses in one": (
        contacts(GOOD, "{email: 'a@x.example, b@x.example'}"),
        ["contacts.yaml:5", "a@x.example, b@x.example"],
    ),
    "an address with a line break": (
        contacts(GOOD, '{email: "a@x.example\\nBcc: b@x.example"}'),
        ["contacts.yaml:5", "email"],
    ),
    "an address of this machine": (contacts(GOOD, "{email: root@localhost}"), ["contacts.yaml:5", "root@localhost"]),
    "no address": (contacts(GOOD, "{name: Mesa}"), ["contacts.yaml:5", "email"]),
    "a name with a line break": (
        contacts(GOOD, '{email: b@x.example, name: "Mesa\\r\\nBcc: c@x.example"}'),
        ["contacts.yaml:5", "name"],
    ),
    "a duplicate key": (contacts("{email: a@x.example, email: b@x.example}"), ["contacts.yaml:4", "email"]),
    "a date that is none": (contacts("{email: a@x.example, until: 2026-13-01}"), ["contacts.yaml:4", "2026-13-01"]),
    "a segment that includes itself": (contacts(GOOD, segments="  media: {include: [media]}"), ["contacts.yaml:2"]),
    "segments in a circle": (contacts(GOOD, segments=CIRCLE), ["contacts.yaml:2", "media → radio → norte → media"]),
    "a segment of a segment that is not there": (
        contacts(GOOD, segments="  media: {include: [medios]}"),
        ["contacts.yaml:2", "medios"],
    ),
    "a contact in a segment that is not there": (
        contacts("{email: a@x.example, segments: [medios]}"),
        ["contacts.yaml:4", "medios"],
    ),
    "a key that means nothing": (contacts(GOOD, segments="  media: {were: {type: a}}"), ["contacts.yaml:2", "where"]),
    "neither yes nor no": (contacts(GOOD, segments="  media: {embargo: perhaps}"), ["contacts.yaml:2", "perhaps"]),
}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with becas approved, to be copied."""
    folder = an_office(tmp_path_factory.mktemp("approved") / "office")
    assert comsoc(folder, "approve", "becas").code == 0
    return folder


@pytest.mark.parametrize("case", BOOKS)
def test_nobody_is_written_to_from_a_book_with_an_error(approved: Path, tmp_path: Path, case: str) -> None:
    book, facts = BOOKS[case]
    folder = shutil.copytree(approved, tmp_path / "office")
    (folder / "contacts.yaml").write_bytes(book if isinstance(book, bytes) else book.encode())
    before = tree(folder)
    told(comsoc(folder, *SEND), 1, *facts)
    assert tree(folder) == before


def test_every_error_of_the_book_is_shown_in_one_run(office: Layout) -> None:
    book = contacts(
        "{email: nobody}", GOOD, "{name: Mesa}", segments="  media: {include: [media]}\n  otra: {colour: 1}"
    )
    told(
        comsoc(office({"contacts.yaml": book}), "contacts", "check"),
        1, *(f"contacts.yaml:{line}" for line in (2, 3, 5, 7)), "4 errors",
    )  # fmt: skip


def test_nobody_is_written_to_while_the_suppressions_cannot_be_read(office: Layout) -> None:
    folder = office({"suppressions.yaml": "suppressions:\n  - {email: a@x.example}\n  - {correo: b@x.example}\n"})
    comsoc(folder, "approve", "becas")
    told(comsoc(folder, *SEND), 1, "suppressions.yaml:3")
    assert comsoc(folder, "contacts", "suppress", "c@x.example").code == 0, "a BAJA waits for no mending"
    assert messages(folder) == []


@pytest.mark.parametrize(
    ("words", "code", "fact"),
    [(["--segment", "medios"], 2, "medios"), (["--segment", "radio"], 3, "radio"), ([], 2, "--segment")],
)
def test_a_segment_that_does_not_exist_or_is_not_named_stops_the_send(
    office: Layout, words: list[str], code: int, fact: str
) -> None:
    folder = office()
    comsoc(folder, "approve", "becas")
    before = tree(folder)
    told(comsoc(folder, "send", "becas", *words, "--yes"), code, fact)
    assert tree(folder) == before


def test_a_contact_twice_is_a_warning_and_one_message(office: Layout) -> None:
    again = "  - {email: MESA@diario.example, name: Otra vez, type: prensa}\n"
    folder = office({"contacts.yaml": CONTACTS + again})
    comsoc(folder, "approve", "becas")
    told(comsoc(folder, "check"), 0, "contacts.yaml:10", "MESA@diario.example")
    assert comsoc(folder, *SEND).code == 0
    assert len(messages(folder)) == 3


WRONG_SETTINGS: dict[str, tuple[str, list[str]]] = {
    "no TOML": (SETTINGS + "\nname = Oficina\n", ["comsoc.toml:16"]),
    "no name": ("[office]\norganization = 'x'\n", ["comsoc.toml:1", "name"]),
    "an unknown key": (SETTINGS + "repply_to = 'a@x.example'\n", ["comsoc.toml:15", "reply_to"]),
    "an unknown table": (SETTINGS + "\n[smpt]\nhost = 'x'\n", ["comsoc.toml:16", "smtp"]),
    "a wrong sort of value": (SETTINGS + "\n[send]\nrecent_days = 'three'\n", ["comsoc.toml:17", "three"]),
    "an address that is none": (SETTINGS.replace("prensa@sinaloa.example", "prensa", 2), ["comsoc.toml:"]),
    "a line break in the sender's name": (SETTINGS.replace('"Comunicación Social"', '"a\\nb"'), ["comsoc.toml:12"]),
    "a kind that is wrong": (SETTINGS + "\n[kinds.x]\nlabel = 1\n", ["comsoc.toml:17"]),
    "a secret": (SETTINGS + "\n[smtp]\nhost = 'x.example'\npassword = 'muy-secreto'\n", ["comsoc.toml:18"]),
    "an open line to another machine": (
        SETTINGS + "\n[smtp]\nhost = 'x.example'\nsecurity = 'none'\n",
        ["comsoc.toml:18", "starttls"],
    ),
    "a zone that is none": (
        SETTINGS.replace("[press", "timezone = 'Sinaloa'\n\n[press", 1),
        ["comsoc.toml:", "Sinaloa"],
    ),
    "a ledger that is none": (SETTINGS + "\n[ledger]\nurl = 'mysql://x'\n", ["comsoc.toml:17", "sqlite:///"]),
}


@pytest.mark.parametrize("case", WRONG_SETTINGS)
def test_nothing_is_done_with_half_of_the_settings(office: Layout, case: str) -> None:
    settings, facts = WRONG_SETTINGS[case]
    folder = office({"comsoc.toml": settings})
    before = tree(folder)
    answer = comsoc(folder, *SEND)
    told(answer, 5, *facts)
    assert "muy-secreto" not in answer.said
    assert tree(folder) == before


def test_every_error_of_the_settings_is_shown_in_one_run(office: Layout) -> None:
    settings = SETTINGS + "\n[send]\nrecent_days = 'three'\n[smtp]\nhost = 'x.example'\nhots = 'y'\nport = 0\n"
    answer = comsoc(office({"comsoc.toml": settings}), "check")
    told(answer, 1, *(f"comsoc.toml:{line}" for line in (17, 20, 21)))


def test_a_secret_is_never_repeated_by_another_error(office: Layout) -> None:
    settings = SETTINGS + "\n[smtp]\nhost = 'muy-secreto !'\nport = 'muy-secreto'\npassword = 'muy-secreto'\n"
    answer = comsoc(office({"comsoc.toml": settings}), "check")
    told(answer, 1, "comsoc.toml:19", "COMSOC_SMTP_PASSWORD")
    assert "muy-secreto" not in answer.said


def test_a_sender_without_an_address_sends_nothing(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS.partition("[sender]")[0]})
    comsoc(folder, "approve", "becas")
    told(comsoc(folder, *SEND), 5, "[sender]")
    told(comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example"), 5, "[sender]")
    assert messages(folder) == []


def test_a_damaged_ledger_stops_the_send_and_is_named_by_whoever_reads_it(office: Layout) -> None:
    folder = office({".comsoc/ledger.db": b"not a ledger, " * 500})
    told(comsoc(folder, "approve", "becas"), 0)
    for words in (SEND, ["status"], ["list"]):
        told(comsoc(folder, *words), 5, ".comsoc/ledger.db")
    assert messages(folder) == []
    assert not (folder / "dispatches").exists()


def test_an_approval_that_somebody_damaged_is_no_approval(office: Layout) -> None:
    folder = office()
    comsoc(folder, "approve", "becas")
    (folder / "approved/becas/r1/approval.yaml").write_text("approvals: yes\n")
    told(comsoc(folder, *SEND), 3, "approved/becas/r1/approval.yaml")
    told(comsoc(folder, "check"), 1, "approved/becas/r1/approval.yaml")
    assert messages(folder) == []


def test_a_full_disk_while_approving_leaves_no_half_revision(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(body="Texto. " * 3000)})
    with a_full_disk(folder / "approved", room=8):
        told(comsoc(folder, "approve", "becas"), 5, "approved/becas/r1")
        assert not (folder / "approved/becas/r1").exists()
    assert comsoc(folder, "approve", "becas").code == 0


def test_a_full_disk_while_drafting_leaves_no_half_draft(office: Layout) -> None:
    folder = office({"releases/becas.md": None})
    with a_full_disk(folder / "releases", room=4):
        (folder / "releases/relleno").write_bytes(bytes(4096))
        told(comsoc(folder, "new", "Titular", "--no-edit"), 5, "releases/titular.md")
        assert [path.name for path in (folder / "releases").iterdir()] == ["relleno"]


IMPATIENT = """
import os, signal, sys

MODULE = sys.argv.pop(1)

class Impatient:
    def find_spec(self, name, *_):
        if name == MODULE:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
from comsoc_cli.cli.main import main
main()
"""


@pytest.mark.parametrize(
    ("module", "words"),
    [("typer", ["list"]), ("yaml", ["check"]), ("sqlalchemy", SEND), ("css_inline", SEND), ("weasyprint", ["build"])],
)
def test_ctrl_c_before_the_work_begins_ends_quietly_and_leaves_nothing(
    approved: Path, tmp_path: Path, module: str, words: list[str]
) -> None:
    folder = shutil.copytree(approved, tmp_path / "office")
    before = tree(folder)
    done = subprocess.run(
        [sys.executable, "-c", IMPATIENT, module, *words],
        cwd=folder, env=an_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    told(Answer(done.returncode, done.stdout, done.stderr), 130)
    assert {name: data for name, data in tree(folder).items() if not name.startswith("dist/")} == before


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["--help"]])
def test_whoever_stops_reading_is_no_fault(office: Layout, words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "comsoc_cli", *words],
        cwd=office(), env=an_environment(), stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
