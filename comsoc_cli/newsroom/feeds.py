"""What programs read of the newsroom: JSON Feed, and each release as ninjs."""

import json
import mimetypes
from collections.abc import Sequence
from typing import Any

from comsoc_cli.model.settings import Settings
from comsoc_cli.newsroom.card import Card
from comsoc_cli.rendering.body import in_media
from comsoc_cli.rendering.views import Presentation, Viewer, iso_in


def json_feed(settings: Settings, home: str, address: str, title: str, cards: Sequence[Card]) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org) of these releases; `home` and `address` are those of its page and its own."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": address,
        "language": settings.office.language,
        "authors": [{"name": settings.office.organization or settings.office.name}],
        "items": [
            {
                "id": card.id,
                "url": card.url,
                "title": card.headline,
                "summary": card.description,
                "content_html": card.body,
                "date_published": card.iso_published,
                "date_modified": card.iso_updated,
                "language": card.language,
                **({"tags": list(card.topics)} if card.topics else {}),
            }
            for card in cards
        ],
    }
    return _as_json(feed)


def ninjs(viewer: Viewer, shown: Presentation) -> bytes:
    """A release as news agencies exchange it: ninjs 2.1 (iptc.org/std/ninjs)."""
    release, settings = shown.release, viewer.settings
    url = viewer.page_url(shown, release)
    view = viewer.release(shown, release, lambda name: url + in_media(name))
    office = settings.office
    item: dict[str, Any] = {
        "standard": {
            "name": "ninjs",
            "version": "2.1",
            "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_2.1.json",
        },
        "uri": url or f"urn:comsoc:{release.slug}",
        "type": "text",
        "representationtype": "complete",
        "version": str(shown.revision),
        "firstcreated": iso_in(release.date, settings),
        "versioncreated": iso_in(release.public_moment, settings),
        "pubstatus": "withheld" if shown.embargoed else "usable",
        "language": view.language,
        "headlines": [{"role": "main", "value": view.headline}],
        "descriptions": [{"role": "summary", "value": view.description}],
        "bodies": [{"role": "main", "contenttype": "text/html", "value": str(view.body)}],
        "infosources": [{"name": office.organization or office.name}],
    }
    if shown.embargoed:
        item["embargoed"] = iso_in(release.public_moment, settings)
        item["ednote"] = view.embargo
    if view.subhead:
        item["headlines"].append({"role": "sub", "value": view.subhead})
    for key, names in (
        ("subjects", view.topics),
        ("organisations", view.agencies),
        ("places", view.municipalities),
    ):
        if names:
            item[key] = [{"name": name} for name in names]
    pictures = [image for image in view.images if image.src]
    if pictures:
        item["associations"] = [
            {
                "name": f"picture{number}",
                "uri": image.src,
                "type": "picture",
                "headlines": [{"value": image.caption or image.alt}],
                "descriptions": [{"role": "alt", "value": image.alt}],
                "copyrightholder": image.credit or office.name,
                "renditions": [{"name": "original", "href": image.src, "contenttype": _type_of(image.src)}],
            }
            for number, image in enumerate(pictures, start=1)
        ]
    return _as_json(item)


def _type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _as_json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
