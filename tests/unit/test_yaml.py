"""YAML and frontmatter, read strictly: every scalar is what was typed, every fault has its line."""

import contextlib
import textwrap

import pytest
from support.offices import Layout, a_release
from support.readings import the_problems, the_release

from comsoc_cli.office.files import FileFault
from comsoc_cli.office.frontmatter_text import split
from comsoc_cli.office.marked_yaml import line_of, plain, read_mapping, read_yaml


def text_of(indented: str) -> str:
    return textwrap.dedent(indented).lstrip("\n")


def fault_in_yaml(indented: str) -> FileFault:
    with pytest.raises(FileFault) as found:
        read_mapping(text_of(indented))
    return found.value


def fault_in_file(indented: str) -> FileFault:
    with pytest.raises(FileFault) as found:
        split(text_of(indented))
    return found.value


@pytest.mark.parametrize(
    "typed",
    ["no", "yes", "on", "Sí", "true", "12:30", "2026-11-23", "2026-11-23 10:00", "0667", "1e3", "1_000", "0x1F", ".5"],
)
def test_a_value_stays_the_text_that_was_typed(typed: str) -> None:
    assert read_mapping(f"valor: {typed}") == {"valor": typed}


@pytest.mark.parametrize("typed", ["", "~", "null"])
def test_an_empty_value_is_none(typed: str) -> None:
    assert read_mapping(f"valor: {typed}") == {"valor": None}


def test_an_empty_value_in_quotation_marks_is_a_text() -> None:
    assert read_mapping("valor: ''") == {"valor": ""}


@pytest.mark.parametrize("text", ["", "\n\n", "# sólo un comentario\n", "---\n", "---\n...\n"])
def test_an_empty_document_is_an_empty_mapping(text: str) -> None:
    assert read_mapping(text) == {}


def test_every_key_and_item_knows_its_line() -> None:
    found = read_mapping(
        text_of("""
        # comentario
        uno: 1
        lista:
          - a
          - nombre: b

            clave: c
    """)
    )
    assert line_of(found, ("uno",)) == 2
    assert line_of(found, ("lista", 0)) == 4
    assert line_of(found, ("lista", 1, "clave")) == 7
    assert line_of(found, ("lista", 1, "no-existe")) == 5


def test_lines_count_from_the_place_of_the_text_in_its_file() -> None:
    assert read_mapping("uno: 1\ndos: 2", first_line=10).lines == {"uno": 10, "dos": 11}


def test_a_duplicate_key_is_a_fault_with_both_lines() -> None:
    fault = fault_in_yaml("""
        uno: 1
        dos: 2
        uno: 3
    """)
    assert (fault.rule, fault.line) == ("duplicate-key", 3)
    assert "uno" in str(fault.message)
    assert "line 1" in str(fault.message)


def test_a_duplicate_key_within_a_list_is_found_as_well() -> None:
    fault = fault_in_yaml("""
        contacts:
          - email: a@x.example
            name: A
            email: b@x.example
    """)
    assert (fault.rule, fault.line) == ("duplicate-key", 4)


def test_the_same_key_in_two_mappings_is_no_duplicate() -> None:
    assert plain(read_mapping("a: {x: 1}\nb: {x: 2}")) == {"a": {"x": "1"}, "b": {"x": "2"}}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("uno: 1\n\tdos: 2\n", 2, "tab"),
        ("uno:\n\t- dos\n", 2, "tab"),
        ("uno: Sinaloa: once ríos\n", 1, "quotation marks"),
        ("uno: 1\ndos: [a, b\ntres: 3\n", 2, "bracket"),
        ("uno: 1\ndos: @prensa\n", 2, "quotation marks"),
        ("uno: 1\ndos: %prensa\n", 2, "quotation marks"),
        ("uno: 1\n  dos: 2\n", 2, ""),
        ("uno: 1\n? [a, b]\n: 2\n", 2, "key"),
        ("uno: 1\n---\ndos: 2\n", 2, "second document"),
        ("- a\n- b\n", 1, "key: value"),
        ("sólo texto\n", 1, "key: value"),
        ("uno: 1\ndos: \x07\n", 2, "control character"),
    ],
)
def test_a_slip_is_told_in_plain_words_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(FileFault) as found:
        read_mapping(text)
    assert found.value.line == line
    assert word in str(found.value.message)


