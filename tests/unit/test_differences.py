"""What changed between two texts, as an editor reads it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.texts import a_text

from comsoc_cli.safeguards.differences import changes


def told(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str, str]]:
    old, new = (a_text("Texto.", frontmatter=one) for one in (before, after))
    return [(one.field, one.before, one.after) for one in changes(old, new)]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ({"headline": "Son 48 mil"}, {"headline": "Son 84 mil"}, [("headline", "48", "84")]),
        ({"subhead": "Uno"}, {}, [("subhead", "Uno", "")]),
        ({}, {"topics": ["salud", "obra"]}, [("topics", "", "salud, obra")]),
        ({"correction": {"note": "x"}}, {"correction": {"note": "y"}}, []),
        (
            {"event": {"start": "2026-11-27 10:00", "place": "Patio"}},
            {"event": {"start": "2026-11-27 17:00", "place": "Patio", "address": "Centro 1"}},
            [("event.start", "10:00", "17:00"), ("event.address", "", "Centro 1")],
        ),
        (
            {"images": [{"src": "a.jpg", "alt": "Un aula"}]},
            {"images": [{"src": "b.jpg", "alt": "Un aula"}]},
            [("images", "src: a.jpg; alt: Un aula", "src: b.jpg; alt: Un aula")],
        ),
        ({"boilerplate": "x" * 500}, {"boilerplate": None}, [("boilerplate", "x" * 399 + "…", "")]),
    ],
)
def test_the_data_differ_key_by_key(
    before: dict[str, Any], after: dict[str, Any], found: list[tuple[str, str, str]]
) -> None:
    assert told(before, after) == found


def test_a_text_differs_word_by_word_with_its_lines() -> None:
    old = a_text("Primera línea.\n\nSon 48 mil becas.", body_line=10)
    new = a_text("Primera línea.\n\nSon 84 mil becas.\n\nY más.", body_line=10)
    assert [(one.line, one.before, one.after) for one in changes(old, new)] == [(12, "48", "84"), (14, "", "Y más.")]


def test_a_text_beyond_all_measure_is_told_as_a_whole() -> None:
    old, new = a_text("uno " * 3000), a_text("dos " * 3000)
    [one] = changes(old, new)
    assert (len(one.before), len(one.after)) == (400, 400)


def test_translations_and_files_differ_too(tmp_path: Path) -> None:
    for name, data in (("a", b"1"), ("b", b"2")):
        (tmp_path / name).write_bytes(data)
    english = a_text("Text.", language="en", headline="Grants")
    old = a_text("Texto.", translations=(english,), files={"lista.csv": tmp_path / "a", "igual.csv": tmp_path / "a"})
    new = a_text("Texto.", files={"lista.csv": tmp_path / "b", "igual.csv": tmp_path / "a"})
    assert [(one.field, one.before, one.after) for one in changes(old, new)] == [
        ("en", "Grants", ""),
        ("lista.csv", "lista.csv", "lista.csv"),
    ]
    other = replace(old, translations=(replace(english, body="Other text."),))
    assert [(one.before, one.after) for one in changes(old, other)] == [("Text.", "Other text.")]
