"""The mail server's secret: from the environment, else a file, else the system's keyring; never from comsoc.toml."""

from collections.abc import Mapping
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import said
from comsoc_cli.model.settings import Smtp

VARIABLE = "COMSOC_SMTP_PASSWORD"
SERVICE = "comsoc"


class NoSecret(Refusal):
    """The server wants a login and there is no secret for it."""

    exit_code = UNUSABLE

    def __init__(self, user: str, host: str) -> None:
        super().__init__(
            said("There is no secret for the login of “{user}” at {host}.", user=user, host=host),
            said(
                "Give it as {variable}, in the file that password_file names, or: keyring set comsoc {user}",
                variable=VARIABLE,
                user=user,
            ),
        )


def secret_for(smtp: Smtp, root: Path, environment: Mapping[str, str]) -> str:
    """The secret, or nothing where the server asks for no login; raises NoSecret."""
    if not smtp.username:
        return ""
    if environment.get(VARIABLE):
        return environment[VARIABLE]
    if smtp.password_file:
        try:
            return (root / Path(smtp.password_file).expanduser()).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise NoSecret(smtp.username, smtp.host) from None
    import keyring
    from keyring.errors import KeyringError

    try:
        found = keyring.get_password(SERVICE, smtp.username)
    except KeyringError:
        found = None
    if not found:
        raise NoSecret(smtp.username, smtp.host)
    return found
