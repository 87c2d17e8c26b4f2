"""A release that is corrected."""

REST = "El resto del boletín se mantiene igual."
BODY = "El programa entrega 48 mil becas.\n\nLas ventanillas abren de 9 a 15 horas, y **no** cobran nada."
