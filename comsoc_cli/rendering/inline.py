"""Markdown's signs within a line, looked for only where there are any: most paragraphs of a release have none.

Python-Markdown tries each of some twenty patterns on every piece of text; that took a third of a build. Should a later
version of it call its method otherwise, this one is simply not asked, and builds take longer.
"""

import re

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

#: With what every pattern of Markdown, footnotes and smarty begins.
_SIGNS = re.compile(r"[`\\\[<>&*_\"']|--|\.\.\.|  \n")


class SwiftInlineProcessor(InlineProcessor):
    """As the library's, but for text without a sign."""

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if not _SIGNS.search(data):
            return data
        handled: str = super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc]
        return handled


def quickened(markdown: Markdown) -> Markdown:
    """The same converter, with both of its passes over the text quickened."""
    for name, priority in (("inline", 20), ("smarty", 2)):
        if name not in markdown.treeprocessors:
            continue
        usual = markdown.treeprocessors[name]
        assert isinstance(usual, InlineProcessor)
        swift = SwiftInlineProcessor(markdown)
        swift.inlinePatterns = usual.inlinePatterns
        markdown.treeprocessors.register(swift, name, priority)
    return markdown
