"""What changed between two texts of a release, in words, as an editor reads it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from comsoc_cli.model.release import Release

_WORD = re.compile(r"\S+")
_MOST_WORDS = 4000  #: of a passage that is compared word by word; a longer one is told as a whole
_OWN = ("correction",)  #: told by itself


@dataclass(frozen=True, kw_only=True)
class Change:
    """One passage that is not as it was."""

    field: str  #: "body", a key of the frontmatter, or a file's name
    before: str
    after: str
    line: int | None = None  #: of the new text's file


def changes(old: Release, new: Release) -> list[Change]:
    """Every passage that differs: frontmatter, text, translations and files."""
    return [*_data(old, new), *_body(old, new), *_translations(old, new), *_files(old, new)]


def _data(old: Release, new: Release) -> Iterator[Change]:
    kept = [{key: value for key, value in one.frontmatter.items() if key not in _OWN} for one in (old, new)]
    yield from _values(kept[0], kept[1], "")


def _values(old: Mapping[str, object], new: Mapping[str, object], within: str) -> Iterator[Change]:
    """What differs between two mappings, key by key: "event.start" of a key within a key."""
    for key in dict.fromkeys((*old, *new)):
        before, after, field = old.get(key), new.get(key), f"{within}{key}"
        if before == after:
            continue
        if isinstance(before, str) and isinstance(after, str):
            yield from (replace(one, field=field, line=None) for one in _words([before], [after], 0))
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _values(before, after, f"{field}.")
        else:
            yield Change(field=field, before=_shown(before), after=_shown(after))


def _body(old: Release, new: Release) -> Iterator[Change]:
    before, after = old.body.split("\n"), new.body.split("\n")
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _words(before[start:end], after[new_start:new_end], new.body_line + new_start)


def _words(before: list[str], after: list[str], line: int) -> Iterator[Change]:
    """The words that differ between two passages, with the lines of the new one."""
    old = _WORD.findall("\n".join(before))
    new = [(word, line + number) for number, text in enumerate(after) for word in _WORD.findall(text)]
    if len(old) + len(new) > _MOST_WORDS:
        yield Change(field="body", before=_short(" ".join(old)), after=_short(" ".join(w for w, _ in new)), line=line)
        return
    matcher = SequenceMatcher(None, old, [word for word, _ in new], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        at = new[new_start][1] if new_start < len(new) else (new[-1][1] if new else line)
        yield Change(
            field="body",
            before=" ".join(old[start:end]),
            after=" ".join(word for word, _ in new[new_start:new_end]),
            line=at,
        )


def _translations(old: Release, new: Release) -> Iterator[Change]:
    before = {text.language: text for text in old.translations}
    after = {text.language: text for text in new.translations}
    for language in sorted({*before, *after}):
        if language in before and language in after:
            yield from (*_data(before[language], after[language]), *_body(before[language], after[language]))
        else:
            yield Change(
                field=language,
                before=before[language].headline if language in before else "",
                after=after[language].headline if language in after else "",
            )


def _files(old: Release, new: Release) -> Iterator[Change]:
    for name in sorted({*old.files, *new.files}):
        there, here = old.files.get(name), new.files.get(name)
        if there and here and there.read_bytes() == here.read_bytes():
            continue
        yield Change(field=name, before=name if there else "", after=name if here else "")


def _shown(value: object) -> str:
    return "" if value is None else _short(_as_text(value))


def _as_text(value: object) -> str:
    """A value of the frontmatter as one line: lists with commas, mappings as "src: foto.jpg; alt: Un aula"."""
    if isinstance(value, list):
        return ", ".join(map(_as_text, value))
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_as_text(one)}" for key, one in value.items())
    return str(value)


def _short(text: str) -> str:
    return text if len(text) <= 400 else text[:399] + "…"
