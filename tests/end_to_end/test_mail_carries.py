"""What a mail carries, and what is too much for it."""

import email
import email.policy
from email.message import EmailMessage
from random import Random

import pytest
from support.offices import PIXEL, SEND, SETTINGS, Layout, a_release, comsoc, messages

PUBLIC = "2026-11-20 10:00"


def sent(office: Layout, mail: str, *, url: bool = True, **changes: object) -> EmailMessage:
    """The message of a release with a picture, in an office with these lines under [mail]."""
    settings = SETTINGS if url else SETTINGS.replace('url = "https://prensa.sinaloa.example"\n', "")
    images = [{"src": "foto.png", "alt": "Aula", "credit": "Ana Ruiz", "caption": "Entrega"}]
    root = office(
        {
            "comsoc.toml": f"{settings}\n[mail]\n{mail}\n",
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(images=images, **changes),
            "releases/becas/foto.png": PIXEL,
        }
    )
    assert comsoc(root, "approve", "becas").code == 0
    answer = comsoc(root, *SEND)
    assert answer.code == 0, answer.err
    message = email.message_from_bytes(messages(root)[0], policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def types(message: EmailMessage) -> list[str]:
    return [part.get_content_type() for part in message.walk() if not part.is_multipart()]


@pytest.mark.parametrize(
    ("mail", "url", "attached"),
    [
        ("", True, False),
        ("", False, True),
        ('attach = "always"', True, True),
        ('attach = "never"', False, False),
    ],
)
def test_the_pdf_is_attached_or_linked_as_the_office_wants(
    office: Layout, mail: str, url: bool, attached: bool
) -> None:
    message = sent(office, mail, url=url)
    assert ("application/pdf" in types(message)) is attached


def test_pictures_are_linked_once_they_are_public(office: Layout) -> None:
    message = sent(office, 'pictures = "linked"', date=PUBLIC)
    page = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "image/png" not in types(message)
    assert 'src="https://prensa.sinaloa.example/releases/becas/media/foto.png"' in page


def test_pictures_that_are_not_public_are_attached_all_the_same(office: Layout) -> None:
    assert "image/png" in types(sent(office, 'pictures = "linked"', url=False))


@pytest.mark.parametrize(("key", "value"), [("attach", "sometimes"), ("pictures", "none")])
def test_another_word_is_refused_with_its_line(office: Layout, key: str, value: str) -> None:
    root = office({"comsoc.toml": f'{SETTINGS}\n[mail]\n{key} = "{value}"\n'})
    answer = comsoc(root, "build")
    assert answer.code == 5
    assert f"mail.{key}" in answer.err


def test_a_mail_that_programs_would_cut_is_an_objection(office: Layout) -> None:
    root = office({"releases/becas.md": a_release("Un párrafo más. " * 7000)})
    assert comsoc(root, "approve", "becas").code == 0
    for words in (SEND, (*SEND[:-1], "--dry-run")):
        answer = comsoc(root, *words, "--json")
        assert answer.code == 3
        assert [one["rule"] for one in answer.json["dispatches"][0]["objections"]] == ["mail_too_long"]
    assert messages(root) == []


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_attachments_that_no_mail_carries_hold_the_approval(office: Layout, severity: str) -> None:
    root = office(
        {
            "comsoc.toml": f'{SETTINGS}\n[check.severity]\nattachments-heavy = "{severity}"\n',
            "releases/becas.md": None,
            "releases/becas/index.md": a_release(attachments=["anexo.bin"]),
            "releases/becas/anexo.bin": Random(1).randbytes(4_500_000),
        }
    )
    answer = comsoc(root, "approve", "becas")
    assert answer.code == (1 if severity == "error" else 0)
    assert "4.5 MB" in answer.err
    assert "anexo.bin" in answer.err
    if severity == "warning":  # then it stays on the page
        assert comsoc(root, *SEND).code == 0
        assert all(len(message) < 1_000_000 for message in messages(root))


def test_a_mail_that_servers_would_refuse_is_an_objection_that_names_what_is_heavy(office: Layout) -> None:
    root = office({"templates/email.txt": "a" * 6_000_000})
    assert comsoc(root, "approve", "becas").code == 0
    answer = comsoc(root, *SEND)
    assert (answer.code, messages(root)) == (3, [])
    assert "6.0 MB" in answer.err
    assert "HTML 6.0 MB" in answer.err
