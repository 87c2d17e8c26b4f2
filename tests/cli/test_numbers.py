"""Every safeguard at the command line: first it holds, then what lifts it does."""

from email import message_from_bytes, policy
from pathlib import Path

from support.offices import (
    NOW,
    SEND,
    SETTINGS,
    Layout,
    a_release,
    an_office,
    comsoc,
    messages,
)
from support.steps import LATER, done, held


def test_a_number_that_two_branches_gave_is_given_anew(office: Layout, tmp_path: Path) -> None:
    """Both releases were approved as the first of the year, in two clones, and then merged."""
    one = office()
    two = an_office(tmp_path / "two", {"releases/becas.md": None, "releases/agua.md": a_release(headline="Agua")})
    done(comsoc(one, "approve", "becas"))
    done(comsoc(two, "approve", "agua", now="2026-11-23T18:10:00+00:00"))
    for name in ("releases/agua.md", "approved/agua/r1/index.md", "approved/agua/r1/approval.yaml"):
        (one / name).parent.mkdir(parents=True, exist_ok=True)
        (one / name).write_bytes((two / name).read_bytes())
    held(comsoc(one, "send", "agua", "--segment", "media", "--yes", now=LATER), "number 1", "becas")
    done(comsoc(one, *SEND, now=LATER))
    assert comsoc(one, "approve", "agua", "--json", now=LATER).json["number"] == 2
    done(comsoc(one, "send", "agua", "--segment", "media", "--yes", now=LATER))


def test_a_number_that_people_have_in_their_mail_is_changed_no_more(office: Layout, tmp_path: Path) -> None:
    one = office()
    two = an_office(tmp_path / "two", {"releases/becas.md": None, "releases/agua.md": a_release(headline="Agua")})
    done(comsoc(one, "approve", "becas"))
    done(comsoc(two, "approve", "agua", now="2026-11-23T18:10:00+00:00"))
    done(comsoc(two, "send", "agua", "--segment", "media", "--limit", "1", "--yes", now=LATER))
    for name in ("releases/becas.md", "approved/becas/r1/index.md", "approved/becas/r1/approval.yaml"):
        (two / name).parent.mkdir(parents=True, exist_ok=True)
        (two / name).write_bytes((one / name).read_bytes())
    done(comsoc(two, "send", "agua", "--segment", "media", "--yes", now=LATER))
    assert len(messages(two)) == 3


NEW_YEAR = "2027-01-01T17:00:00+00:00"
BY_AGENCY = """
[agencies]
sepyc = "SEPyC"

[kinds.boletin]
number_format = "{agency}-{number:03}/{year}"
series = "agency"
"""


def approved(root: Path, slug: str, now: str = NEW_YEAR) -> tuple[int, str]:
    answer = comsoc(root, "approve", slug, "--json", now=now)
    assert answer.code == 0, answer.err
    return answer.json["number"], answer.json["number_text"]


def subjects(root: Path) -> list[str]:
    return [str(message_from_bytes(one, policy=policy.default)["Subject"]) for one in messages(root)]


def drafts(settings: str = "", **texts: dict[str, object]) -> dict[str, str]:
    """Releases by slug, each with what its frontmatter says besides."""
    files = {
        f"releases/{slug}.md": a_release(headline=f"Titular {slug}", **{"date": "2026-11-23 10:00", **changes})
        for slug, changes in texts.items()
    }
    return {"comsoc.toml": SETTINGS + settings, **files}


# Which year


def test_the_series_follows_the_date_on_the_sheet(office: Layout) -> None:
    texts: dict[str, dict[str, object]] = {
        "uno": {"date": "2026-12-30 10:00"},
        "ultimo": {"date": "2026-12-31 23:30"},
        "nuevo": {"date": "2027-01-01 09:00"},
    }
    root = office(drafts(**texts))
    assert approved(root, "uno", now="2026-12-30T18:00:00+00:00")[0] == 1
    assert approved(root, "nuevo")[0] == 1
    assert approved(root, "ultimo")[0] == 2
    assert "year: 2026" in (root / "approved/ultimo/r1/approval.yaml").read_text(encoding="utf-8")


def test_a_text_that_moves_to_another_year_gets_the_number_of_that_year(office: Layout) -> None:
    root = office(drafts(uno={"date": "2026-12-30 10:00"}, dos={"date": "2026-12-31 10:00"}))
    approved(root, "uno")
    assert approved(root, "dos")[0] == 2
    moved = a_release(headline="Titular dos", date="2027-01-02 10:00")
    (root / "releases/dos.md").write_text(moved, encoding="utf-8")
    assert approved(root, "dos")[0] == 1


def test_a_correction_in_january_keeps_the_number_of_december(office: Layout) -> None:
    root = office(drafts('\n[kinds.boletin]\nnumber_format = "{number}/{year}"\n', uno={"date": "2026-12-30 10:00"}))
    approved(root, "uno", now="2026-12-30T18:00:00+00:00")
    assert comsoc(root, "send", "uno", "--segment", "media", "--yes", now="2026-12-30T18:00:00+00:00").code == 0
    assert comsoc(root, "correct", "uno", "--note", "Faltaba la sede.", now=NEW_YEAR).code == 0
    assert approved(root, "uno") == (1, "1/2026")


# How it is written


