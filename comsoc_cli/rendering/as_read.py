"""A text as its readers have it, place by place: what two revisions are compared by.

Emphasis, headings, line breaks and typography are no part of it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from comsoc_cli.model.release import Release
from comsoc_cli.model.settings import Kind, PressContact
from comsoc_cli.rendering.body import body_html
from comsoc_cli.rendering.events import days, hours, venue
from comsoc_cli.rendering.wording import Wording

_BLOCKS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dt", "dd", "figcaption", "caption", "pre", "blockquote",
    "div", "br", "tr",
}  # fmt: skip
_ALIKE = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "−": "-",
    "‐": "-", "‑": "-", "…": "...", "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": "",
})  # fmt: skip
_DASHES = re.compile(r"-{2,3}")

#: By place, such as "headline" or "body", the passages there.
Places = Mapping[str, tuple[str, ...]]


def as_read(
    text: Release, original: Release, words: Wording, kind: Kind | None, contact: PressContact | None
) -> Places:
    """The passages of one of a release's texts, by place."""
    body = _Body()
    body.feed(body_html(text, lambda name: name, lambda what: what))
    body.close()
    event = original.event
    return {
        "kind": (kind.label_in(text.language) if kind else original.kind,),
        "date": (f"{words.day(text.date)}, {words.hour(text.date)}",),
        "dateline": (text.dateline,),
        "headline": (text.headline,),
        "subhead": (text.subhead,),
        "summary": text.summary,
        "body": tuple(body.passages()),
        "caption": tuple(part for one in text.images for part in (one.caption, one.credit, one.alt)) + tuple(body.alts),
        "picture": tuple(text.name_of(one.src) for one in text.images) + tuple(body.pictures),
        "event-time": (", ".join(filter(None, (days(event, words), hours(event, words)))),) if event else (),
        "event-place": (venue(event),) if event else (),
        "accreditation": (event.accreditation,) if event else (),
        "link": tuple(body.links) + tuple(f"{one.title}: {one.url}" for one in text.links),
        "attachment": tuple(text.name_of(one) for one in text.attachments),
        "contact": (", ".join(filter(None, (contact.name, contact.phone, contact.email))),) if contact else (),
    }


def alike(text: str) -> str:
    """A passage for comparing: whatever its quotation marks, dashes and spaces."""
    plain = unicodedata.normalize("NFC", text.translate(_ALIKE))
    return " ".join(_DASHES.sub("-", plain).split())


@dataclass
class _Body(HTMLParser):
    """Gathers the blocks of a text in HTML, its links and its pictures."""

    blocks: list[list[str]] = field(default_factory=lambda: [[]])
    links: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS:
            self.blocks.append([])
        elif tag == "a" and given.get("href", "").startswith(("http:", "https:", "mailto:", "tel:")):
            self.links.append(given["href"])
        elif tag == "img":
            self.pictures.append(given.get("src", ""))
            self.alts.append(given.get("alt", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.blocks.append([])

    def handle_data(self, data: str) -> None:
        self.blocks[-1].append(data)

    def passages(self) -> list[str]:
        joined = (" ".join("".join(block).split()) for block in self.blocks)
        return [block for block in joined if block]
