"""The answers to orders as they come: from this process, or from warm ones where there is enough to do."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from tempfile import TemporaryDirectory, gettempdir

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import said
from comsoc_cli.office.folder import Office
from comsoc_cli.press.copies import copies_folder
from comsoc_cli.press.orders import EMAIL, PDF, Order
from comsoc_cli.press.work import Done, Press, fulfil, warm

#: The orders of one release.
Task = Sequence[Order]

#: With fewer of them than this, starting processes takes longer than they save.
WORTH_PDFS, WORTH_PAGES = 4, 100
#: Pages are handed over so many at a time; PDFs one by one, so that no process is left alone with the last ones.
_BATCH = 8
_NEEDED = ("comsoc_cli.press.work",)
_NEEDED_FOR_PDFS = ("comsoc_cli.rendering.pdf", "comsoc_cli.rendering.mail", "comsoc_cli.rendering.message")
#: How much waits for each process: enough that none stands idle, little enough to be held in memory.
_AHEAD = 3
#: Bytes: 104 (macOS; Linux has 108) less "/pymp-12345678/listener-12345678" and a zero.
_SOCKET_FOLDER_MOST = 104 - 32 - 1


class WorkerLost(Refusal):
    """A process that rendered is gone."""

    exit_code = UNUSABLE

    def __init__(self) -> None:
        super().__init__(
            said("A process that renders was ended from outside, perhaps because memory ran out."),
            said("Repeat the same command, with --jobs 1 if it happens again; what was rendered is kept."),
        )


def fulfilled(office: Office, tasks: Iterator[Task], jobs: int) -> Iterator[list[Done]]:
    """What became of each task, in whatever order they end."""
    head: list[Task] = []
    worth = 0.0
    for task in tasks:
        head.append(task)
        worth += 1 / (WORTH_PDFS if _is_heavy(task) else WORTH_PAGES)
        if worth >= 1:
            break
    ahead = chain(head, tasks)
    if jobs < 2 or worth < 1:
        press = Press(office.settings, office.templates, copies_folder(office))
        yield from (press.fulfil(task) for task in ahead)
    else:
        yield from _in_processes(office, ahead, jobs, heavy=any(map(_is_heavy, head)))


def _is_heavy(task: Task) -> bool:
    return any(output in order.outputs for order in task for output in (PDF, EMAIL))


def _in_processes(office: Office, tasks: Iterable[Task], jobs: int, *, heavy: bool) -> Iterator[list[Done]]:
    # One process imports what they all need, and the others are copies of it. It listens on a socket among the
    # temporary files; where these lie deep, the system has no room for its name.
    context = get_context("forkserver" if len(os.fsencode(gettempdir())) <= _SOCKET_FOLDER_MOST else "spawn")
    context.set_forkserver_preload([*_NEEDED, *(_NEEDED_FOR_PDFS if heavy else ())])
    # What renderers lay down lies in one folder, which goes with this build: a process that is ended tidies nothing.
    with TemporaryDirectory(prefix="comsoc-", ignore_cleanup_errors=True) as scratch:
        needed = (office.settings, office.templates, copies_folder(office), scratch)
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=warm, initargs=needed) as pool:
            try:
                yield from _answers(pool, _batches(tasks, 1 if heavy else _BATCH), jobs * _AHEAD)
            except BrokenProcessPool:
                raise WorkerLost from None
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _answers(pool: ProcessPoolExecutor, batches: Iterable[list[Task]], ahead: int) -> Iterator[list[Done]]:
    running: set[Future[list[list[Done]]]] = set()
    for batch in batches:
        running.add(pool.submit(fulfil, batch))
        if len(running) >= ahead:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield from future.result()
    for future in running:
        yield from future.result()


def _batches(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """So many at a time."""
    ahead = iter(tasks)
    while batch := list(islice(ahead, size)):
        yield batch
