"""Splitting a release's file into its frontmatter and its text, strictly.

python-frontmatter makes an unclosed `---` part of the body (it would be published) and ignores a list; both are faults
here.
"""

from typing import Any

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from comsoc_cli.message import said
from comsoc_cli.office.files import FileFault
from comsoc_cli.office.marked_yaml import Marked, read_mapping


class _StrictHandler(YAMLHandler):
    """Keeps what it read: `frontmatter.parse` copies it into a plain dict, which knows no lines."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.found: Marked | None = None

    def load(self, fm: str, **_: Any) -> Marked:
        # The library has taken away empty lines before the data, so their first line is looked for.
        begins = self.text.index(fm, self.text.index("---") + 3) if fm.strip() else 0
        self.found = read_mapping(fm, self.text.count("\n", 0, begins) + 1)
        return self.found


def split(text: str) -> tuple[Marked, str, int]:
    """Frontmatter, body and the line on which the body begins; raises FileFault."""
    if not text.lstrip().startswith("---"):
        message = said("the file must begin with a line “---”, the data of the release, and another “---”")
        raise FileFault(message, 1, "frontmatter")
    blank = text[: len(text) - len(text.lstrip())].count("\n")
    handler = _StrictHandler(text)
    _, body = frontmatter.parse(text, handler=handler)
    if handler.found is None:
        message = said("the data that begin with “---” are not closed by a second line “---”")
        raise FileFault(message, blank + 1, "frontmatter")
    return handler.found, body, _first_line_of(text, body)


def _first_line_of(text: str, body: str) -> int:
    """The body is the end of the text, but for white space."""
    end = len(text.rstrip())
    return text.count("\n", 0, end - len(body)) + 1
