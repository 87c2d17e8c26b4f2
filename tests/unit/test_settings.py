"""comsoc.toml: every slip is told with its line, and no secret is ever repeated."""

from pathlib import Path

import pytest
from support.offices import SETTINGS, Layout
from support.readings import rules, sentences

from comsoc_cli.model.problem import Problem
from comsoc_cli.model.settings import Settings
from comsoc_cli.office.folder import NoOffice, SettingsUnusable
from comsoc_cli.office.settings import open_office, read_settings

SMTP = '[smtp]\nhost = "mail.example"\n'


def read(folder: Path, text: str) -> tuple[Settings | None, list[Problem]]:
    (folder / "comsoc.toml").write_text(text, encoding="utf-8")
    return read_settings(folder)


def settings_of(folder: Path, text: str) -> Settings:
    settings, problems = read(folder, text)
    assert settings, sentences(problems)
    assert problems == []
    return settings


def problem_in(folder: Path, text: str) -> Problem:
    settings, problems = read(folder, text)
    assert settings is None
    assert len(problems) == 1, sentences(problems)
    return problems[0]


def test_an_office_needs_only_a_name(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, '[office]\nname = "Prensa"\n')
    assert (settings.office.language, settings.office.timezone) == ("es-MX", "America/Mazatlan")
    assert settings.smtp is None
    assert settings.sender.name == "Prensa"
    assert settings.send.recent_days == 3
    assert settings.ledger.url == "sqlite:///.comsoc/ledger.db"


def test_the_contracts_defaults_hold_for_a_mail_server(tmp_path: Path) -> None:
    smtp = settings_of(tmp_path, SETTINGS + SMTP).smtp
    assert smtp
    assert (smtp.port, smtp.security, smtp.connections, smtp.messages_per_connection) == (587, "starttls", 2, 500)
    assert (smtp.per_minute, smtp.retry_for, smtp.stop_after_failures) == (0, 600, 0.2)


@pytest.mark.parametrize("name", ["boletin", "invitacion", "posicionamiento", "nota-informativa", "tarjeta", "aviso"])
def test_the_packaged_kinds_are_there(tmp_path: Path, name: str) -> None:
    assert settings_of(tmp_path, SETTINGS).kinds[name].label


def test_an_office_changes_a_packaged_kind_and_adds_its_own(tmp_path: Path) -> None:
    text = SETTINGS + '[kinds.boletin]\nlabel = "Comunicado"\n[kinds.esquela]\nlabel = "Esquela"\npublic = false\n'
    kinds = settings_of(tmp_path, text).kinds
    assert kinds["boletin"].label == "Comunicado"
    assert kinds["boletin"].numbered
    assert kinds["boletin"].subject == settings_of(tmp_path, SETTINGS).kinds["boletin"].subject
    assert (kinds["esquela"].label, kinds["esquela"].public, kinds["esquela"].numbered) == ("Esquela", False, False)
    assert "invitacion" in kinds


def test_a_kind_of_ones_own_needs_a_label(tmp_path: Path) -> None:
    problem = problem_in(tmp_path, SETTINGS + "[kinds.esquela]\nnumbered = true\n")
    assert (problem.rule, problem.field) == ("missing", "kinds.esquela.label")


