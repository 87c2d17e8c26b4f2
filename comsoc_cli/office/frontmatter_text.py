"""Splitting a release's file into its frontmatter and its text, strictly.

python-frontmatter makes an unclosed `---` part of the body (it would be published) and ignores a list; both are faults
here.
"""

from typing import Any

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from comsoc_cli.message import said
from comsoc_cli.office.conflicts import conflicts
from comsoc_cli.office.files import FileFault
from comsoc_cli.office.marked_yaml import Marked, read_mapping, salvaged


class _StrictHandler(YAMLHandler):
    """Keeps what it read: `frontmatter.parse` copies it into a plain dict, which knows no lines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.found: Marked | None = None
        self.faults: tuple[FileFault, ...] = ()

    def load(self, fm: str, **_: Any) -> Marked:
        # The library has taken away empty lines before the data, so their first line is looked for.
        begins = self.text.index(fm, self.text.index("---") + 3) if fm.strip() else 0
        first_line = self.text.count("\n", 0, begins) + 1
        try:
            self.found = read_mapping(fm, first_line)
        except FileFault as fault:
            self.faults = fault.all()
            self.found = _sound(fm, first_line)
        return self.found


def split(text: str) -> tuple[Marked, str, int]:
    """Frontmatter, body and the line on which the body begins; raises FileFault, which knows all faults."""
    matter, body, line, faults = split_sound(text)
    if faults:
        raise faults[0]
    return matter, body, line


def split_sound(text: str) -> tuple[Marked, str, int, tuple[FileFault, ...]]:
    """The same without the keys that cannot be read, and every fault of these; raises FileFault without frontmatter."""
    if not text.lstrip().startswith("---"):
        for conflict in conflicts(text.split("\n")):
            raise conflict
        message = said("the file must begin with a line “---”, the data of the release, and another “---”")
        raise FileFault(message, 1, "frontmatter")
    blank = text[: len(text) - len(text.lstrip())].count("\n")
    handler = _StrictHandler(text)
    _, body = frontmatter.parse(text, handler=handler)
    if handler.found is None:
        message = said("the data that begin with “---” are not closed by a second line “---”")
        raise FileFault(message, blank + 1, "frontmatter")
    return handler.found, body, _first_line_of(text, body), handler.faults


def _sound(text: str, first_line: int) -> Marked:
    try:
        return read_mapping(salvaged(text, first_line).text, first_line)
    except FileFault:
        return Marked(first_line)


def _first_line_of(text: str, body: str) -> int:
    """The body is the end of the text, but for white space."""
    end = len(text.rstrip())
    return text.count("\n", 0, end - len(body)) + 1
