"""Whose turn it is: the limits of a server and of domains, and who comes again; the moments are made up."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from comsoc_cli.delivery.turns import Turns
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)


def a_delivery(number: int, domain: str = "x.example") -> Delivery:
    address = f"{number}@{domain}"
    return Delivery(
        id=number,
        release="becas",
        revision=1,
        purpose=Purpose.RELEASE,
        recipient=Recipient(key=address.casefold(), address=address),
        outcome=Outcome.PLANNED,
        planned_at=NOW,
        message_id=f"<{address}>",
    )


def some(many: int, domain: str = "x.example", first: int = 0) -> list[Delivery]:
    return [a_delivery(number, domain) for number in range(first, first + many)]


def taken(turns: Turns, now: float) -> list[int]:
    """The numbers of all that may go out at a moment."""
    found = []
    while delivery := turns.take(now):
        found.append(delivery.id)
    return found


def course(turns: Turns, begin: float = 0) -> list[tuple[float, int]]:
    """Who goes out when, if somebody asks at each moment that is said to be worth it."""
    found: list[tuple[float, int]] = []
    now: float | None = begin
    while now is not None:
        found += [(now, number) for number in taken(turns, now)]
        soon = turns.next_at(now)
        assert soon is None or soon > now, "somebody could go out now, and nobody did"
        now = soon
    return found


def test_without_limits_everybody_goes_out_at_once_and_in_order() -> None:
    turns = Turns(some(4))
    assert turns.next_at(0) == 0
    assert taken(turns, 0) == [0, 1, 2, 3]
    assert turns.next_at(0) is None


def test_nobody_is_nobody() -> None:
    turns = Turns([])
    assert turns.next_at(7) is None
    assert turns.take(7) is None
    assert turns.waiting == 0


def test_no_more_is_read_of_the_rest_than_is_needed() -> None:
    read = []

    def rows() -> Iterator[Delivery]:
        for delivery in some(100):
            read.append(delivery.id)
            yield delivery

    turns = Turns(rows())
    assert turns.take(0)
    assert turns.next_at(0) == 0
    assert len(read) <= 2


def test_so_many_a_minute_go_out_evenly() -> None:
    assert course(Turns(some(4), per_minute=30)) == [(0, 0), (2, 1), (4, 2), (6, 3)]


def test_what_was_not_used_of_a_limit_is_not_made_up_for() -> None:
    turns = Turns(some(4), per_minute=60)
    assert taken(turns, 0) == [0]
    assert taken(turns, 100) == [1]
    assert turns.next_at(100) == 101
    assert taken(turns, 100.5) == []
    assert taken(turns, 101) == [2]


def test_a_domain_has_a_limit_of_its_own_and_the_others_do_not_wait_for_it() -> None:
    turns = Turns([*some(3, "lento.example"), *some(3, first=10)], domains={"lento.example": 6})
    assert course(turns) == [(0, 0), (0, 10), (0, 11), (0, 12), (10, 1), (20, 2)]


def test_domains_are_limited_one_by_one() -> None:
    turns = Turns(
        [*some(2, "uno.example"), *some(2, "dos.example", first=10)], domains={"uno.example": 6, "dos.example": 12}
    )
    assert course(turns) == [(0, 0), (0, 10), (5, 11), (10, 1)]


@pytest.mark.parametrize(
    ("limited", "address"), [("Lento.Example", "lento.example"), ("lento.example", "LENTO.example")]
)
def test_a_domain_is_the_same_in_capitals(limited: str, address: str) -> None:
    assert course(Turns(some(2, address), domains={limited: 60})) == [(0, 0), (1, 1)]


def test_a_subdomain_is_another_domain() -> None:
    assert course(Turns(some(2, "correo.lento.example"), domains={"lento.example": 1})) == [(0, 0), (0, 1)]


def test_a_limit_of_nothing_is_none() -> None:
    assert course(Turns(some(2), per_minute=0, domains={"x.example": 0})) == [(0, 0), (0, 1)]


def test_both_limits_hold_together() -> None:
    turns = Turns([*some(2, "lento.example"), *some(2, first=10)], per_minute=60, domains={"lento.example": 20})
    assert course(turns) == [(0, 0), (1, 10), (2, 11), (3, 1)]


def test_the_limit_for_all_holds_for_who_was_held_back_too() -> None:
    turns = Turns(
        [*some(3, "uno.example"), *some(3, "dos.example", first=10)], per_minute=60, domains={"uno.example": 60}
    )
    moments = course(turns)
    assert [now for now, _ in moments] == [0, 1, 2, 3, 4, 5]
    assert sorted(number for _, number in moments) == [0, 1, 2, 10, 11, 12]


def test_who_comes_back_goes_before_the_rest() -> None:
    turns = Turns(some(4))
    first, second = turns.take(0), turns.take(0)
    assert first
    assert second
    turns.back(second)
    turns.back(first)
    assert taken(turns, 0) == [1, 0, 2, 3]


def test_who_comes_back_is_worth_asking_for() -> None:
    turns = Turns(some(1))
    only = turns.take(0)
    assert only
    assert turns.next_at(0) is None
    turns.back(only)
    assert turns.next_at(3) == 3
    assert turns.waiting == 0


def test_who_comes_back_is_held_to_the_limit_of_their_domain() -> None:
    turns = Turns(some(2, "lento.example"), domains={"lento.example": 6})
    first = turns.take(0)
    assert first
    turns.back(first)
    assert sorted(number for _, number in course(turns, begin=1)) == [0, 1]


def test_who_is_to_be_tried_again_waits_for_it() -> None:
    turns = Turns(some(2))
    first = turns.take(0)
    assert first
    turns.again(first, at=5)
    assert turns.waiting == 1
    assert turns.next_at(0) == 0
    assert taken(turns, 4.9) == [1]
    assert turns.next_at(4.9) == 5
    assert taken(turns, 5) == [0]
    assert turns.waiting == 0
    assert turns.next_at(5) is None


def test_who_has_waited_longest_is_tried_first_and_before_the_rest() -> None:
    turns = Turns(some(5))
    waiting = [turns.take(0) for _ in range(3)]
    for delivery, at in zip(waiting, (9, 7, 7), strict=True):
        assert delivery
        turns.again(delivery, at)
    assert taken(turns, 10)[:3] == [1, 2, 0]


def test_whoever_is_tried_again_keeps_to_the_limits() -> None:
    turns = Turns(some(2, "lento.example"), per_minute=60, domains={"lento.example": 6})
    first = turns.take(0)
    assert first
    turns.again(first, at=3)
    assert course(turns, begin=1) == [(10, 1), (20, 0)]


def test_a_limit_for_all_delays_who_is_to_be_tried_again() -> None:
    turns = Turns(some(2), per_minute=6)
    first = turns.take(0)
    assert first
    turns.again(first, at=1)
    assert turns.next_at(0) == 10
    assert taken(turns, 9.9) == []
    assert [now for now, _ in course(turns, begin=10)] == [10, 20]


@pytest.mark.parametrize("seed", range(20))
def test_nobody_is_lost_or_doubled_whatever_happens(seed: int) -> None:

    chance = random.Random(seed)
    domains = ["uno.example", "dos.example", "x.example"]
    everybody = [a_delivery(number, chance.choice(domains)) for number in range(60)]
    turns = Turns(everybody, per_minute=chance.choice([0, 600]), domains={"uno.example": 90, "dos.example": 300})
    done: list[int] = []
    now: float | None = 0.0
    for _ in range(5000):
        if now is None:
            break
        while delivery := turns.take(now):
            happens = chance.random()
            if happens < 0.2:
                turns.back(delivery)
                break
            if happens < 0.4:
                turns.again(delivery, now + chance.uniform(0, 3))
            else:
                done.append(delivery.id)
        now = turns.next_at(now)
    assert now is None
    assert sorted(done) == list(range(60))


def test_whoever_the_line_broke_down_over_comes_after_everybody_else() -> None:
    turns = Turns(some(4))
    first = turns.take(0)
    assert first is not None
    turns.last(first)
    assert turns.next_at(0) == 0
    assert taken(turns, 0) == [1, 2, 3, 0]
