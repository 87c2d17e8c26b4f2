"""What `comsoc check --explain` says of a rule of the copy desk."""

from typing import TYPE_CHECKING, Any

from comsoc_cli.cli.language import N_, told, tr
from comsoc_cli.errors import USAGE, Refusal
from comsoc_cli.message import said

if TYPE_CHECKING:
    from comsoc_cli.copydesk.rule import Rule
    from comsoc_cli.model.settings import Settings

SEVERITIES = {
    "error": N_("error"),
    "warning": N_("warning"),
    "info": N_("info"),
    "off": N_("off"),
}


class UnknownRule(Refusal):
    """There is nothing to explain."""

    exit_code = USAGE

    def __init__(self, name: str, nearest: str) -> None:
        super().__init__(
            said("There is no rule “{name}”.", name=name),
            said("Perhaps it is this one: comsoc check --explain {nearest}", nearest=nearest),
        )


def found_rule(name: str) -> "Rule":
    """The rule of that name; raises UnknownRule."""
    from difflib import get_close_matches

    from comsoc_cli.copydesk.rules import BY_NAME

    if name not in BY_NAME:
        raise UnknownRule(name, next(iter(get_close_matches(name, BY_NAME, n=1, cutoff=0)), ""))
    return BY_NAME[name]


def explanation(rule: "Rule", settings: "Settings | None") -> dict[str, Any]:
    """A rule as a document; `settings` are the office's, where there is one."""
    limits = {kind or "*": limit for kind, limit in rule.limits.items()}
    severity = rule.severity.value
    if settings:
        severity = settings.check.severity.get(rule.name, severity)
        limits |= settings.check.limits.get(rule.name, {})
    return {
        "rule": rule.name,
        "summary": told(rule.summary),
        "severity": severity,
        "scope": rule.scope.value,
        "languages": list(rule.languages),
        "limits": limits,
        "explanation": told(rule.explanation),
        "bad": rule.bad,
        "good": rule.good,
        "fixable": rule.fixable,
    }


def explained(document: dict[str, Any]) -> str:
    """The same for a person."""
    lines = [f"{document['rule']}  ({tr(SEVERITIES[document['severity']])})", document["summary"], ""]
    lines += [document["explanation"], ""]
    if document["limits"]:
        every = [f"{limit:g}" if kind == "*" else f"{kind} {limit:g}" for kind, limit in document["limits"].items()]
        lines.append(tr("Limits: {limits}", limits=", ".join(every)))
    if document["languages"]:
        lines.append(tr("Languages: {languages}", languages=", ".join(document["languages"])))
    if document["fixable"]:
        lines.append(tr("What is safe to mend, comsoc check --fix mends."))
    lines += ["", "✗ " + document["bad"].replace("\n", "\n  "), "✓ " + document["good"].replace("\n", "\n  "), ""]
    lines.append(tr("To silence it in one text: {comment}", comment=f"<!-- comsoc: allow {document['rule']} … -->"))
    return "\n".join(lines)
