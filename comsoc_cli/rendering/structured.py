"""What search engines read of a page: schema.org as JSON-LD."""

import json
from typing import Any
from urllib.parse import urljoin

from markupsafe import Markup

from comsoc_cli.rendering.views import OfficeView, ReleaseView


def news_article(office: OfficeView, release: ReleaseView) -> Markup:
    """A NewsArticle whose publisher is a GovernmentOrganization; nothing in it can end the element it stands in."""
    publisher = {"@type": "GovernmentOrganization", "name": office.organization or office.name, "url": office.url}
    article: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": release.headline,
        "description": release.description,
        "datePublished": release.iso,
        "dateModified": release.iso,
        "inLanguage": release.language,
        "mainEntityOfPage": release.url,
        "articleSection": release.label,
        "author": {"@type": "GovernmentOrganization", "name": office.name, "url": office.url},
        "publisher": publisher,
        "image": [urljoin(release.url, image.src) for image in release.images if image.src],
        "keywords": list(release.topics),
    }
    if release.place:
        article["contentLocation"] = {"@type": "Place", "name": release.place}
    text = json.dumps({key: value for key, value in article.items() if value}, ensure_ascii=False)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704 - nothing in it ends the element
