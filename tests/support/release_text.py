"""The text of a release, line by line."""


def a_text(*lines: str, body: str = "Texto.") -> str:
    """A release with these lines of frontmatter; the first of them stands on line 2."""
    return "\n".join(["---", *lines, "---", "", body, ""])
