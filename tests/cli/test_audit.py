"""What an office can say afterwards: comsoc status --audit; and what holds a release now: comsoc list."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from support.offices import CONTACTS, SEND, SETTINGS, Answer, Layout, a_release, comsoc

BEA = {"GIT_CONFIG_VALUE_0": "Bea Soto", "GIT_CONFIG_VALUE_1": "bea@sinaloa.example"}
LATER = "2026-11-23T20:00:00+00:00"
EMBARGOED = a_release(embargo="2026-11-23 18:00", segments=["media", "acreditada"])
CAMPAIGN = """
[[blackouts]]
name = "Campañas locales 2027"
from = 2026-11-20
until = 2026-12-06
exempt = ["Educación", "salud"]
"""
#: Everybody whose name stands in what these tests lay out or type.
PEOPLE = ("Ana Ruiz", "Bea Soto", "Carla Mora", "Dirección", "Tito Luna", "@")


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.said
    return answer


def audit(office: Path, *words: str, now: str = LATER) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = done(comsoc(office, "status", "--audit", "--json", *words, now=now)).json["sent"]
    return found


def sheet(office: Path, *words: str, lang: str = "en") -> list[list[str]]:
    """The CSV as a spreadsheet reads it."""
    answer = done(comsoc(office, "status", "--audit", "--csv", *words, now=LATER, lang=lang))
    return list(csv.reader(io.StringIO(answer.out, newline=""), strict=True))


def test_a_send_is_told_with_whose_word_let_it_out(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas", "--by", "Dirección", "--via", "whatsapp"))
    done(comsoc(folder, *SEND))
    [one] = audit(folder)
    assert one["at"] == "2026-11-23T11:00:00-07:00"
    assert (one["release"], one["kind"], one["number"], one["revision"]) == ("becas", "boletin", 1, 1)
    assert (one["purpose"], one["segments"], one["state"]) == ("release", ["media"], "finished")
    assert [one[name] for name in ("planned", "accepted", "deferred", "refused", "uncertain")] == [3, 3, 0, 0, 0]
    at = "2026-11-23T11:00:00-07:00"
    assert one["words"] == [
        {
            "act": "approved",
            "at": at,
            "by": "Dirección",
            "via": "whatsapp",
            "recorded_by": "Ana Ruiz",
            "legal": "",
            "ruling": "",
            "signed": False,
            "key": "",
        }
    ]
    assert one["sent_by"] == "Ana Ruiz"
    assert one["overruled"] == []
    assert (folder / "dispatches" / one["receipt"]).exists()
    told = done(comsoc(folder, "status", "--audit")).out
    assert "Boletín 1" in told
    assert "approved by Dirección (whatsapp; recorded by Ana Ruiz), 2026-11-23 11:00" in told
    assert "@" not in told


def test_an_urgent_send_is_told_with_its_reason_and_with_who_reviewed_it(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, *SEND, "--urgent", "Desbordamiento del río"))
    [one] = audit(folder)
    assert [(word["act"], word["by"]) for word in one["words"]] == [("urgent", "Ana Ruiz")]
    assert one["overruled"] == [{"rule": "not_approved", "reason": "Desbordamiento del río"}]
    done(comsoc(folder, "approve", "becas", now="2026-11-23T19:00:00+00:00", **BEA))
    [one] = audit(folder)
    assert [(word["act"], word["by"]) for word in one["words"]] == [("urgent", "Ana Ruiz"), ("reviewed", "Bea Soto")]
    assert "approved afterwards by Bea Soto, 2026-11-23 12:00" in done(comsoc(folder, "status", "--audit")).out


def test_what_was_overruled_stands_there_with_its_reason(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS + CAMPAIGN})
    done(comsoc(folder, "approve", "becas", "--legal", "Lic. Carla Mora"))
    text = (folder / "releases/becas.md").read_text()
    (folder / "releases/becas.md").write_text(text.replace("El programa", "Otro programa"))
    done(comsoc(folder, *SEND, "--approved-text", "--despite-blackout", "Alerta sanitaria"))
    [one] = audit(folder)
    assert {told["rule"]: told["reason"] for told in one["overruled"]} == {
        "changed": "",
        "blackout": "Alerta sanitaria",
    }
    assert one["words"][0]["legal"] == "Lic. Carla Mora"
    told = done(comsoc(folder, "status", "--audit")).out
    assert "exception: within a blackout: Alerta sanitaria" in told
    assert "exception: the approved text, though the desk had another\n" in told
    assert "legal department: Lic. Carla Mora" in told


def a_whole_story(office: Layout) -> Path:
    """A release that is sent, corrected and declared of no effect; an embargoed one that is moved and lifted."""
    folder = office({"releases/agua.md": EMBARGOED.replace("programa estatal de becas", "plan de agua")})
    done(comsoc(folder, "approve", "becas", "--by", "Dirección", "--via", "llamada de Tito Luna"))
    done(comsoc(folder, *SEND))
    done(comsoc(folder, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
    done(comsoc(folder, "approve", "becas", now="2026-11-23T18:10:00+00:00", **BEA))
    done(comsoc(folder, "send", "becas", "--yes", now="2026-11-23T18:15:00+00:00"))
    done(comsoc(folder, "approve", "agua", now="2026-11-23T18:20:00+00:00"))
    done(comsoc(folder, "send", "agua", "--segment", "acreditada", "--yes", now="2026-11-23T18:25:00+00:00"))
    until = ("--until", "2026-11-24 08:00")
    done(comsoc(folder, "embargo", "agua", *until, "--yes", now="2026-11-23T18:30:00+00:00"))
    done(comsoc(folder, "embargo", "agua", "--lift", "--yes", now="2026-11-23T18:35:00+00:00"))
    done(comsoc(folder, "kill", "becas", "--reason", "Cifra de Tito Luna", "--yes", now="2026-11-23T18:40:00+00:00"))
    return folder


def test_corrections_kills_and_changes_of_an_embargo_are_told_in_their_order(office: Layout) -> None:
    found = audit(a_whole_story(office))
    assert [(one["release"], one["revision"], one["purpose"], one["accepted"]) for one in found] == [
        ("becas", 1, "release", 3),
        ("becas", 2, "erratum", 3),
        ("agua", 1, "release", 1),
        ("agua", 1, "embargo", 1),
        ("agua", 1, "embargo", 1),
        ("becas", 2, "kill", 3),
    ]
    assert [[(word["act"], word["by"]) for word in one["words"]] for one in found] == [
        [("approved", "Dirección")],
        [("approved", "Bea Soto")],
        [("approved", "Ana Ruiz")],
        [("embargo_moved", "Ana Ruiz")],
        [("embargo_lifted", "Ana Ruiz")],
        [("killed", "Ana Ruiz")],
    ]
    assert found[3]["until"] == "2026-11-24T08:00:00-07:00"
    assert found[4]["until"] is None
    assert found[5]["reason"] == "Cifra de Tito Luna"


def test_the_public_audit_has_no_name_of_anybody(office: Layout) -> None:
    folder = a_whole_story(office)
    words = ("status", "--audit", "--public")
    for told in (
        done(comsoc(folder, *words)).said,
        done(comsoc(folder, *words, "--csv")).said,
        done(comsoc(folder, *words, "--json")).said,
    ):
        assert [name for name in PEOPLE if name in told] == []
        assert "becas" in told
    whole = done(comsoc(folder, "status", "--audit")).out
    assert all(name in whole for name in ("Ana Ruiz", "Bea Soto", "Dirección", "Tito Luna"))
    killed = audit(folder, "--public")[-1]
    assert killed["reason_on_file"] is True
    assert not {"reason", "sent_by"} & set(killed)
    assert [set(word) for word in killed["words"]] == [{"act", "at", "legal", "ruling", "signed"}]
    assert "a reason is on file" in done(comsoc(folder, *words)).out


def test_the_public_audit_keeps_the_rule_and_hides_the_reason_of_an_exception(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS + CAMPAIGN})
    done(comsoc(folder, "approve", "becas", "--legal", "Lic. Carla Mora"))
    done(comsoc(folder, *SEND, "--despite-blackout", "Lo pidió Tito Luna"))
    [one] = audit(folder, "--public")
    assert one["overruled"] == [{"rule": "blackout", "reason_on_file": True}]
    assert one["words"][0]["legal"] is True
    [_, row] = sheet(folder, "--public")
    assert [name for name in PEOPLE for cell in row if name in cell] == []
    assert "within a blackout: a reason is on file" in row


def test_a_kill_and_a_lifted_embargo_that_nobody_had_to_be_told_of_are_in_it(office: Layout) -> None:
    folder = office({"releases/becas.md": EMBARGOED})
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "embargo", "becas", "--lift", "--yes"))
    done(comsoc(folder, "kill", "becas", "--reason", "La cifra era falsa", "--yes", now=LATER))
    found = audit(folder)
    assert [(one["purpose"], one["planned"], one["receipt"]) for one in found] == [
        ("embargo", 0, None),
        ("kill", 0, None),
    ]
    assert [one["words"][0]["act"] for one in found] == ["embargo_lifted", "killed"]
    assert found[1]["reason"] == "La cifra era falsa"


def test_days_are_those_of_the_office_and_both_ends_count(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    late = "2026-11-24T06:59:00+00:00"  # 23:59 of the 23rd in Sinaloa
    done(comsoc(folder, *SEND, now=late))
    assert [one["at"] for one in audit(folder)] == ["2026-11-23T23:59:00-07:00"]
    for words, many in (
        (("--from", "2026-11-23", "--to", "2026-11-23"), 1),
        (("--from", "2026-11-24"), 0),
        (("--to", "2026-11-22"), 0),
        (("--from", "2026-11-22", "--to", "2026-11-24"), 1),
    ):
        assert len(audit(folder, *words)) == many, words
    quiet = done(comsoc(folder, "status", "--audit", "--from", "2026-11-24"))
    assert quiet.out == ""
    assert "Nothing was sent in these days." in quiet.err


@pytest.mark.parametrize(
    "words",
    [
        ("--audit", "--from", "ayer"),
        ("--audit", "--to", "2026-02-30"),
        ("--audit", "--from", "2026-11-24", "--to", "2026-11-23"),
        ("--audit", "--csv", "--json"),
        ("--audit", "--verify"),
        ("--audit", "--watch"),
        ("--audit", "becas"),
        ("--from", "2026-11-23"),
        ("--public",),
        ("--csv",),
    ],
)
def test_what_makes_no_sense_is_told_in_a_sentence(office: Layout, words: tuple[str, ...]) -> None:
    answer = comsoc(office(), "status", *words)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.strip()


def test_an_office_that_has_sent_nothing_says_so(office: Layout) -> None:
    folder = office()
    assert "Nothing has been sent yet." in done(comsoc(folder, "status", "--audit")).err
    assert audit(folder) == []
    assert len(sheet(folder)) == 1  # the headings


def test_a_spreadsheet_finds_no_formula_in_it(office: Layout) -> None:
    folder = office()
    reason = '=HIPERVINCULO("https://malo.example"; "Vea aquí, ¡ya!")'
    done(comsoc(folder, *SEND, "--urgent", "+52 667 000 0000", GIT_CONFIG_VALUE_0="@bea"))
    done(comsoc(folder, "kill", "becas", "--reason", reason, "--yes", now=LATER))
    headings, sent, killed = sheet(folder, lang="es")
    assert "Motivo" in headings
    assert len(headings) == len(sent) == len(killed)
    assert dict(zip(headings, killed, strict=True))["Motivo"] == "'" + reason
    assert "'@bea" in sent
    assert not [cell for row in (sent, killed) for cell in row if cell.startswith(("=", "+", "-", "@"))]
    raw = done(comsoc(folder, "status", "--audit", "--csv", now=LATER)).out
    assert '""https://malo.example""' in raw  # RFC 4180: quotation marks doubled


def test_a_receipt_that_nobody_can_read_is_named_and_hides_none_of_the_others(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
    (folder / "dispatches/20261123T190000Z-agua-r1.json").write_text("<<<<<<< HEAD\n")
    answer = done(comsoc(folder, "status", "--audit", "--json"))
    assert answer.json["damaged"] == ["20261123T190000Z-agua-r1.json"]
    assert len(answer.json["sent"]) == 1
    assert "dispatches/20261123T190000Z-agua-r1.json" in answer.err


def test_a_receipt_of_odd_values_is_told_as_far_as_it_can_be(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
    [path] = (folder / "dispatches").iterdir()
    facts = json.loads(path.read_text())
    odd = {"started": "ayer", "segments": "media", "approved": ["Ana"], "planned": "3", "reasons": [], "number": "1"}
    path.write_text(json.dumps(facts | odd))
    [one] = audit(folder)
    assert one["at"] == "2026-11-23T11:00:00-07:00"  # by its name
    assert (one["segments"], one["planned"], one["number"], one["accepted"]) == ([], 0, None, 3)


def test_the_word_of_a_text_that_the_vault_has_no_more_is_the_receipts(office: Layout) -> None:
    folder = office()
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
    (folder / "approved/becas/r1/approval.yaml").unlink()
    [one] = audit(folder)
    assert [(word["act"], word["by"]) for word in one["words"]] == [("approved", "Ana Ruiz")]


# comsoc list


def holding(office: Path, now: str = LATER) -> dict[str, list[str]]:
    rows = done(comsoc(office, "list", "--json", now=now)).json["releases"]
    return {row["slug"]: row["objections"] for row in rows}


def test_list_says_what_would_hold_each_release(office: Layout) -> None:
    folder = office(
        {
            "contacts.yaml": CONTACTS.replace("type: [prensa, radio]", "type: [prensa]"),
            "releases/agua.md": EMBARGOED,
            "releases/feria.md": a_release(date="2026-11-30 10:00"),
            "releases/obra.md": a_release(segments=["radio"]),
            "releases/puente.md": a_release(),
        }
    )
    for slug in ("becas", "agua", "feria", "obra"):
        done(comsoc(folder, "approve", slug))
    text = (folder / "releases/obra.md").read_text()
    (folder / "releases/obra.md").write_text(text.replace("El programa", "Otro programa"))
    assert holding(folder) == {
        "becas": [],
        "agua": ["embargo"],
        "feria": ["not_due"],
        "obra": ["changed"],
        "puente": ["not_approved"],
    }
    told = done(comsoc(folder, "list", now=LATER)).out
    assert "embargo until 2026-11-23 18:00" in told
    assert "public on 2026-11-30 10:00" in told
    spanish = done(comsoc(folder, "list", now=LATER, lang="es")).out
    assert "embargo hasta 23/11/2026 18:00" in spanish
    assert "cambió" in spanish
    after = "2026-11-24T01:00:00+00:00"
    assert holding(folder, now=after)["agua"] == []


def test_list_and_send_say_the_same(office: Layout) -> None:
    folder = office({"comsoc.toml": SETTINGS + CAMPAIGN, "releases/agua.md": a_release(topics=["salud"])})
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, "approve", "agua", "--legal", "Lic. Carla Mora"))
    assert holding(folder) == {"becas": ["blackout"], "agua": []}
    assert "en veda hasta 06/12/2026" in done(comsoc(folder, "list", now=LATER, lang="es")).out
    assert comsoc(folder, *SEND, "--dry-run", now=LATER).code == 3
    assert comsoc(folder, "send", "agua", "--segment", "media", "--dry-run", now=LATER).code == 0
    done(comsoc(folder, "kill", "agua", "--reason", "x", "--yes", now=LATER))
    assert holding(folder)["agua"] == ["killed"]


def test_list_tells_of_an_empty_segment_and_of_a_correction_that_waits(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(segments=["radio"])})
    done(comsoc(folder, "approve", "agua"))
    done(comsoc(folder, "approve", "becas"))
    done(comsoc(folder, *SEND))
    done(comsoc(folder, "correct", "becas", "--note", "Es en enero"))
    assert holding(folder)["becas"] == ["changed"]
    done(comsoc(folder, "approve", "becas"))
    assert holding(folder)["becas"] == []
    contacts = (folder / "contacts.yaml").read_text()
    (folder / "contacts.yaml").write_text(
        contacts.replace("type: radio}\n  - {email: desk", "type: tv}\n  - {email: desk")
    )
    assert holding(folder)["agua"] == ["segment_empty"]
    assert "nobody in “radio”" in done(comsoc(folder, "list", now=LATER)).out
