"""Measures how fast comsoc sends, side by side with others, and writes the table of docs/benchmarks.md.

make bench-send, or: .venv/bin/python tools/bench_send.py [--quick] [--repeat K] [--only near,far,large]
Everything goes to Postfix's smtp-sink on this machine. tools/bench-setup installs what it needs.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.mail_server import MailServer, a_mail_server
from bench.office import COMSOC, SLUG, a_copy, a_letter, accepted, an_office
from bench.page import Goal, goals_table, megabytes, rewrite, table
from bench.processes import Ended, FirstFile, complete, timed

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("near", "far", "large")
ROUND_TRIP = 0.020  # seconds, as to a server in the same country
QUICKER = 20  # a quick run sends so many times less

OTHERS = ROOT / ".venv-bench" / "bin"
SMTP_SOURCE = Path("/usr/sbin/smtp-source")
SCRIPTS = Path(__file__).parent / "bench"


@dataclass(frozen=True)
class Job:
    """So many messages, to a server, from a template office, in a new folder."""

    many: int
    port: int
    office: Path
    folder: Path

    def letter(self) -> Path:
        return a_letter(self.office, self.folder, many=self.many, port=self.port)


@dataclass(frozen=True)
class Contestant:
    """A program that sends, and how much of its time is worth waiting for."""

    name: str
    send: Callable[[Job], Ended]
    near: int  #: messages on the loopback
    far: int  #: messages over the slow line
    again: bool = True  #: whether it is quick enough to be measured more than once


def with_comsoc(connections: int) -> Callable[[Job], Ended]:
    def send(job: Job) -> Ended:
        a_copy(job.office, job.folder, many=job.many, port=job.port, connections=connections)
        ended = timed([*COMSOC, "send", SLUG, "--segment", "media", "--yes", "--json"], job.folder)
        if ended.code == 0 and accepted(ended.out) != job.many:
            raise SystemExit(f"comsoc says that {accepted(ended.out)} of {job.many} were accepted")
        return ended

    return send


def with_smtp_source(job: Job) -> Ended:
    job.folder.mkdir()
    words = f"-d -s 16 -m {job.many} -l 12288 -f prensa@sinaloa.example -t mesa@diario.example 127.0.0.1:{job.port}"
    return timed([SMTP_SOURCE, *words.split()], job.folder)


def with_mailmerge(job: Job) -> Ended:
    words = "--no-dry-run --no-limit --output-format text --template template.txt --database recipients.csv"
    return timed([OTHERS / "mailmerge", *words.split(), "--config", "server.conf"], job.letter())


def with_script(name: str) -> Callable[[Job], Ended]:
    def send(job: Job) -> Ended:
        return timed([OTHERS / "python", SCRIPTS / name, job.letter(), str(job.port)], job.folder)

    return send


COMSOC_16, COMSOC_1 = "comsoc, 16 connections", "comsoc, 1 connection"
SOURCE, MAILMERGE = "smtp-source, 16 sessions", "mailmerge"

CONTESTANTS = (
    Contestant(COMSOC_16, with_comsoc(16), 20_000, 2_000),
    Contestant(SOURCE, with_smtp_source, 20_000, 2_000),
    Contestant(COMSOC_1, with_comsoc(1), 20_000, 400),
    Contestant("smtplib, 4 threads, bytes compiled once", with_script("with_smtplib.py"), 20_000, 400),
    Contestant("yagmail, a loop", with_script("with_yagmail.py"), 600, 100, again=False),
    Contestant(MAILMERGE, with_mailmerge, 600, 100, again=False),
)

LARGE = 100_000  # recipients of the run that tells of planning and memory


@dataclass(frozen=True)
class Large:
    """The run with the many recipients."""

    many: int
    planned: float  #: seconds until the last row was in the ledger
    seconds: float
    peak: int


Rates = dict[str, list[float]]


class Bench:
    """One run of the command: its folder, its template office, how many messages and how often."""

    def __init__(self, folder: Path, quicker: int, repeat: int) -> None:
        self.folder = folder
        self.quicker = quicker
        self.repeat = repeat
        self.office = an_office(folder / "office")

    @contextmanager
    def job(self, many: int, server: MailServer) -> Iterator[Job]:
        """A job whose folder is taken away afterwards, and which must have sent everything."""
        folder = self.folder / "job"
        try:
            yield Job(many=many, port=server.port, office=self.office, folder=folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if server.received != many:
            raise SystemExit(f"the server has {server.received} messages of {many}")

    def rates(self, count: Callable[[Contestant], int], round_trip: float = 0) -> Rates:
        """Messages per second of everybody; they take turns, so that what else the machine does hits all alike."""
        rates: Rates = {one.name: [] for one in CONTESTANTS}
        for turn in range(self.repeat):
            for one in CONTESTANTS:
                if turn == 0 or one.again:
                    rates[one.name].append(self.rate(one, count(one) // self.quicker, round_trip))
        return rates

    def rate(self, one: Contestant, many: int, round_trip: float) -> float:
        """Messages per second of one contestant, its start and its planning included."""
        with a_mail_server(round_trip) as server, self.job(many, server) as job:
            ended = complete(one.send(job))
        rate = many / ended.seconds
        took = f"{ended.seconds:.2f} s, {ended.busy:.2f} s of them busy, {megabytes(ended.peak):.0f} MB"
        print(f"  {one.name}: {many:,} in {took}: {rate:,.0f}/s", flush=True)
        return rate

    def large(self) -> Large:
        """One send to very many: when its rows are in the ledger, and what memory it takes."""
        many = LARGE // self.quicker
        with a_mail_server() as server, self.job(many, server) as job:
            # The receipt is written when the last row is in the ledger.
            receipt = FirstFile(job.folder / "dispatches", "*.json")
            ended = complete(with_comsoc(16)(job))
            planned = receipt.stop() - ended.began
        return Large(many=many, planned=planned, seconds=ended.seconds, peak=ended.peak)


def rates_table(title: str, rates: Rates, count: Callable[[Contestant], int], quicker: int) -> str:
    rows = [
        [one.name, f"{count(one) // quicker:,}", str(len(rates[one.name])), f"{median(rates[one.name]):,.0f}"]
        for one in CONTESTANTS
    ]
    return f"{title}\n\n" + table(["", "messages", "runs", "messages/s (median)"], rows)


def ratio(rates: Rates, one: str, other: str) -> float:
    return median(rates[one]) / median(rates[other])


def goals(near: Rates | None, far: Rates | None, large: Large | None) -> list[Goal]:
    """What was promised, beside what was found."""
    found = []
    if near:
        found.append(Goal("loopback: comsoc (16) / smtp-source", ratio(near, COMSOC_16, SOURCE), 0.2, 0.5))
        found.append(Goal("loopback: comsoc (16) / mailmerge", ratio(near, COMSOC_16, MAILMERGE), 12, None))
    if far:
        found.append(Goal("20 ms: comsoc (16) / smtp-source", ratio(far, COMSOC_16, SOURCE), 1.8, 3.5))
    if large:
        many = f"{large.many:,} recipients"
        found.append(Goal(f"{many}: planned in", large.planned, 15, 6, " s", less_is_better=True))
        found.append(Goal(f"{many}: peak memory", megabytes(large.peak), 300, 150, " MB", less_is_better=True))
    return found


def measure(bench: Bench, parts: Sequence[str]) -> str:
    """Run what is asked for; the text that tells of it."""
    near = far = large = None
    system = f"{platform.system()} {platform.machine()}"
    texts = [f"Machine: {os.cpu_count()} cores, {system}, Python {platform.python_version()}."]
    if "near" in parts:
        print("loopback", flush=True)
        near = bench.rates(lambda one: one.near)
        texts.append(rates_table("Loopback:", near, lambda one: one.near, bench.quicker))
    if "far" in parts:
        print("20 ms per round trip", flush=True)
        far = bench.rates(lambda one: one.far, ROUND_TRIP)
        texts.append(rates_table("20 ms per round trip:", far, lambda one: one.far, bench.quicker))
    if "large" in parts:
        print(f"{LARGE // bench.quicker:,} recipients", flush=True)
        large = bench.large()
        texts.append(
            f"{large.many:,} recipients: planned in {large.planned:.1f} s, all sent in {large.seconds:.1f} s, "
            f"{megabytes(large.peak):.0f} MB of memory at most."
        )
    texts.append(goals_table(goals(near, far, large)))
    return "\n\n".join(texts)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how fast comsoc sends, side by side with others.")
    parser.add_argument("--quick", action="store_true", help="few messages: to see that it works, not to measure")
    parser.add_argument("--repeat", type=int, default=3, metavar="K", help="runs of the fast contestants (3)")
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS", help="some of near,far,large")
    return parser.parse_args()


def main() -> None:
    asked = arguments()
    parts = asked.only.split(",")
    if not set(parts) <= set(PARTS):
        sys.exit(f"--only takes some of {','.join(PARTS)}")
    if not (SMTP_SOURCE.exists() and OTHERS.exists()):
        sys.exit("run tools/bench-setup first")
    with tempfile.TemporaryDirectory(prefix="bench-send-") as folder:
        measured = measure(Bench(Path(folder), QUICKER if asked.quick else 1, asked.repeat), parts)
    print(f"\n{measured}")
    if not asked.quick and set(parts) == set(PARTS):
        rewrite("make bench-send", measured)


if __name__ == "__main__":
    main()
