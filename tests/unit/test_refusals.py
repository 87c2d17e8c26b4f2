"""Whom a refusal is about: real replies of mail servers, and what each must come to."""

from datetime import UTC, datetime

import pytest

from comsoc_cli.delivery.alike import Alike
from comsoc_cli.delivery.replies import Status, is_about_the_person, status_of, words_of
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient, Reply

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
SENDER, RECIPIENT = "prensa@oficina.example", "mesa@diario.example"
#: Refusals at RCPT that concern one mailbox.
OF_A_PERSON = (
    "550 5.1.1 <mesa@diario.example>: Recipient address rejected: User unknown in virtual mailbox table",
    "550-5.1.1 The email account that you tried to reach does not exist. https://support.example/?p=NoSuchUser v2.1.4",
    "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient mesa@diario.example not found by SMTP address lookup",
    "550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [BN8NAM12FT000.eop-nam12.prod.example]",
    "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302).",
    "554 delivery error: dd This user doesn't have a mail.example account (mesa@diario.example) [0]",
    "552 5.2.2 mailbox full",
    "550 5.2.1 The email account that you tried to reach is disabled.",
    "552 5.2.3 Message length exceeds the limit of this mailbox",
    "550 sorry, no mailbox here by that name. (#5.1.1)",
    "550 #5.1.0 Address rejected.",
    "550 No such user here",
    "550 User unknown",
    "553 5.3.0 <mesa@diario.example>... User unknown",
    "550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not authorized",
    "556 5.1.10 Recipient address has a null MX",
    "550 5.4.4 Unable to route: host not found",
    "550 El usuario no existe",
    "501 5.1.3 Bad recipient address syntax",
    "550 No",
)
#: Refusals at RCPT that the next person would hear as well.
OF_THE_OFFICE = (
    "554 5.2.252 SendAsDenied; prensa@oficina.example not allowed to send as otra@oficina.example",
    "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "503 5.5.1 Bad sequence of commands",
    "550 5.5.4 Invalid argument",
    "550 5.1.0 <prensa@oficina.example>: Sender address rejected: User unknown in local recipient table",
    "550 5.1.0 prensa@oficina.example unknown",
    "553 5.1.7 The sender's address is malformed",
    "550 5.1.8 <prensa@oficina.example>: Sender address rejected: Domain not found",
    "553 5.1.8 Domain of sender address prensa@oficina.example does not exist",
    "550 relay not permitted, authentication required",
    "550 Relaying denied",
    "554 5.7.1 <mesa@diario.example>: Relay access denied",
    "530 5.7.0 Must issue a STARTTLS command first",
    "530 Authentication required",
    "552 5.3.4 Message size exceeds fixed limit",
    "552 Message size exceeds maximum permitted",
    "550 blocked by filter v2.1.4",
    "550 refused by filter v5.1.1",
    "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.example",
    "550 5.7.1 Service unavailable; client host blocked",
    "550 5.7.26 This mail is unauthenticated: neither SPF nor DKIM passed",
    "550 5.7.515 Access denied, sending domain oficina.example does not meet the required authentication level",
    "550 5.4.5 Daily user sending quota exceeded",
    "550 5.6.0 Message content rejected",
    "550 High probability of spam",
    "550 Verification failed for <prensa@oficina.example>: Sender verify failed",
    "550 El remitente no existe",
)


@pytest.mark.parametrize("reply", OF_A_PERSON)
def test_what_is_about_one_mailbox_refuses_that_person(reply: str) -> None:
    assert is_about_the_person(reply, after_text=False, sender=SENDER, recipient=RECIPIENT)


@pytest.mark.parametrize("reply", OF_THE_OFFICE)
@pytest.mark.parametrize("after_text", [False, True])
def test_what_is_about_the_office_refuses_nobody(reply: str, after_text: bool) -> None:
    assert not is_about_the_person(reply, after_text=after_text, sender=SENDER, recipient=RECIPIENT)


