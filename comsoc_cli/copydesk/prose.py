"""What of a Markdown text is words: everything else becomes spaces, so that every offset stays."""

import re
import string

from comsoc_cli.rendering.body import SHORTCODE
from comsoc_cli.rendering.commonmark import ATTRIBUTES

_FENCED = re.compile(r"(?ms)^ {0,3}(```+|~~~+).*?(?:^ {0,3}\1|\Z)")
_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SCRIPT = re.compile(r"(?is)<(script|style|pre|code)\b.*?</\1\s*>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_DEFINITION = re.compile(r"(?m)^ {0,3}\[[^\[\]\n]+\]:[ \t]*\S.*$")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:?")
_TARGET = re.compile(r"(?<=\])(?:\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)|\[[^\[\]\n]*\])")
_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?)\]]|\b[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_SEPARATOR = re.compile(r"(?m)^[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*(?::?-+:?[ \t]*)?)*$")
_RULE = re.compile(r"(?m)^ {0,3}(?:[-*_=][ \t]*){3,}$")
_STARTS = re.compile(r"(?m)^(?:[ \t]*>)*[ \t]*(?:#{1,6}(?=[ \t])|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])|:(?=[ \t]))?")
_PIPE = re.compile(r"(?m)^.*\|.*$")
_EMPHASIS = re.compile(r"\*+|(?<![^\W_])_+(?=\S)|(?<=\S)_+(?![^\W_])|~~")
_ENTITY = re.compile(r"&(?:[a-z]+[0-9]*|#[0-9]+|#x[0-9a-f]+);", re.IGNORECASE)
_ESCAPE = re.compile(rf"\\(?=[{re.escape(string.punctuation)}])|\\$", re.MULTILINE)
_ATTRIBUTES = re.compile(ATTRIBUTES)
_CLOSING_HASHES = re.compile(r"(?m)(?<=[ \t])#+[ \t]*$")


def readable(body: str) -> str:
    """The body, of the same length, without what no reader sees as text: code and comments."""
    for pattern in (_FENCED, COMMENT, _CODE):
        body = pattern.sub(_blank, body)
    return body


def prose(body: str) -> str:
    """The body, of the same length, with what is no text blanked."""
    text = readable(body)
    for pattern in (_SCRIPT, SHORTCODE, _DEFINITION):
        text = pattern.sub(_blank, text)
    text = _TAG.sub(_blank, text)
    if "{" in text:
        text = _ATTRIBUTES.sub(_blank, text)
    text = _linked(text)
    for pattern in (_NOTE, _ADDRESS, _SEPARATOR, _RULE, _STARTS, _CLOSING_HASHES, _EMPHASIS, _ENTITY, _ESCAPE):
        text = pattern.sub(_blank, text)
    return _PIPE.sub(lambda line: line[0].replace("|", " "), text)


def _linked(text: str) -> str:
    """Links and pictures by their words alone."""
    targets = list(_TARGET.finditer(text))
    letters = list(text)
    for found in targets:
        opening = _opening(text, found.start() - 1)
        if opening is None:
            continue
        _blank_out(letters, found.start() - 1, found.end())
        _blank_out(letters, opening, opening + 1)
        if opening and text[opening - 1] == "!":
            _blank_out(letters, opening - 1, opening)
    return "".join(letters)


def _opening(text: str, closing: int) -> int | None:
    """Where the bracket opens that closes here."""
    depth = 0
    for place in range(closing, max(-1, closing - 3000), -1):
        if text[place] == "]":
            depth += 1
        elif text[place] == "[":
            depth -= 1
            if depth == 0:
                return place
    return None


def _blank_out(letters: list[str], start: int, end: int) -> None:
    for place in range(start, end):
        if letters[place] != "\n":
            letters[place] = " "


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])
