"""What another machine, another person or a power cut did: nobody gets it twice because of it."""

import json
import os
import re
import shutil
import signal
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from support.offices import CONTACTS, SEND, SETTINGS, Answer, Layout, a_release, an_office, comsoc, messages
from support.processes import a_full_disk, on_a_terminal, running, until


@pytest.mark.parametrize("word", ["=?utf-8?q?Hola=0D=0ABcc:_v@x.example?=", "=?utf-8?q?=ED=A0=80?=", "=?utf-8?q?=00?="])
def test_an_encoded_word_in_a_name_or_headline_stays_text(office: Callable[..., Path], word: str) -> None:
    desk = f'  - {{email: m@x.example, name: "{word}", type: prensa}}'
    contacts = f"segments:\n  media: {{where: {{type: prensa}}}}\ncontacts:\n{desk}\n"
    root = office({"contacts.yaml": contacts, "releases/becas.md": a_release(headline=word)})
    comsoc(root, "approve", "becas")
    assert comsoc(root, *SEND).code == 0
    [message] = messages(root)
    head = message.partition(b"\n\n")[0]
    assert b"\nBcc:" not in head
    assert b"\0" not in head


TUESDAY = "2026-11-24T19:00:00+00:00"
BOOK = """
segments:
  media: {title: Medios, where: {type: [prensa, radio]}}
  radio: {title: Radio, where: {type: radio}}
  norte: {title: Norte, include: [media], where: {region: norte}}
  vacia: {title: Vacía, where: {type: nadie}}
  acreditada: {title: Fuente acreditada, where: {tags: acreditado}, embargo: true}
contacts:
  - {email: Mesa@diario.example, name: Mesa de redacción, outlet: El Diario, type: prensa, tags: [acreditado]}
  - {email: cabina@radio.example, name: Cabina, outlet: Radio Costa, type: radio, region: norte}
  - {email: desk@wire.example, name: News desk, outlet: Wire, type: prensa, language: en}
  - {email: mesa@DIARIO.example, name: La misma mesa, type: radio}
  - {email: baja@diario.example, name: Dada de baja, type: prensa}
  - {email: vencida@diario.example, name: Vencida, type: prensa, until: 2026-11-22}
  - {email: hoy@diario.example, name: Último día, type: prensa, until: 2026-11-23}
  - {email: oficial@municipio.example, name: Oficialía, type: municipio}
"""
SUPPRESSED = "suppressions:\n  - {email: BAJA@diario.example, since: 2026-01-01, reason: baja}\n"
FILES = {
    "contacts.yaml": BOOK,
    "suppressions.yaml": SUPPRESSED,
    "releases/becas.md": a_release(segments=["media", "radio", "vacia"]),
    "releases/becas.en.md": a_release(headline="Scholarship programme begins", body="It begins today."),
}
#: Whom a person counts in BOOK for media on 23 November.
MEDIA = ["Mesa@diario.example", "cabina@radio.example", "desk@wire.example", "hoy@diario.example"]
ALL = [*MEDIA, "baja@diario.example", "vencida@diario.example", "oficial@municipio.example"]


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with becas approved for a book in which every reason occurs; to be copied."""
    folder = an_office(tmp_path_factory.mktemp("approved") / "office", FILES)
    assert comsoc(folder, "approve", "becas").code == 0
    return folder


@pytest.fixture
def ready(approved: Path, tmp_path: Path) -> Path:
    """A copy of that office for one test."""
    return shutil.copytree(approved, tmp_path / "office")


def send(folder: Path, *words: str, code: int = 0, **more: str) -> dict[str, Any]:
    """The one dispatch that a send tells of in JSON."""
    answer = comsoc(folder, "send", *words, "--json", **more)
    assert answer.code == code, answer.said
    [dispatch] = answer.json["dispatches"]
    return dict(dispatch)


def mails(folder: Path) -> list[EmailMessage]:
    found = [message_from_bytes(data, policy=policy.default) for data in messages(folder)]
    return [message for message in found if isinstance(message, EmailMessage)]


def recipients(folder: Path) -> list[str]:
    """To whom the outbox's messages go, one each."""
    found = []
    for message in mails(folder):
        [address] = message["To"].addresses
        found.append(address.addr_spec)
    return sorted(found)


