"""Whether two versions of comsoc do the same: random office histories, every screen, JSON and file compared.

    python tools/same.py OTHER [--histories 20] [--steps 25]

OTHER is a checkout of the other version; this one is the checkout that the script lies in. Both run with this Python,
so with the same libraries. Prints the first differences of each history; 1 if there are any.
"""

import argparse
import difflib
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "tests"))

from support.histories import PEOPLE, Step, lived  # noqa: E402
from support.offices import CONTACTS, PIXEL, SETTINGS, a_release  # noqa: E402

BEGINNING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
TOPICS = ("becas", "agua", "luz", "salud", "obra")
MORE_SETTINGS = (
    "",
    "\n[approval]\nrequired = 2\n",
    '\n[embargo]\nzones = ["America/Mexico_City"]\n',
    '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-24\nuntil = 2026-11-26\nexempt = ["salud"]\nhide_site = true\n',
    "\n[approval]\nfour_eyes = true\n",
)


def history(chance: random.Random, many: int) -> tuple[dict[str, str | bytes], list[Step]]:
    """An office and what people do in it."""
    settings = SETTINGS + chance.choice(MORE_SETTINGS)
    contacts = CONTACTS + "".join(
        f"  - {{email: p{number}@medio{number % 4}.example, name: Mesa {number}, outlet: Medio {number % 4}, type: "
        f"{chance.choice(('prensa', 'radio', 'municipio'))}}}\n"
        for number in range(chance.randint(0, 9))
    )
    files: dict[str, str | bytes] = {"comsoc.toml": settings, "contacts.yaml": contacts, "releases/foto.png": PIXEL}
    files |= {f"releases/{slug}.md": a_text(chance, slug) for slug in TOPICS[:3]}
    return files, list(steps(chance, many))


def a_text(chance: random.Random, slug: str) -> str:
    """A release, sometimes with what is rare."""
    day = chance.choice(("2026-11-23 10:00", "2026-11-22 09:00", "2026-11-24 12:30"))
    changes: dict[str, object] = {
        "headline": f"{slug.title()}: {chance.choice(('arranca', 'avanza', 'concluye'))} el programa estatal",
        "date": day,
        "topics": [chance.choice(("salud", "educacion"))],
        "segments": chance.choice((["media"], ["media", "acreditada"], ["radio", "media"])),
    }
    if chance.random() < 0.3:
        changes["embargo"] = "2026-11-24 18:00"
    if chance.random() < 0.2:
        changes |= {"kind": "invitacion", "event": {"start": "2026-11-27 10:00", "place": "Patio central"}}
    body = chance.choice(
        (
            f"Son {chance.randint(2, 99)} mil apoyos de 500 pesos en Culiacán.",
            "Se entregó:\n\n| Municipio | Monto |\n|---|---|\n| Elota | $1,200 |\n| Rosario | $900 |",
            "El gobernador dijo: «Vamos bien».\n\n## Datos\n\n- uno\n- dos\n\n> Una cita.",
        )
    )
    return a_release(body, **changes)


def steps(chance: random.Random, many: int) -> Iterator[Step]:
    """What people do: in the order of their clocks, by anybody, with mistakes."""
    at = BEGINNING
    for slug in TOPICS[:2]:
        for who in PEOPLE[:2]:
            yield Step(words=("approve", slug, "--yes"), at=at, who=who)
        yield Step(words=("send", slug, "--segment", chance.choice(("media", "acreditada")), "--yes"), at=at)
    for _ in range(many):
        at += timedelta(minutes=chance.choice((1, 7, 60, 600)))
        slug = chance.choice(TOPICS[:3] if chance.random() < 0.9 else TOPICS)
        who, lang = chance.choice(PEOPLE), chance.choice(("es", "es", "en"))
        segment = chance.choice(("media", "radio", "acreditada"))
        as_json = ("--json",) if chance.random() < 0.4 else ()
        calls: list[tuple[str, ...]] = [
            ("list", *as_json),
            ("check", *as_json),
            ("check", slug, *as_json),
            ("build", *as_json),
            ("build", slug, "--only", "web", *as_json),
            ("build", slug, "--explain", *as_json),
            *[("approve", slug, "--yes", *as_json)] * 4,
            *[("send", slug, "--segment", segment, "--yes", *as_json)] * 4,
            ("send", slug, "--segment", segment, "--dry-run", *as_json),
            ("send", slug, "--yes", *as_json),
            ("send", slug, "--test", "prensa@sinaloa.example", *as_json),
            ("send", slug, "--segment", segment, "--urgent", "Alerta de lluvias", "--yes", *as_json),
            ("send", "--due", "--yes", *as_json),
            ("correct", slug, "--said", "500 pesos", "--should", "900 pesos", *as_json),
            ("correct", slug, "--note", "Se precisa el monto", "--minor", *as_json),
            ("correct", slug, "--note", "Se añade la sede", "--addition", *as_json),
            ("embargo", slug, "--lift", "--yes", *as_json),
            ("embargo", slug, "--until", "2026-11-25 09:00", "--yes", *as_json),
            ("kill", slug, "--reason", "La cifra era falsa", "--yes", *as_json),
            ("status", *as_json),
            ("status", slug, *as_json),
            ("status", "--verify", *as_json),
            ("status", "--audit", *as_json),
            ("contacts", "list", *as_json),
            ("contacts", "list", "--segment", segment, *as_json),
            ("contacts", "check", *as_json),
            ("new", f"Avanza la obra de {slug}", "--no-edit", *as_json),
            ("templates", "list", *as_json),
            (chance.choice(("approve", "send", "kill", "correct", "build")), "--help"),
        ]
        if chance.random() < 0.2:
            yield Step(at=at, files={f"releases/{slug}.md": a_text(chance, slug)})
        elif chance.random() < 0.05:
            yield Step(at=at, gone=f"releases/{slug}.md")
        yield Step(words=chance.choice(calls), at=at, who=who, lang=lang)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path)
    parser.add_argument("--histories", type=int, default=20)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    differ = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "office")
        for number in range(wanted.seed, wanted.seed + wanted.histories):
            files, done = history(random.Random(number), wanted.steps)  # noqa: S311 - a seed, no secret
            before = lived(wanted.other.resolve(), folder, files, done)
            after = lived(HERE, folder, files, done)
            codes = [line[2:] for line in after if line.startswith("= ")]
            verdict = "the same" if before == after else "DIFFER"
            print(f"history {number}: {len(codes)} calls, {codes.count('0')} with 0; {verdict}", flush=True)
            if before != after:
                differ += 1
                print("\n".join(list(difflib.unified_diff(before, after, "other", "this", n=4, lineterm=""))[:80]))
    print(f"{wanted.histories - differ} of {wanted.histories} histories are the same.")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
