"""The office as a folder: where its files lie, and finding it."""

from dataclasses import dataclass
from pathlib import Path

from comsoc_cli.errors import UNUSABLE, USAGE, Refusal
from comsoc_cli.message import Message, said
from comsoc_cli.model.problem import Problem, errors
from comsoc_cli.model.settings import Settings

SETTINGS = "comsoc.toml"


@dataclass(frozen=True, kw_only=True)
class Office:
    """The folder in which a press office works, and its settings."""

    root: Path  #: resolved
    settings: Settings

    @property
    def desk(self) -> Path:
        return self.root / "releases"

    @property
    def vault(self) -> Path:
        return self.root / "approved"

    @property
    def templates(self) -> Path:
        return self.root / "templates"

    @property
    def contacts(self) -> Path:
        return self.root / "contacts.yaml"

    @property
    def suppressions(self) -> Path:
        return self.root / "suppressions.yaml"

    @property
    def dispatches(self) -> Path:
        return self.root / "dispatches"

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    @property
    def state(self) -> Path:
        """Ledger and build cache; git ignores it."""
        return self.root / ".comsoc"

    def name_of(self, path: Path) -> str:
        """A file's name as problems and receipts give it: relative to the office, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


class NoOffice(Refusal):
    """The command needs an office and there is none."""

    exit_code = UNUSABLE

    def __init__(self, start: Path) -> None:
        super().__init__(
            said("There is no office in {folder}: the file {name} is missing.", folder=start, name=SETTINGS),
            said("Go to your office's folder, or lay out a new one: comsoc init"),
        )


class SettingsUnusable(Refusal):
    """comsoc.toml has errors; nothing is done with half of the settings."""

    exit_code = UNUSABLE

    def __init__(self, problems: list[Problem]) -> None:
        first = errors(problems)[0]
        super().__init__(
            said("{place}: {message}.", place=first.place, message=first.message),
            said("Correct {name}; “comsoc check” shows every problem at once.", name=SETTINGS),
        )
        self.problems = problems


class UnknownRelease(Refusal):
    """A release that neither the desk nor the vault has."""

    exit_code = USAGE

    def __init__(self, wanted: str, nearest: str = "") -> None:
        hint: Message = said("“comsoc list” shows them all.")
        if nearest:
            hint = said("Did you mean “{nearest}”? “comsoc list” shows them all.", nearest=nearest)
        super().__init__(said("There is no release “{wanted}”.", wanted=wanted), hint)


def named_file(root: Path, name: str) -> Path:
    """A file that comsoc.toml names, from the office's folder; where `~` is no user's home, as it is written."""
    try:
        return root / Path(name).expanduser()
    except RuntimeError:
        return root / name


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds comsoc.toml; raises NoOffice."""
    start = start.resolve()
    if not start.is_dir():
        raise NoOffice(start)
    for folder in (start, *start.parents):
        if (folder / SETTINGS).is_file():
            return folder
    raise NoOffice(start)
