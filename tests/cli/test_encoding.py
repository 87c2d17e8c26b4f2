"""What programs leave in a text: conflicts of git, misread letters, control characters, entities."""

import json
import xml.dom.minidom

from support.copydesk import LEAD
from support.offices import Layout, a_release, comsoc


def test_a_conflict_holds_the_approval(office: Layout) -> None:
    body = f"{LEAD}\n\n<<<<<<< HEAD\nSon 12.\n=======\nSon 15.\n>>>>>>> origin/main"
    refused = comsoc(office({"releases/becas.md": a_release(body)}), "approve", "becas", "--yes")
    assert refused.code == 1
    assert "conflict" in refused.err


def test_the_feed_of_an_office_can_be_read_whatever_the_text_holds(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(f"{LEAD}\n\nPrimera\x0bsegunda \x1b[31m.", summary=["Uno \x07 dos"])})
    assert comsoc(root, "approve", "becas", "--yes").code == 0
    assert comsoc(root, "build", "--only", "web").code == 0
    for path in (root / "dist/site").rglob("*"):
        if path.suffix in {".atom", ".xml"}:
            xml.dom.minidom.parse(str(path))
        elif path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))
