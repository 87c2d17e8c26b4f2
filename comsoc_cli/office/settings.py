"""Reading comsoc.toml."""

import ipaddress
import re
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from comsoc_cli.message import Message, said
from comsoc_cli.model import settings as model
from comsoc_cli.model.colour import contrast
from comsoc_cli.model.problem import Problem
from comsoc_cli.model.settings import Settings
from comsoc_cli.model.zones import is_zone
from comsoc_cli.office.addresses import address_expected, is_address, is_permit, normalised, normalised_permit, visible
from comsoc_cli.office.blackouts import blackout_problems, place_as_written, with_moments
from comsoc_cli.office.check_settings import check_faults, with_limits
from comsoc_cli.office.conflicts import conflicts
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.folder import SETTINGS, Office, SettingsUnusable, find_root
from comsoc_cli.office.kinds import kind_faults, with_packaged_kinds
from comsoc_cli.office.slugs import slugify
from comsoc_cli.office.validation import Place, problems_of, wrong_value

LONGEST_RECENT = 3650
MOST_APPROVALS = 10
MOST_CONNECTIONS = 100  #: more than any mail server lets one sender open
_DOMAIN = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
_SECRET = re.compile(r"(?i)(password|passwd|secret|token|api_?key|clave|contrase)")
#: Texts that may hold anything.
_PROSE = {"boilerplate", "name", "organization", "label", "subject"}
_LONGEST_VERP = 31  #: a local part has 64 characters at most (RFC 5321 4.5.3.1.1), and 33 are added
_READABLE = 4.5  #: contrast of text with its paper (WCAG 2.2, 1.4.3)
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|[^.]+")  # of a TOML key: smtp.domains."diario.example" has three
_TABLES = (
    Settings,
    model.OfficeSettings,
    model.PressContact,
    model.Kind,
    model.Identity,
    model.MailSettings,
    model.PdfSettings,
    model.Sender,
    model.ApprovalRules,
    model.EmbargoSettings,
    model.Blackout,
    model.CheckSettings,
    model.Style,
    model.Smtp,
    model.DomainLimit,
    model.Dkim,
    model.Send,
    model.LedgerSettings,
)
_KEYS = tuple(field.name for table in _TABLES for field in fields(table))


def open_office(start: Path) -> Office:
    """The office that `start` lies in; raises NoOffice or SettingsUnusable."""
    root = find_root(start)
    settings, problems = read_settings(root)
    if settings is None:
        raise SettingsUnusable(problems)
    return Office(root=root, settings=settings)


def read_settings(root: Path) -> tuple[Settings | None, list[Problem]]:
    """The settings (None where they have errors) and every problem of comsoc.toml."""
    path = root / SETTINGS
    try:
        text = read_text(path)
        data = tomllib.loads(text)
    except FileFault as fault:
        return None, [Problem(path=SETTINGS, line=fault.line, rule=fault.rule, message=fault.message)]
    except tomllib.TOMLDecodeError as fault:
        if undecided := conflicts(text.split("\n")):
            return None, [
                Problem(path=SETTINGS, line=one.line, rule=one.rule, message=one.message) for one in undecided
            ]
        place = re.search(r"at line (\d+)", str(fault))
        message = said('this line cannot be understood; texts stand between quotation marks: name = "…"')
        return None, [Problem(path=SETTINGS, line=int(place[1]) if place else None, rule="syntax", message=message)]
    return settings_from(data, text)


def settings_from(written: Mapping[str, Any], text: str) -> tuple[Settings | None, list[Problem]]:
    """The settings that a TOML document comes to, and every problem of it; `text` is where the lines are found."""
    data, lines = deepcopy(dict(written)), _Lines(text)
    secrets = list(_secrets(data, lines))
    data["kinds"] = with_packaged_kinds(data.get("kinds", {}))
    unsure = with_moments(data, lines.of)
    with_limits(data)
    try:
        settings = TypeAdapter(Settings).validate_python(data)
    except ValidationError as fault:
        problems = problems_of(fault, path=SETTINGS, known=_KEYS, line=lines.of, written=place_as_written)
        problems += [*unsure, *_beside(data, fault, lines)]
        return None, _without_secrets(problems, secrets)
    problems = _without_secrets([*unsure, *_unusable_values(settings, lines)], secrets)
    settings = replace(settings, sender=_as_written(settings))
    return (None if problems else settings), problems


