"""One name of a file in two ways of writing Unicode."""

import unicodedata

#: "Visita a Culiacán", as a Mac spells it and as keyboards do.
DECOMPOSED, COMPOSED = (unicodedata.normalize(form, "visita a Culiacán ñ.jpg") for form in ("NFD", "NFC"))
