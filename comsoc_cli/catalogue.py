"""The catalogue of sentences: English in the code, Spanish in `locale/`."""

import gettext
from functools import cache
from pathlib import Path

DOMAIN = "comsoc"
FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("es", "en")


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The sentences in a language ("es", "es-MX", "en"); a language that we do not have reads English."""
    return gettext.translation(DOMAIN, FOLDER, [language.replace("_", "-").split("-")[0].lower()], fallback=True)