def line_in_settings(office: Office, place: Place) -> int | None:
    """On which line of comsoc.toml a table or key stands."""
    return _Lines(read_text(office.root / SETTINGS)).of(place)


class _Lines:
    """On which line of a TOML text a table or key stands; tomllib does not tell."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        table: Place = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := re.match(r"\s*(\[+)([^\]]+)\]+", line):
                table = tuple(part.strip().strip("\"'") for part in _PART.findall(header[2]))
                self._lines.setdefault(table, number)
                if header[1] == "[[":
                    table = (*table, sum(place[:-1] == table for place in self._lines if isinstance(place[-1], int)))
                    self._lines[table] = number
            elif key := re.match(r"\s*([\w\"'.-]+)\s*=", line):
                place = (*table, *(part.strip("\"'") for part in key[1].split(".")))
                self._lines.setdefault(place, number)

    def of(self, place: Place) -> int | None:
        """The line of a place, or of the nearest table around it."""
        while place:
            if place in self._lines:
                return self._lines[place]
            place = place[:-1]
        return None


def _beside(data: dict[str, Any], fault: ValidationError, lines: _Lines) -> list[Problem]:
    """What else is wrong, besides the keys that are of no use: these are left out and the rest is looked at."""
    for error in fault.errors():
        table: Any = data
        for step in error["loc"][:-1]:
            table = table.get(step) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table.pop(error["loc"][-1], None)
    try:
        settings = TypeAdapter(Settings).validate_python(data)
    except ValidationError:
        return []
    return list(_unusable_values(settings, lines))


def _as_written(settings: Settings) -> model.Sender:
    """The sender as it stands in a header: addresses in their ASCII form, the office's name where it has none."""
    sender = settings.sender
    return replace(
        sender,
        name=sender.name or settings.office.name,
        email=normalised(sender.email) if is_address(sender.email) else sender.email,
        reply_to=normalised(sender.reply_to) if is_address(sender.reply_to) else sender.reply_to,
        allow=tuple(normalised_permit(one) if is_permit(one) else one for one in sender.allow),
    )


def _without_secrets(problems: list[Problem], secrets: list[tuple[Problem, str]]) -> list[Problem]:
    """The problems and the secrets; what would show a secret again is told by the secret's own problem."""
    fields = {problem.field for problem, _ in secrets}
    kept = [
        problem
        for problem in problems
        if problem.field not in fields and not any(value and value in str(problem.message) for _, value in secrets)
    ]
    return kept + [problem for problem, _ in secrets]


def _secrets(value: Any, lines: _Lines, place: Place = ()) -> Iterator[tuple[Problem, str]]:
    """Secrets do not belong into a file that is committed: the problem, and the value that is never repeated."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _secrets(entry, lines, (*place, key))
    elif isinstance(value, list):
        for entry in value:
            yield from _secrets(entry, lines, place)
    if place and not isinstance(value, dict) and _is_secret(str(place[-1]), value):
        message = said(
            "a secret stands in this file, which is committed; take it out, change it at the server, and give it "
            "as COMSOC_SMTP_PASSWORD, in the file that password_file names, or in the system's keyring"
        )
        field = ".".join(map(str, place))
        problem = Problem(path=SETTINGS, line=lines.of(place), field=field, rule="secret", message=message)
        yield problem, str(value)[:40]


def _is_secret(key: str, value: Any) -> bool:
    """A key that names a secret, or an address that holds one: //user:secret@host."""
    if _SECRET.search(key) and key != "password_file":
        return not isinstance(value, list)
    return isinstance(value, str) and key not in _PROSE and bool(re.search(r"[^\s/:@]*:[^\s/@]+@[^\s@]", value))


