"""Pictures and attachments: which files a release names, and whether they may be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.message import Message, said
from comsoc_cli.model.release import file_name

PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".avif")
_REMOTE = re.compile(r"(?i)^(?:[a-z][a-z0-9+.-]+:|//)")
_MARKDOWN_IMAGE = re.compile(r"!\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+[\"'][^)]*[\"'])?\s*\)")
_HTML_IMAGE = re.compile(r"(?is)<img\b[^>]*?\bsrc\s*=\s*[\"']?([^\"'\s>]+)[^>]*>")
_HTML_ALT = re.compile(r"(?is)\balt\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_FENCE = re.compile(r"^(```|~~~)")


@dataclass(frozen=True)
class Mention:
    """A picture that stands in the text itself."""

    src: str
    alt: str
    line: int


@dataclass(frozen=True)
class NotThere:
    """Why a file that a release names is not used."""

    rule: str
    message: Message


def locate(folder: Path, src: str) -> Path | NotThere:
    """The file that a release in `folder` means by `src`, or why there is none; nothing outside is ever opened."""
    if _REMOTE.match(src):
        return NotThere(
            "image-remote", said("“{src}” lies on another server; put a copy beside the text", src=_short(src))
        )
    name = file_name(src)
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        # Other site generators write pictures from their site's root: a placeholder will do, but nothing is read.
        rule = "image-elsewhere" if name.lower().endswith(PICTURES) else "path-outside"
        return NotThere(rule, said("“{src}” does not lie in the release's folder", src=_short(src)))
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve()) and not name.startswith("..")
    except (OSError, ValueError):
        return NotThere("image-missing", said("“{src}” was not found", src=_short(src)))
    if not inside:
        return NotThere(
            "path-outside", said("“{src}” leads out of the release's folder and is not read", src=_short(src))
        )
    if not path.is_file():
        return NotThere("image-missing", said("“{src}” was not found", src=_short(src)))
    return path


def mentions(body: str, first_line: int) -> Iterator[Mention]:
    """The pictures in a Markdown text, without those in blocks of code."""
    fence = ""
    for number, line in enumerate(body.split("\n"), start=first_line):
        if found := _FENCE.match(line.strip()):
            fence = "" if fence == found[1] else fence or found[1]
        elif not fence and not line.startswith(("    ", "\t")):
            for image in _MARKDOWN_IMAGE.finditer(line):
                yield Mention(image[2], image[1].strip(), number)
            for image in _HTML_IMAGE.finditer(line):
                alt = _HTML_ALT.search(image[0])
                yield Mention(image[1], ((alt[1] or alt[2] or "") if alt else "").strip(), number)


def _short(src: str) -> str:
    return src if len(src) <= 80 else src[:77] + "…"