@pytest.mark.parametrize(
    ("reply", "of_a_person"),
    [
        ("550 5.1.1 Unknown", True),
        ("552 5.2.2 Mailbox full", True),
        ("554 delivery error: This user doesn't have an account here.", True),
        ("550 mailbox unavailable", True),
        ("550 No", False),
        ("554 Transaction failed", False),
        ("550 message refused, see note 5.1.1 of our rules", False),
    ],
)
def test_after_the_text_a_server_that_names_no_mailbox_means_the_message(reply: str, of_a_person: bool) -> None:
    assert is_about_the_person(reply, after_text=True) is of_a_person


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ("550 5.1.1 Unknown", Status(1, 1)),
        ("550-5.1.1 Unknown", Status(1, 1)),
        ("550 #5.1.0 Rejected", Status(1, 0)),
        ("550 (#5.7.1) Rejected", Status(7, 1)),
        ("550 no mailbox here (#5.1.1)", Status(1, 1)),
        ("550 filter v5.1.1", None),
        ("550 rule 5.1.1 applies", None),
        ("550 5.1.1.2 is no status", None),
        ("550 192.5.1.1 is blocked", None),
        ("550 2.1.5 is not of this class", None),
        ("550", None),
    ],
)
def test_a_status_stands_at_the_beginning_or_behind_a_number_sign(reply: str, status: Status | None) -> None:
    assert status_of(reply) == status


def test_the_same_words_are_the_same_whoever_hears_them() -> None:
    one = "550 5.1.1 <a@x.example>: Recipient rejected, see https://x.example/17 (AB-77)"
    other = "550 5.1.1 <otra@y.example>: recipient rejected, see https://y.example/2 (CD-9)"
    assert words_of(one) == words_of(other)
    assert words_of(one) != words_of("550 5.2.2 Mailbox full")
    assert words_of(one) != words_of("551 5.1.1 Recipient rejected, see")


# the same words to everybody


def after(*heard: tuple[str, Outcome, str]) -> Alike:
    """What is known after these people, each with an address, an outcome and the server's words."""
    alike = Alike()
    for number, (address, outcome, text) in enumerate(heard):
        recipient = Recipient(key=address, address=address)
        one = Delivery(id=number, release="becas", revision=1, purpose=Purpose.RELEASE, recipient=recipient,
                       outcome=outcome, planned_at=NOW, message_id=f"<{number}@x.example>")  # fmt: skip
        alike.add(one, Reply(outcome=outcome, text=text))
    return alike


def refused(*addresses: str, text: str = "550 5.1.1 No") -> list[tuple[str, Outcome, str]]:
    return [(address, Outcome.REFUSED, text) for address in addresses]


FIVE = ("a@x.example", "b@x.example", "c@y.example", "d@y.example", "e@z.example")


def test_the_same_words_to_five_people_of_three_domains_are_about_the_office() -> None:
    assert after(*refused(*FIVE)).is_about_the_office
    assert after(*refused(*FIVE)).refused == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "heard",
    [
        refused(*FIVE[:4]),
        refused(*(address.replace("z.", "x.") for address in FIVE)),
        [*refused(*FIVE[:4]), *refused("e@z.example", text="552 5.2.2 Full")],
        [("z@q.example", Outcome.ACCEPTED, "250 Ok"), *refused(*FIVE)],
        [*refused(*FIVE[:2]), ("z@q.example", Outcome.ACCEPTED, "250 Ok"), *refused(*FIVE)],
    ],
)
def test_fewer_people_fewer_domains_other_words_or_one_acceptance_are_not(
    heard: list[tuple[str, Outcome, str]],
) -> None:
    assert not after(*heard).is_about_the_office


def test_people_of_one_company_wait_for_a_third_domain() -> None:
    many = refused(*(f"{name}@x.example" for name in "abcdefgh"), "i@y.example")
    assert not after(*many).is_about_the_office
    assert after(*many, *refused("j@z.example")).is_about_the_office


def test_what_is_asked_to_come_again_or_got_lost_says_nothing() -> None:
    others = [("q@q.example", Outcome.DEFERRED, "451 Later"), ("r@r.example", Outcome.PLANNED, "lost")]
    assert after(*others, *refused(*FIVE)).is_about_the_office


def test_of_a_short_list_the_words_are_told() -> None:
    assert after(*refused(*FIVE[:3])).words_to_all == "550 5.1.1 No"
    assert after(*refused(*FIVE)).words_to_all == ""
    assert after(*refused("a@x.example")).words_to_all == ""
