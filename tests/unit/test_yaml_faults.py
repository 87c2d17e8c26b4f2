"""Wrong YAML: every fault in one run, each on the line where it is to be mended and in words that say how."""

import textwrap

import pytest
from support.offices import Layout, a_release
from support.readings import the_problems

from comsoc_cli.cli.language import speak, told
from comsoc_cli.office.files import FileFault
from comsoc_cli.office.marked_yaml import plain, read_yaml, salvaged


def told_of(text: str, lang: str = "en") -> list[tuple[int | None, str]]:
    """Line and words of every fault of a text."""
    with pytest.raises(FileFault) as found:
        read_yaml(textwrap.dedent(text).lstrip("\n"))
    speak(lang)
    try:
        return [(one.line, told(one.message)) for one in found.value.all()]
    finally:
        speak("en")


ONE_FAULT = {
    "a colon is missing": ("uno: 1\nnombre Ana\ndos: 2\n", 2, "a colon is missing"),
    "a colon is missing on the first line": ("titular Becas\nfecha: 2026\n", 1, "a colon is missing"),
    "a colon is missing on the last line": ("uno: 1\nnombre Ana\n", 2, "a colon is missing"),
    "a colon is missing above a comment": ("uno: 1\nnombre Ana\n\n# nota\ndos: 2\n", 2, "a colon is missing"),
    "a colon is missing before a list": ("uno: 1\nlista\n  - a\n  - b\ndos: 2\n", 2, "a colon is missing"),
    "a colon is missing in an entry": ("a:\n  - e: 1\n    nombre Ana\n    m: 2\n  - e: 2\n", 3, "a colon is missing"),
    "no space after the colon": ("uno: 1\nnombre:Ana\ndos: 2\n", 2, "space is missing after the colon"),
    "no space after the dash": ("lista:\n  -e: 1\n  - e: 2\n", 2, "space is missing after the dash"),
    "a colon in a text": ("uno: 1\ntitular: Becas: cómo\ndos: 2\n", 2, "quotation marks"),
    "a colon in a text of two lines": ("titular: Becas\n  para todos: ya\nfecha: 1\n", 2, "quotation marks"),
    "a tab before a key": ("uno: 1\n\tdos: 2\ntres: 3\n", 2, "tab"),
    "a tab before an entry": ("lista:\n\t- uno\n", 2, "tab"),
    "a tab within an entry": ("lista:\n  - e: 1\n\tn: 2\n  - e: 2\n", 3, "tab"),
    "a tab after a dash": ("lista:\n  -\te: 1\n    n: 2\n", 2, "tab"),
    "a quotation mark never closed": ('uno: "Arranca\ndos: 2\ntres: 3\n', 1, "opens here is never closed"),
    "a quotation mark that a later one closes": ('uno: "Arranca\ndos: "2"\ntres: 3\n', 1, "opens here is never closed"),
    "an apostrophe never closed": ("a:\n  - e: 1\n    n: 'Fe\n    m: 2\n  - e: 2\n", 3, "opens here is never closed"),
    "text after a quotation mark": ('uno: "Dora" Ruiz\ndos: 2\n', 1, "in the middle"),
    "an apostrophe between apostrophes": ("uno: 'O'Higgins'\ndos: 2\n", 1, "in the middle"),
    "a backslash": ('uno: "C:\\docs"\ndos: 2\n', 1, "backslash"),
    "a bracket at the very end": ("digest: [", 1, "bracket that opens here"),
    "a bracket never closed": ("uno: [a, b\ndos: 2\ntres: 3\n", 1, "bracket that opens here"),
    "a brace never closed": ("lista:\n  - {e: 1, n: 2\n  - {e: 2}\n", 2, "bracket that opens here"),
    "a bracket within a brace never closed": ("uno:\n  - {e: 1, n: [a, b}\n  - {e: 2}\n", 2, "bracket that opens"),
    "a brace of several lines never closed": ("uno: {\n  a: 1,\n  b: 2\ndos: 2\n", 1, "bracket that opens here"),
    "a bracket at the end of the text": ("uno: 1\ndos: [\n", 2, "bracket that opens here"),
    "a comma before nothing": ("uno: [a,\n\n\n", 1, "bracket that opens here"),
    "a bracket too many": ("uno: [a, b]]\ndos: 2\n", 1, "never opened"),
    "a comma is missing": ("uno: {a: 1 b: 2}\ndos: 2\n", 1, "comma"),
    "a comma is missing at the end of a line": ("uno: {a: 1,\n  b: 2\n  c: 3}\ndos: 2\n", 2, "comma"),
    "text after a bracket": ("titular: [Urgente] Becas\ndos: 2\n", 1, "begins with a bracket"),
    "too deep": ("uno: 1\n  dos: 2\ntres: 3\n", 2, "not indented"),
    "not deep enough": ("uno:\n    a: 1\n  b: 2\ndos: 2\n", 3, "not indented"),
    "the first too deep": ("uno:\n      a: 1\n  b: 2\n  c: 3\n", 2, "not indented"),
    "a key of an entry too deep": ("lista:\n  - e: 1\n     n: 2\n  - e: 2\n", 3, "not indented"),
    "a key of an entry not deep enough": ("lista:\n  - e: 1\n   n: 2\n  - e: 2\n", 3, "not indented"),
    "an entry not deep enough": ("lista:\n  - e: 1\n - e: 2\n", 3, "not indented"),
    "an entry among keys": ("uno: 1\n- dos\ntres: 3\n", 2, "not indented"),
    "an at sign": ("uno: 1\nred: @prensa\n", 2, "special character"),
    "a per cent sign": ("uno: %prensa\ndos: 2\n", 1, "special character"),
    "an asterisk": ("uno: **negritas**\ndos: 2\n", 1, "special character"),
    "an asterisk before words": ("uno: *nota al pie\ndos: 2\n", 1, "special character"),
    "an ampersand and a space": ("uno: & socios\ndos: 2\n", 1, "special character"),
    "an ampersand before a word, which YAML would lose": ("uno: &Socios y amigos\ndos: 2\n", 1, "special character"),
    "an ampersand and a word, which YAML would take for nothing": ("uno: &Radio\ndos: 2\n", 1, "special character"),
    "an exclamation mark, whose word YAML would lose": ("uno: !Atención prensa\ndos: 2\n", 1, "special character"),
    "a back quote": ("uno: `x`\ndos: 2\n", 1, "special character"),
    "a bar before a text": ("uno: | hola\ndos: 2\n", 1, "special character"),
    "a dash before a text": ("uno: - hola\ndos: 2\n", 1, "special character"),
    "a key twice": ("uno: 1\ndos: 2\nuno: 3\n", 3, "twice (first on line 1)"),
    "a key twice between braces": ("uno: 1\ndos: {a: 1, a: 2}\n", 2, "twice (first on line 2)"),
    "a control character": ("uno: 1\ndos: a\x07b\n", 2, "control character"),
    "a conflict": ("uno: 1\n<<<<<<< HEAD\ndos: 1\n=======\ndos: 2\n>>>>>>> main\ntres: 3\n", 2, "conflict"),
    "a conflict with the common version": (
        "<<<<<<< HEAD\ndos: 1\n||||||| 12ab\ndos: 0\n=======\ndos: 2\n>>>>>>> main\n", 1, "conflict",
    ),
    "half a conflict": ("uno: 1\n>>>>>>> main\ntres: 3\n", 2, "conflict"),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_FAULT)
