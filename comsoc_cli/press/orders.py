"""What is to be rendered: one order per release and place, and the key that says whether it must be rendered anew."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from comsoc_cli import __version__
from comsoc_cli.office.folder import Office
from comsoc_cli.office.vault import digest_of
from comsoc_cli.rendering.templates import Templates
from comsoc_cli.rendering.views import Presentation

WEB, PDF, EMAIL = "web", "pdf", "email"
OUTPUTS = (WEB, PDF, EMAIL)
_RENDERERS = ("weasyprint", "markdown", "jinja2", "nh3", "css-inline", "babel", "icalendar", "pillow", "fonttools")


@dataclass(frozen=True, kw_only=True)
class Order:
    """One release to be rendered into one folder."""

    name: str  #: press/<slug> or site/releases/<slug>; also names its entry in the cache
    folder: Path
    shown: Presentation
    outputs: tuple[str, ...]
    key: str


class Keys:
    """Makes the key of an order: a digest over everything that reaches its outputs."""

    def __init__(self, office: Office, templates: Templates) -> None:
        settings = office.settings
        seen = [settings.office, settings.sender, *settings.press_contacts.items(), *settings.kinds.items()]
        common = [__version__, *_versions(), *map(repr, seen), _templates_digest(templates.folders)]
        self._common = hashlib.sha256(json.dumps(common, default=str, sort_keys=True).encode()).hexdigest()

    def key(self, shown: Presentation) -> str:
        content = digest_of(shown.release, shown.revision)
        state = [shown.number, shown.revision, shown.embargoed, shown.published, shown.release.path.name]
        return hashlib.sha256(json.dumps([self._common, content, state]).encode()).hexdigest()


@cache
def _versions() -> tuple[str, ...]:
    found = []
    for name in _RENDERERS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(name)
    return tuple(found)


def _templates_digest(folders: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
