"""Approving: who let which exact text out, under which number, and what is never replaced."""

import json
from pathlib import Path
from typing import Any

import pytest
from support.offices import PIXEL, Layout, a_release, comsoc


def approved(folder: Path, slug: str, *words: str, **more: str) -> dict[str, Any]:
    """What an approval says in JSON."""
    answer = comsoc(folder, "approve", slug, "--json", *words, **more)
    assert answer.code == 0, answer.err
    document: dict[str, Any] = answer.json
    return document


def status(folder: Path, slug: str = "becas") -> str:
    rows = comsoc(folder, "list", "--json").json["releases"]
    return str(next(row["status"] for row in rows if row["slug"] == slug))


def vault(folder: Path) -> dict[str, bytes]:
    place = folder / "approved"
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_an_approval_copies_text_translation_and_media_and_says_who_and_when(office: Layout) -> None:
    folder = office(
        {
            "releases/becas.md": a_release(image="foto.png", images=None, attachments=["anexo.pdf"]),
            "releases/becas.en.md": a_release(headline="Scholarships"),
            "releases/foto.png": PIXEL,
            "releases/anexo.pdf": b"%PDF-1.4",
            "releases/otra.png": PIXEL,
        }
    )
    refused = comsoc(folder, "approve", "becas")
    assert refused.code == 1
    assert "alt" in refused.err
    assert vault(folder) == {}
    images = [{"src": "foto.png", "alt": "Un aula"}]
    (folder / "releases/becas.md").write_text(a_release(images=images, attachments=["anexo.pdf"]))
    document = approved(folder, "becas")
    assert (document["slug"], document["revision"], document["number"]) == ("becas", 1, 1)
    assert document["digest"].startswith("sha256:")
    assert "Ana Ruiz" in document["by"]
    assert document["at"] == "2026-11-23T11:00:00-07:00"
    found = vault(folder)
    assert set(found) == {f"becas/r1/{name}" for name in ("index.md", "index.en.md", "foto.png", "anexo.pdf")} | {
        "becas/r1/approval.yaml"
    }
    assert found["becas/r1/index.md"] == (folder / "releases/becas.md").read_bytes()
    assert found["becas/r1/foto.png"] == PIXEL
    written = found["becas/r1/approval.yaml"].decode()
    assert document["digest"] in written
    assert "Ana Ruiz" in written


def test_numbers_run_by_kind_and_year_and_a_dropped_draft_leaves_no_gap(office: Layout) -> None:
    folder = office(
        {
            "releases/dos.md": a_release(headline="Dos"),
            "releases/dejada.md": a_release(headline="Dejada"),
            "releases/tres.md": a_release(headline="Tres"),
            "releases/opina.md": a_release(headline="Opina", kind="posicionamiento"),
            "releases/urge.md": a_release(headline="Urge", kind="aviso"),
            "releases/nuevo.md": a_release(headline="Nuevo", date="2027-01-04 10:00"),
        }
    )
    in_january = "2027-01-04T18:00:00+00:00"
    numbers = [approved(folder, slug)["number"] for slug in ("becas", "dos")]
    (folder / "releases/dejada.md").unlink()
    numbers += [approved(folder, slug)["number"] for slug in ("tres", "opina", "urge")]
    numbers.append(approved(folder, "nuevo", now=in_january)["number"])
    assert numbers == [1, 2, 3, 1, None, 1]


def test_the_year_of_a_number_is_that_of_the_sheet_in_the_offices_zone(office: Layout) -> None:
    last_hour_of_the_year = "2026-12-31 23:30"  # in Greenwich it is the next year
    folder = office({"releases/dos.md": a_release(headline="Dos", date=last_hour_of_the_year)})
    approved(folder, "becas")
    assert approved(folder, "dos", now="2027-01-04T18:00:00+00:00")["number"] == 2
    assert "year: 2026" in (folder / "approved/dos/r1/approval.yaml").read_text()


def test_a_series_may_begin_later(office: Layout) -> None:
    folder = office()
    with (folder / "comsoc.toml").open("a") as settings:
        settings.write("\n[kinds.boletin]\nfirst_number = 412\n")
    assert approved(folder, "becas")["number"] == 412


def test_somebody_else_may_give_the_approval_and_who_typed_it_is_kept(office: Layout) -> None:
    folder = office()
    assert approved(folder, "becas", "--by", "Dirección de Información")["by"] == "Dirección de Información"
    written = (folder / "approved/becas/r1/approval.yaml").read_text()
    assert "Dirección de Información" in written
    assert "Ana Ruiz" in written


def test_an_approval_holds_nothing_but_what_somebody_stands_for(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(contact="nadie", segments=["medios"], images=["falta.png"])})
    answer = comsoc(folder, "approve", "becas", "--json")
    assert answer.code == 1
    assert all(fact in answer.err for fact in ("releases/becas.md", "nadie", "medios", "falta.png"))
    assert vault(folder) == {}
    assert status(folder) == "draft"


def test_approving_the_same_text_again_changes_nothing(office: Layout) -> None:
    folder = office()
    first = approved(folder, "becas")
    before = vault(folder)
    again = approved(folder, "becas", "--by", "Otra persona", now="2026-11-24T18:00:00+00:00")
    assert again == first
    assert vault(folder) == before


