"""In which state a release is shown, and what would hold each release now."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.offices import SETTINGS, Layout, a_release, lay_out
from support.standing import NOW, approve, how_it_stands

from comsoc_cli.model.approval import Kill
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.settings import open_office
from comsoc_cli.safeguards.holding import held_today
from comsoc_cli.safeguards.showing import approved_text, desk_text, public_text
from comsoc_cli.safeguards.standing import Standing

CORRECTION = {"revision": 2, "note": "", "said": "48 mil", "should": "84 mil"}
KILL = Kill(reason="Era falso", by="Ana", at=NOW)
BEFORE, AFTER = (datetime(2026, 11, day, 18, tzinfo=UTC) for day in (22, 25))


def settings_of(root: Path) -> Settings:
    return open_office(root).settings


def corrected(office: Layout, **more: Any) -> Path:
    """An office with a release and its correction, both approved."""
    root = office({"releases/becas.md": a_release("Son 48 mil becas y 10 sedes.")})
    approve(root)
    lay_out(root, {"releases/becas.md": a_release("Son 84 mil becas y 12 sedes.", correction={**CORRECTION, **more})})
    approve(root, 2)
    return root


def test_the_approved_text_bears_its_number_and_may_be_linked_once_it_is_public(office: Layout) -> None:
    root = office()
    approve(root)
    standing = how_it_stands(root)
    shown = approved_text(standing, settings=settings_of(root), now=NOW)
    assert (shown.revision, shown.published, shown.embargoed, shown.history, shown.told) == (1, True, False, (), ())
    early = approved_text(standing, settings=settings_of(root), now=BEFORE)
    assert not early.published
    nowhere = replace(settings_of(root), office=replace(settings_of(root).office, url=""))
    assert not approved_text(standing, settings=nowhere, now=NOW).published


def test_under_embargo_it_is_shown_as_embargoed_and_not_linked(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo="2026-11-24 18:00")})
    approve(root)
    shown = approved_text(how_it_stands(root), settings=settings_of(root), now=NOW)
    assert (shown.embargoed, shown.published) == (True, False)
    assert public_text(how_it_stands(root), settings=settings_of(root), now=NOW) is None
    public = public_text(how_it_stands(root), settings=settings_of(root), now=AFTER)
    assert public
    assert (public.embargoed, public.published) == (False, True)


@pytest.mark.parametrize("since", [1, 0])
def test_a_correction_tells_everything_that_changed(office: Layout, since: int) -> None:
    root = corrected(office)
    shown = approved_text(how_it_stands(root), settings=settings_of(root), now=AFTER, since=since)
    assert (shown.revision, len(shown.told), len(shown.history)) == (2, 1, 1)
    [seen] = shown.told[-1].seen.values()
    [passage] = seen.passages
    assert ("10 sedes" in passage.before, "12 sedes" in passage.after) == (True, True)


def test_the_desk_is_a_draft_until_it_is_what_was_approved(office: Layout) -> None:
    root = office()
    draft = desk_text(how_it_stands(root), settings=settings_of(root), now=NOW)
    assert (draft.revision, draft.approved, draft.published, draft.number) == (0, None, False, None)
    approve(root)
    same = desk_text(how_it_stands(root), settings=settings_of(root), now=NOW)
    assert (same.revision, same.approved, same.published) == (1, NOW, True)
    lay_out(root, {"releases/becas.md": a_release("Otro texto.")})
    other = desk_text(how_it_stands(root), settings=settings_of(root), now=NOW)
    assert (other.revision, other.approved, other.published) == (0, None, False)


def test_a_correction_on_the_desk_tells_what_it_will_tell(office: Layout) -> None:
    root = office({"releases/becas.md": a_release("Son 48 mil becas.")})
    approve(root)
    lay_out(root, {"releases/becas.md": a_release("Son 84 mil becas.", correction=CORRECTION)})
    [told] = desk_text(how_it_stands(root), settings=settings_of(root), now=NOW).told
    assert (told.correction.said, told.correction.should) == ("48 mil", "84 mil")


def killed(root: Path, **changes: Any) -> Standing:
    return replace(how_it_stands(root), kill=replace(KILL, **changes))


def test_what_was_public_says_that_it_is_killed_and_tells_nothing_else(office: Layout) -> None:
    root = corrected(office)
    shown = public_text(killed(root, at=AFTER), settings=settings_of(root), now=AFTER)
    assert shown
    assert (shown.is_notice, shown.published, shown.told) == (True, True, ())
    assert [one.seen for one in shown.history] == [{}], "a kill waits for no comparison"


def test_what_never_was_public_shows_nothing_of_its_kill(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(embargo="2026-11-24 18:00")})
    assert public_text(killed(root), settings=settings_of(root), now=NOW) is None, "never approved"
    approve(root)
    assert public_text(killed(root), settings=settings_of(root), now=NOW) is None
    assert public_text(killed(root), settings=settings_of(root), now=AFTER) is None


def test_what_a_blackout_hid_until_its_end_was_public_then(office: Layout) -> None:
    veda = '\n[[blackouts]]\nname = "Veda"\nfrom = 2026-11-20\nuntil = 2026-11-24\nhide_site = true\n'
    root = office({"comsoc.toml": SETTINGS + veda})
    approve(root)
    assert public_text(how_it_stands(root), settings=settings_of(root), now=NOW) is None
    shown = public_text(killed(root, at=AFTER), settings=settings_of(root), now=AFTER)
    assert shown
    assert shown.is_notice


def held(root: Path, now: datetime = NOW) -> list[str]:
    office = open_office(root)
    found = held_today({"becas": how_it_stands(root)}, read_contacts(office)[0], settings=office.settings, now=now)
    return [one.rule for one in found["becas"]]


def test_what_would_hold_a_release_is_what_a_send_to_its_segments_meets(office: Layout) -> None:
    root = office({"releases/becas.md": a_release(segments=["media", "acreditada"], embargo="2026-11-24 18:00")})
    assert held(root) == ["not_approved"]
    approve(root)
    assert held(root) == ["embargo"], "media may not have it yet"
    assert held(root, AFTER) == []


def test_of_a_correction_the_holders_are_asked_about(office: Layout) -> None:
    assert held(corrected(office), AFTER) == []


def test_a_segment_without_anybody_is_told_however_few_contacts_are_looked_at(office: Layout) -> None:
    contacts = (
        "segments:\n  media: {where: {type: prensa}}\n  radio: {where: {type: radio}}\n  vacio: {where: {type: nada}}\n"
        "contacts:\n  - {email: a@x.example, type: prensa}\n  - {email: b@x.example, type: prensa}\n"
        "  - {email: c@x.example, type: radio}\n"
    )
    root = office({"contacts.yaml": contacts, "releases/becas.md": a_release(segments=["media", "radio", "vacio"])})
    approve(root)
    assert held(root) == ["segment_empty"]
