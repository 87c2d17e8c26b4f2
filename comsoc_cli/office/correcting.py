"""Opening a correction on the desk: the release's own file, with what is corrected in its frontmatter."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.model.approval import Revision
from comsoc_cli.model.release import Correction, Release
from comsoc_cli.office.files import read_text, write_text
from comsoc_cli.office.folder import Office

_BLOCK = re.compile(r"^correction:.*\n(?:[ \t]+.*\n|[ \t]*\n(?=[ \t]))*", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A correction that lies on the desk."""

    path: Path
    replaced: bool = False  #: whether what should be stands there already
    left: tuple[tuple[str, int], ...] = ()  #: files and lines in which what was said still stands


def with_correction(text: str, correction: Correction) -> str:
    """A release's file with this correction in its frontmatter, in place of an earlier one."""
    opening = text.index("---")
    closing = text.index("\n---", opening + 3) + 1
    matter = _BLOCK.sub("", text[opening + 4 : closing])
    told: dict[str, object] = {
        "revision": correction.revision,
        "note": correction.note,
        "said": correction.said,
        "should": correction.should,
        "addition": correction.addition,
        "minor": correction.minor,
    }
    lines = ["correction:"]
    lines += [f"  {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items() if value]
    return text[: opening + 4] + matter + "\n".join(lines) + "\n" + text[closing:]


def stands(revision: Revision, words: str) -> bool:
    """Whether these words stand in a revision's text or data, in any language; Markdown's signs do not count."""
    texts = (read_text(path) for path in revision.folder.glob("index*.md"))
    return any(_plain(words) in _plain(text) for text in texts)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[*_`\\\[\]>]", "", text).split())


def open_correction(office: Office, release: Release | None, newest: Revision, correction: Correction) -> Opened:
    """Write it into the text on the desk, or into the approved one, which is then brought back onto the desk.

    Where the text has what was said exactly once, what it should say takes its place.
    """
    path = release.path if release else _brought_back(office, newest)
    text = with_correction(read_text(path), correction)
    body = text.index("\n---", text.index("---") + 3) + 4
    replaced = False
    if correction.said and text.count(correction.said, body) == 1:
        text = text[:body] + text[body:].replace(correction.said, correction.should)
        replaced = True
    elif correction.said and correction.said not in text[body:] and correction.should in text[body:]:
        replaced = True
    write_text(path, text)
    return Opened(path=path, replaced=replaced, left=tuple(_still_there(office, path, newest, correction)))


def _still_there(office: Office, path: Path, newest: Revision, correction: Correction) -> Iterator[tuple[str, int]]:
    """Where what was said has not been taken out: in the data, further down, in another language."""
    if not correction.said:
        return
    others = path.parent.glob("index.*.md") if path.name == "index.md" else path.parent.glob(f"{newest.slug}.*.md")
    for one in (path, *sorted(others)):
        # The block's own lines stay as empty ones, so that the numbers are those of the file.
        text = _BLOCK.sub(lambda block: "\n" * block[0].count("\n"), read_text(one))
        for number, line in enumerate(text.split("\n"), start=1):
            if correction.said in line.replace(correction.should, ""):
                yield office.name_of(one), number


def _brought_back(office: Office, newest: Revision) -> Path:
    """Copy an approved text with its files onto the desk."""
    folder = office.desk / newest.slug
    for path in sorted(newest.folder.rglob("*")):
        name = path.relative_to(newest.folder)
        if path.is_file() and name.as_posix() != "approval.yaml":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    return folder / "index.md"