def test_a_new_text_replaces_the_approved_one_until_somebody_has_it(office: Layout) -> None:
    folder = office()
    first = approved(folder, "becas")
    (folder / "releases/becas.md").write_text(a_release(headline="Otro titular"))
    assert status(folder) == "changed"
    second = approved(folder, "becas")
    assert status(folder) == "approved"
    assert (second["revision"], second["number"]) == (first["revision"], first["number"]) == (1, 1)
    assert second["digest"] != first["digest"]
    assert "Otro titular" in (folder / "approved/becas/r1/index.md").read_text()
    assert [path.name for path in (folder / "approved/becas").iterdir()] == ["r1"]


def test_what_somebody_has_is_corrected_and_not_replaced(office: Layout) -> None:
    folder = office()
    approved(folder, "becas")
    assert comsoc(folder, "send", "becas", "--segment", "media", "--limit", "1", "--yes").code == 0
    before = vault(folder)
    (folder / "releases/becas.md").write_text(a_release(headline="Otro titular"))
    answer = comsoc(folder, "approve", "becas", "--json")
    assert (answer.code, answer.out) == (3, "")
    assert "comsoc correct becas" in answer.err
    assert vault(folder) == before
    (folder / "releases/becas.md").write_text(a_release())
    assert approved(folder, "becas")["revision"] == 1


def test_a_colleagues_receipt_holds_the_text_as_the_own_ledger_does(office: Layout) -> None:
    folder = office()
    approved(folder, "becas")
    comsoc(folder, "send", "becas", "--segment", "media", "--yes")
    (folder / ".comsoc/ledger.db").unlink()
    (folder / "releases/becas.md").write_text(a_release(headline="Otro titular"))
    assert comsoc(folder, "approve", "becas").code == 3


def test_a_test_message_is_no_hand_over(office: Layout) -> None:
    folder = office()
    approved(folder, "becas")
    assert comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example").code == 0
    (folder / "releases/becas.md").write_text(a_release(headline="Otro titular"))
    assert approved(folder, "becas")["revision"] == 1


def test_a_vault_that_was_edited_by_hand_is_named_by_check_and_mended_by_approving_again(office: Layout) -> None:
    folder = office()
    first = approved(folder, "becas")
    text = folder / "approved/becas/r1/index.md"
    text.write_text(text.read_text().replace("arranca hoy", "se cancela"))
    checked = comsoc(folder, "check", "--json")
    assert checked.code == 1
    assert "approved/becas/r1" in json.dumps(checked.json["problems"])
    assert comsoc(folder, "send", "becas", "--segment", "media", "--yes").code == 3
    assert approved(folder, "becas")["digest"] == first["digest"]
    assert "arranca hoy" in text.read_text()
    assert comsoc(folder, "check").code == 0


def test_a_file_added_to_or_taken_from_the_vault_is_noticed(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(attachments=["anexo.pdf"]), "releases/anexo.pdf": b"%PDF-1.4"})
    approved(folder, "becas")
    extra = folder / "approved/becas/r1/extra.png"
    extra.write_bytes(PIXEL)
    assert comsoc(folder, "check").code == 1
    extra.unlink()
    assert comsoc(folder, "check").code == 0
    (folder / "approved/becas/r1/anexo.pdf").write_bytes(b"%PDF-1.5")
    assert comsoc(folder, "check").code == 1


def test_a_release_may_be_named_by_its_path(office: Layout) -> None:
    folder = office()
    assert approved(folder, "releases/becas.md")["slug"] == "becas"
    (folder / "releases/becas.md").unlink()
    gone = comsoc(folder, "approve", "becas")
    assert gone.code == 2
    assert "becas" in gone.err


@pytest.mark.parametrize(
    "words",
    [
        ("approve", "becas", "--by", "\u200b"),
        ("approve", "becas", "--legal", "\u2800", "--ruling", "INE/1"),
        ("send", "becas", "--segment", "media", "--despite-blackout", "\u200b", "--yes"),
        ("send", "becas", "--segment", "media", "--urgent", " ", "--yes"),
        ("kill", "becas", "--reason", "\u2060\u200b", "--yes"),
    ],
)
def test_a_name_or_a_reason_that_cannot_be_seen_is_none(office: Layout, words: tuple[str, ...]) -> None:
    folder = office()
    answer = comsoc(folder, *words)
    assert (answer.code, "can be read" in answer.err) == (2, True), answer.said
    assert not (folder / "approved").exists()


def test_what_changed_within_the_data_is_shown_key_by_key(office: Layout) -> None:
    event = {"start": "2026-11-27 10:00", "place": "Patio central"}
    folder = office({"releases/becas.md": a_release(kind="invitacion", event=event)})
    assert comsoc(folder, "approve", "becas").code == 0
    text = a_release(kind="invitacion", event={**event, "start": "2026-11-27 17:00"})
    (folder / "releases/becas.md").write_text(text, encoding="utf-8")
    answer = comsoc(folder, "approve", "becas")
    assert "event.start: [−10:00−] {+17:00+}" in answer.said
    assert "{'" not in answer.said
