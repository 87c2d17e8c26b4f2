"""Blackouts: the authority's ruling lets a text pass, and hide_site has no default."""

from support.blackout_rulings import RULING, VEDA
from support.offices import SETTINGS, Layout, comsoc, messages
from support.test_sends import a_test


def test_build_says_that_the_site_hides_what_was_public(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + VEDA, "releases/becas.md": None})
    assert "hide_site has no answer" in comsoc(root, "build", "--only", "web").err
    assert "hide_site" not in comsoc(root, "build", "--only", "web", now="2026-12-20T18:00:00+00:00").err


def test_a_ruling_is_recorded_sent_and_audited(office: Layout) -> None:
    root = office({"comsoc.toml": SETTINGS + VEDA})
    assert comsoc(root, "approve", "becas", "--ruling", RULING).code == 2, "somebody answers for it"
    assert comsoc(root, "approve", "becas").code == 0
    assert a_test(root, "yo@sinaloa.example").code == 3
    assert comsoc(root, "approve", "becas", "--legal", "Lic. Mora", "--ruling", RULING).code == 0
    written = (root / "approved/becas/r1/approval.yaml").read_text(encoding="utf-8")
    assert f'ruling: "{RULING}"' in written
    assert a_test(root, "yo@sinaloa.example").code == 0
    assert comsoc(root, "send", "becas", "--segment", "media", "--yes").code == 0
    assert len(messages(root)) == 4
    sent = comsoc(root, "status", "--audit", "--public", "--json").json["sent"]
    assert {word["ruling"] for entry in sent for word in entry["words"]} == {RULING}
    assert "Mora" not in comsoc(root, "status", "--audit", "--public").out
    assert f"resolución: {RULING}" in comsoc(root, "status", "--audit", "--csv", lang="es").out
