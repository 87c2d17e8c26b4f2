"""Every reply at every command: whatever a server says, the ledger says what the server has, and nobody has it twice.

Each case is a run of its own over the real ledger, against the recording server in its own process.
"""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from functools import partial

import pytest
from support.mail_server import (
    Action,
    Chatter,
    Drop,
    DropAfterBytes,
    Event,
    Garbage,
    HalfLine,
    MailServer,
    Recorded,
    Reply,
    Rule,
    StaySilent,
)

from comsoc_cli.delivery.dispatch import LINE_LOSSES, Dispatch, Tally
from comsoc_cli.delivery.pace import Pace
from comsoc_cli.delivery.transports import Envelope, TransportUnusable
from comsoc_cli.delivery.transports.smtp import MailServer as SmtpTransport
from comsoc_cli.ledger.records import Planned
from comsoc_cli.ledger.store import Ledger
from comsoc_cli.model.delivery import Delivery, Outcome, Purpose, Recipient
from comsoc_cli.model.settings import Smtp

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
SENDER = "prensa@sinaloa.example"
PATIENT, IMPATIENT = 20.0, 0.2  #: seconds for an answer: where all of them come, and where one does not
HASTE = Pace(first_wait=0.005, longest_wait=0.02, pause=0.0005, retry_for=30, stop_after_failures=0)
BRIEF = replace(HASTE, retry_for=0.05)
ACCEPTED, DEFERRED, PLANNED = Outcome.ACCEPTED, Outcome.DEFERRED, Outcome.PLANNED
REFUSED, UNCERTAIN = Outcome.REFUSED, Outcome.UNCERTAIN
SILENT = "silent"
NAMES = itertools.count()


class Fate(Enum):
    """What a reply comes to for whoever it hits."""

    DONE = "accepted at the first try"
    AGAIN = "the line was lost before the text: planned, and tried again over another one"
    LATER = "a 4xx: deferred, and tried again"
    REFUSED = "declined for this person, and not tried again"
    UNCERTAIN = "nobody knows, and not tried again"
    STOPS = "the run stops, and the row is planned"


ACTIONS: Mapping[str, Action] = {
    "220": Reply(220, "mail.example.test"),
    "250": Reply(250, "2.0.0 Ok"),
    "251": Reply(251, "2.1.5 Will forward"),
    "354": Reply(354, "Go on"),
    "421": Reply(421, "4.3.2 Closing"),
    "451": Reply(451, "4.3.0 Later"),
    "503": Reply(503, "5.5.1 Bad sequence"),
    "535": Reply(535, "5.7.8 Wrong"),
    "550": Reply(550, "No"),
    "5.1.1": Reply(550, "5.1.1 Unknown"),
    "5.2.2": Reply(552, "5.2.2 Mailbox full\nof other mail"),
    "5.7.1": Reply(554, "5.7.1 Not from you"),
    "dropped": Drop(),
    "dropped within": DropAfterBytes(30),
    SILENT: StaySilent(60),
    "garbage": Garbage(),
    "half a number": HalfLine(b"25"),
    "half a line": HalfLine(b"250 2.0.0 O"),
    "half a reply": HalfLine(b"250-2.0.0 Ok\r\n"),
    "a line of a megabyte": Reply(250, "x" * 1_000_000),
    "lines of a megabyte": Reply(250, "\n".join(["x" * 70] * 14_000)),
}
NO_REPLY = (
    *("dropped", SILENT, "garbage", "half a number", "half a line", "half a reply"),
    *("a line of a megabyte", "lines of a megabyte"),
)


def fates(without_reply: Fate, **replies: str) -> dict[str, Fate]:
    """Which fate each reply means, and the same one for all that is no reply."""
    named = {reply: Fate[fate] for fate, some in replies.items() for reply in some.split()}
    return named | dict.fromkeys(NO_REPLY, without_reply)


