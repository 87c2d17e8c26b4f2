"""The public site has no byte of what must not be there."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.offices import (
    PIXEL,
    Layout,
    a_release,
    comsoc,
)
from support.steps import LATER, done, edit, killed, mentions, site

SECRET = {
    "releases/secreto/index.md": a_release(
        "Párrafo reservado del texto.\n\n![Plano](plano.png)",
        headline="Titular reservado",
        subhead="Sumario reservado",
        topics=["educacion"],
        images=[{"src": "plano.png", "alt": "Plano reservado", "caption": "Pie reservado"}],
        attachments=["anexo-reservado.pdf"],
        segments=["media", "acreditada"],
        kind="invitacion",
        event={"start": "2026-11-25 09:00", "place": "Patio central"},
    ),
    "releases/secreto/plano.png": PIXEL + b"los bytes del plano",
    "releases/secreto/anexo-reservado.pdf": b"%PDF-1.7 anexo reservado",
}
TRACES = ("reservad", "anexo-reservado", "plano.png", b"los bytes del plano")
EVENT = ("2026-11-25", "20261125", "Patio central")  #: of a cancelled event, day and place are told


def unapproved(folder: Path) -> None:
    """Nothing is done."""


def under_embargo(folder: Path) -> None:
    edit(folder, "kind:", 'embargo: "2026-11-24 18:00"\nkind:', "releases/secreto/index.md")
    done(comsoc(folder, "approve", "secreto"))


def in_a_blackout(folder: Path) -> None:
    done(comsoc(folder, "approve", "secreto"))
    with (folder / "comsoc.toml").open("a") as settings:
        settings.write('[[blackouts]]\nname = "Campañas"\nfrom = 2026-11-23\nhide_site = true\n')


def withdrawn(folder: Path) -> None:
    done(comsoc(folder, "approve", "secreto"))
    done(comsoc(folder, "approve", "secreto", "--withdraw"))


@pytest.mark.parametrize("state", [unapproved, under_embargo, in_a_blackout, withdrawn, killed])
@pytest.mark.parametrize("before", ["never", "public", "public, and the cache was lost"])
def test_the_public_site_has_no_byte_of_what_must_not_be_there(
    office: Layout, state: Callable[[Path], None], before: str
) -> None:
    """Neither in a new site nor in one that showed it before."""
    folder = office(SECRET)
    done(comsoc(folder, "approve", "becas", now="2026-11-20T18:00:00+00:00"))
    if before != "never":
        done(comsoc(folder, "approve", "secreto"))
        assert mentions(site(folder, LATER), *TRACES)
        shutil.rmtree(folder / "approved/secreto")
    if before.endswith("lost"):
        (folder / ".comsoc/build.db").unlink()
    if before == "public":
        done(comsoc(folder, "build", "--jobs", "1"))  # with PDFs
    state(folder)
    files = site(folder, LATER)
    assert mentions(files, *TRACES, *(() if state is killed else EVENT)) == []
    assert bool(mentions(files, "Arranca")) is (state is not in_a_blackout)
