"""Subjects and names in headers: every blank of a Spanish sentence arrives, and every line is legal."""

import base64
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comsoc_cli.rendering.heading import address_line, text_line

#: Words as headlines have them, and some that try the patience of a header.
_USUAL = [
    *("Convoca", "SEPyC", "a", "la", "construcción", "de", "próximo", "miércoles", "Badiraguato", "niñas", "Boletín"),
    *("$1,250.50", "“becas”", "¡Atención!", "412", "|", "=?utf-8?q?x?=", "🌽", "España…"),
]
_ANY = st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["C", "Z"])
WORDS = st.one_of(st.sampled_from([*_USUAL, "x" * 90, "ñ" * 80]), st.text(_ANY, min_size=1, max_size=12))
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
_WORD = re.compile(rb"=\?utf-8\?b\?([A-Za-z0-9+/=]*)\?=")


def unfolded(line: bytes, field: str) -> bytes:
    """The value of a header line as it came, whose every physical line must be legal."""
    assert line.endswith(b"\r\n")
    lines = line[:-2].split(b"\r\n")
    assert lines[0].startswith(f"{field}: ".encode())
    assert all(one.startswith(b" ") and one.strip() for one in lines[1:])
    assert all(len(one) <= 78 for one in lines)
    assert all(0x20 <= sign < 0x7F for one in lines for sign in one)
    return b"".join(lines)[len(field) + 2 :]


def decoded(value: bytes) -> str:
    """The text of a header by RFC 2047: blanks between two encoded words are nothing, all others stay."""
    out, between, after_word = "", "", False
    for piece in re.split(rb"( +)", value):
        word = _WORD.fullmatch(piece)
        if word:
            assert len(piece) <= 75
            out += ("" if after_word else between) + base64.b64decode(word[1], validate=True).decode("utf-8")
            between, after_word = "", True
        elif piece.strip(b" "):
            assert b"=?" not in piece
            out += between + piece.decode("ascii")
            between, after_word = "", False
        else:
            between += piece.decode("ascii")
    return out + between


def as_written(text: str) -> str:
    """What may arrive: a text that looks like an encoded word is told apart by a blank."""
    return text.replace("=?", "= ?")


@given(SENTENCES)
@example(
    "Convoca SEPyC a la construcción de xx centro de salud en comunidades de Badiraguato a partir del próximo miércoles"
)
@example("  dos  blancos al principio y al fin  ")
@example("a")
def test_every_sentence_arrives_as_a_subject_with_all_its_blanks(sentence: str) -> None:
    assert decoded(unfolded(text_line("Subject", sentence), "Subject")) == as_written(sentence)


@given(SENTENCES)
def test_every_name_arrives_as_a_sender(name: str) -> None:
    line = text_before_the_address(address_line("From", name, "prensa@oficina.example"))
    assert line == as_written(" ".join(name.split()))


def text_before_the_address(line: bytes) -> str:
    value = unfolded(line, "From")
    assert value.endswith(b" <prensa@oficina.example>")
    name = value.removesuffix(b"<prensa@oficina.example>")[:-1]
    if name.startswith(b'"'):
        return re.sub(r"\\(.)", r"\1", name.decode("ascii")[1:-1])
    return decoded(name)


@pytest.mark.parametrize("field", ["Subject", "Reply-To"])
def test_a_short_plain_text_stays_readable(field: str) -> None:
    assert text_line(field, "AVISO URGENTE | Lluvias") == f"{field}: AVISO URGENTE | Lluvias\r\n".encode()


def test_a_long_plain_text_is_folded_at_its_blanks() -> None:
    line = text_line("Subject", "Boletin 12 | " + "palabra " * 20 + "fin")
    assert b"=?" not in line
    assert line.count(b"\r\n ") == 2


def test_a_line_break_in_a_subject_is_a_blank() -> None:
    assert text_line("Subject", "uno\ndos\r\nBcc: otro@x.example") == b"Subject: uno dos Bcc: otro@x.example\r\n"