#: What comes of a message at each command. Until somebody is logged in, smtplib reads the replies: it goes on with HELO
#: where EHLO is not answered with 250, and tries another way to log in.
TABLE: Mapping[Event, Mapping[str, Fate]] = {
    "connect": fates(Fate.AGAIN, DONE="220", AGAIN="421 451", STOPS="250 354 550")
    | dict.fromkeys(
        ("garbage", "half a number", "half a line", "a line of a megabyte", "lines of a megabyte"), Fate.STOPS
    ),
    "ehlo": fates(Fate.AGAIN, DONE="250 251 354 451 503 550 garbage", AGAIN="421")
    | {"garbage": Fate.DONE, "a line of a megabyte": Fate.STOPS, "lines of a megabyte": Fate.DONE},
    "mail": fates(Fate.AGAIN, DONE="250", AGAIN="251 354 421 503", LATER="451", STOPS="550 5.1.1 5.7.1"),
    "rcpt": fates(
        Fate.AGAIN, DONE="250 251", AGAIN="354 421 503", LATER="451", REFUSED="550 5.1.1 5.2.2", STOPS="5.7.1"
    ),
    "data": fates(
        Fate.AGAIN, DONE="354", AGAIN="250 251 421 503", LATER="451", REFUSED="5.1.1 5.2.2", STOPS="550 5.7.1"
    ),
    "text": fates(
        Fate.UNCERTAIN,
        DONE="250",
        AGAIN="421",
        LATER="451",
        REFUSED="5.1.1 5.2.2",
        UNCERTAIN="251 354",
        STOPS="503 550 5.7.1",
    )
    | {"dropped within": Fate.UNCERTAIN},
    "rset": fates(Fate.DONE, DONE="250 251 354 421 451 503 550"),
    "quit": fates(Fate.DONE, DONE="250 354 421 451 550"),
}
SECURE_TABLE: Mapping[Event, Mapping[str, Fate]] = {
    "starttls": fates(Fate.STOPS, AGAIN="421 451", STOPS="250 354 550")
    | dict.fromkeys(("dropped", SILENT, "half a reply"), Fate.AGAIN),
    "auth": fates(Fate.AGAIN, DONE="250 354 451 535 550", AGAIN="421", STOPS="503")
    | {"garbage": Fate.DONE, "lines of a megabyte": Fate.DONE, "a line of a megabyte": Fate.STOPS},
}
#: What a server says that has lost count: to several commands at once it means that, to a single one what it says.
LOST_COUNT = {"mail": Fate.STOPS, "rcpt": Fate.STOPS, "data": Fate.STOPS}


def cases(table: Mapping[Event, Mapping[str, Fate]]) -> list[object]:
    return [pytest.param(event, reply, id=f"{event}-{reply}") for event, row in table.items() for reply in row]


@dataclass
class Run:
    """Runs of one release to people of its own, and what became of them."""

    server: MailServer
    ledger: Ledger
    sessions: int
    many: int = 12
    pace: Pace = HASTE
    timeout: float = PATIENT
    smtp: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.name = f"r{next(NAMES)}"
        self.people = [f"{number}@{self.name}.example" for number in range(self.many)]
        self._before = len(self.server.messages()), len(self.server.swallowed())
        rows = [
            Planned(
                release=self.name,
                revision=1,
                purpose=Purpose.RELEASE,
                recipient=Recipient(key=address, address=address, segments=("media",)),
                message_id=f"<{address}>",
            )
            for address in self.people
        ]
        self.ledger.plan(rows, NOW)

    def go(self, *rules: Rule) -> Tally:
        """Send what is still to be sent under these rules."""
        self.server.change_rules(*rules, new_sessions_only=True)
        settings = {"host": self.server.host, "security": "none", **self.smtp}
        transport = SmtpTransport(
            Smtp(port=self.server.port, connections=self.sessions, **settings),  # type: ignore[arg-type]
            "secreto",
            self.timeout,
        )
        dispatch = Dispatch(
            ledger=self.ledger,
            transport=transport,
            envelope=lambda row: Envelope(sender=SENDER, recipient=row.recipient.address),
            allow=(),
            compose=lambda row: text_for(row.recipient.address),
            pace=self.pace,
            clock=lambda: NOW,
            stop=threading.Event(),
        )
        numbers = self.ledger.to_make(self.name, 1, Purpose.RELEASE, self.people)
        tally = dispatch.run(self.ledger.deliveries(numbers), len(numbers))
        self.holds()
        return tally

    def rows(self) -> list[Delivery]:
        return self.ledger.of_release(self.name)

    def outcomes(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.rows())

    def tries(self) -> int:
        return sum(row.tries for row in self.rows())

    def received(self) -> list[Recorded]:
        """All whole texts that the server got since this began, acknowledged or not."""
        messages, swallowed = self._before
        return self.server.messages()[messages:] + self.server.swallowed()[swallowed:]

    def holds(self) -> None:
        """What has to be true whatever was said: nobody has it twice, and the ledger knows of every text."""
        received = [one for one in self.received() if one.recipients]
        assert all(len(one.recipients) == 1 for one in received)
        has = Counter(one.recipients[0] for one in received)
        assert not [address for address, texts in has.items() if texts > 1], "somebody has it twice"
        assert all(one.content == text_for(one.recipients[0]) for one in received)
        for row in self.rows():
            texts = has[row.recipient.address]
            assert row.outcome is not Outcome.CLAIMED
            assert row.outcome is not ACCEPTED or texts == 1, "accepted, and the server does not have it"
            assert not texts or row.outcome in (ACCEPTED, UNCERTAIN), "the server has it, and the ledger forgot"

    def can_be_finished(self) -> None:
        """Another run makes up for whatever was not handed over, and for nothing else."""
        settled = {row.id: row.outcome for row in self.rows() if row.outcome not in (PLANNED, DEFERRED)}
        self.timeout = PATIENT
        assert self.go().fault is None
        for row in self.rows():
            assert row.outcome is settled.get(row.id, ACCEPTED)


