"""HTML becomes a PDF. The one module that knows WeasyPrint."""

import logging
import mimetypes
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from comsoc_cli.errors import Refusal
from comsoc_cli.message import said
from comsoc_cli.rendering.body import TooDeep
from comsoc_cli.rendering.pictures import printed

#: Addresses under this base are the release's media and the templates' assets; there is nothing else to be had.
BASE = "https://release.invalid/"
_EMPHASIS_IN_LINK = re.compile(
    r"(<a\b[^>]*>)<(em|strong|b|i|u|s|code|small|sub|sup|del|ins|cite|q)>((?:(?!</?\2\b|</?a\b).)*)</\2></a>", re.DOTALL
)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_LINK = re.compile(r"(<a\b[^>]*>)((?:(?!</?a\b).)*)</a>", re.DOTALL)
_EMPHASIS = re.compile(r"</?(?:em|strong|b|i|u|s|code|small|del|ins|cite|q)>")
_PICTURE_IN_LINK = re.compile(r"<a\b[^>]*>\s*(<img\b[^>]*>|<span class=\"placeholder\">[^<]*</span>)\s*</a>")
#: Emoji and what joins them: our fonts have none, and a sign without a glyph is no valid PDF/UA (7.21.8).
_PICTOGRAPHS = re.compile("[\U0001f000-\U0001faff\U000e0020-\U000e007f\ufe0f\u200d]+")
#: Spaces and hyphens on which no line ends, for which our fonts have no glyph of their own.
_ALIKE = {0x202F: 0xA0, 0x2010: 0x2D, 0x2011: 0x2D}
_clock = threading.Lock()
_FONTS = (".woff2", ".woff", ".ttf", ".otf")


class PdfFault(Refusal):
    """WeasyPrint gave up on a release."""

    def __init__(self, release: str, cause: Exception) -> None:
        super().__init__(
            said(
                "The PDF of “{release}” could not be made: {cause}.",
                release=release,
                cause=f"{type(cause).__name__}: {cause}",
            ),
            said("The other releases are built; look for what is special in this one's text."),
        )


class FontMissing(Exception):
    """A style names a font that is not beside the templates; the text would be set in whatever the machine has."""


class ReleaseFetcher(URLFetcher):  # type: ignore[misc]
    """Gives WeasyPrint the release's own media and the templates' assets, and nothing else: no file, no network."""

    def __init__(self, media: Mapping[str, Path], asset: Callable[[str], Path | None]) -> None:
        super().__init__(allowed_protocols=())
        self.media = media
        self.asset = asset
        self.missing: list[str] = []  #: fonts

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = unquote(url.removeprefix(BASE)) if url.startswith(BASE) else ""
        path = (
            self.media.get(name.removeprefix("media/"))
            if name.startswith("media/")
            else self.asset(name)
            if name
            else None
        )
        if path is None:
            if name.endswith(_FONTS):
                self.missing.append(name)
            raise ValueError(f"{url} lies outside the release and the templates")
        kind, data = printed(path) if name.startswith("media/") else ("", path.read_bytes())
        kind = kind or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return URLFetcherResponse(url, data, {"Content-Type": kind})


def pdf_bytes(
    markup: str,
    *,
    media: Mapping[str, Path],
    asset: Callable[[str], Path | None],
    moment: datetime,
    identifier: str,
    release: str,
    variant: str = "pdf/ua-1",
    dpi: int = 300,
) -> bytes:
    """A tagged PDF, the same bytes each time; `moment` is what it says of its making.

    No picture has more than `dpi` dots per inch of where it stands. Raises PdfFault, TooDeep and FontMissing.
    """
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    try:
        with _made_at(moment):
            fetcher = ReleaseFetcher(media, asset)
            style = _style("\n".join(_STYLE.findall(markup)), asset)
            text = taggable(_PICTOGRAPHS.sub("", _STYLE.sub("", markup)).translate(_ALIKE))
            document = HTML(string=text, base_url=BASE, url_fetcher=fetcher)
            pdf: bytes = document.write_pdf(
                stylesheets=[style.sheet],
                font_config=_fonts(),
                counter_style=style.counters,
                pdf_variant=variant,
                dpi=dpi,
                pdf_identifier=sha256(identifier.encode()).digest()[:16],
            )
    except RecursionError:
        raise TooDeep(release) from None
    except Exception as fault:
        raise PdfFault(release, fault) from fault
    if missing := (*style.missing, *fetcher.missing):
        raise FontMissing(missing[0])
    return pdf


def taggable(markup: str) -> str:
    """Links with text of their own: WeasyPrint tags no others, and PDF/UA-1 wants every one tagged.

    Emphasis goes around a link instead of within it, or goes where it is a part of one; a link around a picture goes.
    """
    before = ""
    while markup != before:
        before, markup = markup, _EMPHASIS_IN_LINK.sub(r"<\2>\1\3</a></\2>", markup)
    markup = _LINK.sub(lambda found: found[1] + _EMPHASIS.sub("", found[2]) + "</a>", markup)
    return _PICTURE_IN_LINK.sub(r"\1", markup)


@dataclass(frozen=True)
class _Style:
    """A style as WeasyPrint has read it."""

    sheet: CSS
    counters: CounterStyle
    missing: tuple[str, ...]  #: fonts


@lru_cache(maxsize=4)
def _style(css: str, asset: Callable[[str], Path | None]) -> _Style:
    """The style of all PDFs is read once: for each of them anew it takes a quarter of the time."""
    fetcher, counters = ReleaseFetcher({}, asset), CounterStyle()
    sheet = CSS(string=css, base_url=BASE, url_fetcher=fetcher, font_config=_fonts(), counter_style=counters)
    return _Style(sheet, counters, tuple(fetcher.missing))


@cache
def _fonts() -> FontConfiguration:
    """Shared by all PDFs of a process: most of the gain of staying warm."""
    return FontConfiguration()


@contextmanager
def _made_at(moment: datetime) -> Iterator[None]:
    """WeasyPrint and fontTools read their clock from the environment (reproducible-builds.org)."""
    with _clock:
        before = os.environ.get("SOURCE_DATE_EPOCH")
        os.environ["SOURCE_DATE_EPOCH"] = str(max(0, int(moment.timestamp())))
        try:
            yield
        finally:
            if before is None:
                del os.environ["SOURCE_DATE_EPOCH"]
            else:
                os.environ["SOURCE_DATE_EPOCH"] = before