def test_a_number_is_written_the_same_everywhere(office: Layout) -> None:
    settings = '\n[kinds.boletin]\nnumber_format = "{number:04}/{year}"\nsubject = "{label} {number} | {headline}"\n'
    root = office(drafts(settings, uno={}))
    assert approved(root, "uno", now=NOW) == (1, "0001/2026")
    assert comsoc(root, "build").code == 0
    assert "Boletín 0001/2026" in (root / "dist/site/releases/uno/index.html").read_text(encoding="utf-8")
    assert "Boletín 0001/2026" in (root / "dist/press/uno/uno.txt").read_text(encoding="utf-8")
    assert "0001/2026" in comsoc(root, "list").out
    sent = comsoc(root, "send", "uno", "--segment", "media", "--yes")
    assert "BOLETÍN 0001/2026" in sent.out
    assert {"Boletín 0001/2026 | Titular uno"} == set(subjects(root))
    assert "Boletín 0001/2026" in comsoc(root, "status", "--audit").out
    assert '"number": 1,' in next((root / "dispatches").iterdir()).read_text(encoding="utf-8")


def test_another_format_renames_nothing_that_was_approved(office: Layout) -> None:
    root = office(drafts('\n[kinds.boletin]\nnumber_format = "{number}/{year}"\n', uno={}, dos={}))
    assert approved(root, "uno")[1] == "1/2026"
    (root / "comsoc.toml").write_text(SETTINGS, encoding="utf-8")
    assert approved(root, "dos") == (2, "2")
    listed = {one["slug"]: one["number_text"] for one in comsoc(root, "list", "--json").json["releases"]}
    assert (listed["uno"], listed["dos"]) == ("1/2026", "2")


def test_year_and_agency_stand_in_subjects(office: Layout) -> None:
    settings = '\n[agencies]\nsepyc = "SEPyC"\n[kinds.boletin]\nsubject = "{agency} {number} de {year} | {headline}"\n'
    root = office(drafts(settings, uno={"agencies": ["sepyc", "salud"]}))
    approved(root, "uno", now=NOW)
    answer = comsoc(root, "send", "uno", "--segment", "media", "--dry-run")
    assert "SEPyC 1 de 2026 | Titular uno" in answer.out


def test_a_kill_names_a_number_that_ends_in_letters(office: Layout) -> None:
    settings = '\n[agencies]\nsepyc = "SEPyC"\n[kinds.boletin]\nnumber_format = "{number}-{agency}"\n'
    root = office(drafts(settings, uno={"agencies": ["sepyc"]}))
    approved(root, "uno", now=NOW)
    assert comsoc(root, "send", "uno", "--segment", "media", "--yes").code == 0
    assert comsoc(root, "kill", "uno", "--reason", "Error", "--yes").code == 0
    assert "FAVOR DE OMITIR el Boletín 1-SEPyC (queda sin efecto)" in subjects(root)


# Series by agency


def test_each_agency_has_its_own_series(office: Layout) -> None:
    agencies: dict[str, dict[str, object]] = {
        "uno": {"agencies": ["sepyc"]},
        "dos": {"agencies": ["salud"]},
        "tres": {"agencies": ["sepyc", "salud"]},
    }
    root = office(drafts(BY_AGENCY, **agencies))
    found = [approved(root, slug) for slug in agencies]
    assert found == [(1, "SEPyC-001/2026"), (1, "SALUD-001/2026"), (2, "SEPyC-002/2026")]
    listed = comsoc(root, "list", "--json").json["releases"]
    assert all("number_twice" not in one["objections"] for one in listed), "the same number of two agencies is no slip"


def test_a_text_without_an_agency_cannot_be_numbered_by_it(office: Layout) -> None:
    root = office(drafts(BY_AGENCY, uno={}))
    found = [
        one["rule"] for one in comsoc(root, "check", "uno", "--json").json["problems"] if one["severity"] == "error"
    ]
    assert found == ["number-agency"]
    assert comsoc(root, "approve", "uno").code == 1


def test_a_text_that_goes_to_another_agency_gets_a_number_of_it(office: Layout) -> None:
    root = office(drafts(BY_AGENCY, uno={"agencies": ["sepyc"]}, dos={"agencies": ["sepyc"]}))
    approved(root, "uno")
    assert approved(root, "dos") == (2, "SEPyC-002/2026")
    text = a_release(headline="Titular dos", agencies=["salud"])
    (root / "releases/dos.md").write_text(text, encoding="utf-8")
    assert approved(root, "dos") == (1, "SALUD-001/2026")


def test_a_series_that_began_in_mid_year_begins_anew_in_january(office: Layout) -> None:
    dates: dict[str, dict[str, object]] = {
        "uno": {"date": "2026-11-20 10:00"},
        "dos": {"date": "2026-11-21 10:00"},
        "tres": {"date": "2027-01-01 09:00"},
    }
    root = office(drafts("\n[kinds.boletin]\nfirst_number = 413\n", **dates))
    assert [approved(root, slug)[0] for slug in dates] == [413, 414, 1]


def test_a_number_that_was_given_is_never_given_again(office: Layout) -> None:
    root = office(drafts('\n[kinds.boletin]\nfirst_numbers = {"2026" = 3}\n', uno={}, dos={}, tres={}))
    assert [approved(root, slug)[0] for slug in ("uno", "dos")] == [3, 4]
    (root / "comsoc.toml").write_text(SETTINGS + '\n[kinds.boletin]\nfirst_numbers = {"2026" = 2}\n', encoding="utf-8")
    assert approved(root, "tres")[0] == 5
