"""The catalogue of sentences: gather them from code and templates, and compile the Spanish one.

    python tools/messages.py            # add new sentences to the .po, drop those that are gone, compile the .mo
    python tools/messages.py --check    # 1 if something is not translated or not compiled

The .mo is committed, so that a checkout speaks Spanish without a build step.
"""

import gettext
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "comsoc_cli/locale/es/LC_MESSAGES/comsoc.po"
KEYWORDS = dict.fromkeys(("said", "N_", "tr", "translate", "_", "gettext"))
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true", "silent": "false"}
PATTERNS = ("**.html", "**.txt", "**.css")
SOURCES = (
    ("comsoc_cli", [("**.py", "python")], {}),
    ("templates", [(pattern, "jinja2") for pattern in PATTERNS], dict.fromkeys(PATTERNS, _JINJA)),
)
DATE = datetime(2026, 11, 23, tzinfo=UTC)  # says nothing; a date of the day would be a change of its own
HEADER = """\
# The Spanish (Mexico) sentences of comsoc. New ones are added by `make messages`; write the translation after msgstr.
#"""


def gathered() -> set[str]:
    """Every sentence in code and templates."""
    found = set()
    for folder, methods, options in SOURCES:
        path = str(ROOT / folder)
        for _, _, message, _, _ in extract_from_dir(path, methods, options, keywords=KEYWORDS):
            assert isinstance(message, str)
            found.add(message)
    return found


def translated() -> dict[str, str]:
    """The catalogue as it stands."""
    with PO.open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file, locale="es") if entry.id}


def catalogue(sentences: dict[str, str]) -> Catalog:
    """A catalogue in a stable order and without dates."""
    made = Catalog(
        locale="es", project="comsoc", header_comment=HEADER, creation_date=DATE, revision_date=DATE, fuzzy=False
    )
    for sentence in sorted(sentences):
        made.add(sentence, sentences[sentence])
    return made


def in_use(mo: Path) -> dict[str, str]:
    """What the program reads."""
    if not mo.exists():
        return {}
    with mo.open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    return {sentence: spoken.gettext(sentence) for sentence in gathered()}


def compiled(sentences: dict[str, str]) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue(sentences))
    return out.getvalue()


def main(words: list[str]) -> int:
    known = translated() if PO.exists() else {}
    wanted = {sentence: known.get(sentence, "") for sentence in gathered()}
    missing = sorted(sentence for sentence, text in wanted.items() if not text)
    mo = PO.with_suffix(".mo")
    if "--check" in words:
        stale = set(known) != set(wanted) or in_use(mo) != wanted
        print("\n".join(missing) or ("run make messages" if stale else "complete"))
        return int(bool(missing) or stale)
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalogue(wanted), width=0, omit_header=False)
    mo.write_bytes(compiled(wanted))
    print(f"{len(wanted)} sentences, {len(missing)} not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
