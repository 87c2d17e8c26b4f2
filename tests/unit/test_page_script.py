"""The one script of a page: a button that copies the text, for those who have scripts; nobody needs it."""

import base64
import hashlib
import re

import pytest
from support.offices import ROOT
from support.texts import a_text, approved, documents

DOCS = ROOT / "docs/templates.md"


def page(**changes: str) -> str:
    text = a_text(**changes)
    return documents().page(approved(text), text)


def test_without_script_there_is_the_link_and_no_button_to_be_seen() -> None:
    shown = page()
    assert 'href="becas.txt" type="text/plain"' in shown
    assert re.search(r'<span class="copy" hidden><button type="button"[^>]*>', shown)


@pytest.mark.parametrize(
    ("language", "words"), [("es-MX", ("Copiar el texto", "Copiado")), ("en", ("Copy the text", "Copied"))]
)
def test_the_button_speaks_the_texts_language_and_says_politely_what_it_did(
    language: str, words: tuple[str, str]
) -> None:
    shown = page(language=language)
    assert f">{words[0]}</button>" in shown
    assert f'data-done="{words[1]}"' in shown
    assert '<span role="status"></span>' in shown


def test_the_script_is_one_fetches_nothing_and_is_the_one_that_the_docs_allow() -> None:
    scripts = re.findall(r"<script>(.*?)</script>", page(), re.DOTALL)
    assert len(scripts) == 1
    assert not re.search(r"eval|Function|fetch\(|XMLHttp|import|innerHTML|document\.write|https?:", scripts[0])
    assert scripts == re.findall(r"<script>(.*?)</script>", page(body="Otro.", language="en"), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in DOCS.read_text(encoding="utf-8")


def test_a_page_of_two_thousand_words_weighs_less_than_60_kb() -> None:
    assert len(page(body="El programa arranca hoy en el estado.\n\n" * 290).encode()) < 60_000