@pytest.mark.parametrize(
    ("text", "field", "nearest"),
    [
        ('[office]\nname = "P"\ntimezon = "x"\n', "office.timezon", "timezone"),
        ('[office]\nname = "P"\n[sendr]\nemail = "a@x.example"\n', "sendr", "sender"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nconections = 3\n', "smtp.conections", "connections"),
        ('[office]\nname = "P"\n[kinds.boletin]\nnumberd = true\n', "kinds.boletin.numberd", "numbered"),
        ('name = "P"\n[office]\nname = "P"\n', "name", ""),
    ],
)
def test_an_unknown_key_is_an_error_with_the_nearest_known_one(
    tmp_path: Path, text: str, field: str, nearest: str
) -> None:
    problem = problem_in(tmp_path, text)
    last = field.rpartition(".")[2]
    line = next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith((f"{last} ", f"[{last}]")))
    assert (problem.rule, problem.field, problem.line, problem.is_error) == ("unknown-key", field, line, True)
    if nearest:
        assert f"“{nearest}”" in str(problem.message)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[office]\n", "office.name"),
        ("", "office"),
        ("[office]\nname = 5\n", "office.name"),
        ('[office]\nname = "  "\n', "office.name"),
        ('[office]\nname = "Prensa\\nBcc: x"\n', "office.name"),
        ('[office]\nname = "P"\ntimezone = "Sinaloa"\n', "office.timezone"),
        ('[office]\nname = "P"\ntimezone = ""\n', "office.timezone"),
        ('[office]\nname = "P"\ntimezone = "../../etc/passwd"\n', "office.timezone"),
        ('[office]\nname = "P"\ntimezone = "America"\n', "office.timezone"),
        ('[office]\nname = "P"\nlanguage = "español"\n', "office.language"),
        ('[office]\nname = "P"\nlanguage = ""\n', "office.language"),
        ('[office]\nname = "P"\nurl = "prensa.example"\n', "office.url"),
        ('[office]\nname = "P"\nurl = "javascript:alert(1)"\n', "office.url"),
        ('[office]\nname = "P"\nprivacy_notice = "aviso"\n', "office.privacy_notice"),
        ('[office]\nname = "P"\n[sender]\nemail = "nadie"\n', "sender.email"),
        ('[office]\nname = "P"\n[sender]\nname = "A\\nB"\n', "sender.name"),
        ('[office]\nname = "P"\n[sender]\nreply_to = "a@"\n', "sender.reply_to"),
        ('[office]\nname = "P"\n[sender]\nallow = 5\n', "sender.allow"),
        ('[office]\nname = "P"\n[sender]\nallow = ["diario"]\n', "sender.allow"),
        ('[office]\nname = "P"\n[sender]\nallow = ["a@b@diario.example"]\n', "sender.allow"),
        ('[office]\nname = "P"\n[press_contacts.prensa]\nphone = "667"\n', "press_contacts.prensa.name"),
        ('[office]\nname = "P"\n[press_contacts]\nprensa = "Ana"\n', "press_contacts.prensa"),
        ('[office]\nname = "P"\n[kinds]\nboletin = "Boletín"\n', "kinds.boletin"),
        ('[office]\nname = "P"\n[kinds.boletin]\nnumbered = "a veces"\n', "kinds.boletin.numbered"),
        ('[office]\nname = "P"\n[kinds.boletin]\nsubject = "{titular}"\n', "kinds.boletin.subject"),
        ('[office]\nname = "P"\n[kinds.boletin]\nsubject = "{headline"\n', "kinds.boletin.subject"),
        ('[office]\nname = "P"\n[kinds.boletin]\nsubject = "{}"\n', "kinds.boletin.subject"),
        ('[office]\nname = "P"\n[kinds.boletin]\nsubject = "{number:>{headline}}"\n', "kinds.boletin.subject"),
        ('[office]\nname = "P"\n[smtp]\nport = 25\n', "smtp.host"),
        ('[office]\nname = "P"\n[smtp]\nhost = ""\n', "smtp.host"),
        ('[office]\nname = "P"\n[smtp]\nhost = "a b"\n', "smtp.host"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nport = 0\n', "smtp.port"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nport = 70000\n', "smtp.port"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nport = "smtp"\n', "smtp.port"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nsecurity = "ssl"\n', "smtp.security"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nconnections = 0\n', "smtp.connections"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nconnections = 101\n', "smtp.connections"),
        (
            '[office]\nname = "P"\n[smtp]\nhost = "m.example"\nmessages_per_connection = 0\n',
            "smtp.messages_per_connection",
        ),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nper_minute = -1\n', "smtp.per_minute"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nretry_for = -1\n', "smtp.retry_for"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nretry_for = nan\n', "smtp.retry_for"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nstop_after_failures = 2\n', "smtp.stop_after_failures"),
        ('[office]\nname = "P"\n[smtp]\nhost = "m.example"\nstop_after_failures = nan\n', "smtp.stop_after_failures"),
        ('[office]\nname = "P"\n[send]\nrecent_days = "tres"\n', "send.recent_days"),
        ('[office]\nname = "P"\n[send]\nrecent_days = -1\n', "send.recent_days"),
        ('[office]\nname = "P"\n[ledger]\nurl = "ledger.db"\n', "ledger.url"),
        ('office = "P"\n', "office"),
        ('smtp = "m.example"\n[office]\nname = "P"\n', "smtp"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_its_key_and_line(tmp_path: Path, text: str, field: str) -> None:
    problem = problem_in(tmp_path, text)
    assert problem.field == field
    assert problem.is_error
    last = field.rpartition(".")[2]
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(f"{last} =")]
    if len(lines) == 1 and last != "name":
        assert problem.line == lines[0]


