"""One more segment for a text that is approved: the text stays, nobody is told, and the new ones get it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.offices import an_office
from support.texts import a_text

from comsoc_cli.model.approval import Approval, Assent, Revision
from comsoc_cli.model.audience import AudienceChange, addressed
from comsoc_cli.model.person import Person
from comsoc_cli.model.settings import ApprovalRules
from comsoc_cli.office.audience import AUDIENCE, read_audience, store_audience
from comsoc_cli.office.files import FileFault
from comsoc_cli.office.settings import open_office
from comsoc_cli.safeguards.approving import in_force
from comsoc_cli.safeguards.audience import audience_of
from comsoc_cli.safeguards.signing_off import NothingApproved


def an_addition(segment: str, *people: str, digest: str = "sha256:aa", at: datetime | None = None) -> AudienceChange:
    moment = at or datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    assents = tuple(Assent(by=name, at=moment) for name in people)
    approval = Approval(slug="becas", revision=1, digest=digest, assents=assents)
    return AudienceChange(segment=segment, approval=approval)


def test_who_adds_the_segment_does_not_approve_it_where_four_eyes_are_asked_for(tmp_path: Path) -> None:
    rules, at = ApprovalRules(four_eyes=True), datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    text = a_text(segments=("media",))
    approval = Approval(slug="becas", revision=1, digest="sha256:aa", assents=(Assent(by="Carla Paz", at=at),))
    newest = Revision(release=text, approval=approval, folder=tmp_path, found_digest="sha256:aa")

    def added(by: str) -> tuple[AudienceChange, ...]:
        return audience_of(
            replace(text, segments=("media", "municipios")),
            newest,
            (),
            Assent(by=by, at=at),
            rules=rules,
            author="",
            authors=lambda: (Person("Bea Soto", ""),),
        )

    with pytest.raises(NothingApproved):
        added("Bea Soto")
    assert in_force(added("Carla Paz"), approval, rules)


def test_a_change_concerns_the_text_that_it_was_made_for_and_no_other() -> None:
    rules, text = ApprovalRules(), Approval(slug="becas", revision=1, digest="sha256:aa")
    changes = (an_addition("municipios", "Ana"), an_addition("radio", "Ana", digest="sha256:bb"))
    assert addressed(("media",), in_force(changes, text, rules)) == ("media", "municipios")
    assert addressed(("media",), in_force(changes, replace(text, revision=2), rules)) == ("media",)


@pytest.mark.parametrize(
    ("people", "required", "segments"),
    [(("Ana",), 1, ("media", "municipios")), (("Ana",), 2, ("media",)), (("Ana", "Bea"), 2, ("media", "municipios")),
     (("Ana", "ana"), 2, ("media",))],
)  # fmt: skip
def test_an_addition_holds_once_it_has_its_approvals(
    people: tuple[str, ...], required: int, segments: tuple[str, ...]
) -> None:
    text = Approval(slug="becas", revision=1, digest="sha256:aa")
    changes = in_force((an_addition("municipios", *people),), text, ApprovalRules(required=required))
    assert addressed(("media",), changes) == segments


def test_the_last_word_on_a_segment_counts() -> None:
    added = an_addition("municipios", "Ana")
    assert addressed(("media",), (added, replace(added, removed=True))) == ("media",)
    assert addressed(("media",), (added, replace(added, removed=True), added)) == ("media", "municipios")


def test_the_mark_is_read_as_it_was_written_and_not_as_another_release_s(tmp_path: Path) -> None:
    office = open_office(an_office(tmp_path))
    changes = (an_addition("municipios", "Ana Ruiz", "Bea"), replace(an_addition("media", "Ana"), removed=True))
    path = store_audience(office, "becas", changes)
    assert read_audience(path.parent) == changes
    other = path.parent.parent / "otro"
    other.mkdir()
    (other / AUDIENCE).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(FileFault):
        read_audience(other)