def state(folder: Path) -> set[str]:
    """What a send may write: messages, receipts, ledger."""
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return {name for name in names if name.startswith(("outbox/", "dispatches/")) or name.endswith(".db")}


def test_a_dry_run_lists_exactly_whom_a_person_counts_and_writes_nothing(ready: Path) -> None:
    shown = comsoc(ready, "send", "becas", "--segment", "media", "--dry-run")
    assert shown.code == 0
    assert sorted(re.findall(r"^  ([\w.]+@[\w.]+)", shown.out, re.M)) == sorted(MEDIA)
    for address in ("mesa@diario.example", "baja@diario.example", "vencida@diario.example"):
        assert re.search(rf"– {address}", shown.out, re.I)
    assert "oficial@municipio.example" not in shown.out
    answer = comsoc(ready, "send", "becas", "--segment", "media", "--dry-run", "--json").json
    assert answer["dry_run"] is True
    assert answer["transport"] == "outbox"
    [dispatch] = answer["dispatches"]
    assert [one["address"] for one in dispatch["recipients"]] == MEDIA
    assert dispatch["planned"] == 4
    assert dispatch["accepted"] == 0
    assert dispatch["excluded"] == {"suppressed": 1, "duplicate": 1, "expired": 1}
    assert dispatch["receipt"] is None
    assert state(ready) == set()


