"""The stable public id of a release."""

import re
import unicodedata

LONGEST = 60
_SLUG = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?")


def is_slug(text: str) -> bool:
    """Whether a name can stand in an address as it is."""
    return bool(_SLUG.fullmatch(text)) and ".." not in text and len(text) <= 200


def slugify(headline: str) -> str:
    """A slug from a headline: without accents, in words joined by hyphens, at most 60 characters, never empty."""
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug or "comunicado"
