"""What is seen while a send runs, and how it is ended by hand."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO, cast

from comsoc_cli.cli.counter import Counter, note
from comsoc_cli.cli.language import figure, tr
from comsoc_cli.cli.terminal import Screen, shown

if TYPE_CHECKING:
    from comsoc_cli.delivery.dispatch import Tally

QUIET = 10.0  #: seconds between two lines where nobody watches
_MOVING = 0.1  #: seconds between two pictures where somebody does
_KNOWN = 1.0  #: seconds after which there is a rate


class Progress:
    """How far a run is, in words; a new tally is a new run."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tally: Tally | None = None
        self._began = 0.0
        self._before = 0  # what was done when it was first seen

    def sees(self, tally: "Tally") -> None:
        """Its rate is reckoned from where it was first seen."""
        if tally is not self._tally:
            self._tally, self._began, self._before = tally, self._clock(), sum(tally.outcomes.values())

    def words(self, tally: "Tally") -> str:
        """12 of 40: accepted 10 · to be retried 1 · refused 1 · 8/s · a minute left"""
        from comsoc_cli.model.delivery import Outcome

        self.sees(tally)
        done, seconds = sum(tally.outcomes.values()), self._clock() - self._began
        rate = (done - self._before) / max(0.001, seconds)
        parts = [
            tr("accepted {many}", many=figure(tally.of(Outcome.ACCEPTED))),
            tr("to be retried {many}", many=figure(tally.of(Outcome.DEFERRED) + tally.waiting)),
            tr("refused {many}", many=figure(tally.of(Outcome.REFUSED))),
            tr("unconfirmed {many}", many=figure(tally.of(Outcome.UNCERTAIN))) if tally.of(Outcome.UNCERTAIN) else "",
            *([_pace(rate), time_left(tally.planned - done, rate)] if seconds >= _KNOWN else []),
        ]
        many = tr("{done} of {planned}", done=figure(done), planned=figure(tally.planned))
        return f"{many}: {' · '.join(part for part in parts if part)}"


def _pace(rate: float) -> str:
    return f"{rate:,.0f}/s" if rate >= 1 else tr("{rate} a minute", rate=f"{rate * 60:.0f}")


def time_left(left: int, rate: float) -> str:
    """How long it will take at this rate; nothing while that is not known."""
    if left <= 0 or rate <= 0:
        return ""
    seconds = left / rate
    if seconds < 60:
        return tr("{seconds} s left", seconds=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{minutes} min left", minutes=round(seconds / 60))
    return tr("{hours} h left", hours=f"{seconds / 3600:.1f}")


@contextmanager
def ending_well(stop: threading.Event) -> Iterator[None]:
    """Ctrl-C finishes what is in flight and writes it down."""

    def end(signum: int, frame: object) -> None:
        if not stop.is_set():
            note(tr("Ending: what is on its way is finished and written down …"))
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def display(here: Counter) -> "Iterator[Callable[[Tally], None]]":
    """A bar that moves on a terminal, one line every ten seconds elsewhere."""
    progress = Progress()
    if not here.is_watched:
        yield seldom(QUIET, progress, lambda tally: note(progress.words(tally)), at_once=False)
        return
    with moving_bar(tr("Sending …")) as show_bar:

        def show(tally: "Tally") -> None:
            show_bar(sum(tally.outcomes.values()), tally.planned, progress.words(tally))

        yield seldom(_MOVING, progress, show)


@contextmanager
def moving_bar(first_words: str) -> "Iterator[Callable[[int, int | None, str], None]]":
    """A bar on stderr with words beside it: how much is done, of how much, and what is said.

    The bar alone may move and colour the terminal. What is said meanwhile stands above it, made harmless before the
    library reads it: the library takes ESC in a text for a colour.
    """
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    styling = sys.stderr.styling() if isinstance(sys.stderr, Screen) else sys.stderr
    columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
    console = Console(file=cast("TextIO", styling))
    with Bar(*columns, console=console, transient=True, redirect_stdout=False, refresh_per_second=1 / _MOVING) as bar:
        sys.stderr = cast("TextIO", Screen(sys.stderr))  # before what the library has put there; it takes both away
        task = bar.add_task(shown(first_words), total=None)
        yield lambda done, total, words: bar.update(task, total=total, completed=done, description=shown(words))


def seldom(
    seconds: float, progress: Progress, show: "Callable[[Tally], None]", *, at_once: bool = True
) -> "Callable[[Tally], None]":
    """Shows it at most once in so many seconds, and follows it all the time."""
    due = time.monotonic() + (0 if at_once else seconds)

    def perhaps(tally: "Tally") -> None:
        nonlocal due
        progress.sees(tally)
        if time.monotonic() >= due:
            due = time.monotonic() + seconds
            show(tally)

    return perhaps
