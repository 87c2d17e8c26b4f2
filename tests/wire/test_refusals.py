"""Whom a refusal is about: real replies of mail servers, and what each must come to."""

from collections import Counter
from pathlib import Path

import pytest
from support.mail_server import MailServer, Rule
from support.mail_server import Reply as Answer
from support.offices import SEND, SETTINGS, Layout, comsoc

# the whole way, through a real server


def an_office_with(office: Layout, server: MailServer, many: int) -> Path:
    people = "".join(f"  - {{email: p{number}@diario{number}.example, type: prensa}}\n" for number in range(many))
    smtp = f'[smtp]\nhost = "{server.host}"\nport = {server.port}\nsecurity = "none"\nconnections = 2\n'
    folder = office(
        {
            "comsoc.toml": f"{SETTINGS}\n{smtp}",
            "contacts.yaml": f"segments:\n  media: {{where: {{type: prensa}}}}\ncontacts:\n{people}",
        }
    )
    assert comsoc(folder, "approve", "becas").code == 0
    return folder


@pytest.mark.parametrize(
    "rule",
    [
        Rule("text", Answer(554, "5.2.252 SendAsDenied; prensa@sinaloa.example not allowed to send as ana@x.example")),
        Rule("rcpt", Answer(550, "relay not permitted, authentication required")),
        Rule("rcpt", Answer(503, "5.5.1 Bad sequence of commands")),
        Rule("rcpt", Answer(550, "5.1.0 <prensa@sinaloa.example>: Sender address rejected")),
        Rule("text", Answer(552, "5.3.4 Message size exceeds fixed limit")),
        Rule("text", Answer(550, "message refused by filter v2.1.4")),
        Rule("rcpt", Answer(550, "5.1.1 Nothing is taken today")),
    ],
)
def test_a_reply_about_the_office_refuses_nobody_and_the_same_command_goes_on(office: Layout, rule: Rule) -> None:
    with MailServer(rules=[rule]) as server:
        folder = an_office_with(office, server, 12)
        stopped = comsoc(folder, *SEND, "--json")
        assert stopped.code == 5, stopped.said
        [dispatch] = stopped.json["dispatches"]
        assert (dispatch["accepted"], dispatch["refused"], dispatch["planned"]) == (0, 0, 12)
        [release] = comsoc(folder, "status", "becas", "--json").json["releases"]
        assert {one["outcome"] for one in release["deliveries"]} == {"planned"}
        server.change_rules()
        assert comsoc(folder, *SEND).code == 0
        assert sorted(Counter(one.recipients[0] for one in server.messages()).values()) == [1] * 12


def test_three_people_who_hear_the_same_are_refused_with_a_warning(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Answer(550, "5.1.1 Nothing is taken today"))]) as server:
        folder = an_office_with(office, server, 3)
        told = comsoc(folder, *SEND, lang="es")
    assert told.code == 4
    assert "A todos se les rechazó con las mismas palabras" in told.said
    assert "comsoc send becas --segment media --retry-refused" in told.said


def test_dead_addresses_among_living_ones_are_refused_each_for_itself(office: Layout) -> None:
    rules = [
        Rule("rcpt", Answer(550, "5.1.1 Unknown"), recipient=f"p{number}@diario{number}.example") for number in (4, 7)
    ]
    with MailServer(rules=rules) as server:
        folder = an_office_with(office, server, 12)
        told = comsoc(folder, *SEND, "--json")
    assert told.code == 4
    [dispatch] = told.json["dispatches"]
    assert (dispatch["accepted"], dispatch["refused"]) == (10, 2)
