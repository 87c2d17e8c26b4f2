"""What programs read of the newsroom: JSON Feed, and each release as ninjs."""

import json
import mimetypes
from collections.abc import Iterator, Sequence
from typing import Any

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card, named
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.edition import Presentation
from comsoc_cli.rendering.views import ImageView, ReleaseView, Viewer, iso_in


def json_feed(settings: Settings, site_url: str, folder: str, title: str, cards: Sequence[Card]) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org) of these releases, for the listing in a folder.

    Without an address of the site it names none, and the entries have their ids only.
    """
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        **({"home_page_url": site_url + folder, "feed_url": f"{site_url}{folder}feed.json"} if site_url else {}),
        "language": settings.office.language,
        "authors": [{"name": settings.office.organization or settings.office.name}],
        "items": [_item(card, site_url) for card in cards],
    }
    return _as_json(feed)


def _item(card: Card, site_url: str) -> dict[str, Any]:
    return {
        "id": card.id,
        **({"url": card.url} if site_url else {}),
        "title": card.headline,
        "summary": card.description,
        "content_html": card.body,
        **({"image": site_url + card.image.href} if site_url and card.image else {}),
        "date_published": card.iso_published,
        "date_modified": card.iso_updated,
        "language": card.language,
        **({"tags": [topic.name for topic in card.topics]} if card.topics else {}),
    }


_STANDARD = {
    "name": "ninjs",
    "version": "2.1",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_2.1.json",
}


def ninjs(viewer: Viewer, shown: Presentation) -> bytes:
    """A release as news agencies exchange it: ninjs 2.1 (iptc.org/std/ninjs)."""
    release, settings = shown.release, viewer.settings
    office, url = settings.office, viewer.page_url(shown, release)
    view = viewer.release(shown, release, lambda name: url + in_media(name))
    if shown.kill:
        return _as_json(_cancelled(viewer, shown, view, url))
    item: dict[str, Any] = {
        "standard": _STANDARD,
        "uri": url or f"urn:comsoc:{release.slug}",
        "type": "text",
        "representationtype": "full",
        "version": str(shown.revision),
        "firstcreated": iso_in(release.date, settings),
        "versioncreated": iso_in(shown.since, settings),
        "pubstatus": "withheld" if shown.embargoed or shown.is_draft else "usable",
        "language": view.language,
        "headlines": [{"role": "main", "value": view.headline}],
        **_said("descriptions", view.description, role="summary"),
        **_said("bodies", str(view.body), role="main", contenttype="text/html"),
        "genres": [{"name": view.label}],
        "infosources": [{"name": office.organization or office.name}],
        "copyrightholder": office.organization or office.name,
    }
    if shown.embargoed:
        item["embargoed"] = iso_in(release.public_moment, settings)
    if note := _note(viewer, shown, view):
        item["ednote"] = note
    if view.subhead:
        item["headlines"].append({"role": "sub", "value": view.subhead})
    if release.dateline:
        item["located"] = release.dateline
    for key, names, written in (
        ("subjects", view.topics, settings.topics),
        ("organisations", view.agencies, settings.agencies),
        ("places", view.municipalities, settings.municipalities),
    ):
        if names:
            item[key] = [{"name": one.name, "literal": one.slug} for one in named(names, written)]
    pictures = [image for image in view.images if image.src]
    if pictures:
        item["associations"] = [
            _picture(image, number, item["uri"], owner=office.name) for number, image in enumerate(pictures, start=1)
        ]
    return _as_json(item)


def _cancelled(viewer: Viewer, shown: Presentation, view: ReleaseView, url: str) -> dict[str, Any]:
    """What an editor's program learns of a release that is of no effect: to take it down, and nothing of its text."""
    release, settings = shown.release, viewer.settings
    translate = viewer.wording(release).translate()
    headline = translate("Of no effect: {reference}").format(reference=view.reference)
    return {
        "standard": _STANDARD,
        "uri": url or f"urn:comsoc:{release.slug}",
        "type": "text",
        "representationtype": "partial",
        "version": str(shown.revision + 1),
        "firstcreated": iso_in(release.date, settings),
        "versioncreated": iso_in(shown.since, settings),
        "pubstatus": "canceled",
        "language": view.language,
        "headlines": [{"role": "main", "value": headline}],
        "ednote": view.killed,
        "genres": [{"name": view.label}],
        "infosources": [{"name": settings.office.organization or settings.office.name}],
    }


def _note(viewer: Viewer, shown: Presentation, view: ReleaseView) -> str:
    """What an editor must know before using it."""
    return " ".join(_notes(viewer, shown, view))


def _notes(viewer: Viewer, shown: Presentation, view: ReleaseView) -> Iterator[str]:
    translate = viewer.wording(shown.release).translate()
    if view.embargo:
        yield view.embargo
    if shown.is_draft:
        yield translate("DRAFT. Not approved: not for publication or distribution.")
    yield from (f"{one.label} ({one.day}): {one.text}" for one in view.corrections)


def _picture(image: ImageView, number: int, release: str, *, owner: str) -> dict[str, Any]:
    """A picture of a release, whose identifier is given."""
    rendition = {"name": "original", "contenttype": mimetypes.guess_type(image.src)[0] or "application/octet-stream"}
    whole = "://" in image.src
    return {
        "name": f"picture{number}",
        "uri": image.src if whole else f"{release}:picture{number}",
        "type": "picture",
        **_said("headlines", image.caption or image.alt),
        **_said("descriptions", image.alt, role="alt"),
        "copyrightholder": image.credit or owner,
        "renditions": [{**rendition, "href": image.src}] if whole else [],
    }


def _said(key: str, text: str, **about: str) -> dict[str, list[dict[str, str]]]:
    """A text as ninjs has it, if there is one."""
    return {key: [{**about, "value": text}]} if text else {}


def _as_json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()
