"""A sentence for a user: written once, in English, where it arises; translated and formatted only at the counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """An English sentence with named facts, such as ("The release {slug} is unknown.", {"slug": "becas"})."""

    text: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English; the counter translates `text` first."""
        return self.text.format_map(self.facts) if self.facts else self.text


def said(text: str, /, **facts: object) -> Message:
    """Bind a sentence to its facts; the catalogue's extractor looks for this name."""
    return Message(text, facts)


def joined(parts: Sequence[Message]) -> Message:
    """One, two, three."""
    whole = parts[-1]
    for part in reversed(parts[:-1]):
        whole = said("{first}, {others}", first=part, others=whole)
    return whole
