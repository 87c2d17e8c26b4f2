"""Comments with which a text silences a rule for itself: <!-- comsoc: allow RULE reason -->."""

import re

ALLOWED = re.compile(r"<!--\s*comsoc:\s*allow\b[ \t]*(?P<rule>[\w-]*)(?P<reason>.*?)\s*(?:-->|\Z)", re.DOTALL)
#: A comment that begins like one, and is none.
ADDRESSED = re.compile(r"<!--\s*comsoc\b(?!:\s*allow\b)")


def allowed(body: str) -> frozenset[str]:
    """The rules that a text silences, with a reason."""
    return frozenset(found["rule"] for found in ALLOWED.finditer(body) if found["reason"].strip())