def test_each_of_them_gets_one_message_of_their_own_and_no_address_of_another(ready: Path) -> None:
    dispatch = send(ready, "becas", "--segment", "media", "--yes")
    assert recipients(ready) == sorted(MEDIA)
    own = {"prensa@sinaloa.example"}
    for data, message in zip(messages(ready), mails(ready), strict=True):
        [recipient] = [address.addr_spec for address in message["To"].addresses]
        assert message["Cc"] is message["Bcc"] is None
        assert len(message.get_all("To", [])) == 1
        bodies = " ".join(str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text")
        everything = (data.decode("ascii", "replace") + bodies).lower()
        assert not [one for one in ALL if one.lower() != recipient.lower() and one.lower() in everything]
        assert message["From"].addresses[0].addr_spec in own
        assert message["Subject"].startswith(("Boletín 1 |", "Press release 1 |"))
    assert (dispatch["planned"], dispatch["accepted"], dispatch["revision"]) == (4, 4, 1)
    assert (dispatch["deferred"], dispatch["refused"], dispatch["uncertain"]) == (0, 0, 0)
    assert (dispatch["purpose"], dispatch["segments"], dispatch["objections"]) == ("release", ["media"], [])
    identifiers = {message["Message-ID"] for message in mails(ready)}
    assert len(identifiers) == 4
    assert all(re.fullmatch(r"<[0-9a-f]+@sinaloa\.example>", one) for one in identifiers)


def test_who_reads_english_gets_the_translation_and_the_others_the_original(ready: Path) -> None:
    send(ready, "becas", "--segment", "media", "--yes")
    subjects = {message["To"].addresses[0].addr_spec: message["Subject"] for message in mails(ready)}
    assert "Scholarship programme begins" in subjects.pop("desk@wire.example")
    assert all("Arranca el programa" in subject for subject in subjects.values())


def test_a_second_send_sends_nothing_and_a_newcomer_gets_it_alone(ready: Path) -> None:
    send(ready, "becas", "--segment", "media", "--yes")
    again = send(ready, "becas", "--segment", "media", "--yes")
    assert (again["planned"], again["excluded"]["already_sent"], again["receipt"]) == (0, 4, None)
    assert len(messages(ready)) == 4
    contacts = ready / "contacts.yaml"
    contacts.write_text(contacts.read_text() + "  - {email: nueva@diario.example, type: prensa}\n")
    assert send(ready, "becas", "--segment", "media", "--yes")["accepted"] == 1
    assert recipients(ready) == sorted([*MEDIA, "nueva@diario.example"])
    assert send(ready, "becas", "--segment", "radio", "--segment", "media", "--yes")["planned"] == 0


def test_without_a_name_everything_that_is_due_goes_out_and_nothing_else(office: Layout) -> None:
    folder = office(
        {
            "releases/vieja.md": a_release(headline="Vieja", date="2026-11-20 10:59"),
            "releases/futura.md": a_release(headline="Futura", date="2026-11-24"),
            "releases/ajena.md": a_release(headline="Ajena", segments=["radio"]),
            "releases/borrador.md": a_release(headline="Borrador"),
            "releases/otra.md": a_release(headline="Otra", date="2026-11-20 11:01"),
        }
    )
    for slug in ("becas", "vieja", "futura", "ajena", "otra"):
        comsoc(folder, "approve", slug)
    answer = comsoc(folder, "send", "--segment", "media", "--dry-run", "--json")
    assert [one["release"] for one in answer.json["dispatches"]] == ["otra", "becas"]
    assert comsoc(folder, "send", "--segment", "media", "--yes").code == 0
    assert len(messages(folder)) == 6
    nothing = comsoc(folder, "send", "--segment", "media", "--yes", "--json", now="2026-12-24T18:00:00+00:00")
    assert (nothing.code, nothing.json["dispatches"]) == (0, [])
    by_name = comsoc(folder, "send", "vieja", "--segment", "media", "--dry-run", "--json")
    assert by_name.json["dispatches"][0]["planned"] == 3


EMBARGOED = a_release(embargo="2026-11-23 18:00", segments=["media", "acreditada"])
IN_A_MINUTE = a_release(date="2026-11-23 11:01")
OBJECTIONS = [
    ("not approved", {}, [], ["--segment", "media"], "not_approved"),
    ("a segment it does not name", {}, ["becas"], ["--segment", "radio"], "segment_not_named"),
    (
        "a segment with nobody in it",
        {"contacts.yaml": CONTACTS.replace("[prensa, radio]", "nadie")},
        ["becas"],
        ["--segment", "media"],
        "segment_empty",
    ),
    (
        "not due",
        {"releases/becas.md": a_release(date="2026-11-23 11:01")},
        ["becas"],
        ["--segment", "media"],
        "not_due",
    ),
    ("under embargo", {"releases/becas.md": EMBARGOED}, ["becas"], ["--segment", "media"], "embargo"),
]


@pytest.mark.parametrize(
    ("files", "approve", "words", "rule"),
    [case[1:] for case in OBJECTIONS],
    ids=[case[0] for case in OBJECTIONS],
)
def test_an_objection_stops_the_send_and_nothing_is_written(
    office: Layout, files: dict[str, str], approve: list[str], words: list[str], rule: str
) -> None:
    folder = office(files)
    for slug in approve:
        assert comsoc(folder, "approve", slug).code == 0
    dispatch = send(folder, "becas", *words, "--yes", code=3)
    assert [one["rule"] for one in dispatch["objections"]] == [rule]
    assert all(one["message"] and one["lifted_by"] for one in dispatch["objections"])
    assert dispatch["accepted"] == 0
    assert not [name for name in state(folder) if not name.endswith(".db")]
    assert comsoc(folder, "send", "becas", *words, "--dry-run").code == 3


def test_a_text_that_changed_after_its_approval_goes_out_only_as_it_was_approved(ready: Path) -> None:
    (ready / "releases/becas.md").write_text(a_release(headline="OTROTITULAR", segments=["media"]))
    dispatch = send(ready, "becas", "--segment", "media", "--yes", code=3)
    assert [one["rule"] for one in dispatch["objections"]] == ["changed"]
    assert messages(ready) == []
    send(ready, "becas", "--segment", "media", "--yes", "--approved-text")
    assert len(messages(ready)) == 4
    assert b"OTROTITULAR" not in b"".join(messages(ready))


def test_one_objection_among_several_releases_holds_all(office: Layout) -> None:
    folder = office({"releases/agua.md": a_release(headline="Agua")})
    comsoc(folder, "approve", "becas")
    answer = comsoc(folder, "send", "becas", "agua", "--segment", "media", "--yes")
    assert answer.code == 3
    assert "agua" in answer.err
    assert messages(folder) == []


def test_under_embargo_a_release_goes_by_name_to_segments_marked_for_it_and_says_so(office: Layout) -> None:
    folder = office({"releases/becas.md": EMBARGOED})
    comsoc(folder, "approve", "becas")
    unnamed = comsoc(folder, "send", "--segment", "acreditada", "--yes", "--json")
    assert (unnamed.code, unnamed.json["dispatches"]) == (0, [])
    send(folder, "becas", "--segment", "acreditada", "--yes")
    [message] = mails(folder)
    assert "EMBARGADO" in message["Subject"]
    text = message.get_body(("plain",))
    assert text
    assert "EMBARGADA" in text.get_content()
    attached = [part.get_filename() for part in message.iter_attachments()]
    assert "becas.pdf" in attached, "before it is public the PDF is attached, for there is no page to link"
    send(folder, "becas", "--segment", "media", "--yes", now=TUESDAY)
    assert recipients(folder) == ["cabina@radio.example", "desk@wire.example", "mesa@diario.example"]
    assert sum("EMBARGADO" in message["Subject"] for message in mails(folder)) == 1


def test_a_release_without_an_embargo_goes_to_nobody_before_its_date(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(date="2026-11-24 10:00", segments=["acreditada"])})
    comsoc(folder, "approve", "becas")
    dispatch = send(folder, "becas", "--segment", "acreditada", "--yes", code=3)
    assert [one["rule"] for one in dispatch["objections"]] == ["not_due"]