def _unusable_values(settings: Settings, lines: _Lines) -> Iterator[Problem]:
    """Values of the right type that nothing can be done with."""

    def wrong(table: str, key: str, found: object, expected: Message) -> Problem:
        return wrong_value(SETTINGS, lines.of((table, key)), f"{table}.{key}", found, expected)

    for table in ("office", "sender"):
        yield from _broken_lines(getattr(settings, table), table, lines)
    yield from (wrong("office", *fault) for fault in _office_faults(settings.office))
    yield from (wrong("sender", *fault) for fault in _sender_faults(settings.sender))
    if not settings.ledger.url.startswith("sqlite:///"):
        yield wrong("ledger", "url", settings.ledger.url, said("an address that begins with sqlite:///"))
    if not 0 <= settings.send.recent_days <= LONGEST_RECENT:
        expected = said("a number from {least} to {most}", least=0, most=LONGEST_RECENT)
        yield wrong("send", "recent_days", settings.send.recent_days, expected)
    yield from kind_faults(settings, lines.of)
    if settings.pdf.variant not in {"pdf/ua-1", "pdf/a-3a"}:
        yield wrong("pdf", "variant", settings.pdf.variant, said("“pdf/ua-1” or “pdf/a-3a”"))
    yield from (wrong("mail", *fault) for fault in _mail_faults(settings.mail))
    yield from (wrong("identity", *fault) for fault in _identity_faults(settings.identity))
    for table in ("topics", "agencies", "municipalities"):
        yield from (wrong(table, *fault) for fault in _name_faults(getattr(settings, table)))
    yield from (wrong("approval", *fault) for fault in _approval_faults(settings.approval))
    yield from (wrong("embargo", *fault) for fault in _zone_faults(settings.embargo))
    yield from check_faults(settings, lines.of)
    yield from blackout_problems(settings.blackouts, lines.of)
    if settings.smtp:
        yield from (wrong("smtp", *fault) for fault in _smtp_faults(settings.smtp))
        yield from _domain_faults(settings.smtp, lines)
    if settings.dkim:
        yield from (wrong("dkim", *fault) for fault in _dkim_faults(settings.dkim))


def _office_faults(office: model.OfficeSettings) -> Iterator[tuple[str, object, Message]]:
    if not office.name.strip():
        yield ("name", office.name, said("the office's name"))
    if not is_zone(office.timezone):
        yield ("timezone", office.timezone, said("a time zone such as America/Mazatlan"))
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", office.language):
        yield ("language", office.language, said("a language such as es-MX"))
    for key in ("url", "privacy_notice"):
        value = getattr(office, key)
        if value and not re.fullmatch(r"https?://\S+", value):
            yield key, value, said("an address that begins with https://")


def _identity_faults(identity: model.Identity) -> Iterator[tuple[str, object, Message]]:
    for key, paper in (("color", "#ffffff"), ("dark", "#12181a")):
        value = getattr(identity, key)
        if not value and key == "dark":
            continue
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            yield key, value, said("a colour such as #0f4c5c")
        elif contrast(value, paper) < _READABLE:
            yield key, value, said("a colour that can be read on {paper} (a contrast of 4.5)", paper=paper)
    if identity.logo and not re.fullmatch(r"[\w-]+\.(svg|png|jpe?g)", identity.logo):
        yield "logo", identity.logo, said("the name of a picture in templates/, such as logo.svg")
    if identity.typeface not in {"serif", "sans"}:
        yield "typeface", identity.typeface, said("“serif” or “sans”")


def _mail_faults(mail: model.MailSettings) -> Iterator[tuple[str, object, Message]]:
    if mail.attach not in {"until-public", "always", "never"}:
        yield "attach", mail.attach, said("“until-public”, “always” or “never”")
    if mail.pictures not in {"attached", "linked"}:
        yield "pictures", mail.pictures, said("“attached” or “linked”")


def _approval_faults(approval: model.ApprovalRules) -> Iterator[tuple[str, object, Message]]:
    if not 1 <= approval.required <= MOST_APPROVALS:
        yield "required", approval.required, said("a number from {least} to {most}", least=1, most=MOST_APPROVALS)
    elif approval.approvers and len(approval.approvers) < approval.required:
        expected = said("at least as many names as approvals are required ({many})", many=approval.required)
        yield "approvers", ", ".join(approval.approvers), expected


def _zone_faults(embargo: model.EmbargoSettings) -> Iterator[tuple[str, object, Message]]:
    for name in embargo.zones:
        if not is_zone(name):
            yield "zones", name, said("a time zone such as America/Mazatlan")