@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_fault_is_told_once_on_its_line_with_what_mends_it(case: str, lang: str) -> None:
    text, line, words = ONE_FAULT[case]
    [(where, what)] = told_of(text, lang)
    assert where == line
    if lang == "en":
        assert words in what


SOUND = {
    "a brace that closes as deep as its key": "uno: {\n  a: 1,\n}\ndos: [\n  x,\n  y,\n]\n",
    "entries as deep as their key": "lista:\n- a: 1\n  b: 2\n- a: 2\ndos: 2\n",
    "a text of several lines": "uno: >\n  dos: tres\n  - @cuatro\n\n  \tcinco\nseis: |\n  [siete\n",
    "quotation marks over lines": 'uno: "dos\n  tres: cuatro"\ncinco: 6\n',
    "a line of equals signs in a text": "uno: |\n  =======\ndos: 2\n",
}


@pytest.mark.parametrize("case", SOUND)
def test_beside_a_fault_nothing_sound_is_blamed(case: str) -> None:
    lines = SOUND[case].count("\n")
    assert told_of(f"{SOUND[case]}nombre Ana\nfin: 1\n") == [
        (lines + 1, "a colon is missing: every line reads “key: value”")
    ]
    assert plain(read_yaml(salvaged(f"{SOUND[case]}nombre Ana\n").text)) == plain(read_yaml(SOUND[case]))


def test_the_frontmatter_tells_all_its_faults_by_key(office: Layout) -> None:
    text = (
        a_release().replace("kind:", "kind boletin #").replace('dateline: "Culiacán, Sinaloa"', "dateline: @Culiacán")
    )
    text = text.replace('contact: "prensa"', 'contact: "prensas"\nfecha_mala: 1')
    found = {(one.line, one.rule) for one in the_problems(office({"releases/becas.md": text}))}
    assert {(3, "syntax"), (5, "syntax"), (8, "unknown-key")} <= found
    assert not any(rule == "missing" for _, rule in found)


@pytest.mark.parametrize("place", ["before the frontmatter", "within it"])
def test_a_conflict_in_a_release_is_called_so(place: str, office: Layout) -> None:
    head = "<<<<<<< HEAD\n"
    text = a_release()
    text = head + text if place == "before the frontmatter" else text.replace("---\n", "---\n" + head, 1)
    text = text.replace("kind:", "=======\n>>>>>>> main\nkind:", 1)
    first = the_problems(office({"releases/becas.md": text}))[0]
    assert (first.line, first.rule) == (1 if place == "before the frontmatter" else 2, "conflict")


def test_ten_thousand_contacts_with_a_few_faults_are_taken_apart_once_each() -> None:
    rows = [f"  - {{email: p{n}@m.example, name: P{'' if n % 1000 == 7 else '}'}" for n in range(10_000)]
    found = salvaged("contacts:\n" + "\n".join(rows)).faults
    assert [fault.line for fault in found] == list(range(9, 10_000, 1000))
