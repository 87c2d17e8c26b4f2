"""In which language the counter speaks, and how a sentence is put into it."""

import gettext
import locale
import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from comsoc_cli.catalogue import DOMAIN, FOLDER, LANGUAGES, translations
from comsoc_cli.cli.terminal import shown
from comsoc_cli.message import Message, said

_current = "en"


def N_(text: str) -> str:
    """Mark a text for the catalogue that is translated later."""
    return text


def speak(language: str) -> None:
    """Set the language of everything the counter says from now on; the command line's own words included."""
    global _current
    _current = language
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)


def current() -> str:
    return _current


def choose(words: list[str], environment: Mapping[str, str], start: Path) -> str:
    """`--lang`, else COMSOC_LANG, else the office's language, else the locale's; "es" or "en"."""
    candidates = [_option(words, "--lang"), environment.get("COMSOC_LANG", "")]
    office = _option(words, "--office")
    candidates.append(_office_language(Path(office) if office else start))
    candidates.append(
        environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or _locale()
    )
    for candidate in candidates:
        language = candidate.replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


def tr(text: str, /, **facts: object) -> str:
    """An English sentence of the counter in the user's language, with its facts."""
    return told(said(text, **facts))


def told(message: Message) -> str:
    """A message in the user's language."""
    if not message.text:
        return ""
    text = translations(_current).gettext(message.text)
    if not message.facts:
        return text
    return text.format_map({name: _fact(name, value) for name, value in message.facts.items()})


#: What operating system, TLS, database and our own sessions say most often; a fact named `cause` is looked up here.
CAUSES = (
    N_("Connection refused"),
    N_("Connection reset by peer"),
    N_("Name or service not known"),
    N_("Temporary failure in name resolution"),
    N_("No route to host"),
    N_("timed out"),
    N_("certificate has expired"),
    N_("self-signed certificate"),
    N_("unable to get local issuer certificate"),
    N_("STARTTLS extension not supported by server"),
    N_("SMTP AUTH extension not supported by server"),
    N_("No such file or directory"),
    N_("Permission denied"),
    N_("Read-only file system"),
    N_("No space left on device"),
    N_("File too large"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("file is not a database"),
    N_("database disk image is malformed"),
    N_("database or disk is full"),
    N_("database is locked"),
    N_("unable to open database file"),
    N_("attempt to write a readonly database"),
    N_("disk I/O error"),
    N_("no answer in time"),
    N_("the line was closed"),
    N_("the line was closed within a reply"),
    N_("SMTPUTF8 is not offered by the mail server"),
)


#: Facts that are a place or a name, such as a line: their thousands are not parted.
_NOT_COUNTED = ("line", "first", "last", "number", "revision", "port", "year", "code")


def reply_in_words(reply: str) -> str:
    """What a mail server said, as it said it; what we say in its place, in the user's language."""
    return translations(_current).gettext(reply) if reply else ""


def _fact(name: str, value: object) -> str:
    """A fact as it is written in the user's language."""
    if name in ("cause", "reply"):
        return shown(reply_in_words(str(value)))
    if isinstance(value, Message):
        return told(value)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}" if _current == "es" else value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if name in _NOT_COUNTED else f"{value:,}"
    return shown(str(value))


def moment(value: datetime) -> str:
    """23/11/2026 18:00 · 2026-11-23 18:00"""
    return f"{value:%d/%m/%Y %H:%M}" if _current == "es" else f"{value:%Y-%m-%d %H:%M}"


def figure(number: int) -> str:
    return f"{number:,}"


def _option(words: list[str], name: str) -> str:
    """The value of an option before the command line is parsed."""
    for position, word in enumerate(words):
        if word == name and position + 1 < len(words):
            return words[position + 1]
        if word.startswith(name + "="):
            return word.partition("=")[2]
    return ""


def _office_language(start: Path) -> str:
    """The language in comsoc.toml, read without parsing it: a broken file must not keep us from saying so."""
    for folder in (start.absolute(), *start.absolute().parents):
        path = folder / "comsoc.toml"
        if path.is_file():
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
            except OSError:
                return ""
            office = re.search(r"(?ms)^\[office\](.*?)(?=^\[|\Z)", text)
            found = re.search(r"(?m)^\s*language\s*=\s*[\"']([\w-]+)", office[1]) if office else None
            return found[1] if found else "es"
    return ""


def _locale() -> str:
    return locale.getlocale()[0] or ""
