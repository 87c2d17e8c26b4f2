"""What is rendered is set as in print: quotation marks, rayas, and no line that ends between a figure and its unit."""

import email
import email.policy
import html
import json

from support.offices import Layout, a_release, comsoc

from comsoc_cli.rendering.typography import NO_BREAK


def test_programs_and_subjects_get_headlines_as_they_were_written(office: Layout) -> None:
    root = office({"releases/becas.md": a_release("Son 48 mil.", headline='Llegan "48 mil" becas')})
    assert comsoc(root, "approve", "becas").code == 0
    assert comsoc(root, "build", "--only", "web,email").code == 0
    feed = json.loads((root / "dist/site/feed.json").read_text(encoding="utf-8"))
    assert feed["items"][0]["title"] == 'Llegan "48 mil" becas'
    assert f"Llegan “48{NO_BREAK}mil” becas" in (root / "dist/site/index.html").read_text(encoding="utf-8")
    mail = html.unescape((root / "dist/press/becas/email.html").read_text(encoding="utf-8"))
    assert f"Llegan “48{NO_BREAK}mil” becas</h1>" in mail
    message = email.message_from_bytes((root / "dist/press/becas/email.eml").read_bytes(), policy=email.policy.default)
    assert message["Subject"] == 'Boletín 1 | Llegan "48 mil" becas'
