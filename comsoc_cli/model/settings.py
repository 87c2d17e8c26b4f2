"""What comsoc.toml says: one record per table; the defaults are the contract's.

pydantic validates into these records (in `office.settings`); here they are plain dataclasses.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from comsoc_cli.model.release import primary
from comsoc_cli.model.zones import zone_named


@dataclass(frozen=True, kw_only=True)
class OfficeSettings:
    """Who the office is."""

    name: str
    organization: str = ""
    url: str = ""  #: where the public newsroom will stand
    language: str = "es-MX"
    timezone: str = "America/Mazatlan"
    boilerplate: str = ""
    privacy_notice: str = ""  #: address of the privacy notice


@dataclass(frozen=True, kw_only=True)
class PressContact:
    """The person that a journalist may call about a release."""

    name: str
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What sort of release; an office changes the packaged ones and adds its own."""

    label: str
    labels: Mapping[str, str] = field(default_factory=dict)  #: in other languages: {"en": "Press release"}
    numbered: bool = False
    first_number: int = 1  #: where the very first year of a series begins, for an office that changes over in mid-year
    first_numbers: Mapping[str, int] = field(default_factory=dict)  #: where a year's begins: "2027", or "sepyc/2027"
    number_format: str = "{number}"  #: may use {number} {year} {agency}; {number:04} is 0045
    series: str = ""  #: "agency": each agency has its own
    subject: str = "{headline}"  #: may use {label} {LABEL} {number} {year} {agency} {headline} {place} {moment}
    public: bool = True  #: whether it may stand on the public site
    audience: str = "public"  #: or "internal": it goes to segments marked `internal: true` only, and on no site
    invites: bool = False  #: whether it needs an `event`
    urgent: bool = False  #: marks the message as urgent for mail programs
    segments: tuple[str, ...] = ()  #: what a new draft names

    @property
    def is_internal(self) -> bool:
        """Whether it is for the government's own people and never for the press."""
        return self.audience == "internal"

    @property
    def needs_agency(self) -> bool:
        """Whether no number can be given to a text that names no agency."""
        return self.numbered and (self.series == "agency" or "{agency" in self.number_format)

    def series_of(self, agencies: Sequence[str]) -> str:
        """The agency in whose series a text is numbered; nothing where the kind has one series."""
        return agencies[0].casefold() if self.series == "agency" and agencies else ""

    def begins_at(self, year: int, series: str, *, is_first_year: bool) -> int:
        """The first number of a year; `first_number` is for the first year in which there is any."""
        told = self.first_numbers.get(f"{series}/{year}", self.first_numbers.get(str(year)))
        return told or (self.first_number if is_first_year else 1)

    def number_text(self, number: int, year: int, agency: str) -> str:
        """A number as people read it: "SEPyC-045/2026"."""
        return self.number_format.format(number=number, year=year, agency=agency)

    def label_in(self, language: str) -> str:
        """What the kind is called in a language such as "en" or "es-MX"."""
        return self.labels.get(primary(language), self.label)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The office's look, in page, PDF and mail alike."""

    color: str = "#0f4c5c"  #: of rules, labels and links
    dark: str = ""  #: in its place on dark screens; empty: a lighter one is made
    logo: str = ""  #: a picture in templates/
    typeface: str = "serif"  #: of headlines: "serif" or "sans"


@dataclass(frozen=True, kw_only=True)
class MailSettings:
    """What a mail carries."""

    attach: str = "until-public"  #: the PDF: "until-public" (then it is linked), "always" or "never"
    pictures: str = "attached"  #: or "linked", which they are once the page is public


@dataclass(frozen=True, kw_only=True)
class PdfSettings:
    """What sort of PDF."""

    variant: str = "pdf/ua-1"  #: for readers with any disability, or "pdf/a-3a" for the archive


@dataclass(frozen=True, kw_only=True)
class Sender:
    """The sender of all messages."""

    name: str = ""
    email: str = ""
    reply_to: str = ""
    allow: tuple[str, ...] = ()  #: while set, only these addresses and domains are ever written to
    test_to: tuple[str, ...] = ()  #: further addresses of the office that may have a test of any text
    unsubscribe_url: str = ""  #: where one click ends it (RFC 8058); {token} or a parameter names the delivery
    verp: bool = False  #: an envelope sender of its own for each delivery, so that a bounce names it


@dataclass(frozen=True, kw_only=True)
class DomainLimit:
    """How much the mail servers of a recipient domain may get."""

    per_minute: float = 0  #: 0: no limit


@dataclass(frozen=True, kw_only=True)
class Dkim:
    """The key that messages are signed with, where the mail server does not do it (RFC 6376)."""

    domain: str
    selector: str
    key_file: str  #: the private key, outside of what is committed


@dataclass(frozen=True, kw_only=True)
class Smtp:
    """The mail server; without this table the embedded outbox is used."""

    host: str
    port: int = 587
    security: str = "starttls"  #: or "tls", or "none" (loopback only)
    username: str = ""
    password_file: str = ""
    connections: int = 2
    messages_per_connection: int = 500
    per_minute: float = 0  #: 0: no limit
    retry_for: float = 600  #: seconds within one run, from its first 4xx, that an address is tried again
    stop_after_failures: float = 0.2  #: share of attempts, counted from the 100th on
    domains: Mapping[str, DomainLimit] = field(default_factory=dict)  #: limits for recipient domains


