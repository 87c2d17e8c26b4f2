"""The mail server's secret: from the environment, else a file, else the system's keyring; never from comsoc.toml."""

from collections.abc import Mapping
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.settings import Smtp
from comsoc_cli.office.files import FileFault, read_text
from comsoc_cli.office.folder import named_file

VARIABLE = "COMSOC_SMTP_PASSWORD"
SERVICE = "comsoc"


class NoSecret(Refusal):
    """The server wants a login and there is no secret for it."""

    exit_code = UNUSABLE

    def __init__(self, user: str, host: str, message: Message | None = None) -> None:
        super().__init__(
            message or said("There is no secret for the login of “{user}” at {host}.", user=user, host=host),
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
        path = named_file(root, smtp.password_file)
        try:
            return read_text(path).strip()
        except FileFault as fault:
            message = said("The secret in {path} cannot be used: {message}.", path=path, message=fault.message)
            raise NoSecret(smtp.username, smtp.host, message) from None
    found = _from_the_keyring(smtp.username)
    if not found:
        raise NoSecret(smtp.username, smtp.host)
    return found


def _from_the_keyring(user: str) -> str | None:
    try:
        import keyring  # looks for its settings in the home folder at once

        return keyring.get_password(SERVICE, user)
    except Exception:
        return None
