"""Every problem of an office in one run."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from comsoc_cli.checks.approvers import approver_problems
from comsoc_cli.checks.blackouts import blackout_problems
from comsoc_cli.checks.contacts import book_problems
from comsoc_cli.checks.machine import machine_problems
from comsoc_cli.checks.permissions import permission_problems
from comsoc_cli.checks.releases import event_problems, reference_problems
from comsoc_cli.copydesk.findings import text_problems
from comsoc_cli.copydesk.office import knowledge, rule_problems
from comsoc_cli.copydesk.rules import RULES
from comsoc_cli.message import Message, said
from comsoc_cli.model.contact import ContactBook
from comsoc_cli.model.problem import Problem, Severity
from comsoc_cli.office.contacts import read_contacts
from comsoc_cli.office.desk import Desk
from comsoc_cli.office.folder import SETTINGS, Office, named_file
from comsoc_cli.office.git import is_ignored
from comsoc_cli.office.media import acting
from comsoc_cli.office.vault import read_vault

_SECRET = re.compile(
    r"(?i)\bCOMSOC_SMTP_PASSWORD[\"']?\s*[=:]\s*[\"']?[^\s\"'<$…]{3,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
#: Not looked for in releases, where "contraseña: …" may be part of a text.
_SECRET_KEY = re.compile(r"(?i)^\s*(?:password|contraseña|clave_smtp|smtp_password)\s*[:=]\s*\S{3,}")
_TEXTS = {".md", ".toml", ".yaml", ".yml", ".txt", ".html", ".env", ".cfg", ".ini", ""}
_LARGEST = 1_000_000


def office_problems(
    office: Office, desk: Desk, slugs: Iterable[str] | None = None, *, today: date | None = None
) -> list[Problem]:
    """Problems of settings, contacts, vault and releases; with `slugs` only of these releases.

    `today` is the office's day: who has expired by then need be in no segment.
    """
    book, of_contacts = read_contacts(office)
    chosen = set(desk.problems) if slugs is None else set(slugs)
    found: list[Problem] = []
    if slugs is None:
        found += of_contacts
        found += book_problems(office, book, today)
        found += [problem for problems in read_vault(office).problems.values() for problem in problems]
        found += secrets(office)
        found += _logo(office)
        found += approver_problems(office)
        found += blackout_problems(office)
        found += machine_problems()
        found += permission_problems(office)
    found += problems_of(office, desk, book, sorted(chosen))
    return found


def _logo(office: Office) -> Iterator[Problem]:
    name = office.settings.identity.logo
    path = office.templates / name
    if name and not path.is_file():
        message = said("the picture {path} is not there", path=office.name_of(path))
        yield Problem(path=SETTINGS, field="identity.logo", rule="logo", severity=Severity.WARNING, message=message)
    elif name and (acts := acting(path, office.name_of(path))):
        yield Problem(path=SETTINGS, field="identity.logo", rule=acts[0], message=acts[1])


def problems_of(office: Office, desk: Desk, book: ContactBook | None, slugs: Iterable[str]) -> list[Problem]:
    """Everything that is wrong with releases on the desk, and with the rules that they are read by."""
    found = list(rule_problems(office))
    around = knowledge(office, desk)
    for slug in slugs:
        found += desk.problems.get(slug, [])
        release = desk.releases.get(slug)
        if release:
            path = office.name_of(release.path)
            found += text_problems(release, RULES, around[slug], path=path)
            found += event_problems(release, path)
            found += reference_problems(release, path, office.settings, book)
    return found


def secrets(office: Office) -> Iterator[Problem]:
    """Secrets in files that are committed; the value is never repeated."""
    for name, message in _files_with_secrets(office):
        path = named_file(office.root, name)
        if path.is_relative_to(office.root) and path.exists() and not is_ignored(office.root, path):
            yield Problem(path=office.name_of(path), rule="secret", message=message)
    for path in _committed_texts(office):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if _SECRET.search(line) or (path.suffix != ".md" and _SECRET_KEY.search(line)):
                message = said("a secret stands here; take it out and change it at the server")
                yield Problem(path=office.name_of(path), line=number, rule="secret", message=message)


def _files_with_secrets(office: Office) -> Iterator[tuple[str, Message]]:
    smtp, dkim = office.settings.smtp, office.settings.dkim
    if smtp and smtp.password_file:
        yield (
            smtp.password_file,
            said("this file holds the mail server's secret and is not kept out of git; name it in .gitignore"),
        )
    if dkim:
        yield (
            dkim.key_file,
            said("this file holds the key that signs mails and is not kept out of git; name it in .gitignore"),
        )


def _committed_texts(office: Office) -> Iterator[Path]:
    """The office's own files; a checkout's code beside them is none of ours."""
    places = [office.desk, office.templates, office.dispatches]
    files = [path for path in office.root.iterdir() if path.suffix in {".yaml", ".yml", ".env"} or path.name == ".env"]
    for place in places:
        files += place.rglob("*") if place.is_dir() else []
    for path in sorted(files):
        if path.is_file() and not path.is_symlink() and path.suffix in _TEXTS and path.stat().st_size < _LARGEST:
            if path.suffix == ".env" or path.name == ".env":
                if not is_ignored(office.root, path):
                    yield path
            else:
                yield path
