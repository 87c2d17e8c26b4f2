"""One more segment for a text that is approved: the text stays, nobody is told, and the new ones get it."""

import json
from pathlib import Path

from support.offices import NOW, Answer, a_release, an_office, comsoc, messages

from comsoc_cli.office.audience import AUDIENCE

SEND = ("send", "becas", "--yes", "--segment")
MUNICIPIOS = {
    "contacts.yaml": """
    segments:
      media: {title: Medios, where: {type: prensa}}
      municipios: {title: Municipios, where: {type: municipio}}
    contacts:
      - {email: mesa@diario.example, name: Mesa, type: prensa}
      - {email: oficial@municipio.example, name: Oficialía, type: municipio}
    """
}
LATER = "2026-11-23T19:00:00+00:00"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def with_segments(office: Path, *segments: str) -> None:
    (office / "releases/becas.md").write_text(a_release(segments=list(segments)), encoding="utf-8")


def approve(office: Path, name: str = "Ana Ruiz") -> Answer:
    """What happens where this person approves on a computer of their own."""
    email = f"{name.split()[0].lower()}@sinaloa.example"
    return comsoc(office, "approve", "becas", GIT_CONFIG_VALUE_0=name, GIT_CONFIG_VALUE_1=email)


def a_sent_office(folder: Path, settings: str = "", *approvers: str) -> Path:
    office = an_office(folder, MUNICIPIOS)
    (office / "comsoc.toml").write_text((office / "comsoc.toml").read_text() + settings)
    for name in approvers or ("Ana Ruiz",):
        assert approve(office, name).code == 0
    assert comsoc(office, *SEND, "media").code == 0
    return office


def test_one_more_segment_changes_nothing_of_what_was_approved_and_goes_to_the_new_ones(tmp_path: Path) -> None:
    office = a_sent_office(tmp_path)
    assert comsoc(office, "build", "--only", "web").code == 0
    vault, page = content(office / "approved/becas/r1"), content(office / "dist/site/releases/becas")
    with_segments(office, "media", "municipios")
    assert "changed" not in json.dumps(comsoc(office, "list", "--json").json)
    held = comsoc(office, *SEND, "municipios", "--json")
    assert (held.code, held.json["dispatches"][0]["objections"][0]["rule"]) == (3, "segment_not_named")
    told = comsoc(office, "approve", "becas", "--json", now=LATER).json
    assert (told["revision"], told["number"]) == (1, 1)
    assert [(one["segment"], one["removed"], one["approvals"]) for one in told["audience"]] == [
        ("municipios", False, 1)
    ]
    assert content(office / "approved/becas/r1") == vault
    sent = comsoc(office, *SEND, "municipios", "--json", now=LATER).json["dispatches"][0]
    assert (sent["purpose"], sent["accepted"], sent["revision"]) == ("release", 1, 1)
    assert len(messages(office)) == 2
    assert b"ERRATAS" not in messages(office)[-1]
    assert comsoc(office, "build", "--only", "web", now=LATER).code == 0
    assert content(office / "dist/site/releases/becas") == page
    assert "already" in comsoc(office, "approve", "becas", now=LATER).out
    words = [word for one in comsoc(office, "status", "--audit", "--json").json["sent"] for word in one["words"]]
    assert [(one["by"], one["segment"]) for one in words if one["act"] == "segment_added"] == [
        ("Ana Ruiz", "municipios")
    ]
    assert "segmento “municipios” agregado por Ana Ruiz" in comsoc(office, "status", "--audit", lang="es").out


def test_an_addition_asks_for_as_many_approvals_as_the_text(tmp_path: Path) -> None:
    office = a_sent_office(tmp_path, "[approval]\nrequired = 2\n", "Bea Soto", "Carla Paz")
    with_segments(office, "media", "municipios")
    assert "1 of 2" in approve(office, "Bea Soto").out
    held = comsoc(office, *SEND, "municipios", "--json")
    assert (held.code, held.json["dispatches"][0]["objections"][0]["rule"]) == (3, "not_approved")
    assert comsoc(office, *SEND, "media").code == 0  # what has its approvals is not held
    approve(office, "Bea Soto")
    assert comsoc(office, *SEND, "municipios").code == 3
    assert "also for “municipios”" in approve(office, "Carla Paz").out
    assert comsoc(office, *SEND, "municipios").code == 0


def test_a_mark_that_was_damaged_or_taken_away_holds_the_release(tmp_path: Path) -> None:
    office = a_sent_office(tmp_path)
    with_segments(office, "media", "municipios")
    comsoc(office, "approve", "becas")
    assert comsoc(office, *SEND, "municipios").code == 0
    mark = office / "approved/becas" / AUDIENCE
    whole = mark.read_text(encoding="utf-8")
    mark.write_text(whole.replace("municipios", "todos"), encoding="utf-8")
    assert comsoc(office, *SEND, "media", "--json").json["dispatches"][0]["objections"][0]["rule"] == "vault"
    mark.unlink()
    held = comsoc(office, *SEND, "media", "--json")
    assert held.json["dispatches"][0]["objections"][0]["rule"] == "vault"
    assert AUDIENCE in held.out
    assert comsoc(office, "approve", "becas").code == 3
    mark.write_text(whole, encoding="utf-8")
    assert comsoc(office, "list", "--json").json["releases"][0]["objections"] == []


def test_a_segment_that_is_taken_away_gets_nothing_more_and_nobody_is_told(tmp_path: Path) -> None:
    office = a_sent_office(tmp_path)
    with_segments(office, "municipios")
    told = comsoc(office, "approve", "becas", "--json").json["audience"]
    assert [(one["segment"], one["removed"]) for one in told] == [("municipios", False), ("media", True)]
    held = comsoc(office, *SEND, "media", "--json")
    assert (held.code, held.json["dispatches"][0]["objections"][0]["rule"]) == (3, "segment_not_named")
    assert len(messages(office)) == 1


def test_a_text_that_is_changed_besides_needs_a_correction_as_ever(tmp_path: Path) -> None:
    office = a_sent_office(tmp_path)
    text = a_release("Otro texto.", segments=["media", "municipios"])
    (office / "releases/becas.md").write_text(text, encoding="utf-8")
    assert comsoc(office, "approve", "becas").code == 3
    assert not (office / "approved/becas" / AUDIENCE).exists()


def test_an_addition_from_the_future_holds_the_release(tmp_path: Path) -> None:
    office = a_sent_office(tmp_path)
    with_segments(office, "media", "municipios")
    assert comsoc(office, "approve", "becas", now="2026-11-25T18:00:00+00:00").code == 0
    held = comsoc(office, *SEND, "municipios", "--json", now=NOW)
    assert (held.code, held.json["dispatches"][0]["objections"][0]["rule"]) == (3, "future")
