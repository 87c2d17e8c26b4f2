"""What the shell offers after Tab: slugs, segments, kinds; read quickly, and silently where there is no office."""

import re
from pathlib import Path

import typer


def slugs(context: typer.Context, incomplete: str) -> list[str]:
    """The releases on the desk and in the vault."""
    root = _root(context)
    if root is None:
        return []
    found = {path.stem.split(".")[0] for path in (root / "releases").glob("*.md")}
    found |= {path.parent.name for path in (root / "releases").glob("*/index.md")}
    found |= {path.name for path in (root / "approved").glob("*") if path.is_dir()}
    return sorted(slug for slug in found if slug.startswith(incomplete))


def segments(context: typer.Context, incomplete: str) -> list[str]:
    """The segments of contacts.yaml."""
    root = _root(context)
    if root is None or not (root / "contacts.yaml").is_file():
        return []
    text = (root / "contacts.yaml").read_text(encoding="utf-8", errors="replace")
    block = re.search(r"(?ms)^segments:\s*\n(.*?)(?=^\S|\Z)", text)
    names = re.findall(r"(?m)^ {1,4}([\w-]+):", block[1]) if block else []
    return sorted({name for name in names if name.startswith(incomplete)})


def contacts(context: typer.Context, incomplete: str) -> list[str]:
    """The addresses of contacts.yaml."""
    root = _root(context)
    if root is None or not (root / "contacts.yaml").is_file():
        return []
    text = (root / "contacts.yaml").read_text(encoding="utf-8", errors="replace")
    found = re.findall(r"(?m)\bemail: *[\"']?([^\s\"',}]+)", text)
    return sorted({address for address in found if address.startswith(incomplete)})


def kinds(context: typer.Context, incomplete: str) -> list[str]:
    """The packaged kinds and the office's own."""
    root = _root(context)
    found = {"boletin", "invitacion", "posicionamiento", "nota-informativa", "tarjeta", "aviso"}
    if root is not None:
        found |= set(
            re.findall(
                r"(?m)^\[kinds\.([\w-]+)\]", (root / "comsoc.toml").read_text(encoding="utf-8", errors="replace")
            )
        )
    return sorted(kind for kind in found if kind.startswith(incomplete))


def _root(context: typer.Context) -> Path | None:
    given = (context.find_root().params or {}).get("folder") or "."
    start = Path(given).absolute()
    return next((folder for folder in (start, *start.parents) if (folder / "comsoc.toml").is_file()), None)
