"""A machine whose names are not in UTF-8."""

LATIN = "Martín Peña".encode("latin-1")
NOBODY = "~nobody-of-this-name/secret"
