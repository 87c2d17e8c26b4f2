"""Adding to suppressions.yaml: in order, whole or not at all, and nothing that stands there is lost."""

from pathlib import Path

import pytest
from support.offices import Layout
from support.suppressions import TODAY, added, addresses

from comsoc_cli.model.contact import Suppression, suppression_reason
from comsoc_cli.office.files import read_text
from comsoc_cli.office.settings import open_office
from comsoc_cli.office.suppressing import SuppressionsOdd, addresses_in, suppress
from comsoc_cli.office.suppressions import read_suppressions


def entry(email: str) -> str:
    return f"  - email: {email}\n    since: 2026-11-23\n"


def test_an_entry_comes_to_its_place_and_comments_stay_with_theirs(office: Layout) -> None:
    text = """\
# Bajas
suppressions:
  # por teléfono
  - email: b@x.example
    since: 2026-01-05  # lunes

  - {email: d@x.example}
# fin
"""
    first, second = text.index("  # por"), text.index("\n  - {email: d")
    root = office({"suppressions.yaml": text})
    assert added(root, "c@x.example", "a@x.example", "e@x.example") == (
        text[:first]
        + entry("a@x.example")
        + text[first:second]
        + "\n"
        + entry("c@x.example")
        + text[second + 1 : text.index("# fin")]
        + entry("e@x.example")
        + "# fin\n"
    )
    assert addresses(root) == [f"{letter}@x.example" for letter in "abcde"]


def test_a_list_in_the_order_of_days_is_put_in_the_order_of_addresses(office: Layout) -> None:
    text = "suppressions:\n- email: z@x.example\n  reason: baja\n- email: a@x.example\n"
    written = added(office({"suppressions.yaml": text}), "m@x.example")
    assert written == (
        "suppressions:\n- email: a@x.example\n- email: m@x.example\n  since: 2026-11-23\n"
        "- email: z@x.example\n  reason: baja\n"
    )


@pytest.mark.parametrize("between", ["  # de octubre\n", "\n"])
def test_groups_that_somebody_made_stay_together(office: Layout, between: str) -> None:
    text = f"suppressions:\n  - email: k@x.example\n  - email: z@x.example\n{between}  - email: a@x.example\n"
    root = office({"suppressions.yaml": text})
    assert text == added(root, "m@x.example").replace(entry("m@x.example"), "")


def test_an_address_that_stands_there_is_added_no_second_time(office: Layout) -> None:
    root = office({"suppressions.yaml": "suppressions:\n  - {email: a@x.example, since: 2026-01-05}\n"})
    before = (root / "suppressions.yaml").read_bytes()
    wanted = [Suppression(email=email, since=TODAY) for email in ("A@X.example", "a@x.example")]
    assert suppress(open_office(root), wanted) == []
    assert (root / "suppressions.yaml").read_bytes() == before


def test_what_is_said_of_it_is_read_again_as_it_was(office: Layout) -> None:
    root = office({})
    said = {"reason": "queja", "detail": 'por correo: "no más", #1 – ñandú {x} \\ : '.strip()}
    added(root, "o'neil+{x}@x.example", **said)
    [found] = read_suppressions(open_office(root))[0].values()
    assert (found.email, found.reason, found.detail) == ("o'neil+{x}@x.example", said["reason"], said["detail"])


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "\n",
        "suppressions:\n",
        "suppressions: []\n",
        "suppressions: []  # nadie\n",
        "suppressions: [ ]",
        "suppressions: ~\n# fin\n",
        '"suppressions":\n',
        "suppressions: [\n]\n",
        "# nadie todavía\n",
        "---\n",
        "---\nsuppressions:\n...\n",
        "# uno\n---\n# dos\n...\n",
        "%YAML 1.1\n---\nsuppressions: []\n",
    ],
)
def test_a_list_of_nobody_is_begun(office: Layout, text: str | None) -> None:
    root = office({})
    if text is not None:
        (root / "suppressions.yaml").write_bytes(text.encode())
    written = added(root, "b@x.example", "a@x.example")
    assert addresses(root) == ["a@x.example", "b@x.example"]
    for comment in ("# nadie", "# fin", "# uno", "# dos", "# nadie todavía"):
        assert comment not in (text or "") or comment in written


