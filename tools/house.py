"""How plain the house is: the counts of the code, beside those that it should come to.

    python tools/house.py

Counts `comsoc_cli/` alone. A code line is one that is neither empty nor a comment nor a docstring. An arrow is an
import of one module of ours by another, wherever it stands; imports for types alone do not count.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "comsoc_cli"
#: Words that a reader whose first language is another stumbles over.
DIALECT = re.compile(r"\b(whoever|whom|somebody|nobody|of which)\b", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of code."""

    name: str  #: "comsoc_cli.model.release"
    text: str
    tree: ast.Module


def modules() -> list[Module]:
    """Every module of the package."""
    found = []
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        found.append(Module(name, text, ast.parse(text)))
    return found


def imports(module: Module, known: set[str]) -> Iterator[tuple[str, bool]]:
    """Each import of ours: the module, and whether it stands inside a function."""
    hidden = {
        id(node)
        for function in ast.walk(module.tree)
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    for_types = {
        id(node)
        for block in ast.walk(module.tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.dump(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(module.tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(PACKAGE):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else node.module, id(node) in hidden
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(PACKAGE):
                    yield alias.name, id(node) in hidden


def hidden_imports(all_modules: list[Module], known: set[str]) -> int:
    """Statements within functions that import ours."""
    many = 0
    for module in all_modules:
        for function in ast.walk(module.tree):
            if isinstance(function, Function):
                for node in ast.walk(function):
                    if isinstance(node, ast.ImportFrom):
                        many += bool(node.module and node.module.startswith(PACKAGE))
                    elif isinstance(node, ast.Import):
                        many += any(alias.name.startswith(PACKAGE) for alias in node.names)
    return many


def functions(module: Module) -> Iterator[Function]:
    for node in ast.walk(module.tree):
        if isinstance(node, Function):
            yield node


def arguments(function: Function) -> int:
    """How many a caller gives; `self` and `cls` are given by Python."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return len([one for one in every if one.arg not in ("self", "cls")])


def docstrings(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and (text := ast.get_docstring(node)):
            yield text


def code_lines(module: Module) -> int:
    """Lines of code, without those of docstrings."""
    told = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node):
            told |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = enumerate(module.text.splitlines(), 1)
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in told for number, line in lines
    )


def lengths(nodes: Iterator[ast.ClassDef] | Iterator[Function]) -> list[int]:
    return sorted((node.end_lineno or 0) - node.lineno + 1 for node in nodes)


def main() -> int:
    found = modules()
    known = {module.name for module in found}
    arrows = {(module.name, target) for module in found for target, _ in imports(module, known) if target in known}
    every = [function for module in found for function in functions(module)]
    broad = [function for function in every if arguments(function) >= 5]
    classes = lengths(node for module in found for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef))
    bodies = lengths(iter(every))
    odd = [text for module in found for text in docstrings(module) if DIALECT.search(text)]
    longest = max(found, key=lambda module: module.text.count("\n"))
    rows: list[tuple[str, str, str]] = [
        ("modules", f"{len(found)}", ""),
        ("code lines", f"{sum(map(code_lines, found)):,}", "≤ 22,216"),
        ("own imports inside functions", f"{hidden_imports(found, known)}", "≤ 30"),
        ("arrows per module", f"{len(arrows) / len(found):.1f}", "≤ 4.2"),
        ("functions with five arguments or more", f"{100 * len(broad) / len(every):.1f} %", "≤ 1.5 %"),
        ("function length, 90th percentile, lines", f"{quantiles(bodies, n=10)[8]:.0f}", "≤ 19"),
        ("largest class, lines", f"{classes[-1]}", "≤ 180"),
        (
            "longest module, lines",
            f"{longest.text.count(chr(10))} ({longest.name.removeprefix(PACKAGE + '.')})",
            "≤ 400",
        ),
        ("docstrings with whoever, whom, of which, somebody, nobody", f"{len(odd)}", "0"),
    ]
    width = max(len(name) for name, _, _ in rows)
    print(f"{'':{width}}  {'today':>30}  goal")
    for name, today, goal in rows:
        print(f"{name:{width}}  {today:>30}  {goal}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
