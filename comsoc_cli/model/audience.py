"""Who a release is for, where that changed after its approval and its text did not."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from comsoc_cli.model.approval import Approval
from comsoc_cli.model.release import Release


@dataclass(frozen=True, kw_only=True)
class AudienceChange:
    """One segment that was added to an approved text, or taken from it, and on whose word."""

    segment: str
    approval: Approval  #: of this change alone; its revision and digest are those of the text
    removed: bool = False

    def concerns(self, approval: Approval) -> bool:
        """Whether it is about this very text; a later one names its own segments."""
        return (self.approval.revision, self.approval.digest) == (approval.revision, approval.digest)


def addressed(segments: Iterable[str], changes: Iterable[AudienceChange]) -> tuple[str, ...]:
    """These segments after the changes."""
    found = dict.fromkeys(segments)
    for one in changes:
        found.pop(one.segment, None)
        if not one.removed:
            found[one.segment] = None
    return tuple(found)


def with_segments_of(text: Release, approved: Release) -> Release:
    """A text with the segments that an approved one was written with: equal to it where only those differ."""
    others = {one.language: one for one in approved.translations}
    translations = tuple(
        _with(one, others[one.language]) if one.language in others else one for one in text.translations
    )
    return replace(_with(text, approved), translations=translations)


def _with(text: Release, approved: Release) -> Release:
    matter = {key: value for key, value in text.frontmatter.items() if key != "segments"}
    if "segments" in approved.frontmatter:
        matter["segments"] = approved.frontmatter["segments"]
    return replace(text, frontmatter=matter)
