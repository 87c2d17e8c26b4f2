"""The media kit: the originals of a release with their captions and credits, and its text, in one file."""

import io
from collections.abc import Iterator, Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from comsoc_cli.model.release import Release
from comsoc_cli.rendering.edition import Presentation


def media_kit(shown: Presentation, plain: Mapping[str, str], captions: str, media: Mapping[str, bytes]) -> bytes:
    """A ZIP with the texts by file name, the captions and the media as they may leave; the same bytes each time."""
    out = io.BytesIO()
    moment = shown.release.date.timetuple()[:6]
    with ZipFile(out, "w") as kit:
        for name, data in _contents(shown, plain, captions, media):
            entry = ZipInfo(f"{shown.release.slug}/{name}", max(moment, (1980, 1, 1, 0, 0, 0)))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            kit.writestr(entry, data)
    return out.getvalue()


def _contents(
    shown: Presentation, plain: Mapping[str, str], captions: str, media: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    yield from ((name, text.encode()) for name, text in plain.items())
    if captions:
        yield f"{shown.release.slug}-captions.txt", captions.encode()
    yield from ((f"media/{name}", media[name]) for name in _in_order(shown))


def _in_order(shown: Presentation) -> Iterator[str]:
    """The files of the original by name, then those that only a translation has."""
    done: set[str] = set()
    for text in shown.release.texts:
        yield from (name for name in sorted(text.files) if name not in done)
        done.update(text.files)


def captions_of(release: Release) -> str:
    """What stands under each picture, and who made it."""
    parts = []
    for image in release.images:
        lines = [release.name_of(image.src), image.caption or image.alt, image.credit]
        parts.append("\n".join(line for line in lines if line))
    return "\n\n".join(parts) + "\n" if parts else ""
