"""What is to be rendered: one order per release and place, and the keys that say whether it must be rendered anew."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from comsoc_cli import __version__
from comsoc_cli.model.settings import Settings
from comsoc_cli.model.zones import zones_version
from comsoc_cli.newsroom.card import RECORDS
from comsoc_cli.press.cache import BuildCache
from comsoc_cli.rendering import metadata, pictures
from comsoc_cli.rendering.edition import Presentation

WEB, PDF, EMAIL = "web", "pdf", "email"
OUTPUTS = (WEB, PDF, EMAIL)
#: What the newsroom's lists know of a release; kept in the cache, not in a file.
CARD = "card"
#: The lists and feeds of the newsroom.
LISTS = "lists"
#: The templates that each output begins with. One that no output reaches is taken to reach all of them.
ROOTS = {
    WEB: ("page.html", "killed.html", "release.txt", "whatsapp.txt"),
    PDF: ("pdf.html",),
    EMAIL: ("email.html", "email.txt"),
    LISTS: ("site_", "feed.atom", "sitemap.xml", "404.html", "robots.txt"),
    "drafts": ("new/", "init/", "notice."),
}
#: Tables of comsoc.toml that reach no document.
_UNSEEN = ("smtp", "dkim", "send", "ledger", "check", "style")
#: Tables that say whether a release is shown, and nothing of how.
_JUDGED_BY = ("[approval]", "[blackouts]")
_RENDERERS = ("weasyprint", "markdown", "jinja2", "nh3", "css-inline", "babel", "icalendar", "pillow", "fonttools")


@dataclass(frozen=True, kw_only=True)
class Order:
    """One release to be rendered into one folder."""

    name: str  #: press/<slug> or site/releases/<slug>; also names its entries in the cache
    folder: Path
    shown: Presentation
    outputs: tuple[str, ...]
    keys: Mapping[str, str]  #: by output; equal keys give equal bytes, wherever they lie
    current: tuple[str, ...] = ()  #: outputs that are there as they should be

    @property
    def is_public(self) -> bool:
        return self.name.startswith("site/")


@dataclass(frozen=True)
class Common:
    """What reaches an output of every release, as digests by name: settings, templates, versions."""

    parts: Mapping[str, str]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", short_digest(self.parts))


class Keys:
    """Makes the keys of orders from digests over everything that reaches their outputs."""

    def __init__(self, settings: Settings, folders: Iterable[Path]) -> None:
        seen = {f"[{table.name}]": short_digest(repr(getattr(settings, table.name)))
                for table in fields(settings) if table.name not in _UNSEEN}  # fmt: skip
        self.read_with = Common({**seen, "comsoc": __version__, "tzdata": zones_version(settings.office.timezone)})
        seen = {name: digest for name, digest in seen.items() if name not in _JUDGED_BY}
        fixed = {**seen, **versions(), "tzdata": zones_version(settings.office.timezone)}
        templates = _Templates(list(folders))
        self.common = {output: Common({**fixed, **templates.reaching(output)}) for output in (*OUTPUTS, LISTS)}
        self.common[CARD] = Common({**fixed, "card": short_digest(_shape_of_a_card())})

    def of(self, outputs: Iterable[str], state: str) -> dict[str, str]:
        """The keys of a release's outputs; `state` is what `state_of` says of it."""
        return {output: f"{self.common[output].digest} {state}" for output in outputs}

    def remember(self, cache: BuildCache) -> None:
        """So that a later build can say which setting or template has changed."""
        for common in self.common.values():
            cache.keep_common(common.digest, common.parts)


def state_of(shown: Presentation, digest: str) -> str:
    """Content and state in one line: equal where the same documents are made."""
    told = [getattr(shown, one.name) for one in fields(shown) if one.name != "release"]
    return f"{digest.rpartition(':')[2][:32]} {json.dumps(told, default=str, separators=(',', ':'))}"


def short_digest(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _shape_of_a_card() -> list[str]:
    """What a card is made of; one of another shape cannot be used."""
    return [f"{record.__module__} {one.name} {one.type}" for record in RECORDS for one in fields(record)]


@cache
def versions() -> dict[str, str]:
    """The versions of comsoc and of what it renders with."""
    found = {"comsoc": __version__, "metadata": metadata.VERSION, "pictures": pictures.VERSION}
    for name in _RENDERERS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


class _Templates:
    """Which templates, styles and fonts reach which output, told by the names that they mention."""

    def __init__(self, folders: list[Path]) -> None:
        self.digests: dict[str, str] = {}
        self.mentions: dict[str, set[str]] = {}
        texts: dict[str, str] = {}
        for folder in folders:
            place = "comsoc" if folder == folders[-1] else "office"
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                    name = path.relative_to(folder).as_posix()
                    data = path.read_bytes()
                    self.digests[f"{place} {name}"] = hashlib.sha256(data).hexdigest()[:24]
                    texts[f"{place} {name}"] = data.decode("utf-8", "ignore") if path.suffix != ".woff2" else ""
        for one, text in texts.items():
            self.mentions[one] = {other for other in texts if _name(other) in text}

    def reaching(self, output: str) -> dict[str, str]:
        """The digests of all that may reach an output: all but what only others begin with."""
        mine = self._reach(ROOTS[output])
        others = {one for name, roots in ROOTS.items() if name != output for one in self._reach(roots)}
        return {f"templates/{_name(one)} {one.split()[0]}": digest for one, digest in self.digests.items()
                if one in mine or one not in others}  # fmt: skip

    def _reach(self, roots: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        ahead = {one for one in self.digests if _name(one).startswith(roots)}
        while ahead:
            found |= ahead
            ahead = {other for one in ahead for other in self.mentions[one]} - found
        return found


def _name(one: str) -> str:
    return one.partition(" ")[2]
