"""How far a send is, in words."""

from comsoc_cli.cli.display import Progress, seldom
from comsoc_cli.delivery.dispatch import Tally
from comsoc_cli.model.delivery import Outcome


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_line_has_a_rate_and_the_time_that_is_left() -> None:
    """Reckoned from the moment the run was first seen, not from the first line about it."""
    clock, lines = Clock(), list[str]()
    progress = Progress(clock)
    tally = Tally(planned=100)
    show = seldom(0, progress, lambda one: lines.append(progress.words(one)))
    progress.sees(tally)
    clock.now += 10
    tally.outcomes[Outcome.ACCEPTED] = 20
    show(tally)
    assert "2/s" in lines[0]
    assert "40 s left" in lines[0]


def test_before_anything_is_known_there_is_no_rate() -> None:
    clock = Clock()
    progress, tally = Progress(clock), Tally(planned=100)
    clock.now += 0.2
    assert progress.words(tally) == "0 of 100: accepted 0 · to be retried 0 · refused 0"


def test_what_was_done_before_it_was_seen_is_no_part_of_the_rate() -> None:
    clock = Clock()
    progress, tally = Progress(clock), Tally(planned=1000, outcomes={Outcome.ACCEPTED: 900})
    progress.sees(tally)
    clock.now += 30
    tally.outcomes[Outcome.ACCEPTED] = 915
    assert "30 a minute" in progress.words(tally)
