"""The plan, by table: who gets a revision, who does not, and why."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comsoc_cli.delivery.plan import Plan, Wishes, allowed, plan
from comsoc_cli.model.contact import Contact, ContactBook, Segment, Suppression
from comsoc_cli.model.delivery import Outcome
from comsoc_cli.model.segments import matching, members

TODAY = date(2026, 11, 23)
MEDIA = Segment(name="media", where={"type": ("prensa", "radio")})
RADIO = Segment(name="radio", where={"type": ("radio",)})
EVERYBODY = Wishes(resend_uncertain=True, retry_refused=True)


def a_contact(email: str, until: date | None = None, **fields: str | tuple[str, ...]) -> Contact:
    return Contact(email=email, until=until, fields={"type": "prensa", **fields})


def a_book(*contacts: Contact, suppressed: tuple[str, ...] = ()) -> ContactBook:
    """A book with the segments media and radio; each contact stands on a line of its own."""
    numbered = tuple(
        Contact(email=one.email, name=one.name, until=one.until, segments=one.segments, fields=one.fields, line=line)
        for line, one in enumerate(contacts, start=1)
    )
    blocked = [Suppression(email=email, since=TODAY, reason="baja") for email in suppressed]
    return ContactBook(
        contacts=numbered,
        segments={"media": MEDIA, "radio": RADIO},
        suppressions={one.key: one for one in blocked},
    )


def addresses(found: Plan) -> list[str]:
    return [recipient.address for recipient in found.recipients]


def test_everybody_in_the_segment_receives_it_in_the_order_of_the_book() -> None:
    book = a_book(a_contact("b@x.example"), a_contact("a@x.example"), a_contact("m@x.example", type="municipio"))
    found = plan(book, ("media",), today=TODAY)
    assert addresses(found) == ["b@x.example", "a@x.example"]
    assert found.selected == 2
    assert found.excluded == ()


def test_a_suppressed_address_is_left_out_however_it_is_spelled() -> None:
    book = a_book(a_contact("Mesa@Diario.example"), a_contact("b@x.example"), suppressed=("mesa@diario.EXAMPLE",))
    found = plan(book, ("media",), today=TODAY)
    assert addresses(found) == ["b@x.example"]
    assert found.reasons() == {"suppressed": 1}
    assert found.excluded[0].detail == "baja"


@pytest.mark.parametrize(
    ("until", "receives"),
    [(date(2026, 11, 22), False), (date(2026, 11, 23), True), (date(2026, 11, 24), True), (None, True)],
)
def test_an_accreditation_holds_until_the_end_of_its_last_day(until: date | None, receives: bool) -> None:
    found = plan(a_book(a_contact("a@x.example", until=until)), ("media",), today=TODAY)
    assert (addresses(found) == ["a@x.example"]) is receives
    assert found.reasons() == ({} if receives else {"expired": 1})


def test_two_spellings_of_one_address_are_one_message() -> None:
    book = a_book(a_contact("Mesa@diario.example"), a_contact("mesa@DIARIO.example"), a_contact("mesa@diario.example"))
    found = plan(book, ("media",), today=TODAY)
    assert addresses(found) == ["Mesa@diario.example"]
    assert found.reasons() == {"duplicate": 2}


def test_a_second_entry_stands_in_where_the_first_has_expired() -> None:
    book = a_book(a_contact("a@x.example", until=date(2020, 1, 1)), a_contact("a@x.example"))
    found = plan(book, ("media",), today=TODAY)
    assert addresses(found) == ["a@x.example"]
    assert found.reasons() == {"expired": 1}


def test_several_segments_are_one_message_that_names_them_in_their_order() -> None:
    book = a_book(a_contact("p@x.example"), a_contact("r@x.example", type="radio"))
    found = plan(book, ("radio", "media"), today=TODAY)
    assert {one.address: one.segments for one in found.recipients} == {
        "p@x.example": ("media",),
        "r@x.example": ("radio", "media"),
    }
    assert found.segments == ("radio", "media")


def test_contacts_that_share_a_line_of_the_file_are_not_mistaken_for_one_another() -> None:
    contacts = tuple(Contact(email=email, fields={"type": "radio"}, line=4) for email in ("a@x.example", "b@x.example"))
    book = ContactBook(contacts=contacts, segments={"media": MEDIA, "radio": RADIO})
    assert addresses(plan(book, ("media", "radio"), today=TODAY)) == ["a@x.example", "b@x.example"]


@pytest.mark.parametrize(
    ("allow", "expected"),
    [
        ((), True),
        (("mesa@diario.example",), True),
        (("MESA@Diario.Example",), True),
        (("diario.example",), True),
        (("@diario.example",), True),
        (("otro.example", "diario.example"), True),
        (("otro.example",), False),
        (("example",), False),
        (("rio.example",), False),
        (("a@diario.example",), False),
    ],
)
def test_allow_names_addresses_and_whole_domains(allow: tuple[str, ...], expected: bool) -> None:
    assert allowed("Mesa@diario.example", allow) is expected
    found = plan(a_book(a_contact("Mesa@diario.example")), ("media",), today=TODAY, allow=allow)
    assert bool(found.recipients) is expected
    assert found.reasons() == ({} if expected else {"not_allowed": 1})


def test_a_domain_below_an_allowed_one_is_another_domain() -> None:
    assert not allowed("mesa@sub.diario.example", ("diario.example",))


def test_a_limit_takes_the_first_and_says_how_many_wait() -> None:
    book = a_book(*(a_contact(f"{letter}@x.example") for letter in "abcde"))
    found = plan(book, ("media",), today=TODAY, wishes=Wishes(limit=2))
    assert addresses(found) == ["a@x.example", "b@x.example"]
    assert found.reasons() == {"over_limit": 3}


def test_a_limit_counts_only_those_who_do_not_have_it() -> None:
    book = a_book(*(a_contact(f"{letter}@x.example") for letter in "abcd"))
    has_it = {"a@x.example": Outcome.ACCEPTED, "b@x.example": Outcome.ACCEPTED}
    found = plan(book, ("media",), today=TODAY, known=has_it, wishes=Wishes(limit=1))
    assert addresses(found) == ["c@x.example"]
    assert found.reasons() == {"already_sent": 2, "over_limit": 1}


@pytest.mark.parametrize(
    ("outcome", "wishes", "reason"),
    [
        (Outcome.PLANNED, Wishes(), None),
        (Outcome.DEFERRED, Wishes(), None),
        (Outcome.ACCEPTED, Wishes(), "already_sent"),
        (Outcome.ACCEPTED, EVERYBODY, "already_sent"),
        (Outcome.REFUSED, Wishes(), "refused"),
        (Outcome.REFUSED, Wishes(resend_uncertain=True), "refused"),
        (Outcome.REFUSED, Wishes(retry_refused=True), None),
        (Outcome.UNCERTAIN, Wishes(), "uncertain"),
        (Outcome.UNCERTAIN, Wishes(retry_refused=True), "uncertain"),
        (Outcome.UNCERTAIN, Wishes(resend_uncertain=True), None),
        (Outcome.CLAIMED, Wishes(), "uncertain"),
        (Outcome.CLAIMED, Wishes(resend_uncertain=True), None),
    ],
)
def test_what_came_of_an_earlier_try_decides(outcome: Outcome, wishes: Wishes, reason: str | None) -> None:
    book = a_book(a_contact("a@x.example"))
    found = plan(book, ("media",), today=TODAY, known={"a@x.example": outcome}, wishes=wishes)
    assert found.reasons() == ({reason: 1} if reason else {})
    assert len(found.recipients) == (0 if reason else 1)


def test_a_suppression_outweighs_every_wish() -> None:
    book = a_book(a_contact("a@x.example"), suppressed=("a@x.example",))
    has = {"a@x.example": Outcome.UNCERTAIN}
    assert plan(book, ("media",), today=TODAY, known=has, wishes=EVERYBODY).reasons() == {"suppressed": 1}


def test_recipients_are_counted_by_their_type() -> None:
    book = a_book(a_contact("a@x.example"), a_contact("b@x.example"), a_contact("r@x.example", type="radio"))
    assert plan(book, ("media",), today=TODAY).types == {"prensa": 2, "radio": 1}


_names = st.lists(st.sampled_from(["a", "b", "c", "nadie"]), max_size=2).map(tuple)
_values = st.lists(st.sampled_from(["prensa", "Prensa", "radio", "a@x.example"]), max_size=2).map(tuple)
_rules = st.builds(
    Segment,
    name=st.just(""),
    where=st.dictionaries(st.sampled_from(["type", "tags", "email", "segments"]), _values, max_size=2),
    include=_names,
    exclude=_names,
)


@given(
    rules=st.fixed_dictionaries({"a": _rules, "b": _rules, "c": _rules}),
    contacts=st.lists(
        st.builds(
            Contact,
            email=st.sampled_from(["a@x.example", "b@x.example"]),
            segments=_names,
            fields=st.dictionaries(st.sampled_from(["type", "tags"]), _values, max_size=2),
        ),
        max_size=6,
    ),
)
def test_whether_a_segment_selects_somebody_does_not_depend_on_who_else_is_in_the_book(
    rules: dict[str, Segment], contacts: list[Contact]
) -> None:
    segments = {name: replace(rule, name=name) for name, rule in rules.items()}
    whole = ContactBook(contacts=tuple(contacts), segments=segments)
    alone = [ContactBook(contacts=(contact,), segments=segments) for contact in contacts]
    for name in segments:
        assert members(whole, name) == [one for book in alone for one in members(book, name)]
    together = {name: {contact.key for contact in members(whole, name)} for name in segments}
    assert matching(whole, tuple(segments)) == together


_emails = st.sampled_from([f"{name}@{domain}.example" for name in "abAB" for domain in ("x", "y", "X")])
_contacts = st.builds(
    a_contact,
    _emails,
    until=st.sampled_from([None, date(2020, 1, 1), TODAY]),
    type=st.sampled_from(["prensa", "radio", "municipio"]),
)
_known = st.dictionaries(st.sampled_from(["a@x.example", "b@x.example", "a@y.example"]), st.sampled_from(Outcome))


@given(
    contacts=st.lists(_contacts, max_size=12),
    suppressed=st.lists(_emails, max_size=3),
    segments=st.sampled_from([("media",), ("radio",), ("media", "radio"), ("radio", "media")]),
    allow=st.sampled_from([(), ("x.example",), ("a@y.example",)]),
    outcomes=_known,
    limit=st.one_of(st.none(), st.integers(1, 5)),
)
def test_whoever_is_selected_receives_it_once_or_is_excluded_for_one_reason(
    contacts: list[Contact],
    suppressed: list[str],
    segments: tuple[str, ...],
    allow: tuple[str, ...],
    outcomes: dict[str, Outcome],
    limit: int | None,
) -> None:
    book = a_book(*contacts, suppressed=tuple(suppressed))
    found = plan(book, segments, today=TODAY, allow=allow, known=outcomes, wishes=Wishes(limit=limit))
    keys = [one.key for one in found.recipients]
    assert len(found.recipients) + len(found.excluded) == found.selected
    assert sum(found.reasons().values()) == len(found.excluded)
    assert len(keys) == len(set(keys))
    assert not {email.casefold() for email in suppressed} & set(keys)
    assert not [key for key in keys if outcomes.get(key) is Outcome.ACCEPTED or not allowed(key, allow)]
    assert limit is None or len(keys) <= limit