def test_a_quotation_mark_that_is_never_closed_is_told_with_a_line() -> None:
    fault = fault_in_yaml("""
        uno: 1
        dos: "Arranca el programa
        tres: 3
    """)
    assert fault.line in {2, 3, 4}
    assert "quotation mark" in str(fault.message)


def test_an_anchor_may_be_named_again() -> None:
    assert plain(read_mapping("uno: &x [a, b]\ndos: *x")) == {"uno": ["a", "b"], "dos": ["a", "b"]}


@pytest.mark.parametrize(
    "text",
    ["uno: 1\ndos: &x [*x]", "uno: 1\ndos: &x {y: *x}", "uno: 1\ndos: *nadie", "uno: 1\ndos: [*despues, &despues a]"],
)
def test_an_anchor_that_refers_to_itself_or_to_nothing_is_a_fault(text: str) -> None:
    with pytest.raises(FileFault) as found:
        read_mapping(text)
    assert found.value.line == 2


def test_a_text_that_multiplies_itself_is_a_fault_before_it_is_unfolded() -> None:
    lines = ["a0: &a0 [ja, ja, ja, ja, ja, ja, ja, ja, ja, ja]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 30)]
    with pytest.raises(FileFault, match="repeats too much"):
        read_mapping("\n".join(lines))


@pytest.mark.parametrize("depth", [60, 2_000, 50_000])
def test_lists_nested_without_end_are_a_fault(depth: int) -> None:
    with pytest.raises(FileFault) as found:
        read_yaml("uno: 1\ndos: " + "[" * depth + "]" * depth)
    assert found.value.line == 2


def test_a_nesting_that_people_write_is_read() -> None:
    assert plain(read_yaml("[[[[[[[[uno]]]]]]]]")) == [[[[[[[["uno"]]]]]]]]


@pytest.mark.parametrize(("inner", "outer", "is_read"), [(25, 24, True), (25, 27, False), (51, 0, False)])
def test_a_nesting_counts_through_the_anchors_that_are_named_again(inner: int, outer: int, is_read: bool) -> None:
    text = f"- &x {'[' * inner}a{']' * inner}\n- {'[' * outer}*x{']' * outer}\n"
    with contextlib.nullcontext() if is_read else pytest.raises(FileFault):
        read_yaml(text)


# Frontmatter


def test_frontmatter_and_body_come_apart() -> None:
    matter, body, line = split("---\nheadline: Becas\n---\n\nTexto.\n")
    assert (dict(matter), body, line) == ({"headline": "Becas"}, "Texto.", 5)


def test_frontmatter_that_is_never_closed_is_a_fault_and_never_text() -> None:
    fault = fault_in_file("""
        ---
        headline: Becas
        segments: [media]

        Texto de la publicación.
    """)
    assert fault.line is not None
    assert fault.rule in {"frontmatter", "syntax"}


def test_a_rule_in_the_text_does_not_close_the_frontmatter() -> None:
    fault = fault_in_file("""
        ---
        headline: Becas

        El texto empieza aquí y sigue.

        ---

        Y termina aquí.
    """)
    assert fault.line is not None


def test_a_file_without_frontmatter_is_a_fault_on_its_first_line() -> None:
    fault = fault_in_file("Arranca el programa\n\nTexto.\n")
    assert (fault.rule, fault.line) == ("frontmatter", 1)


def test_an_empty_file_is_a_fault() -> None:
    with pytest.raises(FileFault) as found:
        split("")
    assert found.value.rule == "frontmatter"


@pytest.mark.parametrize("matter", ["- uno\n- dos", "[uno, dos]", "sólo texto"])
def test_a_list_or_a_text_as_frontmatter_is_a_fault(matter: str) -> None:
    with pytest.raises(FileFault):
        split(f"---\n{matter}\n---\n\nTexto.\n")


def test_a_rule_in_the_body_belongs_to_the_body() -> None:
    _, body, _ = split("---\nheadline: Becas\n---\n\nUno.\n\n---\n\nDos.\n")
    assert body == "Uno.\n\n---\n\nDos."


@pytest.mark.parametrize("key", ["content", "handler", "metadata", "self", "encoding"])
def test_no_key_breaks_the_reading(key: str) -> None:
    matter, body, _ = split(f"---\nheadline: Becas\n{key}: algo\n---\n\nTexto.\n")
    assert matter[key] == "algo"
    assert body == "Texto."


def test_a_duplicate_key_is_told_with_its_line_in_the_file() -> None:
    fault = fault_in_file("""
        ---
        headline: Becas
        kind: boletin
        headline: Otras becas
        ---

        Texto.
    """)
    assert (fault.rule, fault.line) == ("duplicate-key", 4)


@pytest.mark.parametrize("blank", [0, 1, 3])
def test_lines_are_right_below_leading_blank_lines(blank: int) -> None:
    matter, body, line = split("\n" * blank + "---\nheadline: Becas\nkind: boletin\n---\n\n\nTexto.\n\nMás.\n")
    assert matter.lines == {"headline": blank + 2, "kind": blank + 3}
    assert body == "Texto.\n\nMás."
    assert line == blank + 7


@pytest.mark.parametrize("blank", [1, 2, 3])
def test_lines_are_right_with_blank_lines_after_the_opening_line(blank: int) -> None:
    matter, _, line = split("---\n" + "\n" * blank + "headline: Becas\n---\nTexto.\n")
    assert matter.lines == {"headline": blank + 2}
    assert line == blank + 4


def test_lines_are_right_when_white_space_follows_the_marks_and_the_text() -> None:
    matter, body, line = split("---  \nheadline: Becas\n--- \n \n\n  Texto.  \n \n\n")
    assert matter.lines == {"headline": 2}
    assert (body, line) == ("Texto.", 6)


def test_a_file_with_crlf_has_the_same_lines_and_the_same_text(office: Layout) -> None:
    text = a_release("Uno.\n\nDos.\n\n![](nada.jpg)")
    plain_one = office({"releases/becas.md": text})
    unix, unix_problems = the_release(plain_one), the_problems(plain_one)
    windows = office({"releases/becas.md": text.replace("\n", "\r\n").encode()})
    assert the_release(windows).body == unix.body
    assert the_release(windows).body_line == unix.body_line
    assert [problem.line for problem in the_problems(windows)] == [problem.line for problem in unix_problems]


def test_a_byte_order_mark_is_not_part_of_the_text(office: Layout) -> None:
    release = the_release(office({"releases/becas.md": b"\xef\xbb\xbf" + a_release("Texto.").encode()}))
    assert release.headline == "Arranca el programa estatal de becas"
    assert release.body == "Texto."


def test_a_slip_in_a_release_is_told_with_its_place(office: Layout) -> None:
    root = office({"releases/becas.md": "---\nheadline: Becas: cómo y cuándo\n---\n\nTexto.\n"})
    [problem] = the_problems(root)
    assert (problem.path, problem.line, problem.rule) == ("releases/becas.md", 2, "syntax")


def test_dates_and_words_of_a_release_stay_as_typed_for_its_approval(office: Layout) -> None:
    text = "---\nheadline: Becas\ndate: 2026-11-23\ntopics: [no, 12:30, 2026-01-01]\n---\n\nTexto.\n"
    release = the_release(office({"releases/becas.md": text}))
    assert release.topics == ("no", "12:30", "2026-01-01")
    assert release.frontmatter["date"] == "2026-11-23"
