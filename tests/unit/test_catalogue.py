"""Spanish is complete: every sentence of code and templates has its translation, with the same facts in it."""

import re

import messages

FACTS = re.compile(r"\{[a-zA-Z_]+\}|%\([a-z_]+\)s")
CATALOGUE = messages.translated()


def test_every_sentence_has_a_translation() -> None:
    missing = [sentence for sentence in messages.gathered() if not CATALOGUE.get(sentence)]
    assert not missing, "write their Spanish into comsoc.po after `make messages`"


def test_no_sentence_is_left_that_nobody_says() -> None:
    assert set(CATALOGUE) == messages.gathered(), "run `make messages`"


def test_what_the_program_reads_is_the_catalogue() -> None:
    assert messages.in_use(messages.PO.with_suffix(".mo")) == CATALOGUE, "run `make messages`"


def test_every_translation_has_the_facts_of_its_sentence() -> None:
    other = [one for one in CATALOGUE if set(FACTS.findall(CATALOGUE[one])) != set(FACTS.findall(one))]
    assert not other