def test_without_a_terminal_it_needs_yes(ready: Path) -> None:
    answer = comsoc(ready, "send", "becas", "--segment", "media", stdin="4\n")
    assert answer.code == 2
    assert "--yes" in answer.err
    assert not [name for name in state(ready) if not name.endswith(".db")]
    piped = comsoc(ready, "send", "becas", "--segment", "media", "--json")
    assert (piped.code, piped.out) == (2, "")


@pytest.mark.parametrize(("typed", "many"), [("4", 4), ("", 0), ("y", 0)])
def test_on_a_terminal_only_the_number_of_recipients_sends(ready: Path, typed: str, many: int) -> None:
    code, shown = on_a_terminal(ready, "send", "becas", "--segment", "media", typed=typed, waits_for="Type 4")
    assert code == 0, shown
    assert len(messages(ready)) == many
    assert ("Nothing was sent" in shown) is (many == 0)


def test_a_limit_sends_to_the_first_and_the_same_command_to_the_rest(ready: Path) -> None:
    first = send(ready, "becas", "--segment", "media", "--limit", "1", "--yes")
    assert (first["planned"], first["accepted"], first["excluded"]["over_limit"]) == (1, 1, 3)
    assert recipients(ready) == [MEDIA[0]]
    rest = send(ready, "becas", "--segment", "media", "--yes")
    assert (rest["accepted"], rest["excluded"]["already_sent"]) == (3, 1)
    assert recipients(ready) == sorted(MEDIA)


def test_while_allow_is_set_nobody_else_is_written_to(office: Layout) -> None:
    folder = office({**FILES, "comsoc.toml": SETTINGS + 'allow = ["wire.example", "cabina@radio.example"]\n'})
    comsoc(folder, "approve", "becas")
    dispatch = send(folder, "becas", "--segment", "media", "--yes")
    assert dispatch["excluded"]["not_allowed"] == 3
    assert recipients(folder) == ["cabina@radio.example", "desk@wire.example"]
    test = comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example")
    assert test.code == 5
    assert "yo@sinaloa.example" in test.err
    assert len(messages(folder)) == 2


