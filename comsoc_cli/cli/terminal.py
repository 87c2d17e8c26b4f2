"""The way to the screen: every text goes to stdout and stderr through a `Screen`.

A headline, a file's name or a mail server's reply can hold what a terminal obeys (ECMA-48: ESC and other controls),
what turns the order of letters around (Unicode UAX #9), or what the terminal's encoding does not have. Here the first
two are made visible and the third is replaced, so that no text changes the screen, and none changes the exit code.
"""

import codecs
import io
import json
import os
import re
import sys
import unicodedata
from typing import Any

#: C0 and C1 controls, line and paragraph separators, marks that turn the direction of writing, lone surrogates.
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff"
_UNSAFE = re.compile(rf"[{_CONTROLS}]|\r(?!\n)")  # CR LF ends a line of a CSV file
_UNSAFE_IN_A_FACT = re.compile(rf"[{_CONTROLS}\t\n\r]")
_UNSAFE_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb]")
_SURROGATES = re.compile("[\ud800-\udfff]")
#: What nobody means to type as an argument; a tab and a line break may come from a text that was pasted.
_NEVER_TYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}

#: What stands for a sign that the terminal's encoding does not have; letters lose their accents.
_SIGNS = {
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‘’‚‛‹›′", "'"),
    **dict.fromkeys("‐‑‒–−⁃─━╸╺╴╶·", "-"),
    **dict.fromkeys("—―", "--"),
    **dict.fromkeys("│┃", "|"),
    **dict.fromkeys("→⇒➜▶", "->"),
    **dict.fromkeys("←⇐", "<-"),
    **dict.fromkeys("✗✘×✖❌", "x"),
    **dict.fromkeys("✓✔✅", "v"),
    **dict.fromkeys("•●▪◦", "*"),
    **dict.fromkeys("█▓▒░", "#"),
    **dict.fromkeys("¡", "!"),
    **dict.fromkeys("¿", "?"),
    "…": "...", "€": "EUR", "±": "+-", "≤": "<=", "≥": ">=", "≠": "!=", "§": "S", "©": "(c)", "®": "(R)", "°": "o",
    "¢": "c", "£": "GBP", "⁄": "/", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O",
    "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i",
}  # fmt: skip
_FIRST_THAT_JOINS = "\u0300"  #: all letters before it take one column
_NO_SIGN = ("Mn", "Me", "Cf")  #: accents that stand alone, and what joins letters
_REPLACED = "comsoc-replaced"


def harmless(text: str) -> str:
    """A text of several lines in which a terminal finds nothing to obey: what it would obey is written out."""
    return _UNSAFE.sub(_written_out, text)


def shown(text: str) -> str:
    """A fact, such as a name, on one line of its own: line breaks and tabs are written out as well."""
    return _UNSAFE_IN_A_FACT.sub(_written_out, text)


def spelled(text: str) -> str:
    """A text in ASCII, as near as it can be: “…” → "...", ✗ → x, ñ → n, and ? where nothing is near."""
    return "".join(_near(letter) for letter in text)


def width(text: str) -> int:
    """How many columns of a terminal a text takes (Unicode UAX #11): Chinese letters and emojis take two."""
    if text.isascii() or max(text) < _FIRST_THAT_JOINS:
        return len(text)
    return sum(_columns(letter) for letter in text)


def json_text(document: Any, encoding: str = "utf-8") -> str:
    """A document as JSON (RFC 8259) that every reader takes, in every encoding, and that no terminal obeys.

    A lone surrogate (a file's name that is not UTF-8) becomes U+FFFD: JSON has no other way that all readers take.
    """
    text = _SURROGATES.sub("\ufffd", json.dumps(document, ensure_ascii=False, indent=2))
    unsafe = _UNSAFE_IN_JSON if codecs.lookup(encoding).name == "utf-8" else re.compile(r"[^\x00-\x7e]")
    return unsafe.sub(lambda found: json.dumps(found[0])[1:-1] if found[0] != "\x7f" else "\\u007f", text)


def readable(word: str) -> str:
    """An argument or an answer as a text, whatever encoding the terminal sent it in.

    Python hands on bytes that are not the locale's as lone surrogates (PEP 383), which no file takes. They are UTF-8
    where they can be, else Windows-1252, which Spanish terminals that are not UTF-8 have nearly always. A file that has
    exactly this name keeps it.
    """
    if word.isprintable() or os.path.lexists(word):
        return word
    if _SURROGATES.search(word):
        data = word.encode(sys.getfilesystemencoding(), "surrogateescape" if _is_escaped(word) else "replace")
        try:
            word = data.decode("utf-8")
        except UnicodeDecodeError:
            word = data.decode("cp1252", "replace")
    return _NEVER_TYPED.sub("", word)


def answer_to(question: str) -> str:
    """What the person types after a question on stderr; nothing where the input ends."""
    print(question, end="", file=sys.stderr, flush=True)
    try:
        return readable(input()).strip()
    except EOFError:
        return ""


class Screen:
    """A standard stream that takes every text, and whose reader may go away.

    Then (`comsoc list | head`) nothing more is said, and nothing is wrong. With `styled` set it is the way of our own
    styling, from which rich makes ESC sequences: a writer makes the facts harmless first.
    """

    encoding = "utf-8"  #: of what it takes; what the terminal does not have is replaced below

    def __init__(self, stream: Any, *, styled: bool = False) -> None:
        self._stream = stream
        self._styled = styled
        self.fault: OSError | None = None  #: why something could not be written, though its reader is there
        if not styled and hasattr(stream, "reconfigure"):
            codecs.register_error(_REPLACED, _replaced)
            stream.reconfigure(errors=_REPLACED)

    @property
    def shown_in(self) -> str:
        """The encoding of what is below: a terminal, a file, a pipe."""
        return str(getattr(self._stream, "shown_in", None) or getattr(self._stream, "encoding", None) or "utf-8")

    def styling(self) -> "Screen":
        """The same stream for a display of our own, which may move and colour."""
        return Screen(self._stream, styled=True)

    def write(self, text: str) -> int:
        try:
            self._stream.write(text if self._styled else harmless(text))
        except OSError as fault:
            self._leave(fault)
        return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as fault:
            self._leave(fault)

    def _leave(self, fault: OSError) -> None:
        if not isinstance(fault, BrokenPipeError):
            self.fault = self.fault or fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def take_the_streams() -> Screen:
    """Put a `Screen` before stdout, which is handed back, and before stderr; stdin takes every byte.

    A full disk where the words of stderr are kept stops nothing.
    """
    sys.stdout = screen = Screen(sys.stdout)
    sys.stderr = Screen(sys.stderr)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    return screen


def _written_out(found: "re.Match[str]") -> str:
    """\\x1b, \\u202e; a byte that is no text (PEP 383) as the byte that it was."""
    letter = found[0]
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return _NAMED.get(letter) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def _replaced(fault: UnicodeError) -> tuple[str, int]:
    """What a codec writes for letters that its encoding does not have."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return spelled(fault.object[fault.start : fault.end]), fault.end


def _near(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in _SIGNS:
        return _SIGNS[letter]
    if unicodedata.category(letter) in _NO_SIGN:
        return ""
    parts = "".join(_SIGNS.get(part, part) for part in unicodedata.normalize("NFKD", letter))
    return parts.encode("ascii", "ignore").decode() or "?"


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in _NO_SIGN:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _is_escaped(word: str) -> bool:
    """Whether every surrogate stands for a byte."""
    return all("\udc80" <= letter <= "\udcff" for letter in _SURROGATES.findall(word))