BLACKOUT = '[[blackouts]]\nname = "Veda"\nfrom = 2027-04-01\nuntil = 2027-06-06\n'


@pytest.mark.parametrize(
    ("wrong", "line", "key"),
    [
        ("from = 2027-04-01", -2, "from"),
        ("until = 2027-03-31", -1, "until"),
        ('until = "pronto"', -1, "until"),
        ("legal_signof = true", -1, "legal_signof"),
    ],
)
def test_a_wrong_blackout_is_told_by_its_number_its_key_as_written_and_its_line(
    tmp_path: Path, wrong: str, line: int, key: str
) -> None:
    second = BLACKOUT.replace("from = 2027-04-01\n", 'from = "pronto"\n') if key == "from" else BLACKOUT
    if key == "until":
        second = second.replace("until = 2027-06-06", wrong)
    text = SETTINGS + BLACKOUT + second + (f"{wrong}\n" if key == "legal_signof" else "")
    found = problem_in(tmp_path, text)
    assert (found.field, found.line) == (f"blackouts[2].{key}", len(text.splitlines()) + line + 1)


def test_every_problem_is_found_in_one_reading(tmp_path: Path) -> None:
    text = (
        '[office]\nname = "P"\nurl = "x"\nlanguage = "??"\n[sender]\nemail = "nadie"\n[smtp]\nhost = "a b"\nport = 0\n'
    )
    _, problems = read(tmp_path, text)
    assert [(one.field, one.line) for one in problems] == [
        ("office.language", 4),
        ("office.url", 3),
        ("sender.email", 6),
        ("smtp.host", 8),
        ("smtp.port", 9),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[office]\nname = Prensa\n", 2),
        ('[office]\nname = "Prensa\n', 2),
        ("[office\n", 1),
        ('[office]\nname = "P"\nname = "Q"\n', 3),
        ('[office]\nname = "P"\n[office]\n', 3),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    problem = problem_in(tmp_path, text)
    assert (problem.rule, problem.line) == ("syntax", line)


def test_settings_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    (tmp_path / "comsoc.toml").write_bytes('[office]\nname = "Comunicación"\n'.encode("latin-1"))
    _, problems = read_settings(tmp_path)
    assert [(one.rule, one.line) for one in problems] == [("encoding", 2)]


def test_a_byte_order_mark_and_crlf_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "comsoc.toml").write_bytes(b"\xef\xbb\xbf" + SETTINGS.strip().replace("\n", "\r\n").encode())
    settings, problems = read_settings(tmp_path)
    assert settings
    assert problems == []


# Mail servers on this machine


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_a_server_on_this_machine_may_do_without_encryption(tmp_path: Path, host: str) -> None:
    settings, problems = read(tmp_path, SETTINGS + f'[smtp]\nhost = "{host}"\nsecurity = "none"\n')
    assert settings, sentences(problems)