def test_allow_knows_addresses_however_they_are_written(office: Layout) -> None:
    desk = "  - {email: mesa@münchen.example, type: prensa}\n"
    segments = "segments:\n  media: {where: {type: prensa}}\ncontacts:\n"
    settings = SETTINGS + 'allow = ["MÜNCHEN.example", "@otro.example"]\n'
    folder = office({"contacts.yaml": segments + desk, "comsoc.toml": settings, "releases/becas.md": a_release()})
    comsoc(folder, "approve", "becas")
    assert send(folder, "becas", "--segment", "media", "--yes")["accepted"] == 1


def test_a_test_to_the_office_needs_no_approval_is_marked_and_leaves_a_receipt_alone(office: Layout) -> None:
    folder = office({"releases/becas.md": a_release(headline="Del escritorio", date="2026-12-24")})
    answer = comsoc(folder, "send", "becas", "--test", "Yo@Sinaloa.example", "--json")
    assert answer.code == 0, answer.err
    assert answer.json["dispatches"][0]["receipt"].endswith("-becas-r0-test.json")
    [message] = mails(folder)
    assert message["To"].addresses[0].addr_spec.lower() == "yo@sinaloa.example"
    assert re.match(r"\[\w+\] .*Del escritorio", message["Subject"])
    assert not [name for name in state(folder) if not name.startswith(("outbox/", "dispatches/"))]
    comsoc(folder, "send", "becas", "--test", "yo@sinaloa.example", now=TUESDAY)
    first, second = (message["Message-ID"] for message in mails(folder))
    assert first != second, "mail programs hide a second message of the same id"


@pytest.mark.parametrize("words", [["becas", "--test", "nobody"], ["--test", "a@x.example"]])
def test_a_test_that_names_no_address_or_no_release_is_a_wrong_call(office: Layout, words: list[str]) -> None:
    folder = office()
    assert comsoc(folder, "send", *words).code == 2
    assert messages(folder) == []


def test_a_receipt_says_what_was_done_and_holds_no_address(ready: Path) -> None:
    dispatch = send(ready, "becas", "--segment", "media", "--yes")
    [path] = (ready / "dispatches").iterdir()
    assert Path(dispatch["receipt"]) == path
    assert re.fullmatch(r"20261123T180000Z-becas-r1\.json", path.name)
    text = path.read_text()
    receipt = json.loads(text)
    assert (receipt["release"], receipt["revision"], receipt["number"]) == ("becas", 1, 1)
    assert (receipt["planned"], receipt["accepted"], receipt["state"]) == (4, 4, "finished")
    assert receipt["excluded"] == {"suppressed": 1, "duplicate": 1, "expired": 1}
    assert receipt["digest"].startswith("sha256:")
    assert not [one for one in (*ALL, "diario.example", "Mesa de", "Radio Costa") if one.lower() in text.lower()]


def test_two_sends_within_a_second_leave_two_receipts(ready: Path) -> None:
    send(ready, "becas", "--segment", "media", "--limit", "1", "--yes")
    send(ready, "becas", "--segment", "media", "--yes")
    assert len(list((ready / "dispatches").iterdir())) == 2


def test_status_tells_what_was_sent_to_whom(ready: Path) -> None:
    send(ready, "becas", "--segment", "media", "--yes")
    answer = comsoc(ready, "status", "becas", "--json")
    [one] = answer.json["releases"]
    assert (one["slug"], one["revision"], one["status"]) == ("becas", 1, "sent")
    assert one["segments"] == {"media": {"accepted": 4}}
    assert sorted(row["address"] for row in one["deliveries"]) == sorted(MEDIA)
    identifiers = {message["Message-ID"] for message in mails(ready)}
    assert {row["message_id"] for row in one["deliveries"]} == identifiers
    assert set(one["deliveries"][0]) == {
        "address", "revision", "purpose", "outcome", "reply", "at", "message_id",
    }  # fmt: skip
    [all_of_them] = comsoc(ready, "status", "--json").json["releases"]
    assert "deliveries" not in all_of_them
    shown = comsoc(ready, "status", "becas").out
    assert all(address in shown for address in MEDIA)