#: Whatever `contacts check` reads; each has b and d.
ODD = {
    "flow": "suppressions: [{email: b@x.example, since: 2026-01-05}, {email: d@x.example, reason: 'a, b: c'}]\n",
    "flow on lines": "suppressions: [\n  {email: b@x.example},\n  {email: d@x.example}\n]\n",
    "flow entries": "suppressions:\n  - {email: b@x.example}\n  - {email: d@x.example}\n",
    "all in brackets": "{suppressions: [{email: b@x.example}, {email: d@x.example}]}\n",
    "tabs": "suppressions:\n  - email:\tb@x.example\t# uno\n    reason:\tbaja\n  - email: d@x.example\n",
    "alias": "suppressions:\n  - email: b@x.example\n    reason: &r baja\n  - email: d@x.example\n    reason: *r\n",
    "anchors twice": "suppressions:\n  - &a\n    email: b@x.example\n    reason: &a x\n  - &a {email: d@x.example}\n",
    "dash alone": "suppressions:\n  -\n    email: b@x.example\n  - # aquí\n    email: d@x.example\n",
    "no margin": "suppressions:\n- email: b@x.example\n- email: d@x.example\n",
    "wide": "suppressions:\n      -   email: b@x.example\n          since: 2026-01-05\n      -   email: d@x.example\n",
    "a text": "suppressions:\n  - email: b@x.example\n    detail: |\n     a\n\n     #1\n  - {email: d@x.example}\n",
    "block text last": "suppressions:\n  - email: b@x.example\n  - email: d@x.example\n    reason: |\n      #1\n",
    "end marks": "---\nsuppressions:\n  - email: b@x.example\n  - email: d@x.example\n...\n",
    "no last line end": "suppressions:\n  - email: b@x.example\n  - email: d@x.example",
    "dash in a text": 'suppressions:\n  - email: b@x.example\n    reason: "a\n      - b"\n  - email: d@x.example\n',
    "tag": "suppressions: !!seq\n  - email: b@x.example\n  - email: d@x.example\n",
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_whatever_is_read_is_added_to_and_nothing_is_lost(office: Layout, name: str, end: str, mark: str) -> None:
    root = office({})
    data = (mark + ODD[name].replace("\n", end)).encode()
    (root / "suppressions.yaml").write_bytes(data)
    before, _ = read_suppressions(open_office(root))
    written = added(root, "c@x.example", "a@x.example", "e@x.example")
    after, problems = read_suppressions(open_office(root))
    assert problems == []
    assert sorted(after) == [f"{letter}@x.example" for letter in "abcde"]
    assert {key: after[key] for key in before} == before
    assert written.startswith(mark)
    assert written.count("\r\n") == (written.count("\n") if end == "\r\n" else 0)
    assert [line for line in ODD[name].split("\n") if "#" in line and line not in written] == []


@pytest.mark.parametrize(
    "text",
    [
        "suppressions: [{email: b@x.example}, # uno\n {email: d@x.example}]\n",
        "suppressions: [{email: b@x.example}] # uno\n",
        "suppressions: nadie\n",
        "{}\n",
    ],
)
def test_where_something_would_be_lost_nothing_is_written(office: Layout, text: str) -> None:
    root = office({"suppressions.yaml": text})
    (root / "suppressions.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SuppressionsOdd) as refusal:
        added(root, "a@x.example")
    assert str(refusal.value.message).startswith("suppressions.yaml")
    assert read_text(root / "suppressions.yaml") == text


def test_a_slip_in_another_entry_does_not_keep_somebody_from_being_left_alone(office: Layout) -> None:
    text = "suppressions:\n  - {email: nadie}\n  - {email: b@x.example, sinse: 1}\nsupressions: []\n"
    root = office({"suppressions.yaml": text})
    assert "a@x.example" in added(root, "a@x.example")
    assert set(read_suppressions(open_office(root))[0]) == {"a@x.example", "b@x.example"}


def test_a_link_to_the_file_stays_a_link(office: Layout, tmp_path: Path) -> None:
    root = office({})
    (tmp_path / "bajas.yaml").write_text("suppressions:\n", encoding="utf-8")
    (root / "suppressions.yaml").symlink_to(tmp_path / "bajas.yaml")
    added(root, "a@x.example")
    assert (root / "suppressions.yaml").is_symlink()
    assert "a@x.example" in read_text(tmp_path / "bajas.yaml")


# What is typed


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (["a@x.example", "b@x.example"], ["a@x.example", "b@x.example"]),
        (["a@x.example, b@x.example;c@x.example\n"], ["a@x.example", "b@x.example", "c@x.example"]),
        (["Ana Ruiz <a@x.example>\n# de ayer\n\nmailto:b@x.example  # uno\n"], ["a@x.example", "b@x.example"]),
        (["a@x.example a@x.example"], ["a@x.example"]),
        (["a#1@x.example"], ["a#1@x.example"]),
        (["nadie a@x.example"], ["nadie", "a@x.example"]),
        (["", " \n"], []),
    ],
)
def test_addresses_are_found_in_what_was_pasted(typed: list[str], found: list[str]) -> None:
    assert addresses_in(typed) == found


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("baja", "baja"),
        ("BAJA por correo", "baja"),
        ("Oposicion", "oposición"),
        ("bounce", "rebote"),
        ("rebote: 5.1.1", "rebote"),
        ("lo pidió por teléfono", ""),
        ("", ""),
    ],
)
def test_a_reason_is_known_by_its_first_word(words: str, reason: str) -> None:
    assert suppression_reason(words) == reason
