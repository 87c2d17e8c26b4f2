"""Markdown's signs within a line, looked for only where there are any: most paragraphs of a release have none.

Python-Markdown tries each of some twenty patterns on every piece of text; that took a third of a build. Should a later
version of it call its methods otherwise, these are simply not asked, and builds take longer.
"""

from typing import Any

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

#: With what every pattern of Markdown, footnotes and smarty begins.
_SIGNS = ("`", "\\", "[", "<", ">", "&", "*", "_", '"', "'", "--", "...", "  \n")
#: Without what the patterns of Markdown and footnotes, by their names, match nothing.
_SIGN_OF = {
    "backtick": "`",
    "escape": "\\",
    "footnote": "[^",
    "reference": "[",
    "link": "[",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "<",
    "linebreak": "  \n",
    "html": "<",
    "entity": "&",
    "smarty-ellipses": "...",
    "smarty-en-dashes": "--",
    "smarty-em-dashes": "---",
}


class SwiftInlineProcessor(InlineProcessor):
    """As the library's, but for text without a sign."""

    def __init__(self, markdown: Markdown, usual: InlineProcessor) -> None:
        super().__init__(markdown)
        self.inlinePatterns = usual.inlinePatterns
        self._signs = {
            id(usual.inlinePatterns[name]): sign for name, sign in _SIGN_OF.items() if name in usual.inlinePatterns
        }

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if not any(map(data.__contains__, _SIGNS)):
            return data
        handled: str = super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc]
        return handled

    def _InlineProcessor__applyPattern(self, pattern: Any, data: str, *where: int) -> tuple[str, bool, int]:
        if self._signs.get(id(pattern), "") not in data:
            return data, False, 0
        applied: tuple[str, bool, int]
        applied = super()._InlineProcessor__applyPattern(pattern, data, *where)  # type: ignore[misc]
        return applied


def quickened(markdown: Markdown) -> Markdown:
    """The same converter, with both of its passes over the text quickened."""
    for name, priority in (("inline", 20), ("smarty", 2)):
        if name in markdown.treeprocessors:
            usual = markdown.treeprocessors[name]
            assert isinstance(usual, InlineProcessor)
            markdown.treeprocessors.register(SwiftInlineProcessor(markdown, usual), name, priority)
    return markdown
