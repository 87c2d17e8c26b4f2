"""Writes docs/check-rules.md: every rule of the copy desk, from the rules themselves.

tools/check_rules.py           write the page
tools/check_rules.py --check   1 if it is not as it should be
"""

import sys
from pathlib import Path
from textwrap import fill

from comsoc_cli.copydesk.rule import Rule, Scope
from comsoc_cli.copydesk.rules import RULES

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/check-rules.md"
OPENING = """# The rules of `comsoc check`

Made by `make check-rules` from the code; `make check` holds the two together. How they are weighed, adjusted and
silenced: [checking](checking.md). `comsoc check --explain RULE` says the same in the language of the interface.
"""
TITLES = {
    Scope.HEADLINE: "Headline",
    Scope.SUBHEAD: "Subhead",
    Scope.SUMMARY: "Summary",
    Scope.BODY: "Text",
    Scope.MEDIA: "Links, pictures, attachments",
    Scope.RELEASE: "The release as a whole",
    Scope.OFFICE: "What the office says elsewhere",
}
LANGUAGES = {"es": "Spanish", "en": "English"}


def section(rule: Rule) -> str:
    facts = [f"**{rule.severity.value}**"]
    if rule.limits:
        limits = [f"{limit:g}" if not kind else f"`{kind}` {limit:g}" for kind, limit in rule.limits.items()]
        facts.append("limit " + ", ".join(limits))
    if len(rule.languages) == 1:
        facts.append(f"{LANGUAGES[rule.languages[0]]} only")
    if rule.fixable:
        facts.append("mended by `--fix` where that is safe")
    marked = (("✗", rule.bad), ("✓", rule.good))
    example = "\n".join(f"{mark} {line}" for mark, text in marked for line in text.split("\n"))
    return (
        f"### `{rule.name}`\n\n{rule.summary} {'; '.join(facts)}.\n\n{_filled(str(rule.explanation))}\n\n"
        f"````text\n{example}\n````\n"
    )


def _filled(text: str) -> str:
    return fill(text, width=120, break_long_words=False, break_on_hyphens=False)


def page() -> str:
    parts = [OPENING]
    for scope, title in TITLES.items():
        found = [section(rule) for rule in RULES if rule.scope is scope]
        parts += [f"## {title}\n", *found] if found else []
    return "\n".join(parts)


def main(words: list[str]) -> int:
    if "--check" in words:
        if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
            return 0
        print("docs/check-rules.md is not what the rules say: make check-rules")
        return 1
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
