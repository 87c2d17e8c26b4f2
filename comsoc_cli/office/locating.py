"""Which file a text means: as it is written, as Markdown writes it, as a Mac spells it, in another case."""

import os
import posixpath
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote

from comsoc_cli.message import Message, said
from comsoc_cli.model.release import file_name

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif")
_REMOTE = re.compile(r"(?i)^(?:[a-z][a-z0-9+.-]+:|//)")
_ELSEWHERE = re.compile(r"/|[A-Za-z]:")
#: What breaks a line, a header or a screen, and what turns a name around so that another ending is read.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
#: Systems on which foto.jpg opens FOTO.JPG: there only the folder's own list says how a file is called.
_FOLDS = sys.platform in ("darwin", "win32")
_NEAR = 0.75


@dataclass(frozen=True)
class Located:
    """A file that a text names."""

    name: str  #: within the release's folder, as it lies there; composed (NFC) unless it was written decomposed
    path: Path


@dataclass(frozen=True)
class NotThere:
    """Why a file that a release names is not used."""

    rule: str
    message: Message


def locate(folder: Path, src: str) -> Located | NotThere:
    """The file that a release in `folder` means by `src`, or why there is none; nothing outside is ever opened.

    A name that lies there as it is written comes first; then as an address, without what follows `#` or `?`; then in
    another spelling of its accents (Unicode NFC, NFD), and in another case where only one file can be meant.
    """
    if _REMOTE.match(src):
        return NotThere(
            "image-remote", said("“{src}” lies on another server; put a copy beside the text", src=_short(src))
        )
    if _UNPRINTABLE.search(src):
        return NotThere("file-name", said("the name “{src}” has a line break or another character that is not seen; "
                                          "rename the file", src=_short(src)))  # fmt: skip
    if _ELSEWHERE.match(name := file_name(src)):
        # Other site generators write pictures from their site's root: a placeholder will do, but nothing is read.
        rule = "image-elsewhere" if name.lower().endswith(PICTURES) else "path-outside"
        return NotThere(rule, said("“{src}” does not lie in the release's folder", src=_short(src)))
    try:
        return _found(folder, src)
    except (OSError, ValueError, RuntimeError):
        return NotThere("image-missing", said("“{src}” was not found", src=_short(src)))


def _found(folder: Path, src: str) -> Located | NotThere:
    root = folder.resolve()
    for name in _readings(src):
        if name.startswith("..") or not (folder / name).resolve().is_relative_to(root):
            return _outside(src)
        for there in _lying(folder, name):
            path = (folder / there).resolve()
            if not path.is_relative_to(root):
                return _outside(src)
            return Located(there if there == name else unicodedata.normalize("NFC", there), path)
    return NotThere("image-missing", _missing(folder, src))


def _outside(src: str) -> NotThere:
    return NotThere("path-outside", said("“{src}” leads out of the release's folder and is not read", src=_short(src)))


def _readings(src: str) -> list[str]:
    """The names that are meant, first the one that stands there: `100%25.jpg#x` is also `100%.jpg`."""
    written = src.replace("\\", "/")
    readings = (written, unquote(written), file_name(src))
    names = (posixpath.normpath(one) for one in readings if one and not _UNPRINTABLE.search(one))
    return [name for name in dict.fromkeys(names) if name != "." and not _ELSEWHERE.match(name)]


def _lying(folder: Path, name: str) -> list[str]:
    """The one file that lies there under this name, or none."""
    if not _FOLDS and (folder / name).is_file():
        return [name]
    found = [there for there in _alike(folder, name.split("/")) if (folder / there).is_file()]
    for same in (str, _composed, _folded):
        alike = [there for there in found if same(there) == same(name)]
        if alike:
            return alike if len(alike) == 1 else []
    return []


def _alike(folder: Path, parts: list[str]) -> Iterator[str]:
    """What lies there and differs only in case and in how its accents are spelled."""
    first, rest = parts[0], parts[1:]
    for entry in _entries(folder):
        if _folded(entry) == _folded(first):
            if not rest:
                yield entry
            else:
                yield from (f"{entry}/{there}" for there in _alike(folder / entry, rest))


def _entries(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as found:
            return sorted(entry.name for entry in found)
    except OSError:
        return []


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(unicodedata.normalize("NFD", name).casefold())


def _missing(folder: Path, src: str) -> Message:
    """That a file is not there, and which ones may be meant."""
    if near := nearest(folder, file_name(src)):
        names = "”, “".join(near)
        return said("“{src}” was not found; “{near}” was perhaps meant", src=_short(src), near=names)
    return said("“{src}” was not found", src=_short(src))


def nearest(folder: Path, name: str) -> list[str]:
    """The files that may be meant by a name which is not there: those alike but for case, else the nearest one."""
    within = posixpath.dirname(name)
    below = f"{within}/" if within else ""
    files = [below + one for one in _entries(folder / within) if not one.startswith(".") and not one.endswith(".md")]
    files = [one for one in files if not _UNPRINTABLE.search(one) and (folder / one).is_file()]
    alike = [one for one in files if _folded(one) == _folded(name)]
    if alike:
        return alike
    plain = {_plain(one): one for one in reversed(files)}
    return [plain[found] for found in get_close_matches(_plain(name), plain, 1, _NEAR)]


def _plain(name: str) -> str:
    """Without accents, and what stands between words alike: "Visita_Guasave (1).JPG" is "visita guasave 1 jpg"."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[a-z0-9/]+", bare.casefold()))


def _short(src: str) -> str:
    shown = _UNPRINTABLE.sub("�", src)
    return shown if len(shown) <= 80 else shown[:77] + "…"
