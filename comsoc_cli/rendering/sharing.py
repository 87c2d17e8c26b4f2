"""The picture that other sites show beside a link to a release (Open Graph, ogp.me)."""

from dataclasses import dataclass

from comsoc_cli.model.release import Image, Release
from comsoc_cli.rendering.pictures import Href, Measure, measure, share_name


@dataclass(frozen=True, kw_only=True)
class ShareView:
    """`release.share` in templates: a JPEG of at most 300 kB."""

    src: str
    alt: str
    width: int  #: pixels, 1200 at most
    height: int


def share_picture(text: Release) -> tuple[Image, Measure] | None:
    """The first picture of a text that is there and is made of pixels."""
    for image in text.images:
        path = text.files.get(text.name_of(image.src))
        size = measure(path) if path else None
        if size and size.unpacks:
            return image, size
    return None


def share_view(text: Release, href: Href) -> ShareView | None:
    """The copy of that picture as templates see it; `href` gives the address of a file of the release."""
    found = share_picture(text)
    if found is None:
        return None
    image, size = found
    width, height = size.share
    return ShareView(src=href(share_name(text.name_of(image.src))), alt=image.alt, width=width, height=height)
