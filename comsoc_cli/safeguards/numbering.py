"""Numbers of releases: which series a text belongs to, the next number in it, and numbers that two releases have."""

from dataclasses import replace

from comsoc_cli.model.approval import Approval, Revision
from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.vault import Vault, next_number


def year_of(text: Release, settings: Settings) -> int:
    """The year whose series a text belongs to: that of the date on the sheet, whenever it is approved."""
    return text.date.astimezone(settings.zone).year


def numbered(
    approval: Approval, text: Release, vault: Vault, settings: Settings, before: Revision | None = None
) -> Approval:
    """An approval with the number of an earlier revision, or with the next one of the text's series."""
    if before:
        old = before.approval
        return replace(approval, number=old.number, number_text=old.number_text, year=old.year, series=old.series)
    kind, year = settings.kinds[text.kind], year_of(text, settings)
    series = kind.series_of(text.agencies)
    number = next_number(vault, settings, text.kind, year, series)
    words = "" if number is None else kind.number_text(number, year, settings.agency_name(text.agencies))
    return replace(approval, number=number, number_text="" if words == str(number) else words, year=year, series=series)


def keeps_number(text: Release, newest: Revision | None, settings: Settings, *, is_sent: bool, is_taken: bool) -> bool:
    """Whether a text goes on under the number of the revision before.

    What people have in their mail is corrected under the number that it has there; any other text only within its
    series, and while no other release was given the number before.
    """
    if newest is None or newest.release.kind != text.kind:
        return False
    series = settings.kinds[text.kind].series_of(text.agencies)
    same_series = (newest.approval.year, newest.approval.series) == (year_of(text, settings), series)
    return is_sent or (same_series and not is_taken)


def numbers_given_twice(vault: Vault) -> dict[str, str]:
    """Who has a number that another release was given before, as happens on two branches; and which one that is."""
    first: dict[tuple[str, str, int, int], str] = {}
    twice: dict[str, str] = {}
    for _, slug, newest in sorted(
        (revisions[0].approval.at, slug, revisions[-1]) for slug, revisions in vault.revisions.items()
    ):
        approval = newest.approval
        if approval.number is None:
            continue
        place = (newest.release.kind, approval.series, approval.year, approval.number)
        before = first.setdefault(place, slug)
        if before != slug:
            twice[slug] = before
    return twice
