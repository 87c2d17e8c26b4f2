"""Writes docs/template-names.md: every name that a template may use, from the records that hold them.

tools/template_names.py           write the page
tools/template_names.py --check   1 if it is not as it should be
"""

import re
import sys
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from comsoc_cli.newsroom.card import Card, TextCard
from comsoc_cli.rendering import identity, sharing, slots, views

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/template-names.md"
OPENING = """# What a template may use

Made by `make template-names` from the code; `make check` holds the two together. How to use it:
[a look of your own](templates.md).

Besides these records templates have `words`, which writes figures, days and sizes in the text's language; `_("…")` for
a sentence in that language; and `picture("logo.svg")`, a picture beside the templates as an address that holds it.
"""
SECTIONS: tuple[tuple[str, str, Any], ...] = (
    ("`office`", "all templates", views.OfficeView),
    ("`office.identity`", "all templates", identity.IdentityView),
    ("`release`", "page, PDF, mail and text of a release", views.ReleaseView),
    ("one of `release.images`", "", views.ImageView),
    ("`release.share`", "the page, once it is public", sharing.ShareView),
    ("one of `release.attachments` and `release.links`", "", views.FileView),
    ("`release.event`", "", views.EventView),
    ("one of `release.languages`", "", views.TranslationView),
    ("`recipient`", "mails; these can only be printed", slots.RecipientSlots),
    ("one of `entries`", "lists and feeds of the newsroom", Card),
    ("one of an entry's `languages`", "", TextCard),
)


def names(record: Any) -> list[str]:
    return [field.name for field in fields(record)] if is_dataclass(record) else list(slots.NAMES)


def remarks(record: Any) -> dict[str, str]:
    """What the code says beside each name."""
    source = Path(str(sys.modules[record.__module__].__file__)).read_text(encoding="utf-8")
    start = source.index(f"class {record.__name__}")
    end = source.find("\nclass ", start + 1)
    found = re.findall(r"(?m)^    (\w+)(?::[^=#\n]+)?(?: = [^#\n]*?)?  #: (.+)$", source[start:end])
    return dict(found)


def page() -> str:
    parts = [OPENING]
    for title, where, record in SECTIONS:
        said = remarks(record)
        lines = [f"- `{name}`{': ' + said[name] if name in said else ''}" for name in names(record)]
        parts.append(f"## {title}\n\n" + (f"In {where}.\n\n" if where else "") + "\n".join(lines) + "\n")
    blocks = []
    for path in sorted((ROOT / "templates").glob("*.html")):
        found = re.findall(r"{% block (\w+) %}", path.read_text(encoding="utf-8"))
        if found:
            blocks.append(f"- `{path.name}`: {', '.join(f'`{name}`' for name in dict.fromkeys(found))}")
    parts.append(
        "## Blocks\n\nWhat a template that extends a packaged one may override.\n\n" + "\n".join(blocks) + "\n"
    )
    return "\n".join(parts)


def main(words: list[str]) -> int:
    if "--check" in words:
        if PAGE.read_text(encoding="utf-8") == page():
            return 0
        print("docs/template-names.md is not what the code says: make template-names")
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
