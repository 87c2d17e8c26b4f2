"""Letters that the PDF's fonts do not have are told with their line; those that they have are not."""

import pytest
from fontTools.ttLib import TTFont

from comsoc_cli.copydesk.glyphs import SANS, SERIF
from comsoc_cli.rendering.templates import packaged_folder


def as_ranges(letters: set[int]) -> str:
    runs: list[list[int]] = []
    for letter in sorted(letters):
        if runs and runs[-1][1] == letter - 1:
            runs[-1][1] = letter
        else:
            runs.append([letter, letter])
    return " ".join(f"{first:x}-{last:x}" if first != last else f"{first:x}" for first, last in runs)


@pytest.mark.parametrize(
    ("ranges", "face"), [(SANS, "source-sans-3-{}-400-normal"), (SERIF, "source-serif-4-{}-600-normal")]
)
def test_the_tables_are_those_of_the_packaged_fonts(ranges: str, face: str) -> None:
    found: set[int] = set()
    for part in ("latin", "latin-ext"):
        found |= set(TTFont(packaged_folder() / "fonts" / f"{face.format(part)}.woff2").getBestCmap())
    assert " ".join(ranges.split()) == as_ranges(found)
