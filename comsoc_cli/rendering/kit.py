"""The media kit: the originals of a release with their captions and credits, and its text, in one file."""

import io
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from comsoc_cli.model.release import Release, file_name
from comsoc_cli.rendering.edition import Presentation


def media_kit(shown: Presentation, plain: dict[str, str], captions: str) -> bytes:
    """A ZIP with the originals, the texts by file name and the captions; the same bytes each time."""
    out = io.BytesIO()
    moment = shown.release.date.timetuple()[:6]
    with ZipFile(out, "w") as kit:
        for name, data in _contents(shown, plain, captions):
            entry = ZipInfo(f"{shown.release.slug}/{name}", max(moment, (1980, 1, 1, 0, 0, 0)))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            kit.writestr(entry, data)
    return out.getvalue()


def _contents(shown: Presentation, plain: dict[str, str], captions: str) -> Iterator[tuple[str, bytes]]:
    yield from ((name, text.encode()) for name, text in plain.items())
    if captions:
        yield f"{shown.release.slug}-captions.txt", captions.encode()
    done: set[str] = set()
    for text in shown.release.texts:
        for name, path in sorted(text.files.items()):
            if name not in done:
                done.add(name)
                yield f"media/{name}", path.read_bytes()


def captions_of(release: Release) -> str:
    """What stands under each picture, and who made it."""
    parts = []
    for image in release.images:
        lines = [file_name(image.src), image.caption or image.alt, image.credit]
        parts.append("\n".join(line for line in lines if line))
    return "\n\n".join(parts) + "\n" if parts else ""