def text_for(address: str) -> bytes:
    return f"To: {address}\r\nSubject: Boletin\r\n\r\nUno\r\n.\r\n..dos\r\nfin\r\n".encode()


@pytest.fixture(scope="module")
def servers() -> Iterator[Mapping[bool, MailServer]]:
    """A server that offers PIPELINING and one that does not."""
    with MailServer() as pipelined, MailServer(pipelining=False) as plain:
        yield {True: pipelined, False: plain}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with Ledger("sqlite:///ledger.db", tmp_path_factory.mktemp("replies")) as opened:
        yield opened


@pytest.fixture(params=[True, False], ids=["pipelined", "one by one"])
def pipelined(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(params=[1, 8], ids=["1 session", "8 sessions"])
def sessions(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def run(servers: Mapping[bool, MailServer], ledger: Ledger, sessions: int, pipelined: bool) -> Callable[..., Run]:
    """Makes a run of this many sessions, pipelined or not."""
    return partial(Run, servers[pipelined], ledger, sessions)


@pytest.fixture(scope="module")
def secure() -> Iterator[MailServer]:
    """A server with STARTTLS and a login."""
    with MailServer(starttls=True, users={"prensa": "secreto"}) as started:
        yield started


@pytest.fixture
def run_securely(
    secure: MailServer, ledger: Ledger, sessions: int, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Run]:
    monkeypatch.setenv("SSL_CERT_FILE", str(secure.ca_file))
    return partial(Run, secure, ledger, sessions, smtp={"security": "starttls", "username": "prensa"})


def patience(reply: str) -> float:
    return IMPATIENT if reply == SILENT else PATIENT


def rules_for(work: Run, event: Event, reply: str, times: int | None) -> list[Rule]:
    """The rule of a case; RSET is only said after somebody was declined."""
    rule = Rule(event, ACTIONS[reply], times=times)
    refused = Rule("rcpt", ACTIONS["5.1.1"], recipient=work.people[0])
    return [rule, refused] if event == "rset" else [rule]


def check_once(work: Run, event: Event, reply: str, fate: Fate) -> None:
    """A reply that is given once hits one message, or one session."""
    tally = work.go(*rules_for(work, event, reply, times=1))
    refused = int(fate is Fate.REFUSED or event == "rset")
    uncertain = int(fate is Fate.UNCERTAIN)
    if fate is Fate.STOPS:
        assert isinstance(tally.fault, TransportUnusable)
        assert work.outcomes()[PLANNED] >= 1
        assert set(work.outcomes()) <= {PLANNED, ACCEPTED}
        work.can_be_finished()
        return
    assert tally.fault is None
    assert work.outcomes() == Counter({ACCEPTED: work.many - refused - uncertain}) + Counter(
        {REFUSED: refused, UNCERTAIN: uncertain}
    )
    assert tally.outcomes == work.outcomes()
    if reply != SILENT:
        assert work.tries() == work.many + int(fate in (Fate.AGAIN, Fate.LATER))


@pytest.mark.parametrize(("event", "reply"), cases(TABLE))
def test_a_reply_that_is_given_once(
    run: Callable[..., Run], event: Event, reply: str, sessions: int, pipelined: bool
) -> None:
    fate = TABLE[event][reply]
    if reply == "503" and not pipelined:
        fate = LOST_COUNT.get(event, fate)
    many = 12 if sessions > 1 else 4
    check_once(run(many=many, timeout=patience(reply)), event, reply, fate)


@pytest.mark.parametrize(("event", "reply"), cases(SECURE_TABLE))
def test_a_reply_that_is_given_once_before_somebody_is_logged_in(
    run_securely: Callable[..., Run], event: Event, reply: str, sessions: int
) -> None:
    many = 9 if sessions > 1 else 2
    check_once(run_securely(many=many, timeout=patience(reply)), event, reply, SECURE_TABLE[event][reply])


ENDS = {
    Fate.DONE: ACCEPTED,
    Fate.AGAIN: PLANNED,
    Fate.LATER: DEFERRED,
    Fate.REFUSED: REFUSED,
    Fate.UNCERTAIN: UNCERTAIN,
    Fate.STOPS: PLANNED,
}

#: Given always, the others come to the same; and who is asked one at a time after that is refused with a 503.
ONCE_IS_ENOUGH = {SILENT, "half a number", "half a reply", "a line of a megabyte", "lines of a megabyte"}
REPEATED: tuple[Event, ...] = ("connect", "ehlo", "mail", "rcpt", "data", "text")
ALWAYS: Mapping[Event, Mapping[str, Fate]] = {
    event: {reply: fate for reply, fate in TABLE[event].items() if reply not in ONCE_IS_ENOUGH | {"503"}}
    for event in REPEATED
}


@pytest.mark.parametrize(("event", "reply"), cases(ALWAYS))
def test_a_reply_that_is_given_always(run: Callable[..., Run], event: Event, reply: str, sessions: int) -> None:
    check_always(run(many=12 if sessions > 1 else 8, pace=BRIEF), event, reply)


@pytest.mark.parametrize("event", ["mail", "text"])
def test_a_server_that_never_answers(servers: Mapping[bool, MailServer], ledger: Ledger, event: Event) -> None:
    check_always(Run(servers[True], ledger, sessions=8, timeout=IMPATIENT, pace=BRIEF), event, SILENT)


def check_always(work: Run, event: Event, reply: str) -> None:
    """A reply that is given to everybody: the run ends by itself, and loses nobody."""
    fate = TABLE[event][reply]
    tally = work.go(*rules_for(work, event, reply, times=None))
    if fate is Fate.UNCERTAIN and work.sessions == 1:
        # Each of them costs a call to a newsroom, so the run stops itself.
        assert isinstance(tally.fault, TransportUnusable)
        assert work.outcomes() == {UNCERTAIN: LINE_LOSSES + 2, PLANNED: 6 - LINE_LOSSES}
    else:
        assert work.outcomes() == {ENDS[fate]: work.many}
        assert (tally.fault is not None) is (ENDS[fate] is PLANNED)
    if fate is Fate.AGAIN:
        assert LINE_LOSSES * work.sessions < work.tries() <= (LINE_LOSSES + 1) * work.sessions
    if fate not in (Fate.DONE, Fate.UNCERTAIN):
        assert work.received() == []
    work.can_be_finished()


@pytest.mark.parametrize(
    ("event", "reply"),
    [
        *[("starttls", reply) for reply in ("421", "451", "550", "dropped", "garbage", "half a number")],
        *[("auth", reply) for reply in ("421", "451", "503", "535", "dropped", "garbage", "half a number")],
    ],
)
def test_nothing_is_lost_where_nobody_can_log_in(run_securely: Callable[..., Run], event: Event, reply: str) -> None:
    work = run_securely(many=8)
    tally = work.go(*rules_for(work, event, reply, times=None))
    assert isinstance(tally.fault, TransportUnusable)
    assert work.outcomes() == {PLANNED: 8}
    assert work.received() == []
    work.can_be_finished()


# what takes more than one reply


@pytest.mark.parametrize("event", ["mail", "text", "connect"])
def test_a_server_that_takes_some_and_then_says_421_for_ever_stops_the_run(
    run: Callable[..., Run], sessions: int, event: Event
) -> None:
    """A rule without an action lets so many pass."""
    work = run(many=12)
    work.pace = replace(HASTE, messages_per_connection=1)
    some = 8
    tally = work.go(Rule(event, times=some), Rule(event, ACTIONS["421"]))
    assert isinstance(tally.fault, TransportUnusable)
    accepted = work.outcomes()[ACCEPTED]
    # With several sessions, the run may stop itself while the last one that may pass is on its way.
    assert accepted == some if sessions == 1 else 1 <= accepted <= some
    assert work.outcomes() == {ACCEPTED: accepted, PLANNED: 12 - accepted}
    assert work.tries() <= 12 + (LINE_LOSSES + 1) * sessions * (some + 1)
    work.can_be_finished()


@pytest.mark.parametrize("chatter", [b"250 2.0.0 Ok\r\n", b"354 Go on\r\n", b"garbage\r\n", b"421 4.3.2 Closing\r\n"])
@pytest.mark.parametrize("event", ["mail", "rcpt", "data", "text"])
def test_a_reply_that_nobody_asked_for_is_never_taken_for_another(
    run: Callable[..., Run], event: Event, chatter: bytes
) -> None:
    work = run(many=12)
    tally = work.go(Rule(event, Chatter(chatter), times=1))
    assert tally.fault is None
    if event == "rcpt" and chatter.startswith(b"354") and work.outcomes()[UNCERTAIN]:
        # Taken for the answer to DATA; the true one came too late to be noticed before the text, and is no yes to it.
        assert work.outcomes() == {ACCEPTED: 11, UNCERTAIN: 1}
        return
    assert work.outcomes() == {ACCEPTED: 12}
    # Behind a text it hits the next message of the session; one of several sessions may have had its last.
    assert work.tries() == 12 + 1 or (event == "text" and work.sessions > 1 and work.tries() == 12)


@pytest.mark.parametrize("event", ["mail", "rcpt", "data", "text"])
def test_a_server_that_is_always_out_of_step_never_gets_a_text_twice(run: Callable[..., Run], event: Event) -> None:
    work = run(many=12)
    tally = work.go(Rule(event, Chatter()))
    if event == "text":
        # Each yes is its own; the next message finds out over the same line, and goes over another one.
        assert tally.fault is None
        assert work.outcomes() == {ACCEPTED: 12}
    else:
        assert isinstance(tally.fault, TransportUnusable)
        assert work.outcomes() == {PLANNED: 12}
        assert work.received() == []


def test_a_server_that_forgets_what_came_together_is_asked_one_by_one(ledger: Ledger, sessions: int) -> None:
    with MailServer(forgets_pipelined=True) as forgetful:
        work = Run(forgetful, ledger, sessions, timeout=0.4)
        tally = work.go()
        assert tally.fault is None
        assert work.outcomes() == {ACCEPTED: 12}


@pytest.fixture(scope="module")
def careless() -> Iterator[MailServer]:
    """A server that waits for a text though nobody is to have it."""
    with MailServer(data_without_recipients=True) as started:
        yield started


@pytest.mark.parametrize(("reply", "outcome"), [("5.1.1", REFUSED), ("550", REFUSED), ("451", DEFERRED)])
def test_the_yes_to_a_lone_dot_is_nobodys(
    careless: MailServer, ledger: Ledger, sessions: int, reply: str, outcome: Outcome
) -> None:
    work = Run(careless, ledger, sessions, pace=BRIEF)
    unwanted = work.people[2]
    tally = work.go(Rule("rcpt", ACTIONS[reply], recipient=unwanted))
    assert tally.fault is None
    assert work.outcomes() == {ACCEPTED: 11, outcome: 1}
    assert next(row.outcome for row in work.rows() if row.recipient.address == unwanted) is outcome
    dots = [one for one in work.received() if not one.recipients]
    assert dots, "the server was not asked for what this is about"
    assert all(one.content == b"" for one in dots)


@pytest.mark.parametrize("answer", ["354", "421", "451", "550", "dropped", "garbage", "half a line"])
def test_whatever_is_said_to_a_lone_dot_the_person_is_refused(
    careless: MailServer, ledger: Ledger, answer: str
) -> None:
    work = Run(careless, ledger, sessions=1)
    tally = work.go(
        Rule("rcpt", ACTIONS["5.1.1"], recipient=work.people[0]),
        Rule("text", ACTIONS[answer], times=1),
    )
    assert tally.fault is None
    assert work.outcomes() == {ACCEPTED: 11, REFUSED: 1}
    assert work.tries() == 12


@pytest.mark.parametrize(("reply", "stops"), [("451", False), ("550", True)])
def test_no_empty_text_goes_to_somebody_who_was_not_declined(
    servers: Mapping[bool, MailServer], ledger: Ledger, reply: str, stops: bool
) -> None:
    """MAIL is declined, but RCPT is not, and the server waits for a text: only a closed line is safe."""
    work = Run(servers[True], ledger, sessions=1)
    before = len(servers[True].commands())
    rules = Rule("mail", ACTIONS[reply], times=1), Rule("rcpt", ACTIONS["250"], times=1)
    tally = work.go(*rules, Rule("data", ACTIONS["354"], times=1))
    assert "." not in {command.line for command in servers[True].commands()[before:]}
    assert (tally.fault is not None) is stops
    assert work.outcomes() == ({PLANNED: 12} if stops else {ACCEPTED: 12})


def test_a_line_dropped_right_after_354_loses_nobody(run: Callable[..., Run]) -> None:
    work = run(many=12)
    tally = work.go(Rule("data", Reply(354, "Go on", then_drop=True), times=1))
    assert tally.fault is None
    # Who sees that the line is closed has not sent the text; who sees it too late cannot know.
    assert work.outcomes()[ACCEPTED] >= 11
    assert work.outcomes()[ACCEPTED] + work.outcomes()[UNCERTAIN] == 12
    assert len(work.received()) == work.outcomes()[ACCEPTED]


@pytest.mark.parametrize("times", [1, None])
def test_a_yes_counts_though_the_line_is_dropped_behind_it(run: Callable[..., Run], times: int | None) -> None:
    work = run(many=12)
    tally = work.go(Rule("text", Reply(250, "2.0.0 Queued as A1", then_drop=True), times=times))
    assert tally.fault is None
    assert work.outcomes() == {ACCEPTED: 12}
    assert len(work.received()) == 12
    if times:
        assert work.tries() == 12 + 1 or (work.sessions > 1 and work.tries() == 12)


def test_a_long_reply_is_kept_short(run: Callable[..., Run]) -> None:
    work = run(many=12)
    work.go(Rule("rcpt", Reply(550, "5.1.1 " + "\n".join(["x" * 70] * 90)), recipient=work.people[0]))
    [refused] = [row for row in work.rows() if row.outcome is REFUSED]
    assert refused.reply.startswith("550 5.1.1 xxx")
    assert len(refused.reply) <= 300


def test_an_address_of_the_internet_is_no_status_code(run: Callable[..., Run]) -> None:
    """A 5xx whose words hold 192.0.2.7 says nothing of a recipient and nothing of a policy."""
    work = run(many=12)
    work.go(Rule("rcpt", Reply(550, "No such user at 104.5.7.1 (192.5.7.26)"), recipient=work.people[0]))
    assert work.outcomes() == {ACCEPTED: 11, REFUSED: 1}
    work = run(many=12)
    tally = work.go(Rule("text", Reply(554, "Listed: 10.5.1.1, 185.2.2.9"), times=1))
    assert isinstance(tally.fault, TransportUnusable)
    assert work.outcomes()[REFUSED] == 0
    work.can_be_finished()