def folded(name: str) -> str:
    """A name for comparing: however its letters and accents were typed."""
    return unicodedata.normalize("NFC", name).casefold()


@dataclass(frozen=True, kw_only=True)
class ApprovalRules:
    """Whose word lets a text out."""

    required: int = 1  #: how many must approve
    approvers: tuple[str, ...] = ()  #: while set, only these addresses, as git has them, may approve
    former: tuple[str, ...] = ()  #: who has left: what they approved holds, and they approve nothing more
    four_eyes: bool = False  #: who wrote a text may not approve it
    signed: bool = False  #: an approval counts only with a signature by a key of the file `signers`
    signed_since: datetime | None = None  #: approvals from before that moment need no signature

    def asks_for_a_signature(self, at: datetime) -> bool:
        """Whether an approval of this moment counts only with a signature."""
        return self.signed and not (self.signed_since and at < self.signed_since)

    def may(self, email: str) -> bool:
        """Whether the person with this address may approve now; anybody may while there are no approvers."""
        if email and _listed(email, self.former):
            return False
        return not self.approvers or (bool(email) and _listed(email, self.approvers))

    def counts(self, *who: str) -> bool:
        """Whether what a person approved counts, by address, or by a name that older versions took for an approver."""
        return not self.approvers or any(_listed(one, (*self.approvers, *self.former)) for one in who if one)

    def lists(self, email: str) -> bool:
        """Whether this very address stands among the approvers of today."""
        return bool(email) and _listed(email, self.approvers)


def _listed(one: str, listed: tuple[str, ...]) -> bool:
    return folded(one) in {folded(entry) for entry in listed}


@dataclass(frozen=True, kw_only=True)
class EmbargoSettings:
    """How an embargo is told."""

    zones: tuple[str, ...] = ()  #: further time zones in which the notice gives the hour


@dataclass(frozen=True, kw_only=True)
class Blackout:
    """A period in which the law suspends government publicity."""

    name: str
    since: datetime  #: `from` in comsoc.toml
    until: datetime | None = None  #: None: until somebody ends it
    law: str = ""
    exempt: tuple[str, ...] = ()  #: topics that the law lets pass
    legal_signoff: bool = True  #: whether an exempt text needs a name from the legal department
    hide_site: bool | None = None  #: whether what was published before leaves the site as well; None: nobody has said

    @property
    def hides_site(self) -> bool:
        """Whether it does; without an answer it does, which no law forbids."""
        return self.hide_site is not False

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment <= self.until)


@dataclass(frozen=True, kw_only=True)
class CheckSettings:
    """How the copy desk weighs its rules, by their names."""

    severity: Mapping[str, str] = field(default_factory=dict)  #: "error", "warning", "info" or "off"
    limits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  #: by kind, "*" for all others

    def limit(self, rule: str, kind: str) -> float | None:
        """The limit that the office sets for a rule and a kind."""
        limits = self.limits.get(rule, {})
        return limits.get(kind, limits.get("*"))


@dataclass(frozen=True, kw_only=True)
class Style:
    """How the office writes."""

    terms: Mapping[str, str] = field(default_factory=dict)  #: what it does not write, and what instead; empty: nothing
    officials: tuple[str, ...] = ()  #: whose names in headline or caption the legal department looks at
    acronyms: tuple[str, ...] = ()  #: what all of its readers know without being told


@dataclass(frozen=True, kw_only=True)
class Send:
    """How `send` chooses."""

    recent_days: int = 3


@dataclass(frozen=True, kw_only=True)
class LedgerSettings:
    """Where the ledger lies."""

    url: str = "sqlite:///.comsoc/ledger.db"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All of comsoc.toml."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012 - an unknown key is an error, here and in every table

    office: OfficeSettings
    press_contacts: Mapping[str, PressContact] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)  #: how the newsroom writes them, by their slug
    agencies: Mapping[str, str] = field(default_factory=dict)  #: the same
    municipalities: Mapping[str, str] = field(default_factory=dict)  #: the same
    identity: Identity = field(default_factory=Identity)
    mail: MailSettings = field(default_factory=MailSettings)
    pdf: PdfSettings = field(default_factory=PdfSettings)
    sender: Sender = field(default_factory=Sender)
    approval: ApprovalRules = field(default_factory=ApprovalRules)
    embargo: EmbargoSettings = field(default_factory=EmbargoSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    style: Style = field(default_factory=Style)
    blackouts: tuple[Blackout, ...] = ()
    smtp: Smtp | None = None
    dkim: Dkim | None = None
    send: Send = field(default_factory=Send)
    ledger: LedgerSettings = field(default_factory=LedgerSettings)

    def is_internal(self, kind: str) -> bool:
        """Whether releases of a kind are internal documents."""
        return kind in self.kinds and self.kinds[kind].is_internal

    def agency_name(self, agencies: Sequence[str]) -> str:
        """What the first of a text's agencies is called in numbers and subjects; nothing without any."""
        return self.agencies.get(agencies[0], agencies[0].upper()) if agencies else ""

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return zone_named(self.office.timezone)