def _name_faults(written: Mapping[str, str]) -> Iterator[tuple[str, object, Message]]:
    for slug, name in written.items():
        if slug != slugify(slug):
            yield slug, slug, said("a key without accents and spaces, such as {slug}", slug=slugify(slug))
        elif not name.strip() or not name.isprintable():
            yield slug, name, said("a text on one line")


def _sender_faults(sender: model.Sender) -> Iterator[tuple[str, object, Message]]:
    for key in ("email", "reply_to"):
        value = getattr(sender, key)
        if value and not (is_address(value) and normalised(value).isascii()):
            seen = visible(value) == value
            expected = said("an e-mail address without accents before the @") if seen else address_expected(value)
            yield key, visible(value), expected
    for one in sender.allow:
        if not is_permit(one):  # it would allow nobody, and nobody would know why
            yield "allow", visible(one), said("addresses, or domains such as diario.example")
    for one in sender.test_to:
        if not is_address(one):
            yield "test_to", visible(one), said("addresses of the office, such as guardia@oficina.example")
    if sender.unsubscribe_url and not re.fullmatch(r"https://[!-~]+", sender.unsubscribe_url):
        yield "unsubscribe_url", sender.unsubscribe_url, said("an address that begins with https://")
    if sender.verp and len(sender.email.partition("@")[0]) > _LONGEST_VERP:
        expected = said("false: before the @ of email there are more than {most} characters", most=_LONGEST_VERP)
        yield "verp", "true", expected


def _broken_lines(table: object, name: str, lines: _Lines) -> Iterator[Problem]:
    """These texts end up in the headers of messages."""
    assert is_dataclass(table)
    for field in fields(table):
        value = getattr(table, field.name)
        if field.name != "boilerplate" and isinstance(value, str) and re.search(r"[\x00-\x1f\x7f\u2028\u2029]", value):
            expected = said("a text on one line")
            yield wrong_value(SETTINGS, lines.of((name, field.name)), f"{name}.{field.name}", value, expected)


def _smtp_faults(smtp: model.Smtp) -> Iterator[tuple[str, object, Message]]:
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", smtp.host):
        yield "host", smtp.host, said("the name of a mail server")
    if smtp.security not in {"starttls", "tls", "none"}:
        yield "security", smtp.security, said("“starttls”, “tls” or “none”")
    if smtp.security == "none" and not is_loopback(smtp.host):
        yield "security", smtp.security, said("“starttls” or “tls” (“none” only for a server on this machine)")
    bounds = {"port": 65535, "connections": MOST_CONNECTIONS, "messages_per_connection": 10**6}
    for key, most in bounds.items():
        if not 1 <= getattr(smtp, key) <= most:
            yield key, getattr(smtp, key), said("a number from {least} to {most}", least=1, most=most)
    for key in ("per_minute", "retry_for"):
        if not 0 <= getattr(smtp, key) < float("inf"):
            yield key, getattr(smtp, key), said("a number that is not negative")
    if not 0 <= smtp.stop_after_failures <= 1:
        yield "stop_after_failures", smtp.stop_after_failures, said("a share from 0 to 1")


def _domain_faults(smtp: model.Smtp, lines: _Lines) -> Iterator[Problem]:
    for domain, limit in smtp.domains.items():
        place = ("smtp", "domains", domain)
        if not re.fullmatch(_DOMAIN, domain):
            expected = said("a domain such as diario.example")
            yield wrong_value(SETTINGS, lines.of(place), "smtp.domains", domain, expected)
        if not 0 <= limit.per_minute < float("inf"):
            expected = said("a number that is not negative")
            yield wrong_value(SETTINGS, lines.of((*place, "per_minute")), ".".join(place), limit.per_minute, expected)


def _dkim_faults(dkim: model.Dkim) -> Iterator[tuple[str, object, Message]]:
    if not re.fullmatch(_DOMAIN, dkim.domain):
        yield "domain", dkim.domain, said("a domain such as diario.example")
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?", dkim.selector):
        yield "selector", dkim.selector, said("the name under which the public key stands in the DNS")
    if not dkim.key_file:
        yield "key_file", dkim.key_file, said("the file that holds the private key")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