@pytest.mark.parametrize("host", ["mail.example", "10.0.0.1", "192.168.1.5", "localhost.example", "127.0.0.1.example"])
def test_no_other_server_may_do_without_encryption(tmp_path: Path, host: str) -> None:
    problem = problem_in(tmp_path, SETTINGS + f'[smtp]\nhost = "{host}"\nsecurity = "none"\n')
    assert problem.field == "smtp.security"


# Secrets


@pytest.mark.parametrize(
    "lines",
    [
        '[smtp]\nhost = "m.example"\npassword = "hunter2!"\n',
        '[smtp]\nhost = "m.example"\nPASSWORD = "hunter2!"\n',
        '[smtp]\nhost = "m.example"\nsmtp_secret = "hunter2!"\n',
        '[smtp]\nhost = "m.example"\ncontraseña = "hunter2!"\n',
        '[smtp]\nhost = "m.example"\npassword = ["hunter2!"]\n',
        '[smtp]\nhost = "m.example"\npassword = {value = "hunter2!"}\n',
        '[smtp]\nhost = "smtp://prensa:hunter2!@m.example"\n',
        '[smtp]\nhost = "prensa:hunter2!@m.example"\n',
        '[smtp]\nhost = ["smtp://prensa:hunter2!@m.example"]\n',
        '[[smtp]]\nhost = "m.example"\npassword = "hunter2!"\n',
        '[ledger]\nurl = "postgresql://prensa:hunter2!@db.example/ledger"\n',
        '[kinds.boletin]\npassword = "hunter2!"\n',
        '[otra]\napi_key = "hunter2!"\n',
        'sender = [{password = "hunter2!"}]\n',
    ],
)
def test_a_secret_is_an_error_and_is_never_repeated(tmp_path: Path, lines: str) -> None:
    text = SETTINGS if not lines.startswith("sender") else '[office]\nname = "P"\n'
    settings, problems = read(tmp_path, lines + text if lines.startswith("sender") else text + lines)
    assert settings is None
    assert problems
    assert "hunter2" not in "\n".join([*sentences(problems), *map(repr, problems)])


def test_a_secret_is_told_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    text = '[office]\nname = "P"\n[smtp]\nhost = "m.example"\npassword = "hunter2!"\n'
    problem = problem_in(tmp_path, text)
    assert (problem.rule, problem.line, problem.field) == ("secret", 5, "smtp.password")
    assert "COMSOC_SMTP_PASSWORD" in str(problem.message)


def test_a_secret_beside_a_slip_is_not_repeated_either(tmp_path: Path) -> None:
    problem = problem_in(tmp_path, SETTINGS + '[smtp]\nhost = "m.example"\npassword = "hunter2!\n')
    assert problem.rule == "syntax"
    assert "hunter2" not in repr(problem)


def test_the_name_of_the_secrets_file_is_no_secret(tmp_path: Path) -> None:
    smtp = settings_of(tmp_path, SETTINGS + SMTP + 'password_file = "/run/secrets/smtp"\n').smtp
    assert smtp
    assert smtp.password_file == "/run/secrets/smtp"


# Finding the office


def test_an_office_is_found_from_any_of_its_folders(office: Layout) -> None:
    root = office()
    assert open_office(root / "releases").root == root.resolve()


def test_no_office_is_a_refusal_that_says_how_to_lay_one_out(tmp_path: Path) -> None:
    with pytest.raises(NoOffice) as refusal:
        open_office(tmp_path)
    assert refusal.value.exit_code == 5
    assert "comsoc init" in str(refusal.value.hint)


def test_nothing_is_done_with_half_of_the_settings(office: Layout) -> None:
    with pytest.raises(SettingsUnusable) as refusal:
        open_office(office({"comsoc.toml": '[office]\nname = "P"\nlanguage = "??"\n'}))
    assert refusal.value.exit_code == 5
    assert "comsoc.toml:3" in str(refusal.value.message)
    assert rules(refusal.value.problems) == ["wrong-value"]
