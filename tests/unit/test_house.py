"""The rows of the house: a package imports only from rows below its own, and third parties stay behind their fences."""

import ast
from collections.abc import Iterator

from support.offices import ROOT

PACKAGE = ROOT / "comsoc_cli"
#: From the top down; packages in one row do not know each other.
ROWS = (
    {"__main__"},
    {"cli"},
    {"press"},
    {"delivery", "newsroom"},
    {"safeguards", "checks"},
    {"copydesk"},
    {"rendering"},
    {"office", "ledger"},
    {"model"},
    {"errors"},
    {"message", "catalogue"},
)
ROW = {name: number for number, row in enumerate(ROWS) for name in row}
#: Who may import what from outside; a prefix of the module's name.
FENCES = {
    "typer": ("cli",),
    "rich": ("cli",),
    "jinja2": ("rendering",),
    "markupsafe": ("rendering", "newsroom"),
    "markdown": ("rendering",),
    "nh3": ("rendering",),
    "css_inline": ("rendering",),
    "icalendar": ("rendering",),
    "babel": ("rendering",),
    "PIL": ("rendering.pictures", "rendering.pixels"),
    "weasyprint": ("rendering.pdf",),
    "yaml": ("office",),
    "ruamel": ("office",),
    "frontmatter": ("office.frontmatter_text",),
    "pydantic": ("office",),
    "email_validator": ("office.addresses",),
    "yagmail": ("delivery.transports.smtp",),
    "smtplib": ("delivery.transports.smtp", "delivery.transports.smtp_line", "delivery.transports.smtp_session"),
    "cryptography": ("delivery.signing",),
    "hunspell": ("copydesk.spelling",),
    "idna": ("rendering.heading",),
    "keyring": ("delivery.secrets",),
    "sqlalchemy": ("ledger",),
}
STANDARD_ONLY = ("model", "errors", "message", "catalogue")


def imports() -> Iterator[tuple[str, str, int]]:
    """Every import of the package: the module that imports, what, and on which line."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((module, alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                if node.module == "comsoc_cli" or node.module == "comsoc_cli.cli":
                    yield from ((module, f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
                else:
                    yield module, node.module, node.lineno


def test_every_package_stands_in_a_row() -> None:
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert found - {"__init__"} == set(ROW), "give the new package a row in tests/test_house.py"


def test_a_package_imports_only_from_rows_below_its_own() -> None:
    strays = []
    for module, imported, line in imports():
        mine, other = module.split(".")[0], imported.split(".")[1] if imported.startswith("comsoc_cli.") else ""
        if other in ROW and mine in ROW and other != mine and ROW[mine] >= ROW[other]:
            strays.append(f"comsoc_cli/{module.replace('.', '/')}.py:{line} imports {imported}")
    assert not strays, (
        "a package may only know rows below its own; move what is shared further down, or hand it in as an argument: "
        + "; ".join(strays)
    )


def test_third_parties_stay_behind_their_fences() -> None:
    strays = [
        f"comsoc_cli/{module.replace('.', '/')}.py:{line} imports {imported}"
        for module, imported, line in imports()
        for fenced, allowed in FENCES.items()
        if (imported == fenced or imported.startswith(fenced + "."))
        and not any(module == place or module.startswith(place + ".") for place in allowed)
    ]
    assert not strays, "these belong behind the fence of tests/test_house.py: " + "; ".join(strays)


def test_the_nouns_need_the_standard_library_only() -> None:
    import sys

    strays = [
        f"{module}:{line} imports {imported}"
        for module, imported, line in imports()
        if module.split(".")[0] in STANDARD_ONLY
        and imported.split(".")[0] not in {*sys.stdlib_module_names, "comsoc_cli"}
    ]
    assert not strays


def test_no_module_is_too_long_to_read_in_one_sitting() -> None:
    long = {path.name: count for path in PACKAGE.rglob("*.py") if (count := len(path.read_text().splitlines())) > 400}
    assert not long, "cut it where it has two subjects"
