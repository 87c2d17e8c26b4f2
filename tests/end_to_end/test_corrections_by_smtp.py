"""Corrections and notices through a mail server that refuses or defers."""

from support.mail_server import Drop, MailServer, Reply, Rule
from support.offices import (
    CABINA,
    CONTACTS,
    DESK,
    KILL,
    MESA,
    SEND,
    Layout,
    a_release,
    comsoc,
)
from support.sending import dispatch, received, through
from support.steps import EMBARGOED, done, edit, mails, sent

# who was still to get an earlier version


def test_whoever_still_waited_for_it_when_it_was_corrected_is_named(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA)]) as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        server.change_rules()
        done(comsoc(root, "correct", "becas", "--said", "arranca hoy", "--should", "arranca en enero"))
        done(comsoc(root, "approve", "becas"))
        rehearsed = comsoc(root, "send", "becas", "--dry-run")
        assert "Radio Costa" in rehearsed.err
        answer = done(comsoc(root, "send", "becas", "--yes"))
        assert received(server) == {MESA: 2, DESK: 2}
        command = "comsoc send becas --segment media"
        assert "Radio Costa" in answer.out
        assert command in answer.out
        assert command not in answer.err
        again = done(comsoc(root, "send", "becas", "--yes"))
        assert "Radio Costa" in again.err
        assert "everybody has it" not in again.err
        done(comsoc(root, *command.split()[1:], "--yes"))
        assert received(server) == {MESA: 2, DESK: 2, CABINA: 1}
        assert "Radio Costa" not in done(comsoc(root, "send", "becas", "--yes")).said


# what is known of a person now


def test_whoever_is_written_to_later_is_called_as_the_contacts_say_now(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA)]) as server:
        files = {
            "templates/email.txt": "{{ recipient.name }}\n",
            "releases/becas.en.md": a_release("English text.", headline="Scholarships"),
        }
        root = through(office(files), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        server.change_rules()
        contacts = CONTACTS.replace("name: Cabina", "name: Lupita, language: en")
        (root / "contacts.yaml").write_text(contacts, encoding="utf-8")
        rehearsed = comsoc(root, *SEND[:-1], "--dry-run", "--json")
        [shown] = dispatch(rehearsed)["recipients"]  # type: ignore[misc]
        assert (shown["name"], shown["language"]) == ("Lupita", "en")
        done(comsoc(root, *SEND))
        text = server.messages()[-1].content.decode()
        assert "Scholarships" in text
        assert "Lupita" in text
        edit(root, "name: Mesa de redacción", "name: Don Chuy", "contacts.yaml")
        done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
        done(comsoc(root, "approve", "becas"))
        done(comsoc(root, "send", "becas", "--yes"))
        [corrected] = [one for one in server.messages()[-3:] if one.recipients[0] == MESA]
        assert "Don Chuy" in corrected.content.decode()


def test_of_two_entries_of_one_address_the_one_that_got_it_is_meant(office: Layout) -> None:
    root = sent(office)
    other = (
        "  - {email: desk@wire.example, name: Otra Persona, outlet: Boletín viejo, type: municipio, until: 2026-01-01}"
    )
    edit(root, "contacts:\n", f"contacts:\n{other}\n", "contacts.yaml")
    done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
    done(comsoc(root, "approve", "becas"))
    done(comsoc(root, "send", "becas", "--yes"))
    done(comsoc(root, *KILL))
    told = {str(mail["to"]) for mail in mails(root)[3:]}
    assert not [one for one in told if "Otra Persona" in one]
    assert [one for one in told if "News desk" in one]


def test_a_command_that_cannot_send_it_is_not_named(office: Layout) -> None:
    with MailServer(rules=[Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA)]) as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        assert comsoc(root, *SEND).code == 4
        edit(root, "outlet: Radio Costa, type: radio", "outlet: Radio Costa, type: municipio", "contacts.yaml")
        done(comsoc(root, "correct", "becas", "--note", "Son 84 mil"))
        done(comsoc(root, "approve", "becas"))
        answer = done(comsoc(root, "send", "becas", "--yes"))
        assert "Radio Costa" in answer.out
        assert "To whom" not in answer.out


def test_notices_name_the_command_that_goes_on_with_them(office: Layout) -> None:
    rules = [Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=CABINA), Rule("text", Drop(), recipient=MESA)]
    with MailServer() as server:
        root = through(office(), server)
        assert comsoc(root, "approve", "becas").code == 0
        done(comsoc(root, *SEND))
        server.change_rules(*rules)
        answer = comsoc(root, *KILL)
        assert answer.code == 4
        assert "Next: comsoc kill becas " in answer.out
        assert "resend-uncertain" not in answer.said
        assert "El Diario" in answer.out
        server.change_rules()
        assert "resend-uncertain" not in comsoc(root, "kill", "becas", "--yes").said
        assert received(server)[CABINA] == 2


def test_an_embargo_that_could_not_be_told_names_its_own_command(office: Layout) -> None:
    with MailServer() as server:
        root = through(office({"releases/becas.md": EMBARGOED}), server)
        done(comsoc(root, "approve", "becas"))
        done(comsoc(root, "send", "becas", "--segment", "acreditada", "--yes"))
        server.change_rules(Rule("rcpt", Reply(452, "4.5.3 Later"), recipient=MESA))
        answer = comsoc(root, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes")
        assert 'Next: comsoc embargo becas --until "2026-11-25 08:00"' in answer.out
        server.change_rules()
        done(comsoc(root, "embargo", "becas", "--until", "2026-11-25 08:00", "--yes"))
        assert received(server)[MESA] == 2
