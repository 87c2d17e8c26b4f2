"""A release becomes bytes: page, PDF, mail, text. Pure: no network, no clock, no cache; same input, same bytes."""