def only_json(answer: Answer) -> bool:
    """Whether stdout is one document and stderr holds the rest."""
    decoder = json.JSONDecoder()
    _, end = decoder.raw_decode(answer.out)
    return not answer.out[end:].strip() and "{" not in answer.err


def test_json_is_one_document_and_nothing_else_on_stdout(ready: Path) -> None:
    for words in (
        ["send", "becas", "--segment", "media", "--dry-run"],
        ["send", "becas", "--segment", "media", "--yes"],
        ["send", "becas", "--segment", "acreditada", "--yes"],
        ["send", "becas", "--test", "a@x.example"],
        ["contacts", "check"],
        ["new", "Titular"],
    ):
        assert only_json(comsoc(ready, *words, "--json")), words


def test_a_second_send_at_once_is_refused_with_the_first_ones_number(ready: Path) -> None:
    rows = "".join(f"  - {{email: p{number}@x.example, type: prensa}}\n" for number in range(400))
    (ready / "contacts.yaml").write_text(BOOK + rows)
    with running(ready, "send", "becas", "--segment", "media", "--yes") as first:
        until(lambda: len(messages(ready)) > 3)
        os.kill(first.pid, signal.SIGSTOP)
        second = comsoc(ready, "send", "becas", "--segment", "media", "--yes", "--json")
        assert (second.code, second.out) == (5, "")
        assert str(first.pid) in second.err
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    rest = send(ready, "becas", "--segment", "media", "--yes")
    assert rest["planned"] == rest["accepted"]
    received = recipients(ready)
    assert len(received) == len(set(received))
    assert 404 - len(received) <= rest["excluded"].get("uncertain", 0) <= 1


def test_a_ledger_without_room_stops_the_send_before_anything_leaves(ready: Path) -> None:
    for path in (ready / ".comsoc").iterdir():
        path.unlink()
    with a_full_disk(ready / ".comsoc", room=8):
        answer = comsoc(ready, "send", "becas", "--segment", "media", "--yes")
        assert answer.code == 5, answer.said
        assert ".comsoc" in answer.err
        assert messages(ready) == []
    assert send(ready, "becas", "--segment", "media", "--yes")["accepted"] == 4


def test_a_plan_that_finds_no_room_in_the_ledger_is_no_send(ready: Path) -> None:
    rows = "".join(f"  - {{email: p{number}@x.example, type: prensa}}\n" for number in range(1500))
    (ready / "contacts.yaml").write_text(BOOK + rows)
    for path in (ready / ".comsoc").iterdir():
        path.unlink()
    with a_full_disk(ready / ".comsoc", room=200):
        answer = comsoc(ready, "send", "becas", "--segment", "media", "--yes")
        assert answer.code == 5, answer.said
        assert messages(ready) == []
    (ready / "releases/becas.md").write_text(a_release(headline="Otro titular", segments=["media"]))
    assert comsoc(ready, "approve", "becas").code == 0, "nobody has it, so its text may still be replaced"


def test_an_outbox_without_room_stops_the_send_and_the_same_command_goes_on(ready: Path) -> None:
    with a_full_disk(ready / "outbox", room=8):
        answer = comsoc(ready, "send", "becas", "--segment", "media", "--yes", "--json")
        assert answer.code == 5, answer.said
        assert "outbox" in answer.err
        sent = answer.json["dispatches"][0]["accepted"]
        assert sent == len(messages(ready)) == 0
    (ready / "outbox").rmdir()
    assert send(ready, "becas", "--segment", "media", "--yes")["accepted"] == 4


