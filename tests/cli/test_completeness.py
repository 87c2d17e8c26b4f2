"""Every letter of a text reaches its readers, and where one does not, it is told with its line."""

from collections.abc import Callable
from pathlib import Path

from support.offices import comsoc


def test_check_and_approve_name_the_line(office: Callable[..., Path]) -> None:
    body = "El mercado abre hoy.\n\nEl monto es <por confirmar con Finanzas>.\n"
    root = office({"releases/mercado.md": f"---\nheadline: Abre el mercado\ndate: 2026-11-23 10:00\n---\n{body}"})
    answer = comsoc(root, "check", "mercado", "--json")
    [problem] = [one for one in answer.json["problems"] if one["rule"] == "letters-lost"]
    assert (problem["line"], problem["severity"]) == (7, "error")
    refused = comsoc(root, "approve", "mercado", "--yes")
    assert refused.code == 1
    assert "mercado.md:7" in refused.err
