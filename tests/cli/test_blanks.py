"""Blanks of drafts hold an approval; brackets that an editor means do not."""

from support.offices import Layout, comsoc


def test_a_draft_is_not_approved_before_somebody_has_written_it(office: Layout) -> None:
    root = office({"releases/becas.md": None})
    comsoc(root, "new", "Abre el mercado", "--no-edit")
    refused = comsoc(root, "approve", "abre-el-mercado", "--yes")
    assert refused.code == 1
    assert "a blank of the draft is not filled in" in refused.err
    assert not (root / "approved/abre-el-mercado").exists()