def test_an_outbox_that_somebody_emptied_is_laid_out_again(ready: Path) -> None:
    (ready / "outbox").mkdir()
    assert send(ready, "becas", "--segment", "media", "--yes")["accepted"] == 4


def test_the_contact_book_can_be_looked_at(ready: Path) -> None:
    listed = comsoc(ready, "contacts", "list", "--json").json
    assert len(listed["contacts"]) == 8
    assert listed["segments"] == {"media": 7, "radio": 2, "norte": 1, "vacia": 0, "acreditada": 1}
    norte = comsoc(ready, "contacts", "list", "--segment", "norte", "--json").json["contacts"]
    assert [one["email"] for one in norte] == ["cabina@radio.example"]
    both = comsoc(ready, "contacts", "show", "MESA@diario.example", "--json").json["contacts"]
    assert [one["name"] for one in both] == ["Mesa de redacción", "La misma mesa"]
    shown = comsoc(ready, "contacts", "show", "baja@diario.example").out
    assert "baja" in shown
    segment = comsoc(ready, "contacts", "show", "acreditada", "--json").json
    assert (segment["embargo"], len(segment["contacts"])) == (True, 1)
    unknown = comsoc(ready, "contacts", "show", "nadie@x.example")
    assert unknown.code == 2
    assert "nadie@x.example" in unknown.err
    assert comsoc(ready, "contacts", "list", "--segment", "nadie").code == 2


def test_the_last_day_of_an_accreditation_is_the_offices_and_not_greenwichs(ready: Path) -> None:
    evening = "2026-11-24T02:00:00+00:00"  # 19:00 of the 23rd in Sinaloa
    assert "expired 2026-11-22" in comsoc(ready, "contacts", "list", now=evening).out
    assert "expired 2026-11-23" not in comsoc(ready, "contacts", "list", now=evening).out
    dispatch = send(ready, "becas", "--segment", "media", "--dry-run", now=evening)
    assert "hoy@diario.example" in [one["address"] for one in dispatch["recipients"]]


def test_a_contact_twice_is_a_warning(ready: Path) -> None:
    checked = comsoc(ready, "contacts", "check", "--json")
    assert (checked.code, checked.json["errors"], checked.json["warnings"]) == (0, 0, 1)
    assert checked.json["problems"][0]["line"] == 11
    assert comsoc(ready, "contacts", "check", "--strict").code == 1


def test_whoever_is_suppressed_is_never_written_to_again(ready: Path) -> None:
    before = (ready / "suppressions.yaml").read_text()
    first = comsoc(ready, "contacts", "suppress", "Desk@WIRE.example", "--reason", "pidió: la baja #2", "--json")
    assert first.json["added"] is True
    assert comsoc(ready, "contacts", "suppress", "desk@wire.example", "--json").json["added"] is False
    after = (ready / "suppressions.yaml").read_text()
    assert "BAJA@diario.example" in after
    assert len(after) > len(before)
    assert comsoc(ready, "contacts", "check").code == 0
    assert "pidió: la baja #2" in comsoc(ready, "contacts", "show", "desk@wire.example").out
    dispatch = send(ready, "becas", "--segment", "media", "--yes")
    assert dispatch["excluded"]["suppressed"] == 2
    assert "desk@wire.example" not in recipients(ready)
    wrong = comsoc(ready, "contacts", "suppress", "nobody")
    assert wrong.code == 2
    assert "nobody" in wrong.err


def test_suppressing_keeps_the_comments_that_somebody_wrote(office: Layout) -> None:
    folder = office({"suppressions.yaml": "# no borrar\nsuppressions:\n  - email: a@x.example  # por oficio\n"})
    assert comsoc(folder, "contacts", "suppress", "b@x.example").code == 0
    text = (folder / "suppressions.yaml").read_text()
    assert "# no borrar" in text
    assert "# por oficio" in text
    assert "b@x.example" in text
